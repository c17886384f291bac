//! What claims and proofs must meet before the pool, or a block's reserved room, takes them: the state
//! says that they are due. And a proof that is due costs no fee, so that a supplier whose balance is
//! empty can give it.

use crate::{pallet::*, types::*, Call, WeightInfo as _, LOG};
use capacity_protocol::{ServiceId, SessionIndex};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::fmt::Debug;
use frame_support::{
	dispatch::{CheckIfFeeless, DispatchInfo},
	pallet_prelude::*,
	traits::{IsSubType, OriginTrait},
};
use scale_info::{StaticTypeInfo, TypeInfo};
use sp_runtime::{
	traits::{
		DispatchInfoOf, DispatchOriginOf, Dispatchable, Implication, PostDispatchInfoOf,
		TransactionExtension, TransactionExtensionMetadata, ValidateResult,
	},
	DispatchResult,
};

/// Why a claim or a proof is not taken, in `InvalidTransaction::Custom`.
pub const NOT_DUE: u8 = 1;

impl<T: Config> Pallet<T> {
	/// Whether this is a proof that must be given, the first attempt in this block, and not one after many.
	pub(crate) fn is_free_attempt(
		origin: &T::RuntimeOrigin,
		session: SessionIndex,
		service: ServiceId,
	) -> bool {
		let free =
			|claim: &Claim| claim.attempts.count < FREE_ATTEMPTS && !Self::was_attempted(claim);
		let due = |who| Self::proof_due(session, service, who);
		origin.as_signer().is_some_and(|who| due(who).is_ok_and(|due| free(&due.claim)))
	}

	/// Whether a call is taken now, and by which tag there is one of its kind in the pool.
	fn check_due(who: &T::AccountId, call: &Call<T>) -> TransactionValidity {
		let refused = |error: Error<T>| {
			log::debug!(target: LOG, "not due: {error:?}");
			InvalidTransaction::Custom(NOT_DUE)
		};
		match call {
			Call::claim { session, service, .. } => {
				Self::claim_due(*session, *service, who).map_err(refused)?;
				Ok(ValidTransaction::default())
			}
			Call::prove { session, service, .. } => {
				let due = Self::proof_due(*session, *service, who).map_err(refused)?;
				if Self::was_attempted(&due.claim) {
					// Fit for another block.
					return Err(InvalidTransaction::ExhaustsResources.into());
				}
				// Without a fee it would come after all that have one, and be the first to be dropped. There
				// is one for each claim that must be proven, so that nobody gains by it.
				ValidTransaction::with_tag_prefix("CapacityOracleProof")
					.priority(TransactionPriority::MAX / 2)
					.and_provides((session, service, who))
					.build()
			}
			_ => Ok(ValidTransaction::default()),
		}
	}
}

/// Around the extension `S` that charges fees: claims and proofs are taken only while they are due, a
/// proof once in a block, and calls that are free now are not charged at all.
///
/// To wallets it looks like `S`.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	frame_support::CloneNoBound,
	frame_support::EqNoBound,
	frame_support::PartialEqNoBound,
	frame_support::DebugNoBound,
)]
pub struct ChargeUnlessDue<T, S: Clone + Eq + PartialEq + Debug>(
	pub S,
	core::marker::PhantomData<T>,
);

impl<T, S: Clone + Eq + PartialEq + Debug> From<S> for ChargeUnlessDue<T, S> {
	fn from(charge: S) -> Self {
		Self(charge, core::marker::PhantomData)
	}
}

impl<T: 'static, S: StaticTypeInfo + Clone + Eq + PartialEq + Debug> TypeInfo
	for ChargeUnlessDue<T, S>
{
	type Identity = S;
	fn type_info() -> scale_info::Type {
		S::type_info()
	}
}

/// What is known of a transaction between its stages.
pub enum Charged<A, C> {
	/// It is charged, by the inner extension.
	Yes(A),
	/// It is free.
	No(C),
}

impl<T, S> TransactionExtension<T::RuntimeCall> for ChargeUnlessDue<T, S>
where
	T: Config + Send + Sync,
	S: TransactionExtension<T::RuntimeCall>,
	T::RuntimeCall: Dispatchable<Info = DispatchInfo, RuntimeOrigin = T::RuntimeOrigin>
		+ IsSubType<Call<T>>
		+ CheckIfFeeless<Origin = T::RuntimeOrigin>,
{
	const IDENTIFIER: &'static str = S::IDENTIFIER;
	type Implicit = S::Implicit;
	type Val = Charged<S::Val, Weight>;
	type Pre = Charged<S::Pre, Weight>;

	fn implicit(&self) -> Result<Self::Implicit, TransactionValidityError> {
		self.0.implicit()
	}

	fn metadata() -> alloc::vec::Vec<TransactionExtensionMetadata> {
		S::metadata()
	}

	fn weight(&self, call: &T::RuntimeCall) -> Weight {
		let checked = match call.is_sub_type() {
			Some(Call::claim { .. } | Call::prove { .. }) => {
				<T as Config>::WeightInfo::check_claim_due()
			}
			_ => Weight::zero(),
		};
		self.0.weight(call).saturating_add(checked)
	}

	fn validate(
		&self,
		origin: DispatchOriginOf<T::RuntimeCall>,
		call: &T::RuntimeCall,
		info: &DispatchInfoOf<T::RuntimeCall>,
		len: usize,
		implicit: S::Implicit,
		implication: &impl Implication,
		source: TransactionSource,
	) -> ValidateResult<Self::Val, T::RuntimeCall> {
		let due = match (call.is_sub_type(), origin.as_signer()) {
			(Some(call), Some(who)) => Pallet::<T>::check_due(who, call)?,
			_ => ValidTransaction::default(),
		};
		if call.is_feeless(&origin) {
			return Ok((due, Charged::No(self.0.weight(call)), origin));
		}
		let (valid, charged, origin) =
			self.0.validate(origin, call, info, len, implicit, implication, source)?;
		Ok((due.combine_with(valid), Charged::Yes(charged), origin))
	}

	fn prepare(
		self,
		val: Self::Val,
		origin: &DispatchOriginOf<T::RuntimeCall>,
		call: &T::RuntimeCall,
		info: &DispatchInfoOf<T::RuntimeCall>,
		len: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		if let (Some(Call::prove { session, service, .. }), Some(who)) =
			(call.is_sub_type(), origin.as_signer())
		{
			// It stays noted even if the call is refused.
			Pallet::<T>::note_attempt(*session, *service, who);
		}
		Ok(match val {
			Charged::Yes(val) => Charged::Yes(self.0.prepare(val, origin, call, info, len)?),
			Charged::No(weight) => Charged::No(weight),
		})
	}

	fn post_dispatch_details(
		pre: Self::Pre,
		info: &DispatchInfoOf<T::RuntimeCall>,
		post_info: &PostDispatchInfoOf<T::RuntimeCall>,
		len: usize,
		result: &DispatchResult,
	) -> Result<Weight, TransactionValidityError> {
		match pre {
			Charged::Yes(pre) => S::post_dispatch_details(pre, info, post_info, len, result),
			Charged::No(unspent) => Ok(unspent),
		}
	}
}

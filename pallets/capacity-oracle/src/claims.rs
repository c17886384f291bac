//! Claims: commitments that can change while their window is open, and never after.

use crate::{pallet::*, types::*};
use capacity_protocol::{ServiceId, SessionIndex};
use frame_support::pallet_prelude::*;
use sum_trie::Root;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_claim(
		session: SessionIndex,
		service: ServiceId,
		supplier: T::AccountId,
		commitment: Root,
	) -> DispatchResult {
		Self::change_claim(session, service, &supplier, |claim| {
			let in_range =
				(1..=claim.audit.units).contains(&commitment.sum) && commitment.count > 0;
			ensure!(in_range, Error::<T>::CommitmentOutOfRange);
			claim.commitment = Some(commitment);
			Ok(())
		})?;
		let units = commitment.sum;
		Self::deposit_event(Event::Claimed { session, service, supplier, units });
		Ok(())
	}

	pub(crate) fn do_withdraw_claim(
		session: SessionIndex,
		service: ServiceId,
		supplier: T::AccountId,
	) -> DispatchResult {
		Self::change_claim(session, service, &supplier, |claim| {
			claim.commitment.take().map(|_| ()).ok_or(Error::<T>::NothingCommitted)
		})?;
		Self::deposit_event(Event::ClaimWithdrawn { session, service, supplier });
		Ok(())
	}

	/// The one way to change a claim: only while its window is open.
	fn change_claim(
		index: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
		change: impl FnOnce(&mut Claim) -> Result<(), Error<T>>,
	) -> Result<(), Error<T>> {
		let session = Sessions::<T>::get(index).ok_or(Error::<T>::UnknownSession)?;
		let tick = Self::tick();
		ensure!(tick >= session.end, Error::<T>::ClaimsNotOpen);
		ensure!(tick < session.claims_close(), Error::<T>::ClaimsClosed);
		Claims::<T>::try_mutate(index, (service, supplier), |claim| {
			change(claim.as_mut().ok_or(Error::<T>::NoOpenClaim)?)
		})
	}
}

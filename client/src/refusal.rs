//! Why transactions fail, in words.

use super::{Token, PALLET};
use scale_info::TypeDef;
use std::fmt;
use subxt::{
	error::{DispatchError, ModuleError},
	Metadata,
};

/// Why a transaction did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionError {
	/// It is in a block, and the chain refused it: the error's name, like
	/// `CapacityOracle.ClaimsClosed`, and what that means.
	Refused { name: String, meaning: String },
	/// It is a claim or a proof that the chain does not take now: the window is not open, or it is open
	/// no more, or there is nothing for this supplier to claim or to prove.
	NotDue,
	/// It can never be in a block: stale nonce, wrong signature, no money for the fee, too old.
	Invalid(String),
	/// The pool had no room for it, or took it out.
	Dropped(String),
	/// Another transaction of the same account took its place.
	Usurped,
	/// It was not in a block in time. It may still come.
	TimedOut,
	/// The node was lost. It may have the transaction or not.
	Lost(String),
	/// It could not be made: the chain does not have such a call, say.
	Unmakeable(String),
}

impl TransactionError {
	/// Whether the same call may go through if it is submitted again. Look at the chain before: where
	/// a transaction was lost or late it may be there already.
	pub fn may_retry(&self) -> bool {
		!matches!(self, Self::Refused { .. } | Self::Unmakeable(_))
	}

	/// Whether the chain refused it with this error of the oracle.
	pub fn is_oracle(&self, error: &str) -> bool {
		let Self::Refused { name, .. } = self else { return false };
		let mut parts = name.split('.');
		parts.next() == Some(PALLET) && parts.next() == Some(error)
	}
}

impl fmt::Display for TransactionError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Refused { name, meaning } => write!(f, "{name}: {meaning}"),
			Self::NotDue => write!(
				f,
				"the chain does not take it now: its window is not open, or there is nothing for this \
				 supplier to claim or to prove"
			),
			Self::Invalid(why) => write!(f, "the transaction is not valid: {why}"),
			Self::Dropped(why) => write!(f, "the transaction was dropped: {why}"),
			Self::Usurped => write!(f, "another transaction of this account took its place"),
			Self::TimedOut => write!(f, "the transaction did not get into a block in time"),
			Self::Lost(why) => write!(f, "the node was lost before it had an answer: {why}"),
			Self::Unmakeable(why) => write!(f, "the transaction cannot be made: {why}"),
		}
	}
}

impl std::error::Error for TransactionError {}

pub(crate) fn lost(error: impl fmt::Display) -> TransactionError {
	TransactionError::Lost(error.to_string())
}

pub(crate) fn unmakeable(error: impl fmt::Display) -> TransactionError {
	TransactionError::Unmakeable(error.to_string())
}

/// What the pool says where the runtime has refused a transaction with the number that stands for a claim
/// or a proof that is not due.
const NOT_DUE: &str = "Custom error: 1";

/// What the node's pool says to a transaction that it does not take.
pub(crate) fn not_accepted(refusal: &subxt::rpcs::UserError) -> TransactionError {
	let data = refusal.data.as_ref().map(|data| data.get().trim_matches('"').to_owned());
	if refusal.code == 1010 && data.as_deref() == Some(NOT_DUE) {
		return TransactionError::NotDue;
	}
	let why = [Some(refusal.message.clone()), data].into_iter().flatten().collect::<Vec<_>>();
	let why = why.join(": ");
	match refusal.code {
		// Already imported, or too low a priority to replace what is there.
		1013 | 1014 => TransactionError::Usurped,
		1010 | 1011 => TransactionError::Invalid(why),
		_ => TransactionError::Dropped(why),
	}
}

/// The name of an error and its documentation.
pub(crate) fn refused(
	error: &DispatchError,
	metadata: &Metadata,
	token: &Token,
) -> TransactionError {
	if let DispatchError::Module(error) = error {
		if let Some((name, meaning)) = module_error(error, metadata, token) {
			return TransactionError::Refused { name, meaning };
		}
	}
	let text = error.to_string();
	let (name, meaning) = text.split_once(": ").unwrap_or((text.trim_end_matches('.'), &text));
	TransactionError::Refused { name: name.into(), meaning: meaning.into() }
}

fn module_error(
	error: &ModuleError,
	metadata: &Metadata,
	token: &Token,
) -> Option<(String, String)> {
	let details = error.details().ok()?;
	let [_, _, data @ ..] = error.bytes();
	let mut name = format!("{}.{}", details.pallet.name(), details.variant.name);
	let mut docs = details.variant.docs.join(" ");
	if details.pallet.name() == PALLET && details.variant.name == "CollateralMissing" {
		return Some((name, collateral_missing(data, token)));
	}
	// An error can say more: which of its kinds it is.
	if let [field] = &details.variant.fields[..] {
		if let TypeDef::Variant(kinds) = &metadata.types().resolve(field.ty.id)?.type_def {
			let kind = kinds.variants.iter().find(|kind| kind.index == data[0])?;
			name = format!("{name}.{}", kind.name);
			docs = format!("{} {docs}", kind.docs.join(" ").trim());
		}
	}
	Some((name, docs.trim().to_owned()))
}

/// What is missing is in the error: `mantissa · 2^exponent`.
fn collateral_missing(data: [u8; 3], token: &Token) -> String {
	let [low, high, exponent] = data;
	let factor = 1u128.checked_shl(exponent.into()).unwrap_or(u128::MAX);
	let missing = u128::from(u16::from_le_bytes([low, high])).saturating_mul(factor);
	format!(
		"{} of stake is missing for this claim: add it with a bid, or claim fewer units",
		token.show(missing)
	)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn missing_stake_is_an_amount_of_money() {
		let cap = Token { symbol: "CAP".into(), decimals: 12 };
		let said = |data| collateral_missing(data, &cap);
		// 62,500 · 2^4 is a millionth of a coin; 2^20 times as much, a little more than one.
		assert!(said([0x24, 0xf4, 4]).starts_with("0.00000100 CAP of stake is missing for this"));
		assert!(said([0x24, 0xf4, 24]).starts_with("1.048 CAP of stake is missing"));
		assert!(said([0, 0, 255]).starts_with("0.000 CAP"));
		assert!(said([1, 0, 255]).contains("of stake is missing"), "what cannot be counted");
	}

	#[test]
	fn refusals_are_known_by_their_names() {
		let error = TransactionError::Refused {
			name: "CapacityOracle.InvalidProof.WrongResult".into(),
			meaning: "An opened piece of work has a wrong result.".into(),
		};
		assert!(error.is_oracle("InvalidProof"));
		assert!(!error.is_oracle("ClaimsClosed"));
		assert!(!error.may_retry());
		assert!(!TransactionError::Usurped.is_oracle("InvalidProof"));
	}

	#[test]
	fn what_the_pool_says_is_told_apart() {
		let said_with = |code, data: &str| {
			not_accepted(&subxt::rpcs::UserError {
				code,
				message: "Invalid Transaction".into(),
				data: Some(
					serde_json::value::RawValue::from_string(format!("\"{data}\"")).unwrap(),
				),
			})
		};
		let said = |code| said_with(code, "Stale");
		assert_eq!(said(1014), TransactionError::Usurped);
		assert_eq!(said(1010), TransactionError::Invalid("Invalid Transaction: Stale".into()));
		assert!(matches!(said(1016), TransactionError::Dropped(_)));
		assert!(said(1016).may_retry());
		assert_eq!(said_with(1010, "Custom error: 1"), TransactionError::NotDue);
		assert!(TransactionError::NotDue.may_retry(), "a block later it may be due");
		assert!(matches!(said_with(1010, "Custom error: 12"), TransactionError::Invalid(_)));
	}
}

//! Calls, by the names that the chain's metadata has for them.

use super::{AccountId32, PALLET};
use capacity_protocol::{Balance, Policy, Schedule, ServiceId, SessionIndex, StandardWork, Units};
use codec::{Compact, Encode};
use subxt::{
	ext::scale_encode::{self, EncodeAsFields, FieldIter, TypeResolver},
	tx::StaticPayload,
};
use sum_trie::Root;

/// A call of the chain: its name and its arguments, encoded. Which numbers pallet and call have is
/// looked up when it is submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
	pub(crate) pallet: String,
	pub(crate) name: String,
	pub(crate) arguments: Vec<u8>,
	/// Made by the chain's administrator, through Sudo.
	pub(crate) by_root: bool,
}

impl Call {
	/// Any call; `arguments` is a tuple of what it takes.
	pub fn new(pallet: &str, name: &str, arguments: impl Encode) -> Self {
		Self {
			pallet: pallet.into(),
			name: name.into(),
			arguments: arguments.encode(),
			by_root: false,
		}
	}

	/// The same call, made through Sudo: the signer must be the chain's administrator.
	pub fn by_root(self) -> Self {
		Self { by_root: true, ..self }
	}

	/// Bids `units` per session from the next session on, and adds `stake` behind the bid.
	pub fn bid(service: ServiceId, units: Units, stake: Balance) -> Self {
		Self::new(PALLET, "bid", (service, Compact(units), Compact(stake)))
	}

	/// Takes the signer's bid out of the draws.
	pub fn leave(service: ServiceId) -> Self {
		Self::new(PALLET, "leave", service)
	}

	/// Releases all stake that is not needed.
	pub fn withdraw(service: ServiceId) -> Self {
		Self::new(PALLET, "withdraw", service)
	}

	/// Takes a bid out of the draws whose stake or size its policy does not admit any more.
	pub fn suspend(service: ServiceId, supplier: &AccountId32) -> Self {
		Self::new(PALLET, "suspend", (service, supplier))
	}

	/// Commits to the signer's work in a session.
	pub fn claim(session: SessionIndex, service: ServiceId, commitment: Root) -> Self {
		Self::new(PALLET, "claim", (session, service, commitment))
	}

	/// Takes back what the signer committed to.
	pub fn withdraw_claim(session: SessionIndex, service: ServiceId) -> Self {
		Self::new(PALLET, "withdraw_claim", (session, service))
	}

	/// Opens the signer's claim. `proof` is an encoded [`sum_trie::Multiproof`].
	pub fn prove(session: SessionIndex, service: ServiceId, proof: Vec<u8>) -> Self {
		Self::new(PALLET, "prove", (session, service, proof))
	}

	/// Settles a claim that is due, for a share of what is slashed.
	pub fn settle(session: SessionIndex, service: ServiceId, supplier: &AccountId32) -> Self {
		Self::new(PALLET, "settle", (session, service, supplier))
	}

	/// Creates a service. For the administrator: goes through Sudo.
	pub fn create_service(policy: &Policy<StandardWork>, insist: bool) -> Self {
		Self::new(PALLET, "create_service", (policy, insist)).by_root()
	}

	/// Sets a service's policy from the next session on. For the administrator: goes through Sudo.
	pub fn set_policy(service: ServiceId, policy: &Policy<StandardWork>, insist: bool) -> Self {
		Self::new(PALLET, "set_policy", (service, policy, insist)).by_root()
	}

	/// Sets the lengths of sessions and windows. For the administrator: goes through Sudo.
	pub fn set_schedule(schedule: &Schedule) -> Self {
		Self::new(PALLET, "set_schedule", schedule).by_root()
	}

	/// Gives `amount` to an account. The signer's account is kept alive.
	pub fn transfer(to: &AccountId32, amount: Balance) -> Self {
		// The first byte says that an account follows, and not some other kind of address.
		Self::new("Balances", "transfer_keep_alive", (0u8, to, Compact(amount)))
	}

	pub(crate) fn payload(&self) -> StaticPayload<Encoded> {
		payload(&self.pallet, &self.name, self.arguments.clone())
	}
}

/// The payload of a transaction, of arguments that are encoded already.
pub(crate) fn payload(pallet: &str, name: &str, arguments: Vec<u8>) -> StaticPayload<Encoded> {
	StaticPayload::new(pallet, name, Encoded(arguments))
}

/// Arguments that are encoded already.
pub(crate) struct Encoded(Vec<u8>);

impl EncodeAsFields for Encoded {
	fn encode_as_fields_to<R: TypeResolver>(
		&self,
		_: &mut dyn FieldIter<'_, R::TypeId>,
		_: &R,
		out: &mut Vec<u8>,
	) -> Result<(), scale_encode::Error> {
		out.extend_from_slice(&self.0);
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn arguments_follow_one_another() {
		let bid = Call::bid(1, 2, 3);
		assert_eq!((bid.pallet.as_str(), bid.name.as_str()), (PALLET, "bid"));
		assert_eq!(bid.arguments, [1, 0, 0, 0, 2 << 2, 3 << 2]);
		assert!(!bid.by_root);
	}

	#[test]
	fn a_proof_is_bytes_with_their_length() {
		assert_eq!(Call::prove(1, 0, vec![7, 8]).arguments, [1, 0, 0, 0, 0, 0, 0, 0, 8, 7, 8]);
	}

	#[test]
	fn what_is_for_the_administrator_goes_through_sudo() {
		let schedule =
			Schedule { session: 10, draw: 3, claims: 4, proofs: 4, patience: 10, lookback: None };
		assert!(Call::set_schedule(&schedule).by_root);
	}
}

//! Calls, by the names that the chain's metadata has for them.

use super::{AccountId32, PALLET};
use capacity_protocol::{
	Balance, Payer, Policy, Schedule, ServiceId, SessionIndex, SigningKey, StandardWork, Units,
};
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

	/// Takes a bid out of the draws that does not meet what its service asks for: the policy does not
	/// admit its stake or size any more, or there is no money for its audits.
	pub fn suspend(service: ServiceId, supplier: &AccountId32) -> Self {
		Self::new(PALLET, "suspend", (service, supplier))
	}

	/// Removes a bid that is out of the draws and has less stake than any bid needs.
	pub fn remove_bid(service: ServiceId, supplier: &AccountId32) -> Self {
		Self::new(PALLET, "remove_bid", (service, supplier))
	}

	/// Adds to a service's money for audits.
	pub fn fund(service: ServiceId, amount: Balance) -> Self {
		Self::new(PALLET, "fund", (service, Compact(amount)))
	}

	/// Commits to the signer's work in a session, and lists who pays for its relays.
	pub fn claim(
		session: SessionIndex,
		service: ServiceId,
		commitment: Root,
		payers: &[Payer],
	) -> Self {
		Self::new(PALLET, "claim", (session, service, commitment, payers))
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

	/// Says where the signer, a supplier, answers; an empty `endpoint` takes it back.
	pub fn announce(service: ServiceId, endpoint: &str) -> Self {
		Self::new(PALLET, "announce", (service, endpoint))
	}

	/// Makes the signer an application from the next session on, or adds to its deposit. `limit` is
	/// the most it pays in one session; a new application that names none pays a quarter of the
	/// deposit.
	pub fn deposit(service: ServiceId, amount: Balance, limit: Option<Balance>) -> Self {
		Self::new(PALLET, "deposit", (service, Compact(amount), limit))
	}

	/// Lets `key` sign the signer's requests from the next session on.
	pub fn add_key(service: ServiceId, key: &SigningKey) -> Self {
		Self::new(PALLET, "add_key", (service, key))
	}

	/// Lets the key with this number sign no more requests from the next session on.
	pub fn remove_key(service: ServiceId, number: u8) -> Self {
		Self::new(PALLET, "remove_key", (service, number))
	}

	/// The signer is an application no more from the next session on.
	pub fn close_application(service: ServiceId) -> Self {
		Self::new(PALLET, "close_application", service)
	}

	/// Releases the deposit of the signer's closed application, once everything is settled.
	pub fn reclaim_deposit(service: ServiceId) -> Self {
		Self::new(PALLET, "reclaim_deposit", service)
	}

	/// Ends an application that has less than the least deposit, from the next session on.
	pub fn close_spent_application(service: ServiceId, account: &AccountId32) -> Self {
		Self::new(PALLET, "close_spent_application", (service, account))
	}

	/// Removes somebody's closed application, once everything is settled; what is left of its deposit
	/// goes to its owner.
	pub fn remove_application(service: ServiceId, account: &AccountId32) -> Self {
		Self::new(PALLET, "remove_application", (service, account))
	}

	/// Creates a service. `owner` gets its share of what is paid for relays. For the administrator:
	/// goes through Sudo.
	pub fn create_service(
		owner: Option<&AccountId32>,
		policy: &Policy<StandardWork>,
		insist: bool,
	) -> Self {
		Self::new(PALLET, "create_service", (owner, policy, insist)).by_root()
	}

	/// Sets who gets the owner's share of what is paid for relays. For the administrator: goes
	/// through Sudo.
	pub fn set_owner(service: ServiceId, owner: Option<&AccountId32>) -> Self {
		Self::new(PALLET, "set_owner", (service, owner)).by_root()
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
	use capacity_protocol::Ranks;

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
	fn a_claim_ends_with_its_payers() {
		let root = Root { digest: [7; 32], sum: 2, count: 1 };
		// The draws 1 and 3 are the bits 0b1010.
		let ranks = Ranks::of(5, |rank| rank % 2 == 1);
		let payers = [Payer { skipped: 3, ranks, units: 2 }];
		let claim = Call::claim(5, 6, root, &payers);
		let head = (5u32, 6u32, root).encode();
		assert_eq!(claim.arguments[..head.len()], head);
		assert_eq!(claim.arguments[head.len()..], [1 << 2, 3 << 2, 0b1010 << 2, 2 << 2]);
		assert_eq!(Call::claim(5, 6, root, &[]).arguments[head.len()..], [0]);
	}

	#[test]
	fn a_deposit_may_name_a_limit() {
		assert_eq!(Call::deposit(1, 2, None).arguments, [1, 0, 0, 0, 2 << 2, 0]);
		let mut limited = vec![1, 0, 0, 0, 0, 1, 9];
		limited.extend([0; 15]);
		assert_eq!(Call::deposit(1, 0, Some(9)).arguments, limited);
	}

	#[test]
	fn a_key_is_bytes_without_their_length_and_an_endpoint_with_it() {
		let mut key = vec![1, 0, 0, 0];
		key.extend([4; 32]);
		assert_eq!(Call::add_key(1, &[4; 32]).arguments, key);
		assert_eq!(Call::remove_key(1, 2).arguments, [1, 0, 0, 0, 2]);
		assert_eq!(Call::announce(1, "ab").arguments, [1, 0, 0, 0, 2 << 2, b'a', b'b']);
		assert_eq!(Call::announce(1, "").arguments, [1, 0, 0, 0, 0]);
	}

	#[test]
	fn money_for_audits_is_added_to_a_service() {
		assert_eq!(Call::fund(1, 5).arguments, [1, 0, 0, 0, 5 << 2]);
		let mut named = vec![1, 0, 0, 0];
		named.extend([8; 32]);
		let account = AccountId32([8; 32]);
		assert_eq!(Call::remove_bid(1, &account).arguments, named);
		assert_eq!(Call::close_spent_application(1, &account).arguments, named);
		assert_eq!(Call::remove_application(1, &account).arguments, named);
	}

	#[test]
	fn an_owner_is_an_account_or_none() {
		assert_eq!(Call::set_owner(1, None).arguments, [1, 0, 0, 0, 0]);
		let mut owned = vec![1, 0, 0, 0, 1];
		owned.extend([8; 32]);
		let set = Call::set_owner(1, Some(&AccountId32([8; 32])));
		assert_eq!(set.arguments, owned);
		assert!(set.by_root);
	}

	#[test]
	fn what_is_for_the_administrator_goes_through_sudo() {
		let schedule =
			Schedule { session: 10, draw: 3, claims: 4, proofs: 4, patience: 10, lookback: None };
		assert!(Call::set_schedule(&schedule).by_root);
	}
}

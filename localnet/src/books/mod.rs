//! Adding up what the chain's events say about money, audits and relays.

mod entry;
mod pot;

pub use entry::{difference, Deposits, Entry};
pub use pot::Pot;

use anyhow::{ensure, Result};
use capacity_oracle_client::{amount_in, AccountId32, Event};
use capacity_protocol::{Balance, RelayRecord, SessionIndex};
use std::collections::{BTreeMap, BTreeSet};

/// Events of the Balances pallet after which there is more money, and how much.
const MINTING: [&str; 3] = ["Minted", "MintedCredit", "Issued"];
/// Events of the Balances pallet after which there is less, fees among them.
const BURNING: [&str; 4] = ["Burned", "BurnedDebt", "BurnedHeld", "Rescinded"];

/// A claim of one supplier in one session.
type Key = (SessionIndex, AccountId32);

/// The books of some accounts, of the pot, and of all money there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
	pub minted: Balance,
	/// Fees among it.
	pub burnt: Balance,
	/// Paid by anyone.
	pub fees: Balance,
	/// The session that runs.
	pub session: SessionIndex,
	/// Of the accounts that are followed.
	pub entries: BTreeMap<AccountId32, Entry>,
	/// Of all accounts there are.
	pub pot: Pot,
	/// Audits that are not settled.
	audits: BTreeSet<Key>,
	/// Claims from applications that are not settled.
	claims: BTreeMap<Key, Open>,
	/// The last session that is settled.
	settled: Option<SessionIndex>,
}

/// A claim from applications that is not settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Open {
	worth: Balance,
	proven: bool,
}

/// What the chain's state says, to be held against the books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
	/// All money there is.
	pub issuance: Balance,
	/// What the pot owns more than at first.
	pub pot: i128,
	/// What each account owns more than at first.
	pub gains: BTreeMap<AccountId32, i128>,
	/// Deposits of applications.
	pub deposits: BTreeMap<AccountId32, Balance>,
}

impl Books {
	/// The books of `accounts`, of the oracle's own account `pot`, and of `owner`, to whom the service
	/// belongs.
	pub fn new(
		pot: AccountId32,
		owner: AccountId32,
		accounts: impl IntoIterator<Item = AccountId32>,
	) -> Self {
		let entries = accounts.into_iter().chain([owner]).map(|who| (who, Entry::default()));
		Self { pot: Pot::new(pot, owner), entries: entries.collect(), ..Self::default() }
	}

	/// Audits that are drawn and not settled.
	pub fn open_audits(&self) -> usize {
		self.audits.len()
	}

	/// Claims from applications that are made and not settled.
	pub fn open_claims(&self) -> usize {
		self.claims.len()
	}

	/// What a supplier's claims are worth that are made and not settled.
	pub fn open_worth(&self, who: &AccountId32) -> Balance {
		let own = self.claims.iter().filter(|((_, supplier), _)| supplier == who);
		own.map(|(_, claim)| claim.worth).sum()
	}

	/// Whether all audits and claims of a session are settled.
	pub fn is_settled(&self, session: SessionIndex) -> bool {
		self.settled.is_some_and(|settled| settled >= session)
	}

	/// What the owner got of the payments of applications.
	pub fn owners_share(&self) -> Balance {
		self.pot.to_owner()
	}

	/// Enters the events of one block.
	pub fn enter(&mut self, events: &[Event]) {
		let sum = |names: &[&str]| {
			names.iter().map(|name| amount_in(events, "Balances", name, "amount")).sum::<Balance>()
		};
		self.minted += sum(&MINTING);
		self.burnt += sum(&BURNING);
		for event in events {
			match (event.pallet.as_str(), event.name.as_str()) {
				("TransactionPayment", "TransactionFeePaid") => self.enter_fee(event),
				("Balances", "Transfer") => self.enter_transfer(event),
				("Balances", "TransferOnHold") => self.enter_forced(event),
				_ if event.is_oracle(&event.name) => self.enter_oracle(event),
				_ => {}
			}
		}
	}

	fn enter_fee(&mut self, event: &Event) {
		// The tip is part of it.
		let fee = event.number("actual_fee").unwrap_or(0);
		self.fees += fee;
		if let Some(entry) = self.entry(event, "who") {
			entry.fees += fee;
		}
	}

	fn enter_transfer(&mut self, event: &Event) {
		self.pot.enter_transfer(event);
		// What the oracle pays is entered as such.
		if self.pot.is_account(event, "from") {
			return;
		}
		let amount = event.number("amount").unwrap_or(0);
		if let Some(entry) = self.entry(event, "from") {
			entry.sent += amount;
		}
		if let Some(entry) = self.entry(event, "to") {
			entry.received += amount;
		}
	}

	/// What is taken of a deposit, to the pot, or of stake: a slash, which is entered as such, but for
	/// the share of whoever settled.
	fn enter_forced(&mut self, event: &Event) {
		self.pot.enter_forced(event);
		let amount = event.number("amount").unwrap_or(0);
		if pot::is_deposit(event) {
			if let Some(entry) = self.entry(event, "source") {
				entry.deposits.charged += amount;
			}
		}
		if let Some(entry) = self.entry(event, "dest") {
			entry.received += amount;
		}
	}

	fn enter_oracle(&mut self, event: &Event) {
		self.pot.enter_oracle(event);
		let session = event.session().unwrap_or(0);
		match event.name.as_str() {
			"SessionStarted" => self.session = session,
			// What is open in a void session ends without a word about each.
			"SessionSettled" => {
				self.audits.retain(|(open, _)| *open != session);
				self.claims.retain(|(open, _), _| *open != session);
				self.settled = Some(session);
			}
			_ => {}
		}
		if let Some(entry) = self.entry(event, "account") {
			entry.enter_application(event);
		}
		let Some(supplier) = event.supplier() else { return };
		let proven = self.follow((session, supplier), event);
		if let Some(entry) = self.entries.get_mut(&supplier) {
			entry.enter_supplier(event, proven);
		}
	}

	/// Follows a claim. Returns whether it was proven, if it was.
	fn follow(&mut self, key: Key, event: &Event) -> bool {
		match event.name.as_str() {
			"AuditAssigned" => drop(self.audits.insert(key)),
			"AuditPaid" | "AuditUnpaid" | "AuditFailed" => drop(self.audits.remove(&key)),
			// Each claim takes the place of the one before.
			"Claimed" | "ClaimWithdrawn" => {
				self.claims.remove(&key);
				if let Some(worth) = event.number("worth").filter(|worth| *worth > 0) {
					self.claims.insert(key, Open { worth, proven: false });
				}
			}
			"Proven" => {
				if let Some(claim) = self.claims.get_mut(&key) {
					claim.proven = true;
				}
			}
			"RelaysPaid" | "ClaimForfeited" => {
				return self.claims.remove(&key).unwrap_or_default().proven;
			}
			_ => {}
		}
		false
	}

	fn entry(&mut self, event: &Event, field: &str) -> Option<&mut Entry> {
		self.entries.get_mut(&event.account(field)?)
	}

	/// The relays of all suppliers that are followed.
	pub fn relays(&self) -> RelayRecord {
		let records = self.entries.values().map(|entry| entry.relays);
		records.fold(RelayRecord::default(), |sum, record| sum.plus(&record))
	}

	/// What an account has more than at first, by what is known of it.
	fn gain(&self, who: &AccountId32) -> i128 {
		let entry = self.entries.get(who).cloned().unwrap_or_default();
		let share = if self.pot.is_owner(who) { self.owners_share() } else { 0 };
		entry.gain() + difference(share, 0)
	}

	/// What issuance must be, if it was `genesis` at first.
	pub fn issuance(&self, genesis: Balance) -> Balance {
		genesis.saturating_add(self.minted).saturating_sub(self.burnt)
	}

	/// Whether everything is accounted for to the last unit, given that there was `genesis` of money at
	/// first: all money there is, what the pot and each account have more or less than at first, and
	/// what applications have left.
	pub fn check(&self, genesis: Balance, found: &Found) -> Result<()> {
		let (issuance, minted, burnt, fees) = (found.issuance, self.minted, self.burnt, self.fees);
		let expected = self.issuance(genesis);
		ensure!(
			issuance == expected,
			"there is {issuance} of money, but {genesis} at first, {minted} minted and {burnt} burnt \
			 since make {expected}"
		);
		ensure!(fees <= burnt, "fees of {fees} were paid, but only {burnt} was burnt");
		for (who, gain) in &found.gains {
			ensure!(
				*gain == self.gain(who),
				"{who} has gained {gain}, but what is known of it makes {}: {:?}",
				self.gain(who),
				self.entries.get(who)
			);
		}
		for (who, deposit) in &found.deposits {
			let known = self.entries.get(who).map_or(0, |entry| entry.deposits.left());
			ensure!(
				*deposit == known,
				"the application {who} has {deposit} left, but what is known of it makes {known}"
			);
		}
		self.pot.check(found.pot)
	}
}

#[cfg(test)]
mod tests;

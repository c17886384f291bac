//! Adding up what the chain's events say about money and audits.

use anyhow::{ensure, Result};
use capacity_oracle_client::{amount_in, AccountId32, Event};
use capacity_protocol::{Balance, SessionIndex, Units};
use std::collections::{BTreeMap, BTreeSet};

/// Events of the Balances pallet after which there is more money, and how much.
const MINTING: [&str; 3] = ["Minted", "MintedCredit", "Issued"];
/// Events of the Balances pallet after which there is less, fees among them.
const BURNING: [&str; 4] = ["Burned", "BurnedDebt", "BurnedHeld", "Rescinded"];

/// What one supplier did, got and lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
	/// The last bid, in compute units.
	pub bid: Units,
	/// From which session the first bid counts.
	pub from: Option<SessionIndex>,
	/// Audits drawn.
	pub drawn: u32,
	/// Of those, the ones delivered in full and the others, as they were settled.
	pub fulfilled: u32,
	pub failed: u32,
	/// Units of all settled audits.
	pub allocated: Units,
	/// Of those, what was proven to be delivered.
	pub delivered: Units,
	/// Claims made and proofs given.
	pub claims: u32,
	pub proofs: u32,
	/// Times that the chain took the bid out of the draws.
	pub suspended: u32,
	pub paid: Balance,
	pub slashed: Balance,
	pub fees: Balance,
	/// Transfers from and to others than the oracle, and shares of what others were slashed.
	pub received: Balance,
	pub sent: Balance,
}

impl Entry {
	/// What the supplier has more than at first, if these are all its ways to gain and lose.
	pub fn gain(&self) -> i128 {
		let plus = self.paid.saturating_add(self.received);
		let minus = self.slashed.saturating_add(self.fees).saturating_add(self.sent);
		difference(plus, minus)
	}
}

/// The books of some suppliers, and of all money there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
	pub minted: Balance,
	/// Fees among it.
	pub burnt: Balance,
	/// Paid by anyone.
	pub fees: Balance,
	/// The session that runs.
	pub session: SessionIndex,
	pub entries: BTreeMap<AccountId32, Entry>,
	/// Audits that are not settled.
	open: BTreeSet<(SessionIndex, AccountId32)>,
	/// The oracle's own account.
	pot: Option<AccountId32>,
}

impl Books {
	pub fn new(pot: AccountId32, suppliers: impl IntoIterator<Item = AccountId32>) -> Self {
		let entries = suppliers.into_iter().map(|who| (who, Entry::default())).collect();
		Self { pot: Some(pot), entries, ..Self::default() }
	}

	/// Audits that are drawn and not settled.
	pub fn open_audits(&self) -> usize {
		self.open.len()
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
				("Balances", "Transfer") => self.enter_transfer(event, "from", "to"),
				("Balances", "TransferOnHold") => self.enter_share(event),
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

	fn enter_transfer(&mut self, event: &Event, from: &str, to: &str) {
		// What the oracle pays is entered as such.
		if self.pot.is_some() && event.account(from) == self.pot {
			return;
		}
		let amount = event.number("amount").unwrap_or(0);
		if let Some(entry) = self.entry(event, from) {
			entry.sent += amount;
		}
		if let Some(entry) = self.entry(event, to) {
			entry.received += amount;
		}
	}

	/// Whoever settles gets a share of what is slashed; the slash itself is entered as such.
	fn enter_share(&mut self, event: &Event) {
		let amount = event.number("amount").unwrap_or(0);
		if let Some(entry) = self.entry(event, "dest") {
			entry.received += amount;
		}
	}

	fn enter_oracle(&mut self, event: &Event) {
		let session = event.session().unwrap_or(0);
		match event.name.as_str() {
			"SessionStarted" => self.session = session,
			// Audits of a void session end without a word about each.
			"SessionSettled" => self.open.retain(|(open, _)| *open != session),
			_ => {}
		}
		let Some(supplier) = event.supplier() else { return };
		let Some(entry) = self.entries.get_mut(&supplier) else { return };
		let units = event.units().unwrap_or(0);
		let amount = |field| event.number(field).unwrap_or(0);
		match event.name.as_str() {
			"BidPlaced" => {
				entry.bid = units;
				let from = event.number("from").map(|from| from as SessionIndex);
				entry.from = entry.from.or(from);
			}
			"BidSuspended" => entry.suspended += 1,
			"AuditAssigned" => {
				entry.drawn += 1;
				self.open.insert((session, supplier));
			}
			"Claimed" => entry.claims += 1,
			"Proven" => entry.proofs += 1,
			"AuditPaid" => {
				entry.fulfilled += 1;
				entry.allocated += units;
				entry.delivered += units;
				entry.paid += amount("payment");
				self.open.remove(&(session, supplier));
			}
			"AuditUnpaid" => {
				entry.fulfilled += 1;
				self.open.remove(&(session, supplier));
			}
			"AuditFailed" => {
				entry.failed += 1;
				entry.allocated += units;
				entry.delivered += amount("delivered") as Units;
				entry.slashed += amount("slashed");
				self.open.remove(&(session, supplier));
			}
			_ => {}
		}
	}

	fn entry(&mut self, event: &Event, field: &str) -> Option<&mut Entry> {
		self.entries.get_mut(&event.account(field)?)
	}

	/// What issuance must be, if it was `genesis` at first.
	pub fn issuance(&self, genesis: Balance) -> Balance {
		genesis.saturating_add(self.minted).saturating_sub(self.burnt)
	}

	/// Whether everything is accounted for to the last unit: all money there is, `genesis` at first and
	/// `issuance` now, and what each supplier has more or less than at first.
	pub fn check(
		&self,
		genesis: Balance,
		issuance: Balance,
		gains: &BTreeMap<AccountId32, i128>,
	) -> Result<()> {
		let (minted, burnt, fees) = (self.minted, self.burnt, self.fees);
		let expected = self.issuance(genesis);
		ensure!(
			issuance == expected,
			"there is {issuance} of money, but {genesis} at first, {minted} minted and {burnt} burnt \
			 since make {expected}"
		);
		ensure!(fees <= burnt, "fees of {fees} were paid, but only {burnt} was burnt");
		for (who, gain) in gains {
			let entry = self.entries.get(who).cloned().unwrap_or_default();
			ensure!(
				*gain == entry.gain(),
				"{who} has gained {gain}, but what is known of it makes {}: {entry:?}",
				entry.gain()
			);
		}
		Ok(())
	}
}

/// `plus - minus`.
pub fn difference(plus: Balance, minus: Balance) -> i128 {
	match plus.checked_sub(minus) {
		Some(more) => i128::try_from(more).unwrap_or(i128::MAX),
		None => -i128::try_from(minus - plus).unwrap_or(i128::MAX),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_oracle_client::PALLET;
	use serde_json::{json, Value};

	fn event(pallet: &str, name: &str, fields: Value) -> Event {
		Event {
			pallet: pallet.into(),
			name: name.into(),
			fields: fields.as_object().unwrap().clone(),
			extrinsic: None,
		}
	}

	fn account(id: u8) -> AccountId32 {
		AccountId32([id; 32])
	}

	const POT: u8 = 9;

	fn books() -> Books {
		Books::new(account(POT), [account(1), account(2)])
	}

	fn oracle(name: &str, who: u8, mut fields: Value) -> Event {
		fields["service"] = json!(0);
		fields["session"] = json!(3);
		fields["supplier"] = json!(account(who).to_string());
		event(PALLET, name, fields)
	}

	fn transfer(from: u8, to: u8, amount: &str) -> Event {
		let (from, to) = (account(from).to_string(), account(to).to_string());
		event("Balances", "Transfer", json!({"from": from, "to": to, "amount": amount}))
	}

	#[test]
	fn an_honest_audit_is_entered_once() {
		let mut books = books();
		books.enter(&[oracle("BidPlaced", 1, json!({"from": 2, "units": 20, "stake": "100"}))]);
		books.enter(&[oracle("AuditAssigned", 1, json!({"units": 20}))]);
		assert_eq!(books.open_audits(), 1);
		books.enter(&[
			transfer(POT, 1, "40"),
			oracle("AuditPaid", 1, json!({"units": 20, "payment": "40"})),
		]);
		assert_eq!(books.open_audits(), 0);
		let entry = &books.entries[&account(1)];
		assert_eq!((entry.bid, entry.from, entry.drawn, entry.fulfilled), (20, Some(2), 1, 1));
		assert_eq!((entry.paid, entry.received, entry.gain()), (40, 0, 40));
		assert_eq!(books.entries[&account(2)], Entry::default());
	}

	#[test]
	fn a_failed_audit_costs_one_and_rewards_who_settled_it() {
		let mut books = books();
		let (one, two) = (account(1).to_string(), account(2).to_string());
		books.enter(&[
			oracle("AuditAssigned", 1, json!({"units": 20})),
			event(
				"Balances",
				"TransferOnHold",
				json!({"source": one, "dest": two, "amount": "10"}),
			),
			oracle("AuditFailed", 1, json!({"units": 20, "delivered": 5, "slashed": "100"})),
			oracle("BidSuspended", 1, json!({"from": 4, "stake": "0"})),
		]);
		let entry = &books.entries[&account(1)];
		assert_eq!((entry.failed, entry.delivered, entry.allocated), (1, 5, 20));
		assert_eq!((entry.slashed, entry.gain(), entry.suspended), (100, -100, 1));
		assert_eq!(books.entries[&account(2)].gain(), 10);
		assert_eq!(books.open_audits(), 0);
	}

	#[test]
	fn fees_are_burnt_and_belong_to_who_paid_them() {
		let mut books = books();
		let fee = |who: u8, amount: &str| {
			let who = account(who).to_string();
			let fields = json!({"who": who, "actual_fee": amount, "tip": "0"});
			[
				event("Balances", "BurnedDebt", json!({"amount": amount})),
				event("TransactionPayment", "TransactionFeePaid", fields),
			]
		};
		books.enter(&fee(1, "7"));
		books.enter(&fee(5, "3"));
		assert_eq!((books.fees, books.burnt, books.minted), (10, 10, 0));
		assert_eq!(books.entries[&account(1)].gain(), -7);
		assert_eq!(books.issuance(1_000), 990);
	}

	#[test]
	fn what_is_minted_is_there() {
		let mut books = books();
		books.enter(&[event("Balances", "Minted", json!({"who": "x", "amount": "5"}))]);
		books.enter(&[event("Balances", "Burned", json!({"who": "x", "amount": "2"}))]);
		assert_eq!(books.issuance(100), 103);
	}

	#[test]
	fn transfers_among_people_are_no_pay() {
		let mut books = books();
		books.enter(&[transfer(1, 2, "30"), transfer(5, 1, "4")]);
		assert_eq!(books.entries[&account(1)].gain(), -26);
		assert_eq!(books.entries[&account(2)].gain(), 30);
	}

	#[test]
	fn books_balance_to_the_last_unit_or_not_at_all() {
		let mut books = books();
		let one = account(1).to_string();
		books.enter(&[
			event("Balances", "BurnedDebt", json!({"amount": "7"})),
			event(
				"TransactionPayment",
				"TransactionFeePaid",
				json!({"who": one, "actual_fee": "7", "tip": "0"}),
			),
			oracle("AuditPaid", 1, json!({"units": 20, "payment": "40"})),
		]);
		let check = |issuance, one, two| {
			let gains = BTreeMap::from([(account(1), one), (account(2), two)]);
			books.check(1_000, issuance, &gains).map_err(|error| error.to_string())
		};
		assert_eq!(check(993, 33, 0), Ok(()));
		assert!(check(992, 33, 0).unwrap_err().contains("make 993"));
		assert!(check(993, 34, 0).unwrap_err().contains("has gained 34"));
		assert!(check(993, 33, -1).unwrap_err().contains("has gained -1"));
		let forgiven = Books { burnt: 6, ..books.clone() };
		let error = forgiven.check(1_000, 994, &BTreeMap::new()).unwrap_err();
		assert!(error.to_string().contains("only 6 was burnt"));
	}

	#[test]
	fn a_void_session_leaves_no_audit_open() {
		let mut books = books();
		books.enter(&[oracle("AuditAssigned", 1, json!({"units": 20}))]);
		books.enter(&[event(PALLET, "SessionStarted", json!({"session": 5}))]);
		books.enter(&[event(PALLET, "SessionSettled", json!({"session": 3}))]);
		assert_eq!((books.open_audits(), books.session), (0, 5));
	}

	#[test]
	fn differences_have_a_sign() {
		assert_eq!(difference(5, 7), -2);
		assert_eq!(difference(7, 5), 2);
		assert_eq!(difference(0, Balance::MAX), -i128::MAX);
	}
}

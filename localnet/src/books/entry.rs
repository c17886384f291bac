//! What one account did, got and lost.

use capacity_oracle_client::Event;
use capacity_protocol::{ApplicationIndex, Balance, RelayRecord, SessionIndex, Units};

/// What one account did, got and lost, as a supplier, as an application, or as both.
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
	/// Commitments made, those that took another's place among them, and proofs given.
	pub claims: u32,
	pub proofs: u32,
	/// Times that the chain took the bid out of the draws.
	pub suspended: u32,
	/// For audits.
	pub paid: Balance,
	pub slashed: Balance,
	/// Claims from applications that are settled.
	pub relays: RelayRecord,
	/// The supplier's share of what applications paid for its relays.
	pub earned: Balance,
	/// As an application.
	pub deposits: Deposits,
	pub fees: Balance,
	/// Transfers from and to others than the oracle, and shares of what others were slashed.
	pub received: Balance,
	pub sent: Balance,
}

/// What an application put in, and what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deposits {
	/// The number that it has as an application.
	pub index: Option<ApplicationIndex>,
	pub deposited: Balance,
	/// Paid for relays.
	pub charged: Balance,
	pub reclaimed: Balance,
}

impl Deposits {
	/// What is left of them.
	pub fn left(&self) -> Balance {
		self.deposited.saturating_sub(self.charged).saturating_sub(self.reclaimed)
	}
}

impl Entry {
	/// What the account has more than at first, if these are all its ways to gain and lose.
	pub fn gain(&self) -> i128 {
		let plus = [self.paid, self.earned, self.received];
		let minus =
			[self.slashed, self.relays.slashed, self.deposits.charged, self.fees, self.sent];
		let sum =
			|parts: &[Balance]| parts.iter().fold(0, |sum: Balance, p| sum.saturating_add(*p));
		difference(sum(&plus), sum(&minus))
	}

	/// Enters an event of the oracle about this account as an application.
	pub(super) fn enter_application(&mut self, event: &Event) {
		let amount = event.number("amount").unwrap_or(0);
		match event.name.as_str() {
			"Deposited" => {
				self.deposits.index = event.application();
				self.deposits.deposited += amount;
			}
			"DepositReclaimed" => self.deposits.reclaimed += amount,
			_ => {}
		}
	}

	/// Enters an event of the oracle about this account as a supplier. `proven` says whether the claim
	/// that it settles was proven.
	pub(super) fn enter_supplier(&mut self, event: &Event, proven: bool) {
		let units = event.units().unwrap_or(0);
		let amount = |field| event.number(field).unwrap_or(0);
		match event.name.as_str() {
			"BidPlaced" => {
				self.bid = units;
				let from = event.number("from").map(|from| from as SessionIndex);
				self.from = self.from.or(from);
			}
			"BidSuspended" => self.suspended += 1,
			"AuditAssigned" => self.drawn += 1,
			"Claimed" => self.claims += 1,
			"Proven" => self.proofs += 1,
			"AuditPaid" => {
				self.fulfilled += 1;
				self.allocated += units;
				self.delivered += units;
				self.paid += amount("payment");
			}
			"AuditUnpaid" => self.fulfilled += 1,
			"AuditFailed" => {
				self.failed += 1;
				self.allocated += units;
				self.delivered += amount("delivered") as Units;
				self.slashed += amount("slashed");
			}
			// A proof is accepted only where it is required.
			"RelaysPaid" => {
				self.earned += amount("earned");
				self.settle(RelayRecord {
					required: proven.into(),
					proven: proven.into(),
					claimed: units,
					settled: units,
					paid: amount("paid"),
					..RelayRecord::default()
				});
			}
			// Where nothing is slashed, an earlier audit of the bid has failed.
			"ClaimForfeited" => self.settle(RelayRecord {
				required: (amount("slashed") > 0).into(),
				claimed: units,
				forfeited: amount("worth"),
				slashed: amount("slashed"),
				..RelayRecord::default()
			}),
			_ => {}
		}
	}

	fn settle(&mut self, claim: RelayRecord) {
		self.relays = self.relays.plus(&RelayRecord { claims: 1, ..claim });
	}
}

/// `plus - minus`.
pub fn difference(plus: Balance, minus: Balance) -> i128 {
	match plus.checked_sub(minus) {
		Some(more) => i128::try_from(more).unwrap_or(i128::MAX),
		None => -i128::try_from(minus - plus).unwrap_or(i128::MAX),
	}
}

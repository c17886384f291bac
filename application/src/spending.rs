//! What an application has asked of its suppliers in one session, and what it can pay.
//!
//! There is an equal part of what the application pays in a session for each of its draws, and a supplier
//! can count on those of the draws that fell to it. It may serve more, in the hope that others leave some
//! of theirs. What all of them were asked for never comes to more than the application can pay.

use crate::locked;
use capacity_oracle_client::AccountId32;
use capacity_protocol::Units;
use std::{
	collections::{BTreeMap, BTreeSet},
	sync::Mutex,
};

/// What can be paid in a session, in compute units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payable {
	/// To all suppliers.
	pub total: Units,
	/// What a supplier can count on for each draw that fell to it.
	pub part: Units,
	/// Claimed so far.
	pub claimed: Units,
}

/// How a request stands with what can be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
	/// The supplier can count on being paid for it.
	Within,
	/// It can be paid if others leave a part of what is theirs.
	Beyond,
	/// It cannot be paid, or the supplier does not take it in this session.
	None,
}

/// One session's books.
#[derive(Debug, Default)]
pub struct Spending(Mutex<Books>);

#[derive(Debug, Default)]
struct Books {
	payable: Payable,
	/// Asked of all suppliers, and of each.
	asked: Units,
	of: BTreeMap<AccountId32, Units>,
	/// Said that they would not be paid.
	unpaid: BTreeSet<AccountId32>,
	/// Do not serve the application in this session, for another reason.
	closed: BTreeSet<AccountId32>,
	/// Somebody has noticed that nothing is left.
	noticed: bool,
}

impl Spending {
	/// Takes note of what the chain says can be paid.
	pub fn set_payable(&self, payable: Payable) {
		let mut books = locked(&self.0);
		if payable.total > books.payable.total || payable.part > books.payable.part {
			// Whoever refused for want of money may be asked again.
			books.unpaid.clear();
			books.noticed = false;
		}
		books.payable = payable;
	}

	/// What can be paid, and what was asked for of all suppliers.
	pub fn figures(&self) -> (Payable, Units) {
		let books = locked(&self.0);
		(books.payable, books.asked)
	}

	/// How a request of `units` to each of these suppliers, given with their draws, stands.
	pub fn rooms<'a>(
		&self,
		units: Units,
		suppliers: impl Iterator<Item = (&'a AccountId32, u32)>,
	) -> Vec<Room> {
		let books = locked(&self.0);
		suppliers.map(|(supplier, draws)| books.room(units, supplier, draws)).collect()
	}

	/// Counts a request of `units` to a supplier, if it can be paid at all.
	pub fn reserve(&self, units: Units, supplier: &AccountId32) -> bool {
		let mut books = locked(&self.0);
		if !books.admits(units, supplier) {
			return false;
		}
		books.asked = books.asked.saturating_add(units);
		let of = books.of.entry(*supplier).or_default();
		*of = of.saturating_add(units);
		true
	}

	/// Takes back a request that was certainly not served.
	pub fn release(&self, units: Units, supplier: &AccountId32) {
		let mut books = locked(&self.0);
		books.asked = books.asked.saturating_sub(units);
		if let Some(of) = books.of.get_mut(supplier) {
			*of = of.saturating_sub(units);
		}
	}

	/// A supplier says that it would not be paid. Returns whether that is news.
	pub fn cannot_pay(&self, supplier: &AccountId32) -> bool {
		locked(&self.0).unpaid.insert(*supplier)
	}

	/// Whether a request of `units` cannot be paid, whoever serves it, and nobody has noticed before.
	pub fn is_used_up(&self, units: Units) -> bool {
		let mut books = locked(&self.0);
		let news = books.spent().saturating_add(units) > books.payable.total && !books.noticed;
		books.noticed |= news;
		news
	}

	/// A supplier does not serve the application in this session. Returns whether that is news.
	pub fn close(&self, supplier: &AccountId32) -> bool {
		locked(&self.0).closed.insert(*supplier)
	}
}

impl Books {
	/// Whether a request can be paid at all, and the supplier takes it.
	fn admits(&self, units: Units, supplier: &AccountId32) -> bool {
		let all_in = self.spent().saturating_add(units) > self.payable.total;
		!all_in && !self.unpaid.contains(supplier) && !self.closed.contains(supplier)
	}

	fn room(&self, units: Units, supplier: &AccountId32, draws: u32) -> Room {
		if !self.admits(units, supplier) {
			return Room::None;
		}
		let of = self.of.get(supplier).copied().unwrap_or(0);
		match of.saturating_add(units) <= self.payable.part.saturating_mul(draws.into()) {
			true => Room::Within,
			false => Room::Beyond,
		}
	}

	fn spent(&self) -> Units {
		self.asked.max(self.payable.claimed)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const A: AccountId32 = AccountId32([1; 32]);
	const B: AccountId32 = AccountId32([2; 32]);

	fn spending(total: Units, part: Units) -> Spending {
		let spending = Spending::default();
		spending.set_payable(Payable { total, part, claimed: 0 });
		spending
	}

	fn rooms(spending: &Spending, units: Units) -> Vec<Room> {
		spending.rooms(units, [(&A, 1), (&B, 1)].into_iter())
	}

	#[test]
	fn a_supplier_can_count_on_its_part() {
		let spending = spending(100, 50);
		assert!(spending.reserve(50, &A));
		assert_eq!(rooms(&spending, 1), [Room::Beyond, Room::Within]);
		assert_eq!(rooms(&spending, 50), [Room::Beyond, Room::Within]);
		assert_eq!(rooms(&spending, 51), [Room::None, Room::None]);
	}

	#[test]
	fn each_draw_brings_a_part() {
		let spending = spending(100, 25);
		let rooms = |units| spending.rooms(units, [(&A, 3), (&B, 1)].into_iter());
		assert_eq!(rooms(25), [Room::Within, Room::Within]);
		assert_eq!(rooms(75), [Room::Within, Room::Beyond]);
		assert_eq!(rooms(76), [Room::Beyond, Room::Beyond]);
	}

	#[test]
	fn no_more_is_asked_for_than_can_be_paid() {
		let spending = spending(100, 5);
		assert!(spending.reserve(60, &A) && spending.reserve(40, &B));
		assert!(!spending.reserve(1, &A));
		assert_eq!(spending.figures().1, 100);
	}

	#[test]
	fn that_nothing_is_left_is_noticed_once_until_there_is_more() {
		let spending = spending(100, 50);
		assert!(!spending.is_used_up(100));
		assert!(spending.reserve(95, &A));
		assert_eq!([spending.is_used_up(6), spending.is_used_up(6)], [true, false]);
		spending.set_payable(Payable { total: 101, part: 50, claimed: 0 });
		assert!(!spending.is_used_up(6));
		assert!(spending.is_used_up(7));
	}

	#[test]
	fn what_was_not_served_can_be_asked_for_again() {
		let spending = spending(10, 10);
		assert!(spending.reserve(10, &A));
		assert!(!spending.reserve(10, &B));
		spending.release(10, &A);
		assert!(spending.reserve(10, &B));
		assert_eq!(rooms(&spending, 1), [Room::None, Room::None]);
	}

	/// After a restart nothing is counted here, but the chain knows.
	#[test]
	fn what_is_claimed_already_cannot_be_spent_again() {
		let spending = Spending::default();
		spending.set_payable(Payable { total: 100, part: 50, claimed: 90 });
		assert_eq!(rooms(&spending, 10), [Room::Within, Room::Within]);
		assert_eq!(rooms(&spending, 11), [Room::None, Room::None]);
	}

	#[test]
	fn whoever_refuses_for_want_of_money_is_asked_again_when_there_is_more() {
		let spending = spending(100, 50);
		assert!(spending.cannot_pay(&A));
		assert!(!spending.cannot_pay(&A), "said before");
		assert_eq!(rooms(&spending, 1), [Room::None, Room::Within]);
		spending.set_payable(Payable { total: 100, part: 50, claimed: 0 });
		assert_eq!(rooms(&spending, 1), [Room::None, Room::Within]);
		spending.set_payable(Payable { total: 200, part: 100, claimed: 0 });
		assert_eq!(rooms(&spending, 1), [Room::Within, Room::Within]);
	}

	#[test]
	fn whoever_does_not_serve_is_not_asked_in_this_session() {
		let spending = spending(100, 50);
		assert!(spending.close(&B));
		spending.set_payable(Payable { total: 900, part: 450, claimed: 0 });
		assert_eq!(rooms(&spending, 1), [Room::Within, Room::None]);
		assert!(!spending.reserve(1, &B));
	}
}

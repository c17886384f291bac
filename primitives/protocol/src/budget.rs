//! What one application can pay in one session, and who gets how much of it (design section 6, "the
//! application's side").

use crate::{Balance, SessionIndex};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_arithmetic::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

/// One session of one application, from its first claim to the settlement of its last.
///
/// The budget has an equal part for each of the application's draws, and a supplier can count on those
/// that fell to it. What some of them leave unused is divided among those that claim more, in
/// proportion to how much more. So nobody can take another's part by claiming too much, nothing stays
/// unused while it is needed, and capacity in pieces has no more to count on than in one bid.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Budget {
	pub session: SessionIndex,
	/// The most that is paid for the session, of the application's deposit.
	pub total: Balance,
	/// What there is for each draw.
	pub part: Balance,
	/// Claimed within the parts, by all suppliers together.
	pub within: Balance,
	/// Claimed beyond them.
	pub beyond: Balance,
	/// Claims not settled yet.
	pub claims: u32,
	/// Settled so far.
	pub settled: Balance,
}

impl Budget {
	/// For a session in which the application can pay `total` to the suppliers that so many draws fall
	/// to.
	pub fn new(session: SessionIndex, total: Balance, draws: u8) -> Self {
		let part = total.checked_div(draws.into()).unwrap_or(0);
		Self { session, total, part, within: 0, beyond: 0, claims: 0, settled: 0 }
	}

	/// Takes up a claim of this worth by a supplier with so many draws. Returns what of it is certain to
	/// be paid.
	pub fn claim(&mut self, worth: Balance, draws: u32) -> Balance {
		let (within, beyond) = self.divide(worth, draws);
		self.within = self.within.saturating_add(within);
		self.beyond = self.beyond.saturating_add(beyond);
		self.claims = self.claims.saturating_add(1);
		within
	}

	/// Takes a claim of this worth back.
	pub fn withdraw(&mut self, worth: Balance, draws: u32) {
		let (within, beyond) = self.divide(worth, draws);
		self.within = self.within.saturating_sub(within);
		self.beyond = self.beyond.saturating_sub(beyond);
		self.claims = self.claims.saturating_sub(1);
	}

	/// What a claim of this worth gets, once no claim can change any more. Rounded down.
	pub fn payable(&self, worth: Balance, draws: u32) -> Balance {
		let (within, beyond) = self.divide(worth, draws);
		let unused = self.total.saturating_sub(self.within);
		let more = match self.beyond > unused {
			true => multiply_by_rational_with_rounding(unused, beyond, self.beyond, Rounding::Down),
			false => Some(beyond),
		};
		within.saturating_add(more.unwrap_or(0))
	}

	/// Settles a claim of this worth, paid or not. Returns what it gets if it is paid.
	pub fn settle(&mut self, worth: Balance, draws: u32) -> Balance {
		let payable = self.payable(worth, draws);
		self.claims = self.claims.saturating_sub(1);
		self.settled = self.settled.saturating_add(payable);
		payable
	}

	/// Of the deposit, what claims that are not settled yet may take.
	pub fn reserved(&self) -> Balance {
		let claimed = self.within.saturating_add(self.beyond).min(self.total);
		match self.claims {
			0 => 0,
			_ => claimed.saturating_sub(self.settled),
		}
	}

	fn divide(&self, worth: Balance, draws: u32) -> (Balance, Balance) {
		let part = self.part.saturating_mul(draws.into());
		(worth.min(part), worth.saturating_sub(part))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	/// What claims get that are made by one draw each.
	fn paid(total: Balance, draws: u8, claims: &[Balance]) -> Vec<Balance> {
		paid_by_draws(total, draws, &claims.iter().map(|worth| (*worth, 1)).collect::<Vec<_>>())
	}

	fn paid_by_draws(total: Balance, draws: u8, claims: &[(Balance, u32)]) -> Vec<Balance> {
		let mut budget = Budget::new(7, total, draws);
		claims.iter().for_each(|(worth, draws)| {
			budget.claim(*worth, *draws);
		});
		claims.iter().map(|(worth, draws)| budget.settle(*worth, *draws)).collect()
	}

	#[test]
	fn claims_within_the_budget_are_paid_in_full() {
		assert_eq!(paid(100, 4, &[60, 10, 30]), [60, 10, 30]);
	}

	#[test]
	fn what_one_leaves_unused_is_there_for_the_others() {
		// Parts of 25; 50 are unused, and 75 too many are claimed: 50 and 25 of them.
		assert_eq!(paid(100, 4, &[75, 50]), [25 + 33, 25 + 16]);
	}

	#[test]
	fn a_claim_that_is_too_large_does_not_take_anothers_part() {
		assert_eq!(paid(100, 2, &[50, 1_000_000]), [50, 50]);
		assert_eq!(paid(100, 2, &[40, 1_000_000]), [40, 60]);
	}

	#[test]
	fn a_supplier_counts_on_all_its_draws() {
		assert_eq!(paid_by_draws(100, 4, &[(75, 3), (1_000, 1)]), [75, 25]);
		assert_eq!(paid(100, 4, &[25, 25, 25, 1_000]), [25, 25, 25, 25], "as in pieces");
	}

	#[test]
	fn an_empty_budget_pays_nothing() {
		assert_eq!(paid(0, 2, &[5, 7]), [0, 0]);
	}

	proptest! {
		#[test]
		fn never_more_than_the_budget_never_less_than_the_part(
			total in 0u128..1 << 100, suppliers in 1u8..20,
			claims in prop::collection::vec(0u128..1 << 100, 1..20),
		) {
			let claims = &claims[..claims.len().min(suppliers.into())];
			let got = paid(total, suppliers, claims);
			prop_assert!(got.iter().sum::<u128>() <= total);
			let part = total / u128::from(suppliers);
			for (worth, got) in claims.iter().zip(&got) {
				prop_assert!(got <= worth && *got >= *worth.min(&part));
			}
			// All that can be paid is paid, but for what rounding leaves.
			let most = claims.iter().sum::<u128>().min(total);
			prop_assert!(got.iter().sum::<u128>() + claims.len() as u128 >= most);
		}

		#[test]
		fn what_is_reserved_covers_what_is_still_to_be_paid(
			total in 0u128..1 << 100, suppliers in 1u8..20,
			claims in prop::collection::vec(0u128..1 << 100, 1..20),
		) {
			let claims = &claims[..claims.len().min(suppliers.into())];
			let mut budget = Budget::new(7, total, suppliers);
			claims.iter().for_each(|worth| { budget.claim(*worth, 1); });
			for worth in claims {
				let before = budget.reserved();
				let got = budget.settle(*worth, 1);
				prop_assert!(got <= before && budget.reserved() <= before - got);
			}
			prop_assert_eq!(budget.reserved(), 0);
		}

		#[test]
		fn a_claim_taken_back_leaves_no_trace(
			total in 0u128..1 << 100, one in 0u128..1 << 100, other in 0u128..1 << 100,
		) {
			let mut budget = Budget::new(7, total, 3);
			budget.claim(one, 2);
			let before = budget;
			budget.claim(other, 3);
			budget.withdraw(other, 3);
			prop_assert_eq!(budget, before);
		}
	}
}

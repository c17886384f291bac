//! What a service's money for audits can pay for (design section 4.1).

use super::Policy;
use crate::{Balance, Fund, Selection, Units};
use capacity_economics::{cost_bound, expected_cost_within, PAYMENTS_IN_FUND};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::{traits::Zero, PerThing, Perquintill, Rounding};

/// On what terms the bids of one session are drawn.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct DrawTerms {
	/// The probability that a bid is drawn. Where all are drawn at once, the share of the bids that are kept
	/// of a draw: one by one with this probability, in a session that is itself drawn with the audit rate.
	pub rate: Perquintill,
	/// What audits may cost, but for a probability of less than one in a million. At most what there is.
	pub set_aside: Balance,
	/// The largest bid that may be drawn, in compute units; zero for none.
	pub largest: Units,
}

impl<W> Policy<W> {
	/// Whether `fund` would pay for [`PAYMENTS_IN_FUND`] audits of a bid of `units`. A bid is admitted only
	/// while it would.
	pub fn affords(&self, fund: Balance, units: Units) -> bool {
		self.payment(units).checked_mul(PAYMENTS_IN_FUND.into()).is_some_and(|all| all <= fund)
	}

	/// On what terms bids that add up to `units` are drawn, where `fund` is there for their audits.
	///
	/// Bids are drawn at the audit rate if all of them can be paid at once from what is free, or if what they
	/// cost exceeds that with a probability of less than one in a million ([`expected_cost_within`]).
	/// Otherwise the rate is lowered until it does. With money for 32 audits of the smallest bid that is all
	/// free it is never lowered to nothing, whatever is bid. Which bids are drawn at all does not depend on
	/// what earlier audits hold of the money.
	pub fn draw_terms(&self, fund: Fund, units: Units) -> DrawTerms {
		let largest = self.largest_drawn(fund.total(), units);
		let fund = fund.free;
		let payment = self.payment(largest);
		let all = self.curve().payment_bound(units, largest);
		if largest.is_zero() {
			return DrawTerms::default();
		}
		let full = self.full_rate();
		let rate = if all <= fund {
			full
		} else {
			let mean = expected_cost_within(fund, payment);
			let share =
				Perquintill::from_rational_with_rounding(mean.min(all), all, Rounding::Down);
			full.min(share.unwrap_or_default())
		};
		if rate.is_zero() {
			return DrawTerms::default();
		}
		let set_aside = cost_bound(rate.mul_ceil(all), payment).min(all).min(fund);
		DrawTerms { rate, set_aside, largest }
	}

	/// The rate of a draw that is not thinned; see [`DrawTerms::rate`].
	pub fn full_rate(&self) -> Perquintill {
		match self.selection {
			Selection::Independent => self.audit_rate,
			Selection::Joint => Perquintill::one(),
		}
	}

	/// The largest bid that the fund affords; the policy's own if all bids can be paid at once.
	fn largest_drawn(&self, fund: Balance, units: Units) -> Units {
		if self.payment_bound(units) <= fund || self.affords(fund, self.maximum_bid) {
			return self.maximum_bid;
		}
		if !self.affords(fund, self.minimum_bid) {
			return 0;
		}
		let (mut low, mut high) = (self.minimum_bid, self.maximum_bid);
		for _ in 0..Units::BITS {
			let middle = low.saturating_add(high.saturating_sub(low) >> 1);
			if middle == low {
				break;
			}
			if self.affords(fund, middle) {
				low = middle;
			} else {
				high = middle;
			}
		}
		low
	}
}

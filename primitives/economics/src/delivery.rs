//! What a supplier that can deliver must gain by delivering, for every size of bid (section 4 of the
//! design).

use crate::{
	number::{mul_div, Real, DECIMAL},
	Incentives,
};
use sp_arithmetic::{traits::Saturating, FixedU128, Rounding};

impl Incentives {
	/// Whether an audit of any bid up to `largest`, in compute units, that could be delivered in full is
	/// best delivered in full, whatever share `f` of it would be faked:
	///
	/// ```text
	/// (1 − d) · (r(b) + f·b·cost) − d · S(b) ≤ r((1 − f)·b),   d = 1 − (1 − f)^k
	/// ```
	///
	/// for all `f` and `b` if and only if `k · (S(b) + r(b)) ≥ b·cost + ρ·r(b)` for all `b`.
	///
	/// With `x = 1 − f` the first says `S ≥ b·cost · u − r · v`, `u = x^k·(1 − x)/(1 − x^k)` and
	/// `v = (x^ρ − x^k)/(1 − x^k)`, and the second is its limit as `x → 1`. That is the worst: `u` grows with
	/// `x`, for `ρ ≥ k` so does `−v`, and for `ρ < k` both `v` and `u/v` grow, and with them
	/// `v · (b·cost · u/v − r)` wherever it is above zero.
	///
	/// Decided to a few units of balance, by which rewards are rounded. True where no bid is admitted. It
	/// holds with full and with proportional slashing, as an audit whose openings fail delivered nothing.
	pub fn full_delivery_pays(&self, openings: u32, largest: u64) -> bool {
		let holds = |bid: u64| {
			let (reward, cost) = (self.curve.reward(bid), self.curve.cost_of(bid));
			let lost = self.stake.stake(&self.curve, bid).checked_add(reward);
			let lost = lost.and_then(|lost| lost.checked_mul(openings.into()));
			let saved = self.bent(reward).and_then(|reward| reward.checked_add(cost));
			lost.zip(saved).is_some_and(|(lost, saved)| lost >= saved)
		};
		let weight =
			Real::from_integer(openings.into()).less(Real::from_fixed(self.curve.curvature));
		self.for_all_bids(largest, weight, self.curve.cost, holds)
	}

	/// Whether one bid of more than a supplier has loses more in audits than relays can bring, for every
	/// capacity `c` up to `largest`, in compute units: `c · profit ≤ ε · (S(c) + r(c))`. And for whoever is
	/// too small for the smallest bid, and has no true one to lose by: `b · profit ≤ ε · S(b)`.
	pub(crate) fn one_bid_beyond_capacity_loses(&self, largest: u64) -> bool {
		let profit = self.relays.profit;
		if profit == 0 {
			return true;
		}
		let covers = |bid: u64, lost: u128| {
			profit.checked_mul(bid.into()).is_some_and(|gain| self.rate.mul_floor(lost) >= gain)
		};
		let least = self.min_bid.max(1);
		let stake = |bid: u64| self.stake.stake(&self.curve, bid);
		let holds = |bid: u64| covers(bid, stake(bid).saturating_add(self.curve.reward(bid)));
		let rate = Real::from_ratio(self.rate.deconstruct().into(), DECIMAL).unwrap_or(Real::ZERO);
		covers(least, stake(least)) && self.for_all_bids(largest, rate, profit, holds)
	}

	/// Whether own relays are never worth making up in place of work, where relays are credited and bids
	/// up to `largest` are admitted: the fee for a unit is at least what one more unit of the largest bid
	/// earns, `fee · b ≥ ρ · r(b)`.
	///
	/// `r(b) − r(c) ≤ fee · (b − c)` for all `c < b`, or a supplier of `c` would bid `b` and answer what it
	/// cannot do with its own relays. As `r` is convex, its slope at the largest bid decides.
	pub fn credit_is_safe(&self, largest: u64) -> bool {
		let Some(fee) = self.relays.credited else { return true };
		let slope = self.bent(self.curve.reward(largest));
		let fees = fee.checked_mul(largest.into());
		fees.zip(slope).is_some_and(|(fees, slope)| fees >= slope)
	}

	/// `ρ · amount`, rounded up.
	fn bent(&self, amount: u128) -> Option<u128> {
		mul_div(amount, self.curve.curvature.into_inner(), DECIMAL, Rounding::Up)
	}

	/// Whether something holds for all bids from the smallest to the largest, given that it says
	/// `a·S(b) + weight·r(b) ≥ amount·b` for some `a`, with `weight` zero where that is negative.
	///
	/// Above the reference capacity the left side over `b` does not fall: the bid nearest to the reference
	/// decides. Below, the stake is the same for all, and the difference is convex in `b`, for a negative
	/// weight falling: the ends decide, and where its slope is zero,
	/// `(b/C)^(ρ−1) = amount/(weight · ρ · margin · cost)`.
	fn for_all_bids(
		&self,
		largest: u64,
		weight: Real,
		amount: u128,
		holds: impl Fn(u64) -> bool,
	) -> bool {
		let least = self.min_bid.max(1);
		if largest < least {
			return true;
		}
		let Incentives { curve, .. } = self;
		let slope = weight
			.times(Real::from_fixed(curve.curvature))
			.times(Real::from_fixed(curve.margin))
			.times(Real::from_integer(curve.cost));
		let bend = curve.curvature.saturating_sub(FixedU128::from_u32(1));
		let level = Real::from_integer(amount).checked_div(slope);
		let root =
			mul_div(DECIMAL, DECIMAL, bend.into_inner(), Rounding::Down).map(FixedU128::from_inner);
		let flattest = match (level, root) {
			(Some(level), Some(root)) => {
				let units = level.pow(root).times(Real::from_integer(curve.reference.into()));
				u64::try_from(units.floor()).unwrap_or(u64::MAX)
			}
			_ => least,
		};
		[least, curve.reference, largest, flattest, flattest.saturating_add(1)]
			.into_iter()
			.all(|bid| holds(bid.clamp(least, largest)))
	}
}

#[cfg(test)]
#[path = "tests/delivery.rs"]
mod tests;

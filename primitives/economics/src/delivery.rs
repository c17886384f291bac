//! What a supplier that can deliver must gain by delivering, for every size of bid (section 4 of the
//! design).

use crate::{
	number::{mul_div, Real, DECIMAL},
	Curve, Incentives,
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
		largest < self.min_bid.max(1) || self.worst_bids(openings, largest).into_iter().all(holds)
	}

	/// `ρ · amount`, rounded up.
	pub(crate) fn bent(&self, amount: u128) -> Option<u128> {
		mul_div(amount, self.curve.curvature.into_inner(), DECIMAL, Rounding::Up)
	}

	/// The bids from the smallest to `largest` one of which is the worst for the inequality.
	///
	/// Above the reference capacity the left side over `b` does not fall: the bid nearest to the reference
	/// decides. Below, the stake is the same for all, and the difference is convex in `b`, for `ρ ≥ k` falling:
	/// the ends decide, and where its slope is zero, `(k − ρ) · ρ · margin · (b/C)^(ρ−1) = 1`.
	fn worst_bids(&self, openings: u32, largest: u64) -> [u64; 5] {
		let Curve { curvature, margin, reference, .. } = self.curve;
		let least = self.min_bid.max(1);
		let weight = Real::from_integer(openings.into()).less(Real::from_fixed(curvature));
		let slope = weight.times(Real::from_fixed(curvature)).times(Real::from_fixed(margin));
		let bend = curvature.saturating_sub(FixedU128::from_u32(1)).into_inner();
		let root = mul_div(DECIMAL, DECIMAL, bend, Rounding::Down).map(FixedU128::from_inner);
		let flattest = match (Real::ONE.checked_div(slope), root) {
			(Some(level), Some(root)) => {
				let units = level.pow(root).times(Real::from_integer(reference.into())).floor();
				u64::try_from(units).unwrap_or(u64::MAX)
			}
			_ => least,
		};
		[least, reference, largest, flattest, flattest.saturating_add(1)]
			.map(|bid| bid.min(largest).max(least))
	}
}

#[cfg(test)]
#[path = "tests/delivery.rs"]
mod tests;

//! Whether a service's audit policy makes the truth the best answer, and for whom (sections 4 and
//! 8 of the design).
//!
//! A supplier of capacity `c = κC` that places `N` bids of `c/m` gains, in units of
//! `margin · cost · C`,
//!
//! ```text
//! U = (κ/m)^ρ · E[min(X, m)] − σ/margin · max(κ/m, 1) · E[max(X − m, 0)]
//! ```
//!
//! against `ε · κ^ρ` for the truth. Divided by `κ^ρ` this is the game of [`crate::sybil`] with the
//! stake of [`Incentives::effective_stake`]. That stake falls as the capacity grows, and larger
//! capacities can be split further above the minimum bid: a policy that is truthful for one
//! capacity is truthful for every smaller one.

use crate::{
	game::{Game, Limits, Stakes},
	number::{mul_div, Real, DECIMAL},
	search::{pays_to_duplicate, Search},
	sybil::Attack,
	Curve, StakeSchedule,
};
use sp_arithmetic::{traits::Zero, FixedU128, Perquintill, Rounding};

/// More than the error of a power, which is below `18 · 2⁻⁹⁵`.
const POWER_ERROR_BITS: u32 = 79;

/// Everything about a service that decides whether lying pays (section 4).
#[derive(
	Clone,
	Copy,
	Debug,
	Eq,
	PartialEq,
	codec::Decode,
	codec::DecodeWithMemTracking,
	codec::Encode,
	codec::MaxEncodedLen,
	scale_info::TypeInfo,
)]
pub struct Incentives {
	/// What an audit pays.
	pub curve: Curve,
	/// What a bid has at stake.
	pub stake: StakeSchedule,
	/// `ε`: the probability that a bid is audited in a session.
	pub rate: Perquintill,
	/// The smallest bid that is admitted, in compute units.
	pub min_bid: u64,
}

impl Incentives {
	/// `S_eff(κ, m) = σ/margin · max(κ/m, 1) / κ^ρ`: the stake of one of `split` bids of equal size,
	/// in units of the reward for one bid of the whole capacity, which is in compute units.
	///
	/// Rounded down, by less than 2⁻⁷⁷ of it and two units of 10⁻¹⁸; exact but for the last unit at
	/// the reference capacity. Saturated, as it is for a margin or a capacity of zero.
	pub fn effective_stake(&self, capacity: u64, split: u32) -> FixedU128 {
		self.stakes(capacity).of(split)
	}

	/// [`Incentives::effective_stake`] for all splits of a capacity, with one power for all of them.
	fn stakes(&self, capacity: u64) -> Stakes {
		let factor = self.stake.factor.into_inner();
		let margin = self.curve.margin.into_inner();
		let base = mul_div(factor, DECIMAL, margin, Rounding::Down).unwrap_or(u128::MAX);
		let reference = self.curve.reference.max(1);
		if capacity == reference {
			// Without the allowance for the power, which is one.
			return Stakes::Flat(FixedU128::from_inner(base));
		}
		let power = Real::from_ratio(capacity.into(), reference.into())
			.map_or(Real::ZERO, |share| share.pow(self.curve.curvature))
			.enlarged(POWER_ERROR_BITS);
		match Real::from_integer(base).checked_div(power) {
			Some(base) => Stakes::Schedule { base, capacity, reference },
			None => Stakes::Flat(FixedU128::from_inner(u128::MAX)),
		}
	}

	/// The game of a supplier of this capacity, in compute units. Utilities are in units of
	/// `margin · cost · C · κ^ρ`, the reward for one bid of everything. It is the same at any
	/// [`Incentives::rate`].
	pub fn game(&self, capacity: u64) -> Game {
		let splits = capacity.checked_div(self.min_bid).unwrap_or(u64::MAX);
		Game { curvature: self.curve.curvature, stakes: self.stakes(capacity), splits }
	}

	/// The best that a supplier of this capacity, in compute units, can do, in units of
	/// `margin · cost · C · κ^ρ`, the reward for one bid of everything.
	///
	/// A supplier that is too small for the minimum bid has nothing to gain and is shown as telling
	/// the truth. The search has the bounds of [`crate::sybil`].
	pub fn best_attack(&self, capacity: u64) -> Attack {
		if capacity < self.min_bid.max(1) {
			return Attack::truth(self.rate);
		}
		self.game(capacity).best_attack(self.rate, Limits::CHAIN)
	}

	/// Whether one bid of its whole capacity, in compute units, is the best that a supplier can do.
	///
	/// Errs on the side of `false`. A policy is never called truthful if a supplier could gain more
	/// than 2⁻⁴⁹ of the reward for its whole capacity by lying; it may be called untruthful if lying
	/// loses less than 2⁻³⁹, or if that cannot be decided within [`crate::MAX_SPLIT`] splits and
	/// [`crate::MAX_IDENTITIES`] bids. Bids of any real size are considered, which can only make
	/// the attack look better than it is.
	///
	/// - Without audits, or without a margin, the truth earns nothing: `false`.
	/// - Without stake, reports that are too high cost nothing: `false`, unless all bids are audited.
	/// - With a linear curve only the minimum bid or the number of splits bounds the attack.
	/// - With a curvature below one, pieces earn more than the whole: `false`.
	/// - Below the minimum bid no bid can be delivered, and any bid can only lose its stake: `true`.
	pub fn is_truthful(&self, capacity: u64) -> bool {
		let unsound = self.curve.check().is_err();
		if unsound || self.rate.is_zero() || self.curve.margin.is_zero() {
			return false;
		}
		if self.rate.is_one() {
			return true;
		}
		if self.stake.factor.is_zero() {
			return false;
		}
		if capacity < self.min_bid.max(1) {
			return true;
		}
		!pays_to_duplicate(self.rate, self.effective_stake(capacity, 1))
			&& self.search(capacity).is_some_and(|mut search| search.is_truthful())
	}

	/// The largest capacity up to `most`, in compute units, up to which the policy is truthful; zero
	/// if it is not even for a supplier of the minimum bid, or if that is above `most`.
	///
	/// Decided as [`Incentives::is_truthful`] is, at most 66 times.
	pub fn truthful_up_to(&self, most: u64) -> u64 {
		let least = self.min_bid.max(1);
		if least > most || !self.is_truthful(least) {
			return 0;
		}
		if self.is_truthful(most) {
			return most;
		}
		let (mut low, mut high) = (least, most);
		for _ in 0..u64::BITS {
			let width = high.saturating_sub(low);
			if width <= 1 {
				break;
			}
			let middle = low.saturating_add(width >> 1);
			if self.is_truthful(middle) {
				low = middle;
			} else {
				high = middle;
			}
		}
		low
	}

	fn search(&self, capacity: u64) -> Option<Search> {
		self.game(capacity).search(self.rate, Limits::CHAIN)
	}
}

#[cfg(test)]
#[path = "tests/incentives.rs"]
mod tests;

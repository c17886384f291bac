//! What a service's audit policy makes worth doing, for a supplier of any capacity (sections 4 and 8
//! of the design). Whether the truth is best is decided in `truth`.
//!
//! A supplier of capacity `c = κC` that places `N` bids of `c/m` gains, in units of
//! `margin · cost · C`,
//!
//! ```text
//! U = (κ/m)^ρ · E[min(X, m)] − σ · max((κ/m)^ρ, 1) · E[max(X − m, 0)]
//! ```
//!
//! against `ε · κ^ρ` for the truth. Divided by `κ^ρ` this is the game of [`crate::sybil`] with the stake
//! `σ · max(m^-ρ, κ^-ρ)`. From the reference capacity on it falls only for bids that are smaller than that,
//! and with growing capacity it has the limit `σ · m^-ρ`.
//!
//! Relays come in proportion to declared capacity. Where demand is scarce, a supplier that declares `N/m`
//! times its capacity gains at most `c · profit · (1 − m/N)` from them, in the same units
//!
//! ```text
//! g · (1 − m/N),   g = profit/(margin · cost) · κ^(1−ρ)
//! ```
//!
//! Both parts of the sum are concave in `N`, so that it has one maximum as `U` has.

use crate::{
	game::{Game, Limits},
	number::{mul_div, Real, DECIMAL},
	relays::Relays,
	search::{BITS, MOST_RELAYS},
	stakes::Stakes,
	sybil::Attack,
	Curve, StakeSchedule,
};
use sp_arithmetic::{FixedU128, Perquintill, Rounding};

/// More than the error of a power, which is below `18 · 2⁻⁹⁵`.
pub(crate) const POWER_ERROR_BITS: u32 = 79;

/// Everything about a service that decides whether lying about capacity pays (section 4).
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
	/// What relays bring.
	pub relays: Relays,
}

impl Incentives {
	/// `σ · max(m^-ρ, κ^-ρ)`: the stake of one of `split` bids of equal size, in units of the reward for
	/// one bid of the whole capacity, which is in compute units. Where relays are credited, what own
	/// relays for it cost, if that is less: `fee/(margin · cost) · κ^(1−ρ)/m − m^-ρ` (section 4.3).
	///
	/// Rounded down, by less than 2⁻⁷⁷ of it and a unit of 10⁻¹⁸; `σ` exactly for one bid of the reference
	/// capacity or more. Saturated, as it is for a capacity of zero.
	pub fn effective_stake(&self, capacity: u64, split: u32) -> FixedU128 {
		Game::new(self.curve.curvature, self.stakes(capacity), u64::MAX).stake(split)
	}

	/// The game of a supplier of this capacity, in compute units. Utilities are in units of
	/// `margin · cost · C · κ^ρ`, the reward for one bid of everything. It is the same at any
	/// [`Incentives::rate`].
	pub fn game(&self, capacity: u64) -> Game {
		let splits = capacity.checked_div(self.min_bid).unwrap_or(u64::MAX);
		let relays = self.relays_ratio(self.relays.profit, capacity);
		Game { relays, ..Game::new(self.curve.curvature, self.stakes(capacity), splits) }
	}

	/// A game that is no harder to win than that of any capacity from `low` to `high`: stakes fall with
	/// the capacity, and the number of splits grows, but what relays bring falls. Relays are counted with
	/// what [`Relays::judged`] says.
	pub(crate) fn game_between(&self, low: u64, high: u64) -> Game {
		Game { relays: self.relays_ratio(self.relays.judged(), low), ..self.game(high) }
	}

	/// What the games tend to as the capacity grows without bound, with bids of any size: stakes are
	/// `σ · m^-ρ`, and what relays bring is nothing beside the rewards. Only for a curvature above one.
	pub fn unbounded_game(&self) -> Game {
		Game::new(
			self.curve.curvature,
			Stakes::LikeReward {
				factor: self.stake.factor,
				capacity: Real::ZERO,
				floor: Real::ZERO,
				fee: self.relays.credited.map(|_| Real::ZERO),
			},
			u64::MAX,
		)
	}

	/// The game under a stake that grows like the cost, `σ · margin · cost · max(b, C)`, and without relays:
	/// an earlier form of the schedule, which loses its grip on large suppliers. To compare with.
	pub fn game_with_stake_like_cost(&self, capacity: u64) -> Game {
		let (floor, slope) = self.powers(capacity);
		let stakes = Stakes::LikeCost { factor: self.stake.factor, slope, floor };
		let splits = capacity.checked_div(self.min_bid).unwrap_or(u64::MAX);
		Game::new(self.curve.curvature, stakes, splits)
	}

	/// The rate below which a second bid of everything gains in audits, for a supplier of this capacity in
	/// compute units: `1 / (1 + S)`, rounded up to a multiple of 10⁻¹⁸. No lower rate is truthful.
	pub fn second_bid_rate(&self, capacity: u64) -> Perquintill {
		let stake = self.effective_stake(capacity, 1).into_inner();
		let rate = mul_div(DECIMAL, DECIMAL, DECIMAL.saturating_add(stake), Rounding::Up);
		Perquintill::from_parts(rate.and_then(|rate| u64::try_from(rate).ok()).unwrap_or(1).max(1))
	}

	/// The best that a supplier of this capacity, in compute units, can do with bids of one size, in units
	/// of `margin · cost · C · κ^ρ`, the reward for one bid of everything.
	///
	/// A supplier that is too small for the minimum bid is shown as telling the truth. The search has the
	/// bounds of [`crate::sybil`].
	pub fn best_attack(&self, capacity: u64) -> Attack {
		if capacity < self.min_bid.max(1) {
			return Attack::truth(self.rate);
		}
		self.game(capacity).best_attack(self.rate, Limits::CHAIN)
	}

	/// [`Incentives::effective_stake`] for all splits of a capacity, with one power for all of them.
	fn stakes(&self, capacity: u64) -> Stakes {
		let (floor, slope) = self.powers(capacity);
		let reference = self.curve.reference.max(1);
		Stakes::LikeReward {
			factor: self.stake.factor,
			capacity: Real::from_ratio(capacity.into(), reference.into()).unwrap_or(Real::ZERO),
			floor,
			fee: self.relays.credited.map(|fee| self.in_margins(fee).times(slope)),
		}
	}

	/// `κ^-ρ` and `κ^(1−ρ)`, rounded down by less than 2⁻⁷⁷ of them; very large for a capacity of zero.
	fn powers(&self, capacity: u64) -> (Real, Real) {
		let reference = self.curve.reference.max(1);
		if capacity == reference {
			// Without the allowance for the power, which is one.
			return (Real::ONE, Real::ONE);
		}
		let share = Real::from_ratio(capacity.into(), reference.into()).unwrap_or(Real::ZERO);
		let power = share.pow(self.curve.curvature).enlarged(POWER_ERROR_BITS);
		let floor = Real::ONE.checked_div(power).unwrap_or(Real::from_integer(u128::MAX));
		(floor, floor.times(share))
	}

	/// `g` for a profit and a capacity, with the fraction bits of a search, rounded up; saturated above what
	/// is counted.
	fn relays_ratio(&self, profit: u128, capacity: u64) -> u128 {
		if profit == 0 {
			return 0;
		}
		let (_, slope) = self.powers(capacity);
		// Both factors are rounded down by less than this adds.
		let ratio = self.in_margins(profit).times(slope).enlarged(POWER_ERROR_BITS - 3);
		ratio.to_fixed(BITS).saturating_add(1).min(MOST_RELAYS)
	}

	/// An amount for one compute unit in units of `margin · cost`; rounded down, saturated.
	fn in_margins(&self, amount: u128) -> Real {
		let margin = Real::from_fixed(self.curve.margin).times(Real::from_integer(self.curve.cost));
		Real::from_integer(amount).checked_div(margin).unwrap_or(Real::from_integer(u128::MAX))
	}
}

#[cfg(test)]
#[path = "tests/incentives.rs"]
mod tests;

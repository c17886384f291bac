//! The game that a supplier of some capacity plays against the audits, and how far it is searched
//! (section 4 of the design; the argument is in [`crate::sybil`]).
//!
//! A supplier that places `N` bids of which it can deliver `m` gains `U(N, 1/m)`. Everything that
//! distinguishes one supplier from another, or the chain's schedule from a flat stake, is what a
//! bid of `1/m` has at stake and how large `m` may be. So one search serves all of them.

use crate::{
	binomial::Walk,
	number::{mul_div, Real, DECIMAL},
	search::{
		decimal, gain, most, payoff, pays_to_duplicate, scaled, Play, Search, MAX_STEPS, TOLERANCE,
	},
	sybil::{Attack, MAX_IDENTITIES, MAX_SPLIT},
	Error,
};
use sp_arithmetic::{traits::Zero, FixedI128, FixedU128, Perquintill, Rounding};

/// The rate found by [`Game::audit_rate`] is at most this many parts above the smallest: 2⁻⁴⁰.
const RATE_PRECISION: u64 = 909_494;

/// How far strategies are searched. What is not decided within the limits is never called truthful.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
	/// The most bids `m` that a capacity is split into.
	pub splits: u32,
	/// The most bids `N` that one supplier places.
	pub identities: u32,
	/// The most changes of `N` by one in one search. Errors grow with it: utilities are exact to
	/// 2⁻⁴⁰ for `2²²` steps as long as the stake is below `2³⁰`.
	pub steps: u32,
}

impl Limits {
	/// What a chain searches within one call.
	pub const CHAIN: Self =
		Self { splits: MAX_SPLIT, identities: MAX_IDENTITIES, steps: MAX_STEPS };
}

/// What one of `m` bids of equal size has at stake, in units of the reward for one bid of the whole
/// capacity.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stakes {
	/// The same for every `m`.
	Flat(FixedU128),
	/// `base · max(capacity / (m · reference), 1)`, with the base in units of 10⁻¹⁸.
	Schedule { base: Real, capacity: u64, reference: u64 },
}

impl Stakes {
	pub(crate) fn of(&self, split: u32) -> FixedU128 {
		match *self {
			Self::Flat(stake) => stake,
			Self::Schedule { base, capacity, reference } => {
				let bids = u128::from(reference).saturating_mul(split.max(1).into());
				let above = Real::from_ratio(u128::from(capacity).max(bids), bids);
				let value = above.map_or(u128::MAX, |above| base.times(above).floor());
				FixedU128::from_inner(value)
			}
		}
	}
}

/// What a supplier can win and lose, at any audit rate.
#[derive(Clone, Copy, Debug)]
pub struct Game {
	/// `ρ`.
	pub(crate) curvature: FixedU128,
	pub(crate) stakes: Stakes,
	/// No bid may be smaller than the capacity divided by this.
	pub(crate) splits: u64,
}

impl Game {
	/// A supplier of unit capacity with curvature `ρ` and the stake `S` on each bid, in units of the
	/// reward for the truth, without a minimum bid: the game of section 4.
	pub const fn unit(curvature: FixedU128, stake: FixedU128) -> Self {
		Self { curvature, stakes: Stakes::Flat(stake), splits: u64::MAX }
	}

	/// What one of `split` bids of equal size has at stake, in units of the reward for one bid of the
	/// whole capacity.
	pub fn stake(&self, split: u32) -> FixedU128 {
		self.stakes.of(split)
	}

	/// The most bids of equal size that the minimum bid allows.
	pub fn splits(&self) -> u64 {
		self.splits
	}

	/// `ρ`.
	pub fn curvature(&self) -> FixedU128 {
		self.curvature
	}

	/// `None` for a rate of zero or one.
	pub(crate) fn search(&self, rate: Perquintill, limits: Limits) -> Option<Search> {
		Search::new(*self, rate, limits)
	}

	/// `U(N, 1/m)`: what `identities` bids of one `split`-th gain in expectation, in units of the
	/// reward for a truthful bid that is audited, for any `N`.
	///
	/// Exact to 2⁻⁴⁰. Stakes above [`crate::MAX_STAKE_RATIO`] count as that. Takes
	/// `identities + split` steps. Refused for a split of zero, and above the limits on splits and
	/// identities; a minimum bid is not looked at.
	pub fn utility(
		&self,
		identities: u32,
		split: u32,
		rate: Perquintill,
		limits: Limits,
	) -> Result<FixedI128, Error> {
		if split == 0 || split > limits.splits || identities > limits.identities {
			return Err(Error::OutOfRange);
		}
		let gain = gain(split, self.curvature);
		let loss = gain.saturating_add(scaled(self.stakes.of(split)));
		let value = if identities <= split || rate.is_zero() || rate.is_one() {
			// Nothing is random that matters: either all bids can be delivered, or the rate decides.
			let rate = u128::from(rate.deconstruct());
			let earned = gain.saturating_mul(identities.into());
			let earned = mul_div(earned, rate, DECIMAL, Rounding::Down).unwrap_or(u128::MAX);
			let excess = if rate == 0 { 0 } else { identities.saturating_sub(split) };
			let signed = |value| i128::try_from(value).unwrap_or(i128::MAX);
			signed(earned).saturating_sub(signed(loss.saturating_mul(excess.into())))
		} else {
			let Some(mut walk) = Walk::new(rate) else {
				return Err(Error::OutOfRange);
			};
			walk.more_identities();
			for _ in 1..split {
				walk.more_splits();
				walk.more_identities();
			}
			for _ in split..identities {
				walk.more_identities();
			}
			payoff(&walk, gain, loss)
		};
		Ok(FixedI128::from_inner(decimal(value)))
	}

	/// The best strategy: the truth, one bid of everything, unless something gains more.
	///
	/// At a rate of zero all strategies gain nothing, and at one the truth is best; both return the
	/// truth.
	pub fn best_attack(&self, rate: Perquintill, limits: Limits) -> Attack {
		let mut attack = Attack::truth(rate);
		let Some(mut search) = self.search(rate, limits) else {
			return attack;
		};
		// What is better by no more than the error is not better.
		let mut most = i128::try_from(search.rate()).unwrap_or(0).saturating_add(TOLERANCE);
		while let Some(Play { identities, split, utility }) = search.next() {
			if utility > most {
				most = utility;
				let value = u128::try_from(decimal(utility)).unwrap_or(0);
				let utility = FixedU128::from_inner(value);
				attack = Attack { identities, split, utility, exhaustive: true };
			}
		}
		attack.exhaustive = search.complete;
		attack
	}

	/// The smallest audit rate above which telling the truth is always best.
	///
	/// At least the exact value, and above it by less than 2⁻³⁸, if that can be decided within the
	/// limits; otherwise the smallest rate that can be. With a curvature below 1, or without stake,
	/// only a rate of one will do; with a curvature of 1 too, unless a minimum bid keeps the splits
	/// within the limits. Without one the result is never below `(splits + 1)^(1−ρ)`.
	///
	/// The exact value is `inf {ε ∈ (0, 1] : max U ≤ ε}`. Zero has to be left out, where `U ≤ ε`
	/// holds because nothing is ever audited. The set is an interval that ends at one, because
	/// `U / ε` falls as `ε` grows, so that bisection finds it. Takes at most 41 searches.
	pub fn audit_rate(&self, limits: Limits) -> Perquintill {
		let stake = self.stakes.of(1);
		let truthful = |parts| {
			let rate = Perquintill::from_parts(parts);
			!pays_to_duplicate(rate, stake)
				&& self.search(rate, limits).is_some_and(|mut search| search.is_truthful())
		};
		let one = Perquintill::one().deconstruct();
		if self.curvature.into_inner() < DECIMAL || stake.is_zero() {
			return Perquintill::one();
		}
		// A second bid of everything pays below 1 / (1 + S), whatever the curvature.
		let whole = DECIMAL.saturating_add(stake.into_inner());
		let least = mul_div(DECIMAL, DECIMAL, whole, Rounding::Up).unwrap_or(DECIMAL);
		// And nothing is decided below the most that a split too far to be searched can gain.
		let beyond = limits.splits.saturating_add(1);
		let floor = if u64::from(beyond) > self.splits {
			0
		} else {
			let most = most(beyond, gain(beyond, self.curvature));
			decimal(i128::try_from(most).unwrap_or(0)).unsigned_abs().saturating_add(1)
		};
		let least = u64::try_from(least.max(floor)).unwrap_or(one).clamp(1, one);
		if truthful(least) {
			return Perquintill::from_parts(least);
		}
		let (mut low, mut high) = (least, one);
		for _ in 0..u64::BITS {
			let width = high.saturating_sub(low);
			if width <= RATE_PRECISION {
				break;
			}
			let middle = low.saturating_add(width >> 1);
			if truthful(middle) {
				high = middle;
			} else {
				low = middle;
			}
		}
		Perquintill::from_parts(high)
	}
}

#[cfg(test)]
#[path = "tests/game.rs"]
mod tests;

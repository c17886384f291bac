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
		bonus, decimal, gain, most, payoff, pays_to_duplicate, power, Play, Search, BITS,
		MAX_STEPS, TOLERANCE,
	},
	stakes::{fixed, scaled, Stakes},
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

/// Which bids are looked at for a number `m` of them that can be delivered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sizes {
	/// Of `α = 1/m`: without relays nothing between two of these is better.
	Whole,
	/// Of the reference capacity, or of `1/(m + 1)` where that is more, for `m` below `κ`. Where relays
	/// pay for what audits lose, smaller bids lose less: these lose least.
	Smaller,
}

/// What a supplier can win and lose, at any audit rate.
#[derive(Clone, Copy, Debug)]
pub struct Game {
	/// `ρ`.
	pub(crate) curvature: FixedU128,
	pub(crate) stakes: Stakes,
	/// No bid may be smaller than the capacity divided by this.
	pub(crate) splits: u64,
	/// What relays bring at most to whoever declares more than it has, in units of the reward for the
	/// truth, with the fraction bits of a search.
	pub(crate) relays: u128,
	pub(crate) sizes: Sizes,
}

impl Game {
	/// A supplier of unit capacity with curvature `ρ` and the stake `S` on each bid, in units of the
	/// reward for the truth, without a minimum bid: the game of section 4.
	pub const fn unit(curvature: FixedU128, stake: FixedU128) -> Self {
		Self::new(curvature, Stakes::Flat(stake), u64::MAX)
	}

	/// Without relays.
	pub(crate) const fn new(curvature: FixedU128, stakes: Stakes, splits: u64) -> Self {
		Self { curvature, stakes, splits, relays: 0, sizes: Sizes::Whole }
	}

	/// The same game with bids of the other [`Sizes`]; none where those are no better.
	pub(crate) fn with_smaller_bids(&self) -> Option<Self> {
		(self.relays > 0).then_some(Self { sizes: Sizes::Smaller, ..*self })
	}

	/// `α^ρ` and `α^ρ + S` of one of the bids of which `split` can be delivered, given `split^-ρ`, with the
	/// fraction bits of a search.
	pub(crate) fn terms(&self, split: u32, whole: Real) -> (u128, u128) {
		let power = match self.sizes {
			Sizes::Whole => whole,
			Sizes::Smaller => {
				power(split.saturating_add(1), self.curvature).max(self.stakes.floor())
			}
		};
		let gain = power.to_fixed(BITS);
		(gain, gain.saturating_add(scaled(self.stakes.of(split, power))))
	}

	/// What relays bring at most to whoever declares more than it has, in units of the reward for one bid
	/// of everything.
	pub fn relays(&self) -> FixedU128 {
		let value = decimal(i128::try_from(self.relays).unwrap_or(i128::MAX));
		FixedU128::from_inner(value.unsigned_abs())
	}

	/// What one of `split` bids of equal size has at stake, in units of the reward for one bid of the
	/// whole capacity.
	pub fn stake(&self, split: u32) -> FixedU128 {
		fixed(self.stakes.of(split, power(split, self.curvature)))
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
	/// reward for a truthful bid that is audited, for any `N`; with what relays bring.
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
		let (gain, loss) = self.terms(split, power(split, self.curvature));
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
		let value = value.saturating_add(bonus(self.relays, identities, split));
		Ok(FixedI128::from_inner(decimal(value)))
	}

	/// The best strategy: the truth, one bid of everything, unless something gains more.
	///
	/// At a rate of zero audits bring nothing to anybody, and at one the truth is best where relays bring
	/// nothing; both return the truth.
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

	/// Whether no strategy gains more than the truth, and the steps that this took. Errs on the side of no.
	pub(crate) fn is_truthful(&self, rate: Perquintill, limits: Limits) -> (bool, u32) {
		if self.relays == 0 && pays_to_duplicate(rate, self.stake(1)) {
			return (false, 0);
		}
		let mut steps = 0u32;
		for game in [Some(*self), self.with_smaller_bids()].into_iter().flatten() {
			let limits = Limits { steps: limits.steps.saturating_sub(steps), ..limits };
			let Some(mut search) = game.search(rate, limits) else {
				return (false, steps);
			};
			let truthful = search.is_truthful();
			steps = steps.saturating_add(search.steps());
			if !truthful {
				return (false, steps);
			}
		}
		(true, steps)
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
		let stake = self.stake(1);
		let truthful = |parts| {
			let rate = Perquintill::from_parts(parts);
			self.is_truthful(rate, limits).0
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

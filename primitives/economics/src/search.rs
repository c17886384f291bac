//! The search for the best lie: the best number of bids for one split after the other (section 4
//! of the design; the argument is in [`crate::sybil`]).

use crate::{
	binomial::{Walk, EXCESS_BITS, TAIL_BITS},
	game::{Game, Limits},
	number::{mul_div, mul_shift, Real, DECIMAL},
	sybil::MAX_STAKE_RATIO,
};
use sp_arithmetic::{FixedU128, PerThing, Perquintill, Rounding};

/// The most steps of one search on chain, each of one bid more or one less.
pub(crate) const MAX_STEPS: u32 = 1 << 16;

/// Fraction bits of gains, stakes and utilities in this module. A stake of [`MAX_STAKE_RATIO`] has
/// 40 bits more.
pub(crate) const BITS: u32 = 87;

/// More than the error of any utility that a search computes: 2⁻⁴⁰.
pub(crate) const TOLERANCE: i128 = 1 << (BITS - 40);

/// The best number of bids for one split.
pub(crate) struct Play {
	pub(crate) identities: u32,
	pub(crate) split: u32,
	/// With [`BITS`].
	pub(crate) utility: i128,
}

/// A search over splits, `m = 1, 2, …`, at a rate between zero and one.
pub(crate) struct Search {
	game: Game,
	limits: Limits,
	walk: Walk,
	next: u32,
	/// Whether there is nothing more to find.
	pub(crate) complete: bool,
	/// Whether the search had to stop before that.
	exhausted: bool,
}

impl Search {
	/// `None` for a rate of zero or one.
	pub(crate) fn new(game: Game, rate: Perquintill, limits: Limits) -> Option<Self> {
		let walk = Walk::new(rate)?;
		Some(Self { game, limits, walk, next: 1, complete: false, exhausted: false })
	}

	/// Whether a split into `m` or more, with this gain for one bid, cannot beat the truth.
	fn hopeless(&self, split: u32, gain: u128) -> bool {
		u64::from(split) > self.game.splits || (split > 1 && most(split, gain) <= self.rate())
	}

	/// ε with [`BITS`], not rounded.
	pub(crate) fn rate(&self) -> u128 {
		self.walk.rate() >> (EXCESS_BITS - BITS)
	}

	/// The best number of bids for the next split; `None` when the search has ended.
	pub(crate) fn next(&mut self) -> Option<Play> {
		if self.exhausted {
			return None;
		}
		let split = self.next;
		let gain = gain(split, self.game.curvature);
		if self.complete || self.hopeless(split, gain) {
			self.complete = true;
			return None;
		}
		if split > self.limits.splits {
			return None;
		}
		if split > 1 {
			self.walk.more_splits();
		}
		let loss = gain.saturating_add(scaled(self.game.stakes.of(split)));
		let limit = mul_div(gain, 1 << TAIL_BITS, loss, Rounding::Down).unwrap_or(0);
		// What is found when the steps run out counts, but it is not all.
		self.exhausted = !self.settle(limit);
		self.next = split.saturating_add(1);
		let (identities, utility) = (self.walk.identities(), payoff(&self.walk, gain, loss));
		Some(Play { identities, split, utility })
	}

	/// Goes to the largest `N` for which `P(X_{N−1} ≥ m)` is at most the limit. Whether it got there.
	fn settle(&mut self, limit: u128) -> bool {
		let split = self.walk.split();
		let start = self.walk.identities();
		while self.walk.identities() < split || self.walk.tail() <= limit {
			if self.out_of_steps() || self.walk.identities() >= self.limits.identities {
				return false;
			}
			self.walk.more_identities();
		}
		// From one split to the next it may also fall.
		while self.walk.identities() <= start && self.walk.identities() > split {
			let mut fewer = self.walk;
			fewer.fewer_identities();
			if fewer.tail() <= limit {
				break;
			}
			if self.out_of_steps() {
				return false;
			}
			self.walk = fewer;
		}
		true
	}

	fn out_of_steps(&self) -> bool {
		self.walk.steps >= self.limits.steps
	}

	/// Whether no strategy gains more than the truth. Errs on the side of no, for policies within
	/// the tolerance of the boundary.
	pub(crate) fn is_truthful(&mut self) -> bool {
		// Known before the search, which would otherwise end here after all the work.
		let beyond = self.limits.splits.saturating_add(1);
		if !self.hopeless(beyond, gain(beyond, self.game.curvature)) {
			return false;
		}
		let rate = i128::try_from(self.rate()).unwrap_or(0);
		while let Some(play) = self.next() {
			// One bid of everything is decided exactly by `pays_to_duplicate`.
			if play.split > 1
				&& play.identities > play.split
				&& play.utility.saturating_add(TOLERANCE) > rate
			{
				return false;
			}
		}
		self.complete
	}

	#[cfg(test)]
	pub(crate) fn steps(&self) -> (u32, u32) {
		(self.walk.steps, self.next)
	}
}

/// `m^-ρ` with [`BITS`], rounded to either side by at most one, or 2⁻⁸⁰ of it.
pub(crate) fn gain(split: u32, curvature: FixedU128) -> u128 {
	let power = Real::from_integer(split.into()).pow(curvature);
	Real::ONE.checked_div(power).unwrap_or(Real::ONE).to_fixed(BITS)
}

/// More than all that a split can gain, `m · m^-ρ`, given `m^-ρ`. With [`BITS`].
pub(crate) fn most(split: u32, gain: u128) -> u128 {
	gain.saturating_add(gain >> 70).saturating_add(2).saturating_mul(split.into())
}

/// A stake with [`BITS`], rounded down.
pub(crate) fn scaled(stake: FixedU128) -> u128 {
	let most = u128::from(MAX_STAKE_RATIO) << BITS;
	mul_div(stake.into_inner(), 1 << BITS, DECIMAL, Rounding::Down).unwrap_or(most).min(most)
}

/// `U = α^ρ · N·ε − (α^ρ + S) · E[max(X − m, 0)]`, given `α^ρ` and `α^ρ + S`.
pub(crate) fn payoff(walk: &Walk, gain: u128, loss: u128) -> i128 {
	let bids = gain.saturating_mul(walk.identities().into());
	let earned = mul_shift(bids, walk.rate(), EXCESS_BITS);
	let lost = mul_shift(loss, walk.excess(), EXCESS_BITS);
	let signed = |value| i128::try_from(value).unwrap_or(i128::MAX);
	signed(earned).saturating_sub(signed(lost))
}

/// Whether a second bid of the whole capacity gains: `S · ε < 1 − ε`. Exact.
pub(crate) fn pays_to_duplicate(rate: Perquintill, stake: FixedU128) -> bool {
	let miss = rate.left_from_one().deconstruct().into();
	match mul_div(miss, DECIMAL, rate.deconstruct().into(), Rounding::Up) {
		Some(needed) => stake.into_inner() < needed,
		None => true,
	}
}

/// From [`BITS`] to the units of a fixed-point number, to the nearest.
pub(crate) fn decimal(value: i128) -> i128 {
	let size = mul_div(value.unsigned_abs(), DECIMAL, 1 << BITS, Rounding::NearestPrefDown)
		.and_then(|size| i128::try_from(size).ok())
		.unwrap_or(i128::MAX);
	if value < 0 {
		size.saturating_neg()
	} else {
		size
	}
}

//! The search for the best lie: the best number of bids for one split after the other (section 4
//! of the design; the argument is in [`crate::sybil`]).

use crate::{
	binomial::{Walk, EXCESS_BITS, TAIL_BITS},
	game::{Game, Limits, Sizes},
	number::{mul_div, mul_shift, Real, DECIMAL},
	stakes::scaled,
};
use sp_arithmetic::{FixedU128, PerThing, Perquintill, Rounding};

/// The most steps of one search on chain, each of one bid more or one less.
pub(crate) const MAX_STEPS: u32 = 1 << 16;

/// Fraction bits of gains, stakes and utilities in this module. A stake of [`MAX_STAKE_RATIO`] has
/// 40 bits more.
pub(crate) const BITS: u32 = 87;

/// Fraction bits of an audit rate.
const RATE_BITS: u32 = 64;

/// The most that relays are counted with, in units of the reward for the truth: 2³⁸.
pub(crate) const MOST_RELAYS: u128 = 1 << (BITS + 38);

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
	/// The most that relays can add to any split.
	relays: u128,
	/// Whether there is nothing more to find.
	pub(crate) complete: bool,
	/// Whether the search had to stop before that.
	exhausted: bool,
}

impl Search {
	/// `None` for a rate of zero or one.
	pub(crate) fn new(game: Game, rate: Perquintill, limits: Limits) -> Option<Self> {
		let walk = Walk::new(rate)?;
		let relays = most_of_relays(&game, &walk);
		Some(Self { game, limits, walk, next: 1, relays, complete: false, exhausted: false })
	}

	/// Whether a split into `m` or more, given `m^-ρ`, cannot beat the truth.
	fn hopeless(&self, split: u32, power: Real) -> bool {
		let only_smaller = self.game.sizes == Sizes::Smaller;
		if u64::from(split) > self.game.splits
			|| (only_smaller && !power.exceeds(&self.game.stakes.floor()))
		{
			return true;
		}
		let most = most(split, power.to_fixed(BITS)).saturating_add(self.relays);
		split > 1 && most <= self.rate()
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
		let power = power(split, self.game.curvature);
		if self.complete || self.hopeless(split, power) {
			self.complete = true;
			return None;
		}
		if split > self.limits.splits {
			return None;
		}
		let (gain, loss) = self.game.terms(split, power);
		if split > 1 {
			self.walk.more_splits();
		}
		let step = Step::new(&self.game, &self.walk, (gain, loss));
		// What is found when the steps run out counts, but it is not all.
		self.exhausted = !self.settle(step);
		self.next = split.saturating_add(1);
		let identities = self.walk.identities();
		let utility = payoff(&self.walk, gain, loss);
		let utility = utility.saturating_add(bonus(self.game.relays, identities, split));
		Some(Play { identities, split, utility })
	}

	/// Goes to the largest `N` that is not worse than one bid less. Whether it got there.
	fn settle(&mut self, step: Step) -> bool {
		let split = self.walk.split();
		let start = self.walk.identities();
		while self.walk.identities() < split || step.gains(&self.walk) {
			if self.out_of_steps() || self.walk.identities() >= self.limits.identities {
				return false;
			}
			self.walk.more_identities();
		}
		// From one split to the next it may also fall.
		while self.walk.identities() <= start && self.walk.identities() > split {
			let mut fewer = self.walk;
			fewer.fewer_identities();
			if step.gains(&fewer) {
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
		if !self.hopeless(beyond, power(beyond, self.game.curvature)) {
			return false;
		}
		let rate = i128::try_from(self.rate()).unwrap_or(0);
		while let Some(play) = self.next() {
			// Without relays one bid of everything is decided exactly by `pays_to_duplicate`.
			if (play.split > 1 || self.game.relays > 0)
				&& play.identities > play.split
				&& play.utility.saturating_add(TOLERANCE) > rate
			{
				return false;
			}
		}
		self.complete
	}

	/// Steps taken.
	pub(crate) fn steps(&self) -> u32 {
		self.walk.steps
	}

	#[cfg(test)]
	pub(crate) fn splits(&self) -> u32 {
		self.next
	}
}

/// Whether one bid more gains, for one split:
/// `U(N + 1) − U(N) = ε · (gain − loss · P(X_N ≥ m)) + g · m / (N · (N + 1))`, which falls as `N` grows.
#[derive(Clone, Copy)]
struct Step {
	loss: u128,
	gain: u128,
	/// The tail up to which audits alone make it gain.
	limit: u128,
	/// `g · m / ε`.
	relays: u128,
}

impl Step {
	fn new(game: &Game, walk: &Walk, (gain, loss): (u128, u128)) -> Self {
		let limit = mul_div(gain, 1 << TAIL_BITS, loss, Rounding::Down).unwrap_or(0);
		let split = u128::from(walk.split()) << RATE_BITS;
		let rate = walk.rate() >> (EXCESS_BITS - RATE_BITS);
		let relays = mul_div(game.relays, split, rate, Rounding::Up).unwrap_or(u128::MAX);
		Self { loss, gain, limit, relays }
	}

	/// Of one bid more than in the walk, which has as many as can be delivered.
	fn gains(&self, walk: &Walk) -> bool {
		if self.relays == 0 {
			return walk.tail() <= self.limit;
		}
		let identities = u128::from(walk.identities());
		let pairs = identities.saturating_mul(identities.saturating_add(1)).max(1);
		let more = self.relays.checked_div(pairs).unwrap_or(0);
		mul_shift(self.loss, walk.tail(), TAIL_BITS) <= self.gain.saturating_add(more)
	}
}

/// What relays add at most, to any split and any number of bids, given that the audits of `m` bids bring
/// at most `m^(1−ρ)`.
///
/// Up to `N = m/ε` the lie brings at most `g · (1 − ε)`. Beyond, audits draw `N·ε` bids on average, so that
/// at least `(N·ε − m)` stakes `s` are lost, and with `y = N/m` the sum of what relays bring and stakes
/// cost, `g · (1 − 1/y) − m·s · (ε·y − 1)`, falls from `y = 1/ε` on if `m·s ≥ g·ε`.
fn most_of_relays(game: &Game, walk: &Walk) -> u128 {
	let rate = walk.rate() >> (EXCESS_BITS - RATE_BITS);
	let all = game.relays;
	let audited = mul_div(all, rate, 1 << RATE_BITS, Rounding::Down).unwrap_or(0);
	let stakes = scaled(game.stakes.least_sum());
	if game.sizes == Sizes::Whole && stakes > audited {
		all.saturating_sub(audited)
	} else {
		all
	}
}

/// What `identities` bids, of which `split` can be delivered, bring with relays: `g · (1 − m/N)`, rounded
/// up, for more bids than can be delivered.
pub(crate) fn bonus(relays: u128, identities: u32, split: u32) -> i128 {
	if relays == 0 || identities <= split {
		return 0;
	}
	let rest = mul_div(relays, split.into(), identities.into(), Rounding::Down).unwrap_or(0);
	i128::try_from(relays.saturating_sub(rest)).unwrap_or(i128::MAX)
}

/// `m^-ρ`, to either side by at most 2⁻⁸⁰ of it.
pub(crate) fn power(split: u32, curvature: FixedU128) -> Real {
	let power = Real::from_integer(split.into()).pow(curvature);
	Real::ONE.checked_div(power).unwrap_or(Real::ONE)
}

/// [`power`] with [`BITS`], rounded down.
pub(crate) fn gain(split: u32, curvature: FixedU128) -> u128 {
	power(split, curvature).to_fixed(BITS)
}

/// More than all that a split can gain, `m · m^-ρ`, given `m^-ρ`. With [`BITS`].
pub(crate) fn most(split: u32, gain: u128) -> u128 {
	gain.saturating_add(gain >> 70).saturating_add(2).saturating_mul(split.into())
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

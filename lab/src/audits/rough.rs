//! The game in floating point: fast, and good enough to know where to look.

use super::{binomial::binomial, Lie};
use crate::number::Float;
use capacity_economics::{Game, Limits};

/// Splits that are searched first, and by how many times more each time: low rates take long, and
/// the level of the best of a few splits is rarely low.
const FIRST_SPLITS: u32 = 8;
const DEEPER: u32 = 4;

/// What is better by less is not better.
const TOLERANCE: f64 = 1e-11;

/// The lie whose level is the highest, and whether all were searched. The climb is that of
/// [`super::least`], with floats.
pub(super) fn best_lie(game: &Game, start: (Lie, f64), limits: Limits) -> (Lie, bool) {
	let (mut binding, mut rate) = start;
	let mut splits = FIRST_SPLITS;
	loop {
		let (lie, utility, complete) =
			best(game, rate, Limits { splits: splits.min(limits.splits), ..limits });
		let better = utility > rate + TOLERANCE;
		match level(game, lie, rate).filter(|higher| better && *higher > rate) {
			Some(higher) => (binding, rate) = (lie, higher),
			None if complete || splits >= limits.splits => return (binding, complete),
			None => splits = splits.saturating_mul(DEEPER),
		}
	}
}

/// The rate at which a lie is level with the truth, if it is above `least`.
pub(super) fn level(game: &Game, lie: Lie, least: f64) -> Option<f64> {
	root(|rate| Some(utility(game, lie, rate) - rate), least, 1e-15)
}

/// `U(N, 1/m)`.
pub(super) fn utility(game: &Game, lie: Lie, rate: f64) -> f64 {
	let gain = f64::from(lie.split).powf(-game.curvature().float());
	let excess = |(hits, chance): (u32, f64)| f64::from(hits.saturating_sub(lie.split)) * chance;
	let excess: f64 = match rate {
		1.0 => f64::from(lie.identities.saturating_sub(lie.split)),
		rate => binomial(lie.identities, rate).into_iter().map(excess).sum(),
	};
	let audits =
		gain * f64::from(lie.identities) * rate - (gain + game.stake(lie.split).float()) * excess;
	let extra = f64::from(lie.identities.saturating_sub(lie.split)) / f64::from(lie.identities);
	audits + game.relays().float() * extra
}

/// The best lie within the limits on splits and bids, what it gains, and whether more splits can gain nothing.
/// What changes with `N` and `m` is followed from one to the next, as the chain does.
fn best(game: &Game, rate: f64, limits: Limits) -> (Lie, f64, bool) {
	let (curvature, relays) = (game.curvature().float(), game.relays().float());
	let (mut bids, mut last, mut tail, mut excess) = (0u32, 1.0, 0.0, 0.0);
	let mut best = (Lie::TWICE, 0.0, false);
	for split in 1..=limits.splits {
		let size = f64::from(split);
		let gain = size.powf(-curvature);
		if u64::from(split) > game.splits() || (split > 1 && gain * size + relays <= rate) {
			return (best.0, best.1, true);
		}
		if split > 1 {
			last *= (f64::from(bids) + 2.0 - size) / (size - 1.0) * rate / (1.0 - rate);
			tail -= last;
			excess -= tail;
		}
		let stake = game.stake(split).float();
		// What one bid more brings with relays, in chances of losing a stake.
		let more = |bids: u32| {
			let bids = f64::from(bids);
			relays * size / (rate * bids * (bids + 1.0))
		};
		while bids < split || tail <= (gain + more(bids)) / (gain + stake) {
			if bids >= limits.identities {
				return best;
			}
			excess += rate * tail;
			tail += rate * last;
			bids += 1;
			last *= (1.0 - rate) * f64::from(bids) / (f64::from(bids) + 1.0 - size);
		}
		let gained = gain * f64::from(bids) * rate - (gain + stake) * excess
			+ relays * (1.0 - size / f64::from(bids));
		if gained > best.1 && bids > split {
			best = (Lie { identities: bids, split }, gained, false);
		}
	}
	best
}

/// Where a function that is positive at `low`, and falls through zero once, is zero: to within
/// `error` of its value. `None` if it is not positive at `low`, or has no value.
pub(super) fn root(value: impl Fn(f64) -> Option<f64>, mut low: f64, error: f64) -> Option<f64> {
	let mut low_value = value(low)?;
	if low_value <= error {
		return None;
	}
	// Up until it is negative, in growing steps.
	let (mut high, mut step) = (low, low / 64.0);
	let mut high_value = loop {
		high = (high + step).min(1.0);
		match value(high)? {
			above if above > 0.0 && high < 1.0 => (low, low_value) = (high, above),
			below => break below,
		}
		step *= 2.0;
	};
	// False position; an end that has stayed twice counts half, so that the other comes closer.
	let mut stayed = 0;
	while high_value < -error && high - low > f64::EPSILON * high {
		let (up, down) = match stayed {
			2.. => (low_value, high_value / 2.0),
			..=-2 => (low_value / 2.0, high_value),
			_ => (low_value, high_value),
		};
		let guess = (low * down - high * up) / (down - up);
		let middle = if guess > low && guess < high { guess } else { (low + high) / 2.0 };
		if middle <= low || middle >= high {
			break;
		}
		match value(middle)? {
			near if near.abs() <= error => return Some(middle),
			above if above > 0.0 => {
				(low, low_value) = (middle, above);
				stayed = stayed.max(0) + 1;
			}
			below => {
				(high, high_value) = (middle, below);
				stayed = stayed.min(0) - 1;
			}
		}
	}
	Some(high)
}

#[cfg(test)]
#[path = "tests/rough.rs"]
mod tests;

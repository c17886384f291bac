//! The least audit rate at which nobody gains by lying, and the lie that sets it.
//!
//! For one lie, `N` bids of which `m` can be delivered, `U / ε` falls as `ε` grows, because
//! `E[min(X, m)]` is concave in `ε`, `E[max(X − m, 0)]` convex, and both are zero at zero. So there
//! is one rate at which the lie is level with the truth: below it it pays, above it it does not.
//! `ε*` is the highest level of any lie.
//!
//! So every level is a lower bound, whichever lie it comes from, and the search climbs: at the level
//! of the best lie so far it looks for one that gains more than the truth there, and goes to the
//! level of that one. Where a search of all strategies finds none, `ε*` is reached. Floating point
//! does most of the climb ([`super::rough`]), which cannot mislead: levels and the last search, which
//! proves that nothing better was missed, are the chain's own code. That is one search of all
//! strategies where bisection takes forty.

use super::rough;
use crate::number::Float;
use capacity_economics::{FixedU128, Game, Limits, Perquintill};
use serde::Serialize;

/// How far the laboratory searches. The chain's own limits are [`Limits::CHAIN`].
pub const LIMITS: Limits = Limits { splits: 1 << 17, identities: 1 << 20, steps: 1 << 21 };

/// Levels are found to this much of a reward: less than what a search tells apart, 2⁻⁴⁰.
const LEVEL_ERROR: f64 = 5e-14;

/// A strategy other than the truth.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Lie {
	/// `N`: how many bids it places.
	pub identities: u32,
	/// `m`: how many of them it can deliver, each of `1/m` of the capacity.
	pub split: u32,
}

impl Lie {
	/// A second bid of everything.
	pub const TWICE: Self = Self { identities: 2, split: 1 };
}

/// The least audit rate of a game.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeastRate {
	/// `ε*`, to 10⁻¹² or better. If it is not decided, a rate that is not below `ε*`.
	pub rate: Perquintill,
	/// Whether all strategies were searched.
	pub decided: bool,
	/// Level with the truth at `ε*`, and better just below. `None` where ever finer splits pay at
	/// every rate. If `ε*` is not decided, the best lie that was found.
	pub binding: Option<Lie>,
}

/// `ε*` for a supplier that plays this game.
pub fn least_rate(game: &Game) -> LeastRate {
	least_rate_within(game, LIMITS)
}

/// [`least_rate`] with other limits than [`LIMITS`], and not above them.
pub fn least_rate_within(game: &Game, limits: Limits) -> LeastRate {
	let never = LeastRate { rate: Perquintill::one(), decided: true, binding: None };
	let one = FixedU128::from_u32(1);
	if game.curvature() < one || (game.curvature() == one && game.splits() == u64::MAX) {
		return never;
	}
	let mut binding = Lie::TWICE;
	let mut rate = level_of_a_second_bid(game);
	if rate == Perquintill::one() {
		return LeastRate { binding: Some(binding), ..never };
	}
	let bound = |binding| {
		let rate = game.audit_rate(limits);
		LeastRate { rate, decided: false, binding: Some(binding) }
	};
	let (lie, complete) = rough::best_lie(game, (binding, rate.float()), limits);
	if !complete {
		return bound(lie);
	}
	if let Some(higher) = level(game, lie, rate) {
		(binding, rate) = (lie, higher);
	}
	loop {
		let attack = game.best_attack(rate, limits);
		let lie = Lie { identities: attack.identities, split: attack.split };
		match level(game, lie, rate) {
			Some(higher) => (binding, rate) = (lie, higher),
			None if attack.exhaustive => {
				return LeastRate { rate, decided: true, binding: Some(binding) }
			}
			None => return bound(binding),
		}
	}
}

/// `1 / (1 + S)`, rounded up: exactly where a second bid of everything ceases to pay.
fn level_of_a_second_bid(game: &Game) -> Perquintill {
	const ONE: u128 = 1_000_000_000_000_000_000;
	let whole = ONE.saturating_add(game.stake(1).into_inner());
	Perquintill::from_parts((ONE * ONE).div_ceil(whole) as u64)
}

/// The rate at which a lie is level with the truth, if it is above `least`.
pub fn level(game: &Game, lie: Lie, least: Perquintill) -> Option<Perquintill> {
	if u64::from(lie.split) > game.splits() || lie.identities <= lie.split {
		return None;
	}
	let at = |rate: f64| Perquintill::from_parts((rate * 1e18) as u64);
	let ahead = |rate: f64| {
		let utility = game.utility(lie.identities, lie.split, at(rate), LIMITS).ok()?;
		Some(utility.float() - at(rate).float())
	};
	if ahead(least.float())? <= LEVEL_ERROR {
		return None;
	}
	// One step by the slope that floats have seen is nearly always enough.
	let near = rough::level(game, lie, least.float()).and_then(|guess| {
		let roughly = |rate| rough::utility(game, lie, rate) - rate;
		let step = guess * 1e-6;
		let slope = (roughly(guess - step) - roughly(guess)) / step;
		let better = guess + ahead(guess)? / slope;
		let close = (least.float()..=1.0).contains(&better) && ahead(better)?.abs() <= LEVEL_ERROR;
		close.then_some(better)
	});
	let found = near.or_else(|| rough::root(ahead, least.float(), LEVEL_ERROR))?;
	Some(at(found)).filter(|found| *found > least)
}

#[cfg(test)]
#[path = "tests/least.rs"]
mod tests;

//! What `N` bids of `1/m` gain, over `N`, and the best `N` for each `m`.

use super::{least::LIMITS, Lie};
use crate::number::Float;
use anyhow::{ensure, Result};
use capacity_economics::{Game, Perquintill};
use rayon::prelude::*;
use serde::Serialize;

/// What bids of one size gain.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bids {
	/// `m`: the bids are `1/m` of the capacity.
	pub split: u32,
	/// The best `N` for this size, and its gain in units of the reward for the truth.
	pub best_identities: u32,
	pub best_utility: f64,
	/// `U(N, 1/m)` for the `N` that were asked for.
	pub utilities: Vec<(u32, f64)>,
}

/// All sizes of bids at one audit rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sizes {
	/// `ε`, which is what the truth gains.
	pub rate: f64,
	/// Of those asked for.
	pub sizes: Vec<Bids>,
	/// The best of all strategies, asked for or not; one bid of everything if the truth is best.
	pub best: Lie,
	pub best_utility: f64,
	/// Whether all strategies were searched. If not, `best` is the best that was found.
	pub exhaustive: bool,
}

/// `U(N, 1/m)` at a rate for all `splits` and `identities`.
pub fn sizes(game: &Game, rate: Perquintill, splits: &[u32], identities: &[u32]) -> Result<Sizes> {
	let attack = game.best_attack(rate, LIMITS);
	let bids = |split: &u32| {
		let (best_identities, best_utility) = best_identities(game, rate, *split)?;
		let at = |bids: &u32| Ok((*bids, utility(game, rate, *bids, *split)?));
		let utilities = identities.par_iter().map(at).collect::<Result<_>>()?;
		Ok(Bids { split: *split, best_identities, best_utility, utilities })
	};
	Ok(Sizes {
		rate: rate.float(),
		sizes: splits.iter().map(bids).collect::<Result<_>>()?,
		best: Lie { identities: attack.identities, split: attack.split },
		best_utility: attack.utility.float(),
		exhaustive: attack.exhaustive,
	})
}

/// `U(N, 1/m)`, in units of the reward for the truth.
pub fn utility(game: &Game, rate: Perquintill, identities: u32, split: u32) -> Result<f64> {
	ensure!(split > 0, "a capacity is split into one bid at least");
	ensure!(split <= LIMITS.splits, "at most {} splits can be computed", LIMITS.splits);
	ensure!(identities <= LIMITS.identities, "at most {} bids can be computed", LIMITS.identities);
	match game.utility(identities, split, rate, LIMITS) {
		Ok(utility) => Ok(utility.float()),
		Err(error) => anyhow::bail!("{identities} bids of 1/{split}: {error:?}"),
	}
}

/// The `N` with the highest `U(N, 1/m)`, and that. Found by bisection, as `U` is unimodal in `N`:
/// its differences, `ε · (α^ρ − (α^ρ + S) · P(X_N ≥ m))`, fall.
pub fn best_identities(game: &Game, rate: Perquintill, split: u32) -> Result<(u32, f64)> {
	let gain = |identities| utility(game, rate, identities, split);
	let rises = |identities| Ok::<_, anyhow::Error>(gain(identities + 1)? > gain(identities)?);
	// With as many bids as can be delivered nothing is lost.
	let (mut low, mut high) = (split, split);
	while rises(high)? {
		low = high + 1;
		ensure!(high < LIMITS.identities / 2, "the best number of bids is too large to compute");
		high *= 2;
	}
	while low < high {
		let middle = low + (high - low) / 2;
		if rises(middle)? {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	Ok((low, gain(low)?))
}

#[cfg(test)]
#[path = "tests/utility.rs"]
mod tests;

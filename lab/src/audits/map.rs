//! Least audit rates for many parameters at once.

use super::{least_rate, Capacity, LeastRate, Lie, Schedule};
use crate::{number::Float, Progress};
use anyhow::{ensure, Result};
use capacity_economics::{FixedU128, Game, Limits, MAX_CURVATURE};
use rayon::prelude::*;
use serde::Serialize;

/// The least audit rate at one place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Point {
	/// `ρ`.
	pub curvature: f64,
	/// `S`, or `σ` for the chain's schedule.
	pub stake: f64,
	/// `κ = c/C`, which may be infinite; 1 in the unit-capacity model.
	pub capacity: f64,
	/// `ε*`, or a rate that is not below it.
	pub least_rate: f64,
	/// Whether `ε*` is exact.
	pub decided: bool,
	/// What the protocol pays in a session at that rate, as a share of the cost of the supplier's
	/// whole capacity.
	pub cost: f64,
	/// Level with the truth at `ε*`, and better just below.
	pub binding: Option<Lie>,
	/// What the chain, whose search is shorter, calls the least rate: never below `ε*`.
	pub on_chain: Option<f64>,
	/// `ε*` if the stake grew like the cost, where capacities are compared.
	pub like_cost: Option<f64>,
}

/// Whether to ask also for what the chain finds, which takes longer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OnChain {
	Asked,
	Skipped,
}

/// `ε*(ρ, S)` for a supplier of unit capacity: for each curvature all stakes, in the order given.
/// The protocol pays `2ε*`.
pub fn unit(
	curvatures: &[FixedU128],
	stakes: &[FixedU128],
	chain: OnChain,
	progress: Progress,
) -> Result<Vec<Point>> {
	let bar = progress.bar((curvatures.len() * stakes.len()) as u64, "audit rates");
	let places: Vec<_> = pairs(curvatures, stakes);
	let solved = |(curvature, stake): &(FixedU128, FixedU128)| {
		checked(*curvature)?;
		let game = Game::unit(*curvature, *stake);
		let least = least_rate(&game);
		bar.inc(1);
		let cost = 2.0 * least.rate.float();
		Ok(Point::new(&game, *stake, 1.0, least, cost, chain))
	};
	places.par_iter().map(solved).collect()
}

/// `ε*` for suppliers of other capacities under the chain's own curve and stake: for each curvature,
/// stake and capacity, in this order. `common` says the rest.
pub fn schedule(
	curvatures: &[FixedU128],
	stakes: &[FixedU128],
	capacities: &[Capacity],
	common: Schedule,
	chain: OnChain,
	progress: Progress,
) -> Result<Vec<Point>> {
	let places = pairs(&pairs(curvatures, stakes), capacities);
	let bar = progress.bar(places.len() as u64, "audit rates");
	let solved = |((curvature, stake), capacity): &((FixedU128, FixedU128), Capacity)| {
		checked(*curvature)?;
		let policy = Schedule { curvature: *curvature, stake: *stake, ..common };
		let game = policy.game(*capacity)?;
		let least = least_rate(&game);
		bar.inc(1);
		let cost = policy.cost(*capacity, least.rate)?;
		let like_cost = Some(policy.least_rate_like_cost(*capacity)?.float());
		let kappa = capacity.float();
		Ok(Point { like_cost, ..Point::new(&game, *stake, kappa, least, cost, chain) })
	};
	places.par_iter().map(solved).collect()
}

fn pairs<A: Copy, B: Copy>(first: &[A], second: &[B]) -> Vec<(A, B)> {
	first.iter().flat_map(|first| second.iter().map(|second| (*first, *second))).collect()
}

impl Point {
	fn new(
		game: &Game,
		stake: FixedU128,
		capacity: f64,
		least: LeastRate,
		cost: f64,
		chain: OnChain,
	) -> Self {
		let asked = || game.audit_rate(Limits::CHAIN).float();
		Self {
			curvature: game.curvature().float(),
			stake: stake.float(),
			capacity,
			least_rate: least.rate.float(),
			decided: least.decided,
			cost,
			binding: least.binding,
			on_chain: (chain == OnChain::Asked).then(asked),
			like_cost: None,
		}
	}
}

/// Refuses a curvature that the chain does.
pub(crate) fn checked(curvature: FixedU128) -> Result<()> {
	ensure!(curvature >= FixedU128::from_u32(1), "a curvature is at least 1, which is linear");
	ensure!(curvature <= MAX_CURVATURE, "a curvature is at most {}", MAX_CURVATURE.float());
	Ok(())
}

#[cfg(test)]
#[path = "tests/map.rs"]
mod tests;

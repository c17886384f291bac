//! Many sessions of the chain itself, played by suppliers with strategies.
//!
//! - `memory`, `chain`: the pallet on a state in memory.
//! - `scenario`: what is played, under the policies that `policies` knows; `strategies`: how suppliers behave;
//!   `attacks`: all of them at once.
//! - `cast`, `world`: who plays, and a session after the other; `work`, `claims`: with real tries, claims
//!   and proofs; `money`: what is put in and taken out.
//! - `ledger`, `stats`, `report`: who gained what, and what the oracle said.
//! - `sweep`: one policy after another.

mod attacks;
mod cast;
pub mod chain;
mod claims;
mod ledger;
pub mod memory;
mod money;
mod policies;
mod population;
pub mod report;
mod scenario;
pub mod stats;
pub mod strategies;
pub mod sweep;
mod view;
mod work;
mod world;

#[cfg(test)]
mod tests;

pub use attacks::attacks;
pub use ledger::Counts;
pub use policies::{scaled, Known};
pub use population::{Group, Population};
pub use report::{Moment, Oracle, Report, StrategyReport, Verdict};
pub use scenario::{reference_policy, relay_terms, Scenario, COST};
pub use stats::Interval;
pub use strategies::Strategy;
pub use view::gains;

use crate::Progress;
use anyhow::Result;
use rayon::prelude::*;

/// Plays a scenario, every replica of it, and reports on all of them together.
pub fn run(scenario: &Scenario, progress: Progress) -> Result<Report> {
	scenario.check()?;
	let steps = u64::from(scenario.replicas) * u64::from(scenario.sessions);
	let bar = progress.bar(steps, "sessions");
	let runs: Vec<_> = (0..scenario.replicas)
		.into_par_iter()
		.map(|replica| world::play(scenario, replica, &bar))
		.collect::<Result<_>>()?;
	bar.finish_and_clear();
	Ok(Report::of(scenario, &runs))
}

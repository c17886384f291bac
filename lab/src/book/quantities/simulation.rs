//! Simulations that the book speaks of.

use super::{quantity, Arguments, Quantity};
use crate::{
	simulation::{run, Report, Scenario, StrategyReport},
	Progress,
};
use anyhow::{Context, Result};
use std::{
	collections::BTreeMap,
	sync::{Arc, Mutex, PoisonError},
};

/// A name, and what is played.
type Named = (&'static str, fn() -> Scenario);

const SCENARIOS: &[Named] = &[
	// What `lab simulate` plays.
	("default", Scenario::default),
	("lax", Scenario::lax),
];

const PLAYER: &[&str] = &["scenario", "strategy"];

pub(super) const ALL: &[Quantity] = &[
	quantity("simulated_gain", PLAYER, "mean gain of a supplier in a session, in rewards", |of| {
		Ok(player(of)?.gain.mean)
	}),
	quantity("simulated_gain_low", PLAYER, "the lower end of its 95 % interval", |of| {
		Ok(player(of)?.gain.low)
	}),
	quantity("simulated_gain_high", PLAYER, "the upper end of its 95 % interval", |of| {
		Ok(player(of)?.gain.high)
	}),
	quantity("simulated_true", &["scenario"], "the true capacity, in units", |of| {
		Ok(played(of)?.oracle.true_capacity)
	}),
	quantity(
		"simulated_reported",
		&["scenario"],
		"reported above the truth, as a share of it",
		|of| Ok(played(of)?.oracle.reported_error),
	),
	quantity(
		"simulated_verified",
		&["scenario"],
		"verified above the truth, as a share of it",
		|of| Ok(played(of)?.oracle.verified_error),
	),
];

/// A scenario is played once.
fn played(of: &Arguments) -> Result<Arc<Report>> {
	static PLAYED: Mutex<BTreeMap<&str, Arc<Report>>> = Mutex::new(BTreeMap::new());
	let name = of.text("scenario")?;
	let known = SCENARIOS.iter().find(|(known, _)| *known == name);
	let (name, scenario) = known.with_context(|| {
		let names: Vec<_> = SCENARIOS.iter().map(|(name, _)| *name).collect();
		format!("there is no scenario {name}; known are {}", names.join(", "))
	})?;
	let mut played = PLAYED.lock().unwrap_or_else(PoisonError::into_inner);
	if let Some(report) = played.get(name) {
		return Ok(report.clone());
	}
	let report = Arc::new(run(&scenario(), Progress::Hidden)?);
	played.insert(name, report.clone());
	Ok(report)
}

fn player(of: &Arguments) -> Result<StrategyReport> {
	let (report, strategy) = (played(of)?, of.text("strategy")?);
	let found = report.strategies.iter().find(|known| known.strategy == strategy);
	found.cloned().with_context(|| {
		let names: Vec<_> = report.strategies.iter().map(|known| known.strategy.as_str()).collect();
		format!("nobody plays {strategy}; played are {}", names.join(", "))
	})
}

//! The same suppliers under one policy after another.

use super::{run, view, Report, Scenario};
use crate::{
	figure::{Axis, Layer, Panel},
	outcome::table,
	Figure, Progress,
};
use anyhow::Result;
use rayon::prelude::*;
use serde::Serialize;

/// What differs from one policy to the next, and what came of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
	/// What was set, by name: `rate` and the like.
	pub at: Vec<(&'static str, f64)>,
	pub report: Report,
}

/// What is set, by name, and what is played with it.
pub type Setting = (Vec<(&'static str, f64)>, Scenario);

/// Plays all of them, on all processors.
pub fn sweep(scenarios: Vec<Setting>, progress: Progress) -> Result<Vec<Step>> {
	let bar = progress.bar(scenarios.len() as u64, "policies");
	let steps = scenarios.into_par_iter().map(|(at, scenario)| {
		let report = run(&scenario, Progress::Hidden)?;
		bar.inc(1);
		Ok(Step { at, report })
	});
	let steps = steps.collect();
	bar.finish_and_clear();
	steps
}

/// One line for each policy and strategy.
pub fn text(steps: &[Step]) -> String {
	let Some(first) = steps.first() else { return String::new() };
	let header = first.at.iter().map(|(name, _)| (*name).to_owned());
	let header = std::iter::once("strategy".to_owned()).chain(header);
	let header = header.chain(view::GAINS[3..].iter().map(ToString::to_string));
	let rows = steps.iter().flat_map(|step| {
		step.report.strategies.iter().map(|known| {
			let [strategy, _, _, gains @ ..] = view::gains_row(known);
			let at = step.at.iter().map(|(_, value)| value.to_string());
			std::iter::once(strategy).chain(at).chain(gains).collect::<Vec<_>>()
		})
	});
	table(header, rows)
}

/// What each strategy gains, against the one number that differs; none if several do.
pub fn figure(steps: &[Step]) -> Option<Figure> {
	let [(name, _)] = steps.first()?.at.as_slice() else { return None };
	let strategies = steps.first()?.report.strategies.iter().map(|known| &known.strategy);
	let layers = strategies.enumerate().map(|(number, strategy)| {
		let points = steps.iter().filter_map(|step| {
			let gain = step.report.strategies.get(number)?.gain;
			Some((step.at.first()?.1, gain.low, gain.mean, gain.high))
		});
		Layer::Intervals { label: strategy.clone(), points: points.collect() }
	});
	Some(Figure {
		name: "simulation-sweep".to_owned(),
		title: format!("What strategies gain, by {name}"),
		caption: format!(
			"Mean gain of a supplier in a session, with its 95 % confidence interval, on the chain itself, \
			 for several values of the {name}. Made with `lab simulate`."
		),
		panels: vec![Panel {
			title: String::new(),
			x: Axis::linear(*name),
			y: Axis::linear("gain a session, in rewards for the truth"),
			layers: layers.collect(),
		}],
	})
}

//! What a network pays, against what suppliers have at stake.

use super::{Candidate, Found};
use crate::{
	figure::{Axis, Figure, Layer, Panel},
	number::Float,
};

/// The cheapest policy's cost and its parts, for each stake. `command` has found it.
pub fn figure(found: &Found, command: &str) -> Figure {
	let line = |label: &str, part: fn(&Candidate) -> f64| Layer::Line {
		label: label.into(),
		points: found.stakes.iter().map(|it| (it.stake.float(), 100.0 * part(it))).collect(),
	};
	let parts = [
		line("total", |it| it.cost.total),
		line("audits", |it| it.cost.audits),
		line("capital", |it| it.cost.capital()),
		line("proofs on chain", |it| it.cost.chain),
		line("outages", |it| it.cost.outages()),
	];
	let seen = |layer: &Layer| match layer {
		Layer::Line { points, .. } => points.iter().any(|point| point.1 > 0.0),
		_ => true,
	};
	let mut layers: Vec<_> = parts.into_iter().filter(seen).collect();
	layers.push(Layer::Mark { label: "cheapest".into(), x: found.best.candidate.stake.float() });
	Figure {
		name: "policy-cost".into(),
		title: "What the cheapest policy for each stake costs".into(),
		caption: format!(
			"Little stake needs many audits, much stake costs interest. At each stake all other \
			 parameters are those of the cheapest policy that deters. Made by `{command}`."
		),
		panels: vec![Panel {
			title: String::new(),
			x: Axis::logarithmic("stake σ, in session costs"),
			y: Axis::logarithmic("cost, in % of running the network"),
			layers,
		}],
	}
}

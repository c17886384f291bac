//! What faking a share gains under different rules.

use super::{openings, probability};
use crate::{
	figure::{Axis, Layer, Panel},
	number::Float,
	proofs::{
		game::{Game, Rule},
		theorem::{grid, Setting},
	},
	Figure,
};
use anyhow::Result;

/// What faking a share of a claim gains over an honest claim, under the chain's rules and without one
/// of them; one panel for each probability. `lab theorem` draws it.
pub fn theorem(setting: &Setting) -> Result<Figure> {
	let mut panels = Vec::new();
	for p in &setting.probabilities {
		let line = |label: String, game: Game, rule: Rule| {
			let gain = |share| (Float::float(share), game.gain(rule, share));
			Layer::Line {
				label,
				points: std::iter::once((0.0, 0.0)).chain(grid(100).map(gain)).collect(),
			}
		};
		let mut layers = Vec::new();
		for (index, count) in setting.openings.iter().enumerate() {
			let [chain, short, document, others, paid, fat, _] = setting.played(*p, *count)?;
			let label = format!("the chain's rules, {}", openings(*count));
			layers.push(line(label, chain.1, chain.2));
			if index == 0 {
				layers.push(line(short.0.replace("the same, ", ""), short.1, short.2));
				layers.push(line("Q without the claim's worth".into(), document.1, document.2));
				layers.push(line("that, if others pay for it all".into(), others.1, others.2));
				layers.push(line("still paid after a failed proof".into(), paid.1, paid.2));
				layers.push(line("challenges by path, a fat leaf".into(), fat.1, fat.2));
			}
		}
		panels.push(Panel {
			title: probability(*p),
			x: Axis::linear("share of the claim that is fake, f").from(0.0, 1.0),
			y: Axis::linear("gain over an honest claim, in W").from(-1.0, 1.0),
			layers,
		});
	}
	Ok(Figure {
		name: "theorem".into(),
		title: "What faking a share of a claim gains".into(),
		caption:
			"With openings drawn by weight and Q = W/p no share gains, whoever pays for the rest of \
		          the claim. With less, or without the claim's own worth in it, small lies pay, unless \
		          others pay for all of it. Where a claim is still paid after a failed proof, or \
		          challenges are drawn by path (where a fat leaf is found no more often than any other \
		          leaf, until everything is fake), lying pays more. Made by `lab theorem`."
				.into(),
		panels,
	})
}

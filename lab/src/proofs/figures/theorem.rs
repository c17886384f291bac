//! What faking a share gains under different rules.

use super::{openings, probability};
use crate::{
	figure::{Axis, Layer, Panel},
	number::Float,
	proofs::{
		game::{Game, Rule},
		text::chosen_percent,
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
		let game = setting.game(*p)?;
		let line = |label: String, game: Game, rule: Rule| {
			let gain = |share| (Float::float(share), game.gain(rule, share));
			Layer::Line {
				label,
				points: std::iter::once((0.0, 0.0)).chain(grid(100).map(gain)).collect(),
			}
		};
		let mut layers = Vec::new();
		for (index, count) in setting.openings.iter().enumerate() {
			let [(_, chain), (_, paid), (_, fat), _] = setting.rules(*count);
			layers.push(line(format!("the chain's rules, {}", openings(*count)), game, chain));
			if index == 0 {
				let short = chosen_percent(setting.short.float());
				layers.push(line(format!("S {short} less"), setting.short_game(*p)?, chain));
				layers.push(line("still paid after a failed proof".into(), game, paid));
				layers.push(line("challenges by path, a fat leaf".into(), game, fat));
			}
		}
		panels.push(Panel {
			title: probability(*p),
			x: Axis::linear("share of the claim that is fake, f").from(0.0, 1.0),
			y: Axis::linear("gain over an honest claim, in R").from(-1.0, 1.0),
			layers,
		});
	}
	Ok(Figure {
		name: "theorem".into(),
		title: "What faking a share of a claim gains".into(),
		caption:
			"With openings drawn by weight, the whole claim forfeited and S = R(1−p)/p, no share \
		          gains: with one opening all are alike, with more every part loses. A smaller \
		          penalty, a claim that is still paid, or challenges by path (where a fat leaf is \
		          found no more often than any other leaf, until everything is fake) make it pay. \
		          Made by `lab theorem`."
				.into(),
		panels,
	})
}

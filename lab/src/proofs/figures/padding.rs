//! Padded claims: how often they are found out, and what they gain.

use crate::{
	figure::{Axis, Layer, Panel},
	proofs::padding::{adversary::Strategy, challenge::Challenge, profit::gain, Found, Row},
	Figure,
};
use std::collections::BTreeSet;

fn counts(found: &Found) -> BTreeSet<u32> {
	found.rows.iter().map(|row| row.openings).collect()
}

fn rows(found: &Found, challenge: Challenge, strategy: Strategy) -> impl Iterator<Item = &Row> {
	found.rows.iter().filter(move |row| (row.challenge, row.strategy) == (challenge, strategy))
}

/// `1 − (1−f)^k` at some shares, for drawing.
fn by_weight(openings: u32) -> impl Iterator<Item = (f64, f64)> {
	(0..=100)
		.map(|share| f64::from(share) / 100.0)
		.map(move |share| (share, 1.0 - (1.0 - share).powi(openings as i32)))
}

/// How all the curves are named together.
fn curves(found: &Found) -> String {
	let counts: Vec<_> = counts(found).into_iter().map(|count| count.to_string()).collect();
	format!("1 − (1−f)^k for k = {}", counts.join(", "))
}

/// Strategies are drawn a little beside one another.
fn beside(strategy: Strategy, share: f64) -> f64 {
	match strategy {
		Strategy::Spread => share - 0.008,
		Strategy::Fat => share,
		Strategy::Corner => share + 0.008,
	}
}

/// How often a padded claim was caught, by position and by path, with what should be by position as
/// lines. `lab padding` draws it.
pub fn padding_detection(found: &Found) -> Figure {
	let panel = |challenge: Challenge| {
		let mut layers = Vec::new();
		for count in counts(found) {
			layers.push(Layer::Line { label: curves(found), points: by_weight(count).collect() });
		}
		for strategy in Strategy::ALL {
			let point = |row: &Row| (beside(strategy, row.share), row.low, row.measured, row.high);
			let points = rows(found, challenge, strategy).map(point).collect();
			layers.push(Layer::Intervals { label: strategy.name().into(), points });
		}
		Panel {
			title: format!("challenges by {}", challenge.name()),
			x: Axis::linear("share of the weight that is fake, f").from(0.0, 1.0),
			y: Axis::linear("caught, if a proof is asked for").from(0.0, 1.0),
			layers,
		}
	};
	Figure {
		name: "padding-detection".into(),
		title: "How often a padded claim is caught".into(),
		caption:
			"Real tries with real openings: the share of sessions in which the proof failed, with \
		          99.9 % intervals; the lines are what is expected of positions, with more openings \
		          higher up. Positions of the weight find a fake share wherever it hides; challenges by \
		          path find it only where it does not hide in one fat leaf or under one long prefix, \
		          however many openings there are. Made by `lab padding`."
				.into(),
		panels: Challenge::ALL.map(panel).into(),
	}
}

/// What padding gained, by position and by path. `lab padding` draws it.
pub fn padding_profit(found: &Found) -> Figure {
	let panel = |challenge: Challenge| {
		let mut layers = Vec::new();
		for count in counts(found) {
			let points = by_weight(count).map(|(share, caught)| (share, gain(share, caught)));
			let label = format!("f − d with d = {}", curves(found));
			layers.push(Layer::Line { label, points: points.collect() });
		}
		for strategy in Strategy::ALL {
			let point = |row: &Row| (beside(strategy, row.share), row.gain);
			let points = rows(found, challenge, strategy).map(point).collect();
			layers.push(Layer::Dots { label: strategy.name().into(), points });
		}
		Panel {
			title: format!("challenges by {}", challenge.name()),
			x: Axis::linear("share of the weight that is fake, f").from(0.0, 1.0),
			y: Axis::linear("gain over an honest claim, in its worth").from(-1.0, 1.0),
			layers,
		}
	};
	Figure {
		name: "padding-profit".into(),
		title: "What padding a claim gains".into(),
		caption:
			"With the penalty W(1−p)/p and the whole claim W forfeited, padding gains f − d times \
		          W, whatever p is; with more openings the lines lie lower. By position that is nothing \
		          at the most, but for the chance of the sessions that were tried; by path a hidden \
		          fake gains nearly all that it claims. Made by `lab padding`."
				.into(),
		panels: Challenge::ALL.map(panel).into(),
	}
}

//! The figures of *Capacity oracles*, and the same ones for other parameters.

use super::{
	map::{self, OnChain, Point},
	utility::{self, Bids, Sizes},
	Concentration,
};
use crate::{
	figure::{Axis, Layer, Panel},
	Figure, Progress, Values,
};
use anyhow::Result;
use capacity_economics::{FixedU128, Game, Perquintill};

/// Costs at which contours are drawn, as the document does.
const LEVELS: [f64; 7] = [0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0];

/// Most points of one line.
const POINTS: usize = 400;

/// What truthful capacity costs the protocol, over curvature and stake: the document's heat map.
pub fn protocol_cost(progress: Progress) -> Result<Figure> {
	let (curvatures, stakes): (Values, Values) = ("1.1..3:100".parse()?, "0..32:100".parse()?);
	let points = map::unit(curvatures.all(), stakes.all(), OnChain::Skipped, progress)?;
	Ok(cost_map(&points, "lab audit-rate --curvature 1.1..3:100 --stake 0..32:100"))
}

/// What bids of each size gain, at the document's two audit rates.
pub fn sybil_utility() -> Result<Figure> {
	let game = Game::unit(FixedU128::from_u32(2), FixedU128::from_u32(50));
	let (splits, identities): (Vec<u32>, Vec<u32>) = ((1..=8).collect(), (1..=100).collect());
	let at = |rate: u64| {
		utility::sizes(&game, Perquintill::from_rational(rate, 1_000), &splits, &identities)
	};
	Ok(utility_figure(&[at(17)?, at(34)?], 2.0, 50.0, "lab sybil"))
}

/// How the allocation of many small bids concentrates, as it does with linear rewards.
pub fn linear_concentration() -> Result<Figure> {
	let found: Result<Vec<_>> = [10, 100, 1_000, 10_000]
		.map(|identities| Concentration::new(identities, 0.97, 0.5, 8.0))
		.into_iter()
		.collect();
	Ok(concentration_figure(&found?, "lab sybil --linear"))
}

/// A heat map of costs over stake and curvature.
pub(crate) fn cost_map(points: &[Point], command: &str) -> Figure {
	let mut sorted: Vec<&Point> = points.iter().collect();
	sorted.sort_by(|a, b| {
		(a.curvature, a.stake)
			.partial_cmp(&(b.curvature, b.stake))
			.unwrap_or(std::cmp::Ordering::Equal)
	});
	let distinct = |of: fn(&Point) -> f64| {
		let mut values: Vec<f64> = sorted.iter().map(|point| of(point)).collect();
		values.sort_by(f64::total_cmp);
		values.dedup();
		values
	};
	let layer = Layer::Heat {
		label: "protocol cost 2ε*, as a share of the cost of all capacity".into(),
		xs: distinct(|point| point.stake),
		ys: distinct(|point| point.curvature),
		values: sorted.iter().map(|point| point.cost).collect(),
		levels: LEVELS.into(),
	};
	let bounds = points.iter().filter(|point| !point.decided).count();
	let bounds = match bounds {
		0 => String::new(),
		count => format!(" {count} of {} values are upper bounds.", points.len()),
	};
	figure(
		"protocol-cost",
		"What truthful capacity costs the protocol",
		format!(
			"A supplier of unit capacity is audited at the least rate ε* at which no lie pays, and is \
			paid 2ε* in expectation: its cost and a reward as large.{bounds} Made by `{command}`."
		),
		vec![Panel {
			title: String::new(),
			x: Axis::linear("stake S, in rewards of a truthful bid"),
			y: Axis::linear("curvature ρ of the reward"),
			layers: vec![layer],
		}],
	)
}

/// Costs along stake, curvature or capacity, `along`, with one line for each name.
pub(crate) fn cost_lines(
	points: &[Point],
	along: (&str, fn(&Point) -> f64),
	name: impl Fn(&Point) -> String,
	command: &str,
) -> Figure {
	let mut lines: Vec<(String, Vec<(f64, f64)>)> = Vec::new();
	for point in points {
		let (label, place) = (name(point), (along.1(point), point.cost));
		match lines.iter_mut().find(|(known, _)| *known == label) {
			Some((_, line)) => line.push(place),
			None => lines.push((label, vec![place])),
		}
	}
	let layer = |(label, mut points): (String, Vec<(f64, f64)>)| {
		points.sort_by(|a, b| a.0.total_cmp(&b.0));
		Layer::Line { label, points }
	};
	figure(
		"protocol-cost",
		"What truthful capacity costs the protocol",
		format!(
			"Expected pay at the least audit rate at which no lie pays, as a share of the cost of the \
			supplier's whole capacity. Made by `{command}`."
		),
		vec![Panel {
			title: String::new(),
			x: Axis::linear(along.0),
			y: Axis::linear("protocol cost"),
			layers: lines.into_iter().map(layer).collect(),
		}],
	)
}

/// One panel for each audit rate.
pub(crate) fn utility_figure(found: &[Sizes], curvature: f64, stake: f64, command: &str) -> Figure {
	let panel = |sizes: &Sizes| {
		let best = sizes.sizes.iter().map(|bids| bids.best_utility).fold(sizes.rate, f64::max);
		// Below, lines only fall.
		let (low, high) = (-0.5 * best, 1.1 * best);
		let lines = sizes.sizes.iter().flat_map(|bids| lines(bids, low));
		Panel {
			title: format!("ε = {}", sizes.rate),
			x: Axis::linear("identities N"),
			y: Axis::linear("expected utility U, in rewards of a truthful bid").from(low, high),
			layers: lines
				.chain([Layer::Level { label: "the truth".into(), y: sizes.rate }])
				.collect(),
		}
	};
	figure(
		"sybil-utility",
		"What many bids of one size gain",
		format!(
			"N bids of α each, with curvature {curvature} and stake {stake}. A dot is the best N for \
			its α; where one lies above the dashed line, lying pays. Made by `{command}`."
		),
		found.iter().map(panel).collect(),
	)
}

fn lines(bids: &Bids, low: f64) -> [Layer; 2] {
	let label = match bids.split {
		1 => "α = 1".to_string(),
		split => format!("α = 1/{split}"),
	};
	let (first, last) = match (bids.utilities.first(), bids.utilities.last()) {
		(Some(first), Some(last)) => (first.0, last.0),
		_ => (0, 0),
	};
	let points = bids.utilities.iter().filter(|(_, utility)| *utility >= low);
	let points = thinned(points.map(|(bids, utility)| (f64::from(*bids), *utility)).collect());
	let inside = (first..=last).contains(&bids.best_identities) && bids.best_utility >= low;
	let best = (f64::from(bids.best_identities), bids.best_utility);
	let dot = if inside { vec![best] } else { vec![] };
	[Layer::Line { label: label.clone(), points }, Layer::Dots { label, points: dot }]
}

/// The distributions of all, each relative to its most likely value.
pub(crate) fn concentration_figure(found: &[Concentration], command: &str) -> Figure {
	let line = |found: &Concentration| {
		let top = found.distribution.iter().map(|(_, chance)| *chance).fold(0.0, f64::max);
		let points = found.distribution.iter().filter(|(_, chance)| *chance > 1e-3 * top);
		Layer::Line {
			label: format!("N = {}: P(> 1) = {:.1} %", found.identities, 100.0 * found.overload),
			points: thinned(points.map(|(place, chance)| (*place, chance / top)).collect()),
		}
	};
	let mut layers: Vec<_> = found.iter().map(line).collect();
	layers.push(Layer::Mark { label: "all that can be delivered".into(), x: 1.0 });
	let (mean, rate) = found.first().map_or((0.0, 0.0), |found| (found.mean, found.rate));
	figure(
		"linear-concentration",
		"Linear rewards: many small bids concentrate",
		format!(
			"N bids that report {:.4} times the capacity in all, at an audit rate of {rate}: what is \
			allocated concentrates on {mean}, and ever more rarely more than can be delivered. Made by \
			`{command}`.",
			mean / rate
		),
		vec![Panel {
			title: String::new(),
			x: Axis::linear("capacity allocated, as a share of the true one").from(0.0, 2.0),
			y: Axis::linear("probability, relative to the most likely"),
			layers,
		}],
	)
}

fn figure(name: &str, title: &str, caption: String, panels: Vec<Panel>) -> Figure {
	Figure { name: name.into(), title: title.into(), caption, panels }
}

/// Evenly, and with both ends.
fn thinned(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
	let Some(last) = points.len().checked_sub(1).filter(|last| *last >= POINTS) else {
		return points;
	};
	(0..POINTS).map(|step| points[step * last / (POINTS - 1)]).collect()
}

//! Bytes a day against the probability of a proof.

use super::{measure, Found, Setting, Way};
use crate::{
	figure::{Axis, Layer, Panel},
	Figure, Progress,
};
use anyhow::Result;

/// As the command draws it without options.
pub fn all(progress: Progress) -> Result<Vec<Figure>> {
	Ok(vec![growth(&measure(&Setting::default(), progress)?)])
}

/// Places of a line: from `low` to one, each the same multiple of the one before.
fn places(low: f64) -> impl Iterator<Item = f64> {
	(0..=60).map(move |step| low * (1.0 / low).powf(f64::from(step) / 60.0))
}

/// What claims and proofs add to the chain in a day, against the probability of a proof, by who claims
/// and how many claims are above the threshold. `lab growth` draws it.
pub fn growth(found: &Found) -> Figure {
	let chosen = found.days.iter().map(|day| day.probability);
	let low = chosen.filter(|p| *p > 0.0).fold(1e-3, f64::min);
	let mut above: Vec<f64> = found.days.iter().map(|day| day.above).collect();
	above.dedup();
	above.sort_by(f64::total_cmp);
	above.dedup();

	let line = |way: &Way, above: f64| {
		let openings = if way.openings == 1 { "" } else { "s" };
		let point = |p| (p, way.day(p, above, &found.timing).bytes);
		Layer::Line {
			label: format!(
				"{}, {} opening{openings}, {} always proven",
				way.name,
				way.openings,
				crate::proofs::text::chosen_percent(above)
			),
			points: places(low).map(point).collect(),
		}
	};
	let mut layers: Vec<_> = found
		.ways
		.iter()
		.flat_map(|way| above.iter().map(move |above| (way, *above)))
		.map(|(way, above)| line(way, above))
		.collect();
	let proven = found.document_bytes_per_day as f64;
	let points = places(low).map(|p| (p, proven * p)).collect();
	layers.push(Layer::Line { label: "the document, proofs alone".into(), points });
	Figure {
		name: "growth".into(),
		title: "What claims and proofs add to the chain in a day".into(),
		caption:
			"Bytes of all transactions of a day. With fewer proofs the claims are what is left: a \
		          claim for each supplier with a list of its applications adds less than one for each \
		          pair of them. Claims that are always proven because they are above the threshold \
		          bound what a lower probability can save. Made by `lab growth`."
				.into(),
		panels: vec![Panel {
			title: String::new(),
			x: Axis::logarithmic("probability of a proof, p"),
			y: Axis::logarithmic("bytes a day"),
			layers,
		}],
	}
}

//! The figures of false claims and their proofs.

mod padding;
mod penalty;
mod theorem;

pub use padding::{padding_detection, padding_profit};
pub use penalty::{geometric, penalty};
pub use theorem::theorem;

use super::{padding as padded, theorem as bounds};
use crate::{number::Float, Figure, Progress};
use anyhow::Result;
use capacity_economics::{Confidence, FixedU128, Perquintill};

/// All of them, as the commands draw them without options.
pub fn all(progress: Progress) -> Result<Vec<Figure>> {
	let found = padded::measure(&padded::Setting::default(), progress)?;
	Ok(vec![
		geometric(&[500, 200, 100, 10].map(per_mille))?,
		penalty(
			&[Confidence::Mean, Confidence::Quantile(Perquintill::from_percent(95))],
			FixedU128::from_u32(20),
			&[Perquintill::from_percent(1)],
		)?,
		theorem(&bounds::Setting::default())?,
		padding_detection(&found),
		padding_profit(&found),
	])
}

fn per_mille(value: u64) -> Perquintill {
	Perquintill::from_rational(value, 1_000u64)
}

/// `p = 0.01`, as it is said in legends.
fn probability(value: Perquintill) -> String {
	format!("p = {}", super::text::number(value.float()))
}

/// `1 opening` or `16 openings`.
fn openings(count: u32) -> String {
	match count {
		1 => "1 opening".into(),
		count => format!("{count} openings"),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::figure::Layer;

	fn points(layer: &Layer) -> Vec<(f64, f64)> {
		match layer {
			Layer::Line { points, .. } | Layer::Dots { points, .. } => points.clone(),
			Layer::Intervals { points, .. } => points.iter().map(|(x, _, y, _)| (*x, *y)).collect(),
			_ => Vec::new(),
		}
	}

	#[test]
	fn every_figure_has_something_to_show_and_says_how_it_was_made() {
		let setting = padded::Setting { units: 300, trials: 20, ..padded::Setting::default() };
		let found = padded::measure(&setting, Progress::Hidden).unwrap();
		let figures = [
			geometric(&[per_mille(10)]).unwrap(),
			penalty(&[Confidence::Mean], FixedU128::from_u32(20), &[per_mille(10)]).unwrap(),
			theorem(&bounds::Setting::default()).unwrap(),
			padding_detection(&found),
			padding_profit(&found),
		];
		for figure in figures {
			assert!(figure.caption.contains("lab "), "{}", figure.name);
			for panel in &figure.panels {
				let all: Vec<_> = panel.layers.iter().flat_map(points).collect();
				assert!(!all.is_empty(), "{}", figure.name);
				assert!(all.iter().all(|(x, y)| x.is_finite() && y.is_finite()), "{}", figure.name);
			}
		}
	}

	#[test]
	fn the_penalty_is_drawn_through_the_documents_choice() {
		let choice = [Perquintill::from_percent(1)];
		let figure = penalty(&[Confidence::Mean], FixedU128::from_u32(20), &choice).unwrap();
		let layers = &figure.panels[0].layers;
		let Some(Layer::Dots { points: dots, .. }) = layers.last() else { panic!() };
		assert_eq!(dots[..], [(0.01, 1_980.0)]);
		let line = points(&layers[0]);
		assert!(line.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 > pair[1].1));
	}
}

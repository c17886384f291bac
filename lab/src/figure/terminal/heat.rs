//! Heat maps in the terminal: two colours to a cell, or shades of characters.

use super::{
	canvas::{painted, Canvas},
	Layer, Span, WIDTH,
};
use crate::figure::{axis::edges, colour};

/// From the least to the most.
const SHADES: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];

fn shade(share: f64) -> char {
	let index = (share.clamp(0.0, 1.0) * SHADES.len() as f64) as usize;
	SHADES[index.min(SHADES.len() - 1)]
}

/// Fills the canvas with a heat map.
pub(super) fn fill(canvas: &mut Canvas, layer: &Layer, (x, y): (&Span, &Span), coloured: bool) {
	let Layer::Heat { xs, ys, values, .. } = layer else {
		return;
	};
	let span = Span::of_values(values);
	let places = |span: &Span, values: &[f64]| -> Vec<f64> {
		edges(values, span.scale).into_iter().filter_map(|edge| span.place(edge)).collect()
	};
	let (across, up) = (places(x, xs), places(y, ys));
	let within = |borders: &[f64], at: f64| borders.windows(2).position(|pair| at < pair[1]);
	let share = |at: (f64, f64)| {
		let (column, row) = (within(&across, at.0)?, within(&up, at.1)?);
		span.place(*values.get(row * xs.len() + column)?)
	};
	let (columns, rows) = (canvas.columns(), canvas.rows());
	for (column, row) in (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row))) {
		let px = (column as f64 + 0.5) / columns as f64;
		let at = |part: f64| share((px, 1.0 - (row as f64 + part) / rows as f64));
		if coloured {
			let part = |part: f64| at(part).map_or((90, 90, 90), colour::scale);
			canvas.halves(column, row, part(0.25), part(0.75));
		} else {
			canvas.sign(column, row, at(0.5).map_or('?', shade), None);
		}
	}
}

/// What the colours or shades mean.
pub(super) fn scale(label: &str, values: &[f64], coloured: bool) -> String {
	const WIDE: usize = 50;
	let span = Span::of_values(values);
	let part = |index: usize| {
		let share = index as f64 / (WIDE - 1) as f64;
		match coloured {
			true => painted("█", colour::scale(share), true),
			false => shade(share).to_string(),
		}
	};
	let bar: String = (0..WIDE).map(part).collect();
	let mut numbers: Vec<char> = vec![' '; WIDTH];
	let mut free = 0;
	for tick in span.ticks(6) {
		let width = tick.label.chars().count();
		let start = (tick.place * (WIDE - 1) as f64).round() as usize;
		let start = start.saturating_sub(width / 2);
		if start >= free {
			let slots = numbers.iter_mut().skip(start).zip(tick.label.chars());
			slots.for_each(|(slot, letter)| *slot = letter);
			free = start + width + 1;
		}
	}
	let numbers: String = numbers.into_iter().collect();
	format!("{bar} {label}\n{}\n", numbers.trim_end())
}

//! Heat maps: cells, contours with their values, and the bar that explains the colours.

use super::{Anchor, Frame, Hand, Layer, Page, Point, Result, Span, NAME, NUMBER};
use crate::figure::{
	axis::{edges, short},
	colour::{self, Colour},
	contour::contour,
};
use std::ops::Range;

/// How far a cell reaches under the next, so that no gap shines through.
const OVERLAP: f64 = 0.8;
/// Colours that are told apart. More could not be seen, and would make larger files.
const SHADES: f64 = 120.0;
const MISSING: Colour = (221, 221, 221);

/// The data of a heat map.
pub(super) struct Grid<'a> {
	pub xs: &'a [f64],
	pub ys: &'a [f64],
	pub values: &'a [f64],
	pub levels: &'a [f64],
}

/// Which colour means what.
pub(super) struct Scale<'a> {
	span: Span,
	label: &'a str,
}

impl<'a> Scale<'a> {
	/// The scale of a heat map.
	pub fn of(layer: &'a Layer) -> Option<Self> {
		match layer {
			Layer::Heat { label, values, .. } => {
				Some(Self { span: Span::of_values(values), label })
			}
			_ => None,
		}
	}

	fn colour(&self, value: f64) -> Colour {
		let shade = |share: f64| colour::scale((share * SHADES).round() / SHADES);
		self.span.place(value).map_or(MISSING, shade)
	}

	/// How wide the bar is with all that belongs to it.
	pub fn width(&self) -> f64 {
		let ticks = self.span.ticks(6).into_iter();
		ticks.map(|tick| NUMBER.width(&tick.label)).fold(0.0, f64::max) + 62.0
	}
}

pub(super) fn draw(
	page: &Page,
	grid: &Grid,
	scale: &Scale,
	frame: &Frame,
	(x, y): (&Span, &Span),
) -> Result<()> {
	let places = |span: &Span, values: &[f64]| -> Vec<f64> {
		let borders = edges(values, span.scale).into_iter().filter_map(|edge| span.place(edge));
		borders.map(|place| place.clamp(0.0, 1.0)).collect()
	};
	let (across, up) = (places(x, grid.xs), places(y, grid.ys));
	let (columns, rows) = (across.len().saturating_sub(1), up.len().saturating_sub(1));
	let value = |column: usize, row: usize| grid.values.get(row * columns + column).copied();
	let colour = |column, row| scale.colour(value(column, row).unwrap_or(f64::NAN));
	// Neighbours of one colour are one rectangle: in the direction that leaves fewer of them.
	let flat = bands(rows, columns, |row, column| colour(column, row));
	let upright = bands(columns, rows, colour);
	let cells: Vec<_> = match flat.len() <= upright.len() {
		true => flat.into_iter().map(|(row, run, colour)| (run, row..row + 1, colour)).collect(),
		false => upright.into_iter().map(|(at, run, colour)| (at..at + 1, run, colour)).collect(),
	};
	for (columns, rows, colour) in cells {
		let from = frame.point((across[columns.start], up[rows.start]));
		let to = frame.point((across[columns.end], up[rows.end]));
		let to = ((to.0 + OVERLAP).min(frame.right), (to.1 - OVERLAP).max(frame.top));
		page.area(from, to, colour, 1.0)?;
	}
	for level in grid.levels {
		level_lines(page, grid, *level, scale, frame, (x, y))?;
	}
	Ok(())
}

/// Runs of one colour along each of so many bands of cells.
fn bands(
	count: usize,
	length: usize,
	colour: impl Fn(usize, usize) -> Colour,
) -> Vec<(usize, Range<usize>, Colour)> {
	let mut runs: Vec<(usize, Range<usize>, Colour)> = Vec::new();
	for (band, at) in (0..count).flat_map(|band| (0..length).map(move |at| (band, at))) {
		match runs.last_mut() {
			Some((last, run, same)) if *last == band && *same == colour(band, at) => {
				run.end = at + 1
			}
			_ => runs.push((band, at..at + 1, colour(band, at))),
		}
	}
	runs
}

fn level_lines(
	page: &Page,
	grid: &Grid,
	level: f64,
	scale: &Scale,
	frame: &Frame,
	(x, y): (&Span, &Span),
) -> Result<()> {
	let ground = scale.colour(level);
	let ink = colour::upon(ground);
	let (xs, ys) = (rimmed(grid.xs, x), rimmed(grid.ys, y));
	let values = rimmed_values(grid.values, grid.xs.len());
	let paths = contour(&xs, &ys, &values, level);
	let paths = paths.into_iter().map(|path| -> Vec<Point> {
		path.into_iter()
			.map(|(px, py)| frame.point((px.clamp(0.0, 1.0), py.clamp(0.0, 1.0))))
			.collect()
	});
	let mut longest: Option<Vec<Point>> = None;
	for path in paths {
		page.line(&path, ink, 1.4)?;
		if longest.as_ref().is_none_or(|known| length(known) < length(&path)) {
			longest = Some(path);
		}
	}
	let text = short(level);
	let hand = Hand { colour: ink, ..Hand::new(11.5, ink) };
	let half = hand.width(&text) / 2.0 + 3.0;
	if let Some(path) = longest.filter(|path| length(path) > 6.0 * half) {
		let at = middle(&path);
		let at = (
			at.0.clamp(frame.left + half + 2.0, frame.right - half - 2.0),
			at.1.clamp(frame.top + 10.0, frame.bottom - 10.0),
		);
		page.area((at.0 - half, at.1 - 7.5), (at.0 + half, at.1 + 7.5), ground, 1.0)?;
		page.text(&text, at, Anchor::Middle, hand)?;
	}
	Ok(())
}

/// The centres of cells and both borders of the map, as places.
fn rimmed(values: &[f64], span: &Span) -> Vec<f64> {
	let borders = edges(values, span.scale);
	let first = borders.first().copied();
	let all = first.into_iter().chain(values.iter().copied()).chain(borders.last().copied());
	all.filter_map(|value| span.place(value)).collect()
}

/// The values with a rim of their neighbours.
fn rimmed_values(values: &[f64], columns: usize) -> Vec<f64> {
	let rows: Vec<Vec<f64>> = values
		.chunks_exact(columns.max(1))
		.map(|row| {
			let (first, last) = (row.first().copied(), row.last().copied());
			first.into_iter().chain(row.iter().copied()).chain(last).collect()
		})
		.collect();
	let rim = |row: Option<&Vec<f64>>| row.cloned().into_iter();
	rim(rows.first()).chain(rows.iter().cloned()).chain(rim(rows.last())).flatten().collect()
}

fn length(path: &[Point]) -> f64 {
	path.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1)).sum()
}

/// The point half-way along a path.
fn middle(path: &[Point]) -> Point {
	let mut left = length(path) / 2.0;
	for pair in path.windows(2) {
		let step = length(pair);
		if step >= left && step > 0.0 {
			let share = left / step;
			let between = |from: f64, to: f64| from + (to - from) * share;
			return (between(pair[0].0, pair[1].0), between(pair[0].1, pair[1].1));
		}
		left -= step;
	}
	path.first().copied().unwrap_or_default()
}

/// The bar of colours at the right of a map, with its name and the levels.
pub(super) fn bar(page: &Page, scale: &Scale, levels: &[f64], map: &Frame) -> Result<()> {
	const PARTS: u32 = 120;
	let frame = Frame { left: map.right + 14.0, right: map.right + 28.0, ..*map };
	for part in 0..PARTS {
		let (from, to) =
			(f64::from(part) / f64::from(PARTS), f64::from(part + 1) / f64::from(PARTS));
		let (low, high) = (frame.point((0.0, from)), frame.point((1.0, to)));
		let high = (high.0, (high.1 - OVERLAP).max(frame.top));
		page.area(low, high, colour::scale((from + to) / 2.0), 1.0)?;
	}
	for at in levels.iter().filter_map(|level| Some((*level, scale.span.place(*level)?))) {
		if (0.0..=1.0).contains(&at.1) {
			let ends = [frame.point((0.0, at.1)), frame.point((1.0, at.1))];
			page.line(&ends, colour::upon(scale.colour(at.0)), 1.2)?;
		}
	}
	let ticks = scale.span.ticks(6);
	for tick in &ticks {
		let (x, y) = frame.point((1.0, tick.place));
		page.text(&tick.label, (x + 5.0, y), Anchor::Start, NUMBER)?;
	}
	let x = map.right + scale.width() - 10.0;
	page.text(scale.label, (x, (frame.top + frame.bottom) / 2.0), Anchor::Middle, NAME.upwards())
}

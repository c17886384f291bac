//! The names of series: beside the ends of their lines where they fit, in rows above otherwise.

use super::{layers::points_of, Anchor, Frame, Page, Point, Span, LINE, PALE, WORD};
use crate::figure::{
	colour::Colour,
	key::{Key, Shape},
	Figure, Layer, Panel,
};
use anyhow::Result;

/// A name with its sign, at a distance from the left.
pub(super) struct Entry {
	left: f64,
	label: String,
	shape: Shape,
	colour: Colour,
}

const SIGN: f64 = 22.0;
const APART: f64 = 20.0;

/// The widest that names beside a panel may be.
const WIDEST: f64 = 190.0;

/// Whether a series is a single point of the only panel: its name then stands at the point.
pub(super) fn is_single(figure: &Figure, label: &str) -> bool {
	let [panel] = &figure.panels[..] else {
		return false;
	};
	let layers = || panel.layers.iter().filter(|layer| layer.label() == label);
	let scattered = |layer: &Layer| {
		matches!(
			layer,
			Layer::Dots { .. } | Layer::Intervals { .. } | Layer::Level { .. } | Layer::Mark { .. }
		)
	};
	layers().all(scattered) && layers().flat_map(points_of).count() == 1
}

/// How much room the names need beside the panel, if that is where they can stand: there is one
/// panel, of lines that all reach its right side.
pub(super) fn beside(figure: &Figure, key: &Key) -> Option<f64> {
	let [panel] = &figure.panels[..] else {
		return None;
	};
	if panel.layers.iter().any(|layer| matches!(layer, Layer::Heat { .. } | Layer::Bars { .. })) {
		return None;
	}
	let (x, y) = Span::of(panel);
	let reach = |label: &str| end_of(panel, label, &x, &y).is_some_and(|end| end.0 > 0.93);
	let names = key.entries().map(|(label, ..)| label);
	let names: Vec<&str> = names.filter(|label| !is_single(figure, label)).collect();
	let widest = names.iter().map(|name| WORD.width(name)).fold(0.0, f64::max);
	let fits = (1..=12).contains(&names.len()) && widest <= WIDEST;
	(fits && names.iter().all(|name| reach(name))).then_some(widest + 16.0)
}

/// Where a series' line ends, on the axes.
fn end_of(panel: &Panel, label: &str, x: &Span, y: &Span) -> Option<(f64, f64)> {
	let of_series = panel.layers.iter().filter(|layer| layer.label() == label);
	let lines = of_series.filter(|layer| matches!(layer, Layer::Line { .. }));
	let points = lines.flat_map(points_of);
	let places = points.filter_map(|(px, py)| Some((x.place(px)?, y.place(py)?)));
	let visible = places.filter(|(px, py)| *px <= 1.0 + 1e-9 && (-0.01..=1.01).contains(py));
	visible.max_by(|a, b| a.0.total_cmp(&b.0))
}

/// Writes the names beside a panel at the heights where their lines end, pushed apart.
pub(super) fn ends(
	page: &Page,
	panel: &Panel,
	key: &Key,
	frame: &Frame,
	(x, y): (&Span, &Span),
) -> Result<()> {
	const BETWEEN: f64 = 15.5;
	let mut ends: Vec<(Point, &str, Colour)> = key
		.entries()
		.filter_map(|(label, _, colour)| {
			Some((frame.point(end_of(panel, label, x, y)?), label, colour))
		})
		.collect();
	ends.sort_by(|a, b| a.0 .1.total_cmp(&b.0 .1));
	let heights: Vec<f64> = ends.iter().map(|end| end.0 .1).collect();
	for ((end, label, colour), height) in
		ends.iter().zip(apart(&heights, BETWEEN, frame.top, frame.bottom))
	{
		if (height - end.1).abs() > 2.0 {
			page.line(&[(end.0 + 2.0, end.1), (frame.right + 10.0, height)], PALE, 0.6)?;
		}
		let hand = super::Hand { colour: darker(*colour), ..WORD };
		page.text(label, (frame.right + 13.0, height), Anchor::Start, hand)?;
	}
	Ok(())
}

/// Rising heights with at least a distance between each, moved as little as order allows.
fn apart(heights: &[f64], between: f64, top: f64, bottom: f64) -> Vec<f64> {
	let mut heights = heights.to_vec();
	// Each group that touches is centred on where its members wanted to be.
	let mut groups: Vec<(f64, usize)> = Vec::new();
	for height in &heights {
		groups.push((*height, 1));
		while let [.., (above, many), (below, few)] = groups[..] {
			let room = between * (many + few) as f64 / 2.0;
			if below - above >= room {
				break;
			}
			let (all, ours) = ((many + few) as f64, few as f64);
			let middle = (above * many as f64 + below * ours) / all;
			groups.truncate(groups.len() - 2);
			groups.push((middle, many + few));
		}
	}
	let placed = groups.iter().flat_map(|(middle, count)| {
		(0..*count)
			.map(move |index| middle + between * (index as f64 - (*count as f64 - 1.0) / 2.0))
	});
	heights = placed.collect();
	let mut least = top;
	for height in &mut heights {
		*height = height.max(least);
		least = *height + between;
	}
	let mut most = bottom;
	for height in heights.iter_mut().rev() {
		*height = height.min(most);
		most = *height - between;
	}
	heights
}

/// Text needs more contrast than a line.
fn darker((red, green, blue): Colour) -> Colour {
	let dark = |part: u8| (f64::from(part) * 0.78) as u8;
	(dark(red), dark(green), dark(blue))
}

/// The names in rows no wider than `width`.
pub(super) fn rows(figure: &Figure, key: &Key, width: f64) -> Vec<Vec<Entry>> {
	let mut rows: Vec<Vec<Entry>> = Vec::new();
	let mut left = 0.0;
	for (label, shape, colour) in key.entries().filter(|(label, ..)| !is_single(figure, label)) {
		let wide = SIGN + 6.0 + WORD.width(label);
		if rows.is_empty() || left + wide > width {
			rows.push(Vec::new());
			left = 0.0;
		}
		if let Some(row) = rows.last_mut() {
			row.push(Entry { left, label: label.into(), shape, colour });
		}
		left += wide + APART;
	}
	rows
}

pub(super) fn draw(page: &Page, rows: &[Vec<Entry>], (left, top): Point) -> Result<()> {
	for (row, entries) in rows.iter().enumerate() {
		let middle = top + LINE * (row as f64 + 0.5);
		for entry in entries {
			let (from, to) = (left + entry.left, left + entry.left + SIGN);
			match entry.shape {
				Shape::Line => page.line(&[(from, middle), (to, middle)], entry.colour, 2.4)?,
				Shape::Dots => page.dot((to - 7.0, middle), 4.0, entry.colour, 1.0)?,
				Shape::Bars => {
					page.area((from + 8.0, middle - 6.0), (to, middle + 6.0), entry.colour, 0.85)?
				}
			}
			page.text(&entry.label, (to + 6.0, middle), Anchor::Start, WORD)?;
		}
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn names_keep_their_order_and_their_distance() {
		let heights = [10.0, 11.0, 11.5, 90.0, 99.0];
		let placed = apart(&heights, 10.0, 0.0, 100.0);
		assert!(placed.windows(2).all(|pair| pair[1] - pair[0] >= 10.0 - 1e-9), "{placed:?}");
		assert!(placed.iter().all(|height| (0.0..=100.0).contains(height)), "{placed:?}");
		assert_eq!(apart(&[20.0, 60.0], 10.0, 0.0, 100.0), [20.0, 60.0]);
	}
}

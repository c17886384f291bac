//! Series on the page, cut off where the panel ends.

use super::{Frame, Key, Page, Point, Span, INK, PALE};
use crate::figure::Layer;
use anyhow::Result;

/// More points than these are drawn smaller.
const MANY: usize = 80;

/// The points of a series, without intervals.
pub(super) fn points_of(layer: &Layer) -> Box<dyn Iterator<Item = (f64, f64)> + '_> {
	match layer {
		Layer::Line { points, .. } | Layer::Dots { points, .. } | Layer::Bars { points, .. } => {
			Box::new(points.iter().copied())
		}
		Layer::Intervals { points, .. } => {
			Box::new(points.iter().map(|(x, _, value, _)| (*x, *value)))
		}
		_ => Box::new(std::iter::empty()),
	}
}

pub(super) fn draw(
	page: &Page,
	layer: &Layer,
	key: &Key,
	frame: &Frame,
	(x, y): (&Span, &Span),
) -> Result<()> {
	let colour = key.colour(layer.label()).unwrap_or(INK);
	let place = |(px, py): (f64, f64)| Some((x.place(px)?, y.place(py)?));
	match layer {
		Layer::Line { points, .. } => {
			for run in runs(points, place) {
				let run: Vec<Point> = run.into_iter().map(|at| frame.point(at)).collect();
				page.line(&run, colour, 2.2)?;
			}
		}
		Layer::Dots { points, .. } => {
			let (radius, opacity) = if points.len() > MANY { (2.2, 0.6) } else { (3.4, 0.9) };
			for at in points.iter().filter_map(|point| place(*point)).filter(inside) {
				page.dot(frame.point(at), radius, colour, opacity)?;
			}
		}
		Layer::Bars { points, width, .. } => {
			let foot = y.place(0.0).unwrap_or(0.0).clamp(0.0, 1.0);
			for (px, py) in points {
				let sides = x.place(px - width / 2.0).zip(x.place(px + width / 2.0));
				let (Some((left, right)), Some(top)) = (sides, y.place(*py)) else {
					continue;
				};
				if right < 0.0 || left > 1.0 {
					continue;
				}
				let from = frame.point((left.max(0.0), foot));
				let to = frame.point((right.min(1.0), top.clamp(0.0, 1.0)));
				page.area(from, to, colour, 0.85)?;
			}
		}
		Layer::Intervals { points, .. } => {
			for (px, low, value, high) in points {
				let (Some(at), Some(low), Some(high)) =
					(place((*px, *value)), place((*px, *low)), place((*px, *high)))
				else {
					continue;
				};
				if !(0.0..=1.0).contains(&at.0) {
					continue;
				}
				let ends = [low, high].map(|(px, py)| frame.point((px, py.clamp(0.0, 1.0))));
				page.line(&ends, colour, 1.5)?;
				for (px, py) in ends {
					page.line(&[(px - 4.0, py), (px + 4.0, py)], colour, 1.5)?;
				}
				if inside(&at) {
					page.dot(frame.point(at), 3.6, colour, 1.0)?;
				}
			}
		}
		Layer::Level { y: level, label } => {
			let colour = key.colour(label).unwrap_or(PALE);
			if let Some(at) = y.place(*level).filter(|at| (0.0..=1.0).contains(at)) {
				page.dashes(frame.point((0.0, at)), frame.point((1.0, at)), colour, 1.3)?;
			}
		}
		Layer::Mark { x: mark, label } => {
			let colour = key.colour(label).unwrap_or(PALE);
			if let Some(at) = x.place(*mark).filter(|at| (0.0..=1.0).contains(at)) {
				page.dashes(frame.point((at, 0.0)), frame.point((at, 1.0)), colour, 1.3)?;
			}
		}
		Layer::Heat { .. } => {}
	}
	Ok(())
}

fn inside((x, y): &(f64, f64)) -> bool {
	const EDGE: std::ops::RangeInclusive<f64> = -1e-6..=1.000_001;
	EDGE.contains(x) && EDGE.contains(y)
}

/// A line's places in the order of `x`, cut at the sides and broken where there is no place.
pub(in crate::figure) fn runs(
	points: &[(f64, f64)],
	place: impl Fn((f64, f64)) -> Option<(f64, f64)>,
) -> Vec<Vec<(f64, f64)>> {
	let mut points = points.to_vec();
	points.sort_by(|a, b| a.0.total_cmp(&b.0));
	let places: Vec<_> = points.into_iter().map(place).collect();
	let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
	for pair in places.windows(2) {
		let [Some(from), Some(to)] = pair else {
			continue;
		};
		let Some((from, to)) = cut(*from, *to) else {
			continue;
		};
		match runs.last_mut() {
			Some(run) if run.last() == Some(&from) => run.push(to),
			_ => runs.push(vec![from, to]),
		}
	}
	runs
}

/// The part of a straight line within the unit square.
fn cut(from: (f64, f64), to: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
	let (dx, dy) = (to.0 - from.0, to.1 - from.1);
	let (mut enter, mut leave) = (0.0f64, 1.0f64);
	for (slope, room) in [(-dx, from.0), (dx, 1.0 - from.0), (-dy, from.1), (dy, 1.0 - from.1)] {
		if slope == 0.0 {
			if room < -1e-9 {
				return None;
			}
		} else if slope < 0.0 {
			enter = enter.max(room / slope);
		} else {
			leave = leave.min(room / slope);
		}
	}
	let at = |share: f64| match share {
		0.0 => from,
		1.0 => to,
		share => (from.0 + dx * share, from.1 + dy * share),
	};
	(enter <= leave).then(|| (at(enter), at(leave)))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn lines_end_where_the_panel_ends() {
		assert_eq!(cut((0.5, -1.0), (0.5, 2.0)), Some(((0.5, 0.0), (0.5, 1.0))));
		assert_eq!(cut((0.1, 0.1), (0.9, 0.9)), Some(((0.1, 0.1), (0.9, 0.9))));
		assert_eq!(cut((1.1, 0.0), (1.1, 1.0)), None);
		assert_eq!(cut((0.9, 1.2), (1.2, 0.9)), None);
	}

	#[test]
	fn a_line_is_broken_where_a_value_is_missing() {
		let points = [(0.0, 0.0), (0.2, 0.2), (0.4, f64::NAN), (0.6, 0.6), (0.8, 0.8), (1.0, 3.0)];
		let place = |(x, y): (f64, f64)| y.is_finite().then_some((x, y));
		let runs = runs(&points, place);
		assert_eq!(runs.len(), 2);
		assert_eq!(runs[0], [(0.0, 0.0), (0.2, 0.2)]);
		assert!((runs[1][2].1 - 1.0).abs() < 1e-12);
	}
}

//! Names of levels, marks and single points, written beside them where least is drawn.

use super::{
	layers::{points_of, runs},
	Anchor, Frame, Hand, Key, Layer, Page, Panel, Point, Result, Span,
};

const NOTE: Hand = Hand::new(12.0, (60, 60, 60));

/// Writes the names. `single` says which series are a single point.
pub(super) fn draw(
	page: &Page,
	panel: &Panel,
	key: &Key,
	frame: &Frame,
	axes: (&Span, &Span),
	single: &dyn Fn(&str) -> bool,
) -> Result<()> {
	let mut ink = ink(panel, frame, axes);
	for layer in panel.layers.iter().filter(|layer| !layer.label().is_empty()) {
		let label = layer.label();
		// A level that belongs to a series has its name already.
		let is_rule = matches!(layer, Layer::Level { .. } | Layer::Mark { .. });
		if is_rule && key.colour(label).is_some() {
			continue;
		}
		let wide = NOTE.width(label);
		let hidden = |(left, middle): &Point| {
			let covers = |(px, py): &&Point| {
				(left - 3.0..=left + wide + 3.0).contains(px) && (py - middle).abs() < 9.0
			};
			ink.iter().filter(covers).count()
		};
		let places = places(layer, wide, frame, axes, single);
		let Some((left, middle)) = places.into_iter().min_by_key(hidden) else {
			continue;
		};
		let colour = key.colour(label).unwrap_or(NOTE.colour);
		let (from, to) = ((left - 2.0, middle - 7.5), (left + wide + 2.0, middle + 7.5));
		page.area(from, to, (255, 255, 255), 0.75)?;
		page.text(label, (left, middle), Anchor::Start, Hand { colour, ..NOTE })?;
		let steps = (wide / 2.0) as usize;
		ink.extend((0..=steps).map(|step| (left + 2.0 * step as f64, middle)));
	}
	Ok(())
}

/// Where a name so wide can begin, best first.
fn places(
	layer: &Layer,
	wide: f64,
	frame: &Frame,
	(x, y): (&Span, &Span),
	single: &dyn Fn(&str) -> bool,
) -> Vec<Point> {
	let visible = |at: &f64| (0.0..=1.0).contains(at);
	let within = |middle: &f64| (frame.top + 6.0..=frame.bottom - 6.0).contains(middle);
	let fits = |left: &f64| *left >= frame.left - 4.0 && left + wide <= frame.right + 8.0;
	match layer {
		Layer::Level { y: level, .. } => {
			let Some(at) = y.place(*level).filter(visible) else {
				return Vec::new();
			};
			let height = frame.point((0.0, at)).1;
			let room = frame.right - frame.left - 12.0 - wide;
			let sides = [1.0, 0.0, 0.5, 0.25, 0.75].map(|share| frame.left + 6.0 + room * share);
			let heights = [height - 9.0, height + 9.0].into_iter();
			heights.filter(within).flat_map(|height| sides.map(|side| (side, height))).collect()
		}
		Layer::Mark { x: mark, .. } => {
			let Some(at) = x.place(*mark).filter(visible) else {
				return Vec::new();
			};
			let line = frame.point((at, 0.0)).0;
			let sides = [line + 6.0, line - 6.0 - wide].into_iter().filter(fits);
			let heights = [0.04, 0.96, 0.5, 0.25, 0.75]
				.map(|share| frame.top + (frame.bottom - frame.top) * share);
			sides.flat_map(|side| heights.map(|height| (side, height))).collect()
		}
		Layer::Dots { label, .. } | Layer::Intervals { label, .. } if single(label) => {
			let place = |(px, py)| Some((x.place(px)?, y.place(py)?));
			let Some(at) = points_of(layer).next().and_then(place) else {
				return Vec::new();
			};
			let at = frame.point(at);
			let sides = [(at.0 + 9.0, at.1), (at.0 - 9.0 - wide, at.1)];
			let heights = [-16.0, 16.0].map(|by| (at.0 - wide / 2.0, at.1 + by));
			sides.into_iter().chain(heights).filter(|at| fits(&at.0) && within(&at.1)).collect()
		}
		_ => Vec::new(),
	}
}

/// Points on the page that should not be written upon, close together along lines.
fn ink(panel: &Panel, frame: &Frame, (x, y): (&Span, &Span)) -> Vec<Point> {
	let place = |(px, py): (f64, f64)| Some((x.place(px)?, y.place(py)?));
	let mut ink = Vec::new();
	for layer in &panel.layers {
		match layer {
			Layer::Line { points, .. } => {
				for pair in runs(points, place).iter().flat_map(|run| run.windows(2)) {
					let (from, to) = (frame.point(pair[0]), frame.point(pair[1]));
					let length = (to.0 - from.0).hypot(to.1 - from.1);
					let steps = (length / 3.0).ceil().clamp(1.0, 1_000.0) as u32;
					ink.extend((0..=steps).map(|step| {
						let share = f64::from(step) / f64::from(steps);
						(from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
					}));
				}
			}
			Layer::Bars { points, .. } => {
				for (at, top) in points.iter().filter_map(|point| place(*point)) {
					let heights = (0..=20).map(|step| top * f64::from(step) / 20.0);
					ink.extend(heights.map(|height| frame.point((at, height))));
				}
			}
			Layer::Level { y: level, .. } => {
				let at = y.place(*level).into_iter();
				ink.extend(
					at.flat_map(|at| (0..60).map(move |s| (f64::from(s) / 60.0, at)))
						.map(|p| frame.point(p)),
				);
			}
			Layer::Mark { x: mark, .. } => {
				let at = x.place(*mark).into_iter();
				ink.extend(
					at.flat_map(|at| (0..60).map(move |s| (at, f64::from(s) / 60.0)))
						.map(|p| frame.point(p)),
				);
			}
			Layer::Intervals { points, .. } => {
				for (px, low, _, high) in points {
					let ends = place((*px, *low)).zip(place((*px, *high)));
					if let Some((low, high)) = ends {
						let heights =
							(0..=20).map(|s| low.1 + (high.1 - low.1) * f64::from(s) / 20.0);
						ink.extend(heights.map(|height| frame.point((low.0, height))));
					}
				}
			}
			layer => ink.extend(points_of(layer).filter_map(place).map(|at| frame.point(at))),
		}
	}
	ink
}

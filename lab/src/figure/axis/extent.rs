//! From where to where an axis reaches.

use super::{edges, Span};
use crate::figure::{Axis, Layer, Panel, Scale};

/// How much of an axis is left free where points would touch its end.
const ROOM: f64 = 0.03;

impl Span {
	/// The axes of a panel: `x`, then `y`.
	pub fn of(panel: &Panel) -> (Self, Self) {
		let (mut x, mut y) = (Extent::default(), Extent::default());
		for layer in &panel.layers {
			match layer {
				Layer::Line { points, .. } => points.iter().for_each(|point| {
					x.touch(&panel.x, point.0);
					y.touch(&panel.y, point.1);
				}),
				Layer::Dots { points, .. } => points.iter().for_each(|point| {
					x.spread(&panel.x, point.0);
					y.touch(&panel.y, point.1);
				}),
				Layer::Bars { points, width, .. } => points.iter().for_each(|point| {
					x.reach(&panel.x, point.0 - width / 2.0);
					x.reach(&panel.x, point.0 + width / 2.0);
					x.note(point.0);
					y.touch(&panel.y, point.1);
					y.exact(&panel.y, 0.0);
				}),
				Layer::Intervals { points, .. } => points.iter().for_each(|point| {
					x.spread(&panel.x, point.0);
					[point.1, point.2, point.3]
						.into_iter()
						.for_each(|value| y.touch(&panel.y, value));
				}),
				Layer::Level { y: level, .. } => y.touch(&panel.y, *level),
				Layer::Mark { x: mark, .. } => x.touch(&panel.x, *mark),
				Layer::Heat { xs, ys, .. } => {
					edges(xs, panel.x.scale).into_iter().for_each(|edge| x.exact(&panel.x, edge));
					edges(ys, panel.y.scale).into_iter().for_each(|edge| y.exact(&panel.y, edge));
				}
			}
		}
		(x.settle(&panel.x, false), y.settle(&panel.y, true))
	}
}

/// What is drawn along one axis, as positions.
#[derive(Default)]
struct Extent {
	/// What may touch the ends.
	inner: Option<(f64, f64)>,
	/// What needs room.
	outer: Option<(f64, f64)>,
	/// Where the axis ends if what is drawn reaches no further.
	exact: Option<(f64, f64)>,
	/// Whether something stands between whole numbers.
	fractions: bool,
}

fn widen(range: &mut Option<(f64, f64)>, axis: &Axis, value: f64) {
	if let Some(at) = axis.scale.of(value) {
		let (low, high) = range.unwrap_or((at, at));
		*range = Some((low.min(at), high.max(at)));
	}
}

impl Extent {
	fn note(&mut self, value: f64) {
		self.fractions |= value.fract() != 0.0;
	}

	fn touch(&mut self, axis: &Axis, value: f64) {
		self.note(value);
		widen(&mut self.inner, axis, value);
	}

	fn spread(&mut self, axis: &Axis, value: f64) {
		self.note(value);
		self.reach(axis, value);
	}

	fn reach(&mut self, axis: &Axis, value: f64) {
		widen(&mut self.outer, axis, value);
	}

	fn exact(&mut self, axis: &Axis, value: f64) {
		self.note(value);
		widen(&mut self.exact, axis, value);
	}

	fn settle(self, axis: &Axis, vertical: bool) -> Span {
		let scale = axis.scale;
		let all = [self.inner, self.outer, self.exact];
		let whole = !self.fractions && all.iter().any(Option::is_some);
		if let Some((low, high)) = axis.range {
			if scale.of(low).zip(scale.of(high)).is_some_and(|(low, high)| low < high) {
				return Span { scale, low, high, whole };
			}
		}
		let drawn = all.into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
		let (mut low, mut high) = drawn.unwrap_or((0.0, 1.0));
		if high - low <= f64::EPSILON * high.abs().max(1.0) {
			let room = if scale == Scale::Linear && low != 0.0 { low.abs() / 2.0 } else { 0.5 };
			(low, high) = (low - room, high + room);
		}
		// A scale that almost begins at zero begins there.
		let width = high - low;
		let zero = vertical && scale == Scale::Linear && self.exact.is_none();
		let from_zero = zero && low >= 0.0 && low < 0.35 * high;
		let to_zero = zero && high <= 0.0 && high > 0.35 * low;
		let room = ROOM * width;
		let beyond = |range: Option<(f64, f64)>, low_end: bool| match range {
			Some((from, _)) if low_end => from - room <= low,
			Some((_, to)) => to + room >= high,
			None => false,
		};
		let free_low = beyond(self.outer, true) || vertical && beyond(self.inner, true);
		let free_high = beyond(self.outer, false) || vertical && beyond(self.inner, false);
		if from_zero {
			low = 0.0;
		} else if free_low && self.exact.is_none_or(|(from, _)| low < from) {
			low -= room;
		}
		if to_zero {
			high = 0.0;
		} else if free_high && self.exact.is_none_or(|(_, to)| high > to) {
			high += room;
		}
		Span { scale, low: scale.back(low), high: scale.back(high), whole }
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn panel(layers: Vec<Layer>) -> Panel {
		Panel { title: String::new(), x: Axis::linear("x"), y: Axis::linear("y"), layers }
	}

	#[test]
	fn lines_reach_the_sides_and_bars_stand_on_zero() {
		let points = vec![(1.0, 5.0), (9.0, 20.0)];
		let line = Layer::Line { label: String::new(), points: points.clone() };
		let (x, y) = Span::of(&panel(vec![line]));
		assert_eq!((x.low, x.high, y.low), (1.0, 9.0, 0.0));
		assert!(y.high > 20.0);
		let bars = Layer::Bars { label: String::new(), width: 1.0, points };
		let (x, y) = Span::of(&panel(vec![bars]));
		assert!(x.low < 0.5 && x.high > 9.5 && y.low == 0.0);
	}

	#[test]
	fn a_given_range_holds_and_nothing_at_all_is_drawn_from_zero_to_one() {
		let (x, y) = Span::of(&panel(vec![]));
		assert_eq!((x.low, x.high, y.low, y.high), (0.0, 1.0, 0.0, 1.0));
		let mut panel = panel(vec![Layer::Level { label: String::new(), y: 7.0 }]);
		panel.y = Axis::linear("y").from(0.0, 10.0);
		let y = Span::of(&panel).1;
		assert_eq!((y.low, y.high), (0.0, 10.0));
	}

	#[test]
	fn what_is_counted_has_no_halves() {
		let points = (1..=5).map(|x| (f64::from(x), 0.5)).collect();
		let dots = Layer::Dots { label: String::new(), points };
		let (x, y) = Span::of(&panel(vec![dots]));
		let ticks: Vec<_> = x.ticks(12).into_iter().map(|tick| tick.label).collect();
		assert_eq!(ticks, ["1", "2", "3", "4", "5"]);
		assert!(y.ticks(4).iter().any(|tick| tick.label.contains('.')));
	}
}

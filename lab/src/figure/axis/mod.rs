//! Where a value stands on an axis, and which values are written beside it.

mod extent;
mod label;

pub(super) use label::short;

use super::Scale;
use label::{digits_of, plain};

/// An axis with its range settled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
	pub scale: Scale,
	pub low: f64,
	pub high: f64,
	/// Whether all that is drawn stands at whole numbers, so that others mean nothing.
	pub whole: bool,
}

/// A value written beside an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
	/// From 0 at the low end to 1 at the high end.
	pub place: f64,
	pub label: String,
}

impl Span {
	/// The scale of a map's values: logarithmic where the largest is many times the
	/// least.
	pub fn of_values(values: &[f64]) -> Self {
		let finite = values.iter().copied().filter(|value| value.is_finite());
		let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
			(low.min(value), high.max(value))
		});
		let scale = match low > 0.0 && high / low > 20.0 {
			true => Scale::Logarithmic,
			false => Scale::Linear,
		};
		match low < high {
			true => Self { scale, low, high, whole: false },
			false if low.is_finite() => {
				Self { scale, low: low - 0.5, high: low + 0.5, whole: false }
			}
			false => Self { scale, low: 0.0, high: 1.0, whole: false },
		}
	}

	/// From 0 at the low end to 1 at the high end, and beyond for what lies outside. `None` for what
	/// has no place on the axis.
	pub fn place(&self, value: f64) -> Option<f64> {
		let place = (self.scale.of(value)? - self.scale.of(self.low)?)
			/ (self.scale.of(self.high)? - self.scale.of(self.low)?);
		place.is_finite().then_some(place)
	}

	/// The value at a place.
	#[cfg(test)]
	pub fn value(&self, place: f64) -> f64 {
		match self.scale {
			Scale::Linear => self.low + (self.high - self.low) * place,
			Scale::Logarithmic => self.low * (self.high / self.low).powf(place),
		}
	}

	/// Round values, about `most` of them and rarely more.
	pub fn ticks(&self, most: usize) -> Vec<Tick> {
		let values = match self.scale {
			Scale::Linear => self.steps(most),
			Scale::Logarithmic => self.decades(most),
		};
		let label: Box<dyn Fn(f64) -> String> = match self.scale {
			Scale::Linear => {
				let digits = digits_of(self.step(most));
				let largest = self.low.abs().max(self.high.abs());
				Box::new(move |value| plain(value, digits, largest))
			}
			Scale::Logarithmic => Box::new(short),
		};
		let tick = |value| Some(Tick { place: self.place(value)?, label: label(value) });
		let within = |tick: &Tick| (-1e-9..=1.0 + 1e-9).contains(&tick.place);
		values.into_iter().filter_map(tick).filter(within).collect()
	}

	/// Places of the lines between the ticks: only on logarithmic axes of a few decades.
	pub fn minor(&self) -> Vec<f64> {
		let (low, high) = match self.scale {
			Scale::Linear => return Vec::new(),
			Scale::Logarithmic => (self.low.log10().floor(), self.high.log10().ceil()),
		};
		if high - low > 5.0 {
			return Vec::new();
		}
		let decade = |power: i32| (2..10).map(move |digit| f64::from(digit) * ten(power));
		let places = (low as i32..high as i32).flat_map(decade).filter_map(|v| self.place(v));
		places.filter(|place| (0.0..=1.0).contains(place)).collect()
	}

	/// Between ticks.
	fn step(&self, most: usize) -> f64 {
		let step = round_step((self.high - self.low) / most.max(1) as f64);
		match self.whole {
			true if step < 1.0 => 1.0,
			true if step.fract() > 0.0 => round_step(1.2 * step),
			_ => step,
		}
	}

	fn steps(&self, most: usize) -> Vec<f64> {
		let step = self.step(most);
		let first = (self.low / step - 1e-9).ceil() as i64;
		let last = (self.high / step + 1e-9).floor() as i64;
		(first..=last).map(|count| count as f64 * step).collect()
	}

	fn decades(&self, most: usize) -> Vec<f64> {
		let low = (self.low.log10() - 1e-9).ceil() as i32;
		let high = (self.high.log10() + 1e-9).floor() as i32;
		let whole = usize::try_from(high - low + 1).unwrap_or(0);
		if whole >= 3 || whole >= most {
			let every = whole.div_ceil(most.max(1)).max(1) as i32;
			return (low..=high).filter(|power| power % every == 0).map(ten).collect();
		}
		let digits: &[f64] = if whole * 3 <= most { &[1.0, 2.0, 5.0] } else { &[1.0, 3.0] };
		let fine = (low - 1..=high).flat_map(|power| digits.iter().map(move |d| d * ten(power)));
		let fine: Vec<f64> =
			fine.filter(|v| (self.low..=self.high * 1.000_001).contains(v)).collect();
		if fine.len() < 2 {
			return self.steps(most);
		}
		fine
	}
}

impl Scale {
	/// What is counted evenly along the axis.
	fn of(self, value: f64) -> Option<f64> {
		match self {
			Self::Linear => value.is_finite().then_some(value),
			Self::Logarithmic => (value.is_finite() && value > 0.0).then(|| value.log10()),
		}
	}

	fn back(self, position: f64) -> f64 {
		match self {
			Self::Linear => position,
			Self::Logarithmic => 10f64.powf(position),
		}
	}
}

/// The borders of the cells around values: half-way between neighbours, as far out at both ends.
pub(super) fn edges(values: &[f64], scale: Scale) -> Vec<f64> {
	let at: Vec<f64> = values.iter().filter_map(|value| scale.of(*value)).collect();
	let (Some(first), Some(last)) = (at.first(), at.last()) else {
		return Vec::new();
	};
	let half = |pair: Option<&[f64]>| pair.map_or(0.5, |pair| (pair[1] - pair[0]) / 2.0);
	let between = at.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
	let before = first - half(at.windows(2).next());
	let after = last + half(at.windows(2).last());
	let edges = std::iter::once(before).chain(between).chain(std::iter::once(after));
	edges.map(|edge| scale.back(edge)).collect()
}

fn ten(power: i32) -> f64 {
	10f64.powi(power)
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `step`.
fn round_step(step: f64) -> f64 {
	let power = ten(step.log10().floor() as i32);
	let multiple = [1.0, 2.0, 2.5, 5.0].into_iter().find(|m| m * power >= step * (1.0 - 1e-9));
	multiple.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
	use super::*;

	fn labels(scale: Scale, low: f64, high: f64) -> Vec<String> {
		Span { scale, low, high, whole: false }
			.ticks(6)
			.into_iter()
			.map(|tick| tick.label)
			.collect()
	}

	#[test]
	fn ticks_are_round() {
		assert_eq!(labels(Scale::Linear, 0.0, 1.0), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
		assert_eq!(labels(Scale::Linear, -1500.0, 1600.0), ["−1,000", "0", "1,000"]);
		assert_eq!(labels(Scale::Linear, 0.0, 2e8)[1], "5·10⁷");
		assert_eq!(labels(Scale::Logarithmic, 0.01, 100.0), ["0.01", "0.1", "1", "10", "100"]);
		assert_eq!(labels(Scale::Logarithmic, 1e-12, 1e12)[0], "10⁻¹⁰");
		assert_eq!(labels(Scale::Logarithmic, 1.0, 20.0), ["1", "2", "5", "10", "20"]);
		assert!(labels(Scale::Logarithmic, 1e-12, 1e12).len() <= 6);
	}

	#[test]
	fn a_place_and_its_value_belong_together() {
		for scale in [Scale::Linear, Scale::Logarithmic] {
			let span = Span { scale, low: 0.5, high: 50.0, whole: false };
			for place in [0.0, 0.3, 1.0] {
				assert!((span.place(span.value(place)).unwrap() - place).abs() < 1e-12);
			}
		}
		let logarithmic = Span { scale: Scale::Logarithmic, low: 1.0, high: 10.0, whole: false };
		assert_eq!(logarithmic.place(0.0), None);
		assert_eq!(logarithmic.place(f64::NAN), None);
	}

	#[test]
	fn cells_end_half_way_to_their_neighbours() {
		assert_eq!(edges(&[1.0, 2.0, 4.0], Scale::Linear), [0.5, 1.5, 3.0, 5.0]);
		let logarithmic = edges(&[1.0, 100.0], Scale::Logarithmic);
		let wanted = [0.1, 10.0, 1000.0];
		assert!(logarithmic.iter().zip(wanted).all(|(a, b)| (a / b - 1.0).abs() < 1e-9));
	}
}

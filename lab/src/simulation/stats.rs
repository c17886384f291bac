//! Means, and how sure one can be of them.

use serde::Serialize;

/// A mean with its 95 % confidence interval, by Student's distribution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
	pub low: f64,
	pub mean: f64,
	pub high: f64,
}

impl Interval {
	pub fn contains(&self, value: f64) -> bool {
		(self.low..=self.high).contains(&value)
	}
}

/// What is known of a mean from a sample.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
	pub mean: f64,
	/// Of the mean: the sample's variance divided by its size.
	variance: f64,
	/// One less than the size of the sample.
	freedom: f64,
}

impl Estimate {
	/// A value without any doubt.
	pub fn exact(mean: f64) -> Self {
		Self { mean, variance: 0.0, freedom: f64::INFINITY }
	}

	/// From independent values. A single one says nothing about how far off it is.
	pub fn of(sample: &[f64]) -> Self {
		let count = sample.len() as f64;
		let mean = sample.iter().sum::<f64>() / count;
		let squares: f64 = sample.iter().map(|value| (value - mean).powi(2)).sum();
		let variance = match sample.len() {
			0 | 1 => f64::INFINITY,
			_ => squares / (count - 1.0) / count,
		};
		Self { mean, variance, freedom: (count - 1.0).max(1.0) }
	}

	/// This less another one that is independent of it (Welch).
	pub fn minus(&self, other: &Self) -> Self {
		let variance = self.variance + other.variance;
		let part = |one: &Self| one.variance.powi(2) / one.freedom;
		let freedom = variance.powi(2) / (part(self) + part(other));
		let freedom = if freedom.is_finite() { freedom } else { self.freedom.min(other.freedom) };
		Self { mean: self.mean - other.mean, variance, freedom }
	}

	pub fn interval(&self) -> Interval {
		let width = match self.variance {
			0.0 => 0.0,
			variance => variance.sqrt() * student(self.freedom),
		};
		Interval { low: self.mean - width, mean: self.mean, high: self.mean + width }
	}
}

/// The 97.5 % quantile of Student's distribution, by its expansion in the inverse of the freedom:
/// within 1 % from three degrees on, and on the wide side below.
fn student(freedom: f64) -> f64 {
	const Z: f64 = 1.959_963_985;
	if freedom < 2.5 {
		return if freedom < 1.5 { 12.706 } else { 4.303 };
	}
	let power = |exponent: i32| Z.powi(exponent);
	let first = (power(3) + Z) / 4.0;
	let second = (5.0 * power(5) + 16.0 * power(3) + 3.0 * Z) / 96.0;
	let third = (3.0 * power(7) + 19.0 * power(5) + 17.0 * power(3) - 15.0 * Z) / 384.0;
	Z + first / freedom + second / freedom.powi(2) + third / freedom.powi(3)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn quantiles_are_those_of_the_tables() {
		for (freedom, quantile) in
			[(1.0, 12.706), (2.0, 4.303), (5.0, 2.571), (10.0, 2.228), (30.0, 2.042), (1e9, 1.960)]
		{
			let found = student(freedom);
			assert!((found / quantile - 1.0).abs() < 0.01, "{freedom}: {found}");
		}
	}

	/// 1..=5: mean 3, variance 2.5, standard error 0.7071, four degrees of freedom.
	#[test]
	fn the_interval_of_a_small_sample() {
		let interval = Estimate::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).interval();
		assert_eq!(interval.mean, 3.0);
		assert!((interval.high - 3.0 - 2.776 * 0.5f64.sqrt()).abs() < 0.02, "{interval:?}");
		assert!(interval.contains(2.0) && !interval.contains(5.5));
	}

	#[test]
	fn a_difference_is_as_unsure_as_both_together() {
		let (a, b) = (Estimate::of(&[1.0, 3.0]), Estimate::of(&[0.0, 2.0]));
		let difference = a.minus(&b);
		assert_eq!(difference.mean, 1.0);
		assert_eq!(difference.variance, a.variance + b.variance);
		let exact = a.minus(&Estimate::exact(2.0)).interval();
		assert_eq!(exact.high - exact.low, a.interval().high - a.interval().low);
		assert_eq!(Estimate::exact(1.0).interval(), Interval { low: 1.0, mean: 1.0, high: 1.0 });
	}

	#[test]
	fn one_value_proves_nothing() {
		assert!(Estimate::of(&[1.0]).interval().low.is_infinite());
	}
}

//! What a strategy gains beside what honesty gains, on the same chain and with the same seeds.

use std::fmt;

/// The mean of a sample, and half the width of its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
	pub value: f64,
	pub half_width: f64,
}

impl Mean {
	pub fn of(sample: &[i128]) -> Self {
		let count = sample.len() as f64;
		let value = sample.iter().sum::<i128>() as f64 / count;
		let squares = sample.iter().map(|gain| (*gain as f64 - value).powi(2)).sum::<f64>();
		let variance = if sample.len() > 1 { squares / (count - 1.) } else { 0. };
		Self { value, half_width: 1.96 * (variance / count).sqrt() }
	}

	fn is_positive(&self) -> bool {
		self.value - self.half_width > 0.
	}
}

impl fmt::Display for Mean {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		write!(f, "{:.1} ± {:.1}", self.value, self.half_width)
	}
}

/// What honesty and an attack gained, one entry of each for a seed.
pub struct Gains {
	title: &'static str,
	honest: Vec<i128>,
	attack: Vec<i128>,
}

impl Gains {
	pub fn new(title: &'static str, honest: Vec<i128>, attack: Vec<i128>) -> Self {
		let gains = Self { title, honest, attack };
		eprintln!("gains | {gains}");
		gains
	}

	/// Against who would gain nothing by being honest.
	pub fn over_nothing(title: &'static str, attack: Vec<i128>) -> Self {
		Self::new(title, vec![0; attack.len()], attack)
	}

	/// By how much the attack gains more than honesty does with the same seed.
	pub fn lead(&self) -> Mean {
		let pairs = self.attack.iter().zip(&self.honest);
		Mean::of(&pairs.map(|(attack, honest)| attack - honest).collect::<Vec<_>>())
	}
}

impl fmt::Display for Gains {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		let (honest, attack) = (Mean::of(&self.honest), Mean::of(&self.attack));
		write!(f, "{} | {honest} | {attack} | {}", self.title, self.lead())
	}
}

/// The attack gains more than honesty, beyond the interval.
pub fn assert_pays(gains: &Gains) {
	assert!(gains.lead().is_positive(), "{gains}");
}

/// The attack does not gain more than honesty beyond the interval.
pub fn assert_no_gain(gains: &Gains) {
	assert!(!gains.lead().is_positive(), "{gains}");
}

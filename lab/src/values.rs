//! One value, a list, or a range: what every option of the laboratory takes.

use crate::number::{decimal, Float};
use anyhow::{bail, ensure, Context, Result};
use capacity_economics::{FixedU128, Perquintill};
use std::str::FromStr;

/// How to write [`Values`], for help texts.
pub const SYNTAX: &str =
	"2 | 1,2,4 | 1.1..3:20 (20 values, evenly) | 1..1000x4 (4 values, each the \
same multiple of the one before)";

/// Most values that one option takes.
const MOST: usize = 100_000;

/// The values of one option, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values(Vec<FixedU128>);

impl Values {
	/// All of them; never empty.
	pub fn all(&self) -> &[FixedU128] {
		&self.0
	}

	/// All of them as probabilities; an error names the first that is above one.
	pub fn probabilities(&self) -> Result<Vec<Perquintill>> {
		let share = |value: &FixedU128| {
			crate::number::share(*value).with_context(|| {
				format!("{} is not between 0 and 1, as a probability is", value.float())
			})
		};
		self.0.iter().map(share).collect()
	}

	/// All of them as whole numbers.
	pub fn integers(&self) -> Result<Vec<u64>> {
		const ONE: u128 = 1_000_000_000_000_000_000;
		let whole = |value: &FixedU128| {
			let inner = value.into_inner();
			ensure!(inner.is_multiple_of(ONE), "a whole number is needed here");
			u64::try_from(inner / ONE).context("the number is too large")
		};
		self.0.iter().map(whole).collect()
	}
}

impl FromStr for Values {
	type Err = anyhow::Error;

	fn from_str(text: &str) -> Result<Self> {
		let values = match text.split_once("..") {
			None => text.split(',').map(|part| decimal(part.trim())).collect::<Result<_>>()?,
			Some((from, rest)) => match (rest.split_once(':'), rest.split_once('x')) {
				(Some((to, count)), None) => evenly(decimal(from)?, decimal(to)?, steps(count)?),
				(None, Some((to, count))) => {
					geometric(decimal(from)?, decimal(to)?, steps(count)?)?
				}
				_ => bail!("{text} is a range without a number of values; write {SYNTAX}"),
			},
		};
		Ok(Self(values))
	}
}

fn steps(text: &str) -> Result<usize> {
	let count = text.parse().with_context(|| format!("{text:?} is not a number of values"))?;
	ensure!((2..=MOST).contains(&count), "a range has 2 to {MOST} values, not {count}");
	Ok(count)
}

/// Exact at both ends; in between rounded down to the last digit.
fn evenly(from: FixedU128, to: FixedU128, count: usize) -> Vec<FixedU128> {
	let (from, to, last) = (from.into_inner(), to.into_inner(), count as u128 - 1);
	let at = |step: u128| match to.checked_sub(from) {
		Some(width) => from + width / last * step + width % last * step / last,
		None => from - (from - to) / last * step - (from - to) % last * step / last,
	};
	(0..=last).map(|step| FixedU128::from_inner(at(step))).collect()
}

/// Exact at both ends; in between to the precision of a float.
fn geometric(from: FixedU128, to: FixedU128, count: usize) -> Result<Vec<FixedU128>> {
	let (first, last) = (from.into_inner(), to.into_inner());
	ensure!(first > 0 && last > 0, "a range of multiples cannot begin or end at zero");
	let ratio = (last as f64 / first as f64).powf(1.0 / (count as f64 - 1.0));
	let at = |step: usize| match step {
		0 => first,
		step if step + 1 == count => last,
		step => (first as f64 * ratio.powi(step as i32)) as u128,
	};
	Ok((0..count).map(|step| FixedU128::from_inner(at(step))).collect())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn floats(text: &str) -> Vec<f64> {
		text.parse::<Values>().unwrap().all().iter().map(|value| value.float()).collect()
	}

	#[test]
	fn values_lists_and_ranges() {
		assert_eq!(floats("2"), [2.0]);
		assert_eq!(floats("1, 2,4"), [1.0, 2.0, 4.0]);
		assert_eq!(floats("1..3:5"), [1.0, 1.5, 2.0, 2.5, 3.0]);
		assert_eq!(floats("3..1:3"), [3.0, 2.0, 1.0]);
		let multiples = floats("1..1000x4");
		let wanted = [1.0, 10.0, 100.0, 1000.0];
		assert!(multiples.iter().zip(wanted).all(|(a, b)| (a / b - 1.0).abs() < 1e-12));
	}

	#[test]
	fn what_cannot_be_understood_is_named() {
		for text in ["", "a", "1..2", "1..2:1", "0..2x3", "1..2:3x4"] {
			assert!(text.parse::<Values>().is_err(), "{text}");
		}
	}

	#[test]
	fn whole_numbers_and_probabilities() {
		let values: Values = "1,0.5".parse().unwrap();
		assert!(values.integers().is_err());
		assert_eq!(values.probabilities().unwrap()[1], Perquintill::from_percent(50));
		assert!("1.5".parse::<Values>().unwrap().probabilities().is_err());
		assert_eq!("3,70".parse::<Values>().unwrap().integers().unwrap(), [3, 70]);
	}
}

//! Decimals as people type them, exactly as the chain counts them.

use anyhow::{bail, Context, Result};
use capacity_economics::{FixedI128, FixedU128, Perquintill};

/// Digits behind the point that the chain's fixed-point numbers have.
const DIGITS: usize = 18;

/// `2`, `0.017` or `1e-3`, without rounding.
pub fn decimal(text: &str) -> Result<FixedU128> {
	let wrong = || format!("{text:?} is not a number such as 2, 0.017 or 1e-3");
	let (digits, power) = match text.split_once(['e', 'E']) {
		Some((digits, power)) => (digits, power.parse::<i32>().with_context(wrong)?),
		None => (text, 0),
	};
	let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
	let fraction = fraction.trim_end_matches('0');
	let all = format!("{whole}{fraction}");
	if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
		bail!(wrong());
	}
	let mantissa: u128 = all.parse().with_context(wrong)?;
	let shift = i64::from(power) + DIGITS as i64 - fraction.len() as i64;
	let scaled = match u32::try_from(shift) {
		Ok(up) => 10u128.checked_pow(up).and_then(|scale| mantissa.checked_mul(scale)),
		Err(_) if mantissa == 0 => Some(0),
		Err(_) => bail!("{text} has more than {DIGITS} digits behind the point"),
	};
	Ok(FixedU128::from_inner(scaled.with_context(|| format!("{text} is too large"))?))
}

/// A decimal between 0 and 1; `20%` is 0.2.
pub fn probability(text: &str) -> Result<Perquintill> {
	let (number, percent) = match text.strip_suffix('%') {
		Some(number) => (number, true),
		None => (text, false),
	};
	let parts = decimal(number)?.into_inner() / if percent { 100 } else { 1 };
	match share(FixedU128::from_inner(parts)) {
		Some(share) => Ok(share),
		None => bail!("{text} is not between 0 and 1"),
	}
}

/// The number as a probability, if it is at most one.
pub fn share(value: FixedU128) -> Option<Perquintill> {
	let parts = u64::try_from(value.into_inner()).ok()?;
	(parts <= Perquintill::one().deconstruct()).then(|| Perquintill::from_parts(parts))
}

/// For drawing and printing.
pub trait Float {
	fn float(self) -> f64;
}

impl Float for FixedU128 {
	fn float(self) -> f64 {
		self.into_inner() as f64 / 1e18
	}
}

impl Float for FixedI128 {
	fn float(self) -> f64 {
		self.into_inner() as f64 / 1e18
	}
}

impl Float for Perquintill {
	fn float(self) -> f64 {
		self.deconstruct() as f64 / 1e18
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn decimals_are_exact() {
		let inner = |text| decimal(text).unwrap().into_inner();
		assert_eq!(inner("2"), 2 * 10u128.pow(18));
		assert_eq!(inner("0.017"), 17 * 10u128.pow(15));
		assert_eq!(inner(".5"), 5 * 10u128.pow(17));
		assert_eq!(inner("1.50"), 15 * 10u128.pow(17));
		assert_eq!(inner("1e-3"), 10u128.pow(15));
		assert_eq!(inner("2.5e3"), 2_500 * 10u128.pow(18));
		assert_eq!(inner("0.000000000000000001"), 1);
	}

	#[test]
	fn what_is_no_decimal_is_refused() {
		for text in ["", ".", "x", "-1", "1.2.3", "1e", "0.0000000000000000001", "1e40"] {
			assert!(decimal(text).is_err(), "{text}");
		}
	}

	#[test]
	fn probabilities_end_at_one() {
		assert_eq!(probability("1").unwrap(), Perquintill::one());
		assert_eq!(probability("20%").unwrap(), Perquintill::from_percent(20));
		assert!(probability("1.1").is_err() && probability("101%").is_err());
	}
}

//! How sure the oracle is of what it reports (section 8 of the design).

use crate::number::{mul_div, DECIMAL};
use sp_arithmetic::{FixedU128, PerThing, Perquintill, Rounding};

/// The lower end of Wilson's score interval for a proportion: with `p̂` the share of `trials` that
/// succeeded,
///
/// ```text
/// (n·p̂ + z²/2 − z · √(n·p̂·(1−p̂) + z²/4)) / (n + z²)
/// ```
///
/// `z` is the quantile of the normal distribution: 1.645 for one-sided 95 %, 2.326 for 99 %.
///
/// Rounded down: never above the exact value, and below it by less than 10⁻¹⁵ for `z` up to 100.
/// Zero without trials, and where `z` is too large to compute with.
pub fn wilson_lower_bound(share: Perquintill, trials: u64, z: FixedU128) -> Perquintill {
	bound(share, trials, z)
		.and_then(|parts| u64::try_from(parts).ok())
		.map_or(Perquintill::from_parts(0), Perquintill::from_parts)
}

/// In units of 10⁻¹⁸, as everything here.
fn bound(share: Perquintill, trials: u64, z: FixedU128) -> Option<u128> {
	let (trials, z) = (u128::from(trials), z.into_inner());
	let (hit, miss) = (share.deconstruct().into(), share.left_from_one().deconstruct().into());
	let square = |rounding| mul_div(z, z, DECIMAL, rounding);

	let variance = mul_div(trials.checked_mul(hit)?, miss, DECIMAL, Rounding::Up)?;
	let deviation = root(variance.checked_add(square(Rounding::Up)?.div_ceil(4))?)?;
	let spread = mul_div(z, deviation, DECIMAL, Rounding::Up)?;

	let centre = trials.checked_mul(hit)?.checked_add(square(Rounding::Down)? / 2)?;
	let total = trials.checked_mul(DECIMAL)?.checked_add(square(Rounding::Up)?)?;
	if trials == 0 {
		return None;
	}
	mul_div(centre.saturating_sub(spread), DECIMAL, total, Rounding::Down)
}

/// `√value`, rounded up by less than 2⁻⁶² of it and 10⁻¹⁸.
fn root(value: u128) -> Option<u128> {
	// All digits that fit are used: the value is scaled by the largest power of four that leaves
	// room.
	let half = value.leading_zeros() >> 1;
	let scaled = value.checked_shl(half.saturating_mul(2)).unwrap_or(0);
	let floor = scaled.isqrt();
	let ceil =
		if floor.checked_mul(floor) == Some(scaled) { floor } else { floor.checked_add(1)? };
	// √(v · 10⁻¹⁸) = √v · 10⁻¹⁸ · 10⁹.
	mul_div(ceil, 1_000_000_000, 1u128.checked_shl(half)?, Rounding::Up)
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn wilson(share: f64, trials: f64, z: f64) -> f64 {
		let spread = z * (trials * share * (1.0 - share) + z * z / 4.0).sqrt();
		(trials * share + z * z / 2.0 - spread) / (trials + z * z)
	}

	fn z() -> FixedU128 {
		FixedU128::from_rational(1_645, 1_000)
	}

	#[test]
	fn known_values() {
		let parts = |share, trials| {
			wilson_lower_bound(Perquintill::from_percent(share), trials, z()).deconstruct()
		};
		// 10 / (10 + 1.645²)
		assert_eq!(parts(100, 10), 787_028_201_188_019_069);
		assert_eq!(parts(0, 10), 0);
		assert_eq!(parts(90, 0), 0);
		let half = parts(50, 100) as f64 / 1e18;
		assert!((half - 0.418_841).abs() < 1e-6, "{half}");
		let huge = FixedU128::from_inner(u128::MAX);
		assert!(wilson_lower_bound(Perquintill::from_percent(50), u64::MAX, huge).is_zero());
	}

	proptest! {
		#[test]
		fn agrees_with_floats_from_below(
			parts in 0u64..=1_000_000_000_000_000_000,
			trials in 1u64..1 << 40,
			z in 0u128..5_000_000_000_000_000_000,
		) {
			let share = Perquintill::from_parts(parts);
			let bound = wilson_lower_bound(share, trials, FixedU128::from_inner(z));
			let expected = wilson(parts as f64 / 1e18, trials as f64, z as f64 / 1e18);
			prop_assert!((bound.deconstruct() as f64 / 1e18 - expected).abs() < 1e-12);
			prop_assert!(bound <= share);
		}

		#[test]
		fn more_trials_raise_it(
			parts in 1u64..=1_000_000_000_000_000_000,
			trials in 1u64..=u64::MAX / 2,
		) {
			let share = Perquintill::from_parts(parts);
			let more = wilson_lower_bound(share, trials.saturating_mul(2), z());
			prop_assert!(more >= wilson_lower_bound(share, trials, z()));
		}

		#[test]
		fn a_root_is_rounded_up(value in any::<u128>(), down in 0u32..128) {
			let value = value >> down;
			let root = root(value).unwrap() as f64;
			let expected = (value as f64 * 1e18).sqrt();
			prop_assert!((root - expected).abs() <= 1.0 + expected * 1e-15);
		}
	}
}

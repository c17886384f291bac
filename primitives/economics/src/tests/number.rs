use super::*;
use proptest::prelude::*;

fn real(value: u128) -> Real {
	Real::from_integer(value)
}

/// |a − b| ≤ a · 2^−bits.
fn close(a: Real, b: Real, bits: u32) -> bool {
	let fixed = |value: Real| value.shifted(-(a.exponent + 128)).to_fixed(127);
	fixed(a).abs_diff(fixed(b)) <= fixed(a) >> bits
}

fn float(value: Real) -> f64 {
	value.mantissa as f64 * 2f64.powi(value.exponent)
}

#[test]
fn exact_values() {
	let root = FixedU128::from_rational(1, 2);
	assert_eq!(real(4).pow(root), real(2));
	assert_eq!(Real::from_ratio(1, 4).unwrap().pow(FixedU128::from_u32(3)).shifted(6), Real::ONE);
	assert_eq!(real(3).pow(FixedU128::from_u32(1)), real(3));
	assert_eq!(real(3).pow(FixedU128::from_u32(0)), Real::ONE);
	assert_eq!(Real::ZERO.pow(FixedU128::from_u32(0)), Real::ONE);
	assert_eq!(Real::ZERO.pow(root), Real::ZERO);
	assert_eq!(Real::ZERO.log2(), None);
	assert_eq!(Real::ONE.log2(), Some(0));
	assert_eq!(real(1 << 20).log2(), Some(20 << LOG_BITS));
	assert_eq!(Real::exp2(-(3 << LOG_BITS)), Real::from_ratio(1, 8).unwrap());
	assert_eq!(Real::from_ratio(1, 0), None);
	assert_eq!(real(7).ceil(), 7);
	assert_eq!(Real::from_ratio(7, 2).unwrap().ceil(), 4);
	assert_eq!(Real::from_ratio(7, 2).unwrap().floor(), 3);
	assert_eq!(Real::from_ratio(1, u128::MAX).unwrap().ceil(), 1);
}

#[test]
fn extremes_saturate() {
	let huge = real(u128::MAX).pow(FixedU128::from_inner(u128::MAX));
	assert_eq!(huge.floor(), u128::MAX);
	assert_eq!(huge.times(huge).floor(), u128::MAX);
	let tiny = Real::from_ratio(1, u128::MAX).unwrap().pow(FixedU128::from_inner(u128::MAX));
	assert_eq!((tiny.floor(), tiny.to_fixed(127)), (0, 0));
	assert_eq!(tiny.times(tiny).to_fixed(127), 0);
	assert!(tiny.log2().unwrap() < 0 && huge.log2().unwrap() > 0);
	assert!(!tiny.exceeds(&huge) && huge.exceeds(&tiny));
	assert!(close(real(u128::MAX).enlarged(1), real(u128::MAX).mul_ratio(3, 2), 126));
	assert_eq!(mul_shift(u128::MAX, u128::MAX, 127), u128::MAX);
	assert_eq!(mul_shift(u128::MAX, 1 << 100, 100), u128::MAX);
}

proptest! {
	#[test]
	fn a_wide_product_divides_back(a in any::<u128>(), b in 1u128.., down in 0u32..128) {
		let a = a >> down;
		prop_assert_eq!(mul_div(a, b, b, Rounding::Down), Some(a));
		let (high, low) = mul_wide(a, b);
		prop_assert_eq!(low, a.wrapping_mul(b));
		prop_assert_eq!(mul_div(a, b, u128::MAX, Rounding::Down).unwrap_or(0).abs_diff(high) <= 1, true);
		prop_assert_eq!(mul_shift(a >> 1, b, 127), mul_div(a >> 1, b, 1 << 127, Rounding::Down).unwrap());
	}

	#[test]
	fn products_and_quotients(a in 1u128.., b in 1u128.., num in 1u64.., den in 1u64..) {
		let product = real(a).times(real(b));
		prop_assert!(close(product.checked_div(real(b)).unwrap(), real(a), 124));
		prop_assert!(!product.exceeds(&real(a).mul_up(real(b))));
		let ratio = Real::from_ratio(num.into(), den.into()).unwrap();
		let lost = 64 - (den / num).max(1).leading_zeros();
		prop_assert!(close(real(a).mul_ratio(num, den), real(a).times(ratio), 124 - lost));
		prop_assert!(real(a).enlarged(100).exceeds(&real(a)) && real(a).exceeds(&real(a).reduced(100)));
	}

	#[test]
	fn integer_powers(base in 1u64.., denominator in 1u64.., power in 2u32..=16) {
		let base = Real::from_ratio(base.into(), denominator.into()).unwrap();
		let product = (1..power).fold(base, |product, _| product.times(base));
		// (16 + 2) · 2⁻⁹⁵ is below 2⁻⁹⁰.
		prop_assert!(close(base.pow(FixedU128::from_u32(power)), product, 90));
	}

	#[test]
	fn roots(base in 1u128.., denominator in 1u64..) {
		let base = Real::from_ratio(base, denominator.into()).unwrap();
		let root = base.pow(FixedU128::from_rational(1, 2));
		prop_assert!(close(root.times(root), base, 92));
	}

	#[test]
	fn powers_agree_with_floats(base in 1u64.., denominator in 1u64.., power in 0u128..10u128.pow(19)) {
		let expected = (base as f64 / denominator as f64).powf(power as f64 / 1e18);
		let base = Real::from_ratio(base.into(), denominator.into()).unwrap();
		let power = float(base.pow(FixedU128::from_inner(power)));
		prop_assert!((power / expected - 1.0).abs() < 1e-12, "{power} {expected}");
	}

	#[test]
	fn logarithm_and_exponential(value in 1u128.., denominator in 1u128..) {
		let value = Real::from_ratio(value, denominator).unwrap();
		let log = value.log2().unwrap();
		prop_assert!((log as f64 / 2f64.powi(96) - float(value).log2()).abs() < 1e-13);
		// Below by 2⁻⁹⁵ in the logarithm and 2⁻¹⁰⁵ in the power, so by less than 2⁻⁹⁵ together.
		let back = Real::exp2(log);
		prop_assert!(close(value, back, 95) && !back.exceeds(&value));
	}
}

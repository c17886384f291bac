use super::*;
use proptest::prelude::*;

/// A sequence of numbers in [0, 1) that looks random.
struct Numbers(u64);

impl Numbers {
	fn next(&mut self) -> f64 {
		self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
		let mut mixed = self.0;
		mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
		mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
		(mixed ^ (mixed >> 31)) as f64 / 2f64.powi(64)
	}
}

#[test]
fn a_fund_of_thirty_two_payments_spends_nearly_ten_on_average() {
	let largest = 1_000_000;
	assert_eq!(expected_cost_within(u128::from(PAYMENTS_IN_FUND) * largest, largest), 9_978_730);
	// And of a fund that is much larger than a payment, nearly all.
	assert_eq!(expected_cost_within(1_000_000 * largest, largest) / largest, 994_717);
}

#[test]
fn a_fund_of_nine_payments_promises_nothing() {
	assert_eq!(expected_cost_within(9_000, 1_000), 0);
	assert_eq!(expected_cost_within(9_333, 1_000), 0);
	assert!(expected_cost_within(9_400, 1_000) > 0);
}

#[test]
fn extremes() {
	assert_eq!(expected_cost_within(0, 0), 0);
	assert_eq!(expected_cost_within(1_000, 0), 1_000);
	assert_eq!(cost_bound(1_000, 0), 1_000);
	// 2 · 14/3 payments, and one for the error of a root.
	assert_eq!(cost_bound(0, 3), 29);
	assert_eq!(expected_cost_within(u128::MAX, 1), 0);
	assert_eq!(cost_bound(u128::MAX, 1), u128::MAX);
	assert_eq!(cost_bound(1, u128::MAX), u128::MAX);
}

/// At a tail that can be seen. Payments of one kind, each drawn with the probability that makes their mean
/// what the fund allows: the bound is kept, and no longer with twice the mean.
#[test]
fn the_sum_exceeds_the_fund_no_more_often_than_stated() {
	const RUNS: u32 = 20_000;
	let mut numbers = Numbers(1);
	for (exponent, fund, payments) in [(1, 10, 40), (2, 12, 30), (2, 40, 400), (3, 30, 100)] {
		let scale = 1_000_000u128;
		let mean = expected_within(fund * scale, scale, exponent).unwrap() as f64 / scale as f64;
		let mut exceeds = |mean: f64| {
			let rate = mean / f64::from(payments);
			let mut sum = || (0..payments).filter(|_| numbers.next() < rate).count() as u128;
			let count = (0..RUNS).filter(|_| sum() > fund).count();
			count as f64 / f64::from(RUNS)
		};
		let tail = (-f64::from(exponent)).exp();
		let found = exceeds(mean);
		assert!(found > 0.0 && found <= tail, "{exponent} {fund}: {found} of {tail}");
		assert!(exceeds(2.0 * mean) > tail, "{exponent} {fund}");
	}
}

proptest! {
	#[test]
	fn the_two_bounds_are_inverse(fund in 0u128..1 << 96, largest in 1u128..1 << 90) {
		let mean = expected_cost_within(fund, largest);
		if mean > 0 {
			prop_assert!(cost_bound(mean, largest) <= fund + 1);
			let slack = 8 + (fund >> 80) + (largest >> 75);
			prop_assert!(cost_bound(mean + slack, largest) >= fund, "{}", mean);
		} else {
			let least = 28 * largest / 3;
			prop_assert!(fund <= least + 2 + (largest >> 40) + 3 * (largest as f64).sqrt() as u128);
		}
	}

	#[test]
	fn the_bounds_agree_with_floats(mean in 0u128..1 << 96, largest in 1u128..1 << 96) {
		let (m, lp) = (mean as f64, 14.0 * largest as f64 / 3.0);
		let expected = m + lp + (lp * lp + 6.0 * lp * m).sqrt();
		let found = cost_bound(mean, largest) as f64;
		prop_assert!((found / expected - 1.0).abs() < 1e-12 + 2.0 / expected);
		prop_assert!(cost_bound(mean, largest) >= cost_bound(mean / 2, largest));
		prop_assert!(cost_bound(mean, largest) >= cost_bound(mean, largest / 2));
	}

	#[test]
	fn a_larger_fund_allows_more_and_larger_payments_less(
		fund in 0u128..1 << 96,
		more in 0u128..1 << 96,
		largest in 1u128..1 << 90,
	) {
		prop_assert!(expected_cost_within(fund + more, largest) + 1 >= expected_cost_within(fund, largest));
		prop_assert!(expected_cost_within(fund, largest) <= fund);
		prop_assert!(expected_cost_within(fund, largest / 2) + 1 >= expected_cost_within(fund, largest));
	}
}

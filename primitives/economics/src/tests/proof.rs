use super::*;
use proptest::prelude::*;

const BILLION: u128 = 1_000_000_000;

fn percent(value: u64) -> Perquintill {
	Perquintill::from_percent(value)
}

#[test]
fn ten_at_one_fifth_needs_forty() {
	assert_eq!(expected_escapes(percent(20)), Ok(FixedU128::from_u32(4)));
	assert_eq!(escape_penalty(10, percent(20), Confidence::Mean), Ok(40));
}

#[test]
fn twenty_at_one_percent_needs_1980() {
	assert_eq!(expected_escapes(percent(1)), Ok(FixedU128::from_u32(99)));
	assert_eq!(escape_penalty(20, percent(1), Confidence::Mean), Ok(1_980));
	assert_eq!(minimum_stake(500, 20, percent(1), Confidence::Mean), Ok(2_480));
}

#[test]
fn at_95_percent_confidence_it_needs_5960() {
	assert_eq!(quantile(percent(1), percent(95)), Ok(298));
	assert_eq!(escape_penalty(20, percent(1), Confidence::Quantile(percent(95))), Ok(5_960));
}

#[test]
fn the_mean_is_the_63rd_percentile() {
	assert_eq!(quantile(percent(1), percent(63)), Ok(98));
	assert_eq!(quantile(percent(1), percent(64)), Ok(101));
}

#[test]
fn certain_and_impossible_proofs() {
	assert_eq!(expected_escapes(percent(0)), Err(Error::ZeroProbability));
	assert_eq!(escape_penalty(1, percent(0), Confidence::Mean), Err(Error::ZeroProbability));
	assert_eq!(quantile(percent(0), percent(50)), Err(Error::ZeroProbability));
	assert_eq!(escape_penalty(10, percent(100), Confidence::Mean), Ok(0));
	assert_eq!(quantile(percent(100), percent(100)), Ok(0));
	assert_eq!(quantile(percent(99), percent(100)), Err(Error::Certainty));
	assert_eq!(quantile(percent(10), percent(0)), Ok(0));
	let least = Perquintill::from_parts(1);
	assert_eq!(escape_penalty(u128::MAX, least, Confidence::Mean), Ok(u128::MAX));
	// −ln(10⁻¹⁸) · 10¹⁸
	let most = quantile(least, Perquintill::from_parts(999_999_999_999_999_999)).unwrap() as f64;
	assert!((most / 41.446_531_673_892_82e18 - 1.0).abs() < 1e-12, "{most}");
}

#[test]
fn ties_of_a_quantile() {
	// 1 − 0.9² = 0.19 and 1 − 0.5² = 0.75, exactly.
	assert_eq!(quantile(percent(10), percent(19)), Ok(1));
	assert_eq!(quantile(percent(50), percent(75)), Ok(1));
	let above = Perquintill::from_parts(750_000_000_000_000_001);
	assert_eq!(quantile(percent(50), above), Ok(2));
}

#[test]
fn lowest_safe_probabilities() {
	assert_eq!(lowest_safe_probability(20, 1_980), percent(1));
	assert_eq!(lowest_safe_probability(10, 40), percent(20));
	assert_eq!(lowest_safe_probability(1, 2).deconstruct(), 333_333_333_333_333_334);
	assert!(lowest_safe_probability(0, 0).is_zero() && lowest_safe_probability(0, 1).is_zero());
	assert!(lowest_safe_probability(1, 0).is_one());
	assert!(lowest_safe_probability(u128::MAX, u128::MAX).is_one());
}

#[test]
fn detections() {
	assert_eq!(detection(percent(50), 2), percent(75));
	assert_eq!(detection(percent(10), 3).deconstruct(), 271_000_000_000_000_000);
	assert_eq!(detection(percent(10), 0), percent(0));
	assert_eq!(detection(percent(0), u32::MAX), percent(0));
	assert_eq!(detection(percent(100), 1), percent(100));
}

proptest! {
	#[test]
	fn detection_is_at_least_the_share(parts in 0..=10u64.pow(18), openings in 1u32..1_000) {
		let share = Perquintill::from_parts(parts);
		prop_assert_eq!(detection(share, 1), share);
		prop_assert!(detection(share, openings) >= share);
		prop_assert!(detection(share, openings + 1) >= detection(share, openings));
		let missed = (openings as f64 * (-(parts as f64) / 1e18).ln_1p()).exp();
		let caught = detection(share, openings).deconstruct() as f64 / 1e18;
		prop_assert!((caught - (1.0 - missed)).abs() < 1e-12);
	}

	#[test]
	fn detection_is_rounded_down(parts in 0..=10u128.pow(9), openings in 1u32..=4) {
		// With nine digits, four openings fit 128 bits.
		let missed = (BILLION - parts).pow(openings);
		let exact = (BILLION.pow(openings) - missed) as f64 / 1e9f64.powi(openings as i32);
		let share = Perquintill::from_parts((parts * BILLION) as u64);
		let caught = u128::from(detection(share, openings).deconstruct());
		if openings <= 2 {
			let exact = BILLION.pow(2) - (BILLION - parts).pow(openings) * BILLION.pow(2 - openings);
			prop_assert_eq!(caught, exact);
		} else {
			let floor = (BILLION.pow(openings) - missed) / BILLION.pow(openings - 2);
			prop_assert!(caught <= floor && floor <= caught + 1, "{exact}");
		}
	}

	#[test]
	fn a_quantile_agrees_with_a_search(probability in 1u64..=99, level in 1u64..=99) {
		let (p, q) = (probability as f64 / 100.0, level as f64 / 100.0);
		let mut expected = 0;
		while 1.0 - (1.0 - p).powi(expected + 1) < q - 1e-12 {
			expected += 1;
		}
		prop_assert_eq!(quantile(percent(probability), percent(level)), Ok(expected as u128));
	}

	#[test]
	fn a_quantile_agrees_with_the_logarithm(p in 1_000u64..10u64.pow(18), q in 1..10u64.pow(18)) {
		let count = quantile(Perquintill::from_parts(p), Perquintill::from_parts(q)).unwrap() as f64;
		let expected = (-(q as f64) / 1e18).ln_1p() / (-(p as f64) / 1e18).ln_1p();
		// The floats themselves are good to 1e-10 where 1 − q is small.
		prop_assert!(count >= expected * (1.0 - 1e-9) - 1.001, "{count} {expected}");
		prop_assert!(count <= expected * (1.0 + 1e-9) + 0.001, "{count} {expected}");
	}

	/// (1 − p·d)·R − p·d·S ≤ (1 − f)·R, in integers: multiplied out and divided by R, with S = R·E[K].
	#[test]
	fn the_penalty_deters_every_degree_of_inflation(
		p in 1..=10u64.pow(18),
		f in 1..=10u64.pow(18),
		openings in 1u32..100,
		worth in 1u128..1 << 40,
	) {
		let (probability, share) = (Perquintill::from_parts(p), Perquintill::from_parts(f));
		let lost = escape_penalty(worth, probability, Confidence::Mean).unwrap();
		let caught = u128::from(detection(share, openings).deconstruct());
		// p·d·(R + S) ≥ f·R. The sum is at least R/p, so that p·(R + S) ≥ R: exact, without division.
		prop_assert!(u128::from(p) * (worth + lost) >= worth * DECIMAL);
		prop_assert!(caught >= u128::from(f));
		// The same in floats, as it stands in the document.
		let (p, d, f, r, s) =
			(p as f64 / 1e18, caught as f64 / 1e18, f as f64 / 1e18, worth as f64, lost as f64);
		prop_assert!((1.0 - p * d) * r - p * d * s <= (1.0 - f) * r + r * 1e-9);
	}

	#[test]
	fn a_smaller_penalty_does_not_deter(p in 1..10u64.pow(18), worth in 1u128..1 << 40) {
		let lost = escape_penalty(worth, Perquintill::from_parts(p), Confidence::Mean).unwrap();
		prop_assert!(lost > 0);
		prop_assert!(u128::from(p) * (worth + lost - 1) < worth * DECIMAL);
	}

	#[test]
	fn the_lowest_safe_probability_is_safe_and_lowest(
		threshold in 1u128..1 << 100,
		stake in 1u128..1 << 100,
	) {
		let probability = lowest_safe_probability(threshold, stake);
		prop_assert!(escape_penalty(threshold, probability, Confidence::Mean).unwrap() <= stake);
		let parts = probability.deconstruct() - 1;
		if parts > 0 {
			let lower = Perquintill::from_parts(parts);
			prop_assert!(escape_penalty(threshold, lower, Confidence::Mean).unwrap() > stake);
		}
	}

	#[test]
	fn penalties_grow_with_confidence(p in 1..=10u64.pow(18), q in 0..10u64.pow(18) - 2) {
		let at = |parts| quantile(Perquintill::from_parts(p), Perquintill::from_parts(parts));
		prop_assert!(at(q).unwrap() <= at(q + 1).unwrap());
	}
}

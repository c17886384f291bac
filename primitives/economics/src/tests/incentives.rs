use super::*;
use proptest::prelude::*;

fn ratio(numerator: u128, denominator: u128) -> FixedU128 {
	FixedU128::from_rational(numerator, denominator)
}

/// A reference capacity of a thousand units, a margin of one half, and σ/margin of `stake`.
fn policy(curvature: FixedU128, stake: u32, rate: u64, min_bid: u64) -> Incentives {
	Incentives {
		curve: Curve { cost: 10, margin: ratio(1, 2), reference: 1_000, curvature },
		stake: StakeSchedule { factor: ratio(stake.into(), 2) },
		rate: Perquintill::from_rational(rate, 1_000),
		min_bid,
	}
}

fn two() -> FixedU128 {
	FixedU128::from_u32(2)
}

#[test]
fn a_policy_is_truthful_up_to_a_capacity() {
	let policy = policy(two(), 8, 120, 250);
	assert!(policy.is_truthful(100));
	assert!(policy.is_truthful(250));
	assert!(policy.is_truthful(1_000));
	assert!(!policy.is_truthful(4_000));
	let limit = policy.truthful_up_to(1_000_000);
	assert!((1_000..4_000).contains(&limit), "{limit}");
	assert!(policy.is_truthful(limit) && !policy.is_truthful(limit + 1));
	assert_eq!(policy.truthful_up_to(500), 500);
	assert_eq!(policy.truthful_up_to(249), 0);
	let honest = policy.best_attack(1_000);
	assert_eq!((honest.identities, honest.split, honest.exhaustive), (1, 1, true));
	assert!(policy.best_attack(4_000).identities > 1);
}

#[test]
fn refusals() {
	let sound = policy(two(), 8, 120, 250);
	let mut other = sound;
	other.stake.factor = FixedU128::from_u32(0);
	assert!(!other.is_truthful(1_000) && !other.is_truthful(1));
	other = sound;
	other.curve.margin = FixedU128::from_u32(0);
	assert!(!other.is_truthful(1_000));
	other = sound;
	other.rate = Perquintill::from_parts(0);
	assert!(!other.is_truthful(1_000));
	other.rate = Perquintill::one();
	assert!(other.is_truthful(u64::MAX));
	other = sound;
	other.curve.curvature = ratio(1, 2);
	assert!(!other.is_truthful(1_000));
	other = sound;
	other.curve.reference = 0;
	assert!(!other.is_truthful(1_000));
	assert_eq!(other.truthful_up_to(u64::MAX), 0);
}

#[test]
fn linear_rewards_need_a_minimum_bid() {
	let one = FixedU128::from_u32(1);
	for stake in [8, 1_000, 1_000_000] {
		assert!(!policy(one, stake, 120, 0).is_truthful(1_000));
		assert_eq!(policy(one, stake, 120, 0).truthful_up_to(2_000), 0);
	}
	// With two splits, two bids and no more are best if ε² ≥ 1/(1 + 2S).
	assert!(policy(one, 40, 120, 500).is_truthful(1_000));
	assert!(!policy(one, 30, 120, 500).is_truthful(1_000));
}

#[test]
fn a_minimum_bid_helps() {
	let curvature = ratio(11, 10);
	assert!(!policy(curvature, 8, 300, 0).is_truthful(1_000));
	assert!(policy(curvature, 8, 300, 1_000).is_truthful(1_000));
}

#[test]
fn small_suppliers_are_deterred_more() {
	let policy = policy(two(), 8, 120, 250);
	assert_eq!(policy.effective_stake(1_000, 1), FixedU128::from_u32(8));
	assert_eq!(policy.effective_stake(1_000, 7), FixedU128::from_u32(8));
	let close = |capacity, split, expected: f64| {
		let stake = policy.effective_stake(capacity, split).into_inner() as f64 / 1e18;
		assert!((stake / expected - 1.0).abs() < 1e-12, "{stake} {expected}");
	};
	close(500, 1, 32.0);
	close(2_000, 1, 4.0);
	close(2_000, 2, 2.0);
	close(2_000, 5, 2.0);
	close(3_000, 2, 8.0 * 1.5 / 9.0);
	assert_eq!(policy.effective_stake(0, 1).into_inner(), u128::MAX);
}

#[test]
fn the_typical_cost_is_small() {
	let policy = policy(two(), 8, 120, 250);
	for capacity in [1_000, 1_500, 2_000, 3_000, 4_000] {
		let mut search = policy.search(capacity).unwrap();
		search.is_truthful();
		assert!(search.steps().0 < 50);
	}
}

#[test]
fn a_second_bid_of_everything_sets_the_limit() {
	// S · κ/κ² ≥ (1 − ε)/ε up to κ = 8 · 0.12 / 0.88 = 1.0909…
	assert_eq!(policy(two(), 8, 120, 250).truthful_up_to(1_000_000), 1_090);
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn effective_stake_falls_with_capacity(
		curvature in 1_000_000_000_000_000_000u128..4_000_000_000_000_000_000,
		capacity in 1u64..1_000_000,
		more in 0u64..1_000_000,
		split in 1u32..100,
	) {
		let policy = policy(FixedU128::from_inner(curvature), 8, 120, 250);
		let stake = |capacity, split| policy.effective_stake(capacity, split);
		prop_assert!(stake(capacity + more, split) <= stake(capacity, split));
		prop_assert!(stake(capacity, split + 1) <= stake(capacity, split));
	}

	#[test]
	fn truth_for_one_capacity_is_truth_for_less(
		curvature in 1_000_000_000_000_000_000u128..4_000_000_000_000_000_000,
		stake in 1u32..100,
		rate in 20u64..500,
		capacity in 1u64..10_000,
		less in 1u64..10_000,
		min_bid in 0u64..1_000,
	) {
		let policy = policy(FixedU128::from_inner(curvature), stake, rate, min_bid);
		if policy.is_truthful(capacity) {
			prop_assert!(policy.is_truthful(less.min(capacity)));
			let more = Incentives { rate: Perquintill::from_rational(rate + 100, 1_000), ..policy };
			prop_assert!(more.is_truthful(capacity));
		}
	}
}

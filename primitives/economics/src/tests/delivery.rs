use crate::{Curve, Incentives, Relays, StakeSchedule};
use proptest::prelude::*;
use sp_arithmetic::{FixedU128, Perquintill};

const FINE: u128 = 1_000_000_000;

/// Parts in a thousand of everything that has no unit.
fn policy(margin: u128, curvature: u128, stake: u128, min_bid: u64) -> Incentives {
	let thousandths = |value| FixedU128::from_rational(value, 1_000);
	Incentives {
		curve: Curve {
			cost: FINE,
			margin: thousandths(margin),
			reference: 100,
			curvature: thousandths(curvature),
		},
		stake: StakeSchedule { factor: thousandths(stake) },
		rate: Perquintill::from_percent(10),
		min_bid,
		relays: Relays::default(),
	}
}

/// What faking the share `f` of a bid brings beyond delivering it, in costs of a unit.
fn shirking(policy: &Incentives, openings: u32, bid: u64, fake: f64) -> f64 {
	let fixed = |value: FixedU128| value.into_inner() as f64 / 1e18;
	let reward = |bid: f64| {
		100.0 * fixed(policy.curve.margin) * (bid / 100.0).powf(fixed(policy.curve.curvature))
	};
	let b = bid as f64;
	let stake = fixed(policy.stake.factor) * reward(b.max(100.0));
	let found = 1.0 - (1.0 - fake).powi(openings as i32);
	(1.0 - found) * (reward(b) + fake * b) - found * stake - reward((1.0 - fake) * b)
}

#[test]
fn with_one_opening_the_stake_must_cover_the_cost_and_what_the_reward_bends() {
	// At the reference: S ≥ cost + (ρ − 1) · r, in units of the cost 2S' ≥ 1 + (ρ − 1)/2 with σ = S'/r.
	assert!(policy(500, 2_000, 3_000, 10).full_delivery_pays(1, 100));
	assert!(!policy(500, 2_000, 2_999, 10).full_delivery_pays(1, 100));
	// Smaller bids save less; larger ones have more at stake for each unit.
	assert!(policy(500, 2_000, 2_999, 10).full_delivery_pays(1, 99));
	assert!(policy(500, 2_000, 3_000, 10).full_delivery_pays(1, 1_000));
	assert!(policy(500, 2_000, 2_999, 200).full_delivery_pays(1, 1_000));
	// With ever larger bids a stake of less than ρ − 1 rewards is never enough.
	assert!(!policy(500, 2_000, 999, 200).full_delivery_pays(1, 1_000));
	assert!(!policy(500, 2_000, 999, 20_000).full_delivery_pays(1, 1_000_000));
}

#[test]
fn more_openings_need_less_stake() {
	assert!(policy(500, 2_000, 1_000, 10).full_delivery_pays(2, 100));
	assert!(!policy(500, 2_000, 999, 10).full_delivery_pays(2, 100));
	// With sixteen the loss of the reward is enough, but for bids that are so small that it is little.
	assert!(policy(500, 2_000, 0, 50).full_delivery_pays(16, 1_000));
	assert!(!policy(500, 2_000, 0, 10).full_delivery_pays(16, 1_000));
	// Without openings nothing is found.
	assert!(!policy(500, 2_000, 9_000, 10).full_delivery_pays(0, 100));
}

#[test]
fn where_no_bid_is_admitted_there_is_nothing_to_fake() {
	assert!(policy(500, 2_000, 0, 10).full_delivery_pays(1, 9));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_000))]

	#[test]
	fn full_delivery_pays_exactly_where_no_share_pays_to_be_faked(
		margin in 1u128..3_000,
		curvature in 1_000u128..6_000,
		stake in prop_oneof![Just(0u128), 0u128..20_000],
		openings in 1u32..20,
		min_bid in 1u64..300,
		wide in 0u64..300,
	) {
		let policy = policy(margin, curvature, stake, min_bid);
		let largest = min_bid + wide;
		let shares = || (1..=40).map(|step| f64::from(step) / 40.0).chain([1e-6, 1e-4, 1e-2]);
		let most = (min_bid..=largest)
			.flat_map(|bid| shares().map(move |fake| (bid, fake)))
			.map(|(bid, fake)| shirking(&policy, openings, bid, fake) / fake / bid as f64)
			.fold(f64::MIN, f64::max);
		// The worst share is ever less of the whole, which the grid reaches up to 10⁻⁶.
		match policy.full_delivery_pays(openings, largest) {
			true => prop_assert!(most <= 1e-6, "{}", most),
			false => prop_assert!(most >= -1e-2, "{}", most),
		}
	}
}

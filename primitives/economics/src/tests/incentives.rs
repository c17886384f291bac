use super::*;
use proptest::prelude::*;

fn ratio(numerator: u128, denominator: u128) -> FixedU128 {
	FixedU128::from_rational(numerator, denominator)
}

/// A reference capacity of a thousand units, a margin of one half, and no relays.
fn policy(curvature: FixedU128, stake: u32) -> Incentives {
	Incentives {
		curve: Curve { cost: 1_000, margin: ratio(1, 2), reference: 1_000, curvature },
		stake: StakeSchedule { factor: FixedU128::from_u32(stake) },
		rate: Perquintill::from_rational(120u64, 1_000),
		min_bid: 250,
		relays: Relays::default(),
	}
}

fn two() -> FixedU128 {
	FixedU128::from_u32(2)
}

fn close(found: FixedU128, expected: f64) {
	let found = found.into_inner() as f64 / 1e18;
	assert!((found / expected - 1.0).abs() < 1e-12, "{found} {expected}");
}

#[test]
fn a_bid_stakes_a_multiple_of_its_reward_but_of_the_references_at_least() {
	let policy = policy(two(), 8);
	for capacity in [1_000, 1_001, 1_000_000, u64::MAX] {
		assert_eq!(policy.effective_stake(capacity, 1), FixedU128::from_u32(8));
	}
	assert_eq!(policy.effective_stake(1_000, 7), FixedU128::from_u32(8));
	close(policy.effective_stake(500, 1), 32.0);
	close(policy.effective_stake(2_000, 2), 2.0);
	close(policy.effective_stake(2_000, 5), 2.0);
	close(policy.effective_stake(3_000, 2), 2.0);
	close(policy.effective_stake(3_000, 4), 8.0 / 9.0);
	assert_eq!(policy.effective_stake(0, 1).into_inner(), u128::MAX);
	assert_eq!(policy.unbounded_game().stake(4), ratio(1, 2));
}

#[test]
fn own_relays_that_cost_less_than_the_stake_are_what_a_lie_loses() {
	let credited =
		|fee| Incentives { relays: Relays { profit: 0, credited: Some(fee) }, ..policy(two(), 8) };
	// Eight units of the reference's margin and a ninth for the reward: as the stake.
	assert_eq!(credited(4_500).effective_stake(1_000, 1), FixedU128::from_u32(8));
	assert_eq!(credited(1_500).effective_stake(1_000, 1), two());
	// At twice the reference a unit earns twice as much: 3/2 − 1, and of halves 3/4 − 1/4.
	close(credited(1_500).effective_stake(2_000, 1), 0.5);
	close(credited(1_500).effective_stake(2_000, 2), 0.5);
	assert_eq!(credited(400).effective_stake(1_000, 1).into_inner(), 0);
}

#[test]
fn what_relays_bring_weighs_less_for_the_large() {
	let relays = |profit, capacity| {
		let relays = Relays { profit, credited: None };
		Incentives { relays, ..policy(two(), 8) }.game(capacity).relays()
	};
	assert_eq!(relays(0, 1_000).into_inner(), 0);
	close(relays(250, 1_000), 0.5);
	close(relays(250, 500), 1.0);
	close(relays(250, 4_000), 0.125);
	assert!(relays(u128::MAX, 1) > FixedU128::from_u32(1 << 31));
}

#[test]
fn a_lie_gains_what_relays_bring_beyond_audits() {
	let game = |profit| {
		let relays = Relays { profit, credited: None };
		Incentives { relays, ..policy(two(), 8) }.game(1_000)
	};
	let utility = |profit, bids, split| {
		let rate = Perquintill::from_percent(12);
		let value = game(profit).utility(bids, split, rate, Limits::CHAIN).unwrap();
		value.into_inner() as f64 / 1e18
	};
	for (bids, split) in [(2, 1), (5, 2), (30, 7)] {
		let more = utility(250, bids, split) - utility(0, bids, split);
		assert!((more - 0.5 * (1.0 - f64::from(split) / f64::from(bids))).abs() < 1e-15);
	}
	for bids in [1, 7] {
		assert_eq!(utility(250, bids, 7), utility(0, bids, 7));
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn effective_stake_falls_with_capacity(
		curvature in 1_000_000_000_000_000_000u128..4_000_000_000_000_000_000,
		capacity in 1u64..1_000_000,
		more in 0u64..1_000_000,
		split in 1u32..100,
		fee in prop::option::of(0u128..10_000),
	) {
		let relays = Relays { profit: 0, credited: fee };
		let policy = Incentives { relays, ..policy(FixedU128::from_inner(curvature), 8) };
		let stake = |capacity, split| policy.effective_stake(capacity, split);
		// A power may be off by 2⁻⁷⁹ to either side.
		let less = |value: FixedU128| value.into_inner() - (value.into_inner() >> 78) - 1;
		prop_assert!(less(stake(capacity + more, split).max(FixedU128::from_inner(1))) <= stake(capacity, split).into_inner());
		if fee.is_none() {
			prop_assert!(stake(capacity, split + 1) <= stake(capacity, split));
		}
	}

	/// For each of all bids and numbers of them the best split of several has a bonus that grows by less and
	/// less, so that the search may stop at the first bid more that gains nothing.
	#[test]
	fn the_best_number_of_bids_is_found_with_relays(
		rate in 40u64..900,
		curvature in 1_050u128..4_000,
		stake in 1u32..60,
		capacity in 300u64..6_000,
		profit in 1u128..3_000,
	) {
		let rate = Perquintill::from_rational(rate, 1_000);
		let relays = Relays { profit, credited: None };
		let policy = Incentives { relays, ..policy(ratio(curvature, 1_000), stake) };
		let mut search = policy.game(capacity).search(rate, Limits::CHAIN).unwrap();
		while let Some(play) = search.next() {
			let value = |bids| {
				let found = policy.game(capacity).utility(bids, play.split, rate, Limits::CHAIN);
				found.unwrap().into_inner()
			};
			let found = crate::search::decimal(play.utility);
			prop_assert!((value(play.identities) - found).abs() <= 2);
			for bids in (play.split..play.split + 80).chain([play.identities + 1, play.identities + 50]) {
				prop_assert!(value(bids) <= found + 2, "{} of {}", bids, play.identities);
			}
		}
	}
}

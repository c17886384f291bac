use super::*;
use crate::{Curve, Game, Relays, StakeSchedule};
use proptest::prelude::*;
use sp_arithmetic::{FixedU128, Perquintill};

fn ratio(numerator: u128, denominator: u128) -> FixedU128 {
	FixedU128::from_rational(numerator, denominator)
}

/// A reference capacity of a thousand units, a margin of one half, and no relays.
fn policy(curvature: FixedU128, stake: u32, rate: u64, min_bid: u64) -> Incentives {
	Incentives {
		curve: Curve { cost: 1_000, margin: ratio(1, 2), reference: 1_000, curvature },
		stake: StakeSchedule { factor: FixedU128::from_u32(stake) },
		rate: Perquintill::from_rational(rate, 1_000),
		min_bid,
		relays: Relays::default(),
	}
}

fn with_profit(profit: u128, policy: Incentives) -> Incentives {
	Incentives { relays: Relays { profit, credited: None }, ..policy }
}

fn two() -> FixedU128 {
	FixedU128::from_u32(2)
}

/// U(N, α) + g · (1 − 1/(Nα)) less the truth, for bids of any real size α.
fn advantage(policy: &Incentives, capacity: f64, bids: u32, size: f64) -> f64 {
	let float = |value: FixedU128| value.into_inner() as f64 / 1e18;
	let rate = policy.rate.deconstruct() as f64 / 1e18;
	let (rho, sigma) = (float(policy.curve.curvature), float(policy.stake.factor));
	let margin = float(policy.curve.margin) * policy.curve.cost as f64;
	let kappa = capacity / policy.curve.reference as f64;
	let profit = policy.relays.profit as f64 / margin * kappa;
	let whole = (1.0 / size + 1e-9).floor();
	let (mut delivered, mut excess, mut chance) = (0.0, 0.0, (1.0 - rate).powi(bids as i32));
	for hits in 0..=bids {
		delivered += chance * f64::from(hits).min(whole);
		excess += chance * (f64::from(hits) - whole).max(0.0);
		chance *= f64::from(bids - hits) / f64::from(hits + 1) * rate / (1.0 - rate);
	}
	let bid = (size * kappa).powf(rho);
	let relays = profit * (1.0 - 1.0 / (f64::from(bids) * size)).max(0.0);
	bid * delivered - sigma * bid.max(1.0) * excess + relays - rate * kappa.powf(rho)
}

/// The most that any lie gains on a grid of numbers and sizes of bids.
fn best(policy: &Incentives, capacity: f64, bids: u32, sizes: u32) -> f64 {
	let least = policy.min_bid as f64 / capacity;
	let one = |bids| {
		let grid = (1..=sizes).map(move |step| 1.5 * f64::from(step) / f64::from(sizes));
		let fractions = (1..20).map(|split| 1.0 / f64::from(split));
		let all = grid.chain(fractions).filter(move |size| *size >= least - 1e-12);
		all.map(move |size| advantage(policy, capacity, bids, size)).fold(f64::MIN, f64::max)
	};
	(1..=bids).map(one).fold(f64::MIN, f64::max)
}

#[test]
fn one_policy_can_be_truthful_for_every_size() {
	let every = policy(two(), 10, 104, 250);
	for capacity in [1, 250, 1_000, 2_000, 10_000, 1_000_000, u64::MAX >> 20] {
		assert!(every.is_truthful(capacity), "{capacity}");
	}
	assert_eq!(every.truthful_up_to(1 << 40), 1 << 40);
	let lax = policy(two(), 10, 102, 1);
	assert!(lax.is_truthful(1_000) && !lax.is_truthful(2_000));
}

#[test]
fn a_policy_is_truthful_up_to_a_capacity() {
	let policy = policy(two(), 10, 102, 250);
	let limit = policy.truthful_up_to(1_000_000);
	assert!((1_000..3_000).contains(&limit), "{limit}");
	assert!(policy.is_truthful(limit) && !policy.is_truthful(limit + 1));
	assert_eq!(policy.truthful_up_to(500), 500);
	assert_eq!(policy.truthful_up_to(249), 0);
	let honest = policy.best_attack(1_000);
	assert_eq!((honest.identities, honest.split, honest.exhaustive), (1, 1, true));
	assert!(policy.best_attack(4_000).identities > 1);
}

#[test]
fn refusals() {
	let sound = policy(two(), 10, 120, 250);
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
fn relays_that_earn_enough_make_lies_pay() {
	let audited = policy(two(), 10, 120, 250);
	for (profit, truthful) in [(0, true), (1, true), (10, true), (100, false), (100_000, false)] {
		let policy = with_profit(profit, audited);
		assert_eq!(policy.is_truthful(4_000), truthful, "{profit}");
	}
	// A flat stake deters the small, whatever they could gain from relays.
	let limit = with_profit(100, audited).truthful_up_to(4_000);
	assert!((250..1_000).contains(&limit), "{limit}");
	// More at stake, and audits that are more frequent, deter again.
	assert!(with_profit(100, policy(two(), 60, 200, 250)).is_truthful(4_000));
}

#[test]
fn credited_relays_must_not_earn_a_profit() {
	let credited = |profit| Incentives {
		relays: Relays { profit, credited: Some(10_000) },
		..policy(two(), 10, 120, 250)
	};
	assert!(credited(0).is_truthful(1_000));
	assert!(!credited(1).is_truthful(1_000));
}

#[test]
fn the_typical_cost_is_small() {
	let policy = policy(two(), 10, 120, 250);
	for capacity in [1_000, 1_500, 2_000, 3_000, 4_000] {
		let (truthful, steps) = policy.game(capacity).is_truthful(policy.rate, Limits::CHAIN);
		assert!(truthful && steps < 150, "{capacity} {steps}");
	}
}

#[test]
fn a_verdict_ends_within_its_budget() {
	for (curvature, rate, min_bid) in [(two(), 8, 1), (ratio(11, 10), 500, 1), (two(), 20, 10)] {
		for profit in [0, 1, 30, 500] {
			let policy = with_profit(profit, policy(curvature, 400, rate, min_bid));
			let mut budget = Budget::FULL;
			let mut capacities = 0;
			while policy.nothing_pays(1 + capacities, 1_000_000, &mut budget) && capacities < 1_000
			{
				capacities += 1;
			}
			assert!(capacities <= u64::from(MAX_SEARCHES));
			let _ = (policy.is_truthful(1_000_000), policy.truthful_up_to(1_000_000));
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

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

	/// Against floats, for bids of any real size, also of more than the capacity.
	#[test]
	fn where_a_policy_is_truthful_no_lie_gains(
		curvature in 1_000u128..3_000,
		stake in 1u32..80,
		rate in 60u64..600,
		profit in 0u128..400,
		min_bid in 100u64..2_000,
		wide in 0u64..8_000,
		at in 0f64..1.0,
	) {
		let policy = with_profit(profit, policy(ratio(curvature, 1_000), stake, rate, min_bid));
		let most = min_bid + wide;
		if policy.is_truthful(most) {
			prop_assert_eq!(policy.truthful_up_to(most), most);
			let capacity = min_bid as f64 + at * wide as f64;
			for capacity in [capacity, min_bid as f64, most as f64] {
				let found = best(&policy, capacity, 40, 60);
				prop_assert!(found <= 1e-9, "{} gains {}", capacity, found);
			}
		}
	}

	/// And the verdict is not far from what can be: with half as much again at stake, in audits and in
	/// rewards, policies that no lie beats are called truthful.
	#[test]
	fn a_verdict_is_close(
		curvature in 1_200u128..3_000,
		stake in 4u32..80,
		rate in 100u64..600,
		profit in 1u128..400,
		min_bid in 300u64..2_000,
		wide in 0u64..5_000,
	) {
		let policy = with_profit(profit, policy(ratio(curvature, 1_000), stake, rate, min_bid));
		let sizes = (0..=8).map(|step| min_bid as f64 + wide as f64 * f64::from(step) / 8.0);
		let no_lie = |size: f64| best(&policy, size, 40, 60) <= 0.0;
		// Bids of more than there is, and beside the truth, are decided apart.
		let mixed = policy.bids_beyond_capacity_lose(min_bid + wide)
			&& policy.bids_beside_the_truth_lose(min_bid + wide);
		if sizes.clone().all(no_lie) && mixed {
			let mut safer = policy;
			safer.relays.profit = profit * 3 / 5;
			safer.rate = Perquintill::from_rational(rate * 3 / 2, 1_000);
			prop_assert!(safer.is_truthful(min_bid + wide));
		}
	}
}

#[test]
fn a_unit_game_has_no_relays() {
	assert_eq!(Game::unit(two(), two()).relays(), FixedU128::from_u32(0));
}

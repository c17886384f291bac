use crate::{Curve, Incentives, Relays, StakeSchedule};
use proptest::prelude::*;
use sp_arithmetic::{FixedU128, Perquintill};

/// A reference capacity of a thousand units of 1,000, a margin of one half.
fn policy(curvature: u128, stake: u32, rate: u64, min_bid: u64) -> Incentives {
	Incentives {
		curve: Curve {
			cost: 1_000,
			margin: FixedU128::from_rational(1, 2),
			reference: 1_000,
			curvature: FixedU128::from_rational(curvature, 1_000),
		},
		stake: StakeSchedule { factor: FixedU128::from_u32(stake) },
		rate: Perquintill::from_rational(rate, 1_000),
		min_bid,
		relays: Relays::default(),
	}
}

fn with_profit(profit: u128, policy: Incentives) -> Incentives {
	Incentives { relays: Relays { profit, credited: None }, ..policy }
}

/// What bids of any sizes gain beyond the truth, with the best subset delivered of whatever is drawn, in
/// rewards of the reference capacity.
fn advantage(policy: &Incentives, capacity: f64, bids: &[f64]) -> f64 {
	let float = |value: FixedU128| value.into_inner() as f64 / 1e18;
	let rate = policy.rate.deconstruct() as f64 / 1e18;
	let (rho, sigma) = (float(policy.curve.curvature), float(policy.stake.factor));
	let (reward, stake) = (|bid: f64| bid.powf(rho), |bid: f64| sigma * bid.powf(rho).max(1.0));
	let members =
		|set: usize| bids.iter().enumerate().filter(move |(bit, _)| set & (1 << bit) != 0);
	let sum =
		|set: usize, of: &dyn Fn(f64) -> f64| members(set).map(|(_, bid)| of(*bid)).sum::<f64>();
	let mut gain = -rate * reward(capacity);
	for draw in 0..1usize << bids.len() {
		let hits = draw.count_ones() as i32;
		let chance = rate.powi(hits) * (1.0 - rate).powi(bids.len() as i32 - hits);
		let delivered = (0..=draw)
			.filter(|set| set & draw == *set && sum(*set, &|bid| bid) <= capacity + 1e-12)
			.map(|set| sum(set, &|bid| reward(bid) + stake(bid)))
			.fold(0.0, f64::max);
		gain += chance * (delivered - sum(draw, &stake));
	}
	let declared: f64 = bids.iter().sum();
	gain + policy.relays.profit as f64 / 500.0 * capacity * (1.0 - capacity / declared).max(0.0)
}

/// A bid of the reference capacity beside that of a large supplier: it costs a small stake, if both are drawn,
/// and declares much. Bids of one size alone would be deterred.
#[test]
fn a_small_bid_beside_a_true_one_is_outweighed() {
	let audited = policy(2_000, 60, 83, 1_000);
	let brought = |profit, other| advantage(&with_profit(profit, audited), 4.0, &[4.0, other]);
	assert!(brought(300, 1.0) > 0.1, "{}", brought(300, 1.0));
	assert!(brought(300, 4.0) < 0.0);
	let bound = |profit| with_profit(profit, audited).bids_beside_the_truth_lose(4_000);
	// 0.83² · 0.6 − 0.083 · 0.917 = 0.337 rewards of 500, of which 4/5 and the quarter make a whole.
	assert!(bound(168) && !bound(169));
	assert!(brought(168, 1.0) < 0.0 && brought(212, 1.0) > 0.0);
	assert!(!with_profit(300, audited).is_truthful(4_000));
}

#[test]
fn who_is_too_small_to_bid_must_not_live_by_relays() {
	// A bid of 250 has 5,000,000 at stake, of which audits take 600,000; with a quarter added to the profit.
	let small = |profit| with_profit(profit, policy(2_000, 10, 120, 250));
	assert!(small(1_920).is_truthful(249));
	assert!(!small(1_921).is_truthful(249));
}

#[test]
fn relays_are_judged_with_a_quarter_more() {
	let judged = [0, 1, 4, 5, 100].map(|profit| Relays { profit, credited: None }.judged());
	assert_eq!(judged, [0, 2, 5, 7, 125]);
	assert_eq!(Relays { profit: u128::MAX, credited: None }.judged(), u128::MAX);
}

#[test]
fn one_more_unit_of_the_largest_bid_must_not_earn_more_than_own_relays_cost() {
	// At twice the reference a unit earns 1,000, and one more of them 2,000.
	let credited = |fee| Incentives {
		relays: Relays { profit: 0, credited: Some(fee) },
		..policy(2_000, 9, 120, 10)
	};
	assert!(credited(2_000).credit_is_safe(2_000) && !credited(1_999).credit_is_safe(2_000));
	assert!(credited(1_999).credit_is_safe(1_999));
	assert!(policy(2_000, 9, 120, 10).credit_is_safe(u64::MAX));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	/// Bids of different sizes are searched, not proven: no few of them that declare more than there is gain.
	#[test]
	fn where_a_policy_is_truthful_no_few_bids_of_any_sizes_gain(
		curvature in 1_020u128..3_000,
		stake in 3u32..80,
		rate in 60u64..600,
		profit in 0u128..400,
		min_bid in 100u64..2_000,
		wide in 0u64..6_000,
		sizes in prop::collection::vec(0f64..1.0, 1..5),
		fitting in any::<bool>(),
	) {
		let policy = with_profit(profit, policy(curvature, stake, rate, min_bid));
		let most = min_bid + wide;
		if policy.is_truthful(most) {
			let (least, most) = (min_bid as f64 / 1e3, most as f64 / 1e3);
			for capacity in [least, most, (least + most) / 2.0] {
				let mut bids: Vec<_> =
					sizes.iter().map(|size| least + size * (capacity - least)).collect();
				// What is left of the capacity beside one of them, or all of it.
				bids.push(if fitting { (capacity - bids[0]).max(least) } else { capacity });
				let found = advantage(&policy, capacity, &bids);
				prop_assert!(found <= 1e-9, "{} with {:?} gains {}", capacity, bids, found);
				bids.push(least);
				let found = advantage(&policy, capacity, &bids);
				prop_assert!(found <= 1e-9, "{} with {:?} gains {}", capacity, bids, found);
			}
		}
	}

	/// Where all bids are drawn at once this is proven, for bids of any sizes.
	#[test]
	fn all_at_once_relays_are_outweighed_for_every_size(
		curvature in 1_000u128..3_000,
		stake in 1u32..80,
		rate in 1u64..600,
		profit in 1u128..4_000,
		capacity in 0.05f64..10.0,
		sizes in prop::collection::vec(0.01f64..12.0, 1..6),
	) {
		let policy = with_profit(profit, policy(curvature, stake, rate, 1));
		if policy.joint_audits_outweigh_relays() {
			let rho = curvature as f64 / 1e3;
			let stake = |bid: f64| f64::from(stake) * bid.powf(rho).max(1.0);
			let members = |set: usize| {
				sizes.iter().enumerate().filter(move |(bit, _)| set & (1 << bit) != 0)
			};
			let best = (0..1usize << sizes.len())
				.filter(|set| members(*set).map(|(_, bid)| bid).sum::<f64>() <= capacity)
				.map(|set| members(set).map(|(_, bid)| bid.powf(rho) + stake(*bid)).sum::<f64>())
				.fold(0.0, f64::max);
			let audits = best - sizes.iter().map(|bid| stake(*bid)).sum::<f64>();
			let declared: f64 = sizes.iter().sum();
			let relays = profit as f64 / 500.0 * capacity * (1.0 - capacity / declared).max(0.0);
			let gain = relays + rate as f64 / 1e3 * (audits - capacity.powf(rho));
			prop_assert!(gain <= 1e-9, "{}", gain);
		}
	}
}

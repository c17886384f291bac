use super::*;
use crate::{
	audits::{least_rate, Capacity, Schedule},
	number::Float,
};
use capacity_economics::{FixedU128, Game, Limits, Perquintill};
use proptest::prelude::*;

const SIZES: [Option<u32>; 4] = [Some(1), Some(2), Some(4), None];

fn game(curvature: FixedU128, stake: u32, capacity: Option<u32>) -> Game {
	let schedule = Schedule { curvature, stake: FixedU128::from_u32(stake), ..Schedule::plain() };
	let times = |kappa| Capacity::Times(FixedU128::from_u32(kappa));
	schedule.game(capacity.map_or(Capacity::Unbounded, times)).unwrap()
}

/// At the least rate at which no lie with bids of one size pays.
fn stage(curvature: FixedU128, stake: u32, capacity: Option<u32>) -> Stage {
	Stage {
		curvature: curvature.float(),
		stake: f64::from(stake),
		capacity: capacity.map(f64::from),
		rate: least_rate(&game(curvature, stake, capacity)).rate.float(),
	}
}

/// The pairs of the design's table, at every size there.
fn stages() -> impl Iterator<Item = Stage> {
	[(15, 10), (20, 5), (20, 10), (20, 25)].into_iter().flat_map(|(curvature, stake)| {
		let curvature = FixedU128::from_rational(curvature, 10);
		SIZES.map(|capacity| stage(curvature, stake, capacity))
	})
}

#[test]
fn the_truth_gains_the_rate() {
	for stage in stages() {
		assert!((stage.utility(&[1.0]) / stage.rate - 1.0).abs() < 1e-12);
		assert_eq!(stage.utility(&[]), 0.0);
	}
}

/// {1, 1/2}: all of it is delivered if one of them is drawn, the larger if both are.
#[test]
fn a_whole_and_a_half() {
	let stage = Stage { curvature: 2.0, stake: 10.0, capacity: Some(2.0), rate: 0.1 };
	let (alone, both) = (0.09, 0.01);
	let expected = alone * (1.0 + 0.25) + both * (1.0 - 2.5);
	assert!((stage.utility(&[1.0, 0.5]) - expected).abs() < 1e-12);
}

/// 100,000 random portfolios in all: a tenth of them in each of some places.
#[test]
fn no_portfolio_of_some_thousands_beats_the_truth() {
	for stage in stages() {
		let found = stage.search(4_000, 8, 1, Progress::Hidden);
		assert!(!found.best.beats_the_truth(), "{found:?}");
		assert!(!found.improved.beats_the_truth(), "{found:?}");
		assert!(found.improved.of_truth >= found.best.of_truth);
	}
}

#[test]
fn no_portfolio_of_a_hundred_thousand_beats_the_truth() {
	for capacity in SIZES {
		let stage = stage(FixedU128::from_u32(2), 10, capacity);
		let found = stage.search(100_000, 8, 7, Progress::Hidden);
		assert!(!found.best.beats_the_truth(), "{found:?}");
		assert!(!found.improved.beats_the_truth(), "{found:?}");
	}
}

/// The search finds what there is to find: below the least rate, at which a few bids set the limit.
#[test]
fn below_the_least_rate_a_portfolio_beats_the_truth() {
	for (curvature, stake, capacity) in [(20, 10, Some(1)), (20, 5, Some(4)), (30, 8, None)] {
		let mut stage = stage(FixedU128::from_rational(curvature, 10), stake, capacity);
		stage.rate *= 0.97;
		let found = stage.search(2_000, 8, 3, Progress::Hidden);
		assert!(found.improved.beats_the_truth(), "{found:?}");
	}
}

#[test]
fn the_same_seed_finds_the_same() {
	let stage = stage(FixedU128::from_u32(2), 10, Some(2));
	let [a, b] = [(); 2].map(|()| stage.search(1_000, 6, 5, Progress::Hidden));
	assert_eq!((&a.best, &a.improved), (&b.best, &b.improved));
	assert_ne!(a.best, stage.search(1_000, 6, 6, Progress::Hidden).best);
}

proptest! {
	/// Bids of one size gain what the chain's code says.
	#[test]
	fn equal_bids_play_the_chains_game(
		curvature in 1_000u128..3_000,
		stake in 1u32..60,
		capacity in prop::option::of(1u32..12),
		percent in 1u64..99,
		bids in 1u32..9,
		split in 1u32..9,
	) {
		let curvature = FixedU128::from_rational(curvature, 1_000);
		let rate = Perquintill::from_percent(percent);
		let game = game(curvature, stake, capacity);
		let expected = game.utility(bids, split, rate, Limits::CHAIN).unwrap().float();
		let stage = Stage {
			curvature: curvature.float(),
			stake: f64::from(stake),
			capacity: capacity.map(f64::from),
			rate: rate.float(),
		};
		let found = stage.utility(&vec![1.0 / f64::from(split); bids as usize]);
		prop_assert!((found - expected).abs() < 1e-9 * (1.0 + expected.abs()), "{} {}", found, expected);
	}
}

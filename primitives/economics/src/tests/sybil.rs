use super::*;
use crate::{
	search::{decimal, pays_to_duplicate, Play, Search, BITS, MAX_STEPS},
	stakes::Stakes,
};
use proptest::prelude::*;

/// Bids up to which the exhaustive search goes.
const BIDS: usize = 400;
/// Splits up to which it goes.
const SPLITS: usize = 16;

fn ratio(numerator: u128, denominator: u128) -> FixedU128 {
	FixedU128::from_rational(numerator, denominator)
}

fn whole(value: u32) -> FixedU128 {
	FixedU128::from_u32(value)
}

fn thousandths(value: u64) -> Perquintill {
	Perquintill::from_rational(value, 1_000)
}

fn float(value: FixedU128) -> f64 {
	value.into_inner() as f64 / 1e18
}

/// The search of the chain, with no more than so many splits allowed.
fn search(rate: Perquintill, curvature: FixedU128, stake: FixedU128, splits: u64) -> Search {
	let game = Game::new(curvature, Stakes::Flat(stake), splits);
	game.search(rate, Limits::CHAIN).unwrap()
}

/// U(N, 1/m) for all N and m, as the document defines it.
fn utilities(rate: f64, curvature: f64, stake: f64) -> Vec<[f64; SPLITS]> {
	let mut factorials = vec![0.0];
	for n in 1..=BIDS {
		factorials.push(factorials[n - 1] + (n as f64).ln());
	}
	let row = |bids: usize| {
		let chance = |hits: usize| {
			let ways = factorials[bids] - factorials[hits] - factorials[bids - hits];
			(ways + hits as f64 * rate.ln() + (bids - hits) as f64 * (-rate).ln_1p()).exp()
		};
		let chances: Vec<f64> = (0..=bids).map(chance).collect();
		let mut row = [0.0; SPLITS];
		for (index, value) in row.iter_mut().enumerate() {
			let split = index + 1;
			let (mut delivered, mut excess) = (0.0, 0.0);
			for (hits, chance) in chances.iter().enumerate() {
				delivered += chance * hits.min(split) as f64;
				excess += chance * hits.saturating_sub(split) as f64;
			}
			*value = (split as f64).powf(-curvature) * delivered - stake * excess;
		}
		row
	};
	(0..=BIDS).map(row).collect()
}

fn maximum(table: &[[f64; SPLITS]]) -> f64 {
	table.iter().flatten().copied().fold(0.0, f64::max)
}

#[test]
fn forty_four_bids_of_a_fifth() {
	let attack = best_attack(thousandths(17), whole(2), whole(50));
	assert_eq!((attack.identities, attack.split, attack.exhaustive), (44, 5, true));
	assert!((float(attack.utility) - 0.0245).abs() < 0.00005, "{:?}", attack.utility);
	assert!(attack.utility > ratio(17, 1_000));
	let same = utility(44, 5, thousandths(17), whole(2), whole(50)).unwrap();
	assert!(same.into_inner().unsigned_abs().abs_diff(attack.utility.into_inner()) <= 1);
}

#[test]
fn truth_is_best_at_twice_that_rate() {
	let attack = best_attack(thousandths(34), whole(2), whole(50));
	let truth = Attack { identities: 1, split: 1, utility: ratio(34, 1_000), exhaustive: true };
	assert_eq!(attack, truth);
}

#[test]
fn a_stake_of_eight_costs_two_ninths() {
	let rate = audit_rate(whole(2), whole(8));
	assert!((2.0 * rate.deconstruct() as f64 / 1e18 - 0.2222).abs() < 0.0005);
	// The attack that decides is a second bid of everything, which pays below 1 / (1 + S).
	assert_eq!(rate.deconstruct(), 111_111_111_111_111_112);
}

#[test]
fn no_stake_makes_truth_best_with_linear_rewards() {
	for stake in [1, 10, 100, 1_000] {
		let attack = best_attack(thousandths(100), whole(1), whole(stake));
		assert!(attack.identities > attack.split, "{attack:?}");
		assert!(float(attack.utility) > 0.1 + 1e-6 && !attack.exhaustive, "{attack:?}");
		assert_eq!(audit_rate(whole(1), whole(stake)), Perquintill::one());
	}
}

#[test]
fn certain_and_absent_audits() {
	let rate = Perquintill::one();
	assert_eq!(best_attack(rate, whole(2), whole(1)).utility, whole(1));
	assert_eq!(utility(7, 2, rate, whole(1), whole(3)), Ok(FixedI128::from_u32(1) - 15.into()));
	let never = Perquintill::from_parts(0);
	assert_eq!(utility(7, 2, never, whole(1), whole(3)), Ok(0.into()));
	assert_eq!(best_attack(never, whole(2), whole(1)).identities, 1);
	assert_eq!(audit_rate(whole(2), whole(0)), Perquintill::one());
	assert_eq!(utility(1, 0, rate, whole(1), whole(1)), Err(Error::OutOfRange));
	assert_eq!(utility(1, MAX_SPLIT + 1, rate, whole(1), whole(1)), Err(Error::OutOfRange));
	let many = MAX_IDENTITIES + 1;
	assert_eq!(utility(many, 1, rate, whole(1), whole(1)), Err(Error::OutOfRange));
}

#[test]
fn the_extremes_end() {
	let rates = [1, 1_000_000_000, 10u64.pow(15), 5 * 10u64.pow(17), 10u64.pow(18) - 1];
	let mut most = (0, 0);
	for rate in rates.map(Perquintill::from_parts) {
		for curvature in [0, 1, 10u128.pow(18), 10u128.pow(18) + 1, 2 * 10u128.pow(18), u128::MAX] {
			for stake in [0, 1, 10u128.pow(18), 10u128.pow(30), u128::MAX] {
				let (curvature, stake) =
					(FixedU128::from_inner(curvature), FixedU128::from_inner(stake));
				let mut search = search(rate, curvature, stake, u64::MAX);
				while search.next().is_some() {}
				most = most.max((search.steps(), search.splits()));
			}
		}
	}
	assert!(most.0 <= MAX_STEPS + MAX_SPLIT, "{most:?}");
}

#[test]
fn an_unfinished_search_is_not_truthful() {
	// Rates too low for the number of bids, and curvatures too low for the number of splits.
	for (rate, curvature) in [(2, whole(2)), (400, ratio(11, 10))] {
		let mut search = search(thousandths(rate), curvature, whole(1_000_000), u64::MAX);
		assert!(!search.is_truthful() && !search.complete);
	}
}

#[test]
fn rates_have_a_floor_where_splits_are_too_many_to_search() {
	for (curvature, floor) in [(11, 0.49995), (12, 0.24995)] {
		let rate = audit_rate(ratio(curvature, 10), whole(1_000_000)).deconstruct() as f64 / 1e18;
		assert!(rate >= floor && rate < floor * 1.001, "{curvature} {rate}");
	}
}

#[test]
fn rates_fall_with_stake_and_curvature() {
	let rate = |curvature, stake| audit_rate(ratio(curvature, 10), whole(stake));
	for curvature in [11, 13, 15, 20, 30] {
		for stake in [1, 2, 4, 8, 16] {
			assert!(rate(curvature, stake) >= rate(curvature, stake * 2));
			assert!(rate(curvature, stake) >= rate(curvature + 5, stake));
		}
	}
}

#[test]
fn rates_agree_with_an_exhaustive_search() {
	for (curvature, stake) in [(15, 8), (20, 20), (15, 3), (25, 30), (18, 12)] {
		let rate = audit_rate(ratio(curvature, 10), whole(stake)).deconstruct() as f64 / 1e18;
		let excess = |rate| maximum(&utilities(rate, curvature as f64 / 10.0, stake.into())) - rate;
		assert!(excess(rate * 0.999) > 0.0, "{curvature} {stake} {rate}");
		// And from there to one there is no other place where lying pays.
		for part in 0..20 {
			let higher = rate + 1e-9 + (0.999 - rate) * f64::from(part) / 20.0;
			assert!(excess(higher) < 1e-10, "{curvature} {stake} {rate} {higher}");
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	#[test]
	fn agrees_with_an_exhaustive_search(
		rate in 40u64..950,
		curvature in 1_100u128..4_000,
		stake in 100u128..60_000,
	) {
		let exact = (thousandths(rate), ratio(curvature, 1_000), ratio(stake, 1_000));
		let table =
			utilities(rate as f64 / 1e3, curvature as f64 / 1e3, stake as f64 / 1e3);
		for split in 1..=SPLITS {
			let column: Vec<f64> = table.iter().map(|row| row[split - 1]).collect();
			// Unimodal in N: once it has fallen it does not rise again.
			let mut fallen = false;
			for pair in column.windows(2) {
				prop_assert!(!fallen || pair[1] <= pair[0] + 1e-9);
				fallen |= pair[1] < pair[0] - 1e-9;
			}
			for bids in [0, 1, split, split + 1, 2 * split, BIDS] {
				let value =
					utility(bids as u32, split as u32, exact.0, exact.1, exact.2).unwrap();
				let value = value.into_inner() as f64 / 1e18;
				let expected = column[bids];
				prop_assert!((value - expected).abs() < 1e-9 * (1.0 + expected.abs()));
			}
		}
		let attack = best_attack(exact.0, exact.1, exact.2);
		let (found, expected) = (float(attack.utility), maximum(&table));
		prop_assert!(found >= expected - 1e-9, "{attack:?} {expected}");
		if attack.identities as usize <= BIDS && attack.split as usize <= SPLITS {
			prop_assert!(found <= expected + 1e-9, "{attack:?} {expected}");
		}
		// Each split on its own, also where the best number of bids falls from one to the next.
		let mut search = search(exact.0, exact.1, exact.2, SPLITS as u64);
		while let Some(play) = search.next() {
			let best = table.iter().map(|row| row[play.split as usize - 1]).fold(0.0, f64::max);
			let found = play.utility as f64 / 2f64.powi(BITS as i32);
			if (play.identities as usize) < BIDS {
				prop_assert!((found - best).abs() < 1e-9, "{} {}", play.split, play.identities);
			}
		}
	}

	#[test]
	fn the_neighbours_of_the_best_are_worse(
		rate in 10u64..950,
		curvature in 1_050u128..4_000,
		stake in 10u128..10_000_000,
		split in 1u32..200,
	) {
		let (rate, curvature, stake) =
			(thousandths(rate), ratio(curvature, 1_000), ratio(stake, 1_000));
		let mut search = search(rate, curvature, stake, split.into());
		let mut last = None;
		while let Some(play) = search.next() {
			last = Some(play);
		}
		let Play { identities, split, utility: found } = last.unwrap();
		let value =
			|identities| utility(identities, split, rate, curvature, stake).unwrap().into_inner();
		let found = decimal(found);
		// 2⁻⁴⁰ is stated; on a walk of this length it is much closer.
		prop_assert!((value(identities) - found).abs() <= 2);
		if identities < MAX_IDENTITIES {
			prop_assert!(value(identities + 1) <= found + 2);
		}
		prop_assert!(value(identities - 1) <= found + 2);
	}

	#[test]
	fn truth_at_a_rate_is_truth_above(
		rate in 20u64..900,
		curvature in 1_050u128..4_000,
		stake in 100u128..100_000,
		more in 1u64..99,
	) {
		let truthful = |rate| {
			let (curvature, stake) = (ratio(curvature, 1_000), ratio(stake, 1_000));
			!pays_to_duplicate(thousandths(rate), stake)
				&& search(thousandths(rate), curvature, stake, u64::MAX).is_truthful()
		};
		prop_assert!(!truthful(rate) || truthful(rate + more));
	}
}

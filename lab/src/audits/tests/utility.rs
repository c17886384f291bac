use super::*;
use capacity_economics::FixedU128;

fn document() -> Game {
	Game::unit(FixedU128::from_u32(2), FixedU128::from_u32(50))
}

#[test]
fn forty_four_bids_of_a_fifth_gain_more_than_the_truth() {
	let rate = Perquintill::from_rational(17u64, 1_000);
	let found = sizes(&document(), rate, &[5], &[43, 44, 45]).unwrap();
	assert_eq!(found.best, Lie { identities: 44, split: 5 });
	assert!((found.best_utility - 0.0245).abs() < 0.00005);
	assert_eq!(found.sizes[0].best_identities, 44);
	assert!((found.sizes[0].best_utility - found.best_utility).abs() < 1e-12);
	let [before, best, after] = [0, 1, 2].map(|index| found.sizes[0].utilities[index].1);
	assert!(best > before && best > after && (best - found.best_utility).abs() < 1e-12);
}

#[test]
fn at_twice_the_rate_the_truth_is_best() {
	let rate = Perquintill::from_rational(34u64, 1_000);
	let splits: Vec<u32> = (1..=20).collect();
	let found = sizes(&document(), rate, &splits, &[]).unwrap();
	assert_eq!((found.best, found.exhaustive), (Lie { identities: 1, split: 1 }, true));
	assert!(found.sizes.iter().all(|bids| bids.best_utility <= rate.float() + 1e-15));
}

#[test]
fn bisection_finds_the_best_number_of_bids() {
	for (curvature, stake, rate) in [(3u128, 3u128, 150u64), (4, 50, 17), (2, 8, 100), (5, 1, 600)]
	{
		let game =
			Game::unit(FixedU128::from_rational(curvature, 2), FixedU128::from_rational(stake, 1));
		let rate = Perquintill::from_rational(rate, 1_000);
		for split in [1, 2, 5, 9] {
			let (bids, gained) = best_identities(&game, rate, split).unwrap();
			let every = (1..=400).map(|bids| utility(&game, rate, bids, split).unwrap());
			let most = every.fold(f64::MIN, f64::max);
			assert!((gained - most).abs() < 1e-15, "{bids} {gained} {most}");
		}
	}
}

#[test]
fn impossible_bids_are_refused() {
	let rate = Perquintill::from_percent(10);
	assert!(utility(&document(), rate, 1, 0).is_err());
	assert!(utility(&document(), rate, u32::MAX, 1).is_err());
}

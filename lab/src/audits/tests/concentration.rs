use super::*;
use crate::audits::least::LIMITS;
use crate::number::Float;
use capacity_economics::{FixedU128, Game, Perquintill};

#[test]
fn the_allocation_concentrates_on_its_mean() {
	let found = [100, 1_000, 10_000, 100_000]
		.map(|identities| Concentration::new(identities, 0.97, 0.5, 8.0).unwrap());
	for found in &found {
		let mean: f64 = found.distribution.iter().map(|(place, chance)| place * chance).sum();
		assert!((mean - 0.97).abs() < 1e-9);
	}
	for pair in found.windows(2) {
		assert!((pair[0].deviation / pair[1].deviation - 10f64.sqrt()).abs() < 1e-9);
		assert!(pair[1].overload <= pair[0].overload + 0.01);
	}
	assert!(found[3].overload < 1e-12);
}

#[test]
fn enough_bids_beat_the_truth_whatever_the_stake() {
	for stake in [8.0, 1_000.0, 1_000_000.0] {
		let found = Concentration::new(100_000, 0.97, 0.5, stake).unwrap();
		assert!(found.utility > 1.9 * found.rate, "{found:?}");
	}
}

#[test]
fn bids_of_a_whole_fraction_gain_what_the_chain_says() {
	// 40 bids of 1/20, and 900 of 1/300.
	for (identities, split, rate) in [(40u32, 20u32, 45u64), (900, 300, 30)] {
		let expected = f64::from(identities) / f64::from(split) * rate as f64 / 100.0;
		let found = Concentration::new(identities, expected, rate as f64 / 100.0, 8.0).unwrap();
		assert_eq!(found.deliverable, split);
		let game = Game::unit(FixedU128::from_u32(1), FixedU128::from_u32(8));
		let chain = game.utility(identities, split, Perquintill::from_percent(rate), LIMITS);
		assert!((found.utility - chain.unwrap().float()).abs() < 1e-9, "{found:?}");
	}
}

#[test]
fn bids_above_the_capacity_only_lose() {
	let found = Concentration::new(1, 0.97, 0.5, 8.0).unwrap();
	assert_eq!((found.deliverable, found.overload), (0, 0.5));
	assert!((found.utility + 4.0).abs() < 1e-12);
}

#[test]
fn without_randomness_there_is_nothing_to_show() {
	assert!(Concentration::new(10, 0.97, 1.0, 8.0).is_err());
	assert!(Concentration::new(10, 0.97, 0.0, 8.0).is_err());
	assert!(Concentration::new(0, 0.97, 0.5, 8.0).is_err());
}

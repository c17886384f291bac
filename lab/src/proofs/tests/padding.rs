use super::*;
use std::sync::OnceLock;

fn setting() -> Setting {
	Setting {
		units: 600,
		shares: [10, 50].map(Perquintill::from_percent).to_vec(),
		openings: vec![1, 4],
		trials: 600,
		bits: 20,
		..Setting::default()
	}
}

fn found() -> &'static Found {
	static FOUND: OnceLock<Found> = OnceLock::new();
	FOUND.get_or_init(|| measure(&setting(), Progress::Hidden).unwrap())
}

fn rows(challenge: Challenge, strategy: Strategy) -> impl Iterator<Item = &'static Row> {
	found().rows.iter().filter(move |row| row.challenge == challenge && row.strategy == strategy)
}

#[test]
fn all_that_is_counted_agrees_with_the_formula() {
	assert_eq!(found().rows.len(), 2 * 3 * 2 * 2);
	for row in &found().rows {
		assert!(row.agrees(), "{row:?}");
		assert!(row.low <= row.measured && row.measured <= row.high, "{row:?}");
	}
}

#[test]
fn positions_find_a_fake_by_its_weight_wherever_it_hides() {
	for strategy in Strategy::ALL {
		for row in rows(Challenge::Position, strategy) {
			assert!(row.low > 0.05, "{row:?}");
			assert!(row.formula >= row.share && row.expected_gain <= 0.0, "{row:?}");
		}
	}
}

#[test]
fn paths_find_a_fat_leaf_and_a_corner_hardly_ever() {
	for strategy in [Strategy::Fat, Strategy::Corner] {
		for row in rows(Challenge::Path, strategy) {
			assert!(row.high < 0.05 && row.gain > row.share - 0.05, "{row:?}");
		}
	}
	let corner: u32 = rows(Challenge::Path, Strategy::Corner).map(|row| row.caught).sum();
	assert_eq!(corner, 0, "of 2^20 paths one leads there");
}

#[test]
fn paths_find_fakes_that_do_not_hide_about_as_often_as_positions() {
	for row in rows(Challenge::Path, Strategy::Spread) {
		let by_weight = 1.0 - (1.0 - row.share).powi(row.openings as i32);
		assert!((row.formula - by_weight).abs() < 0.1, "{row:?}");
	}
}

#[test]
fn above_the_threshold_one_opening_is_enough_by_position() {
	for least in &found().certain {
		match (least.challenge, least.strategy) {
			(Challenge::Position, _) => {
				assert_eq!(least.openings, Some(1));
				// Lost is at least the penalty for the share that is fake: 99 times its worth.
				assert!((least.gain_with_one + 99.0 * least.share).abs() < 1e-9, "{least:?}");
			}
			(Challenge::Path, Strategy::Spread) => assert_eq!(least.openings, Some(1)),
			// f/100 of the space has to be covered by cells of 2^-20.
			(Challenge::Path, Strategy::Corner) => {
				let least = f64::from(least.openings.unwrap()) / (least.share * 10_485.76);
				assert!((0.99..1.01).contains(&least), "{least}");
			}
			(Challenge::Path, Strategy::Fat) => assert!(least.openings >= Some(1)),
		}
	}
}

#[test]
fn the_same_seed_counts_the_same() {
	let setting = Setting { trials: 50, shares: setting().shares[..1].to_vec(), ..setting() };
	let again = || measure(&setting, Progress::Hidden).unwrap();
	assert_eq!(again(), again());
	let other = Setting { seed: 2, ..setting.clone() };
	assert_ne!(measure(&other, Progress::Hidden).unwrap(), again());
}

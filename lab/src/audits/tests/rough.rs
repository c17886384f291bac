use super::*;
use crate::audits::{brute::Brute, least::LIMITS};
use capacity_economics::FixedU128;

#[test]
fn floats_follow_the_plain_sums() {
	let brute = Brute { bids: 400, splits: 60 };
	for (curvature, stake, rate) in [(1.3, 8.0, 0.2), (1.5, 3.0, 0.2), (2.0, 50.0, 0.017)] {
		let inner = |value: f64| FixedU128::from_rational((value * 1e6) as u128, 1_000_000);
		let game = Game::unit(inner(curvature), inner(stake));
		let (lie, gained, _) = best(&game, rate, Limits { splits: 60, ..LIMITS });
		let (utility, bids, split) = brute.best((curvature, stake, rate));
		assert_eq!((bids as u32, split as u32), (lie.identities, lie.split), "{curvature}");
		assert!(
			(gained - utility).abs() < 1e-10
				&& (super::utility(&game, lie, rate) - utility).abs() < 1e-10
		);
	}
}

#[test]
fn roots_are_found_from_below_only() {
	let found = root(|x| Some(0.3 - x), 0.1, 1e-15).unwrap();
	assert!((found - 0.3).abs() < 1e-12, "{found}");
	let steep = root(|x| Some(1e-3 - (x - 0.2).powi(3) * 1e6), 0.1, 1e-15).unwrap();
	assert!((steep - 0.201).abs() < 1e-9, "{steep}");
	assert_eq!(root(|x| Some(0.3 - x), 0.4, 1e-15), None);
	assert_eq!(root(|_| None, 0.1, 1e-15), None);
}

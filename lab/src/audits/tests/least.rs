use super::*;
use crate::audits::brute::Brute;
use proptest::prelude::*;

fn ratio(numerator: u128, denominator: u128) -> FixedU128 {
	FixedU128::from_rational(numerator, denominator)
}

fn whole(value: u32) -> FixedU128 {
	FixedU128::from_u32(value)
}

/// At `ε*` no strategy gains more than the truth, and just below it the binding lie does: with all
/// strategies of up to so many bids and splits, by plain sums.
fn check(game: (FixedU128, FixedU128), brute: &Brute) {
	let least = least_rate(&Game::unit(game.0, game.1));
	let (curvature, stake, rate) = (game.0.float(), game.1.float(), least.rate.float());
	assert!(least.decided, "{game:?}");
	let at = |rate| brute.best((curvature, stake, rate));
	let (utility, bids, split) = at(rate);
	assert!(utility <= rate + 1e-11, "{game:?} {least:?}: {bids} of 1/{split} gain {utility}");
	let (utility, bids, split) = at(rate * (1.0 - 1e-6));
	assert!(utility > rate * (1.0 - 1e-6), "{game:?} {least:?}");
	let binding = least.binding.unwrap();
	assert!(bids > split, "{bids} of 1/{split}");
	if (binding.identities as usize) < brute.bids && (binding.split as usize) < brute.splits {
		assert_eq!((bids as u32, split as u32), (binding.identities, binding.split), "{game:?}");
	}
}

#[test]
fn a_stake_of_eight_costs_two_ninths() {
	let least = least_rate(&Game::unit(whole(2), whole(8)));
	assert_eq!(least.rate.deconstruct(), 111_111_111_111_111_112);
	assert_eq!((least.decided, least.binding), (true, Some(Lie::TWICE)));
}

#[test]
fn nothing_pays_at_the_least_rate_and_the_binding_lie_does_below() {
	let brute = Brute { bids: 1_000, splits: 400 };
	for curvature in [12, 14, 16, 20, 30] {
		for stake in [1, 7, 20] {
			check((ratio(curvature, 10), whole(stake)), &brute);
		}
	}
}

#[test]
fn many_splits_bind_where_the_reward_is_nearly_linear() {
	let least = least_rate(&Game::unit(ratio(11, 10), whole(10)));
	assert!(least.decided && least.binding.unwrap().split > 100, "{least:?}");
	check((ratio(11, 10), whole(10)), &Brute { bids: 3_000, splits: 1_300 });
}

#[test]
fn the_chain_finds_the_same_where_it_can_decide_and_never_less() {
	for curvature in [11, 12, 13, 15, 20, 30] {
		for stake in [1, 5, 10, 32] {
			let game = Game::unit(ratio(curvature, 10), whole(stake));
			let (least, chain) = (least_rate(&game).rate, game.audit_rate(Limits::CHAIN));
			assert!(chain.float() >= least.float() - 1e-12, "{curvature} {stake}");
			if game.best_attack(least, Limits::CHAIN).exhaustive {
				assert!(chain.float() - least.float() < 2f64.powi(-38), "{curvature} {stake}");
			}
		}
	}
}

#[test]
fn without_stake_or_curvature_only_certain_audits_do() {
	let free = least_rate(&Game::unit(whole(2), whole(0)));
	assert_eq!((free.rate, free.binding), (Perquintill::one(), Some(Lie::TWICE)));
	let linear = least_rate(&Game::unit(whole(1), whole(1_000)));
	assert_eq!((linear.rate, linear.binding), (Perquintill::one(), None));
}

#[test]
fn what_is_not_decided_is_a_bound() {
	let game = Game::unit(ratio(12, 10), whole(10));
	let exact = least_rate(&game);
	for limits in [Limits { splits: 20, ..LIMITS }, Limits { identities: 40, ..LIMITS }] {
		let least = least_rate_within(&game, limits);
		assert!(exact.decided && !least.decided, "{limits:?}");
		assert!(least.rate >= exact.rate, "{least:?} {exact:?}");
		let lie = least.binding.unwrap();
		assert!(lie.identities <= limits.identities && lie.split <= limits.splits, "{lie:?}");
	}
}

#[test]
fn the_level_of_a_second_bid_is_exact() {
	for stake in [1, 3, 8, 100] {
		let game = Game::unit(whole(2), whole(stake));
		let found = level(&game, Lie::TWICE, Perquintill::from_parts(1_000_000)).unwrap();
		assert!((found.float() - 1.0 / (1.0 + f64::from(stake))).abs() < 1e-12, "{found:?}");
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(24))]

	#[test]
	fn nothing_pays_at_the_least_rate_of_any_game(
		curvature in 1_250u128..3_500,
		stake in 100u128..30_000,
	) {
		check((ratio(curvature, 1_000), ratio(stake, 1_000)), &Brute { bids: 600, splits: 150 });
	}

	#[test]
	fn only_sizes_above_a_power_of_the_rate_can_pay_and_gains_rise_then_fall(
		curvature in 1.1f64..3.5,
		stake in 0.1f64..60.0,
		rate in 0.03f64..0.95,
	) {
		let brute = Brute { bids: 300, splits: 60 };
		let (mut before, mut fallen) = ([0.0f64; 61], [false; 61]);
		let mut wrong = None;
		brute.visit((curvature, stake, rate), |bids, split, utility| {
			let hopeless = (split as f64).recip() <= rate.powf(1.0 / (curvature - 1.0));
			if hopeless && split > 1 && utility > rate {
				wrong = Some((bids, split, utility));
			}
			if fallen[split] && utility > before[split] + 1e-9 {
				wrong = Some((bids, split, utility));
			}
			fallen[split] |= utility < before[split] - 1e-9;
			before[split] = utility;
		});
		prop_assert_eq!(wrong, None);
	}

	#[test]
	fn sizes_between_unit_fractions_gain_less(
		curvature in 1.0f64..3.5,
		stake in 0.1f64..60.0,
		rate in 0.03f64..0.95,
		size in 0.02f64..1.0,
		bids in 1u32..200,
	) {
		let split = (1.0 / size).floor();
		let gain = |size: f64| -> f64 {
			let each = |(hits, chance): &(u32, f64)| {
				let hits = f64::from(*hits);
				chance * (size.powf(curvature) * hits.min(split) - stake * (hits - split).max(0.0))
			};
			crate::audits::binomial::binomial(bids, rate).iter().map(each).sum()
		};
		prop_assert!(gain(size) <= gain(1.0 / split) + 1e-12);
	}

	#[test]
	fn a_lie_that_is_level_loses_at_every_higher_rate(
		curvature in 1_000u128..3_500,
		stake in 100u128..60_000,
		identities in 2u32..200,
		split in 1u32..60,
		more in 0.0f64..1.0,
	) {
		let game = Game::unit(ratio(curvature, 1_000), ratio(stake, 1_000));
		let lie = Lie { identities, split };
		let low = Perquintill::from_rational(1u64, 1_000);
		if let Some(level) = level(&game, lie, low) {
			let ahead = |rate: f64| {
				let rate = Perquintill::from_parts((rate * 1e18) as u64);
				game.utility(identities, split, rate, LIMITS).unwrap().float() - rate.float()
			};
			let level = level.float();
			prop_assert!(ahead(level).abs() <= 1e-12);
			prop_assert!(ahead(level + more * (1.0 - level)) <= 1e-12);
			prop_assert!(ahead(level - more * (level - low.float())) >= -1e-12);
		}
	}
}

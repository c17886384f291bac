use super::*;
use crate::{Curve, Incentives, Relays, StakeSchedule};

/// Enough for any curvature of 1.1 and more.
const WIDE: Limits = Limits { splits: 1 << 14, identities: 1 << 16, steps: 1 << 18 };

fn ratio(numerator: u128, denominator: u128) -> FixedU128 {
	FixedU128::from_rational(numerator, denominator)
}

fn float(rate: Perquintill) -> f64 {
	rate.deconstruct() as f64 / 1e18
}

#[test]
fn wider_limits_find_the_rate_that_the_chain_cannot_decide() {
	let game = Game::unit(ratio(11, 10), FixedU128::from_u32(10));
	let (chain, wide) = (game.audit_rate(Limits::CHAIN), game.audit_rate(WIDE));
	assert!(float(chain) > 0.4999, "{chain:?}");
	assert!(float(wide) < 0.492, "{wide:?}");
	// Above it nothing pays, and all has been searched; below it something does.
	let above = game.best_attack(wide, WIDE);
	assert_eq!((above.identities, above.split, above.exhaustive), (1, 1, true));
	let below = game.best_attack(wide - Perquintill::from_parts(1_000_000_000), WIDE);
	assert!(below.identities > below.split && below.exhaustive, "{below:?}");
}

#[test]
fn wider_limits_never_raise_a_rate_and_change_none_that_is_decided() {
	for curvature in [12, 13, 15, 20, 30] {
		for stake in [1, 4, 16] {
			let game = Game::unit(ratio(curvature, 10), FixedU128::from_u32(stake));
			let [chain, wide] =
				[Limits::CHAIN, WIDE].map(|limits| game.audit_rate(limits).deconstruct());
			assert!(wide <= chain + RATE_PRECISION, "{curvature} {stake}");
			let attack = game.best_attack(Perquintill::from_parts(wide), Limits::CHAIN);
			if attack.exhaustive {
				assert!(chain <= wide + RATE_PRECISION, "{curvature} {stake} {chain} {wide}");
			}
		}
	}
}

#[test]
fn an_attack_beyond_the_limits_is_not_called_impossible() {
	let game = Game::unit(ratio(2, 1), FixedU128::from_u32(50));
	let rate = Perquintill::from_rational(17u64, 1_000);
	let four = Limits { splits: 4, ..Limits::CHAIN };
	let attack = game.best_attack(rate, four);
	assert!(attack.split <= 4 && !attack.exhaustive, "{attack:?}");
	let forty = Limits { identities: 40, ..Limits::CHAIN };
	assert!(!game.best_attack(rate, forty).exhaustive);
	assert_eq!(game.utility(44, 5, rate, four), Err(Error::OutOfRange));
	assert_eq!(game.utility(44, 5, rate, forty), Err(Error::OutOfRange));
	assert!(game.audit_rate(four) >= game.audit_rate(Limits::CHAIN));
}

#[test]
fn a_game_is_the_policys_own() {
	for capacity in [300, 1_000, 2_500] {
		for min_bid in [0, 250] {
			let curve =
				Curve { cost: 10, margin: ratio(1, 2), reference: 1_000, curvature: ratio(3, 2) };
			let stake = StakeSchedule { factor: FixedU128::from_u32(8) };
			let relays = Relays::default();
			let policy = Incentives { curve, stake, rate: Perquintill::zero(), min_bid, relays };
			let least = policy.game(capacity).audit_rate(Limits::CHAIN);
			let at = |rate| Incentives { rate, ..policy }.is_truthful(capacity);
			assert!(at(least), "{capacity} {min_bid}");
			assert!(!at(least - Perquintill::from_parts(2 * RATE_PRECISION)));
		}
	}
}

#[test]
fn a_minimum_bid_makes_linear_rewards_truthful_at_some_rate() {
	let curve = Curve {
		cost: 10,
		margin: FixedU128::from_u32(1),
		reference: 1_000,
		curvature: FixedU128::from_u32(1),
	};
	let stake = StakeSchedule { factor: FixedU128::from_u32(40) };
	let relays = Relays::default();
	let policy = Incentives { curve, stake, rate: Perquintill::zero(), min_bid: 500, relays };
	// Two halves, three bids: ε² · (1 + 2S) ≥ 1 deters the third.
	let rate = float(policy.game(1_000).audit_rate(Limits::CHAIN));
	assert!((rate - 1.0 / 9.0).abs() < 1e-9, "{rate}");
	let free = Incentives { min_bid: 0, ..policy };
	assert_eq!(free.game(1_000).audit_rate(Limits::CHAIN), Perquintill::one());
}

/// What the design says of ρ and σ: at one unit of capacity; with a stake like the cost, and with one like
/// the reward, at two, four and ten times the reference, and in the limit.
const LEAST_RATES: [(u128, u32, f64, [f64; 3], [f64; 4]); 4] = [
	(15, 10, 0.1111, [0.1706, 0.2008, 0.2471], [0.1706, 0.1941, 0.1941, 0.1941]),
	(20, 5, 0.1667, [0.2857, 0.4444, 0.6667], [0.1667, 0.1667, 0.1667, 0.1667]),
	(20, 10, 0.0909, [0.1667, 0.2857, 0.5000], [0.1031, 0.1031, 0.1031, 0.1031]),
	(20, 25, 0.0385, [0.0741, 0.1379, 0.2857], [0.0652, 0.0687, 0.0687, 0.0687]),
];

#[test]
fn the_least_rates_of_the_design() {
	let digits = |game: Game| (float(game.audit_rate(Limits::CHAIN)) * 1e4).round() / 1e4;
	for (curvature, stake, seed, like_cost, like_reward) in LEAST_RATES {
		let factor = FixedU128::from_u32(stake);
		let curvature = ratio(curvature, 10);
		let curve = Curve { cost: 10, margin: ratio(1, 2), reference: 1_000, curvature };
		let policy = Incentives {
			curve,
			stake: StakeSchedule { factor },
			rate: Perquintill::zero(),
			min_bid: 0,
			relays: Relays::default(),
		};
		assert_eq!(digits(Game::unit(curvature, factor)), seed);
		assert_eq!(digits(policy.game(1_000)), seed);
		assert_eq!(digits(policy.game_with_stake_like_cost(1_000)), seed);
		let sizes = [2_000, 4_000, 10_000];
		assert_eq!(sizes.map(|size| digits(policy.game_with_stake_like_cost(size))), like_cost);
		let [two, four, ten] = sizes.map(|size| digits(policy.game(size)));
		assert_eq!([two, four, ten, digits(policy.unbounded_game())], like_reward);
	}
}

#[test]
fn the_limit_is_that_of_very_large_suppliers() {
	let curve = Curve { cost: 10, margin: ratio(1, 2), reference: 1_000, curvature: ratio(18, 10) };
	let policy = Incentives {
		curve,
		stake: StakeSchedule { factor: FixedU128::from_u32(12) },
		rate: Perquintill::zero(),
		min_bid: 0,
		relays: Relays { profit: 5, credited: None },
	};
	let limit = policy.unbounded_game().audit_rate(Limits::CHAIN);
	let large = policy.game(1_000_000_000_000).audit_rate(Limits::CHAIN);
	assert!((float(limit) - float(large)).abs() < 1e-6, "{limit:?} {large:?}");
	assert!(policy.game(2_000).audit_rate(Limits::CHAIN) > large);
}

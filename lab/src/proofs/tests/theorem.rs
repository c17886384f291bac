use super::*;
use proptest::prelude::*;

fn setting() -> Setting {
	Setting { shares: 200, ..Setting::default() }
}

fn chain(openings: u32) -> Rule {
	Rule { challenge: Challenge::Weight, forfeits: true, openings }
}

fn found(rule: &str, probability: u64, openings: u32) -> Finding {
	let all = findings(&setting()).unwrap().findings;
	let wanted = |found: &&Finding| {
		found.rule.starts_with(rule)
			&& found.probability == Perquintill::from_percent(probability)
			&& found.openings == openings
	};
	all.iter().find(wanted).unwrap().clone()
}

#[test]
fn the_chains_penalty_deters_every_share_and_one_unit_less_does_not() {
	for tight in findings(&setting()).unwrap().tightness {
		assert_eq!(tight.gaining, 0);
		// With one opening every share is as good as any other, with more the whole is.
		let gaining = if tight.openings == 1 { tight.shares } else { 1 };
		assert_eq!(tight.gaining_with_a_unit_less, gaining);
	}
}

#[test]
fn the_least_penalty_is_that_of_the_document_however_many_openings() {
	for openings in [1, 16] {
		assert_eq!(found("by weight, forfeited", 1, openings).least_penalty, Some(1_980.0));
		assert_eq!(found("by weight, forfeited", 20, openings).least_penalty, Some(80.0));
	}
}

#[test]
fn with_one_opening_nobody_cares_and_with_more_faking_loses() {
	let game = setting().game(Perquintill::from_percent(1)).unwrap();
	for share in grid(100) {
		assert_eq!(game.gain(chain(1), share), 0.0);
		assert!(share.is_one() || game.gain(chain(2), share) < 0.0);
	}
}

#[test]
fn where_a_failed_proof_is_still_paid_the_bound_is_the_reward_over_the_probability() {
	let found = found("by weight, still paid", 1, 1);
	assert_eq!(found.least_penalty, Some(2_000.0));
	// f·R − p·f·S = p·f·R.
	assert_eq!((found.gaining, found.best_share), (200, Perquintill::one()));
	assert!((found.best_gain - 0.01).abs() < 1e-15);
}

#[test]
fn a_tenth_less_makes_faking_everything_pay() {
	let found = found("the same, S 10 % less", 20, 1);
	assert_eq!((found.gaining, found.best_share), (200, Perquintill::one()));
	// p · 10 % of S = 0.2 · 0.1 · 4 R.
	assert!((found.best_gain - 0.08).abs() < 1e-15);
}

#[test]
fn challenges_by_path_need_a_stake_that_grows_with_what_the_fake_hides_behind() {
	let fat = found("by path, a fat leaf", 1, 1);
	assert_eq!(fat.gaining, 199);
	assert_eq!(fat.best_share, Perquintill::from_rational(199u64, 200u64));
	// R·f/(p·d) − R at the largest share below one.
	let least = fat.least_penalty.unwrap();
	assert!((least / (20.0 * 0.995 / (0.01 / 10_001.0) - 20.0) - 1.0).abs() < 1e-9, "{least}");
	assert_eq!(found("by path, a corner", 1, 1).least_penalty, None);
}

proptest! {
	#[test]
	fn the_penalty_deters_and_is_the_least(
		p in 1u64..=10u64.pow(18),
		f in 1u64..=10u64.pow(18),
		openings in 1u32..200,
		reward in 1u128..1 << 80,
	) {
		let probability = Perquintill::from_parts(p);
		let game = Setting { reward: FixedU128::from_inner(reward), ..setting() }
			.game(probability);
		// Some are more than can be counted.
		let Ok(game) = game else { return Ok(()) };
		let share = Perquintill::from_parts(f);
		prop_assert!(!game.gains(chain(openings), share));
		prop_assert!(game.least_penalty(chain(openings), share).unwrap() <= game.penalty);
		prop_assert_eq!(game.least_penalty(chain(openings), Perquintill::one()), Some(game.penalty));
	}

	#[test]
	fn a_penalty_is_enough_if_and_only_if_it_is_the_least_at_least(
		p in 1u64..=10u64.pow(18),
		f in 1u64..=10u64.pow(18),
		openings in 1u32..20,
		reward in 1u128..1 << 70,
		penalty in 0u128..1 << 80,
		forfeits: bool,
		honest in prop::option::of(1u64..1_000),
	) {
		let challenge = honest.map_or(Challenge::Weight, |honest| Challenge::FatLeaf { honest });
		let rule = Rule { challenge, forfeits, openings };
		let game = Game { probability: Perquintill::from_parts(p), reward, penalty };
		let share = Perquintill::from_parts(f);
		let enough = game.least_penalty(rule, share).is_some_and(|least| least <= penalty);
		prop_assert_eq!(!game.gains(rule, share), enough);
		prop_assert_eq!(game.gain(rule, share) > 0.0, game.gains(rule, share));
	}
}

use super::*;
use proptest::prelude::*;

fn setting() -> Setting {
	Setting { shares: 200, ..Setting::default() }
}

fn chain(openings: u32) -> Rule {
	Rule { challenge: Challenge::Weight, forfeited: Forfeited::Fakes, openings }
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
fn the_chains_penalty_deters_every_share_and_no_smaller_one_does() {
	for tight in findings(&setting()).unwrap().tightness {
		assert_eq!(tight.gaining, 0);
		// With one opening every share is as good as any other, with more the whole is.
		let gaining = if tight.openings == 1 { tight.shares } else { 1 };
		assert_eq!(tight.gaining_with_a_unit_less, gaining);
	}
	for openings in [1, 16] {
		assert_eq!(found("by weight", 1, openings).gaining, 0);
	}
}

/// 2,000 but for the smallest share of the grid, a two-hundredth of 20.
#[test]
fn the_least_penalty_is_the_worth_over_the_probability() {
	let found = found("by weight", 1, 1);
	assert_eq!((found.penalty, found.least_penalty), (FixedU128::from_u32(2_000), Some(1_999.9)));
}

#[test]
fn the_documents_penalty_is_enough_only_where_others_pay_for_everything() {
	for openings in [1, 16] {
		let others = found("that, all payers others", 1, openings);
		assert_eq!((others.gaining, others.least_penalty), (0, Some(1_980.0)));
	}
	// All but the claim that is wholly fake.
	let own = found("Q without the worth", 1, 1);
	assert_eq!((own.gaining, own.least_penalty), (199, Some(1_999.9)));
	assert_eq!(own.best_share, Perquintill::from_percent(50), "p · f · (1 − f)");
}

#[test]
fn with_one_opening_a_small_share_nearly_pays_and_with_more_it_loses() {
	let game = setting().game(Perquintill::from_percent(1)).unwrap();
	for share in grid(100) {
		// − p · f² · W.
		let expected = -0.01 * Float::float(share).powi(2);
		assert!((game.gain(chain(1), share) - expected).abs() < 1e-12);
		assert!(share.is_one() || game.gain(chain(2), share) < expected);
	}
}

#[test]
fn a_claim_that_is_still_paid_does_not_pay_with_the_chains_penalty_either() {
	let found = found("still paid", 1, 1);
	assert_eq!((found.gaining, found.least_penalty), (0, Some(2_000.0)));
}

#[test]
fn a_tenth_less_makes_small_fakes_pay() {
	let found = found("the same, Q 10 % less", 20, 1);
	// W > 0.9 W + p·f·W up to f = 0.5.
	assert_eq!((found.gaining, found.best_share), (99, Perquintill::from_percent(25)));
	// f · (0.1 − 0.2 f).
	assert!((found.best_gain - 0.0125).abs() < 1e-15);
}

#[test]
fn challenges_by_path_need_a_stake_that_grows_with_what_the_fake_hides_behind() {
	let fat = found("by path, a fat leaf", 1, 1);
	assert_eq!(fat.gaining, 199);
	assert_eq!(fat.best_share, Perquintill::from_rational(199u64, 200u64));
	// W·f/(p·d) − f·W at the largest share below one.
	let least = fat.least_penalty.unwrap();
	assert!((least / (19.9 / (0.01 / 10_001.0) - 19.9) - 1.0).abs() < 1e-9, "{least}");
	assert_eq!(found("by path, a corner", 1, 1).least_penalty, None);
}

proptest! {
	#[test]
	fn the_penalty_deters_and_is_the_least(
		p in 1u64..=10u64.pow(18),
		f in 1u64..=10u64.pow(18),
		openings in 1u32..200,
		worth in 1u128..1 << 80,
	) {
		let probability = Perquintill::from_parts(p);
		let game = Setting { worth: FixedU128::from_inner(worth), ..setting() }
			.game(probability);
		// Some are more than can be counted.
		let Ok(game) = game else { return Ok(()) };
		let share = Perquintill::from_parts(f);
		prop_assert!(!game.gains(chain(openings), share));
		prop_assert!(game.least_penalty(chain(openings), share).unwrap() <= game.penalty);
		// For a claim that is wholly fake the document's own is enough.
		let whole = game.least_penalty(chain(openings), Perquintill::one());
		prop_assert_eq!(whole, Some(game.penalty - worth));
	}

	#[test]
	fn a_penalty_is_enough_if_and_only_if_it_is_the_least_at_least(
		p in 1u64..=10u64.pow(18),
		f in 1u64..=10u64.pow(18),
		openings in 1u32..20,
		worth in 1u128..1 << 70,
		penalty in 0u128..1 << 80,
		forfeited in prop::sample::select(vec![
			Forfeited::Nothing, Forfeited::Fakes, Forfeited::Everything,
		]),
		honest in prop::option::of(1u64..1_000),
	) {
		let challenge = honest.map_or(Challenge::Weight, |honest| Challenge::FatLeaf { honest });
		let rule = Rule { challenge, forfeited, openings };
		let game = Game { probability: Perquintill::from_parts(p), worth, penalty };
		let share = Perquintill::from_parts(f);
		let enough = game.least_penalty(rule, share).is_some_and(|least| least <= penalty);
		prop_assert_eq!(!game.gains(rule, share), enough);
		prop_assert_eq!(game.gain(rule, share) > 0.0, game.gains(rule, share));
	}
}

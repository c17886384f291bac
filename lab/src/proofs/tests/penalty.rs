use super::*;
use crate::number::{decimal, probability as chance};
use capacity_economics::quantile;
use proptest::prelude::*;

fn found(p: &str, reward: &str, level: Confidence) -> Deterrence {
	deterrence(chance(p).unwrap(), decimal(reward).unwrap(), level, FixedU128::from_u32(0)).unwrap()
}

fn level(text: &str) -> Confidence {
	Confidence::Quantile(chance(text).unwrap())
}

fn whole(value: u32) -> FixedU128 {
	FixedU128::from_u32(value)
}

#[test]
fn ten_at_one_fifth_escapes_4_and_costs_40() {
	let found = found("0.2", "10", Confidence::Mean);
	assert_eq!((found.expected_escapes, found.penalty), (whole(4), whole(40)));
	assert_eq!(found.expected_gain.into_inner(), 0);
}

#[test]
fn twenty_at_one_percent_escapes_99_and_costs_1980() {
	let found = found("0.01", "20", Confidence::Mean);
	assert_eq!((found.expected_escapes, found.penalty), (whole(99), whole(1_980)));
	assert_eq!(found.expected_gain.into_inner(), 0);
	assert_eq!(found.lowest_safe_probability, chance("0.01").unwrap());
}

#[test]
fn at_95_percent_it_costs_5960_and_a_try_loses_3980() {
	let found = found("0.01", "20", level("0.95"));
	assert_eq!((found.penalty, found.outweighed), (whole(5_960), 298.0));
	assert_eq!(found.expected_gain, FixedI128::from_inner(-3_980 * 10i128.pow(18)));
	// Three times the penalty by the mean, and a little.
	assert!((found.penalty.float() / 1_980.0 - 3.01).abs() < 1e-3);
	assert!(found.chance_of_gain <= 0.05);
}

#[test]
fn by_the_mean_37_percent_do_not_lose_and_36_6_percent_gain() {
	let found = found("0.01", "20", Confidence::Mean);
	assert!((1.0 - found.chance_of_loss - 0.3697).abs() < 1e-4);
	assert!((found.chance_of_gain - 0.3660).abs() < 1e-4);
	assert!((found.gain_if_any - 2_000.0).abs() < 1e-6);
}

/// The penalties by level step over the mean where the level is P(K ≤ 98) and P(K ≤ 99).
#[test]
fn a_try_loses_on_average_above_63_4_percent_and_gains_at_63() {
	let gain = |text| found("0.01", "20", level(text)).expected_gain.into_inner();
	assert_eq!(gain("0.63"), 20 * 10i128.pow(18));
	assert_eq!(gain("0.6303"), 0);
	assert_eq!(gain("0.6339"), 0);
	assert_eq!(gain("0.634"), -20 * 10i128.pow(18));
	assert_eq!(gain("0.75"), (99 - 137) * 20 * 10i128.pow(18));
}

#[test]
fn proofs_fall_as_the_probability_does() {
	let scales = [("0.5", 2.0), ("0.25", 4.0), ("0.1", 10.0), ("0.01", 100.0), ("0.001", 1_000.0)];
	for (p, scale) in scales {
		assert!((found(p, "20", Confidence::Mean).scale - scale).abs() < 1e-9);
	}
}

#[test]
fn the_minimum_stake_has_the_audits_stake_too() {
	let stake = |level| {
		let audit = whole(500);
		deterrence(chance("0.01").unwrap(), whole(20), level, audit).unwrap().minimum_stake
	};
	assert_eq!(stake(Confidence::Mean), whole(500 + 2_000));
	assert_eq!(stake(level("0.95")), whole(500 + 5_960 + 20));
}

#[test]
fn where_all_is_proven_nothing_has_to_be_at_stake() {
	let found = found("1", "20", Confidence::Mean);
	assert_eq!((found.penalty, found.chance_of_gain), (whole(0), 0.0));
	assert_eq!((found.chance_of_loss, found.gain_if_any), (0.0, 0.0));
}

#[test]
fn what_cannot_be_computed_is_said() {
	let of = |p, reward| deterrence(chance(p).unwrap(), reward, Confidence::Mean, whole(0));
	assert!(of("0", whole(20)).is_err());
	assert!(of("0.5", whole(0)).is_err());
	assert!(of("1e-18", FixedU128::from_inner(u128::MAX)).is_err());
}

#[test]
fn levels_are_mean_lists_and_ranges() {
	let levels: Levels = "mean, 0.95,0.5..0.7:3".parse().unwrap();
	let labels: Vec<_> = levels.all().iter().map(|level| label(*level)).collect();
	assert_eq!(labels, ["mean", "95 %", "50 %", "60 %", "70 %"]);
	for wrong in ["", "median", "1", "1.5"] {
		assert!(wrong.parse::<Levels>().is_err(), "{wrong}");
	}
}

proptest! {
	/// Simulated by hand over all lengths: the gain of a try, and how often there is one.
	#[test]
	fn a_try_is_worth_what_its_lengths_add_up_to(
		p in 5u64..=100,
		reward in 1u32..1_000,
		confidence in prop_oneof![
			Just(Confidence::Mean),
			(1u64..99).prop_map(|c| Confidence::Quantile(Perquintill::from_percent(c))),
		],
	) {
		let p = Perquintill::from_percent(p);
		let found = deterrence(p, whole(reward), confidence, whole(0)).unwrap();
		let (mut gain, mut gains, mut losses, mut gained) = (0.0, 0.0, 0.0, 0.0);
		for k in 0..2_000u32 {
			let chance = (1.0 - p.float()).powi(k as i32) * p.float();
			let outcome = f64::from(reward * k) - found.penalty.float();
			gain += chance * outcome;
			if outcome > 1e-9 {
				gains += chance;
				gained += chance * outcome;
			} else if outcome < -1e-9 {
				losses += chance;
			}
		}
		prop_assert!((gain - found.expected_gain.float()).abs() < 1e-6);
		prop_assert!((gains - found.chance_of_gain).abs() < 1e-9);
		prop_assert!((losses - found.chance_of_loss).abs() < 1e-9);
		prop_assert!((gained - found.gain_if_any * found.chance_of_gain).abs() < 1e-6);
	}

	/// A quantile is what it says: a try gains with no more than what is missing to the level.
	#[test]
	fn a_try_gains_no_more_often_than_the_level_admits(p in 1u64..=100, c in 1u64..100) {
		let (p, c) = (Perquintill::from_percent(p), Perquintill::from_percent(c));
		let found = deterrence(p, whole(20), Confidence::Quantile(c), whole(0)).unwrap();
		prop_assert!(found.chance_of_gain <= 1.0 - c.float() + 1e-12);
		prop_assert_eq!(found.outweighed, quantile(p, c).unwrap() as f64);
	}
}

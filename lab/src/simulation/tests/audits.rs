use super::*;
use capacity_economics::best_attack;
use capacity_protocol::{Selection, Slashing};

fn scenario(population_of: &str, policy: Policy<StandardWork>, sessions: u32) -> Scenario {
	Scenario { population: population(population_of), policy, sessions, ..Default::default() }
}

/// Section 4, the seed's table: for ρ = 2 and S = 8, ε* = 1/9.
#[test]
fn above_the_least_rate_no_strategy_gains_more_than_honesty() {
	let liars = "honest=60,splitting:1x2=20,splitting:2x4=20,splitting:5x12=5,splitting:6x20=5,\
	             overreporting:2=10,overreporting:0.5=20,silent=10,outage:0.05=20";
	let report = played(&scenario(liars, policy(8, 0.12), 200));
	assert!(agrees(of(&report, "honest").gain, 0.12));
	for known in &report.strategies {
		assert_ne!(known.verdict, Verdict::GainsMore, "{known:?}");
		assert!(agrees(known.gain, known.predicted.unwrap()), "{known:?}");
	}
	let silent = of(&report, "silent");
	assert_eq!((silent.counts.delivered, silent.verdict), (0, Verdict::NoMore));
}

/// The seed's figure: at ε = 0.017 and S = 50, 44 bids of a fifth gain 0.0245.
#[test]
fn far_below_it_the_attack_of_the_seed_gains_what_it_says() {
	let policy = policy(50, 0.017);
	let report = played(&scenario("honest=200,splitting:5x44=200", policy, 200));
	let (honest, attack) = (of(&report, "honest"), of(&report, "splitting:5x44"));
	assert!((attack.predicted.unwrap() - 0.0245).abs() < 0.0001);
	assert!(agrees(honest.gain, 0.017) && agrees(attack.gain, 0.0245), "{report:?}");
}

/// With little stake it is plain to see, for the attack that the chain's own search calls the best.
#[test]
fn below_the_least_rate_the_best_attack_gains_more() {
	let (two, policy) = (FixedU128::from_u32(2), policy(2, 0.05));
	let best = best_attack(policy.audit_rate, two, two);
	let name = format!("splitting:{}x{}", best.split, best.identities);
	// So that the capacity can be divided.
	let policy = Policy { reference: 12 * u64::from(best.split), maximum_bid: 600, ..policy };
	let report = played(&scenario(&format!("honest=50,{name}=50"), policy, 100));
	let attack = of(&report, &name);
	assert_eq!(attack.verdict, Verdict::GainsMore);
	assert!(agrees(attack.gain, best.utility.into_inner() as f64 / 1e18), "{attack:?}");
}

/// Section 4: as the stake grows like the reward, a second bid of everything loses for a supplier of any size.
#[test]
fn suppliers_of_any_size_are_deterred() {
	for capacity in [0.5, 2.0, 4.0, 10.0] {
		let attacks = ["splitting:1x2", "splitting:4x5", "mixed"];
		let others = attacks.map(|name| format!("{name}@{capacity}=60")).join(",");
		let population_of = format!("honest@{capacity}=100,{others}");
		let report = played(&scenario(&population_of, policy(8, 0.16), 100));
		for name in attacks {
			let known = of(&report, &format!("{name}@{capacity}"));
			assert_ne!(known.verdict, Verdict::GainsMore, "{known:?}");
			assert!(known.predicted.is_none_or(|gain| agrees(known.gain, gain)), "{known:?}");
		}
		let second_bid = of(&report, &format!("splitting:1x2@{capacity}"));
		assert_eq!(second_bid.verdict, Verdict::NoMore, "{second_bid:?}");
	}
}

/// What honest faults cost is in proportion to how often they happen, and the more the later they do.
#[test]
fn outages_lose_in_proportion() {
	let faults = "honest=100,outage:0.05=100,outage:0.2=100,crash:0.2=100";
	let report = played(&scenario(faults, policy(8, 0.12), 100));
	for known in &report.strategies {
		assert!(agrees(known.gain, known.predicted.unwrap()), "{known:?}");
	}
	let lost = |name| -of(&report, name).advantage.unwrap().mean;
	// ε · q · (1 + S), and the work in vain on top.
	assert!((lost("outage:0.2") / (0.12 * 0.2 * 9.0) - 1.0).abs() < 0.2);
	assert!(lost("outage:0.05") < lost("outage:0.2") && lost("outage:0.2") < lost("crash:0.2"));
}

/// One stake stands behind all audits of a bid, whether or not earlier ones are settled.
#[test]
fn with_the_least_stake_bids_under_audit_are_audited_again() {
	let scenario = Scenario { stakes: 1, ..scenario("honest=50", policy(8, 0.5), 40) };
	let counts = played(&scenario).strategies[0].counts;
	let audited = counts.audits as f64 / (50.0 * 40.0);
	assert!((audited - 0.5).abs() < 0.05, "{audited}");
	assert_eq!((counts.passed_over, counts.delivered), (0, counts.audits));
}

#[test]
fn proportional_slashing_is_milder() {
	let lost = |slashing| {
		let policy = Policy { slashing, ..policy(8, 0.2) };
		let report = played(&scenario("honest=10,overreporting:2=40", policy, 60));
		-of(&report, "overreporting:2").gain.mean
	};
	// The reward for twice the reference is four times as much, and so is what is at stake. Half of it is
	// missing, and the other half costs work: ε(2S + 1) against ε · 4S.
	let (full, part) = (lost(Slashing::Full), lost(Slashing::Proportional));
	assert!((full / 6.4 - 1.0).abs() < 0.15, "{full}");
	assert!((part / 3.4 - 1.0).abs() < 0.15, "{part}");
}

/// Section 3.1 of the seed: all or none are audited, and with a full quorum one failure leaves all unpaid.
#[test]
fn joint_audits_with_a_full_quorum_pay_nobody_if_one_fails() {
	let joint =
		Policy { selection: Selection::Joint, quorum: Perquintill::one(), ..policy(8, 0.4) };
	let with = |population_of| played(&scenario(population_of, joint, 30));
	let together = with("honest=9");
	let counts = together.strategies[0].counts;
	assert!(counts.audits > 0 && counts.audits % 9 == 0);
	assert_eq!((counts.delivered, counts.unpaid), (counts.audits, 0));
	let spoiled = with("honest=9,silent=1");
	let counts = of(&spoiled, "honest").counts;
	assert!(counts.audits > 0);
	assert_eq!((counts.delivered, counts.unpaid), (0, counts.audits));
}

/// The oracle is right about honest suppliers, and pays 2ε for them.
#[test]
fn among_honest_suppliers_the_oracle_is_right_and_costs_twice_the_rate() {
	let oracle = played(&scenario("honest=200", policy(8, 0.12), 100)).oracle;
	assert_eq!((oracle.reported_error, oracle.verified_error), (0.0, 0.0));
	assert!((oracle.paid / 0.24 - 1.0).abs() < 0.05, "{}", oracle.paid);
	assert!((oracle.paid_by_formula - 0.24).abs() < 1e-9);
	assert_eq!(oracle.low_above_truth, 0.0);
}

/// Whoever has nothing is not counted on.
#[test]
fn the_oracle_sees_through_those_that_have_nothing() {
	let oracle = played(&scenario("honest=60,silent=40", policy(8, 0.12), 100)).oracle;
	assert!((oracle.reported_error - 40.0 / 60.0).abs() < 1e-9);
	assert!(oracle.verified_error.abs() < 0.05, "{oracle:?}");
}

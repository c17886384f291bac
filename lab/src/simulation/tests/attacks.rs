//! Each attack on the mechanism, played as it would be, against those who do what they are asked for.

use super::*;

/// Honest suppliers and some others, with demand for half of what they bid: 4 openings, 60 applications
/// with 5 draws each.
fn scenario(others: &str, policy: Policy<StandardWork>, sessions: u32) -> Scenario {
	Scenario {
		population: population(&format!("honest=30,{others}")),
		policy,
		sessions,
		applications: 60,
		load: Some(0.5),
		..Default::default()
	}
}

/// Relays at what they cost their supplier, but for a fiftieth.
fn cheap() -> RelayTerms {
	RelayTerms { price: COST * 6 / 5, minimum_deposit: COST * 6 / 5, ..relay_terms() }
}

fn with_relays(rate: f64, terms: RelayTerms) -> Policy<StandardWork> {
	Policy { relays: Some(terms), ..policy(8, rate) }
}

fn gains_no_more(report: &Report, strategy: &str) {
	let known = of(report, strategy);
	assert_eq!(known.verdict, Verdict::NoMore, "{known:?}");
}

/// Section 5.2: nothing of the penalty is a forfeiture that costs nothing.
#[test]
fn made_up_units_among_many_worthless_ones_lose() {
	let attacks = ["diluting:20x100", "diluting:5x100", "diluting-paid:20x100"];
	let others = attacks.map(|attack| format!("{attack}=10")).join(",");
	for openings in [1, 4] {
		let policy = Policy { openings, ..with_relays(0.0, cheap()) };
		let report = played(&scenario(&others, policy, 60));
		for attack in attacks {
			let counts = of(&report, attack).counts;
			assert!(counts.forfeited > 0 && counts.refused_claims == 0, "{counts:?}");
			gains_no_more(&report, attack);
		}
	}
}

/// The same where a claim is always proven, as it is worth more than the threshold.
#[test]
fn above_the_threshold_they_lose_as_well() {
	let terms = RelayTerms { threshold: 10 * COST, ..cheap() };
	let policy = Policy { openings: 2, ..with_relays(0.0, terms) };
	let report = played(&scenario("diluting:20x60=10", policy, 60));
	let counts = of(&report, "diluting:20x60").counts;
	assert!(counts.proofs_given > 5 * counts.forfeited, "what is made up is little: {counts:?}");
	gains_no_more(&report, "diluting:20x60");
}

/// Section 5.2: an audit is opened by itself, whatever stands beside it.
#[test]
fn an_audit_that_is_made_up_is_found_among_any_number_of_relays() {
	let report = played(&scenario("faking-audits:200=10", with_relays(0.3, cheap()), 40));
	let faking = of(&report, "faking-audits:200");
	assert!(faking.counts.failed > 50, "{faking:?}");
	// Of those audits that nothing of its own could stand beside, all are delivered.
	assert_eq!(faking.counts.audits, faking.counts.delivered + faking.counts.failed);
	gains_no_more(&report, "faking-audits:200");
}

/// Section 4: a bid under audit is audited again, so that one machine is never two.
#[test]
fn resting_in_turn_is_seen() {
	for rate in [1.0, 0.14] {
		let sessions = if rate < 1.0 { 200 } else { 40 };
		let of_audits =
			Scenario { applications: 0, ..scenario("resting=10", policy(8, rate), sessions) };
		let report = played(&of_audits);
		let resting = of(&report, "resting");
		assert!(resting.counts.failed > 0, "{resting:?}");
		gains_no_more(&report, "resting");
		// Where every bid is audited, one machine is seen to be one.
		assert!(rate < 1.0 || report.oracle.verified_error < 0.1, "{:?}", report.oracle);
	}
}

/// Section 4: what is saved by faking a part is less than what it risks.
#[test]
fn whoever_fakes_a_part_of_its_audits_loses() {
	let shares = ["shirking:0.02", "shirking:0.2", "shirking:1"];
	let others = shares.map(|name| format!("{name}=30")).join(",");
	for openings in [1, 4] {
		let policy = Policy { openings, ..policy(8, 0.14) };
		let report = played(&Scenario { applications: 0, ..scenario(&others, policy, 100) });
		for name in shares {
			let known = of(&report, name);
			assert!(agrees(known.gain, known.predicted.unwrap()), "{known:?}");
			assert_ne!(known.verdict, Verdict::GainsMore, "{known:?}");
		}
		gains_no_more(&report, "shirking:1");
	}
}

/// Section 4: bids of different sizes, the best of which are delivered, bring no more than one of everything.
#[test]
fn portfolios_of_unequal_bids_gain_no_more() {
	let portfolios = ["mixed", "mixed:1+0.5", "mixed:0.5+0.3+0.2", "mixed:1+0.25+0.25"];
	let others = portfolios.map(|name| format!("{name}=40")).join(",");
	let report = played(&Scenario { applications: 0, ..scenario(&others, policy(8, 0.14), 200) });
	for name in portfolios {
		assert_ne!(of(&report, name).verdict, Verdict::GainsMore, "{:?}", of(&report, name));
	}
	gains_no_more(&report, "mixed");
	gains_no_more(&report, "mixed:0.5+0.3+0.2");
}

/// Section 4.3: a fee of an audit's margin keeps nobody from answering audits that are too many with its own
/// relays; one that is as much as the stake does.
#[test]
fn own_relays_answer_an_audit_only_at_what_it_would_lose() {
	let with = |times: u128| {
		let price = 2 * times * (COST + 1);
		let credited = RelayTerms {
			credit_relays: true,
			pot_share: Perquintill::from_percent(50),
			price,
			minimum_deposit: price,
			threshold: 60 * price,
			..relay_terms()
		};
		let policy = Policy { maximum_bid: 60, ..with_relays(0.14, credited) };
		let none = Scenario { applications: 0, ..scenario("self-serving:3=30", policy, 100) };
		let report = played(&none);
		let known = of(&report, "self-serving:3").clone();
		assert!(known.counts.false_units > 0, "{known:?}");
		known.verdict
	};
	assert_eq!(with(1), Verdict::GainsMore);
	assert_eq!(with(10), Verdict::NoMore);
}

/// Section 6: a bid in pieces is drawn as often as one of the same capacity.
#[test]
fn a_bid_in_pieces_has_no_more_relays() {
	let report = played(&scenario("splitting:4x4=30", with_relays(0.14, cheap()), 60));
	let units = |name| of(&report, name).counts.relay_units as f64;
	let ratio = units("splitting:4x4") / units("honest");
	assert!((0.95..1.05).contains(&ratio), "{ratio}");
	gains_no_more(&report, "splitting:4x4");
}

/// Section 4: declaring twice as much fills the machine where demand is for half; whether that pays is a
/// matter of what a relay brings.
#[test]
fn declaring_more_for_more_relays_pays_only_where_relays_are_dear() {
	let with = |terms| {
		let report = played(&scenario("declaring:2=30", with_relays(0.2, terms), 100));
		let units = |name| of(&report, name).counts.relay_units as f64;
		let more = units("declaring:2") / units("honest");
		assert!((1.3..2.0).contains(&more), "{more}");
		of(&report, "declaring:2").verdict
	};
	assert_eq!(with(cheap()), Verdict::NoMore);
	assert_eq!(
		with(RelayTerms { price: 4 * COST, minimum_deposit: 4 * COST, ..relay_terms() }),
		Verdict::GainsMore
	);
}

/// Section 4.1: bids that the money cannot audit thin the draw, and what they lose pays for more of it.
#[test]
fn no_amount_of_bidding_switches_audits_off() {
	let policy = Policy { maximum_bid: 60, ..policy(8, 0.14) };
	let of_audits = Scenario {
		population: population("honest=40,outbidding:40=4"),
		policy,
		sessions: 100,
		money: Some(0.8),
		..Default::default()
	};
	let report = played(&of_audits);
	assert!(report.oracle.thinned > 0 && report.oracle.skipped == 0, "{:?}", report.oracle);
	let outbidding = of(&report, "outbidding:40");
	assert!(outbidding.counts.failed > 0, "{outbidding:?}");
	assert_eq!(outbidding.verdict, Verdict::NoMore, "{outbidding:?}");
	// Money for fewer than 32 audits of a bid admits none.
	let poor = Scenario { money: Some(0.5), sessions: 5, ..of_audits };
	let counts = played(&poor).strategies[0].counts;
	assert_eq!((counts.refused_bids, counts.audits), (40, 0));
}

#[test]
fn all_of_them_can_be_played_at_once() {
	let line = ["lab", "simulate", "--population", "attacks", "--sessions", "4", "--check"];
	let outcome = crate::commands::execute(line).unwrap();
	for name in ["diluting:20x200", "self-serving:2", "resting@4", "honest@10"] {
		assert!(outcome.text.contains(name), "{name}");
	}
}

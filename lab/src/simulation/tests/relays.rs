use super::*;
use capacity_economics::Confidence;

/// Nothing of a payment goes to owner and pot, and no claim is so large that it is always proven.
fn unshared() -> RelayTerms {
	RelayTerms {
		owner_share: Perquintill::zero(),
		pot_share: Perquintill::zero(),
		threshold: 1_000 * 2 * COST,
		..relay_terms()
	}
}

/// Sixty applications, each of which uses one supplier for 20 units.
fn scenario(population_of: &str, policy: Policy<StandardWork>) -> Scenario {
	Scenario {
		population: population(population_of),
		policy,
		sessions: 60,
		applications: 60,
		demand: 20,
		..Default::default()
	}
}

fn once(terms: RelayTerms) -> RelayTerms {
	RelayTerms { suppliers: 1, ..terms }
}

/// Section 5.2: at S = R(1 − p)/p and with one opening a claim brings what its honest part does.
#[test]
fn padding_gains_nothing_at_the_derived_penalty() {
	let known = "honest=30,padding:0.2=30,padding:0.5=30";
	let report = played(&scenario(known, relaying(once(unshared()))));
	let honest = of(&report, "honest").gain;
	assert!(honest.low > 0.0);
	for name in ["padding:0.2", "padding:0.5"] {
		let padding = of(&report, name);
		assert!(agrees(padding.advantage.unwrap(), 0.0), "{padding:?}");
		assert!(padding.counts.forfeited > 0 && padding.counts.proofs_given > 0, "{padding:?}");
	}
}

/// With more openings it loses, and with shares for owner and pot even more.
#[test]
fn padding_loses_with_more_openings() {
	let policy = Policy { openings: 8, ..relaying(once(relay_terms())) };
	let report = played(&scenario("honest=30,padding:0.2=30,padding:0.5=30,padding:1=30", policy));
	for name in ["padding:0.2", "padding:0.5", "padding:1"] {
		assert_eq!(of(&report, name).verdict, Verdict::NoMore, "{:?}", of(&report, name));
	}
}

/// The chain derives the penalty; what can make it too small is a confidence below the mean's. At p = 0.1
/// the median of the false claims is 6 and their mean 9.
#[test]
fn fabrication_pays_where_the_penalty_outweighs_less_than_the_mean() {
	let with = |confidence| {
		let policy = relaying(once(RelayTerms { confidence, ..unshared() }));
		let report = played(&scenario("honest=30,padding:1=90", policy));
		of(&report, "padding:1").gain
	};
	let median = with(Confidence::Quantile(Perquintill::from_percent(50)));
	assert!(median.low > 0.0, "{median:?}");
	let certain = with(Confidence::Quantile(Perquintill::from_percent(95)));
	assert!(certain.high < 0.0, "{certain:?}");
	assert!(agrees(with(Confidence::Mean), 0.0));
}

/// Section 7: nothing but the shares of owner and pot leaves the hand, and those do to the last unit.
#[test]
fn colluding_loses_exactly_the_shares() {
	let policy = relaying(relay_terms());
	let scenario = Scenario { applications: 0, ..scenario("colluding:20x5=10", policy) };
	let report = played(&scenario);
	let known = of(&report, "colluding:20x5");
	let counts = known.counts;
	assert!(counts.claims > 100 && counts.forfeited == 0 && counts.relay_units == 0, "{counts:?}");
	// A tenth and a twentieth, at twice the cost; the reward for the capacity is 60 times the cost.
	let shares = 0.15 * 2.0 * counts.false_units as f64 / 60.0 / (10.0 * 60.0);
	assert!((known.gain.mean + shares).abs() < 1e-9, "{known:?}");
	assert_eq!(known.parts.work, 0.0);
}

/// Section 4.3: where relays count towards audits, the pot's share is at least an audit's margin, so that
/// one's own relays answer an audit at a loss.
#[test]
fn answering_audits_with_ones_own_relays_gains_nothing() {
	// An audit pays as much beyond a unit's cost as that cost, rounded up.
	let credited = RelayTerms {
		credit_relays: true,
		pot_share: Perquintill::from_percent(50),
		price: 2 * (COST + 1),
		minimum_deposit: 2 * (COST + 1),
		..relay_terms()
	};
	let policy = Policy { relays: Some(credited), maximum_bid: 60, ..policy(8, 0.12) };
	let scenario = Scenario { applications: 0, ..scenario("honest=30,colluding:60x8=30", policy) };
	let report = played(&scenario);
	let known = of(&report, "colluding:60x8");
	assert_eq!(known.verdict, Verdict::NoMore, "{known:?}");
	let honest = of(&report, "honest");
	assert!(known.counts.delivered == known.counts.audits);
	assert!(known.parts.work < honest.parts.work, "some audits were answered without work");
}

/// Honest relays count as well: they are paid once, and spare as much work.
#[test]
fn credited_relays_spare_synthetic_work() {
	let credited = RelayTerms {
		credit_relays: true,
		pot_share: Perquintill::from_percent(50),
		price: 4 * COST,
		minimum_deposit: 4 * COST,
		..relay_terms()
	};
	let with = |terms| {
		let policy = Policy { relays: Some(terms), maximum_bid: 60, ..policy(8, 0.5) };
		let counts = played(&scenario("honest=30", policy)).strategies[0].counts;
		assert_eq!(counts.delivered, counts.audits);
		counts.audit_units as f64 / counts.audits as f64
	};
	assert_eq!(with(RelayTerms { credit_relays: false, ..credited }), 60.0);
	let spared = with(credited);
	assert!(
		(15.0..35.0).contains(&spared),
		"60 less 40 that are asked of each on average: {spared}"
	);
}

/// What honest faults cost where there are relays too.
#[test]
fn who_cannot_prove_forfeits_when_it_must() {
	let known = "honest=30,outage:0.2=30,crash:0.2=30";
	let report = played(&scenario(known, relaying(once(relay_terms()))));
	let [honest, outage, crash] =
		["honest", "outage:0.2", "crash:0.2"].map(|name| of(&report, name).counts);
	assert_eq!((honest.forfeited, outage.forfeited), (0, 0));
	assert_eq!(honest.proofs_required, honest.proofs_given);
	assert!(crash.forfeited > 0 && crash.forfeited == crash.proofs_required - crash.proofs_given);
	assert!(outage.claims < honest.claims * 9 / 10);
	assert_eq!(honest.claims, honest.relays_paid);
}

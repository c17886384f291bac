use super::*;
use frame_support::traits::Hooks;

/// Also: the clock of this chain never stalls, as its largest proof fits into any block.
#[test]
fn the_constants_of_the_chain_are_sound() {
	let check = <chain::CapacityOracle as Hooks<u64>>::integrity_test;
	memory::Memory::default().execute(check);
	assert!(chain::SCHEDULE.check().is_ok());
}

/// Everybody who can play, with applications.
fn everybody() -> Scenario {
	Scenario {
		population: population(
			"honest=6,splitting:5x9=1,splitting:2x3=1,overreporting:2=2,overreporting:0.5=1,silent=1,\
			 padding:0.3=2,padding:1=1,outage:0.2=2,crash:0.2=2,colluding:10x3=2,mixed=2,declaring:1.5=1,resting=2,\
			 outbidding:3=1,shirking:0.1=2,faking-audits:50=1,diluting:5x50=1,diluting-paid:5x50=1,\
			 self-serving:2=1",
		),
		capacities: vec![1.0, 0.5, 2.0],
		spread: 0.2,
		sessions: 12,
		check: true,
		policy: Policy {
			relays: Some(RelayTerms {
				probability: Perquintill::from_percent(50),
				..relay_terms()
			}),
			..policy(8, 0.3)
		},
		applications: 8,
		demand: 30,
		..Default::default()
	}
}

/// The state is checked after each session, each account at the end, and the money that was issued.
#[test]
fn all_strategies_at_once_leave_the_chain_in_order() {
	let report = played(&everybody());
	let counts = report.strategies.iter().map(|known| known.counts);
	let all = counts.fold(Counts::default(), |sum, counts| sum.plus(&counts));
	assert_eq!(all.audits, all.delivered + all.unpaid + all.failed);
	assert!(all.delivered > 0 && all.failed > 0 && all.forfeited > 0 && all.proofs_refused > 0);
	assert_eq!(all.refused_bids, 0);
	assert_eq!(report.oracle.skipped, 0);
}

#[test]
fn runs_can_be_repeated() {
	let told = |seed| {
		let scenario = Scenario { seed, replicas: 2, check: false, ..everybody() };
		serde_json::to_string(&played(&scenario).strategies).unwrap()
	};
	assert_eq!(told(7), told(7));
	assert_ne!(told(7), told(8));
}

#[test]
fn replicas_are_other_runs_of_the_same() {
	let one = Scenario { population: population("honest=20"), sessions: 20, ..Default::default() };
	let three = Scenario { replicas: 3, ..one.clone() };
	let (one, three) = (played(&one), played(&three));
	let audits = |report: &Report| report.strategies[0].counts.audits;
	assert!(audits(&three) > 2 * audits(&one) && audits(&three) != 3 * audits(&one));
	assert!((three.strategies[0].parts.audits_paid - 2.0 * 0.125).abs() < 0.05);
}

#[test]
fn what_the_policy_does_not_admit_is_named() {
	let scenario = Scenario { population: population("overreporting:11=1"), ..Default::default() };
	let error = run(&scenario, Progress::Hidden).unwrap_err().to_string();
	assert!(error.contains("overreporting:11 bids 660 units"), "{error}");
}

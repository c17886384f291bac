//! Bids that thin the draw, for a lie that pays at the thinned rate. Section 4.1: whoever thins it has its own
//! bids drawn, and the session is not called truthful.

use super::*;

const MACHINE: Units = 20;
/// A little more than admits bids of 20.
const LITTLE: Balance = 13_000;
/// Thirty-six without a machine, beside the one of it.
const CROWD: std::ops::RangeInclusive<AccountId> = 2..=37;

/// A second bid pays from half of this rate on.
fn audited() -> Policy<StandardWork> {
	let policy = Policy {
		stake_factor: FixedU128::from_rational(115, 100),
		audit_rate: Perquintill::from_percent(50),
		maximum_bid: MACHINE,
		..policy()
	};
	assert_eq!(policy.judged(SettlerShare::get()).verdict(), Ok(()));
	policy
}

/// What a machine gains in a session with these bids, and at which rate that session was audited.
fn with_bids(bids: std::ops::RangeInclusive<AccountId>) -> (Vec<i128>, Perquintill, bool) {
	let mut played = None;
	on_poor_chain(audited(), LITTLE, || {
		let schedule = Schedule { draw: 1, ..SCHEDULE };
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), schedule));
		run_to(start_of(1) - 1);
		let operator = || Operator::new(bids.clone(), MACHINE);
		operator().joins(MACHINE);
		let gains = over_audits(60, operator);
		run_to(start_of(1));
		let round = Rounds::<Test>::get(1, 0).unwrap();
		played = Some((gains, round.rate, round.truthful));
	});
	played.unwrap()
}

#[test]
fn whoever_thins_the_draw_loses_by_it() {
	let (truth, full, truthful) = with_bids(1..=1);
	assert_eq!((full, truthful), (audited().audit_rate, true));
	let (crowd, thinned, truthful) = with_bids(1..=*CROWD.end());
	eprintln!("verdict | draw thinned by 36 bids | {full:?} | {thinned:?} | truthful {truthful}");
	assert!(thinned < full && !truthful, "{thinned:?}");
	let title = "draw thinned by 36 bids of an operator with one machine, rate 50 %";
	assert_no_gain(&Gains::new(title, truth, crowd));
}

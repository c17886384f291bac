//! Bids whose audits nobody could pay. Section 4.1: a bid is admitted only if the service's money pays for
//! many audits of it, and the draw is thinned, never switched off.

use super::*;

const MACHINE: Units = 20;
const SESSIONS: u32 = 20;
/// What the service has for audits: enough for those of the honest for a long time.
const LITTLE: Balance = 50_000;
/// The bids of somebody without any machine, as many as there is room for.
const CROWD: std::ops::RangeInclusive<AccountId> = 4..=39;
/// What each of them is.
const LARGE: Units = 41;

/// What three honest suppliers and the crowd gain, and the report when the crowd has been there for
/// three sessions, and for all.
fn play(crowded: bool) -> ([i128; 2], [OracleReport; 2]) {
	let mut played = None;
	on_poor_chain(policy(), LITTLE, || {
		let schedule = Schedule { draw: 1, ..SCHEDULE };
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), schedule));
		// One machine each.
		let mut honest: Vec<_> =
			(1..=3).map(|who| Operator::new([who], MACHINE).joins(MACHINE)).collect();
		let mut crowd = Operator::new(CROWD, 0);
		let mut play_to = |block, crowd: &mut Operator| {
			let mut all: Vec<_> = honest.iter_mut().chain([crowd]).collect();
			operators::play_to(block, &mut all);
		};
		play_to(start_of(5), &mut crowd);
		if crowded {
			crowd = crowd.joins(LARGE);
		}
		play_to(start_of(8) - 1, &mut crowd);
		let early = CapacityOracle::report(0).unwrap();
		play_to(start_of(SESSIONS), &mut crowd);
		let late = CapacityOracle::report(0).unwrap();
		let gains = [honest.iter().map(Operator::gain).sum(), crowd.gain()];
		played = Some((gains, [early, late]));
	});
	played.unwrap()
}

/// A bid of 80 costs 4,000 to audit, and there is money for a dozen of them.
#[test]
fn bids_that_the_money_could_not_audit_are_refused() {
	on_poor_chain(policy(), LITTLE, || {
		let bid = |units| CapacityOracle::bid(signed(4), 0, units, 90_000);
		assert_noop!(bid(80), Fault::AuditUnfunded);
		assert_noop!(bid(47), Fault::AuditUnfunded);
		assert_ok!(bid(46));
	});
}

/// All bids at once could not be paid, so that one in four is drawn: that is enough to slash them.
#[test]
fn audits_are_thinned_and_not_bid_away() {
	let ([before, _], _) = play(false);
	let ([after, crowd], [early, late]) = play(true);
	let told = |report: &OracleReport| (report.capacity_reported, report.capacity_verified);
	eprintln!(
		"report | audits thinned | 60 of 1,536 units exist | {:?} at {:?} | {:?}",
		told(&early),
		early.history.last().unwrap().rate,
		told(&late)
	);
	eprintln!("gains | 3 honest suppliers, 20 sessions | {before} | {after}");
	let title = "audits thinned by 36 bids of 41 without a machine, 15 sessions";
	assert_no_gain(&Gains::over_nothing(title, vec![crowd]));
	assert!(crowd < 0 && early.capacity_verified <= 60 && told(&late) == (60, 60));
	assert!(after > before * 3 / 4, "{after} in place of {before}");
}

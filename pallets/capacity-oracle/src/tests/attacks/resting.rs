//! Bids of one machine that take turns, one waiting for its settlement while another stands in for it.
//! Section 4: a bid under audit is audited again.

use super::*;

const MACHINE: Units = 20;

/// The claims of a session are settled while the next one runs.
const SOON: Schedule = SCHEDULE;
/// The source vouches for its values after three blocks, and proofs have more than two sessions: the claims
/// of a session are settled at the start of the fourth after it.
const LATE: Schedule = Schedule { draw: 4, proofs: 25, patience: 30, ..SCHEDULE };
const LATE_LOOKBACK: u64 = 3;

fn audited(rate: Perquintill) -> Policy<StandardWork> {
	Policy { audit_rate: rate, maximum_bid: MACHINE, ..policy() }
}

/// `bids` of one machine join one session apart, beside an honest supplier with the same machine. What
/// both gain in `sessions`, and what is reported and verified in the end.
fn in_turn(
	schedule: Schedule,
	lookback: u64,
	bids: u64,
	sessions: u32,
) -> ([i128; 2], OracleReport) {
	let mut played = None;
	on_chain(audited(Perquintill::one()), || {
		Lookback::set(lookback);
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), schedule));
		let mut honest = Operator::new([1], MACHINE).joins(MACHINE);
		let mut resting = Operator::new(2..2 + bids, MACHINE);
		for (later, who) in (2..2 + bids).enumerate() {
			play_to(start_of(later as u32), &mut [&mut honest, &mut resting]);
			join(who, MACHINE);
		}
		play_to(start_of(sessions), &mut [&mut honest, &mut resting]);
		let report = CapacityOracle::report(0).unwrap();
		[&honest, &resting].into_iter().for_each(Operator::leaves);
		play_to(start_of(sessions + 6), &mut [&mut honest, &mut resting]);
		played = Some(([honest.gain(), resting.gain()], report));
	});
	played.unwrap()
}

/// All bids of the machine are audited in every session, and no more than one of them can be delivered.
#[test]
fn where_every_bid_is_audited() {
	assert!(audited(Perquintill::one()).judged(SettlerShare::get()).is_truthful(MACHINE));
	for (title, schedule, lookback, bids) in [
		("2 bids rest in turn, all audited, settled within a session, 40 sessions", SOON, 0, 2),
		(
			"4 bids rest in turn, all audited, settled after 4 sessions, 40 sessions",
			LATE,
			LATE_LOOKBACK,
			4,
		),
	] {
		let ([honest, resting], report) = in_turn(schedule, lookback, bids, 40);
		let OracleReport { capacity_reported, capacity_verified, slashed, .. } = report;
		eprintln!(
			"report | {title} | {} | {capacity_reported} | {capacity_verified} | {slashed}",
			2 * MACHINE
		);
		assert!(capacity_verified <= 2 * MACHINE, "no more than there is");
		assert_no_gain(&Gains::new(title, vec![honest], vec![resting]));
	}
}

/// Bids of one machine of which only one is in the draws, and that one is not waiting for its settlement.
struct Shift {
	operator: Operator,
	bids: [AccountId; 3],
	/// The last session in which each was audited.
	audited: [Option<SessionIndex>; 3],
}

impl Shift {
	/// The first one joins.
	fn joins(bids: [AccountId; 3]) -> Self {
		let operator = Operator::new(bids, MACHINE);
		join(bids[0], MACHINE);
		Self { operator, bids, audited: [None; 3] }
	}

	/// In the last block of a session: whoever was audited leaves the draws to another for `rest` sessions.
	fn takes_turns(&mut self, session: SessionIndex, rest: SessionIndex) {
		for (who, audited) in self.bids.iter().zip(&mut self.audited) {
			if Claims::<Test>::contains_key(session, (0, who)) {
				*audited = Some(session);
			}
		}
		let rests = |audited: &Option<SessionIndex>| audited.is_some_and(|at| session < at + rest);
		let next = self.audited.iter().position(|audited| !rests(audited));
		for (place, who) in self.bids.into_iter().enumerate() {
			if Some(place) != next {
				// It can be out of the draws already.
				let _ = CapacityOracle::leave(signed(who), 0);
			} else if !Bids::<Test>::contains_key(0, who) {
				join(who, MACHINE);
			} else if bid_of(who).seat.latest().is_none() {
				assert_ok!(CapacityOracle::bid(signed(who), 0, MACHINE, 0));
			}
		}
	}
}

/// Nine honest suppliers and nine that take turns, at the least rate that is called truthful. A bid is
/// not drawn for three sessions after its audit.
#[test]
fn at_the_least_rate() {
	const STRETCH: u32 = 20;
	const STRETCHES: u32 = 30;
	const REST: SessionIndex = 3;
	let least = audited(Perquintill::one()).judged(SettlerShare::get());
	let policy = audited(least.least_rate(LEAST_RATE_PRECISION).unwrap());
	assert!(policy.judged(SettlerShare::get()).is_truthful(MACHINE));
	let (mut truth, mut lie) = (Vec::new(), Vec::new());
	on_chain(policy, || {
		Lookback::set(LATE_LOOKBACK);
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), LATE));
		let mut honest: Vec<_> =
			(1..=9).map(|who| Operator::new([who], MACHINE).joins(MACHINE)).collect();
		let mut shifts: Vec<_> =
			(11..=19).map(|who| Shift::joins([who, who + 10, who + 20])).collect();
		for stretch in 0..STRETCHES {
			let gains = |honest: &[Operator], shifts: &[Shift]| {
				let truth: Vec<_> = honest.iter().map(Operator::gain).collect();
				(truth, shifts.iter().map(|shift| shift.operator.gain()).collect::<Vec<_>>())
			};
			let before = gains(&honest, &shifts);
			for session in stretch * STRETCH..(stretch + 1) * STRETCH {
				while System::block_number() < start_of(session + 1) - 1 {
					next_block();
					honest.iter_mut().for_each(Operator::act);
					shifts.iter_mut().for_each(|shift| shift.operator.act());
				}
				shifts.iter_mut().for_each(|shift| shift.takes_turns(session, REST));
			}
			let after = gains(&honest, &shifts);
			let changes = |after: Vec<i128>, before: Vec<i128>| -> Vec<i128> {
				after.into_iter().zip(before).map(|(after, before)| after - before).collect()
			};
			truth.extend(changes(after.0, before.0));
			lie.extend(changes(after.1, before.1));
		}
		assert_eq!(CapacityOracle::report(0).unwrap().slashed, 0);
	});
	let title = "3 bids take turns at the least rate, settled after 4 sessions, per 20 sessions";
	assert_no_gain(&Gains::new(title, truth, lie));
}

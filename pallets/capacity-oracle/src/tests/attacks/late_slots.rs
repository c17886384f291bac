//! Slots that a draw comes to too late. Section 4.1: a draw begins at an offset that the seed chooses, and
//! what could not be drawn within a session is refused.

use super::*;
use std::collections::BTreeSet;

const BIDS: AccountId = 36;
const UNITS: Units = 20;
/// The bids in the first slot and in the last.
const EARLY: AccountId = 1;
const LAST: AccountId = BIDS;

/// The source vouches for its values after eight blocks: a draw has six until the claims of its session
/// close.
const LATE: Schedule = Schedule { draw: 10, patience: 30, ..SCHEDULE };
const LOOKBACK: u64 = 8;

/// Enough for the slots that one hash decides, so that a draw comes to 24 slots.
fn four_slots_for_each_block() {
	let one = <() as WeightInfo>::draw_slots(SLOTS_PER_HASH);
	DrawWeight::set(one + <() as WeightInfo>::assign_audit() * u64::from(SLOTS_PER_HASH));
}

/// Who was told of an audit, and who was given one, by session and supplier.
#[derive(Default)]
struct Seen {
	told: BTreeSet<(SessionIndex, AccountId)>,
	given: BTreeSet<(SessionIndex, AccountId)>,
}

impl Seen {
	fn note(&mut self) {
		for who in 1..=BIDS {
			let told = CapacityOracle::duties(0, who);
			let audits = told.into_iter().filter(|duty| duty.audit.is_some());
			self.told.extend(audits.map(|duty| (duty.session, who)));
		}
		for session in SettlementCursor::<Test>::get()..=CurrentSession::<Test>::get() {
			let drawn = Claims::<Test>::iter_key_prefix(session).map(|(_, who)| (session, who));
			self.given.extend(drawn);
		}
	}
}

/// Everybody works as soon as it is told. What each has gained when `blocks` have passed, where every draw
/// is cut, or none.
fn play(blocks: u64, cut: bool) -> (Seen, Vec<i128>) {
	let (mut seen, mut gains) = (Seen::default(), Vec::new());
	on_chain(policy(), || {
		let schedule = Schedule { draw: 1, ..SCHEDULE };
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), schedule));
		run_to(start_of(1));
		for who in 1..=BIDS {
			assert_ok!(CapacityOracle::bid(signed(who), 0, UNITS, 60_000));
		}
		if cut {
			// It is not let in.
			let set = CapacityOracle::set_schedule(RuntimeOrigin::root(), LATE);
			assert_eq!(set, Err(Fault::SessionTooShort.into()));
			Schedules::<Test>::put(Timeline::starting(1, SCHEDULE, LATE));
			Lookback::set(LOOKBACK);
			four_slots_for_each_block();
		}
		while System::block_number() < blocks {
			next_block();
			seen.note();
			// The first and the last have no machine.
			for who in EARLY + 1..LAST {
				Operator::new([who], Units::MAX).act();
			}
		}
		let cost = (Balance::from(UNITS) * policy().cost) as i128;
		gains = (1..=BIDS)
			.map(|who| {
				let worked = seen.told.iter().filter(|(_, told)| *told == who).count() as i128;
				let worked = if [EARLY, LAST].contains(&who) { 0 } else { worked };
				owned(&[who]) - ENDOWMENT as i128 - worked * cost
			})
			.collect();
	});
	(seen, gains)
}

/// Whatever cuts a draw, the last slot is in it as often as the first.
#[test]
fn late_slots_are_audited_as_the_early_ones() {
	let (seen, gains) = play(130, true);
	let never: Vec<_> =
		(1..=BIDS).filter(|who| seen.given.iter().all(|(_, given)| given != who)).collect();
	let unpaid = seen.told.difference(&seen.given).count();
	eprintln!("late slots | never audited {never:?} | told and not assigned {unpaid}");
	let of = |who: AccountId| gains[who as usize - 1];
	eprintln!(
		"gains | honest supplier, early and late slot | {} | {}",
		of(EARLY + 1),
		of(LAST - 1)
	);
	assert_eq!(never, Vec::<AccountId>::new());
	let [early, late] = [of(EARLY), of(LAST)];
	eprintln!(
		"gains | bid without a machine in the first slot, and in the last | {early} | {late}"
	);
	assert!(late < 0 && 2 * late < early, "both lose about as often");
}

/// Where a session is long enough nobody works for an audit that is not assigned.
#[test]
fn nobody_is_told_of_an_audit_that_is_not_assigned() {
	let (seen, _) = play(48, false);
	assert_eq!(seen.told.difference(&seen.given).count(), 0);
}

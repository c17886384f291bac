//! Slots that a draw comes to too late.

use super::*;
use std::collections::BTreeSet;

const BIDS: AccountId = 36;
const UNITS: Units = 20;
/// The bids in the first slot and in the last.
const EARLY: AccountId = 1;
const LATE: AccountId = BIDS;

/// A draw ends with the claims of its session, after seven blocks.
const SHORT: Schedule = Schedule { session: 5, draw: 5, claims: 2, proofs: 2, ..SCHEDULE };

/// Enough for the slots that one hash decides, so that a draw comes to 28 slots.
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

/// Everybody works as soon as it is told. What each has gained when `blocks` have passed.
fn play(blocks: u64) -> (Seen, Vec<i128>) {
	let (mut seen, mut gains) = (Seen::default(), Vec::new());
	on_chain(policy(), || {
		for who in 1..=BIDS {
			assert_ok!(CapacityOracle::bid(signed(who), 0, UNITS, 60_000));
		}
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), SHORT));
		four_slots_for_each_block();
		while System::block_number() < blocks {
			next_block();
			seen.note();
			// The first and the last have no machine.
			for who in EARLY + 1..LATE {
				Operator::new([who], Units::MAX).act();
			}
		}
		let cost = (Balance::from(UNITS) * policy().cost) as i128;
		gains = (1..=BIDS)
			.map(|who| {
				let worked = seen.told.iter().filter(|(_, told)| *told == who).count() as i128;
				let worked = if [EARLY, LATE].contains(&who) { 0 } else { worked };
				owned(&[who]) - ENDOWMENT as i128 - worked * cost
			})
			.collect();
	});
	(seen, gains)
}

/// A liar in a late slot loses nothing, and an honest supplier there works for nothing.
#[test]
fn late_slots_are_never_audited() {
	let (seen, gains) = play(110);
	let never: Vec<_> =
		(1..=BIDS).filter(|who| seen.given.iter().all(|(_, given)| given != who)).collect();
	let unpaid = seen.told.difference(&seen.given).count();
	eprintln!("late slots | never audited {never:?} | told and not assigned {unpaid}");
	let of = |who: AccountId| gains[who as usize - 1];
	eprintln!(
		"gains | honest supplier, early and late slot | {} | {}",
		of(EARLY + 1),
		of(LATE - 1)
	);
	assert_eq!(never, (29..=BIDS).collect::<Vec<_>>());
	assert!(unpaid > 0 && of(LATE - 1) < 0);
	let title = "bid without a machine in the first slot, and in the last";
	assert_pays(&Gains::new(title, vec![of(EARLY)], vec![of(LATE)]));
}

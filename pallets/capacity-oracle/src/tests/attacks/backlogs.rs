//! More claims than the chain settles.

use super::*;

const CLAIMANTS: std::ops::RangeInclusive<AccountId> = 1..=35;
const OWN: AccountId = 36;
const HONEST: AccountId = 37;
const SESSIONS: u64 = 30;

/// Five claims are settled in a block, twenty-five in a session.
const SHORT: Schedule = Schedule { session: 5, draw: 5, claims: 3, proofs: 2, ..SCHEDULE };

/// A service of whoever likes, in which nothing is audited.
fn unaudited() -> Policy<StandardWork> {
	relaying(RelayTerms { suppliers: 250, threshold: 100, ..terms() })
}

/// The sessions in which a service that has nothing to do with it has no audits, if each of the
/// claimants claims a unit in every session, from an application that may spend nothing; and what an
/// honest supplier of that service and the claimants gain.
fn play(claiming: bool) -> (usize, [i128; 2]) {
	let mut played = None;
	on_chain(unaudited(), || {
		assert_ok!(CapacityOracle::create_service(RuntimeOrigin::root(), None, policy(), false));
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), SHORT));
		let mut honest = Operator::with_bids([(1, HONEST)], 20).joins(20);
		CLAIMANTS.for_each(|who| join(who, 20));
		let index = open_application(OWN, 100, 0);
		let hand: Vec<_> = CLAIMANTS.chain([OWN]).collect();
		let before = owned(&hand);
		let (mut skipped, mut open) = (0, Vec::<Delivery>::new());
		while System::block_number() < start_of(1) + SESSIONS * 5 {
			next_block();
			let backlog = |event: &Event<Test>| {
				matches!(event, Event::AuditsSkipped { reason: SkipReason::Backlog, .. })
			};
			skipped += events().iter().filter(|event| backlog(event)).count();
			honest.act();
			let session = CurrentSession::<Test>::get();
			let last = session.saturating_sub(1);
			let begins = Sessions::<Test>::get(session)
				.is_some_and(|session| u64::from(session.start) == System::block_number());
			if claiming && begins && Rounds::<Test>::contains_key(last, 0) {
				for who in CLAIMANTS.filter(|who| rank(*who, last, index).is_some()) {
					let tiny = Delivery::new(who, last, None, &[serve(who, last, index, 1)]);
					assert_ok!(tiny.claim());
					open.push(tiny);
				}
			}
			open.retain(Delivery::is_open);
			open.iter().for_each(|tiny| assert!(tiny.prove()));
		}
		played = Some((skipped, [honest.gain(), owned(&hand) - before]));
	});
	played.unwrap()
}

#[test]
fn the_audits_of_a_service_stop_for_the_claims_of_another() {
	let (none, [undisturbed, _]) = play(false);
	let (skipped, [honest, claimants]) = play(true);
	eprintln!("backlog | sessions without audits, of {SESSIONS} | {none} | {skipped}");
	eprintln!("gains | honest supplier of the other service | {undisturbed} | {honest}");
	assert_eq!((none, claimants), (0, 0), "it costs nothing");
	assert!(skipped > 0 && honest < undisturbed);
}

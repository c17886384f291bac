//! More claims than the chain settles. Lists of bids are no longer than a session can settle, all services
//! together, so that none waits for another's.

use super::*;

/// As many as may join.
const CLAIMANTS: std::ops::RangeInclusive<AccountId> = 1..=22;
const OWN: AccountId = 36;
const HONEST: AccountId = 37;
const SESSIONS: u64 = 30;

/// Five claims are settled in a block: twenty-two in a session for each of two services, and a block to
/// close it.
const FITTING: Schedule = Schedule { draw: 2, ..SCHEDULE };

/// A service of whoever likes, in which nothing is audited.
fn unaudited() -> Policy<StandardWork> {
	relaying(RelayTerms { suppliers: Ranks::MOST, threshold: 100, ..terms() })
}

/// The service of the claimants, and one that is audited.
fn open_services() {
	assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), FITTING));
	assert_ok!(CapacityOracle::create_service(RuntimeOrigin::root(), None, policy(), false));
	assert_ok!(CapacityOracle::fund(signed(50), 1, 50_000));
}

/// The sessions in which a service that has nothing to do with it has no audits, if each of the
/// claimants claims a unit in every session, from an application that may spend nothing; and what an
/// honest supplier of that service and the claimants gain.
fn play(claiming: bool) -> (usize, [i128; 2]) {
	let mut played = None;
	on_chain(unaudited(), || {
		open_services();
		let mut honest = Operator::with_bids([(1, HONEST)], 20).joins(20);
		CLAIMANTS.for_each(|who| join(who, 20));
		let stake = CapacityOracle::minimum_stake(0, 20).unwrap();
		assert_noop!(
			CapacityOracle::bid(signed(CLAIMANTS.end() + 1), 0, 20, stake),
			Fault::TooManyBids
		);
		let index = open_application(OWN, 100, 0);
		let hand: Vec<_> = CLAIMANTS.chain([OWN]).collect();
		let before = owned(&hand);
		let (mut skipped, mut open) = (0, Vec::<Delivery>::new());
		while System::block_number() < start_of(1) + SESSIONS * 10 {
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
				for who in CLAIMANTS.filter(|who| ranks(*who, last, index).is_some()) {
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
fn the_audits_of_a_service_do_not_stop_for_the_claims_of_another() {
	let (none, [undisturbed, _]) = play(false);
	let (skipped, [honest, claimants]) = play(true);
	eprintln!("backlog | sessions without audits, of {SESSIONS} | {none} | {skipped}");
	eprintln!("gains | honest supplier of the other service | {undisturbed} | {honest}");
	assert_eq!((none, claimants), (0, 0), "it costs nothing");
	assert_eq!((skipped, honest), (0, undisturbed));
}

/// Shorter sessions, which could not settle that many, are refused.
#[test]
fn sessions_too_short_for_all_claims_are_refused() {
	on_chain(unaudited(), || {
		open_services();
		CLAIMANTS.for_each(|who| join(who, 20));
		let short = Schedule { session: 9, ..FITTING };
		let set = CapacityOracle::set_schedule(RuntimeOrigin::root(), short);
		assert_eq!(set, Err(Fault::SessionTooShort.into()));
	});
}

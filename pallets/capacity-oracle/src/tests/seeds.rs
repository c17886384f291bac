use super::*;

fn session(index: SessionIndex) -> Session {
	Sessions::<Test>::get(index).unwrap()
}

fn three_join() {
	for who in [1, 2, 3] {
		join(who, 20);
	}
}

/// Bids can change until the last block of the session before: the session's seed must be later.
#[test]
fn the_sessions_seed_is_unknown_while_bids_can_change() {
	on_chain(policy(), || {
		three_join();
		Lookback::set(3);
		run_to(start_of(1) + 2);
		assert_eq!(session(1).seed, None);
		assert!(CapacityOracle::duties(0, 1).is_empty());
		run_to(start_of(1) + 3);
		assert!(session(1).seed.is_some());
		assert!(duty(1, 1).is_some());
	});
}

#[test]
fn without_a_timely_seed_a_session_has_no_audits() {
	on_chain(policy(), || {
		three_join();
		run_to(start_of(1) - 1);
		Lookback::set(5);
		run_to(start_of(1) + 5);
		assert!(events().contains(&Event::AuditsSkipped {
			session: 1,
			service: None,
			reason: SkipReason::NoSeed
		}));
		assert!(session(1).seed.is_some(), "who serves whom is known all the same");
		run_to(start_of(2));
		assert_eq!(Funds::<Test>::get(0).set_aside, 0);
		assert_eq!(Claims::<Test>::iter().count(), 0);
		Lookback::set(0);
		run_to(claims_open(2) - 1);
		assert_eq!(Claims::<Test>::iter_prefix(2).count(), 3);
	});
}

#[test]
fn a_session_that_never_had_a_seed_is_noted() {
	on_chain(policy(), || {
		three_join();
		run_to(start_of(1) - 1);
		Lookback::set(30);
		run_to(start_of(2));
		assert!(events().contains(&Event::AuditsSkipped {
			session: 1,
			service: None,
			reason: SkipReason::NoSeed
		}));
		assert_eq!(session(1).seed, None);
	});
}

/// The second value of the source counts: what may have been known when claims were open is not
/// taken, however long it takes.
#[test]
fn the_proof_seed_waits_until_the_source_vouches_for_it() {
	on_chain(policy(), || {
		three_join();
		run_to(claims_open(1));
		commit(2, 1, 20);
		Lookback::set(4);
		run_to(seed_of(1) + 3);
		assert_eq!(session(1).proof_seed, None);
		run_to(seed_of(1) + 4);
		assert!(session(1).proof_seed.is_some());
		assert!(events().contains(&Event::SeedTaken { session: 1, until: seed_of(1) as u32 + 7 }));
		assert_ok!(prove(2, 1, proof_of(2, 1, 20)));
	});
}

/// Sessions wait for their seeds side by side, so a source that looks back further than a session is
/// long delays them all by as much, and none by more.
#[test]
fn sessions_shorter_than_the_lookback_do_not_pile_up() {
	on_chain(policy(), || {
		let patient = Schedule { patience: 40, ..SCHEDULE };
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), patient));
		Lookback::set(25);
		run_to(start_of(30));
		let waiting = CurrentSession::<Test>::get() - SeedCursor::<Test>::get();
		assert!(waiting <= 4, "{waiting} sessions wait");
		assert!(SettlementCursor::<Test>::get() + 1 >= SeedCursor::<Test>::get());
	});
}

#[test]
fn a_session_without_a_seed_is_void_and_all_stake_is_free() {
	on_chain(policy(), || {
		three_join();
		run_to(start_of(1) + 1);
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::leave(signed(who), 0));
		}
		run_to(claims_open(1));
		commit(2, 1, 20);
		Lookback::set(1_000);
		run_to(seed_of(1) + 6);
		assert!(events().contains(&Event::SessionVoided { session: 1 }));
		run_to(seed_of(1) + 8);
		assert_eq!([1, 2, 3].map(|who| bid_of(who).stake), [2_000; 3]);
		assert_eq!([1, 2, 3].map(|who| bid_of(who).at_risk()), [0; 3]);
		let history = CapacityOracle::report(0).unwrap().history;
		assert!(history.last().unwrap().void);
		assert_eq!(CapacityOracle::report(0).unwrap().audits, 0);
	});
}

#[test]
fn a_limit_on_the_lookback_is_a_matter_of_the_schedule() {
	on_chain(policy(), || {
		let trusting = Schedule { lookback: Some(1), ..SCHEDULE };
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), trusting));
		three_join();
		Lookback::set(81);
		run_to(start_of(1));
		assert_eq!(session(1).seed, None, "strictly later than the last bid, all the same");
		run_to(start_of(1) + 1);
		assert!(session(1).seed.is_some());
		run_to(seed_of(1));
		assert_eq!(session(1).proof_seed, None);
		run_to(seed_of(1) + 1);
		assert!(session(1).proof_seed.is_some());
	});
}

#[test]
fn seeds_differ_between_purposes_and_sessions() {
	on_chain(policy(), || {
		three_join();
		run_to(due(1) - 1);
		let (one, two) = (session(1), session(2));
		let seeds = [one.seed, one.proof_seed, two.seed];
		assert!(seeds.iter().all(Option::is_some));
		assert!(seeds[0] != seeds[1] && seeds[1] != seeds[2] && seeds[0] != seeds[2]);
	});
}

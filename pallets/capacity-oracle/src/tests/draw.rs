//! The draw goes through the slots slice by slice (design section 4.1): from another place each time, in
//! turn with other services, and only as much as a session has room for.

use super::*;
use std::collections::BTreeSet;

fn assigned(session: SessionIndex) -> BTreeSet<AccountId> {
	Claims::<Test>::iter_prefix(session).map(|((_, who), _)| who).collect()
}

fn create(policy: Policy<StandardWork>) -> sp_runtime::DispatchResult {
	CapacityOracle::create_service(RuntimeOrigin::root(), None, policy, true)
}

/// Sixteen bids, a group of four in each block. Returns who is audited in the first of them.
fn first_four(entropy: u64) -> BTreeSet<AccountId> {
	let mut first = BTreeSet::new();
	on_chain(policy(), || {
		(1..=16).for_each(|who| join(who, 20));
		MaxAuditsPerBlock::set(4);
		Entropy::set(entropy);
		run_to(start_of(1));
		first = assigned(1);
		assert_eq!(first.len(), 4);
		run_to(start_of(1) + 3);
		assert_eq!(assigned(1).len(), 16, "and everybody else after them");
	});
	first
}

#[test]
fn a_draw_starts_at_an_offset_that_the_seed_chooses() {
	let starts: BTreeSet<_> = (0..24).map(first_four).collect();
	assert_eq!(starts.len(), 4, "each group of four is the first of some session");
	let groups: Vec<_> = (0..4u64).map(|group| (4 * group + 1..=4 * group + 4).collect()).collect();
	assert!(groups.iter().all(|group| starts.contains(group)));
}

/// A draw that is cut, as the chain was kept from completing it, leaves others out each time.
#[test]
fn draws_that_are_cut_do_not_miss_the_same_slots() {
	on_chain(policy(), || {
		(1..=16).for_each(|who| {
			join(who, 20);
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 50_000));
		});
		MaxAuditsPerBlock::set(4);
		let mut reached = BTreeSet::new();
		// The next session has no draw as long as the last is not over.
		for session in [1, 3, 5, 7, 9, 11] {
			run_to(start_of(session));
			let room = DrawWeight::get();
			DrawWeight::set(Default::default());
			assert!((1..=16).all(|who| duty(who, session).is_some()), "all are drawn");
			run_to(seed_of(session) - 1);
			DrawWeight::set(room);
			assert!(DrawProgress::<Test>::exists());
			run_to(seed_of(session));
			assert!(!DrawProgress::<Test>::exists());
			assert_eq!(assigned(session).len(), 4, "nobody who could not answer any more");
			reached.insert(assigned(session));
		}
		assert!(reached.len() > 1, "{reached:?}");
	});
}

#[test]
fn services_are_drawn_in_turn() {
	on_chain(policy(), || {
		long_sessions();
		for service in [1, 2] {
			assert_ok!(create(policy()));
			assert_ok!(CapacityOracle::fund(signed(50), service, 20_000));
		}
		for service in 0..3 {
			for who in 1..=12 {
				assert_ok!(CapacityOracle::bid(signed(who), service, 20, 2_000));
			}
		}
		MaxAuditsPerBlock::set(4);
		run_to(start_of(1));
		let of =
			|service| Claims::<Test>::iter_prefix(1).filter(|((s, _), _)| *s == service).count();
		let seen: Vec<_> = (0..9)
			.map(|_| {
				let now = [of(0), of(1), of(2)];
				next_block();
				now
			})
			.collect();
		assert_eq!(seen[0], [4, 0, 0]);
		assert_eq!(seen[1], [4, 4, 0]);
		assert_eq!(seen[2], [4, 4, 4], "none waits for another's whole list");
		assert_eq!(seen[5], [8, 8, 8]);
		assert_eq!(seen[8], [12, 12, 12]);
		assert!(!DrawProgress::<Test>::exists());
	});
}

#[test]
fn a_list_gets_no_longer_than_can_be_drawn_in_a_session() {
	on_chain(policy(), || {
		// By the seed's latest tick five blocks are left beside it, with two audits each to be sure of.
		MaxAuditsPerBlock::set(5);
		let stake = policy().audit_stake(20);
		let admitted = (1..=40)
			.take_while(|who| CapacityOracle::bid(signed(*who), 0, 20, stake).is_ok())
			.count() as u64;
		assert!((4..20).contains(&admitted), "{admitted}");
		let more = CapacityOracle::bid(signed(admitted + 1), 0, 20, stake);
		assert_noop!(more, Fault::TooManyBids);
		// All of them are drawn, even with the latest seed.
		Lookback::set(4);
		run_to(start_of(2) - 1);
		assert_eq!(assigned(1).len() as u64, admitted);
		// With fewer audits there is room for more bids.
		let seldom = Policy { audit_rate: Perquintill::zero(), ..policy() };
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, seldom, true));
		assert_ok!(CapacityOracle::bid(signed(admitted + 1), 0, 20, stake));
		assert_noop!(
			CapacityOracle::set_policy(RuntimeOrigin::root(), 0, policy(), true),
			Fault::SessionTooShort
		);
	});
}

#[test]
fn a_list_gets_no_longer_than_can_be_settled_in_a_session() {
	let quiet = Policy { audit_rate: Perquintill::zero(), ..policy() };
	on_chain(quiet, || {
		// Nine blocks and one that closes the session, with five claims in each: 45, and 22 for each of two.
		assert_ok!(create(quiet));
		for who in 1..=22 {
			join(who, 20);
		}
		assert_noop!(CapacityOracle::bid(signed(23), 0, 20, 2_000), Fault::TooManyBids);
		assert_noop!(create(quiet), Fault::SessionTooShort);
	});
}

#[test]
fn a_service_whose_audits_could_not_be_drawn_is_not_created() {
	on_chain(policy(), || {
		MaxAuditsPerBlock::set(4);
		for who in 1..=3 {
			join(who, 20);
		}
		assert_noop!(create(policy()), Fault::SessionTooShort);
		long_sessions();
		assert_ok!(create(policy()));
	});
}

#[test]
fn a_schedule_in_which_audits_could_not_be_drawn_is_refused() {
	on_chain(policy(), || {
		(1..=30).for_each(|who| join(who, 20));
		let set = |schedule| CapacityOracle::set_schedule(RuntimeOrigin::root(), schedule);
		assert_ok!(set(SCHEDULE));
		assert_noop!(set(Schedule { draw: 9, ..SCHEDULE }), Fault::SessionTooShort);
		let short = Schedule { session: 5, draw: 2, ..SCHEDULE };
		assert_noop!(set(short), Fault::SessionTooShort);
		// The provider's blocks can come by several.
		MaxTicksPerBlock::set(3);
		assert_noop!(set(SCHEDULE), Fault::SessionTooShort);
	});
}

#[test]
fn the_chain_tells_whom_it_audits_and_what_that_may_cost() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		run_to(start_of(1));
		let (session, service, units) = (1, 0, 20);
		for supplier in [1, 2, 3] {
			let assigned = Event::AuditAssigned { session, service, supplier, units };
			assert!(events().contains(&assigned));
		}
		let (rate, audits, units, set_aside) = (Perquintill::one(), 3, 60, 3 * 400);
		let drawn = Event::AuditsDrawn { session, service, rate, audits, units, set_aside };
		assert!(events().contains(&drawn));
	});
}

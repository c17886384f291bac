use super::*;
use frame_support::{dispatch::DispatchClass, weights::Weight};

fn clock() -> ClockStatus {
	CapacityOracle::clock()
}

#[test]
fn sessions_follow_each_other_on_the_grid() {
	on_chain(policy(), || {
		assert_eq!((clock().session, clock().session_ends), (0, 10));
		run_to(9);
		assert_eq!(clock().session, 0);
		run_to(10);
		assert_eq!((clock().session, clock().tick, clock().session_ends), (1, 10, 20));
		assert!(events().contains(&Event::SessionStarted { session: 1 }));
	});
}

#[test]
fn a_full_block_does_not_count() {
	on_chain(policy(), || {
		run_to(8);
		fill_block();
		next_block();
		assert_eq!((clock().tick, clock().stalled), (8, 1));
		fill_block();
		next_block();
		assert_eq!((clock().tick, clock().stalled, clock().session), (8, 2, 0));
		run_to(12);
		assert_eq!((clock().tick, clock().session), (10, 1));
	});
}

#[test]
fn a_block_with_room_for_a_proof_counts() {
	on_chain(policy(), || {
		let weights = block_weights();
		let base = weights.get(DispatchClass::Operational).base_extrinsic;
		let proof = <() as WeightInfo>::prove(65_536, CapacityOracle::most_hashes(), 32)
			.max(CapacityOracle::claim_weight(64, 64 * 64, 64));
		let just_enough = weights.max_block - proof - base;
		System::set_block_consumed_resources(just_enough, 0);
		next_block();
		assert_eq!(clock().stalled, 0);
		System::set_block_consumed_resources(just_enough + Weight::from_parts(1, 0), 0);
		next_block();
		assert_eq!(clock().stalled, 1);
	});
}

/// Blocks that nobody could enter move every deadline, so the supplier that could not get its claim
/// and its proof in is not slashed.
#[test]
fn deadlines_wait_while_blocks_are_full() {
	on_chain(policy(), || {
		join(1, 20);
		run_to(claims_open(1));
		for _ in 0..20 {
			fill_block();
			next_block();
		}
		commit(1, 1, 20);
		run_to(seed_of(1) + 20);
		for _ in 0..20 {
			fill_block();
			next_block();
		}
		assert_ok!(prove(1, 1, proof_of(1, 1, 20)));
		run_to(due(1) + 40);
		assert!(events().iter().any(|e| matches!(e, Event::AuditPaid { supplier: 1, .. })));
	});
}

/// The provider's blocks may come in leaps, as a relay chain's do for a parachain that stood still.
#[test]
fn blocks_that_the_chain_never_made_do_not_count() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		MaxTicksPerBlock::set(2);
		run_to(claims_open(1) + 1);
		System::set_block_number(500);
		next_block();
		assert_eq!((clock().session, clock().tick), (2, 23));
		commit(2, 1, 20);
		System::set_block_number(700);
		next_block();
		assert_eq!(duty(2, 1).unwrap().stage, Stage::Proving);
		assert_ok!(prove(2, 1, proof_of(2, 1, 20)));
		run_to(710);
		assert_eq!([1, 2, 3].map(|who| bid_of(who).stake), [0, 2_000, 0]);
	});
}

#[test]
fn a_new_schedule_holds_from_the_next_session() {
	on_chain(policy(), || {
		let long = Schedule { session: 30, ..SCHEDULE };
		assert_noop!(
			CapacityOracle::set_schedule(signed(1), long),
			sp_runtime::DispatchError::BadOrigin
		);
		run_to(13);
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), long));
		assert!(events().contains(&Event::ScheduleSet { from: 2, schedule: long }));
		assert_eq!(clock().session_ends, 20);
		run_to(20);
		assert_eq!((clock().session, clock().session_ends), (2, 50));
		run_to(50);
		assert_eq!((clock().session, clock().session_ends), (3, 80));
	});
}

#[test]
fn a_schedule_that_contradicts_itself_or_the_running_one_is_refused() {
	on_chain(policy(), || {
		let set = |schedule| CapacityOracle::set_schedule(RuntimeOrigin::root(), schedule);
		assert_noop!(set(Schedule { proofs: 0, ..SCHEDULE }), Fault::InvalidSchedule);
		assert_noop!(set(Schedule { claims: 11, ..SCHEDULE }), Fault::InvalidSchedule);
		MaxTicksPerBlock::set(4);
		let skipped = Schedule { session: 3, draw: 1, claims: 1, ..SCHEDULE };
		assert_noop!(set(skipped), Fault::InvalidSchedule);
		// Claims of this session stay open for four blocks of the next, which must last as long.
		let short = Schedule { session: 3, draw: 1, claims: 3, ..SCHEDULE };
		assert_noop!(set(short), Fault::InvalidSchedule);
	});
}

#[test]
fn without_a_schedule_the_clock_stands_still() {
	sp_io::TestExternalities::default().execute_with(|| {
		run_to(30);
		assert_eq!(clock().session, 0);
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), SCHEDULE));
		run_to(45);
		assert_eq!((clock().session, clock().session_ends), (1, 50));
		check_state();
	});
}

#[test]
fn the_constants_of_the_mock_hold() {
	CapacityOracle::check_config();
}

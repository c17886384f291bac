use super::*;
use frame_support::{
	traits::{fungible::InspectHold, OnFinalize},
	weights::{Weight, WeightMeter},
};

/// The first answers in full, the second commits to half, the third is silent.
fn play_session(session: SessionIndex) {
	run_to(claims_open(session));
	commit(1, session, Units::MAX);
	let half: Vec<_> =
		leaves(&duty(2, session).unwrap(), Units::MAX).into_iter().take(10).collect();
	let half = sum_trie::Trie::<sum_trie::Blake2b256>::build(half).unwrap();
	assert_ok!(claim(2, session, half.root()));
	run_to(seed_of(session));
	assert_ok!(prove(1, session, proof_of(1, session, Units::MAX)));
	let positions = duty(2, session).unwrap().positions;
	let proof = codec::Encode::encode(&half.open(&positions).unwrap());
	assert_ok!(prove(2, session, proof));
}

fn three_join() {
	for who in [1, 2, 3] {
		join(who, 20);
	}
}

#[test]
fn truth_is_paid_and_a_lie_is_slashed() {
	on_chain(policy(), || {
		three_join();
		play_session(1);
		run_to(due(1));
		assert_eq!(free(1), ENDOWMENT - 2_000 + 400);
		assert_eq!([1, 2, 3].map(|who| bid_of(who).stake), [2_000, 0, 0]);
		assert_eq!([1, 2, 3].map(|who| Balances::total_balance_on_hold(&who)), [2_000, 0, 0]);
		let failed = |supplier, delivered| Event::AuditFailed {
			session: 1,
			service: 0,
			supplier,
			units: 20,
			delivered,
			slashed: 2_000,
			settler: None,
		};
		let paid =
			Event::AuditPaid { session: 1, service: 0, supplier: 1, units: 20, payment: 400 };
		for event in [paid, failed(2, 10), failed(3, 0)] {
			assert!(events().contains(&event), "{event:?}");
		}
		let pot = Balances::balance(&CapacityOracle::pot_account());
		assert_eq!(pot, POT + 10 - 400 + 4_000);
		assert_eq!(CapacityOracle::fund_status(0).unwrap().total(), POT - 400 + 4_000);
	});
}

#[test]
fn a_bid_without_stake_leaves_the_draws_with_the_next_session() {
	on_chain(policy(), || {
		three_join();
		play_session(1);
		run_to(due(1));
		let reason = SuspendReason::StakeTooSmall;
		let suspended =
			|supplier| Event::BidSuspended { service: 0, supplier, from: 3, stake: 0, reason };
		assert!(events().contains(&suspended(2)) && events().contains(&suspended(3)));
		run_to(start_of(3));
		assert_eq!(CapacityOracle::service(0).unwrap().suppliers, 1);
		// It can always leave: nothing is left to wait for.
		run_to(start_of(4));
		assert_ok!(CapacityOracle::withdraw(signed(3), 0));
		assert!(Bids::<Test>::get(0, 3).is_none());
	});
}

#[test]
fn more_claims_than_a_block_settles_wait_for_the_next_blocks() {
	on_chain(policy(), || {
		for who in 1..=12 {
			join(who, 20);
		}
		run_to(due(1));
		let open = || Claims::<Test>::iter_prefix(1).count();
		assert_eq!(open(), 7);
		next_block();
		assert_eq!(open(), 2);
		next_block();
		assert_eq!(open(), 0);
		assert!((1..=12).all(|who| bid_of(who).stake == 0));
	});
}

#[test]
fn settlement_waits_for_weight() {
	on_chain(policy(), || {
		three_join();
		run_to(due(1) - 1);
		let open = || Claims::<Test>::iter_prefix(1).count();
		next_block_with(WeightMeter::with_limit(Weight::zero()));
		assert_eq!(open(), 3);
		let check = <() as WeightInfo>::check_due();
		let one = <() as WeightInfo>::settle_claim(0);
		next_block_with(WeightMeter::with_limit(check + one + one - Weight::from_parts(1, 0)));
		assert_eq!(open(), 2);
		next_block_with(WeightMeter::with_limit(check + one + one));
		assert_eq!(open(), 0);
		assert!(Sessions::<Test>::contains_key(1), "closing takes weight, too");
		check_state();
		next_block();
		assert!(!Sessions::<Test>::contains_key(1));
		assert!(events().contains(&Event::SessionSettled { session: 1 }));
	});
}

#[test]
fn anyone_can_settle_what_is_overdue_for_a_share_of_the_slash() {
	on_chain(policy(), || {
		three_join();
		play_session(1);
		let settle = |who, supplier| CapacityOracle::settle(signed(who), 1, 0, supplier);
		run_to(due(1) - 1);
		assert_noop!(settle(9, 3), Fault::NotDue);
		assert_noop!(CapacityOracle::settle(signed(9), 77, 0, 3), Fault::UnknownSession);
		// A chain too busy to settle by itself.
		next_block_with(WeightMeter::with_limit(Weight::zero()));
		assert_ok!(settle(9, 3));
		assert_eq!(free(9), ENDOWMENT + 200);
		assert_noop!(settle(9, 3), Fault::NoOpenClaim);
		assert_ok!(settle(9, 1));
		assert_eq!(free(9), ENDOWMENT + 200, "for a claim that is paid there is no share");
		assert_eq!(free(1), ENDOWMENT - 2_000 + 400);
		next_block();
		assert_eq!(bid_of(2).stake, 0);
	});
}

#[test]
fn a_supplier_can_leave_in_the_middle_of_an_audit_but_not_escape_it() {
	on_chain(policy(), || {
		three_join();
		run_to(start_of(1) + 2);
		assert_ok!(CapacityOracle::leave(signed(2), 0));
		for session in [2, 3] {
			run_to(start_of(session) + 1);
			assert!(duty(2, session).is_none());
			if session == 2 {
				assert_noop!(CapacityOracle::withdraw(signed(2), 0), Fault::NothingToWithdraw);
			}
		}
		assert_eq!(free(2), ENDOWMENT - 2_000);
		assert_ok!(CapacityOracle::withdraw(signed(2), 0));
		assert_eq!(free(2), ENDOWMENT - 2_000, "it did not deliver, so there was nothing left");
		assert!(Bids::<Test>::get(0, 2).is_none());
	});
}

#[test]
fn a_supplier_that_delivers_leaves_with_everything() {
	on_chain(policy(), || {
		three_join();
		run_to(start_of(1) + 2);
		assert_ok!(CapacityOracle::leave(signed(2), 0));
		deliver(2, 1);
		run_to(start_of(3));
		assert_ok!(CapacityOracle::withdraw(signed(2), 0));
		assert_eq!(free(2), ENDOWMENT + 400);
	});
}

#[test]
fn the_last_blocks_of_a_session_finish_what_the_first_began() {
	on_chain(policy(), || {
		three_join();
		run_to(due(1) + 1);
		assert!(!Sessions::<Test>::contains_key(1) && Rounds::<Test>::get(1, 0).is_none());
		assert_eq!(Funds::<Test>::get(0).set_aside, {
			let rounds = Rounds::<Test>::iter().map(|(_, _, round)| round.set_aside);
			rounds.sum::<Balance>()
		});
		AllPalletsWithSystem::on_finalize(System::block_number());
	});
}

/// One stake stands behind all audits of a bid, so sessions are settled in their order, even where a shorter
/// proof window lets a later one be due earlier.
#[test]
fn a_session_is_settled_only_after_all_earlier_ones() {
	let patient = Schedule { proofs: 30, ..SCHEDULE };
	on_chain(policy(), || {
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), patient));
		three_join();
		run_to(start_of(1));
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), SCHEDULE));
		let settle = |session| CapacityOracle::settle(signed(9), session, 0, 3);
		run_to(due(2) + 1);
		let due_at = |session| Sessions::<Test>::get(session).unwrap().due.unwrap();
		assert!(due_at(2) < due_at(1), "the second is due before the first");
		assert!(CapacityOracle::clock().tick > due_at(2));
		assert_noop!(settle(2), Fault::NotDue);
		assert_eq!(Claims::<Test>::iter_prefix(2).count(), 3, "the chain waits as well");
		// No block settles anything from here on.
		while CapacityOracle::clock().tick < due_at(1) {
			next_block_with(WeightMeter::with_limit(Weight::zero()));
		}
		assert_noop!(settle(2), Fault::NotDue);
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::settle(signed(9), 1, 0, who));
		}
		assert_noop!(settle(2), Fault::NotDue);
		next_block();
		assert!(!Sessions::<Test>::contains_key(1), "it has to be closed, too");
		while Sessions::<Test>::contains_key(2) {
			next_block();
		}
		assert!(Claims::<Test>::iter_prefix(2).next().is_none());
	});
}

/// Of the audits that one stake stands behind, only the first that fails takes anything.
#[test]
fn a_settler_gets_nothing_for_an_audit_that_has_nothing_left_to_lose() {
	on_chain(policy(), || {
		three_join();
		assert_ok!(CapacityOracle::bid(signed(3), 0, 20, 5_000));
		run_to(due(1) - 1);
		run_unsettled_to(due(2));
		let settle = |session| {
			let before = (wealth(3), wealth(9));
			assert_ok!(CapacityOracle::settle(signed(9), session, 0, 3));
			(before.0 - wealth(3), wealth(9) - before.1)
		};
		assert_eq!(settle(1), (2_200, 200));
		while Sessions::<Test>::contains_key(1) {
			next_block_with(WeightMeter::with_limit(Weight::zero()));
			for who in [1, 2] {
				let _ = CapacityOracle::settle(signed(8), 1, 0, who);
			}
			// One block with room to close the session, and for no claim of the next.
			let close = <() as WeightInfo>::check_due()
				.saturating_add(<() as WeightInfo>::settle_claim(0))
				.saturating_add(<() as WeightInfo>::close_session(1));
			next_block_with(WeightMeter::with_limit(close));
		}
		assert!(Claims::<Test>::contains_key(2, (0, 3)));
		assert_eq!(settle(2), (0, 0));
	});
}

/// A settler's share comes out of stake that nothing needs, or out of the penalty; never out of what
/// another audit needs.
#[test]
fn the_settlers_share_of_an_audit_is_on_top_where_stake_is_free() {
	for (more, lost) in [(0, 2_000), (500, 2_200)] {
		on_chain(policy(), || {
			three_join();
			assert_ok!(CapacityOracle::bid(signed(3), 0, 20, more));
			run_to(due(1) - 1);
			next_block_with(WeightMeter::with_limit(Weight::zero()));
			let before = (wealth(3), wealth(9));
			assert_ok!(CapacityOracle::settle(signed(9), 1, 0, 3));
			assert_eq!((before.0 - wealth(3), wealth(9) - before.1), (lost, 200));
		});
	}
}

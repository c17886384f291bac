//! A bid under audit is audited again (design section 4): one stake stands behind all of its audits, they
//! are settled in the order of their sessions, and the first that fails takes the stake and ends the pay.

use super::*;

/// The first of three bids, which is audited in every session from the first to the last.
fn audited_in(sessions: std::ops::RangeInclusive<SessionIndex>) {
	for who in [1, 2, 3] {
		join(who, 20);
	}
	run_unsettled_to(start_of(*sessions.end()) + 1);
	for session in sessions {
		assert_eq!(duty(1, session).unwrap().audit.unwrap().at_risk, stake());
	}
}

fn stake() -> Balance {
	policy().audit_stake(20)
}

/// Answers the audit of a session, on a chain that settles nothing.
fn answer(who: AccountId, session: SessionIndex) {
	run_unsettled_to(claims_open(session));
	commit(who, session, Units::MAX);
	run_unsettled_to(seed_of(session));
	assert_ok!(prove(who, session, proof_of(who, session, Units::MAX)));
}

/// What became of the audit of the first bid in a session, once that is settled.
fn outcome(session: SessionIndex) -> Event<Test> {
	while Sessions::<Test>::contains_key(session) {
		next_block();
		let of_first = events().into_iter().find(|event| match event {
			Event::AuditPaid { session: of, supplier: 1, .. }
			| Event::AuditUnpaid { session: of, supplier: 1, .. }
			| Event::AuditFailed { session: of, supplier: 1, .. } => *of == session,
			_ => false,
		});
		if let Some(event) = of_first {
			return event;
		}
	}
	panic!("the audit of session {session} is not settled");
}

fn failed(session: SessionIndex, slashed: Balance) -> Event<Test> {
	let (service, supplier, units, delivered, settler) = (0, 1, 20, 0, None);
	Event::AuditFailed { session, service, supplier, units, delivered, slashed, settler }
}

fn paid(session: SessionIndex) -> Event<Test> {
	Event::AuditPaid { session, service: 0, supplier: 1, units: 20, payment: 400 }
}

fn stake_taken(session: SessionIndex) -> Event<Test> {
	let reason = UnpaidReason::StakeTaken;
	Event::AuditUnpaid { session, service: 0, supplier: 1, reason }
}

#[test]
fn audits_that_are_open_keep_nobody_out_of_the_next_draw() {
	on_chain(policy(), || {
		audited_in(1..=3);
		assert_eq!(bid_of(1).open_claims, 3);
		assert_eq!(bid_of(1).at_risk(), stake(), "one stake for all of them");
		assert_eq!((bid_of(1).stake, bid_of(1).audits.len()), (stake(), 1));
	});
}

#[test]
fn all_audits_that_are_delivered_are_paid() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		(1..=3).for_each(|session| answer(1, session));
		assert_eq!([1, 2, 3].map(outcome), [1, 2, 3].map(paid));
		assert_eq!(bid_of(1).stake, stake());
	});
}

/// Whoever fails twice loses once; and what it delivers after the first failure earns nothing.
#[test]
fn the_first_audit_that_fails_takes_the_stake_and_ends_the_pay() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		answer(1, 1);
		run_unsettled_to(claims_open(2));
		answer(1, 3);
		let before = wealth(1);
		assert_eq!(outcome(1), paid(1));
		assert_eq!(outcome(2), failed(2, stake()));
		assert_eq!(outcome(3), stake_taken(3));
		assert_eq!(wealth(1), before + 400 - stake());
		// The audit of session 4 was drawn as well, and failed: there is nothing left to take.
		assert_eq!(outcome(4), failed(4, 0));
		assert_eq!(wealth(1), before + 400 - stake());
	});
}

/// Stake that is added later, or that was there for more than one audit, does not change that: whoever
/// knows how its audit has gone would add it only where that pays.
#[test]
fn neither_stake_that_is_added_nor_stake_that_was_there_buys_the_pay_back() {
	for (before, after) in [(0, stake()), (stake(), 0)] {
		on_chain(policy(), || {
			for who in [1, 2, 3] {
				join(who, 20);
				assert_ok!(CapacityOracle::bid(signed(who), 0, 20, before));
			}
			run_unsettled_to(claims_open(2));
			answer(1, 2);
			assert_eq!(outcome(1), failed(1, stake()));
			assert_eq!(bid_of(1).deficit.unwrap().amount, stake());
			assert_ok!(CapacityOracle::bid(signed(1), 0, 20, after));
			assert_eq!((bid_of(1).stake, bid_of(1).at_risk()), (stake(), 0));
			assert_eq!(outcome(2), stake_taken(2));
			assert_eq!(outcome(3), failed(3, 0), "nobody loses twice");
		});
	}
}

#[test]
fn stake_cannot_be_withdrawn_while_it_stands_behind_an_audit() {
	on_chain(policy(), || {
		audited_in(1..=2);
		assert_ok!(CapacityOracle::leave(signed(1), 0));
		run_unsettled_to(start_of(6));
		assert_noop!(CapacityOracle::withdraw(signed(1), 0), Fault::NothingToWithdraw);
		assert_eq!(CapacityOracle::stake(0, 1).unwrap().withdrawable, 0);
		assert_eq!(outcome(1), failed(1, stake()));
		assert_eq!(outcome(2), failed(2, 0));
		run_to(System::block_number() + 2);
		assert_ok!(CapacityOracle::withdraw(signed(1), 0));
		assert!(Bids::<Test>::get(0, 1).is_none());
		assert_eq!(wealth(1), ENDOWMENT - stake());
	});
}

/// Where only the missing share is slashed, the rest of the stake stands behind the next audit; together
/// they take no more than one whole failure would.
#[test]
fn proportional_slashing_takes_from_the_same_stake() {
	let proportional = Policy { slashing: Slashing::Proportional, ..policy() };
	on_chain(proportional, || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		run_unsettled_to(claims_open(1));
		let told = duty(1, 1).unwrap();
		let half: Vec<_> = leaves(&told, Units::MAX).into_iter().take(10).collect();
		let half = sum_trie::Trie::<sum_trie::Blake2b256>::build(half).unwrap();
		assert_ok!(claim(1, 1, half.root()));
		run_unsettled_to(seed_of(1));
		let opened = half.open(&duty(1, 1).unwrap().positions).unwrap();
		assert_ok!(prove(1, 1, codec::Encode::encode(&opened)));
		run_unsettled_to(start_of(4));
		let slashed = |event| match event {
			Event::AuditFailed { slashed, .. } => slashed,
			other => panic!("{other:?}"),
		};
		assert_eq!(slashed(outcome(1)), stake() / 2);
		assert_eq!(bid_of(1).at_risk(), stake() / 2);
		assert_eq!(slashed(outcome(2)), stake() / 2, "what is left of it");
		assert_eq!(slashed(outcome(3)), 0);
	});
}

/// Audits that were drawn before the failure are unpaid. When all of them are settled it is over: whoever
/// comes back with new stake is paid as ever.
#[test]
fn a_failure_is_over_when_its_time_is() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		run_to(due(1));
		assert_eq!(bid_of(1).stake, 0);
		let until = bid_of(1).deficit.unwrap().until;
		assert_eq!(until, CurrentSession::<Test>::get());
		assert!(duty(1, until + 1).is_none(), "it has left the draws");
		run_to(due(until) + 2);
		assert_eq!(bid_of(1).open_claims, 0);
		let again = CurrentSession::<Test>::get() + 1;
		assert_eq!(bid_of(1).deficit_in(again), 0);
		assert_ok!(CapacityOracle::bid(signed(1), 0, 20, stake()));
		run_to(start_of(again) + 1);
		answer(1, again);
		assert_eq!(outcome(again), paid(again));
	});
}

/// Resting in turn: a machine that answers every second audit only is paid for none after the first
/// that it lets pass.
#[test]
fn resting_every_second_session_earns_nothing_after_the_first_rest() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		let mut earned = 0;
		for session in [1, 3, 5] {
			answer(1, session);
		}
		for session in 1..=5 {
			earned += Balance::from(matches!(outcome(session), Event::AuditPaid { .. }));
		}
		assert_eq!(earned, 1);
		assert_eq!(wealth(1), ENDOWMENT + 400 - stake());
	});
}

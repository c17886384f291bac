use super::*;
use sum_trie::{NodeRef, Root};

fn root(sum: u64) -> Root {
	NodeRef { digest: [1; 32], sum, count: 1 }
}

fn three_join() {
	for who in [1, 2, 3] {
		join(who, 20);
	}
}

#[test]
fn a_claim_can_be_made_replaced_and_taken_back_while_its_window_is_open() {
	on_chain(policy(), || {
		three_join();
		run_to(claims_open(1) - 1);
		assert_noop!(claim(1, 1, root(20)), Fault::ClaimsNotOpen);
		run_to(claims_open(1));
		assert_ok!(claim(1, 1, root(19)));
		let claimed =
			Event::Claimed { session: 1, service: 0, supplier: 1, units: 19, worth: 0, at_risk: 0 };
		assert_eq!(last_event(), claimed);
		assert_ok!(claim(1, 1, root(20)));
		assert_eq!(duty(1, 1).unwrap().committed, Some(root(20)));
		assert_ok!(CapacityOracle::withdraw_claim(signed(1), 1, 0));
		let withdrawn = Event::ClaimWithdrawn { session: 1, service: 0, supplier: 1 };
		assert_eq!(last_event(), withdrawn);
		assert_eq!(duty(1, 1).unwrap().committed, None);
		assert_noop!(CapacityOracle::withdraw_claim(signed(1), 1, 0), Fault::NothingCommitted);
		run_to(seed_of(1) - 1);
		assert_ok!(claim(1, 1, root(7)));
	});
}

/// Nothing about a claim can change once its seed can be known.
#[test]
fn a_claim_is_frozen_from_the_block_of_the_seed_on() {
	on_chain(policy(), || {
		three_join();
		run_to(seed_of(1) - 1);
		assert_ok!(claim(1, 1, root(20)));
		assert!(Sessions::<Test>::get(1).unwrap().proof_seed.is_none());
		run_to(seed_of(1));
		assert!(Sessions::<Test>::get(1).unwrap().proof_seed.is_some());
		assert_noop!(claim(1, 1, root(19)), Fault::ClaimsClosed);
		assert_noop!(CapacityOracle::withdraw_claim(signed(1), 1, 0), Fault::ClaimsClosed);
		assert_noop!(claim(2, 1, root(20)), Fault::ClaimsClosed);
	});
}

#[test]
fn only_what_was_asked_for_can_be_claimed() {
	on_chain(policy(), || {
		three_join();
		run_to(claims_open(1));
		assert_noop!(claim(1, 1, root(0)), Fault::CommitmentOutOfRange);
		assert_noop!(claim(1, 1, root(21)), Fault::CommitmentOutOfRange);
		assert_noop!(claim(1, 1, NodeRef { count: 0, ..root(20) }), Fault::CommitmentOutOfRange);
		assert_noop!(claim(1, 1, NodeRef::EMPTY), Fault::CommitmentOutOfRange);
		assert_noop!(claim(9, 1, root(20)), Fault::NoOpenClaim);
		assert_noop!(
			CapacityOracle::claim(signed(1), 1, 1, root(20), Default::default()),
			Fault::NoOpenClaim
		);
		assert_noop!(claim(1, 77, root(20)), Fault::UnknownSession);
	});
}

#[test]
fn duties_tell_every_stage() {
	on_chain(policy(), || {
		three_join();
		assert!(CapacityOracle::duties(0, 2).is_empty());
		let stage = || duty(2, 1).map(|duty| duty.stage);
		run_to(start_of(1));
		assert_eq!(stage(), Some(Stage::Working));
		let told = duty(2, 1).unwrap();
		let audit = told.audit.as_ref().unwrap();
		assert_eq!((audit.task.units, audit.payment, audit.at_risk), (20, 400, 2_000));
		assert_eq!((told.claims_open, told.claims_close), (20, 24));
		run_to(claims_open(1));
		assert_eq!(stage(), Some(Stage::Claiming));
		commit(2, 1, 20);
		Lookback::set(2);
		run_to(seed_of(1));
		assert_eq!(stage(), Some(Stage::AwaitingSeed));
		assert!(duty(2, 1).unwrap().positions.is_empty());
		run_to(seed_of(1) + 2);
		assert_eq!(stage(), Some(Stage::Proving));
		let told = duty(2, 1).unwrap();
		assert_eq!((told.positions.len(), told.proofs_close), (4, Some(29)));
		assert!(told.positions.iter().all(|position| *position < 20));
		assert_ok!(prove(2, 1, proof_of(2, 1, 20)));
		assert!(duty(2, 1).unwrap().proven);
		run_to(due(1) + 2);
		assert_eq!(stage(), None);
	});
}

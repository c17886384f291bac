//! One stake behind many sessions.

use super::*;

/// Drawn by every application, as good as always.
fn all_drawn() -> RelayTerms {
	RelayTerms { suppliers: 60, ..terms() }
}

/// What the stake has for claims from applications: 2,000 with the least stake.
fn for_relays(who: AccountId) -> Balance {
	let bid = bid_of(who);
	bid.stake - policy().audit_stake(20).max(bid.audits_at_risk())
}

fn missing(amount: Balance) -> Fault {
	Fault::CollateralMissing(amount.into())
}

/// Section 6: a claim puts its penalty at risk until it is settled; no free collateral, no claim.
#[test]
fn one_stake_does_not_back_many_sessions() {
	on_chain(relaying(all_drawn()), || {
		let index = three_and_one(60_000 / 8);
		assert_ok!(CapacityOracle::bid(signed(2), 0, 20, 2_000));
		let mut claims = [0; 3];
		for session in 1..=5 {
			// No claim is settled meanwhile: what they risk adds up.
			run_unsettled_to(claims_open(session));
			for who in [1, 2, 3] {
				let before = bid_of(who).relays_at_risk;
				let claimed = claim_served(who, session, &[serve(who, session, index, 40)]);
				match claimed {
					Ok(_) => claims[who as usize - 1] += 1,
					Err(error) => assert_eq!(
						error.error,
						missing(before + 800 - for_relays(who)).into(),
						"{who} in session {session}"
					),
				}
				assert!(bid_of(who).relays_at_risk <= for_relays(who));
			}
			check_state();
		}
		assert_eq!(claims, [2, 5, 2], "2,000 and 4,000 back so many claims that risk 800");
		// When they are settled the stake is free again.
		run_to(due(5) + 3);
		assert!([1, 2, 3].iter().all(|who| bid_of(*who).at_risk() == 0));
	});
}

/// Section 6 and 4: the audit's part of the stake is not for relays, so nobody gets out of an audit by
/// putting its stake at risk elsewhere.
#[test]
fn relay_claims_do_not_use_the_audits_part_of_the_stake() {
	on_chain(relaying(all_drawn()), || {
		let index = three_and_one(6_000);
		run_unsettled_to(claims_open(1));
		for who in [1, 2, 3] {
			assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 100)]));
		}
		let audited = Policy { relays: Some(all_drawn()), ..policy() };
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, audited, true));
		run_unsettled_to(claims_open(2));
		for who in [1, 2, 3] {
			let more = serve(who, 2, index, 1);
			assert_noop!(claim_served(who, 2, &[more]), missing(20));
			assert!(duty(who, 3).unwrap().audit.is_some());
			assert_eq!((bid_of(who).audits_at_risk(), bid_of(who).relays_at_risk), (2_000, 2_000));
		}
	});
}

/// Twelve suppliers, more than one block draws: some slots are decided in the second block of a
/// session, while their suppliers know their audits in the first. All have `more` than the least
/// stake. Their claims for session 1 are still open when session 3 begins; session `audited` is the first
/// to have audits. Returns a supplier of session 3 that the chain has not come to.
fn drawn_in_the_second_block(
	more: Balance,
	audited: SessionIndex,
) -> (AccountId, ApplicationIndex) {
	for who in 1..=12 {
		join(who, 20);
		assert_ok!(CapacityOracle::bid(signed(who), 0, 20, more));
	}
	MaxAuditsPerBlock::set(8);
	let index = open_application(31, 90_000, 90_000);
	run_to(start_of(audited - 1));
	let audited = Policy { relays: Some(all_drawn()), ..policy() };
	assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, audited, true));
	run_unsettled_to(claims_open(1));
	for who in 1..=12 {
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 100)]));
	}
	run_unsettled_to(claims_open(2));
	assert!((1..=12).all(|who| duty(who, 3).unwrap().audit.is_some()), "all know that");
	let late = (1..=12).find(|who| !Claims::<Test>::contains_key(3, (0, who)));
	(late.expect("the chain has not come to all"), index)
}

/// Whether the chain holds a supplier to its audit of session 3.
fn is_held(who: AccountId) -> bool {
	run_unsettled_to(System::block_number() + 1);
	Claims::<Test>::get(3, (0, who)).is_some_and(|claim| claim.audit.is_some())
}

/// The same, with a bid that leaves for a moment: its seat in the running session can still be drawn.
#[test]
fn an_audit_is_not_escaped_by_leaving_and_claiming() {
	on_chain(relaying(all_drawn()), || {
		let (who, index) = drawn_in_the_second_block(0, 3);
		assert_ok!(CapacityOracle::leave(signed(who), 0));
		let _ = claim_served(who, 2, &[serve(who, 2, index, 100)]);
		assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 0));
		assert!(is_held(who), "the audit was known, and is escaped");
	});
}

/// The same, with stake for two audits, and a first audit that is open.
#[test]
fn a_second_audit_is_not_escaped_by_claiming() {
	on_chain(relaying(all_drawn()), || {
		let (who, index) = drawn_in_the_second_block(2_000, 2);
		let _ = claim_served(who, 2, &[serve(who, 2, index, 100)]);
		assert!(is_held(who), "the audit was known, and is escaped");
	});
}

/// Section 3, rule 3: what a session uses is fixed when it starts. Relays that were served can be
/// claimed, with the stake that was enough for them, whatever later sessions ask for.
#[test]
fn a_dearer_policy_does_not_lock_out_what_was_served() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		let served = serve(who, 1, index, 60);
		let dearer = Policy { cost: 20, ..relaying(terms()) };
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, dearer, true));
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[served]));
	});
}

/// The same where the stake is just enough for the later policy: more of it for audits, less for relays.
#[test]
fn a_policy_with_dearer_audits_does_not_lock_out_what_was_served() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		let served = serve(who, 1, index, 60);
		let terms = RelayTerms { threshold: 200, ..terms() };
		let dearer = Policy { cost: 18, ..relaying(terms) };
		assert_eq!(dearer.stake(20), bid_of(who).stake);
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, dearer, true));
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[served]));
	});
}

/// Section 7: stake is released when the last claim is settled, and not before.
#[test]
fn a_supplier_that_leaves_with_open_claims_leaves_its_collateral_behind() {
	on_chain(relaying(all_drawn()), || {
		let index = three_and_one(9_000);
		let [honest, liar] = [1, 2];
		let served = serve(honest, 1, index, 100);
		for who in [honest, liar] {
			assert_ok!(CapacityOracle::leave(signed(who), 0));
		}
		run_to(claims_open(1));
		assert_ok!(claim_served(honest, 1, std::slice::from_ref(&served)));
		assert_ok!(claim_served(liar, 1, &[made_up(liar, 1, index, 100)]));
		run_unsettled_to(seed_of(1));
		assert_ok!(prove_served(honest, 1, &[served]));
		run_unsettled_to(start_of(4));
		for who in [honest, liar] {
			assert_ok!(CapacityOracle::withdraw(signed(who), 0));
			assert_eq!(bid_of(who).stake, 2_000, "no window is open, but a claim is");
			assert_noop!(CapacityOracle::withdraw(signed(who), 0), Fault::NothingToWithdraw);
		}
		run_to(start_of(4) + 3);
		for who in [honest, liar] {
			assert_ok!(CapacityOracle::withdraw(signed(who), 0));
			assert!(Bids::<Test>::get(0, who).is_none());
		}
		assert_eq!((free(honest), free(liar)), (ENDOWMENT + 850, ENDOWMENT - 2_000));
	});
}

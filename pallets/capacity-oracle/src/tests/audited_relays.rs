//! Claims that answer an audit and list applications, and relays that count towards the audit (design
//! section 4.3).

use super::*;

#[test]
fn an_audit_and_relays_are_one_claim() {
	let both = Policy { relays: Some(terms()), ..policy() };
	on_chain(both, || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		let told = duty(who, 1).unwrap();
		let served = serve(who, 1, index, 40);
		let synthetic = leaves(&told, Units::MAX);
		let all: Vec<_> = synthetic.into_iter().chain(served.leaves.clone()).collect();
		let trie = sum_trie::Trie::<sum_trie::Blake2b256>::build(all).unwrap();
		run_to(claims_open(1));
		assert_ok!(claim_list(who, 1, trie.root(), list(&[served])));
		assert_eq!((bid_of(who).audits_at_risk(), bid_of(who).relays_at_risk), (2_000, 800));
		run_to(seed_of(1));
		let told = duty(who, 1).unwrap();
		assert_eq!(told.proof_required, Some(true), "an audited claim always needs a proof");
		let proof = trie.open(&told.positions).unwrap();
		assert_ok!(prove(who, 1, codec::Encode::encode(&proof)));
		let before = free(who);
		run_to(due(1));
		assert_eq!(
			free(who) - before,
			400 + 340,
			"the audit's payment, and the relays' less shares"
		);
	});
}

#[test]
fn relays_are_paid_though_the_audit_in_the_same_claim_fails() {
	let both = Policy { relays: Some(terms()), ..policy() };
	on_chain(both, || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		let served = [serve(who, 1, index, 40)];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &served));
		run_to(seed_of(1));
		assert_ok!(prove_served(who, 1, &served));
		let (before, stake) = (free(who), bid_of(who).stake);
		run_to(due(1));
		assert_eq!(free(who) - before, 340);
		assert_eq!(stake - bid_of(who).stake, 2_000);
	});
}

/// A late draw comes upon claims that are made already.
#[test]
fn an_audit_assigned_late_keeps_what_was_claimed() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 40)]));
		let slot = CapacityOracle::seat(0, 1, who).unwrap().slot;
		let mut round = Rounds::<Test>::get(1, 0).unwrap();
		(round.largest, round.set_aside) = (20, 400);
		CapacityOracle::set_aside(0, 400);
		CapacityOracle::assign_audit(1, 0, slot, &mut round);
		Rounds::<Test>::insert(1, 0, round);
		let claim = Claims::<Test>::get(1, (0, who)).unwrap();
		assert!(claim.audit.is_some() && claim.commitment.is_some());
		assert_eq!(bid_of(who).open_claims, 1);
	});
}

/// 2,000 of margin for a bid of 20 make 10 a unit: so must the pot's share of the price be at the least.
fn credited() -> Policy<StandardWork> {
	let terms = RelayTerms {
		price: 1_000,
		pot_share: Perquintill::from_percent(5),
		threshold: 20_000,
		credit_relays: true,
		minimum_deposit: 1_000,
		..proven_at(100)
	};
	Policy { maximum_bid: 40, relays: Some(terms), ..policy() }
}

#[test]
fn relays_count_towards_an_audit_and_their_cost_is_not_paid_again() {
	on_chain(credited(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		let index = open_application(11, 90_000, 75_000);
		run_to(start_of(1));
		let who = drawn(1, index)[0];
		let told = duty(who, 1).unwrap();
		let served = serve(who, 1, index, 15);
		// Five units of its own, fifteen that the application pays for.
		let mut all: Vec<_> = leaves(&told, Units::MAX).into_iter().take(5).collect();
		all.extend(served.leaves.clone());
		let trie = sum_trie::Trie::<sum_trie::Blake2b256>::build(all).unwrap();
		run_to(claims_open(1));
		let terms =
			CapacityOracle::claim_terms(0, 1, who, list(std::slice::from_ref(&served))).unwrap();
		assert_eq!((terms.certain, terms.credit), (15_000, 15));
		assert_ok!(claim_list(who, 1, trie.root(), list(&[served])));
		run_to(seed_of(1));
		let proof = trie.open(&duty(who, 1).unwrap().positions).unwrap();
		assert_ok!(prove(who, 1, codec::Encode::encode(&proof)));
		run_to(due(1));
		let paid = events().into_iter().find_map(|event| match event {
			Event::AuditPaid { supplier, payment, .. } if supplier == who => Some(payment),
			_ => None,
		});
		assert_eq!(paid, Some(400 - 15 * 10));
	});
}

#[test]
fn relays_that_may_not_be_paid_do_not_count_towards_an_audit() {
	on_chain(credited(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		// A supplier can count on 4,000, four units, for each of its draws.
		let index = open_application(11, 90_000, 20_000);
		run_to(start_of(1));
		let who = drawn(1, index)[0];
		let served = serve(who, 1, index, 15);
		run_to(claims_open(1));
		let sure = 4 * Units::from(served.ranks.count());
		assert!(sure < 15);
		assert_eq!(CapacityOracle::claim_terms(0, 1, who, list(&[served])).unwrap().credit, sure);
	});
}

#[test]
fn a_policy_that_credits_cheap_relays_is_refused() {
	let mut cheap = credited();
	if let Some(terms) = &mut cheap.relays {
		terms.price = 100;
	}
	on_chain(policy(), || {
		assert_noop!(
			CapacityOracle::set_policy(RuntimeOrigin::root(), 0, cheap, true),
			Fault::InvalidPolicy
		);
	});
}

//! Application and supplier in one hand.

use super::*;

/// Section 7: nothing but the shares of owner and pot leaves the hand, and those do to the last unit.
#[test]
fn paying_oneself_costs_the_shares_of_owner_and_pot() {
	for account in [11, 1] {
		on_chain(relaying(RelayTerms { suppliers: 20, ..terms() }), || {
			for who in [1, 2, 3] {
				join(who, 20);
			}
			let index = open_application(account, 50_000, 40_000);
			run_to(start_of(1));
			let pot = CapacityOracle::pot_account();
			let own = || wealth(1) + if account == 1 { 0 } else { wealth(account) };
			let before = [own(), wealth(OWNER), wealth(pot), wealth(2), wealth(3)];
			let served = [serve(1, 1, index, 100)];
			run_to(claims_open(1));
			assert_ok!(claim_served(1, 1, &served));
			run_to(seed_of(1));
			assert_ok!(prove_served(1, 1, &served));
			run_to(due(1));
			let after = [own(), wealth(OWNER), wealth(pot), wealth(2), wealth(3)];
			let changed: Vec<_> =
				before.iter().zip(after).map(|(was, is)| is as i128 - *was as i128).collect();
			assert_eq!(changed, [-150, 100, 50, 0, 0]);
		});
	}
}

/// Audits of 20 units pay 200 beyond their cost, ten a unit. The pot's share of a relay's price is
/// eleven, the least that the guard admits.
fn credited() -> Policy<StandardWork> {
	let terms = RelayTerms {
		suppliers: 20,
		price: 220,
		pot_share: Perquintill::from_percent(5),
		threshold: 20_000,
		credit_relays: true,
		minimum_deposit: 1_000,
		..proven_at(100)
	};
	Policy { maximum_bid: 20, relays: Some(terms), ..policy() }
}

/// Section 4.3: relays that nobody asked for count towards an audit only where the pot takes more for
/// them than the audit pays; their cost is not paid again. So an audited self-dealer that does no work,
/// even one that owns the service, has less than nothing, and an honest supplier its margin.
#[test]
fn an_audit_answered_with_ones_own_relays_gains_nothing() {
	let [honest, dealer, idle] = [1, 2, 3];
	on_chain(credited(), || {
		for who in [honest, dealer, idle] {
			join(who, 20);
		}
		let index = open_application(11, 95_000, 95_000);
		run_to(start_of(1));
		let hand = || (wealth(dealer) + wealth(11) + wealth(OWNER)) as i128;
		let before = hand();
		let served = [serve(dealer, 1, index, 20)];
		run_to(claims_open(1));
		let told = CapacityOracle::claim_terms(0, 1, dealer, list(&served)).unwrap();
		assert_eq!(told.credit, 20, "all of the audit");
		assert_ok!(claim_served(dealer, 1, &served));
		commit(honest, 1, 20);
		run_to(seed_of(1));
		assert_ok!(prove_served(dealer, 1, &served));
		assert_ok!(prove(honest, 1, proof_of(honest, 1, 20)));
		run_to(due(1));
		assert_eq!(hand() - before, 200 - 20 * 11, "the margin, less the pot's share");
		let work = 20 * policy().cost;
		assert_eq!(wealth(honest) - ENDOWMENT - work, 200);
		assert_eq!(ENDOWMENT - wealth(idle), 2_000);
	});
}

/// The same guard, one unit of money lower, is refused whoever insists.
#[test]
fn a_policy_that_would_make_it_pay_is_refused() {
	on_chain(credited(), || {
		let mut cheaper = credited();
		cheaper.relays.as_mut().unwrap().price = 219;
		let set = CapacityOracle::set_policy(RuntimeOrigin::root(), 0, cheaper, true);
		assert_noop!(set, Fault::InvalidPolicy);
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, credited(), true));
	});
}

/// Section 8: the oracle reports what was settled. Relays that their application cannot pay cost whoever
/// signs them nothing, and say nothing about what anybody could do.
#[test]
fn relays_that_nobody_pays_for_are_not_reported_as_settled() {
	on_chain(relaying(RelayTerms { suppliers: 20, ..terms() }), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		// It can pay for one unit of each supplier.
		let index = open_application(11, 200, 200);
		run_to(start_of(1));
		let served = [serve(1, 1, index, 200)];
		assert_ok!(CapacityOracle::bid(signed(1), 0, 20, 1_000));
		run_to(claims_open(1));
		assert_ok!(claim_served(1, 1, &served));
		run_to(seed_of(1));
		assert_ok!(prove_served(1, 1, &served));
		run_to(due(1) + 1);
		let told = CapacityOracle::report(0).unwrap().relays;
		assert_eq!((told.claimed, told.paid), (200, 200));
		assert_eq!(told.settled, 20, "200 of money pay for so many units");
	});
}

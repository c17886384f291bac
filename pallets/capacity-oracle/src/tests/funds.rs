//! The money of a service for its audits (design section 4.1): who adds to it, what it admits, and a draw
//! that is thinned, but never switched off by bidding.

use super::*;

fn fund(service: ServiceId) -> Fund {
	CapacityOracle::fund_status(service).unwrap()
}

/// What is needed for a bid of `units` to be admitted.
fn enough_for(units: Units) -> Balance {
	32 * policy().payment(units)
}

#[test]
fn anyone_can_add_to_a_services_money() {
	on_chain(policy(), || {
		assert_eq!(fund(0), Fund { free: POT, set_aside: 0 }, "what genesis gave it");
		assert_ok!(CapacityOracle::fund(signed(9), 0, 5_000));
		assert_eq!(last_event(), Event::Funded { service: 0, from: 9, amount: 5_000 });
		assert_eq!((fund(0).total(), free(9)), (POT + 5_000, ENDOWMENT - 5_000));
		let pot = CapacityOracle::pot();
		assert_eq!((pot.1, pot.2), (POT + 5_000, 0), "beside the existential deposit");
		assert_noop!(CapacityOracle::fund(signed(9), 1, 5_000), Fault::UnknownService);
		assert_eq!(CapacityOracle::fund_status(1), None);
		assert!(CapacityOracle::fund(signed(9), 0, ENDOWMENT).is_err(), "it is not there");
	});
}

#[test]
fn a_bid_that_the_money_cannot_audit_is_refused() {
	on_chain(policy(), || {
		let stake = policy().audit_stake(40);
		leave_in_fund(0, enough_for(40) - 1);
		assert_noop!(CapacityOracle::bid(signed(1), 0, 40, stake), Fault::AuditUnfunded);
		assert_ok!(CapacityOracle::bid(signed(1), 0, 20, stake));
		assert_ok!(CapacityOracle::fund(signed(9), 0, 1));
		assert_ok!(CapacityOracle::bid(signed(2), 0, 40, stake));
	});
}

#[test]
fn a_service_without_audits_needs_no_money() {
	on_chain(Policy { audit_rate: Perquintill::zero(), ..policy() }, || {
		leave_in_fund(0, 0);
		join(1, 80);
		run_to(start_of(1));
		assert!(events().iter().all(|event| !matches!(event, Event::AuditsSkipped { .. })));
	});
}

/// Money that is set aside for open audits still stands for their bids.
#[test]
fn open_audits_do_not_use_up_what_admits_their_bids() {
	on_chain(policy(), || {
		leave_in_fund(0, enough_for(20));
		join(1, 20);
		run_to(start_of(1));
		assert_eq!(fund(0), Fund { free: enough_for(20) - 400, set_aside: 400 });
		join(2, 20);
	});
}

#[test]
fn a_draw_is_thinned_to_what_the_money_pays_for() {
	on_chain(policy(), || {
		for who in 1..=40 {
			join(who, 20);
		}
		// What 40 audits of 20 units cost is 16,000.
		leave_in_fund(0, enough_for(20));
		let terms = policy().draw_terms(Fund { free: enough_for(20), set_aside: 0 }, 800);
		assert!(Perquintill::zero() < terms.rate && terms.rate < Perquintill::one());
		run_to(start_of(1));
		let round = Rounds::<Test>::get(1, 0).unwrap();
		assert_eq!((round.rate, round.largest), (terms.rate, terms.largest));
		let thinned =
			|rate, truthful| Event::AuditsThinned { session: 1, service: 0, rate, truthful };
		assert!(events().contains(&thinned(terms.rate, round.truthful)));
		let least = CapacityOracle::policy_verdict(0).unwrap().least_rate.unwrap();
		assert_eq!(round.truthful, terms.rate >= least);
		let told: Vec<_> = (1..=40).filter(|who| duty(*who, 1).is_some()).collect();
		run_to(claims_open(1) - 1);
		let assigned: Vec<_> =
			(1..=40).filter(|who| Claims::<Test>::contains_key(1, (0, who))).collect();
		assert_eq!(told, assigned, "suppliers know the same draw");
		assert!(!told.is_empty() && told.len() < 40);
		assert_eq!(fund(0).set_aside, 400 * told.len() as Balance);
		run_to(due(1) + 8);
		let history = CapacityOracle::report(0).unwrap().history;
		let record = history.iter().find(|record| record.session == 1).unwrap();
		assert_eq!((record.rate, record.truthful), (terms.rate, round.truthful));
	});
}

/// However much is bid, what is there for 32 audits of the largest bid pays for some.
#[test]
fn bidding_does_not_switch_audits_off() {
	on_chain(policy(), || {
		for who in 1..=40 {
			let stake = policy().audit_stake(80);
			assert_ok!(CapacityOracle::bid(signed(who), 0, 80, stake));
		}
		leave_in_fund(0, enough_for(80));
		for session in 1..=3 {
			run_to(start_of(session + 1) - 1);
			let rate = Rounds::<Test>::get(session, 0).unwrap().rate;
			assert!(rate > Perquintill::from_percent(10), "{rate:?} in session {session}");
		}
	});
}

/// A rate at which truth is not best any more is said to be one.
#[test]
fn a_session_whose_rate_is_too_low_is_called_so() {
	let barely = Policy { audit_rate: Perquintill::from_percent(40), ..policy() };
	on_chain(barely, || {
		let least = CapacityOracle::policy_verdict(0).unwrap().least_rate.unwrap();
		assert!(least < barely.audit_rate);
		for who in 1..=40 {
			join(who, 80);
		}
		for session in [1, 2] {
			run_to(start_of(session) - 1);
			if session == 2 {
				leave_in_fund(0, enough_for(20));
			}
			run_to(start_of(session));
			let round = Rounds::<Test>::get(session, 0).unwrap();
			assert_eq!(round.truthful, round.rate >= least);
			assert_eq!(round.truthful, session == 1, "{:?} of {least:?}", round.rate);
		}
	});
}

#[test]
fn a_service_without_money_has_no_audits_and_says_so() {
	on_chain(policy(), || {
		join(1, 20);
		leave_in_fund(0, 100);
		run_to(start_of(1));
		let reason = SkipReason::NoMoney;
		let skipped = Event::AuditsSkipped { session: 1, service: Some(0), reason };
		assert!(events().contains(&skipped));
		assert!(Rounds::<Test>::get(1, 0).unwrap().rate.is_zero());
		run_to(start_of(2) - 1);
		assert!(Claims::<Test>::iter().next().is_none());
		assert_ok!(CapacityOracle::fund(signed(50), 0, 50_000));
		run_to(start_of(2) + 1);
		assert!(Claims::<Test>::contains_key(2, (0, 1)));
	});
}

/// A bid whose own audit the money could never pay is passed over and leaves, or is taken out by anyone.
#[test]
fn a_bid_that_the_money_cannot_audit_any_more_leaves() {
	on_chain(policy(), || {
		for who in 1..=20 {
			let units = if [1, 3].contains(&who) { 80 } else { 20 };
			assert_ok!(CapacityOracle::bid(signed(who), 0, units, 60_000));
		}
		leave_in_fund(0, enough_for(20));
		let suspend = |who| CapacityOracle::suspend(signed(9), 0, who);
		assert_noop!(suspend(2), Fault::BidInOrder);
		assert_ok!(suspend(3));
		let left = |supplier, from| {
			let (stake, reason) = (60_000, SuspendReason::Unfunded);
			Event::BidSuspended { service: 0, supplier, from, stake, reason }
		};
		assert!(events().contains(&left(3, 1)));
		for session in 1.. {
			run_to(start_of(session) - 1);
			// What is slashed meanwhile is not to help.
			leave_in_fund(0, enough_for(20));
			run_to(start_of(session));
			let reason = PassReason::Unfunded;
			let passed = Event::AuditPassedOver { session, service: 0, supplier: 1, reason };
			if events().contains(&passed) {
				assert!(events().contains(&left(1, session + 1)));
				return;
			}
			assert!(session < 20, "it is drawn sooner or later");
		}
	});
}

/// Slashed stake, and the pot's share of payments, are the service's own.
#[test]
fn what_a_service_takes_in_is_its_own() {
	on_chain(Policy { relays: Some(terms()), ..policy() }, || {
		long_sessions();
		assert_ok!(CapacityOracle::create_service(RuntimeOrigin::root(), None, policy(), true));
		assert_eq!(fund(1), Fund::default());
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(start_of(1) + 40);
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 40)]));
		run_to(start_of(1) + 40 + 4 + 3);
		// Its claim was not proven, and none of the three has delivered.
		let slashed =
			3 * policy().audit_stake(20) + terms().penalty(400, 1_000, terms().probability);
		assert_eq!(fund(0).total(), POT + slashed);
		assert_eq!(fund(1), Fund::default());
	});
}

#[test]
fn the_pots_share_of_a_payment_is_the_services() {
	on_chain(relaying(seldom_proven()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 60)]));
		run_to(due(1));
		assert_eq!(fund(0), Fund { free: POT + 30, set_aside: 0 });
	});
}

/// A chain that adds the pallet by an upgrade has no genesis of it: the first service opens the pot.
#[test]
fn the_first_service_opens_the_pot() {
	sp_io::TestExternalities::default().execute_with(|| {
		run_to(1);
		let create =
			|| CapacityOracle::create_service(RuntimeOrigin::root(), None, relaying(terms()), true);
		let least = Balances::minimum_balance();
		let before = Balances::total_issuance();
		assert_ok!(create());
		assert!(events().contains(&Event::PotOpened { minted: least }));
		assert_eq!(Balances::total_issuance(), before + least, "exactly that is made");
		assert_eq!(free(CapacityOracle::pot_account()), least);
		run_to(2);
		assert_ok!(create());
		assert!(events().iter().all(|event| !matches!(event, Event::PotOpened { .. })));
		assert_eq!(Balances::total_issuance(), before + least, "once");
		check_state();
	});
}

/// Payments of less than the existential deposit pass through a pot that holds nothing else.
#[test]
fn the_smallest_payments_pass_through_the_pot() {
	on_chain(relaying(RelayTerms { price: 1, ..terms() }), || {
		let index = three_and_one(3_000);
		leave_in_fund(0, 0);
		let pot = CapacityOracle::pot_account();
		assert_eq!(free(pot), Balances::minimum_balance());
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		let served = [serve(who, 1, index, 1)];
		assert_ok!(claim_served(who, 1, &served));
		run_to(seed_of(1));
		if duty(who, 1).unwrap().proof_required == Some(true) {
			assert_ok!(prove_served(who, 1, &served));
		}
		let before = free(who);
		run_to(due(1));
		assert_eq!((application(index).paid, free(who) - before), (1, 1));
		assert_ok!(CapacityOracle::fund(signed(9), 0, 1));
		assert_eq!(fund(0).total(), 1);
	});
}

/// An owner whose account is gone, and whose share is too small to make one, leaves it to the service.
#[test]
fn a_share_that_nobody_can_receive_stays_in_the_pot() {
	on_chain(relaying(seldom_proven()), || {
		assert_ok!(CapacityOracle::set_owner(RuntimeOrigin::root(), 0, Some(7_777)));
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 8)]));
		let before = free(who);
		run_to(due(1));
		assert_eq!(free(who) - before, 68);
		assert_eq!((free(7_777), fund(0).free), (0, POT + 12));
	});
}

/// The chance that more is drawn than was set aside is less than one in a million. Whoever it befalls is not
/// told to work for nothing, and stays in the draws.
#[test]
fn an_audit_that_was_not_set_aside_for_is_passed_over() {
	on_chain(policy(), || {
		(1..=12).for_each(|who| join(who, 20));
		MaxAuditsPerBlock::set(4);
		run_to(start_of(1));
		assert_eq!(Claims::<Test>::iter_prefix(1).count(), 4);
		Rounds::<Test>::mutate(1, 0, |round| {
			let round = round.as_mut().unwrap();
			CapacityOracle::give_back(0, round.set_aside - round.promised - 400);
			round.set_aside = round.promised + 400;
		});
		next_block();
		let reason = PassReason::SetAsideSpent;
		let passed = |supplier| Event::AuditPassedOver { session: 1, service: 0, supplier, reason };
		let count = (1..=12).filter(|who| events().contains(&passed(*who))).count();
		assert_eq!((Claims::<Test>::iter_prefix(1).count(), count), (5, 3));
		run_to(claims_open(1) - 1);
		assert_eq!(CapacityOracle::service(0).unwrap().suppliers, 12);
		assert_eq!(fund(0).set_aside, 5 * 400);
	});
}

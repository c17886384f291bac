//! Nothing stays for ever that nobody pays for: bids without stake, applications without a deposit, the
//! endpoints of those who are gone.

use super::*;

fn endpoint() -> EndpointOf<Test> {
	b"http://one".to_vec().try_into().unwrap()
}

#[test]
fn a_bid_without_stake_is_removed_by_anyone() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		assert_ok!(CapacityOracle::announce(signed(1), 0, endpoint()));
		let remove = |who| CapacityOracle::remove_bid(signed(9), 0, who);
		assert_noop!(remove(1), Fault::BidInOrder);
		assert_noop!(remove(9), Fault::NoBid);
		// It does not deliver, and loses all.
		run_to(due(1));
		assert_eq!(bid_of(1).stake, 0);
		assert_noop!(remove(1), Fault::BidInOrder);
		run_to(due(2) + 2);
		run_to(start_of(5));
		assert_ok!(remove(1));
		let gone = Event::StakeWithdrawn { service: 0, supplier: 1, amount: 0 };
		assert_eq!(last_event(), gone);
		assert!(Bids::<Test>::get(0, 1).is_none());
		assert_eq!(CapacityOracle::endpoint(0, 1), None, "it goes with the bid");
	});
}

/// What is left of a stake that is too small for any bid is given back.
#[test]
fn what_is_left_of_a_stake_goes_back_to_its_owner() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[made_up(who, 1, index, 100)]));
		run_to(due(1));
		run_to(start_of(5));
		assert_eq!(bid_of(who).stake, 2_000, "half of it");
		assert_ok!(CapacityOracle::remove_bid(signed(9), 0, who));
		assert_eq!(free(who), ENDOWMENT - 2_000);
		assert_eq!(wealth(who), free(who));
	});
}

/// Whoever has left with enough stake for another bid is left alone: it withdraws when it likes.
#[test]
fn stake_that_is_enough_for_a_bid_is_left_alone() {
	on_chain(relaying(terms()), || {
		join(1, 20);
		assert_ok!(CapacityOracle::leave(signed(1), 0));
		run_to(start_of(4));
		assert_noop!(CapacityOracle::remove_bid(signed(9), 0, 1), Fault::BidInOrder);
		assert_ok!(CapacityOracle::withdraw(signed(1), 0));
	});
}

#[test]
fn a_bid_has_a_deposit_even_where_the_policy_asks_for_none() {
	let naive = Policy { stake_factor: FixedU128::from_u32(0), ..policy() };
	on_chain(naive, || {
		assert_eq!(CapacityOracle::minimum_stake(0, 20), Some(BidDeposit::get()));
		assert_noop!(CapacityOracle::bid(signed(1), 0, 20, 49), Fault::StakeTooSmall);
		assert_ok!(CapacityOracle::bid(signed(1), 0, 20, 50));
		// It is no stake behind audits: whoever fails keeps it, and gets it back.
		run_to(due(1));
		assert_eq!((bid_of(1).stake, bid_of(1).at_risk()), (50, 0));
		assert_eq!(CapacityOracle::stake(0, 1).unwrap().minimum, 50);
		assert_ok!(CapacityOracle::leave(signed(1), 0));
		run_to(start_of(6));
		assert_ok!(CapacityOracle::withdraw(signed(1), 0));
		assert_eq!(free(1), ENDOWMENT);
	});
}

/// A policy that grows dearer does not keep anyone's deposit either.
#[test]
fn a_bid_that_a_dearer_policy_has_no_use_for_is_removed() {
	on_chain(Policy { audit_rate: Perquintill::zero(), ..policy() }, || {
		join(1, 20);
		assert_ok!(CapacityOracle::leave(signed(1), 0));
		run_to(start_of(4));
		let dearer = Policy { cost: 100, ..policy() };
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, dearer, true));
		assert_ok!(CapacityOracle::remove_bid(signed(9), 0, 1));
		assert_eq!(free(1), ENDOWMENT);
	});
}

/// An application that spends all but less than the least deposit.
fn spent() -> ApplicationIndex {
	for who in [1, 2, 3] {
		join(who, 20);
	}
	let index = open_application(11, 150, 100);
	run_to(start_of(1));
	let who = drawn(1, index)[0];
	run_to(claims_open(1));
	assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 10)]));
	run_to(due(1));
	assert_eq!(application(index).deposit, 50);
	index
}

#[test]
fn a_spent_application_can_still_say_that_it_pays_less() {
	on_chain(relaying(seldom_proven()), || {
		let index = spent();
		let set = |amount, limit| CapacityOracle::deposit(signed(11), 0, amount, limit);
		assert_noop!(set(0, Some(101)), Fault::DepositTooSmall);
		assert_noop!(set(0, None), Fault::DepositTooSmall);
		assert_noop!(set(49, Some(10)), Fault::DepositTooSmall);
		assert_ok!(set(0, Some(10)));
		assert_eq!(*application(index).limit.latest(), 10);
		assert_ok!(set(0, Some(0)));
		assert_ok!(set(50, Some(500)));
		assert_eq!((application(index).deposit, *application(index).limit.latest()), (100, 500));
	});
}

/// That is no way for anyone to have one without a deposit.
#[test]
fn a_new_application_cannot_begin_by_paying_less() {
	on_chain(relaying(terms()), || {
		let open = CapacityOracle::deposit(signed(11), 0, 0, Some(0));
		assert_noop!(open, Fault::DepositTooSmall);
		assert_eq!(CapacityOracle::application_index(0, 11), None);
	});
}

#[test]
fn a_spent_application_is_closed_and_removed_by_anyone() {
	on_chain(relaying(seldom_proven()), || {
		let index = spent();
		assert_noop!(
			CapacityOracle::remove_application(signed(9), 0, 11),
			Fault::ApplicationIsOpen
		);
		assert_ok!(CapacityOracle::close_spent_application(signed(9), 0, 11));
		let until = CurrentSession::<Test>::get() + 1;
		let closed = Event::ApplicationClosed { service: 0, application: index, until };
		assert_eq!(last_event(), closed);
		assert_noop!(
			CapacityOracle::close_spent_application(signed(9), 0, 11),
			Fault::ApplicationIsClosed
		);
		assert_noop!(CapacityOracle::remove_application(signed(9), 0, 11), Fault::DepositInUse);
		run_to(due(until) + 2);
		let before = free(11);
		assert_ok!(CapacityOracle::remove_application(signed(9), 0, 11));
		let (service, application) = (0, index);
		let reclaimed = Event::DepositReclaimed { service, application, account: 11, amount: 50 };
		assert_eq!(last_event(), reclaimed);
		assert_eq!(free(11), before + 50);
		assert_noop!(CapacityOracle::remove_application(signed(9), 0, 11), Fault::NotAnApplication);
	});
}

#[test]
fn an_application_with_a_deposit_is_closed_by_nobody_else() {
	on_chain(relaying(terms()), || {
		open_application(11, 100, 100);
		let close = |service, who| CapacityOracle::close_spent_application(signed(9), service, who);
		assert_noop!(close(0, 11), Fault::DepositInUse);
		assert_noop!(close(0, 12), Fault::NotAnApplication);
		assert_noop!(close(1, 11), Fault::UnknownService);
		// A service without relays has no use for any.
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, policy(), true));
		assert_ok!(close(0, 11));
	});
}

use super::*;

fn held(account: AccountId) -> Balance {
	use frame_support::traits::fungible::InspectHold;
	Balances::balance_on_hold(&HoldReason::Deposit.into(), &account)
}

#[test]
fn a_deposit_makes_an_application_of_the_next_session() {
	on_chain(relaying(terms()), || {
		assert_ok!(CapacityOracle::deposit(signed(11), 0, 4_000, None));
		let (service, index, account) = (0, 0, 11);
		assert_eq!(
			last_event(),
			Event::Deposited {
				service,
				application: index,
				account,
				amount: 4_000,
				deposit: 4_000,
				limit: 1_000,
			}
		);
		assert_eq!((held(11), application(0).deposit, application(0).from), (4_000, 4_000, 1));
		assert_eq!(*application(0).limit.latest(), 1_000, "a quarter, unless it says more");
		assert!(!application(0).is_served_in(0) && application(0).is_served_in(1));
		let told = CapacityOracle::application(0, 0).unwrap();
		assert_eq!((told.account, told.deposit, told.limit_next), (11, 4_000, 1_000));
	});
}

#[test]
fn a_deposit_is_topped_up_and_its_limit_changes_with_the_next_session() {
	on_chain(relaying(terms()), || {
		open_application(11, 500, 100);
		run_to(start_of(1));
		assert_ok!(CapacityOracle::deposit(signed(11), 0, 250, Some(300)));
		assert_eq!((application(0).deposit, application(0).deposited), (750, 750));
		assert_eq!((*application(0).limit.at(1), *application(0).limit.at(2)), (100, 300));
		assert_ok!(CapacityOracle::deposit(signed(11), 0, 0, Some(50)));
		assert_eq!((held(11), *application(0).limit.latest()), (750, 50));
	});
}

#[test]
fn a_deposit_that_is_too_small_or_not_there_is_refused() {
	on_chain(relaying(terms()), || {
		assert_noop!(CapacityOracle::deposit(signed(11), 0, 99, None), Fault::DepositTooSmall);
		assert!(CapacityOracle::deposit(signed(11), 0, ENDOWMENT * 2, None).is_err());
		assert_noop!(CapacityOracle::deposit(signed(11), 1, 100, None), Fault::UnknownService);
	});
	on_chain(policy(), || {
		assert_noop!(CapacityOracle::deposit(signed(11), 0, 100, None), Fault::NoRelays);
	});
}

#[test]
fn keys_sign_from_the_next_session_on_and_until_it() {
	on_chain(relaying(terms()), || {
		open_application(11, 500, 100);
		run_to(start_of(3));
		assert_ok!(CapacityOracle::add_key(signed(11), 0, [2; 32]));
		let (service, index) = (0, 0);
		let added =
			Event::KeyAdded { service, application: index, number: 1, key: [2; 32], from: 4 };
		assert_eq!(last_event(), added);
		assert_ok!(CapacityOracle::remove_key(signed(11), 0, 0));
		let removed = Event::KeyRemoved { service, application: index, number: 0, until: 4 };
		assert_eq!(last_event(), removed);
		let holds = |number: usize, session| application(0).keys[number].holds_in(session);
		assert_eq!([holds(0, 3), holds(0, 4)], [true, false]);
		assert_eq!([holds(1, 3), holds(1, 4)], [false, true]);
		assert_noop!(CapacityOracle::remove_key(signed(11), 0, 0), Fault::UnknownKey);
		assert_noop!(CapacityOracle::remove_key(signed(11), 0, 5), Fault::UnknownKey);
		assert_noop!(CapacityOracle::add_key(signed(12), 0, [2; 32]), Fault::NotAnApplication);
	});
}

/// A key that can still have signed what is to be proven keeps its number.
#[test]
fn a_number_is_free_again_when_its_sessions_are_settled() {
	on_chain(relaying(terms()), || {
		open_application(11, 500, 100);
		for key in 1..MAX_KEYS {
			assert_ok!(CapacityOracle::add_key(signed(11), 0, [key as u8; 32]));
		}
		assert_noop!(CapacityOracle::add_key(signed(11), 0, [9; 32]), Fault::TooManyKeys);
		run_to(start_of(2));
		assert_ok!(CapacityOracle::remove_key(signed(11), 0, 3));
		assert_noop!(CapacityOracle::add_key(signed(11), 0, [9; 32]), Fault::TooManyKeys);
		run_to(due(2) + 1);
		assert_ok!(CapacityOracle::add_key(signed(11), 0, [9; 32]));
		let keys = application(0).keys;
		assert_eq!(keys.iter().filter(|key| key.number == 3).count(), 1);
		assert!(keys.iter().any(|key| key.number == 3 && key.key == [9; 32]));
	});
}

#[test]
fn an_application_leaves_with_what_is_left() {
	on_chain(relaying(terms()), || {
		open_application(11, 500, 100);
		assert_noop!(CapacityOracle::reclaim_deposit(signed(11), 0), Fault::ApplicationIsOpen);
		run_to(start_of(1));
		assert_ok!(CapacityOracle::close_application(signed(11), 0));
		assert_noop!(CapacityOracle::close_application(signed(11), 0), Fault::ApplicationIsClosed);
		assert_noop!(CapacityOracle::deposit(signed(11), 0, 100, None), Fault::ApplicationIsClosed);
		assert_noop!(CapacityOracle::add_key(signed(11), 0, [1; 32]), Fault::ApplicationIsClosed);
		assert!(application(0).is_served_in(1) && !application(0).is_served_in(2));
		assert_noop!(CapacityOracle::reclaim_deposit(signed(11), 0), Fault::DepositInUse);
		run_to(due(1) + 1);
		assert_ok!(CapacityOracle::reclaim_deposit(signed(11), 0));
		assert_eq!((held(11), free(11)), (0, ENDOWMENT));
		assert_noop!(CapacityOracle::reclaim_deposit(signed(11), 0), Fault::NotAnApplication);
		// Whoever comes back is another application.
		assert_eq!(open_application(11, 500, 100), 1);
	});
}

#[test]
fn suppliers_say_where_they_answer() {
	on_chain(relaying(terms()), || {
		let at = |text: &str| EndpointOf::<Test>::try_from(text.as_bytes().to_vec()).unwrap();
		assert_noop!(CapacityOracle::announce(signed(1), 0, at("here")), Fault::NoBid);
		three_and_one(1_000);
		assert_ok!(CapacityOracle::announce(signed(1), 0, at("http://one")));
		assert_eq!(CapacityOracle::endpoint(0, 1), Some(b"http://one".to_vec()));
		let endpoint = at("http://one");
		assert_eq!(last_event(), Event::EndpointAnnounced { service: 0, supplier: 1, endpoint });
		let told = CapacityOracle::assignments(0, 1, 0);
		for assignment in told.iter().filter(|known| known.supplier == 1) {
			assert_eq!(assignment.endpoint, b"http://one");
		}
		assert_ok!(CapacityOracle::announce(signed(1), 0, at("")));
		assert_eq!(CapacityOracle::endpoint(0, 1), None);
		assert_ok!(CapacityOracle::announce(signed(1), 0, at("http://one")));
		assert_ok!(CapacityOracle::leave(signed(1), 0));
		run_to(start_of(4));
		assert_ok!(CapacityOracle::withdraw(signed(1), 0));
		assert_eq!(CapacityOracle::endpoint(0, 1), None);
	});
}

#[test]
fn the_owner_changes_hands() {
	on_chain(relaying(terms()), || {
		let root = RuntimeOrigin::root;
		assert_noop!(
			CapacityOracle::set_owner(signed(1), 0, None),
			sp_runtime::DispatchError::BadOrigin
		);
		assert_noop!(CapacityOracle::set_owner(root(), 1, None), Fault::UnknownService);
		assert_ok!(CapacityOracle::set_owner(root(), 0, Some(41)));
		assert_eq!(Services::<Test>::get(0).unwrap().owner, Some(41));
		assert_eq!(last_event(), Event::OwnerSet { service: 0, owner: Some(41) });
	});
}

#[test]
fn there_is_an_end_to_numbers() {
	on_chain(relaying(terms()), || {
		ApplicationCount::<Test>::insert(0, ApplicationIndex::MAX - 1);
		assert_noop!(CapacityOracle::deposit(signed(11), 0, 100, None), Fault::TooManyApplications);
	});
}

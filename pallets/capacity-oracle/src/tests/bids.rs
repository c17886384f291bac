use super::*;

fn bid(who: AccountId, units: Units, stake: Balance) -> sp_runtime::DispatchResult {
	CapacityOracle::bid(signed(who), 0, units, stake)
}

fn leave(who: AccountId) -> sp_runtime::DispatchResult {
	CapacityOracle::leave(signed(who), 0)
}

fn withdraw(who: AccountId) -> sp_runtime::DispatchResult {
	CapacityOracle::withdraw(signed(who), 0)
}

fn capacity() -> (u32, Units) {
	let service = CapacityOracle::service(0).unwrap();
	(service.suppliers, service.capacity)
}

/// Never audited, so that only bids matter.
fn quiet() -> Policy<StandardWork> {
	Policy { audit_rate: Perquintill::zero(), ..policy() }
}

#[test]
fn a_bid_joins_with_the_next_session() {
	on_chain(quiet(), || {
		assert_ok!(bid(1, 20, 2_000));
		assert_eq!(
			last_event(),
			Event::BidPlaced { service: 0, supplier: 1, from: 1, units: 20, stake: 2_000 }
		);
		assert_eq!((capacity(), free(1)), ((0, 0), ENDOWMENT - 2_000));
		run_to(start_of(1));
		assert_eq!(capacity(), (1, 20));
	});
}

#[test]
fn the_stake_is_flat_for_small_bids_and_grows_with_the_reward_above_the_reference() {
	on_chain(quiet(), || {
		assert_eq!(CapacityOracle::minimum_stake(0, 5), Some(2_000));
		assert_eq!(CapacityOracle::minimum_stake(0, 20), Some(2_000));
		// Three times the reference earns nine times its reward.
		assert_eq!(CapacityOracle::minimum_stake(0, 60), Some(18_000));
		assert_noop!(bid(1, 5, 1_999), Fault::StakeTooSmall);
		assert_noop!(bid(1, 60, 17_999), Fault::StakeTooSmall);
		assert_ok!(bid(1, 60, 18_000));
	});
}

#[test]
fn a_bid_outside_the_policys_range_is_refused() {
	on_chain(quiet(), || {
		assert_noop!(bid(1, 4, 9_000), Fault::BidOutOfRange);
		assert_noop!(bid(1, 81, 9_000), Fault::BidOutOfRange);
		assert_eq!(CapacityOracle::bid(signed(1), 7, 20, 2_000), Err(Fault::UnknownService.into()));
	});
}

#[test]
fn stake_that_is_not_there_cannot_back_a_bid() {
	on_chain(quiet(), || {
		assert!(bid(1, 20, ENDOWMENT).is_err());
		assert!(bid(1, 20, Balance::MAX).is_err());
		assert_ok!(bid(1, 20, ENDOWMENT - 10));
		assert_noop!(bid(1, 20, Balance::MAX), Fault::StakeTooSmall);
	});
}

#[test]
fn a_bid_changes_with_the_next_session() {
	on_chain(quiet(), || {
		join(1, 20);
		run_to(start_of(1));
		assert_noop!(bid(1, 40, 5_999), Fault::StakeTooSmall);
		assert_ok!(bid(1, 40, 6_000));
		assert_eq!(capacity(), (1, 20));
		run_to(start_of(2));
		assert_eq!(capacity(), (1, 40));
		// Smaller again: what is not needed any more is free once no draw can ask for it.
		assert_ok!(bid(1, 20, 0));
		assert_noop!(withdraw(1), Fault::NothingToWithdraw);
		run_to(start_of(4));
		assert_ok!(withdraw(1));
		assert_eq!((capacity(), bid_of(1).stake, free(1)), ((1, 20), 2_000, ENDOWMENT - 2_000));
	});
}

#[test]
fn whoever_leaves_takes_its_stake_along_after_the_last_draw() {
	on_chain(quiet(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		run_to(start_of(1));
		assert_ok!(leave(2));
		assert!(events().contains(&Event::BidLeft { service: 0, supplier: 2, from: 2 }));
		assert_noop!(leave(2), Fault::NotInDraws);
		assert_eq!(capacity(), (3, 60));
		assert_noop!(withdraw(2), Fault::NothingToWithdraw);
		run_to(start_of(2));
		assert_eq!(capacity(), (2, 40));
		assert_noop!(withdraw(2), Fault::NothingToWithdraw);
		run_to(start_of(3));
		assert_ok!(withdraw(2));
		assert!(events().contains(&Event::StakeWithdrawn {
			service: 0,
			supplier: 2,
			amount: 2_000
		}));
		assert_eq!(free(2), ENDOWMENT);
		assert_noop!(withdraw(2), Fault::NoBid);
		assert_noop!(leave(2), Fault::NoBid);
	});
}

#[test]
fn the_last_slot_fills_the_gap() {
	on_chain(quiet(), || {
		for who in 1..=5 {
			join(who, 10 + who);
		}
		run_to(start_of(1));
		assert_ok!(leave(2));
		assert_ok!(leave(5));
		assert_ok!(leave(1));
		check_state();
		// Nothing moves while the session runs.
		for (slot, who) in (1..=5u64).enumerate() {
			assert_eq!(Slots::<Test>::get(0, slot as u32).unwrap().at(1), &Some(who));
		}
		run_to(start_of(2));
		check_state();
		assert_eq!(capacity(), (2, 13 + 14));
	});
}

#[test]
fn a_bid_that_has_left_can_come_back() {
	on_chain(quiet(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		assert_ok!(leave(1));
		assert_ok!(bid(1, 30, 2_500));
		check_state();
		run_to(start_of(1));
		assert_eq!(capacity(), (3, 70));
		assert_ok!(leave(3));
		run_to(start_of(2));
		assert_ok!(bid(3, 20, 0));
		run_to(start_of(3));
		assert_eq!(capacity(), (3, 70));
	});
}

#[test]
fn a_full_list_admits_nobody_until_someone_leaves() {
	on_chain(quiet(), || {
		for who in 1..=40 {
			join(who, 5);
		}
		assert_noop!(bid(41, 5, 2_000), Fault::TooManyBids);
		assert_ok!(leave(17));
		assert_ok!(bid(41, 5, 2_000));
		check_state();
		run_to(start_of(1));
		assert_eq!(capacity(), (40, 200));
	});
}

#[test]
fn anyone_can_suspend_a_bid_that_its_policy_no_longer_admits() {
	on_chain(quiet(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		run_to(start_of(1));
		let suspend = |who| CapacityOracle::suspend(signed(9), 0, who);
		assert_noop!(suspend(2), Fault::BidInOrder);
		assert_noop!(suspend(9), Fault::NoBid);
		assert_ok!(bid(3, 20, 2_000));
		let dearer = Policy { stake_factor: FixedU128::from_u32(20), ..quiet() };
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, dearer, true));
		assert_ok!(suspend(2));
		assert!(events().contains(&Event::BidSuspended {
			service: 0,
			supplier: 2,
			from: 2,
			stake: 2_000,
			reason: SuspendReason::StakeTooSmall
		}));
		assert_noop!(suspend(2), Fault::NotInDraws);
		assert_noop!(suspend(3), Fault::BidInOrder);
		run_to(start_of(2));
		assert_eq!(capacity(), (2, 40));
		// With enough stake it takes part again.
		assert_ok!(bid(2, 20, 2_000));
		run_to(start_of(3));
		assert_eq!(capacity(), (3, 60));
	});
}

#[test]
fn the_view_of_a_stake_says_what_can_be_withdrawn() {
	on_chain(policy(), || {
		assert_ok!(bid(1, 20, 3_000));
		let stake = CapacityOracle::stake(0, 1).unwrap();
		assert_eq!((stake.units, stake.units_next), (None, Some(20)));
		assert_eq!((stake.stake, stake.minimum, stake.withdrawable), (3_000, 2_000, 1_000));
		run_to(start_of(1) + 1);
		let stake = CapacityOracle::stake(0, 1).unwrap();
		assert_eq!((stake.units, stake.at_risk, stake.withdrawable), (Some(20), 2_000, 1_000));
		assert!(CapacityOracle::stake(0, 9).is_none());
	});
}

//! An owner that adds to the money for its service's audits, to have it back by bids and applications of its
//! own. Section 7: money leaves the service only for audits that were delivered.

use super::*;

const SESSIONS: u32 = 10;
const MONEY: Balance = 20_000;
const SUPPLIER: AccountId = 1;

/// What owner and supplier gain together in a service that nobody else pays for, with a machine of `machine`
/// units for a bid of twenty; the cost of the work is counted.
fn played(machine: Units) -> i128 {
	let mut gain = 0;
	on_poor_chain(policy(), 0, || {
		let hand = [OWNER, SUPPLIER];
		let before = owned(&hand);
		assert_ok!(CapacityOracle::fund(signed(OWNER), 0, MONEY));
		let mut operator = Operator::new([SUPPLIER], machine).joins(20);
		play_to(start_of(SESSIONS), &mut [&mut operator]);
		operator.leaves();
		play_to(start_of(SESSIONS + 3), &mut [&mut operator]);
		let _ = CapacityOracle::withdraw(signed(SUPPLIER), 0);
		gain = owned(&hand) - before - operator.cost();
	});
	gain
}

#[test]
fn money_for_audits_does_not_come_back_with_more() {
	for (title, machine) in [
		("owner funds a service and delivers its audits, 10 sessions", 20),
		("owner funds a service and delivers nothing, 10 sessions", 0),
	] {
		assert_no_gain(&Gains::over_nothing(title, vec![played(machine)]));
	}
}

/// Relays of an own application, in an own service: the pot's share is the service's, and its audits may
/// bring it back, but no more than that.
#[test]
fn relays_to_oneself_bring_no_more_than_was_put_in() {
	const OWN: AccountId = 12;
	let relays = RelayTerms { suppliers: 60, ..proven_at(100) };
	let policy = Policy { relays: Some(relays), ..policy() };
	let mut gain = 0;
	on_poor_chain(policy, 0, || {
		let hand = [OWNER, SUPPLIER, OWN];
		let before = owned(&hand);
		assert_ok!(CapacityOracle::fund(signed(OWNER), 0, MONEY));
		assert_ok!(CapacityOracle::bid(signed(SUPPLIER), 0, 20, 50_000));
		let index = open_application(OWN, 90_000, 90_000);
		for session in 1..=3 {
			run_to(claims_open(session));
			let served = [serve(SUPPLIER, session, index, 500)];
			let claim = Delivery::new(SUPPLIER, session, Some(Units::MAX), &served);
			assert_ok!(claim.claim());
			run_to(seed_of(session));
			assert!(claim.prove());
		}
		run_to(due(3) + 1);
		gain = owned(&hand) - before - 3 * 20 * policy.cost as i128;
	});
	let title = "owner's relays to itself and audits of its own supplier, 3 sessions";
	assert_no_gain(&Gains::over_nothing(title, vec![gain]));
}

use super::*;

#[test]
fn the_oracle_reports_what_was_bid_and_what_was_shown() {
	on_chain(policy(), || {
		for (who, units) in [(1, 20), (2, 40), (3, 20)] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, units, 60_000));
		}
		let nothing = CapacityOracle::report(0).unwrap();
		assert_eq!((nothing.audits, nothing.capacity_verified), (0, 0));
		run_to(claims_open(1));
		for who in [1, 2] {
			commit(who, 1, Units::MAX);
		}
		run_to(seed_of(1));
		for who in [1, 2] {
			assert_ok!(prove(who, 1, proof_of(who, 1, Units::MAX)));
		}
		run_to(due(1) + 1);
		let report = CapacityOracle::report(0).unwrap();
		assert_eq!((report.capacity_reported, report.suppliers), (80, 3));
		assert_eq!((report.audits, report.fulfilled), (3, 2));
		assert_eq!((report.allocated, report.delivered), (80, 60));
		// 400 for 20 units; 400 and twice the square for 40.
		assert_eq!((report.paid, report.slashed), (400 + 400 + 800, 2_000));
		assert_eq!(report.capacity_verified, 60);
		assert!(report.capacity_verified_low < 60 && report.capacity_verified_low > 10);
		let record = report.history.last().unwrap();
		assert_eq!((record.session, record.suppliers, record.capacity), (1, 3, 80));
	});
}

/// Half of a bid delivered is half of it verified, to the unit.
#[test]
fn the_verified_capacity_is_not_rounded_twice() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 60_000));
		}
		deliver(1, 1);
		run_to(due(1) + 1);
		assert_eq!(CapacityOracle::report(0).unwrap().capacity_verified, 20);
	});
}

#[test]
fn history_is_a_ring() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 60_000));
		}
		run_to(due(7) + 1);
		let sessions: Vec<_> = CapacityOracle::report(0)
			.unwrap()
			.history
			.iter()
			.map(|record| record.session)
			.collect();
		assert_eq!(sessions, [4, 5, 6, 7]);
	});
}

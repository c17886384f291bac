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

/// 20 + 40 + 20 units tell as much as (80)² / (400 + 1,600 + 400) = 2 audits of one size.
#[test]
fn audits_of_different_sizes_count_for_fewer() {
	on_chain(policy(), || {
		for (who, units) in [(1, 20), (2, 40), (3, 20)] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, units, 60_000));
		}
		for session in 1..=2 {
			run_to(claims_open(session));
			for who in [1, 2, 3] {
				commit(who, session, Units::MAX);
			}
			run_to(seed_of(session));
			for who in [1, 2, 3] {
				assert_ok!(prove(who, session, proof_of(who, session, Units::MAX)));
			}
		}
		run_to(due(2) + 1);
		let report = CapacityOracle::report(0).unwrap();
		let squares: u128 = report.history.iter().map(|record| record.squares).sum();
		assert_eq!((report.audits, report.allocated, squares), (6, 160, 4_800));
		assert_eq!((report.capacity_audited, report.capacity_verified), (80, 80));
		let low = |audits| {
			let one_sided = FixedU128::from_rational(1_645, 1_000);
			let share =
				capacity_economics::wilson_lower_bound(Perquintill::one(), audits, one_sided);
			share.mul_floor(80u64)
		};
		// 160² / 4,800 = 5.33, rounded down.
		assert_eq!(report.capacity_verified_low, low(5));
		assert!(low(5) < low(6), "as many as there were would say more than they tell");
	});
}

/// Capacity that was bid in sessions without audits is not verified by those of other sessions.
#[test]
fn sessions_count_as_much_as_they_were_audited() {
	let half = Policy { audit_rate: Perquintill::from_percent(50), ..policy() };
	on_chain(half, || {
		let stake = 60_000;
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, stake));
		}
		run_to(start_of(2) - 1);
		// Session 2 has three times the bids, and no audits.
		for who in 4..=9 {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, stake));
		}
		Lookback::set(6);
		run_to(start_of(3) - 1);
		Lookback::set(0);
		run_to(start_of(3));
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, policy(), true));
		run_to(due(4) + 1);
		let report = CapacityOracle::report(0).unwrap();
		let rates: Vec<_> =
			report.history.iter().map(|record| (record.session, record.rate)).collect();
		let percent = Perquintill::from_percent;
		assert_eq!(rates, [(1, percent(50)), (2, percent(0)), (3, percent(50)), (4, percent(100))]);
		let capacities: Vec<_> = report.history.iter().map(|record| record.capacity).collect();
		assert_eq!(capacities, [60, 180, 180, 180]);
		// (60 / 2 + 180 / 2 + 180) / 2
		assert_eq!(report.capacity_audited, 150);
		assert_eq!(report.capacity_reported, 180);
		let by = |share: Perquintill| share.mul_floor(150u64);
		let share = Perquintill::from_rational(report.delivered, report.allocated);
		assert_eq!(report.capacity_verified, by(share));
		assert_eq!(report.fund, CapacityOracle::fund_status(0).unwrap());
	});
}

/// What is verified is never more than what is bid now.
#[test]
fn capacity_that_has_left_is_verified_no_more() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 60_000));
		}
		run_to(start_of(1));
		for who in [2, 3] {
			assert_ok!(CapacityOracle::leave(signed(who), 0));
		}
		run_to(due(1) + 1);
		let report = CapacityOracle::report(0).unwrap();
		assert_eq!((report.capacity_reported, report.capacity_audited), (20, 20));
		assert!(report.history.iter().any(|record| record.capacity == 60));
	});
}

#[test]
fn every_session_says_whether_truth_was_best_in_it() {
	on_chain(policy(), || {
		join(1, 20);
		assert_ok!(CapacityOracle::bid(signed(1), 0, 20, 60_000));
		run_to(start_of(1));
		let lax = Policy { audit_rate: Perquintill::from_percent(1), ..policy() };
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, lax, true));
		run_to(due(2) + 1);
		let history = CapacityOracle::report(0).unwrap().history;
		let said: Vec<_> = history.iter().map(|record| (record.session, record.truthful)).collect();
		assert_eq!(said, [(1, true), (2, false)]);
		assert_eq!(history[1].rate, Perquintill::from_percent(1));
	});
}

/// Where all are drawn at once, the probability for each is that of the draw.
#[test]
fn a_session_of_joint_audits_says_at_which_rate_it_was_drawn() {
	let rate = Perquintill::from_percent(40);
	let joint = Policy { selection: Selection::Joint, audit_rate: rate, ..policy() };
	on_chain(joint, || {
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 60_000));
		}
		run_to(due(4) + 1);
		let history = CapacityOracle::report(0).unwrap().history;
		assert_eq!(history.len(), 4);
		assert!(history.iter().all(|record| record.rate == rate), "drawn or not");
	});
}

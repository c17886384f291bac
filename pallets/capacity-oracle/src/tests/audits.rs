use super::*;

fn assigned(session: SessionIndex) -> Vec<AccountId> {
	let mut who: Vec<_> = Claims::<Test>::iter_prefix(session).map(|((_, who), _)| who).collect();
	who.sort();
	who
}

/// A session with `suppliers` bids at this rate: who is told so by the view at its very start, and
/// who is by the chain at its end.
fn told_and_assigned(
	suppliers: u64,
	percent: u64,
	entropy: u64,
) -> (Vec<AccountId>, Vec<AccountId>) {
	let rate = Perquintill::from_percent(percent);
	let mut result = (Vec::new(), Vec::new());
	on_chain(Policy { audit_rate: rate, ..policy() }, || {
		for who in 1..=suppliers {
			join(who, 20);
		}
		Entropy::set(entropy);
		run_to(start_of(1));
		let told: Vec<_> = (1..=suppliers).filter(|who| duty(*who, 1).is_some()).collect();
		run_to(claims_open(1) - 1);
		result = (told, assigned(1));
	});
	result
}

#[test]
fn a_supplier_knows_at_the_start_what_the_chain_enumerates_later() {
	for entropy in 0..8 {
		let (told, assigned) = told_and_assigned(40, 50, entropy);
		assert_eq!(told, assigned);
		assert!((8..32).contains(&told.len()), "{told:?}");
	}
}

#[test]
fn a_certain_audit_takes_everybody_a_few_in_each_block() {
	on_chain(policy(), || {
		for who in 1..=40 {
			join(who, 5);
		}
		MaxAuditsPerBlock::set(8);
		run_to(start_of(1));
		for drawn in [8, 16, 24, 32, 40] {
			assert_eq!(assigned(1).len(), drawn);
			check_state();
			next_block();
		}
		assert!(!DrawProgress::<Test>::exists());
		assert_eq!(duty(17, 1).unwrap().audit.as_ref().unwrap().task.units, 5);
	});
}

#[test]
fn a_rate_of_nothing_audits_nobody() {
	let (told, assigned) = told_and_assigned(40, 0, 0);
	assert!(told.is_empty() && assigned.is_empty());
}

#[test]
fn the_draw_stops_where_its_weight_ends() {
	on_chain(policy(), || {
		for who in 1..=12 {
			join(who, 20);
		}
		let group = <() as WeightInfo>::draw_slots(4) + <() as WeightInfo>::assign_audit() * 4;
		DrawWeight::set(group + <() as WeightInfo>::draw_slots(4));
		run_to(start_of(1));
		assert_eq!(assigned(1).len(), 4);
		next_block();
		assert_eq!(assigned(1).len(), 8);
		next_block();
		assert_eq!(assigned(1), (1..=12).collect::<Vec<_>>());
	});
}

/// A supplier that joins after the seed is known is not in the draw, and one that leaves still is.
#[test]
fn the_list_of_slots_is_constant_within_a_session() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		run_to(start_of(1));
		join(4, 20);
		assert_ok!(CapacityOracle::leave(signed(2), 0));
		run_to(claims_open(1) - 1);
		assert_eq!(assigned(1), [1, 2, 3]);
		run_to(claims_open(2) - 1);
		assert!(!assigned(2).contains(&2));
	});
}

#[test]
fn what_audits_may_cost_is_set_aside_and_what_they_do_not_is_given_back() {
	let half = Policy { audit_rate: Perquintill::from_percent(50), ..policy() };
	on_chain(half, || {
		for who in 1..=40 {
			join(who, 20);
		}
		run_to(start_of(1));
		let bound = half.draw_terms(Fund { free: POT, set_aside: 0 }, 40 * 20).set_aside;
		assert!(bound > 40 * 400 / 2, "more than what they cost on average");
		assert_eq!(Rounds::<Test>::get(1, 0).unwrap().set_aside, bound);
		assert_eq!(Funds::<Test>::get(0), Fund { free: POT - bound, set_aside: bound });
		run_to(claims_open(1) - 1);
		let drawn = assigned(1).len() as Balance;
		assert_eq!(Funds::<Test>::get(0).set_aside, drawn * 400);
		run_to(claims_open(1) - 1);
		let told = CapacityOracle::pot();
		assert_eq!((told.1, told.2), (POT, drawn * 400));
	});
}

#[test]
fn a_bid_whose_stake_or_size_no_longer_fits_leaves() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		assert_ok!(CapacityOracle::bid(signed(3), 0, 10, 3_000));
		let dearer = Policy {
			stake_factor: FixedU128::from_rational(15, 10),
			cost: 100,
			minimum_bid: 15,
			..policy()
		};
		assert_ok!(CapacityOracle::bid(signed(2), 0, 20, 1_000));
		assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, dearer, true));
		run_to(start_of(1));
		let leaves = |supplier, stake, reason| {
			let left = Event::BidSuspended { service: 0, supplier, from: 2, stake, reason };
			events().contains(&left)
		};
		let reason = PassReason::OutOfRange;
		let passed = Event::AuditPassedOver { session: 1, service: 0, supplier: 3, reason };
		assert!(events().contains(&passed), "nobody is audited for another size than it bids");
		assert!(leaves(3, 5_000, SuspendReason::OutOfRange));
		assert_eq!(assigned(1), [1, 2], "too little stake keeps nobody from being audited");
		assert!(leaves(1, 2_000, SuspendReason::StakeTooSmall));
		assert_eq!([1, 2].map(|who| duty(who, 1).unwrap().audit.unwrap().at_risk), [2_000, 3_000]);
		run_to(start_of(2));
		assert_eq!(CapacityOracle::service(0).unwrap().suppliers, 1);
	});
}

#[test]
fn sessions_run_without_audits_while_too_many_are_unsettled() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 40_000));
		}
		let no_weight = || {
			frame_support::weights::WeightMeter::with_limit(frame_support::weights::Weight::zero())
		};
		while System::block_number() < start_of(9) {
			next_block_with(no_weight());
		}
		assert!(assigned(7).len() == 3 && assigned(9).is_empty());
		assert!(events().contains(&Event::AuditsSkipped {
			session: 9,
			service: None,
			reason: SkipReason::Backlog
		}));
		run_to(start_of(13));
		run_to(claims_open(13) - 1);
		assert!(!assigned(13).is_empty() || bid_of(1).stake < 2_000);
	});
}

#[test]
fn services_are_audited_apart() {
	on_chain(policy(), || {
		long_sessions();
		for service in [1, 2] {
			assert_ok!(CapacityOracle::create_service(RuntimeOrigin::root(), None, policy(), true));
			assert_ok!(CapacityOracle::fund(signed(50), service, 40_000));
		}
		for who in [1, 2, 3] {
			join(who, 20);
			assert_ok!(CapacityOracle::bid(signed(who), 2, 30, 4_500));
		}
		run_to(start_of(1) + 9);
		let of =
			|service| Claims::<Test>::iter_prefix(1).filter(|((s, _), _)| *s == service).count();
		assert_eq!([of(0), of(1), of(2)], [3, 0, 3]);
		let tasks = |service| CapacityOracle::duties(service, 2)[0].audit.as_ref().unwrap().task;
		assert_ne!(tasks(0).seed, tasks(2).seed);
		assert_eq!((tasks(0).units, tasks(2).units), (20, 30));
	});
}

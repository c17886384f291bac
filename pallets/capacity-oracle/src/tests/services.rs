use super::*;
use sp_runtime::DispatchError::BadOrigin;

fn create(policy: Policy<StandardWork>, insist: bool) -> sp_runtime::DispatchResult {
	CapacityOracle::create_service(RuntimeOrigin::root(), None, policy, insist)
}

fn set(policy: Policy<StandardWork>, insist: bool) -> sp_runtime::DispatchResult {
	CapacityOracle::set_policy(RuntimeOrigin::root(), 0, policy, insist)
}

fn too_lax() -> Policy<StandardWork> {
	Policy { audit_rate: Perquintill::from_percent(1), ..policy() }
}

#[test]
fn only_the_admin_makes_and_changes_services() {
	on_chain(policy(), || {
		assert_noop!(CapacityOracle::create_service(signed(1), None, policy(), true), BadOrigin);
		assert_noop!(CapacityOracle::set_policy(signed(1), 0, policy(), true), BadOrigin);
	});
}

#[test]
fn services_are_numbered_in_order_up_to_the_most() {
	on_chain(policy(), || {
		// Room for the draws of three services, one after the other.
		long_sessions();
		assert_ok!(create(policy(), false));
		assert!(events().contains(&Event::ServiceCreated { service: 1, truthful: true }));
		assert_ok!(create(policy(), false));
		assert_noop!(create(policy(), false), Fault::TooManyServices);
	});
}

#[test]
fn a_policy_that_invites_lies_needs_insistence_and_is_named() {
	on_chain(policy(), || {
		assert_noop!(create(too_lax(), false), Fault::PolicyNotTruthful);
		assert_noop!(set(too_lax(), false), Fault::PolicyNotTruthful);
		assert_ok!(set(too_lax(), true));
		assert!(events().contains(&Event::PolicySet { service: 0, from: 1, truthful: false }));
		run_to(start_of(1));
		let verdict = CapacityOracle::policy_verdict(0).unwrap();
		assert!(!verdict.truthful() && verdict.truthful_up_to < 80);
		assert!(verdict.least_rate.unwrap() > verdict.audit_rate);
	});
}

/// At p = 2 % a liar gets away with 49 claims on average, and with 34 or fewer half of the times.
#[test]
fn a_penalty_below_the_mean_invites_false_claims() {
	let by = |confidence| {
		let relays = Some(RelayTerms { confidence, ..seldom_proven() });
		Policy { relays, ..policy() }
	};
	let half = by(Confidence::Quantile(Perquintill::from_percent(50)));
	on_chain(policy(), || {
		assert_ok!(set(by(Confidence::Mean), false));
		assert_noop!(set(half, false), Fault::PolicyNotTruthful);
		assert_ok!(set(half, true));
		run_to(start_of(1));
		assert_eq!(CapacityOracle::policy_verdict(0).unwrap().truthful_up_to, 0);
	});
}

#[test]
fn a_policy_that_makes_truth_best_is_accepted_and_reported() {
	on_chain(policy(), || {
		// ρ = 2, S = 10 in the reference's own units: the least rate is a little below 10 %.
		let least = CapacityOracle::policy_verdict(0).unwrap().least_rate.unwrap();
		assert!(least < Perquintill::from_percent(11) && least > Perquintill::from_percent(8));
		let enough =
			Policy { audit_rate: Perquintill::from_percent(60), maximum_bid: 20, ..policy() };
		assert_ok!(set(enough, false));
		run_to(start_of(1));
		assert!(CapacityOracle::policy_verdict(0).unwrap().truthful());
		assert_eq!(CapacityOracle::policy_verdict(0).unwrap().truthful_up_to, 20);
	});
}

#[test]
fn a_policy_with_broken_numbers_is_refused() {
	on_chain(policy(), || {
		let broken = [
			Policy { reference: 0, ..policy() },
			Policy { minimum_bid: 0, ..policy() },
			Policy { minimum_bid: 81, ..policy() },
			Policy { openings: 0, ..policy() },
			Policy { openings: 33, ..policy() },
			Policy { work: Synthetic { steps: 3_000 }.into(), ..policy() },
			Policy { curvature: FixedU128::from_rational(1, 2), ..policy() },
			Policy { cost: Balance::MAX, ..policy() },
		];
		for policy in broken {
			assert_noop!(create(policy, true), Fault::InvalidPolicy);
			assert_noop!(set(policy, true), Fault::InvalidPolicy);
		}
	});
}

#[test]
fn a_new_policy_leaves_the_running_session_alone() {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 10_000));
		}
		run_to(start_of(1));
		assert_ok!(set(
			Policy { cost: 100, stake_factor: FixedU128::from_u32(1), ..policy() },
			true
		));
		run_to(start_of(1) + 1);
		// 20 units at a cost of 10, rewarded with as much again.
		assert_eq!(duty(2, 1).unwrap().audit.unwrap().payment, 400);
		run_to(start_of(2) + 1);
		assert_eq!(duty(2, 2).unwrap().audit.unwrap().payment, 4_000);
		deliver(2, 1);
		run_to(due(1));
		assert_eq!(free(2), ENDOWMENT - 10_000 + 400);
	});
}

#[test]
fn an_unknown_service_is_named() {
	on_chain(policy(), || {
		let unknown = CapacityOracle::set_policy(RuntimeOrigin::root(), 9, policy(), true);
		assert_eq!(unknown, Err(Fault::UnknownService.into()));
		assert!(CapacityOracle::service(9).is_none());
		assert!(CapacityOracle::report(9).is_none());
		assert!(CapacityOracle::policy_verdict(9).is_none());
		assert!(CapacityOracle::minimum_stake(9, 20).is_none());
	});
}

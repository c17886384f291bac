//! One machine that is bid in two services: a limit of the mechanism. A policy says what pays within its
//! service; whoever audits two services with the same machine in mind makes them one.

use super::*;

const SEEDS: u64 = 800;
const MACHINE: Units = 20;

/// Cheap: little stake, audited often.
fn cheap() -> Policy<StandardWork> {
	let rate = Perquintill::from_percent(20);
	Policy { stake_factor: FixedU128::from_u32(5), audit_rate: rate, maximum_bid: 20, ..policy() }
}

/// Dear: a margin of five times the cost, much stake, audited seldom.
fn dear() -> Policy<StandardWork> {
	Policy {
		margin: FixedU128::from_u32(5),
		stake_factor: FixedU128::from_u32(25),
		audit_rate: Perquintill::from_rational(45u64, 1_000),
		maximum_bid: 20,
		..policy()
	}
}

/// What a machine gains that is bid in these services.
fn booked(services: &[ServiceId]) -> Vec<i128> {
	let mut gains = Vec::new();
	on_chain(cheap(), || {
		for policy in [cheap(), dear()] {
			assert!(policy.judged(SettlerShare::get()).is_truthful(policy.maximum_bid));
		}
		let schedule = Schedule { draw: 2, ..SCHEDULE };
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), schedule));
		let created = CapacityOracle::create_service(RuntimeOrigin::root(), None, dear(), false);
		assert_ok!(created);
		assert_ok!(CapacityOracle::fund(signed(50), 1, 50_000));
		let bids: Vec<_> = services.iter().map(|service| (*service, 1)).collect();
		let operator = || Operator::with_bids(bids.clone(), MACHINE);
		operator().joins(20);
		gains = over_audits(SEEDS, operator);
	});
	gains
}

/// Each policy is truthful by itself; where both services audit at once the cheaper audit is given up.
#[test]
fn a_machine_bid_in_two_services() {
	let both = booked(&[0, 1]);
	for (title, alone) in [
		("1 machine bid in 2 services, beside the cheap one alone", 0),
		("1 machine bid in 2 services, beside the dear one alone", 1),
	] {
		assert_pays(&Gains::new(title, booked(&[alone]), both.clone()));
	}
}

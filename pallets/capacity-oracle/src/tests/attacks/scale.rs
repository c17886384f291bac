//! Operators that are larger than the reference, at a rate that is enough for the reference.

use super::*;

const SEEDS: u64 = 300;
const REFERENCE: Units = 20;

/// Truth is best for whoever has the reference capacity.
fn audited(maximum_bid: Units) -> Policy<StandardWork> {
	let rate = Perquintill::from_rational(1_031u64, 10_000);
	let policy = Policy { audit_rate: rate, maximum_bid, ..policy() };
	assert!(policy.judged(SettlerShare::get()).is_truthful(REFERENCE));
	policy
}

/// What an operator of `machine` gains in a session by so many bids of `units`.
fn with_bids(
	policy: Policy<StandardWork>,
	machine: Units,
	bids: usize,
	units: Units,
	seeds: u64,
) -> Vec<i128> {
	let mut gains = Vec::new();
	on_chain(policy, || {
		let operator = || Operator::new((1..).filter(|who| *who != OWNER).take(bids), machine);
		operator().joins(units);
		gains = over_audits(seeds, operator);
	});
	gains
}

/// One bid of everything is the truth; several of everything are the lie.
#[test]
fn with_bids_as_large_as_the_operator() {
	for (title, machine, bids, seeds) in [
		("twice the reference, 2 bids of all of it", 40, 2, 3_000),
		("4 times the reference, 3 bids of all of it", 80, 3, 800),
		("10 times the reference, 6 bids of all of it", 200, 6, 400),
	] {
		let policy = audited(machine);
		let truthful_up_to = policy.judged(SettlerShare::get()).truthful_up_to();
		eprintln!("verdict | {title} | truthful up to {truthful_up_to}");
		let truth = with_bids(policy, machine, 1, machine, seeds);
		let lie = with_bids(policy, machine, bids, machine, seeds);
		assert_pays(&Gains::new(title, truth, lie));
	}
}

/// The largest bid is the reference, for which the policy is called truthful without reservation. Whoever
/// has more must place several, and places more than it has.
#[test]
fn with_many_bids_of_the_reference() {
	for (title, kappa, bids) in [
		("twice the reference, 4 bids of the reference", 2, 4),
		("4 times the reference, 12 bids of the reference", 4, 12),
		("10 times the reference, 40 bids of the reference", 10, 40),
	] {
		let (policy, machine) = (audited(REFERENCE), kappa as Units * REFERENCE);
		assert!(policy.judged(SettlerShare::get()).is_truthful(policy.maximum_bid));
		let truth = with_bids(policy, machine, kappa, REFERENCE, SEEDS);
		let lie = with_bids(policy, machine, bids, REFERENCE, SEEDS);
		assert_pays(&Gains::new(title, truth, lie));
	}
}

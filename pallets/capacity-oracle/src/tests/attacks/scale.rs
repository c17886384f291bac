//! Operators that are larger than the reference. Section 4: with the stake in proportion to the reward the
//! same rate is enough for all of them, as long as one bid can be of all that they have.

use super::*;

const SEEDS: u64 = 200;
const REFERENCE: Units = 20;

/// At the rate that is least for a reference stake of ten rewards, and any size.
fn audited(maximum_bid: Units) -> Policy<StandardWork> {
	let rate = Perquintill::from_rational(1_032u64, 10_000);
	let policy = Policy { audit_rate: rate, maximum_bid, ..policy() };
	assert_eq!(policy.verdict(), Ok(()));
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
	on_rich_chain(policy, 10_000_000, || {
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
		("twice the reference, 2 bids of all of it", 40, 2, 1_000),
		("4 times the reference, 3 bids of all of it", 80, 3, 400),
		("10 times the reference, 6 bids of all of it", 200, 6, 200),
	] {
		let policy = audited(machine);
		let truth = with_bids(policy, machine, 1, machine, seeds);
		let lie = with_bids(policy, machine, bids, machine, seeds);
		assert_no_gain(&Gains::new(title, truth, lie));
	}
}

/// Several bids of the reference, more than there is, where all of it could be one bid.
#[test]
fn with_many_bids_where_one_would_do() {
	for (title, kappa, bids) in [
		("twice the reference, 4 bids of the reference in place of 1 of all", 2, 4),
		("4 times the reference, 12 bids of the reference in place of 1 of all", 4, 12),
		("10 times the reference, 35 bids of the reference in place of 1 of all", 10, 35),
	] {
		let machine = kappa * REFERENCE;
		let policy = audited(machine);
		let truth = with_bids(policy, machine, 1, machine, SEEDS);
		let lie = with_bids(policy, machine, bids, REFERENCE, SEEDS);
		assert_no_gain(&Gains::new(title, truth, lie));
	}
}

/// Where the largest bid is the reference, whoever has more must place several, and places more than it
/// has. That is the linear case, open at any stake: the verdict is about nobody beyond the largest bid,
/// and says so.
#[test]
fn with_many_bids_of_the_reference() {
	for (title, kappa, bids) in [
		("twice the reference, 4 bids of the reference, the largest", 2, 4),
		("4 times the reference, 12 bids of the reference, the largest", 4, 12),
		("10 times the reference, 40 bids of the reference, the largest", 10, 40),
	] {
		let (policy, machine) = (audited(REFERENCE), kappa as Units * REFERENCE);
		assert!(policy.is_truthful(REFERENCE) && !policy.is_truthful(REFERENCE + 1));
		let truth = with_bids(policy, machine, kappa, REFERENCE, SEEDS);
		let lie = with_bids(policy, machine, bids, REFERENCE, SEEDS);
		assert_pays(&Gains::new(title, truth, lie));
	}
}

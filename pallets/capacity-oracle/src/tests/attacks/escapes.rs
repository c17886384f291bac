//! A bid that is drawn, and sees to it that it has not all of its stake. Section 4: an audit puts at risk
//! what there is.

use super::*;
use frame_support::storage::{with_transaction, TransactionOutcome};
use sp_runtime::DispatchError;
use sum_trie::Blake2b256;

const SEEDS: u64 = 400;
const MACHINE: Units = 20;
const OWN: AccountId = 12;
/// The session that is played; audits begin with it.
const PLAYED: SessionIndex = 3;

/// The source vouches for its values after five blocks: so long before they are taken they can be known.
/// The claims of a session are settled four blocks after the start of the second one after it.
const LATE: Schedule = Schedule { draw: 6, proofs: 5, patience: 30, ..SCHEDULE };
const LOOKBACK: u64 = 5;

/// A claim of one unit, worth the threshold, is always proven and risks little more than that.
fn tiny() -> RelayTerms {
	RelayTerms { suppliers: 60, threshold: PRICE, ..proven_at(99) }
}

fn audited() -> Policy<StandardWork> {
	let rate = Perquintill::from_percent(50);
	let policy = Policy { audit_rate: rate, maximum_bid: MACHINE, ..relaying(tiny()) };
	policy
}

/// The draw of the session that is played, before the chain has it: whoever can read the source ahead
/// knows it.
fn foreseen() -> Draw {
	let seen = with_transaction(|| {
		run_to(start_of(PLAYED) + LOOKBACK);
		let seed = Sessions::<Test>::get(PLAYED).and_then(|session| session.seed);
		TransactionOutcome::Rollback(Ok::<_, DispatchError>(seed))
	});
	let Policy { audit_rate, selection, .. } = audited();
	Draw::new::<Blake2b256>(&seen.unwrap().unwrap(), 0, selection, audit_rate, audit_rate)
}

/// What the hand of so many bids gains. Each bid has a claim of one unit from session 1, and proves it;
/// unless an earlier bid is drawn as well: then its stake falls short by a little before the chain comes to it.
fn with_bids(bids: AccountId) -> Vec<i128> {
	let mut gains = Vec::new();
	on_chain(audited(), || {
		Lookback::set(LOOKBACK);
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), LATE));
		let set = |policy| CapacityOracle::set_policy(RuntimeOrigin::root(), 0, policy, true);
		assert_ok!(set(Policy { audit_rate: Perquintill::zero(), ..audited() }));
		(1..=bids).for_each(|who| join(who, MACHINE));
		let index = open_application(OWN, 100, 0);
		let hand: Vec<_> = (1..=bids).chain([OWN]).collect();
		let before = owned(&hand);
		run_to(claims_open(1));
		let claims: Vec<_> =
			(1..=bids).map(|who| Delivery::new(who, 1, None, &[serve(who, 1, index, 1)])).collect();
		claims.iter().for_each(|tiny| assert!(tiny.claim().is_ok()));
		run_to(start_of(PLAYED) - 1);
		assert_ok!(set(audited()));
		gains = over_seeds(SEEDS, || {
			run_to(start_of(PLAYED) + 3);
			let draw = foreseen();
			let slot = |who| CapacityOracle::seat(0, PLAYED, who).unwrap().slot;
			let drawn = (1..=bids).filter(|who| draw.contains::<Blake2b256>(slot(*who)));
			let excess: Vec<_> = drawn.skip(1).collect();
			for (who, tiny) in (1..=bids).zip(&claims).filter(|(who, _)| !excess.contains(who)) {
				assert!(tiny.prove(), "{who} shows what it has served");
			}
			run_to(start_of(PLAYED) + LOOKBACK);
			let mut operator = Operator::new(1..=bids, MACHINE);
			operator.leaves();
			play_to(start_of(PLAYED + 2) + 7, &mut [&mut operator]);
			owned(&hand) - before - operator.cost()
		});
	});
	gains
}

#[test]
fn an_audit_is_not_escaped_by_forfeiting_a_tiny_claim() {
	let title = "2 bids of 1 machine, the second falls short by 11 where both are drawn, rate 50 %";
	assert_no_gain(&Gains::new(title, with_bids(1), with_bids(2)));
}

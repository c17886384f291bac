//! What a bid can gain that has failed an audit, until that is settled. One stake stands behind all audits
//! of a bid, and the first that fails takes it (section 4): from then on the bid earns nothing, neither by
//! audits nor by relays, until that is settled.

use super::*;
use frame_support::storage::{with_transaction, TransactionOutcome};
use sp_runtime::DispatchError;

const SEEDS: u64 = 400;
const MACHINE: Units = 20;
/// The honest bid of the machine, and one too many.
const TRUE: AccountId = 1;
const FALSE: AccountId = 2;
/// The session after the one in which the second bid has failed.
const PLAYED: SessionIndex = 2;

fn audited(who: AccountId) -> bool {
	Claims::<Test>::get(PLAYED, (0, who)).is_some_and(|claim| claim.audit.is_some())
}

/// Adds the stake of the second bid again, for nothing but that.
fn adds_stake(amount: Balance) {
	assert_ok!(CapacityOracle::bid(signed(FALSE), 0, MACHINE, amount));
	assert_ok!(CapacityOracle::leave(signed(FALSE), 0));
}

/// With what randomness all of these are audited in session 1.
fn all_audited(bids: &[AccountId]) -> u64 {
	let drawn = |entropy: u64| {
		Entropy::set(entropy);
		let play = || {
			run_to(start_of(1));
			bids.iter().all(|who| Claims::<Test>::contains_key(1, (0, who)))
		};
		let played =
			with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(play())));
		played.unwrap()
	};
	(1..).find(|entropy| drawn(*entropy)).unwrap()
}

/// What a machine gains by session 2, for each of its seeds, where all of its `bids` were audited in session
/// 1. The stake that one of them has lost by that is not counted: it is lost whatever happens later.
/// `answers` says what is done beside the audits that the machine can answer, and what that has cost.
fn after_a_failure(
	policy: Policy<StandardWork>,
	bids: &[AccountId],
	opens: impl FnOnce(),
	answers: impl Fn(&mut Operator) -> Balance,
) -> Vec<i128> {
	let mut gains = Vec::new();
	on_chain(policy, || {
		bids.iter().for_each(|who| join(*who, MACHINE));
		opens();
		Entropy::set(all_audited(bids));
		run_to(start_of(1));
		let mut operator = Operator::new(bids.iter().copied(), MACHINE);
		play_to(start_of(PLAYED) - 1, &mut [&mut operator]);
		gains = over_seeds(SEEDS, || {
			let mut operator = Operator::new(bids.iter().copied(), MACHINE);
			play_to(start_of(PLAYED), &mut [&mut operator]);
			operator.leaves();
			let cost = answers(&mut operator);
			play_to(due(PLAYED) + 4, &mut [&mut operator]);
			let lost = bids.len().saturating_sub(1) as u128 * policy.audit_stake(MACHINE);
			operator.gain() + lost as i128 - cost as i128
		});
	});
	gains
}

/// The second bid is worked for where the first is not audited, and its stake is added again if that pays:
/// if it has delivered. If it fails once more it has nothing left to lose.
#[test]
fn stake_added_again_only_where_that_pays() {
	let policy = Policy {
		stake_factor: FixedU128::from_rational(115, 100),
		audit_rate: Perquintill::from_percent(50),
		maximum_bid: MACHINE,
		..policy()
	};
	assert_eq!(policy.judged(SettlerShare::get()).verdict(), Ok(()), "as little as may be");
	let truth = after_a_failure(policy, &[TRUE], || (), |_| 0);
	let lie = after_a_failure(
		policy,
		&[TRUE, FALSE],
		|| (),
		|operator| {
			play_to(seed_of(PLAYED), &mut [operator]);
			if audited(FALSE) && !audited(TRUE) {
				adds_stake(policy.stake(MACHINE));
			}
			0
		},
	);
	let title = "2 bids of 1 machine after a failure, stake added again where it pays, rate 50 %";
	assert_no_gain(&Gains::new(title, truth, lie));
}

const OTHERS: std::ops::RangeInclusive<AccountId> = 3..=8;
const APPLICATIONS: [AccountId; 2] = [41, 42];
const DEAR: Balance = 55;

/// Demand is scarce: a hundred units, for which eight machines are bid. Every claim is proven, so that a
/// bid needs no more for its relays than they are worth.
fn dear_relays() -> Policy<StandardWork> {
	let relays = RelayTerms { suppliers: 35, price: DEAR, threshold: DEAR, ..proven_at(100) };
	let policy = Policy {
		stake_factor: FixedU128::from_u32(60),
		audit_rate: Perquintill::from_percent(50),
		maximum_bid: MACHINE,
		relays: Some(relays),
		..policy()
	};
	assert_eq!(policy.judged(SettlerShare::get()).verdict(), Ok(()));
	policy
}

/// The relays that these bids are asked for, one for each draw: as many as the machine can serve.
fn relays_of(bids: &[AccountId]) -> Vec<(AccountId, Vec<Served>)> {
	let mut left = MACHINE;
	let mut served = Vec::new();
	for who in bids {
		let mut of_bid = Vec::new();
		for account in APPLICATIONS {
			let index = CapacityOracle::application_index(0, account).unwrap();
			let asked = ranks(*who, PLAYED, index).map_or(0, |ranks| ranks.count().into());
			let units = left.min(asked);
			left -= units;
			if units > 0 {
				of_bid.push(serve(*who, PLAYED, index, units));
			}
		}
		if !of_bid.is_empty() {
			served.push((*who, of_bid));
		}
	}
	served
}

/// Claims audits and relays of session 2, with `stake` added to each bid for that; a bid that fails its
/// audit has no relays. Returns what the relays have cost.
fn serves(operator: &mut Operator, bids: &[AccountId], stake: Balance) -> Balance {
	play_to(claims_open(PLAYED) - 1, &mut [operator]);
	next_block();
	let true_first = audited(TRUE);
	let mut cost = 0;
	let mut claims = Vec::new();
	for (who, served) in relays_of(bids) {
		let delivers = audited(who) && !(who == FALSE && true_first);
		if audited(who) && !delivers {
			continue;
		}
		assert_ok!(CapacityOracle::bid(signed(who), 0, MACHINE, stake));
		assert_ok!(CapacityOracle::leave(signed(who), 0));
		let units: Units = served.iter().map(Served::units).sum();
		let audit = if delivers { MACHINE } else { 0 };
		cost += Balance::from(units + audit) * policy().cost;
		let claim = Delivery::new(who, PLAYED, delivers.then_some(MACHINE), &served);
		assert_ok!(claim.claim());
		claims.push(claim);
	}
	run_to(seed_of(PLAYED));
	claims.iter().for_each(|claim| assert!(claim.prove()));
	cost
}

/// The second bid stands in the draws for relays until its failure is settled. Where it fails once more it
/// claims nothing, and has nothing left to lose; where it does not it is paid for its relays.
#[test]
fn relays_of_a_bid_that_has_failed() {
	let opens = || {
		OTHERS.for_each(|who| join(who, MACHINE));
		for account in APPLICATIONS {
			open_application(account, 90_000, 20_000);
		}
	};
	let policy = dear_relays();
	// For what the failure has taken, and for relays.
	let added = 2 * policy.audit_stake(MACHINE);
	let truth =
		after_a_failure(policy, &[TRUE], opens, |operator| serves(operator, &[TRUE], added));
	let lie = after_a_failure(policy, &[TRUE, FALSE], opens, |operator| {
		serves(operator, &[TRUE, FALSE], added)
	});
	let title = "2 bids of 1 machine after a failure, scarce demand, relays at 55, rate 50 %";
	assert_no_gain(&Gains::new(title, truth, lie));
}

/// What a bid has lost that is audited in sessions 1 and 2 and delivers neither, if it is changed from
/// `before` to `after` units between them.
fn lost_by(before: Units, after: Units) -> Balance {
	let mut lost = 0;
	on_chain(policy(), || {
		[2, 3].into_iter().for_each(|who| join(who, 20));
		assert_ok!(CapacityOracle::bid(signed(1), 0, before, 40_000));
		run_to(start_of(1));
		assert_ok!(CapacityOracle::bid(signed(1), 0, after, 0));
		run_to(start_of(2));
		assert_ok!(CapacityOracle::leave(signed(1), 0));
		// What nothing needs is taken out as soon as that can be done.
		while System::block_number() < due(2) + 4 {
			let _ = CapacityOracle::withdraw(signed(1), 0);
			next_block();
		}
		lost = ENDOWMENT - wealth(1);
	});
	lost
}

/// It loses what the larger of them puts at risk: the first takes no less for a bid that is lowered
/// meanwhile, nor the second for what the first has taken.
#[test]
fn a_bid_changed_between_audits_loses_for_the_larger() {
	let stake = |units| policy().audit_stake(units);
	let changes = [(20, 20), (20, 80), (80, 20), (40, 60), (60, 5)];
	for (before, after) in changes {
		assert_eq!(lost_by(before, after), stake(before).max(stake(after)), "{before}, {after}");
	}
}

/// Where only what is missing is slashed, a small failure does not make a large one cheaper, nor is there
/// any pay after it.
#[test]
fn a_small_failure_before_a_large_one() {
	let proportional = Policy { slashing: Slashing::Proportional, ..policy() };
	let gain = |delivers_second: bool| {
		let mut gain = 0;
		on_chain(proportional, || {
			[1, 2, 3].into_iter().for_each(|who| join(who, 20));
			run_to(claims_open(1));
			let told = duty(1, 1).unwrap();
			let most: Vec<_> = leaves(&told, Units::MAX).into_iter().take(19).collect();
			let most = sum_trie::Trie::<sum_trie::Blake2b256>::build(most).unwrap();
			assert_ok!(claim(1, 1, most.root()));
			run_to(seed_of(1));
			let opened = most.open(&duty(1, 1).unwrap().positions).unwrap();
			assert_ok!(prove(1, 1, codec::Encode::encode(&opened)));
			let mut work = 19;
			if delivers_second {
				deliver(1, 2);
				work += 20;
			}
			run_to(due(2) + 1);
			gain = owned(&[1]) - ENDOWMENT as i128 - work * policy().cost as i128;
		});
		gain
	};
	let stake = policy().audit_stake(20) as i128;
	let (first, second) = (stake / 20, stake - stake / 20);
	assert_eq!(gain(true), -first - 390);
	assert_eq!(gain(false), -first - second - 190);
}

/// Stake that is added while the failure waits for its settlement, and taken out again.
#[test]
fn stake_added_and_withdrawn_around_a_failure() {
	on_chain(policy(), || {
		[1, 2, 3].into_iter().for_each(|who| join(who, 20));
		run_to(start_of(2));
		let stake = policy().audit_stake(20);
		assert_ok!(CapacityOracle::bid(signed(1), 0, 20, stake));
		run_to(due(1));
		assert_eq!(bid_of(1).stake, stake, "the failure has taken the rest");
		deliver(1, 2);
		run_to(due(2));
		assert_ok!(CapacityOracle::leave(signed(1), 0));
		run_to(due(4) + 4);
		assert_ok!(CapacityOracle::withdraw(signed(1), 0));
		let lost = ENDOWMENT - wealth(1);
		assert!(lost >= stake, "the audit that was delivered is not paid: {lost}");
	});
}

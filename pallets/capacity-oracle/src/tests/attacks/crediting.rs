//! Audits of capacity that is not there, answered with relays that nobody asked for. Section 4.3: where
//! relays count, a policy is judged by what they cost whoever makes them up, if that is less than the stake.

use super::*;
use std::collections::BTreeMap;

const SEEDS: u64 = 400;
const OWN: AccountId = 41;
/// What one machine does.
const MACHINE: Units = 20;

/// Three bids in ten are audited. An audit of twenty units pays 200 beyond their cost, ten a unit.
fn credited(price: Balance, pot_share: u64, owner_share: u64) -> Policy<StandardWork> {
	let terms = RelayTerms {
		suppliers: 20,
		price,
		owner_share: Perquintill::from_percent(owner_share),
		pot_share: Perquintill::from_percent(pot_share),
		threshold: 100_000,
		minimum_deposit: price,
		credit_relays: true,
		..proven_at(100)
	};
	Policy {
		audit_rate: Perquintill::from_percent(30),
		maximum_bid: MACHINE,
		relays: Some(terms),
		..policy()
	}
}

/// What the hand of so many bids, an application and the service's owner gains in a session. It does the
/// first audit, and answers all others with relays of its own.
fn with_bids(policy: Policy<StandardWork>, bids: u64) -> Vec<i128> {
	let mut gains = Vec::new();
	on_rich_chain(policy, 100_000, || {
		(1..=bids).for_each(|who| join(who, MACHINE));
		let index = open_application(OWN, 99_000, 99_000);
		let hand: Vec<_> = (1..=bids).chain([OWN, OWNER]).collect();
		let before = owned(&hand);
		gains = over_seeds(SEEDS, || {
			run_to(claims_open(1));
			let drawn: Vec<_> = (1..=bids).filter(|who| duty(*who, 1).is_some()).collect();
			let mut answers = BTreeMap::new();
			for (place, who) in drawn.into_iter().enumerate() {
				let assigned = ranks(who, 1, index).is_some();
				let answer = match place {
					0 => Delivery::new(who, 1, Some(MACHINE), &[]),
					_ if assigned => Delivery::new(who, 1, None, &[serve(who, 1, index, MACHINE)]),
					_ => continue,
				};
				assert_ok!(answer.claim());
				answers.insert(place, answer);
			}
			run_to(seed_of(1));
			answers.values().for_each(|answer| assert!(answer.prove()));
			run_to(due(1) + 1);
			let work = answers.get(&0).map_or(0, |_| Balance::from(MACHINE) * policy.cost);
			owned(&hand) - before - work as i128
		});
	});
	gains
}

/// The fee is a tenth more than the margin, which the guard of section 4.3 is content with: an excess
/// audit costs the difference, in place of the stake. The verdict is not content.
#[test]
fn excess_audits_answered_with_ones_own_relays() {
	let policy = credited(220, 5, 5);
	assert!(policy.check().is_ok(), "relays may count");
	assert_eq!(policy.judged(SettlerShare::get()).verdict(), Err(Untruthful::CreditPays));
	let title =
		"excess audits answered with own relays, fee 11 for a margin of 10, 5 bids of 1 machine (refused)";
	assert_pays(&Gains::new(title, with_bids(policy, 1), with_bids(policy, 5)));
}

/// A fee of 40 makes an excess audit cost 600, three times what an audit earns.
#[test]
fn excess_audits_answered_with_relays_that_cost_enough() {
	let policy = credited(50, 80, 0);
	assert_eq!(policy.judged(SettlerShare::get()).verdict(), Ok(()));
	let title =
		"excess audits answered with own relays, fee 40 for a margin of 10, 5 bids of 1 machine";
	assert_no_gain(&Gains::new(title, with_bids(policy, 1), with_bids(policy, 5)));
}

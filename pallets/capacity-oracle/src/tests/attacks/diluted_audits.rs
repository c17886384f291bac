//! Audits that nobody worked for, in claims that are mostly relays. Section 5.2: an audit's range and that
//! of the relays are opened separately.

use super::*;

const HONEST: AccountId = 11;
const OWN: AccountId = 12;

/// Every application draws every supplier; every bid is audited.
fn audited(openings: u32, price: Balance) -> Policy<StandardWork> {
	let relays = Some(RelayTerms { suppliers: 60, price, ..terms() });
	Policy { openings, maximum_bid: 20, relays, ..policy() }
}

/// Whose relays stand beside an audit.
#[derive(Clone, Copy)]
enum Beside {
	/// Those of an application of one's own that can pay nothing.
	Worthless,
	/// Those of an honest application that pays them.
	Organic,
}

/// What a supplier gains by an answer of which `done` units are work, beside `relays` of them; for each
/// seed, less what the work has cost.
fn answered(
	policy: Policy<StandardWork>,
	done: Units,
	relays: Units,
	beside: Beside,
	seeds: u64,
) -> Vec<i128> {
	let mut gains = Vec::new();
	on_chain(policy, || {
		let who = 1;
		for supplier in [who, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(supplier), 0, 20, 90_000));
		}
		let index = match beside {
			Beside::Worthless => open_application(OWN, 100, 0),
			Beside::Organic => open_application(HONEST, 90_000, 90_000),
		};
		run_to(claims_open(1));
		let delivery = Delivery::new(who, 1, Some(done), &[serve(who, 1, index, relays)]);
		let before = owned(&[who, OWN]);
		assert_ok!(delivery.claim());
		gains = over_seeds(seeds, || {
			run_to(seed_of(1));
			delivery.prove();
			run_to(due(1));
			owned(&[who, OWN]) - before - (Balance::from(done) * policy.cost) as i128
		});
	});
	gains
}

/// Somebody without any capacity, whose honest gain is none.
#[test]
fn an_audit_made_up_beside_worthless_relays() {
	for (title, openings, relays) in [
		("audit made up beside 1,000 worthless relays, 4 openings", 4, 1_000),
		("audit made up beside 1,000 worthless relays, 1 opening", 1, 1_000),
		("audit made up beside 5,000 worthless relays, 4 openings", 4, 5_000),
	] {
		let gains = answered(audited(openings, PRICE), 0, relays, Beside::Worthless, 400);
		assert_no_gain(&Gains::over_nothing(title, gains));
	}
}

/// Somebody who could do its audit, and has much to claim that was really served: large claims weaken no
/// audit.
#[test]
fn an_audit_made_up_beside_many_relays_that_were_served() {
	for (title, openings, relays) in [
		("audit made up beside 5,000 organic relays at 1, 1 opening", 1, 5_000),
		("audit made up beside 10,000 organic relays at 1, 4 openings", 4, 10_000),
	] {
		let policy = audited(openings, 1);
		let honest = answered(policy, 20, relays, Beside::Organic, 1);
		let attack = answered(policy, 0, relays, Beside::Organic, 400);
		assert_no_gain(&Gains::new(title, honest.repeat(attack.len()), attack));
	}
}

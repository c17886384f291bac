//! Claims in which made-up relays of one application hide among worthless ones of another, which is in
//! the hand of the supplier. Section 5.2: the penalty is at least the claim's worth by the probability of
//! its proof, and does not count on what is forfeited.

use super::*;

const SEEDS: u64 = 400;
const HONEST: AccountId = 11;
const OWN: AccountId = 12;

/// A method whose requests weigh a hundred units.
const HEAVY: MethodId = [1; 4];
const HEAVY_UNITS: u32 = 100;

/// Every application draws every supplier.
fn all_drawn() -> RelayTerms {
	let mut prices = PriceList::flat(1);
	prices.methods[0] = MethodPrice { method: HEAVY, units: HEAVY_UNITS };
	RelayTerms { suppliers: 60, prices, ..terms() }
}

/// Served requests of the heavy method that weigh `units` in all.
pub fn serve_heavy(
	who: AccountId,
	session: SessionIndex,
	index: ApplicationIndex,
	units: Units,
) -> Served {
	let leaf = |nonce| {
		let mut draft = Draft::new(who, session, index, nonce);
		draft.request.method = HEAVY;
		sum_trie::Leaf { weight: HEAVY_UNITS.into(), ..draft.leaf() }
	};
	let leaves = (0..units / Units::from(HEAVY_UNITS)).map(leaf).collect();
	Served { leaves, ..serve(who, session, index, 0) }
}

/// An application that the attacker owns, and what it can pay.
#[derive(Clone, Copy)]
enum Own {
	/// The least deposit, of which nothing may be spent.
	Insolvent,
	/// As much as is asked for.
	Solvent,
}

/// What the hand of a supplier, its application and `others` gains by a claim of `fakes` at the expense
/// of an honest application and of `worthless` ones at its own; for each seed.
fn diluted(
	policy: Policy<StandardWork>,
	own: Own,
	others: &[AccountId],
	fakes: impl Fn(AccountId, ApplicationIndex) -> Served,
	worthless: impl Fn(AccountId, ApplicationIndex) -> Served,
) -> Vec<i128> {
	let mut gains = Vec::new();
	on_chain(policy, || {
		let who = 1;
		for supplier in [who, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(supplier), 0, 20, 90_000));
		}
		let honest = open_application(HONEST, 90_000, 90_000);
		let own = match own {
			Own::Insolvent => open_application(OWN, 100, 0),
			Own::Solvent => open_application(OWN, 90_000, 90_000),
		};
		run_to(claims_open(1));
		let delivery = Delivery::new(who, 1, None, &[fakes(who, honest), worthless(who, own)]);
		let hand: Vec<_> = [who, OWN].iter().chain(others).copied().collect();
		let before = owned(&hand);
		assert_ok!(delivery.claim());
		gains = over_seeds(SEEDS, || {
			run_to(seed_of(1));
			delivery.prove();
			run_to(due(1));
			owned(&hand) - before
		});
	});
	gains
}

/// Twenty made-up units among a thousand worthless ones.
fn plainly(policy: Policy<StandardWork>, own: Own, others: &[AccountId]) -> Vec<i128> {
	diluted(
		policy,
		own,
		others,
		|who, of| made_up(who, 1, of, 20),
		|who, of| serve(who, 1, of, 1_000),
	)
}

fn with_openings(openings: u32, terms: RelayTerms) -> Policy<StandardWork> {
	Policy { openings, ..relaying(terms) }
}

/// All of a payment stays with the supplier and the owner of the service.
fn without_fee() -> RelayTerms {
	RelayTerms { pot_share: Perquintill::zero(), ..all_drawn() }
}

#[test]
fn beside_relays_that_cannot_be_paid() {
	let title = "relay claim diluted, own application insolvent, 4 openings";
	let gains = plainly(with_openings(4, all_drawn()), Own::Insolvent, &[]);
	assert_no_gain(&Gains::over_nothing(title, gains));
}

#[test]
fn beside_relays_that_cannot_be_paid_and_without_shares() {
	let whole = RelayTerms { owner_share: Perquintill::zero(), ..without_fee() };
	let title = "relay claim diluted, own application insolvent, 4 openings, no shares";
	let gains = plainly(with_openings(4, whole), Own::Insolvent, &[]);
	assert_no_gain(&Gains::over_nothing(title, gains));
}

#[test]
fn with_one_opening() {
	let title = "relay claim diluted, own application insolvent, 1 opening";
	let gains = plainly(with_openings(1, all_drawn()), Own::Insolvent, &[]);
	assert_no_gain(&Gains::over_nothing(title, gains));
}

/// The owner of the service is in the same hand: nothing leaves it.
#[test]
fn beside_relays_that_are_paid_to_oneself() {
	let title = "relay claim diluted, own application solvent, service owned, no pot share";
	let gains = plainly(with_openings(4, without_fee()), Own::Solvent, &[OWNER]);
	assert_no_gain(&Gains::over_nothing(title, gains));
}

/// The shares of owner and pot of what dilutes are more than what is made up.
#[test]
fn beside_relays_that_pay_their_shares() {
	let title = "relay claim diluted, own application solvent, shares of 15 %";
	let gains = plainly(with_openings(4, all_drawn()), Own::Solvent, &[]);
	assert_no_gain(&Gains::over_nothing(title, gains));
}

#[test]
fn far_above_the_threshold() {
	let title = "relay claim diluted, 50 made up among 5,000, worth fifty thresholds";
	let gains = diluted(
		with_openings(4, all_drawn()),
		Own::Insolvent,
		&[],
		|who, of| made_up(who, 1, of, 50),
		|who, of| serve_heavy(who, 1, of, 5_000),
	);
	assert_no_gain(&Gains::over_nothing(title, gains));
}

/// One made-up request of the heavy method among fifty that were signed.
#[test]
fn by_the_weight_of_a_heavy_method() {
	let title = "relay claim diluted, one made-up leaf of 100 units among 5,000 of heavy requests";
	let fat = |who, of| {
		let mut served = made_up(who, 1, of, 1);
		served.leaves[0].weight = HEAVY_UNITS.into();
		served
	};
	let gains = diluted(with_openings(4, all_drawn()), Own::Insolvent, &[], fat, |who, of| {
		serve_heavy(who, 1, of, 5_000)
	});
	assert_no_gain(&Gains::over_nothing(title, gains));
}

/// Where every claim is proven its own worth is at risk, whoever would have paid it.
#[test]
fn where_every_claim_is_proven() {
	let certain = RelayTerms { probability: Perquintill::one(), ..all_drawn() };
	let title = "relay claim diluted, every claim proven";
	let gains = plainly(with_openings(4, certain), Own::Insolvent, &[]);
	assert_no_gain(&Gains::over_nothing(title, gains));
}

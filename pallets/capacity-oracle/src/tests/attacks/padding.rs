//! Inflated and fabricated relay claims.

use super::*;

/// The seeds that a claim is played with.
const SEEDS: u64 = 400;
/// The units of the claim.
const CLAIMED: Units = 20;

/// A supplier in whose hands all of a payment ends, as in the theorem of section 5.2.
fn unshared(terms: RelayTerms) -> RelayTerms {
	RelayTerms { owner_share: Perquintill::zero(), pot_share: Perquintill::zero(), ..terms }
}

/// What a claim of which `fakes` units are made up brings on average, in percent of its worth.
/// Whoever can prove it does.
fn average(terms: RelayTerms, openings: u32, fakes: Units) -> i128 {
	let mut average = 0;
	on_chain(Policy { openings, ..relaying(terms) }, || {
		let index = three_and_one(4_000);
		let who = drawn(1, index)[0];
		assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 50_000));
		let mut served = made_up(who, 1, index, fakes);
		served.leaves.extend(serve(who, 1, index, CLAIMED - fakes).leaves);
		let trie = relay_trie(&[served.clone()]);
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[served]));
		let before = wealth(who);
		let gains = over_seeds(SEEDS, || {
			run_to(seed_of(1));
			let positions = duty(who, 1).unwrap().positions;
			if !positions.is_empty() {
				let shown = codec::Encode::encode(&trie.open(&positions).unwrap());
				let accepted = prove(who, 1, shown).is_ok();
				assert!(accepted || fakes > 0, "an honest proof is accepted");
			}
			run_to(due(1));
			wealth(who) as i128 - before as i128
		});
		let worth = (terms.price * Balance::from(CLAIMED)) as i128;
		average = gains.iter().sum::<i128>() * 100 / (SEEDS as i128 * worth);
	});
	average
}

/// Section 5.2: at Q = W/p, and with one opening, a supplier that fakes the share f of a claim that others
/// would have paid gets (1 − pf)·W − pf·W/p: less than its honest part alone by pf·W, the forfeiture
/// that the penalty does not count on. The standard deviation of these averages is 8, or less.
#[test]
fn an_inflated_claim_earns_less_than_its_honest_part() {
	let terms = unshared(proven_at(50));
	assert_eq!(average(terms, 1, 0), 100);
	for (fakes, expected) in [(5, 62), (10, 25), (20, -50)] {
		let gain = average(terms, 1, fakes);
		assert!((gain - expected).abs() <= 20, "{fakes} of {CLAIMED} fakes bring {gain} %");
	}
}

/// Section 5.2, with a proof only one time in five, and five times the claim at risk: 4/5 − 5/5. The
/// standard deviation is 12.
#[test]
fn a_fabricated_claim_loses_however_seldom_it_is_proven() {
	let gain = average(unshared(proven_at(20)), 1, CLAIMED);
	assert!((-50..10).contains(&gain), "{gain} %");
}

/// Section 5.1: more openings find a share f with 1 − (1 − f)^k, while the penalty stays.
#[test]
fn an_inflated_claim_loses_with_more_openings() {
	let gain = average(unshared(proven_at(50)), 4, 5);
	// (1 − 0.68 / 2) − 2 · 0.68 / 2
	assert!((-20..20).contains(&gain), "{gain} % instead of 75");
}

/// Section 6: at the 95 % quantile of the geometric distribution a penalty outweighs four claims
/// that were not found out and itself, at its mean one and itself.
#[test]
fn a_fabricated_claim_loses_at_the_quantile() {
	let certain = Confidence::Quantile(Perquintill::from_percent(95));
	let gain = average(RelayTerms { confidence: certain, ..unshared(proven_at(50)) }, 1, CLAIMED);
	// 1/2 − 5/2
	assert!((-240..-160).contains(&gain), "{gain} %");
}

/// Forfeiture of the whole claim, and the penalty: over many sessions whoever claims more earns less.
#[test]
fn padding_and_fabrication_earn_less_than_honesty_over_many_sessions() {
	on_chain(relaying(RelayTerms { suppliers: 20, ..terms() }), || {
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 50_000));
		}
		let index = open_application(11, 90_000, 20_000);
		for session in 1..=40 {
			run_to(start_of(session));
			let claims: Vec<_> = [(1, 20, 0), (2, 20, 20), (3, 0, 40)]
				.into_iter()
				.filter(|(who, ..)| ranks(*who, session, index).is_some())
				.map(|(who, honest, fakes)| {
					let mut served = serve(who, session, index, honest);
					served.leaves.extend(made_up(who, session, index, fakes).leaves);
					(who, [served])
				})
				.collect();
			run_to(claims_open(session));
			for (who, served) in &claims {
				assert_ok!(claim_served(*who, session, served));
			}
			run_to(seed_of(session));
			for (who, served) in &claims {
				if duty(*who, session).unwrap().proof_required == Some(true) {
					let shown = prove_served(*who, session, served);
					assert!(shown.is_ok() || *who != 1, "an honest proof is accepted");
				}
			}
		}
		run_to(due(40) + 1);
		let [honest, padder, fabricator] = [1, 2, 3].map(|who| wealth(who) as i128);
		assert!(honest > ENDOWMENT as i128);
		assert!(padder < honest && fabricator < honest, "{honest}, {padder}, {fabricator}");
		assert!(fabricator < ENDOWMENT as i128, "{fabricator}");
	});
}

/// Section 5.2 needs the whole penalty to be lost. The share of whoever settles a claim by a call can
/// end in the same hands: of the penalty so much less is lost.
#[test]
fn settling_ones_own_forfeited_claim_is_no_discount() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let (who, other_hand) = (drawn(1, index)[0], 9);
		let served = made_up(who, 1, index, 100);
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[served]));
		let at_risk = bid_of(who).relays_at_risk;
		let before = wealth(who) + wealth(other_hand);
		run_unsettled_to(due(1));
		assert_ok!(CapacityOracle::settle(signed(other_hand), 1, 0, who));
		let lost = before - wealth(who) - wealth(other_hand);
		let needed = terms().penalty(1_000, 1_000, terms().probability);
		assert!(lost >= needed, "{lost} of {at_risk} at risk are lost, {needed} deter");
	});
}

/// The same for a claim that answers an audit as well, with the least stake: what is at risk for the audit
/// does not pay the settler of the relays. Policies are judged by an audit that loses all but the share.
#[test]
fn settling_ones_own_audited_claim_is_no_discount() {
	on_chain(Policy { relays: Some(terms()), ..policy() }, || {
		let index = three_and_one(3_000);
		let (who, other_hand) = (drawn(1, index)[0], 9);
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[made_up(who, 1, index, 100)]));
		let (stake, relays_at_risk) = (bid_of(who).stake, bid_of(who).relays_at_risk);
		let audits_at_risk = bid_of(who).audits_at_risk();
		assert_eq!((stake, audits_at_risk, relays_at_risk), (4_000, 2_000, 2_000));
		let before = wealth(who) + wealth(other_hand);
		run_unsettled_to(due(1));
		assert_ok!(CapacityOracle::settle(signed(other_hand), 1, 0, who));
		let lost = before - wealth(who) - wealth(other_hand);
		let needed = relays_at_risk + audits_at_risk - SettlerShare::get() * audits_at_risk;
		assert!(lost >= needed, "{lost} are lost, {needed} deter");
	});
}

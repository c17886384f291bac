use super::{find, quick, shares, values, Wish};
use crate::{number::Float, policy::Lie};
use capacity_economics::{Confidence, Perquintill};
use capacity_protocol::{Policy, StandardWork};

/// As the chain judges it: a tenth of what is slashed may come back to the liar.
fn judged(policy: &Policy<StandardWork>) -> Policy<StandardWork> {
	policy.judged(Perquintill::from_percent(10))
}

fn at(policy: &Policy<StandardWork>, rate: Perquintill, percent: u64) -> Policy<StandardWork> {
	let parts = u128::from(rate.deconstruct()) * u128::from(percent) / 100;
	Policy { audit_rate: Perquintill::from_parts(parts as u64), ..*policy }
}

#[test]
fn truth_is_best_up_to_the_largest_bid_and_not_one_percent_below_the_least_rate() {
	for largest in ["1", "2", "4"] {
		let found = find(&Wish {
			largest: values(largest)[0],
			curvatures: values("1.2,1.5,2,3"),
			stakes: values("2..200x4"),
			..quick()
		});
		for candidate in &found.stakes {
			let policy = judged(&candidate.policy);
			assert!(policy.is_truthful(policy.maximum_bid), "{largest}: {candidate:?}");
			let below = at(&policy, candidate.least_rate, 99);
			assert!(!below.is_truthful(policy.maximum_bid), "{largest}: {candidate:?}");
		}
		let best = &found.best;
		assert!(best.verdict.truthful && best.policy.check().is_ok());
		assert_eq!(best.verdict.truthful_up_to, best.policy.maximum_bid);
	}
}

#[test]
fn the_rate_has_the_safety_that_was_asked_for() {
	for safety in [1.0, 1.5, 3.0] {
		let best = find(&Wish { safety, ..quick() }).best.candidate;
		let ratio = best.audit_rate.float() / best.least_rate.float();
		assert!((ratio / safety - 1.0).abs() < 1e-9, "{ratio}");
	}
}

#[test]
fn a_proof_is_never_less_probable_than_is_safe() {
	for confidence in [Confidence::Mean, Confidence::Quantile(Perquintill::from_percent(95))] {
		for byte_price in [1e-6, 1e-3] {
			let found = find(&Wish { confidence, byte_price, ..quick() });
			for terms in found.stakes.iter().filter_map(|it| it.policy.relays) {
				assert_eq!(terms.confidence, confidence);
				assert!(terms.probability >= terms.lowest_probability(), "{terms:?}");
			}
		}
	}
}

/// Half of all liars get away with less than the mean.
#[test]
fn a_confidence_that_does_not_deter_leaves_only_certain_proofs() {
	let confidence = Confidence::Quantile(Perquintill::from_percent(50));
	let found = find(&Wish { confidence, byte_price: 1e-3, ..quick() });
	assert!(found.stakes.iter().all(|it| it.probability == Some(1.0)));
}

#[test]
fn a_fake_share_is_found_as_often_as_asked_for_with_the_fewest_openings() {
	let openings = |detection: &str| {
		let best = find(&Wish { detection: shares(detection)[0], ..quick() }).best;
		assert!(best.opening.detection >= shares(detection)[0]);
		best.policy.openings
	};
	assert_eq!((openings("0"), openings("0.3"), openings("0.8")), (1, 4, 16));
}

#[test]
fn the_closest_lie_gains_less_than_the_truth() {
	for largest in ["1", "4"] {
		let lie = find(&Wish { largest: values(largest)[0], ..quick() }).best.lie.unwrap();
		assert!(lie.identities > lie.split && lie.gain < lie.truth, "{lie:?}");
	}
}

/// Where lying pays, the best lie is the one that the chain finds.
#[test]
fn the_closest_lie_is_the_chains_own_where_it_pays() {
	for candidate in find(&quick()).stakes {
		let policy = at(&judged(&candidate.policy), candidate.least_rate, 50);
		let lie = Lie::best(&policy, policy.maximum_bid).unwrap();
		let attack = policy.incentives().best_attack(policy.maximum_bid);
		assert_eq!((lie.identities, lie.split), (attack.identities, attack.split));
		let gain = attack.utility.float() / policy.audit_rate.float() * lie.truth;
		assert!(lie.gain > lie.truth && (lie.gain / gain - 1.0).abs() < 1e-6, "{lie:?}");
	}
}

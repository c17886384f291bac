use super::{find, quick, shares, values, Wish};
use crate::{number::Float, policy::Candidate};
use capacity_economics::Perquintill;

/// "In this unit cost example, the protocol ends up paying 2 ε*".
#[test]
fn for_suppliers_alike_the_protocol_pays_twice_the_rate() {
	for candidate in find(&quick()).stakes {
		let twice = 2.0 * candidate.audit_rate.float();
		assert!((candidate.cost.audits / twice - 1.0).abs() < 1e-9);
	}
}

#[test]
fn the_parts_add_up() {
	for candidate in find(&Wish { outage: 0.01, byte_price: 1e-4, ..quick() }).stakes {
		let cost = candidate.cost;
		let parts = [
			cost.audits,
			cost.audit_capital,
			cost.relay_capital,
			cost.chain,
			cost.audit_outages,
			cost.relay_outages,
		];
		assert!(parts.iter().all(|part| *part > 0.0), "{cost:?}");
		assert!((parts.iter().sum::<f64>() / cost.total - 1.0).abs() < 1e-9);
	}
}

#[test]
fn the_best_is_the_cheapest_for_any_stake() {
	let found = find(&quick());
	let least = found.stakes.iter().map(|it| it.cost.total).fold(f64::INFINITY, f64::min);
	assert_eq!(found.best.candidate.cost.total, least);
}

#[test]
fn more_allowed_stake_never_makes_the_best_dearer() {
	for interest in [0.01, 0.1, 1.0] {
		for outage in [0.0, 0.02] {
			let total = |most: f64| {
				let wish = Wish { most_stake: Some(most), interest, outage, ..quick() };
				find(&wish).best.candidate.cost.total
			};
			let totals = [3.0, 6.0, 12.0, 40.0, 200.0, 1_000.0].map(total);
			assert!(totals.is_sorted_by(|a, b| a >= b), "{totals:?}");
			assert!(totals[0] > totals[5]);
		}
	}
}

#[test]
fn where_capital_is_free_the_largest_stake_is_chosen() {
	let best = find(&Wish { interest: 0.0, ..quick() }).best;
	assert_eq!(best.policy.stake_factor, values("300")[0]);
}

#[test]
fn the_dearer_capital_the_less_is_staked() {
	let stake = |interest| {
		let wish = Wish { interest, stakes: values("1..1000x13"), ..quick() };
		find(&wish).best.candidate.stake.float()
	};
	let stakes = [0.01, 0.1, 1.0, 10.0, 100.0].map(stake);
	assert!(stakes.is_sorted_by(|a, b| a > b), "{stakes:?}");
}

/// The rate falls nearly as the stake rises, so that what an outage costs hardly depends on it.
#[test]
fn the_more_outages_the_less_is_staked() {
	let stake = |outage| {
		let wish = Wish { outage, claims: 0, stakes: values("50..1000x25"), ..quick() };
		find(&wish).best.candidate.stake.float()
	};
	let stakes = [0.0, 0.1, 0.3, 0.6, 0.9].map(stake);
	assert!(stakes.is_sorted_by(|a, b| a >= b), "{stakes:?}");
	assert!(stakes[4] < stakes[0]);
}

#[test]
fn fewer_claims_are_proven_as_bytes_get_dearer() {
	let probability =
		|byte_price| find(&Wish { byte_price, ..quick() }).best.candidate.probability.unwrap();
	let probabilities = [1e-12, 1e-8, 1e-7, 1e-6, 1e-3].map(probability);
	assert!(probabilities.is_sorted_by(|a, b| a >= b), "{probabilities:?}");
	assert!(probabilities[0] == 1.0 && probabilities[4] < 0.011);
}

#[test]
fn more_claims_are_proven_as_capital_gets_dearer() {
	let probability =
		|interest| find(&Wish { interest, ..quick() }).best.candidate.probability.unwrap();
	let probabilities = [0.001, 0.1, 10.0, 1_000.0].map(probability);
	assert!(probabilities.is_sorted_by(|a, b| a <= b), "{probabilities:?}");
	assert!(probabilities[0] < 0.02 && probabilities[3] == 1.0, "{probabilities:?}");
}

/// Claims above the threshold are always proven, so a higher one saves proofs that no probability can.
#[test]
fn few_proofs_need_a_threshold_above_the_95th_percentile() {
	let thresholds = values("1,2,3");
	let best = find(&Wish { most_proofs: Some(30.0), thresholds, ..quick() }).best;
	assert!(best.candidate.threshold.unwrap() > 1.0 && best.candidate.proofs <= 30.0);
}

#[test]
fn relays_that_stand_in_for_audits_save_their_cost() {
	let wish = Wish {
		margins: values("0.05"),
		price: values("2")[0],
		// Nothing is left of the price that more capacity could be declared for.
		pot_share: Perquintill::from_percent(60),
		..quick()
	};
	let organic = Wish { organic: Perquintill::from_percent(80), ..wish.clone() };
	let (without, with) = (find(&wish).stakes, find(&organic).stakes);
	for (without, with) in without.iter().zip(&with) {
		// For each audit: where relays are credited, more of them may be needed.
		let each = |found: &Candidate| found.cost.audits / found.audit_rate.float();
		assert!(((each(without) - each(with)) / 0.8 - 1.0).abs() < 1e-9);
		assert!(with.policy.relays.unwrap().credit_relays);
	}
}

/// With the least margin the protocol pays least, but suppliers do not get back what their stake costs.
#[test]
fn suppliers_are_left_with_as_much_as_is_asked_for() {
	let wish = Wish { margins: values("0.1,0.3,1,3"), ..quick() };
	let any = find(&wish).best;
	let kept = find(&Wish { least_gain: Some(0.0), ..wish }).best;
	assert!(any.candidate.supplier_gain < 0.0 && kept.candidate.supplier_gain >= 0.0);
	assert_eq!(any.policy.margin, values("0.1")[0]);
	assert!(kept.candidate.cost.total > any.candidate.cost.total);
}

/// At p = 1/2 the chain's penalty is twice a claim's worth, and the claim is forfeited besides.
#[test]
fn an_outage_costs_the_claim_and_its_penalty() {
	let wish = Wish {
		outage: 0.01,
		probabilities: shares("0.5"),
		stakes: values("10"),
		curvatures: values("2"),
		..quick()
	};
	let found = find(&wish).best.candidate;
	let rate = found.audit_rate.float();
	// One claim in twenty is always proven, the rest if audited or drawn.
	let proven = 0.05 + 0.95 * (rate + (1.0 - rate) * 0.5);
	let expected = 0.01 * proven * 3.0;
	assert!((found.cost.relay_outages / expected - 1.0).abs() < 1e-9);
	assert!((found.cost.audit_outages / (0.01 * rate * 10.0) - 1.0).abs() < 1e-9);
}

#[test]
fn a_service_without_relays_pays_for_audits_alone() {
	let best = find(&Wish { claims: 0, ..quick() }).best;
	assert!(best.policy.relays.is_none() && best.candidate.cost.relay_capital == 0.0);
	let audits = 1_000.0 * best.candidate.audit_rate.float();
	assert!((best.candidate.proofs / audits - 1.0).abs() < 1e-9);
}

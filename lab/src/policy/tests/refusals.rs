use super::{find, quick, refusal, shares, values, Wish};
use capacity_economics::{Confidence, Perquintill};

/// The number after these words.
fn after(text: &str, words: &str) -> f64 {
	let rest = text.split(words).nth(1).unwrap_or_else(|| panic!("{words:?} is not in {text}"));
	rest.split_whitespace().next().unwrap().parse().unwrap()
}

/// What is named as nearest can be had, and nothing nearer.
#[test]
fn too_little_stake_is_refused_with_the_least() {
	let wish = Wish { most_proofs: Some(100.0), ..quick() };
	let text = refusal(&Wish { most_stake: Some(5.0), ..wish.clone() });
	assert!(text.contains("--most-stake 5"), "{text}");
	let least = after(&text, "at least ");
	assert!(least > 5.0);
	find(&Wish { most_stake: Some(least + 0.1), ..wish.clone() });
	refusal(&Wish { most_stake: Some(least - 0.1), ..wish });
}

#[test]
fn too_few_proofs_are_refused_with_the_fewest() {
	let text = refusal(&Wish { most_proofs: Some(1.0), ..quick() });
	assert!(text.contains("--most-proofs 1"), "{text}");
	let fewest = after(&text, "at least ");
	find(&Wish { most_proofs: Some(fewest + 0.1), ..quick() });
	refusal(&Wish { most_proofs: Some(fewest - 0.1), ..quick() });
}

#[test]
fn limits_that_exclude_each_other_are_named_together() {
	let wish = Wish { most_stake: Some(20.0), most_proofs: Some(80.0), ..quick() };
	find(&Wish { most_stake: None, ..wish.clone() });
	find(&Wish { most_proofs: None, ..wish.clone() });
	let text = refusal(&wish);
	assert!(text.contains("--most-stake 20") && text.contains("--most-proofs 80"), "{text}");
	find(&Wish { most_stake: Some(after(&text, "proofs at least ") + 0.1), ..wish.clone() });
	find(&Wish { most_proofs: Some(after(&text, "locked at least ") + 0.1), ..wish });
}

#[test]
fn too_much_gain_is_refused_with_the_most() {
	let text = refusal(&Wish { least_gain: Some(2.0), ..quick() });
	assert!(text.contains("--least-gain 2"), "{text}");
	let most = after(&text, "left with ");
	find(&Wish { least_gain: Some(most - 1e-4), ..quick() });
	refusal(&Wish { least_gain: Some(most + 1e-4), ..quick() });
}

#[test]
fn a_detection_that_no_number_of_openings_has_is_refused_with_the_number_it_takes() {
	let text = refusal(&Wish { detection: shares("0.99")[0], ..quick() });
	// 0.9^43 is 0.0108, 0.9^44 is 0.0097.
	assert!(text.contains("--detection 0.99") && text.contains("takes 44"), "{text}");
}

#[test]
fn a_confidence_below_the_mean_is_refused_where_proofs_are_not_certain() {
	let half = Confidence::Quantile(Perquintill::from_percent(50));
	let wish = Wish { confidence: half, probabilities: shares("0.01,0.1,0.5"), ..quick() };
	let text = refusal(&wish);
	let percent: u64 = text.split("0.").nth(1).unwrap()[..2].parse().unwrap();
	let level = |percent| Confidence::Quantile(Perquintill::from_percent(percent));
	find(&Wish { confidence: level(percent), ..wish.clone() });
	refusal(&Wish { confidence: level(percent - 1), ..wish });
}

#[test]
fn credit_that_would_pay_for_unserved_relays_is_refused() {
	let text = refusal(&Wish { organic: Perquintill::from_percent(50), ..quick() });
	// The pot gets 5 % of the price.
	assert!(text.contains("the margin may be 0.05"), "{text}");
}

#[test]
fn contradictions_name_the_option() {
	let cases = [
		("--margin", Wish { margins: values("0"), ..quick() }),
		("--claims-per-session", Wish { claims: 1_001, ..quick() }),
		("--sizes", Wish { sizes: values("1,2"), ..quick() }),
		("--largest", Wish { largest: values("0.5")[0], ..quick() }),
		("--smallest", Wish { smallest: values("2")[0], ..quick() }),
		("--safety", Wish { safety: 0.9, ..quick() }),
		("--capacity-cost", Wish { capacity_cost: 100, ..quick() }),
		("--curvature", Wish { curvatures: values("0.5"), ..quick() }),
		("--outage", Wish { outage: 2.0, ..quick() }),
	];
	for (option, wish) in cases {
		let text = refusal(&wish);
		assert!(text.contains(option), "{option}: {text}");
	}
}

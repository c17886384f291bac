use super::{find, quick, Wish};
use crate::{
	figure::Layer,
	policy::{figure, text, Network},
};
use capacity_protocol::{Policy, StandardWork};

#[test]
fn every_network_has_something_to_search_and_to_want() {
	let wishes = [Network::Small, Network::Open, Network::Hardware].map(Wish::of);
	for wish in wishes.iter().chain([&Wish::default()]) {
		wish.check().unwrap();
		assert!(wish.curvatures.len() > 1 && wish.stakes.len() > 1 && !wish.margins.is_empty());
		assert!(wish.probabilities.len() > 1 && !wish.thresholds.is_empty());
		assert!(!wish.openings.is_empty());
	}
}

#[test]
fn every_networks_wish_can_be_met() {
	for network in [Network::Small, Network::Open, Network::Hardware] {
		let wish = Wish::of(network);
		let found = find(&wish);
		let best = &found.best;
		assert!(best.verdict.truthful_up_to == best.policy.maximum_bid);
		assert!(wish.most_stake.is_none_or(|most| best.candidate.locked <= most));
		assert!(wish.most_proofs.is_none_or(|most| best.candidate.proofs <= most));
	}
}

#[test]
fn the_policy_survives_its_journey_as_json() {
	let found = find(&quick());
	let json = serde_json::to_string(&found).unwrap();
	let json: serde_json::Value = serde_json::from_str(&json).unwrap();
	let policy: Policy<StandardWork> =
		serde_json::from_value(json["best"]["policy"].clone()).unwrap();
	assert_eq!(policy, found.best.policy);
	assert_eq!(json["stakes"].as_array().unwrap().len(), found.stakes.len());
}

#[test]
fn the_command_takes_over_what_is_given() {
	let run = |options: &str| {
		let line = format!("lab policy {options}");
		crate::commands::execute(line.split_whitespace()).map(|outcome| outcome.json)
	};
	let json = run("--network small --stake 20 --curvature 2 --claims-per-session 0").unwrap();
	let (best, wish) = (&json["best"], &json["wish"]);
	assert_eq!((&best["stake"], &best["curvature"]), (&20.0.into(), &2.0.into()));
	assert_eq!((&wish["suppliers"], &wish["claims"]), (&20.into(), &0.into()));
	let json = run("--largest 2 --stake 100 --interest 20% --confidence 0.95").unwrap();
	assert_eq!(json["wish"]["sizes"], serde_json::json!([1.0, 2.0]));
	assert_eq!(json["wish"]["mostProofs"], 100.0);
	assert!(run("--network small --most-stake 0.5").is_err());
}

#[test]
fn the_figure_has_a_point_for_each_stake() {
	let found = find(&quick());
	let figure = figure(&found, "lab policy");
	let lines: Vec<_> = figure.panels[0]
		.layers
		.iter()
		.filter_map(|layer| match layer {
			Layer::Line { points, .. } => Some(points.len()),
			_ => None,
		})
		.collect();
	// Without outages there is no line for them.
	assert_eq!(lines, [found.stakes.len(); 4]);
}

#[test]
fn the_text_has_every_parameter_that_must_be_chosen() {
	let text = text(&find(&quick()));
	for name in ["ρ", "σ", "margin", "ε", "R", "p", "k", "least stake", "verdict", "lie"] {
		assert!(text.contains(name), "{name} is not in {text}");
	}
}

/// The README's figure for ten thousand relays.
#[test]
fn a_proof_of_sixteen_openings_has_seven_kilobytes() {
	let found = find(&Wish { proof_bytes: None, ..quick() });
	assert_eq!(found.best.policy.openings, 16);
	assert!((6_500.0..7_700.0).contains(&found.best.opening.bytes), "{:?}", found.best.opening);
}

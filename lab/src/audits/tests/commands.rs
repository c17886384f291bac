use crate::commands::execute;

fn text(line: &str) -> String {
	execute(line.split(' ')).unwrap().text
}

#[test]
fn the_documents_example_is_in_the_default_table() {
	let outcome = execute(["lab", "audit-rate"]).unwrap();
	assert!(outcome.text.contains("0.2222"), "{}", outcome.text);
	assert_eq!(outcome.json["leastRates"].as_array().unwrap().len(), 20);
	assert_eq!(outcome.figures.len(), 1);
}

#[test]
fn many_curvatures_and_stakes_make_a_heat_map() {
	let outcome = execute(["lab", "audit-rate", "--curvature", "1.3..3:9", "--stake", "1..32:10"]);
	let figure = &outcome.unwrap().figures[0];
	let crate::figure::Layer::Heat { xs, ys, values, .. } = &figure.panels[0].layers[0] else {
		panic!("{figure:?}");
	};
	assert_eq!((xs.len(), ys.len(), values.len()), (10, 9, 90));
	// From the lowest curvature, and within it by stake.
	assert_eq!(values[0], values.iter().copied().fold(0.0, f64::max));
	assert_eq!(values[89], values.iter().copied().fold(1.0, f64::min));
	assert!(figure.caption.contains("--curvature 1.3..3:9 --stake 1..32:10"), "{}", figure.caption);
}

#[test]
fn a_schedule_says_for_whom_a_policy_is_truthful() {
	let line = "lab audit-rate --schedule --curvature 2 --stake 8 --capacity 1,2 --rate 0.12";
	let outcome = execute(line.split(' ')).unwrap();
	// S · κ/κ² ≥ (1 − ε)/ε up to κ = 8 · 0.12 / 0.88.
	let reach = outcome.json["policies"][0]["truthfulUpTo"].as_f64().unwrap();
	assert!((reach - 8.0 * 0.12 / 0.88).abs() < 1e-6, "{reach}");
	assert!(outcome.text.contains("1.0909"), "{}", outcome.text);
}

#[test]
fn linear_rewards_have_no_rate_unless_bids_have_a_minimum() {
	let line = "lab audit-rate --curvature 1 --stake 40";
	assert!(text(line).contains("1.000000"), "{}", text(line));
	let line = format!("{line} --schedule --capacity 1 --minimum-bid 0.5");
	assert!(text(&line).contains("0.111111"), "{}", text(&line));
}

#[test]
fn the_documents_two_rates_are_the_default_of_sybil() {
	let text = text("lab sybil");
	assert!(text.contains("ε = 0.017: the best of all is 44 bids of 1/5: 0.0245"), "{text}");
	assert!(text.contains("ε = 0.034: the truth is best"), "{text}");
}

#[test]
fn linear_rewards_concentrate() {
	let outcome = execute(["lab", "sybil", "--linear"]).unwrap();
	assert_eq!(outcome.json.as_array().unwrap().len(), 4);
	assert!(outcome.json[3]["utility"].as_f64().unwrap() > 0.5);
}

#[test]
fn nonsense_is_refused() {
	for line in [
		"lab audit-rate --curvature 0.5",
		"lab audit-rate --capacity 2",
		"lab audit-rate --schedule --capacity 0.1 --minimum-bid 0.5",
		"lab sybil --split 0",
		"lab sybil --curvature 0.9",
		"lab sybil --rate 2",
		"lab sybil --linear --rate 1",
	] {
		assert!(execute(line.split(' ')).is_err(), "{line}");
	}
}

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
	let line = "lab audit-rate --curvature 2 --stake 10 --capacity 1,2 --rate 0.1,0.104";
	let outcome = execute(line.split(' ')).unwrap();
	let reach = |at: usize| outcome.json["policies"][at]["truthfulUpTo"].as_f64().unwrap();
	assert!(reach(0) > 1.0 && reach(0) < 2.0, "{}", reach(0));
	assert_eq!(reach(1), 1e6);
	assert!(outcome.text.contains("more than 1000000"), "{}", outcome.text);
}

/// The table of the design.
#[test]
fn least_rates_stand_beside_those_of_a_stake_like_the_cost() {
	let rows = |options: &str| {
		let all = text(&format!("lab audit-rate --capacity 1,2,4,10,inf {options}"));
		let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
		all.lines().map(words).collect::<Vec<_>>()
	};
	for (curvature, stake, like_reward, like_cost) in [
		("1.5", "10", "0.1111 0.1706 0.1941 0.1941 0.1941", "0.1111 0.1706 0.2008 0.2471 1.0000"),
		("2", "5", "0.1667 0.1667 0.1667 0.1667 0.1667", "0.1667 0.2857 0.4444 0.6667 1.0000"),
		("2", "10", "0.0909 0.1031 0.1031 0.1031 0.1031", "0.0909 0.1667 0.2857 0.5000 1.0000"),
		("2", "25", "0.0385 0.0652 0.0687 0.0687 0.0687", "0.0385 0.0741 0.1379 0.2857 1.0000"),
	] {
		let found = rows(&format!("--curvature {curvature} --stake {stake}"));
		for rates in [like_reward, like_cost] {
			let row: Vec<_> = [curvature, stake].into_iter().chain(rates.split(' ')).collect();
			assert!(found.iter().any(|found| *found == row), "{row:?} in {found:?}");
		}
	}
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
		"lab audit-rate --capacity infinite",
		"lab audit-rate --schedule --capacity 0.1 --minimum-bid 0.5",
		"lab sybil --split 0",
		"lab sybil --curvature 0.9",
		"lab sybil --rate 2",
		"lab sybil --linear --rate 1",
	] {
		assert!(execute(line.split(' ')).is_err(), "{line}");
	}
}

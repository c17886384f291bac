use crate::commands::execute;

const SMALL: [&str; 6] =
	["lab", "simulate", "--sessions", "20", "--population", "honest=5,silent=5"];

fn played(options: &[&str]) -> serde_json::Value {
	execute(SMALL.iter().chain(options)).unwrap().json
}

#[test]
fn each_policy_of_a_sweep_is_played_as_it_is_alone() {
	let steps = played(&["--rate", "0.05,0.2"]);
	assert_eq!(steps.as_array().unwrap().len(), 2);
	for (step, rate) in steps.as_array().unwrap().iter().zip(["0.05", "0.2"]) {
		assert_eq!(step["report"], played(&["--rate", rate]));
	}
}

#[test]
fn a_sweep_tells_what_differs_and_nothing_else() {
	let rates = execute(SMALL.iter().chain(&["--rate", "0.05,0.2", "--stake", "4"])).unwrap();
	assert!(rates.text.contains("rate") && !rates.text.contains("stake"));
	assert_eq!(rates.figures.len(), 1);
	let both = execute(SMALL.iter().chain(&["--rate", "0.05,0.2", "--stake", "4,8"])).unwrap();
	assert!(both.text.contains("rate") && both.text.contains("stake"));
	assert_eq!(both.json.as_array().unwrap().len(), 4);
	assert!(both.figures.is_empty(), "two numbers do not fit on one axis");
}

use crate::{
	audits::{
		map::checked,
		portfolio::{Search, Stage, MOST_BIDS},
		Capacities, Capacity, Schedule,
	},
	number::{decimal, probability, Float},
	outcome::table,
	Outcome, Progress,
};
use anyhow::{ensure, Result};
use capacity_economics::{FixedU128, Perquintill};

/// Whether bids of different sizes gain more than the truth
///
/// The least audit rate ε* is the one above which no bids of one size gain more than the truth. This
/// tries portfolios of bids of any sizes at that rate: random ones, and the best of them with small
/// changes. Of what is drawn the best part that can be delivered is, whatever the draw. Only portfolios
/// that declare more than the capacity count. The same --seed tries the same.
#[derive(Debug, clap::Args)]
pub struct Args {
	/// Curvature ρ of the reward, from 1 (linear)
	#[arg(long, value_name = "NUMBER", default_value = "2", value_parser = decimal)]
	curvature: FixedU128,
	/// Stake factor σ: stake of a bid of C, in its rewards
	#[arg(long, value_name = "NUMBER", default_value = "10", value_parser = decimal)]
	stake: FixedU128,
	/// Capacity κ of a supplier, in reference capacities C, or inf
	#[arg(long, value_name = "VALUES", default_value = "1,2,4,10,inf")]
	capacity: Capacities,
	/// Audit rate ε [default: the least one for each capacity]
	#[arg(long, value_name = "PROBABILITY", value_parser = probability)]
	rate: Option<Perquintill>,
	/// Most bids of a portfolio, up to 12
	#[arg(long, value_name = "NUMBER", default_value_t = 8)]
	bids: usize,
	/// Random portfolios for each capacity
	#[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
	count: usize,
	/// Where the random numbers begin
	#[arg(long, value_name = "NUMBER", default_value_t = 1)]
	seed: u64,
}

pub fn run(args: &Args, progress: Progress) -> Result<Outcome> {
	checked(args.curvature)?;
	ensure!((2..=MOST_BIDS).contains(&args.bids), "--bids: a portfolio has 2 to {MOST_BIDS} bids");
	ensure!(args.count > 0, "--count: at least one portfolio is needed");
	let searched = |capacity: &Capacity| {
		let stage = stage(args, *capacity)?;
		Ok(stage.search(args.count, args.bids, args.seed, progress))
	};
	let found: Vec<Search> = args.capacity.all().iter().map(searched).collect::<Result<_>>()?;
	let text = text(args, &found);
	Outcome::new(&found, text, Vec::new())
}

fn stage(args: &Args, capacity: Capacity) -> Result<Stage> {
	let schedule = Schedule { curvature: args.curvature, stake: args.stake, ..Schedule::plain() };
	let rate = match args.rate {
		Some(rate) => rate,
		None => schedule.least_rate(capacity)?.rate,
	};
	ensure!(rate > Perquintill::zero(), "--rate: without audits the truth gains nothing");
	Ok(Stage {
		curvature: args.curvature.float(),
		stake: args.stake.float(),
		capacity: Some(capacity.float()).filter(|kappa| kappa.is_finite()),
		rate: rate.float(),
	})
}

fn text(args: &Args, found: &[Search]) -> String {
	let row = |found: &Search| {
		let sizes: Vec<_> = found.improved.bids.iter().map(|bid| format!("{bid:.3}")).collect();
		[
			found.stage.capacity.map_or("∞".into(), |kappa| kappa.to_string()),
			format!("{:.6}", found.stage.rate),
			format!("{:.6}", found.best.of_truth),
			format!("{:.6}", found.improved.of_truth),
			sizes.join(" "),
		]
	};
	let drawn = table(
		["κ", "ε", "best found, × truth", "improved, × truth", "its bids, × capacity"],
		found.iter().map(row),
	);
	let (rho, sigma) = (args.curvature.float(), args.stake.float());
	let better = found.iter().filter(|found| found.improved.beats_the_truth()).count();
	let verdict = match better {
		0 => "none gains more than the truth".to_owned(),
		count => format!("the truth is beaten at {count} of {} capacities", found.len()),
	};
	format!(
		"ρ = {rho}, σ = {sigma}, {} portfolios of up to {} bids for each capacity: {verdict}\n\n{drawn}",
		args.count, args.bids
	)
}

#[cfg(test)]
mod tests {
	use crate::commands::execute;

	fn run(options: &str) -> crate::Outcome {
		execute(format!("lab portfolio {options}").split_whitespace()).unwrap()
	}

	#[test]
	fn at_the_least_rate_nothing_beats_the_truth_and_below_it_something_does() {
		let outcome = run("--count 2000 --capacity 1,inf");
		assert!(outcome.text.contains("none gains more than the truth"), "{}", outcome.text);
		assert_eq!(outcome.json.as_array().unwrap().len(), 2);
		let outcome = run("--count 2000 --capacity 1 --rate 0.08");
		assert!(outcome.text.contains("beaten at 1 of 1"), "{}", outcome.text);
	}

	#[test]
	fn nonsense_is_refused() {
		for options in ["--bids 1", "--bids 13", "--count 0", "--rate 0", "--curvature 0.5"] {
			let line = format!("lab portfolio {options}");
			assert!(execute(line.split_whitespace()).is_err(), "{options}");
		}
	}
}

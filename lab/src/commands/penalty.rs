use crate::{
	number::Float,
	outcome::table,
	proofs::{
		figures, geometric,
		penalty::{deterrence, escapes, Deterrence, Escapes, Levels},
		text::{amount, gain, number, percent},
	},
	Outcome, Progress, Values,
};
use anyhow::Result;
use serde::Serialize;

/// What deters false claims: the penalty, the stake, and the chances of getting away
///
/// A claim below the threshold must be proven with probability p. Who makes false claims until one is
/// caught, a try, gets away with K of them, which is geometric with mean (1−p)/p. The penalty outweighs
/// that mean, or a quantile of K. The defaults are the examples of "Probabilistic Proofs".
#[derive(Debug, clap::Args)]
pub struct Args {
	/// Probability p that a claim must be proven, above 0
	#[arg(long, value_name = "VALUES", default_value = "0.5,0.25,0.2,0.1,0.01,0.001")]
	probability: Values,
	/// What a false claim brings, R: the threshold from which claims are always proven, in tokens
	#[arg(long, value_name = "VALUES", default_value = "20")]
	reward: Values,
	/// What the penalty outweighs: the mean of K, or its quantile at levels between 0 and 1
	#[arg(long, value_name = "LEVELS", default_value = "mean,0.95")]
	confidence: Levels,
	/// What the minimum stake has for audits, in tokens
	#[arg(long, value_name = "TOKENS", default_value = "0", value_parser = crate::number::decimal)]
	audit_stake: capacity_economics::FixedU128,
	/// Numbers of false claims to get away with
	#[arg(long, value_name = "VALUES", default_value = "0,9,49,99,298,499")]
	tries: Values,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
	penalties: Vec<Deterrence>,
	means: Vec<Mean>,
	escapes: Vec<Escapes>,
}

/// How often a try is caught by its mean.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mean {
	probability: f64,
	caught: f64,
}

pub fn run(args: &Args, _progress: Progress) -> Result<Outcome> {
	let probabilities = args.probability.probabilities()?;
	let mut found = Found { penalties: Vec::new(), means: Vec::new(), escapes: Vec::new() };
	let tries = args.tries.integers()?;
	for p in &probabilities {
		for reward in args.reward.all() {
			for level in args.confidence.all() {
				found.penalties.push(deterrence(*p, *reward, *level, args.audit_stake)?);
			}
		}
		let caught = geometric::caught_by_the_mean(*p)?;
		found.means.push(Mean { probability: p.float(), caught });
		found.escapes.extend(tries.iter().map(|k| escapes(*p, *k)));
	}
	let mut drawn = vec![figures::geometric(&probabilities)?];
	for reward in args.reward.all() {
		let mut figure = figures::penalty(args.confidence.all(), *reward, &probabilities)?;
		if args.reward.all().len() > 1 {
			figure.name = format!("{}-{}", figure.name, number(reward.float()));
		}
		drawn.push(figure);
	}
	Outcome::new(&found, text(&found), drawn)
}

fn text(found: &Found) -> String {
	let penalties = table(
		["p", "proofs", "E[K]", "R", "confidence", "penalty S", "S/R", "minimum stake"],
		found.penalties.iter().map(|row| {
			[
				number(row.probability.float()),
				format!("÷ {}", amount(row.scale, 2)),
				amount(row.expected_escapes.float(), 2),
				amount(row.reward.float(), 6),
				row.confidence.clone(),
				amount(row.penalty.float(), 2),
				amount(row.outweighed, 2),
				amount(row.minimum_stake.float(), 2),
			]
		}),
	);
	let tries = table(
		[
			"p",
			"R",
			"confidence",
			"a try brings",
			"gains in",
			"then, on average",
			"loses in",
			"safe from p =",
		],
		found.penalties.iter().map(|row| {
			[
				number(row.probability.float()),
				amount(row.reward.float(), 6),
				row.confidence.clone(),
				gain(row.expected_gain.float(), 2),
				percent(row.chance_of_gain),
				gain(row.gain_if_any, 2),
				percent(row.chance_of_loss),
				number(row.lowest_safe_probability.float()),
			]
		}),
	);
	let means = table(
		["p", "caught by the mean", "got away with more"],
		found.means.iter().map(|mean| {
			let more = percent(1.0 - mean.caught);
			[number(mean.probability), percent(mean.caught), more]
		}),
	);
	let escapes = table(
		["k", "p", "exactly k", "k or fewer", "more than k"],
		found.escapes.iter().map(|row| {
			[
				row.k.to_string(),
				number(row.probability.float()),
				percent(row.exactly),
				percent(row.at_most),
				percent(row.more_than),
			]
		}),
	);
	format!(
		"What deters\n\n{penalties}\nA try: false claims until one is caught\n\n{tries}\n{means}\n\
		 False claims that one gets away with\n\n{escapes}"
	)
}

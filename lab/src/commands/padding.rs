use crate::{
	number::Float,
	outcome::table,
	proofs::{
		figures,
		padding::{measure, profit::LeastOpenings, Found, Row, Setting},
		text::{amount, gain, number, percent},
	},
	Outcome, Progress, Values,
};
use anyhow::Result;
use std::collections::BTreeSet;

/// How often a padded claim is caught, and what padding gains: real tries, real openings
///
/// Builds claims of honest leaves and a fake part that is spread over as many leaves, put into one fat
/// leaf, or hidden under one long prefix of the path space. Draws challenges from the seeds of many
/// sessions, by position of the weight as the chain does, and by path with the leaf closest to it, and
/// checks the proof that the supplier can make. The same --seed counts the same again.
#[derive(Debug, clap::Args)]
pub struct Args {
	/// Share f of the claim's weight that is fake, below 1
	#[arg(long, value_name = "VALUES", default_value = "0.01,0.1,0.25,0.5,0.75,0.9")]
	share: Values,
	/// Places k at which a claim is opened
	#[arg(long, value_name = "VALUES", default_value = "1,4,16")]
	openings: Values,
	/// Units of a claim, honest and fake; honest ones stand in leaves of weight one
	#[arg(long, value_name = "COUNT", default_value_t = 2_000)]
	units: u64,
	/// Sessions in which each claim is challenged
	#[arg(long, value_name = "COUNT", default_value_t = 1_000)]
	trials: u32,
	/// Bits of the prefix under which a corner's fakes stand; finding honest paths beside it takes about
	/// 2^(bits + 1) hashes, which are not made here
	#[arg(long, value_name = "BITS", default_value_t = 20)]
	bits: u32,
	/// Probability p that a claim below the threshold must be proven, from which the penalty of claims
	/// above it follows, too
	#[arg(long, value_name = "P", default_value = "0.01", value_parser = crate::number::probability)]
	probability: capacity_economics::Perquintill,
	/// Which random sessions
	#[arg(long, value_name = "NUMBER", default_value_t = 1)]
	seed: u64,
}

pub fn run(args: &Args, progress: Progress) -> Result<Outcome> {
	let openings = args.openings.integers()?.into_iter().map(u32::try_from);
	let setting = Setting {
		units: args.units,
		shares: args.share.probabilities()?,
		openings: openings.collect::<Result<_, _>>()?,
		trials: args.trials,
		bits: args.bits,
		probability: args.probability,
		seed: args.seed,
	};
	let found = measure(&setting, progress)?;
	let drawn = vec![figures::padding_detection(&found), figures::padding_profit(&found)];
	let text = text(&found, setting.probability.float());
	Outcome::new(&found, text, drawn)
}

fn text(found: &Found, probability: f64) -> String {
	let counts: BTreeSet<u32> = found.rows.iter().map(|row| row.openings).collect();
	let joined = |rows: &[&Row], what: fn(&Row) -> String| {
		rows.iter().map(|row| what(row)).collect::<Vec<_>>().join(" / ")
	};
	// One line for all numbers of openings; `certain` has one for each of them already.
	let line = |least: &LeastOpenings| {
		let same = |row: &&Row| {
			(row.challenge, row.strategy, row.share)
				== (least.challenge, least.strategy, least.share)
		};
		let rows: Vec<_> = found.rows.iter().filter(same).collect();
		[
			least.challenge.name().into(),
			least.strategy.name().into(),
			percent(least.share),
			joined(&rows, |row| format!("{:.1}", row.measured * 100.0)) + " %",
			joined(&rows, |row| format!("{:.1}", row.formula * 100.0)) + " %",
			joined(&rows, |row| gain(row.gain, 2)),
			gain(least.gain_with_one, 2),
			least.openings.map_or("none".into(), |openings| amount(openings.into(), 0)),
		]
	};
	let mut lines: Vec<_> = found.certain.iter().collect();
	lines.sort_by_key(|least| (least.challenge.name() == "path", least.strategy.name()));
	let header = [
		"challenge",
		"fakes",
		"fake",
		"caught",
		"by formula",
		"gain",
		"gain if always proven",
		"least k",
	];
	let rows = table(header, lines.into_iter().map(line));
	let outside = found.rows.iter().filter(|row| !row.agrees()).count();
	let counts: Vec<_> = counts.into_iter().map(|count| count.to_string()).collect();
	format!(
		"Claims of {} units, a part of them fake. Caught, if a proof with k = {} openings is asked for, \
		 and the\ngain over an honest claim, in the claim's worth W: with the penalty W(1−p)/p it is the \
		 same for every p.\nThe last two columns: a claim worth the threshold, always proven, one \
		 opening, the penalty R(1−p)/p of\np = {}; and the least k at which padding gains nothing.\n\n\
		 {rows}\n{} of {} formulas lie outside the 99.9 % intervals of what was counted.\n",
		amount(found.units as f64, 0),
		counts.join(" / "),
		number(probability),
		outside,
		found.rows.len(),
	)
}

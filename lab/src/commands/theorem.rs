use crate::{
	number::Float,
	outcome::table,
	proofs::{
		figures,
		text::{amount, number, percent},
		theorem::{findings, Finding, Found, Setting},
	},
	Outcome, Progress, Values,
};
use anyhow::Result;

/// Why the penalty W/p is exact: what faking any share of a claim gains
///
/// A claim worth W, a share f of it fake, is proven with probability p and opened at k places. An honest
/// claim would have earned (1−f)W. For every share of a grid the gain of faking is compared with that in
/// whole numbers: under the chain's rules (openings drawn by weight, a penalty that does not count on
/// forfeiture), with a smaller penalty, with the one that does, for a claimant that owns the other payers
/// and for one that owns none, where a claim is paid although its proof failed, and where challenges
/// are drawn by path.
#[derive(Debug, clap::Args)]
pub struct Args {
	/// Probability p that a claim must be proven, above 0
	#[arg(long, value_name = "VALUES", default_value = "0.2,0.01")]
	probability: Values,
	/// What the claim is worth, W, in tokens
	#[arg(long, value_name = "TOKENS", default_value = "20", value_parser = crate::number::decimal)]
	worth: capacity_economics::FixedU128,
	/// Places k at which a claim is opened
	#[arg(long, value_name = "VALUES", default_value = "1,16")]
	openings: Values,
	/// Shares that are looked at: evenly, up to the whole claim
	#[arg(long, value_name = "COUNT", default_value_t = 1_000)]
	shares: u32,
	/// By how much of itself the smaller penalty falls short
	#[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = crate::number::probability)]
	short: capacity_economics::Perquintill,
	/// Honest leaves beside a fat one, where challenges are drawn by path
	#[arg(long, value_name = "COUNT", default_value_t = 10_000)]
	leaves: u64,
	/// Bits of the prefix of a corner, where challenges are drawn by path
	#[arg(long, value_name = "BITS", default_value_t = 64)]
	bits: u32,
}

pub fn run(args: &Args, _progress: Progress) -> Result<Outcome> {
	let openings = args.openings.integers()?.into_iter().map(u32::try_from);
	let setting = Setting {
		probabilities: args.probability.probabilities()?,
		worth: args.worth,
		openings: openings.collect::<Result<_, _>>()?,
		shares: args.shares,
		short: args.short,
		leaves: args.leaves,
		bits: args.bits,
	};
	let found = findings(&setting)?;
	let text = text(&found);
	Outcome::new(&found, text, vec![figures::theorem(&setting)?])
}

fn text(found: &Found) -> String {
	let row = |row: &Finding| {
		[
			row.rule.clone(),
			number(row.probability.float()),
			row.openings.to_string(),
			amount(row.penalty.float(), 2),
			format!("{} of {}", amount(row.gaining.into(), 0), amount(row.shares.into(), 0)),
			match row.gaining {
				0 => "none: 0".into(),
				_ => percent(row.best_share.float()),
			},
			percent(row.best_gain),
			row.least_penalty.map_or("none is enough".into(), |least| amount(least, 2)),
		]
	};
	let header = [
		"rule",
		"p",
		"k",
		"Q",
		"shares that gain",
		"best share",
		"gain, of W",
		"least Q that deters",
	];
	let rules = table(header, found.findings.iter().map(row));
	let mut text = format!("{rules}\n");
	for tight in &found.tightness {
		text += &format!(
			"p = {}, k = {}: with Q = W/p − f·W {} of {} shares f gain, with one unit of 10⁻¹⁸ less {}.\n",
			number(tight.probability.float()),
			tight.openings,
			amount(tight.gaining.into(), 0),
			amount(tight.shares.into(), 0),
			amount(tight.gaining_with_a_unit_less.into(), 0),
		);
	}
	text
}

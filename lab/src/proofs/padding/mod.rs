//! Padded claims, built and challenged for real: how often their fake part is found, and what it
//! gains (sections 5.1 and 5.2 of the design).

pub mod adversary;
pub mod challenge;
pub mod profit;

use crate::{number::Float, Progress};
use adversary::{pad, Strategy};
use anyhow::{ensure, Result};
use capacity_economics::{detection, wilson_lower_bound, FixedU128, Perquintill};
use challenge::{caught, seed, Challenge};
use profit::{least_openings, LeastOpenings};
use rayon::prelude::*;
use serde::Serialize;

/// What is asked of [`measure`].
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
	/// Units of a claim, honest and fake.
	pub units: u64,
	/// Fake shares of a claim's weight, below one.
	pub shares: Vec<Perquintill>,
	pub openings: Vec<u32>,
	/// Sessions whose seeds are tried.
	pub trials: u32,
	/// Bits of the prefix of a corner.
	pub bits: u32,
	/// `p` of claims below the threshold, from which the penalty follows.
	pub probability: Perquintill,
	/// Which random sessions.
	pub seed: u64,
}

impl Default for Setting {
	fn default() -> Self {
		let percent = [1, 10, 25, 50, 75, 90];
		Self {
			units: 2_000,
			shares: percent.map(Perquintill::from_percent).to_vec(),
			openings: vec![1, 4, 16],
			trials: 1_000,
			bits: 20,
			probability: Perquintill::from_percent(1),
			seed: 1,
		}
	}
}

/// How often one kind of claim was found out, and what that means.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
	pub challenge: Challenge,
	pub strategy: Strategy,
	pub openings: u32,
	/// The fake share of the weight.
	pub share: f64,
	pub trials: u32,
	pub caught: u32,
	/// The share of trials in which it was caught, and Wilson's 99.9 % interval around it.
	pub measured: f64,
	pub low: f64,
	pub high: f64,
	/// What it should be: `1 − (1−f)^k` by position, and by path with the share of the path space
	/// whose closest leaf is fake in place of `f`.
	pub formula: f64,
	/// What padding gains over an honest claim, in the claim's worth, with the penalty of section 5.2
	/// and the measured detection. The same for every probability of a proof.
	pub gain: f64,
	/// The same with the formula.
	pub expected_gain: f64,
}

impl Row {
	/// Whether the formula lies in the interval.
	pub fn agrees(&self) -> bool {
		(self.low..=self.high).contains(&self.formula)
	}
}

/// Everything that `lab padding` finds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
	pub rows: Vec<Row>,
	/// For claims at or above the threshold, whose proof is certain.
	pub certain: Vec<LeastOpenings>,
	/// Bits of a corner's prefix.
	pub bits: u32,
	/// Units of a claim.
	pub units: u64,
	/// `p` of claims below the threshold.
	pub probability: f64,
}

/// The quantile of the normal distribution for 99.9 %, both sides.
fn quantile() -> FixedU128 {
	FixedU128::from_rational(3_291, 1_000)
}

/// Builds every kind of claim, draws challenges for it in many sessions, and counts.
pub fn measure(setting: &Setting, progress: Progress) -> Result<Found> {
	ensure!(setting.trials > 0, "at least one session has to be tried");
	ensure!(
		setting.openings.iter().all(|openings| *openings > 0),
		"a proof has an opening at least"
	);
	let kinds = setting.shares.len() * Strategy::ALL.len();
	let bar = progress.bar(kinds as u64, "padded claims");
	let (mut rows, mut certain) = (Vec::new(), Vec::new());
	for share in &setting.shares {
		for strategy in Strategy::ALL {
			let claim = pad(setting.units, *share, strategy, setting.bits)?;
			for challenge in Challenge::ALL {
				for openings in &setting.openings {
					let count = count(&claim, challenge, *openings, setting)?;
					rows.push(row(&claim, challenge, strategy, *openings, setting.trials, count));
				}
				certain.push(least_openings(&claim, challenge, strategy, setting.probability)?);
			}
			bar.inc(1);
		}
	}
	bar.finish_and_clear();
	let probability = setting.probability.float();
	Ok(Found { rows, certain, bits: setting.bits, units: setting.units, probability })
}

/// The sessions in which it is caught.
fn count(
	claim: &adversary::Padded,
	challenge: Challenge,
	openings: u32,
	setting: &Setting,
) -> Result<u32> {
	let one =
		|session| caught(claim, challenge, &seed(setting.seed, session), openings).map(u32::from);
	(0..setting.trials).into_par_iter().map(one).try_reduce(|| 0, |a, b| Ok(a + b))
}

fn row(
	claim: &adversary::Padded,
	challenge: Challenge,
	strategy: Strategy,
	openings: u32,
	trials: u32,
	caught: u32,
) -> Row {
	let bound = |count: u32| {
		let share = Perquintill::from_rational(u64::from(count), trials.into());
		wilson_lower_bound(share, trials.into(), quantile())
	};
	let measured = f64::from(caught) / f64::from(trials);
	let formula = match challenge {
		Challenge::Position => detection(claim.share, openings).float(),
		Challenge::Path => 1.0 - (1.0 - claim.cell).powi(openings as i32),
	};
	Row {
		challenge,
		strategy,
		openings,
		share: claim.share.float(),
		trials,
		caught,
		measured,
		low: bound(caught).float(),
		high: 1.0 - bound(trials - caught).float(),
		formula,
		gain: profit::gain(claim.share.float(), measured),
		expected_gain: profit::gain(claim.share.float(), formula),
	}
}

#[cfg(test)]
#[path = "../tests/padding.rs"]
mod tests;

//! What a false claim costs, and what a series of them brings until it is caught (section 6 of the
//! design).

use super::{float, geometric};
use crate::{number::Float, Values};
use anyhow::{anyhow, bail, ensure, Context, Result};
use capacity_economics::{
	escape_penalty, lowest_safe_probability, minimum_stake, Confidence, FixedI128, FixedU128,
	Perquintill,
};
use serde::Serialize;
use std::str::FromStr;

/// How a penalty is chosen: by the mean of the false claims that precede its discovery, or by a
/// quantile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels(Vec<Confidence>);

impl Levels {
	pub fn all(&self) -> &[Confidence] {
		&self.0
	}
}

impl FromStr for Levels {
	type Err = anyhow::Error;

	/// A list of `mean` and of levels between 0 and 1, or ranges of them.
	fn from_str(text: &str) -> Result<Self> {
		let mut levels = Vec::new();
		for part in text.split(',').map(str::trim) {
			if part == "mean" {
				levels.push(Confidence::Mean);
				continue;
			}
			let values: Values = part.parse().context("a confidence is mean, or as 0.95")?;
			for level in values.probabilities()? {
				ensure!(!level.is_one(), "no penalty is certain to be enough; stay below 1");
				levels.push(Confidence::Quantile(level));
			}
		}
		Ok(Self(levels))
	}
}

/// `mean` or `95 %`.
pub fn label(confidence: Confidence) -> String {
	match confidence {
		Confidence::Mean => "mean".into(),
		Confidence::Quantile(level) => super::text::chosen_percent(level.float()),
	}
}

/// A penalty, and what it does to somebody who makes false claims until one is caught: a try.
///
/// Amounts are in tokens of 18 digits, rounded as the chain rounds: what it asks for up.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deterrence {
	/// `p`: the probability that a claim must be proven.
	#[serde(serialize_with = "float")]
	pub probability: Perquintill,
	/// `R`: what a false claim brings, and with that the threshold above which none goes unproven.
	#[serde(serialize_with = "float")]
	pub reward: FixedU128,
	/// `mean`, or the level of the quantile.
	pub confidence: String,
	/// `1/p`: how many claims there are for each proof.
	pub scale: f64,
	/// `E[K]`: the false claims of a try before one is caught.
	#[serde(serialize_with = "float")]
	pub expected_escapes: FixedU128,
	/// `S`.
	#[serde(serialize_with = "float")]
	pub penalty: FixedU128,
	/// The false claims that the penalty outweighs, `S/R`.
	pub outweighed: f64,
	/// Audit stake and penalty.
	#[serde(serialize_with = "float")]
	pub minimum_stake: FixedU128,
	/// `R/(R+S)`: the lowest probability at which this penalty deters a false claim.
	#[serde(serialize_with = "float")]
	pub lowest_safe_probability: Perquintill,
	/// `R·E[K] − S`: what a try brings on average.
	#[serde(serialize_with = "float")]
	pub expected_gain: FixedI128,
	/// `P(R·K > S)`: a try ends with a gain.
	pub chance_of_gain: f64,
	/// `P(R·K < S)`: a try ends with a loss. What is missing to one breaks even.
	pub chance_of_loss: f64,
	/// What a try brings on average that ends with a gain.
	pub gain_if_any: f64,
}

/// What deters false claims worth `reward` that are drawn for proof with this probability.
/// `audit_stake` is what the minimum stake has for audits, in tokens.
pub fn deterrence(
	probability: Perquintill,
	reward: FixedU128,
	confidence: Confidence,
	audit_stake: FixedU128,
) -> Result<Deterrence> {
	let worth = reward.into_inner();
	ensure!(worth > 0, "a false claim must be worth something; give a reward above 0");
	let expected_escapes = geometric::mean(probability)?;
	let refused = |error| anyhow!("no penalty can be computed: {error:?}");
	let lost = escape_penalty(worth, probability, confidence).map_err(refused)?;
	let stake = minimum_stake(audit_stake.into_inner(), worth, probability, confidence);
	let stake = stake.map_err(refused)?;
	if stake == u128::MAX {
		bail!("the stake is more than can be counted; use a higher probability or a lower reward");
	}
	let gained = escape_penalty(worth, probability, Confidence::Mean).map_err(refused)?;
	let signed = |amount| i128::try_from(amount).context("the penalty is more than can be counted");

	// The series that gain are those with more than this.
	let outweighed = lost / worth;
	let chance_of_gain = geometric::more_than(probability, outweighed);
	let chance_of_loss = match lost.div_ceil(worth).checked_sub(1) {
		Some(most) => geometric::at_most(probability, most),
		None => 0.0,
	};
	// What is gone through is forgotten: after one more claim than is outweighed, E[K] are to come.
	let mean_if_any = outweighed as f64 + 1.0 + expected_escapes.float();
	let gain_if_any = match chance_of_gain {
		0.0 => 0.0,
		_ => reward.float() * mean_if_any - FixedU128::from_inner(lost).float(),
	};
	Ok(Deterrence {
		probability,
		reward,
		confidence: label(confidence),
		scale: 1.0 / probability.float(),
		expected_escapes,
		penalty: FixedU128::from_inner(lost),
		outweighed: lost as f64 / worth as f64,
		minimum_stake: FixedU128::from_inner(stake),
		lowest_safe_probability: lowest_safe_probability(worth, lost),
		expected_gain: FixedI128::from_inner(signed(gained)? - signed(lost)?),
		chance_of_gain,
		chance_of_loss,
		gain_if_any,
	})
}

/// How likely it is to get away with so many false claims.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Escapes {
	#[serde(serialize_with = "float")]
	pub probability: Perquintill,
	pub k: u64,
	/// `P(K = k)`.
	pub exactly: f64,
	/// `P(K ≤ k)`.
	pub at_most: f64,
	/// `P(K > k)`.
	pub more_than: f64,
}

/// The chances of getting away with exactly, at most and more than `k` false claims.
pub fn escapes(probability: Perquintill, k: u64) -> Escapes {
	Escapes {
		probability,
		k,
		exactly: geometric::exactly(probability, k.into()),
		at_most: geometric::at_most(probability, k.into()),
		more_than: geometric::more_than(probability, k.into()),
	}
}

#[cfg(test)]
#[path = "tests/penalty.rs"]
mod tests;

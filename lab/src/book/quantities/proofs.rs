//! False claims and their proofs.

use super::{quantity, Arguments, Quantity};
use crate::{
	number::Float,
	proofs::{
		geometric,
		penalty::{deterrence, Deterrence},
	},
};
use anyhow::{anyhow, Result};
use capacity_economics as economics;
use economics::{Confidence, FixedU128};

const FALSE_CLAIM: &[&str] = &["worth", "p", "confidence?"];

/// One token, in its smallest parts.
const UNIT: u128 = 1_000_000_000_000_000_000;

pub(super) const ALL: &[Quantity] = &[
	quantity("escapes", &["p"], "E[K]: false claims before one is drawn, on average", |of| {
		Ok(geometric::mean(of.probability("p")?)?.float())
	}),
	quantity("scale", &["p"], "1/p: claims for each proof", |of| Ok(1.0 / of.float("p")?)),
	quantity("quantile", &["p", "confidence"], "the k that K does not exceed, so surely", |of| {
		let (p, confidence) = (of.probability("p")?, of.probability("confidence")?);
		Ok(economics::quantile(p, confidence).map_err(refused)? as f64)
	}),
	quantity("caught_by", &["p", "claims"], "P that one of so many false claims is drawn", |of| {
		match of.integer::<u64>("claims")?.checked_sub(1) {
			Some(before) => Ok(geometric::at_most(of.probability("p")?, before.into())),
			None => Ok(0.0),
		}
	}),
	quantity("caught_by_mean", &["p"], "P(K ≤ E[K])", |of| {
		geometric::caught_by_the_mean(of.probability("p")?)
	}),
	quantity("escape_by_mean", &["p"], "P(K > E[K])", |of| {
		Ok(1.0 - geometric::caught_by_the_mean(of.probability("p")?)?)
	}),
	quantity("escape_penalty", FALSE_CLAIM, "E[K]·W, or the quantile of K times W", escapes),
	quantity("penalty", FALSE_CLAIM, "Q: that, and the claim's own worth", |of| {
		Ok(escapes(of)? + of.decimal("worth")?.float())
	}),
	quantity("penalty_factor", &["p", "confidence"], "the quantile of K over its mean", |of| {
		let p = of.probability("p")?;
		let by = |confidence| economics::escape_penalty(UNIT, p, confidence).map_err(refused);
		Ok(by(confidence(of)?)? as f64 / by(Confidence::Mean)? as f64)
	}),
	quantity(
		"mean_loss",
		FALSE_CLAIM,
		"W·(k − E[K]): what a series of false claims loses",
		|of| Ok(-outcome(of)?.expected_gain.float()),
	),
	quantity("chance_of_gain", FALSE_CLAIM, "P(K > k): a series of false claims gains", |of| {
		Ok(outcome(of)?.chance_of_gain)
	}),
	quantity("chance_of_loss", FALSE_CLAIM, "P(K < k): a series of false claims loses", |of| {
		Ok(outcome(of)?.chance_of_loss)
	}),
	quantity(
		"lowest_probability",
		&["worth", "escapes"],
		"R/(R + E): the least p that deters",
		|of| {
			let (worth, escapes) = (of.decimal("worth")?, of.decimal("escapes")?);
			let (worth, escapes) = (worth.into_inner(), escapes.into_inner());
			Ok(economics::lowest_safe_probability(worth, escapes).float())
		},
	),
	quantity("detection", &["share", "openings"], "1 − (1−f)^k: a fake share is found", |of| {
		let (share, openings) = (of.probability("share")?, of.integer("openings")?);
		Ok(economics::detection(share, openings).float())
	}),
];

fn refused(error: economics::Error) -> anyhow::Error {
	anyhow!("the chain's formula has no value here: {error:?}")
}

fn confidence(of: &Arguments) -> Result<Confidence> {
	match of.has("confidence") {
		true => Ok(Confidence::Quantile(of.probability("confidence")?)),
		false => Ok(Confidence::Mean),
	}
}

fn escapes(of: &Arguments) -> Result<f64> {
	let (worth, p) = (of.decimal("worth")?.into_inner(), of.probability("p")?);
	let lost = economics::escape_penalty(worth, p, confidence(of)?).map_err(refused)?;
	Ok(FixedU128::from_inner(lost).float())
}

fn outcome(of: &Arguments) -> Result<Deterrence> {
	let (p, worth) = (of.probability("p")?, of.decimal("worth")?);
	deterrence(p, worth, confidence(of)?, FixedU128::from_u32(0))
}

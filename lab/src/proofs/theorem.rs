//! Why the least penalty is `W/p'`, and for which rules it is (section 5.2 of the design).
//!
//! A claim worth `W`, a share `f` of it fake, is proven with probability `p'` and then found out with
//! probability `d(f)`. Caught, its supplier loses `Q`, and what of the claim is forfeited and would have
//! been paid, `F`. An honest claim would have earned `(1−f)·W`, so that faking gains
//!
//! ```text
//! f·W − p'·d·(F + Q)    F = W where others pay for the whole claim,
//!                       F = f·W where the rest of it is the claimant's own, or cannot pay,
//!                       F = 0 where the claim is still paid
//! ```

use super::{
	float,
	game::{Challenge, Forfeited, Game, Rule},
};
use crate::number::Float;
use anyhow::{anyhow, ensure, Context, Result};
use capacity_economics::{escape_penalty, Confidence, FixedU128, Perquintill};
use serde::Serialize;

/// What a rule comes to over a grid of shares, all in whole numbers but for the gain.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
	pub rule: String,
	#[serde(serialize_with = "float")]
	pub probability: Perquintill,
	pub openings: u32,
	/// The penalty that the rule is judged with.
	#[serde(serialize_with = "float")]
	pub penalty: FixedU128,
	/// Shares looked at, all above zero and the last of them one, and how many of them gain.
	pub shares: u32,
	pub gaining: u32,
	/// The best share, zero where none gains.
	#[serde(serialize_with = "float")]
	pub best_share: Perquintill,
	/// What it gains over an honest claim, in `W`.
	pub best_gain: f64,
	/// The least penalty at which no share of the grid gains; none where no penalty is enough.
	pub least_penalty: Option<f64>,
}

/// The shares `1/count`, `2/count`, … `1`.
pub fn grid(count: u32) -> impl Iterator<Item = Perquintill> {
	(1..=count).map(move |step| Perquintill::from_rational(u64::from(step), u64::from(count)))
}

/// Judges a rule over the grid.
pub fn judge(name: impl Into<String>, game: Game, rule: Rule, shares: u32) -> Finding {
	let (mut gaining, mut best) = (0, (0.0, Perquintill::zero()));
	let mut least = Some(0);
	for share in grid(shares) {
		if game.gains(rule, share) {
			gaining += 1;
			let gain = game.gain(rule, share);
			if gain > best.0 {
				best = (gain, share);
			}
		}
		least = least.and_then(|least| Some(game.least_penalty(rule, share)?.max(least)));
	}
	Finding {
		rule: name.into(),
		probability: game.probability,
		openings: rule.openings,
		penalty: FixedU128::from_inner(game.penalty),
		shares,
		gaining,
		best_share: best.1,
		best_gain: best.0,
		least_penalty: least.map(|least| FixedU128::from_inner(least).float()),
	}
}

/// What is asked of [`findings`].
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
	pub probabilities: Vec<Perquintill>,
	/// `W`, in tokens of 18 digits.
	pub worth: FixedU128,
	pub openings: Vec<u32>,
	/// Shares of the grid.
	pub shares: u32,
	/// By how much of itself the penalty falls short where that is shown.
	pub short: Perquintill,
	/// Honest leaves beside a fat one.
	pub leaves: u64,
	/// Bits of the prefix of a corner.
	pub bits: u32,
}

impl Default for Setting {
	/// The two examples of the document on probabilistic proofs.
	fn default() -> Self {
		Self {
			probabilities: vec![Perquintill::from_percent(20), Perquintill::from_percent(1)],
			worth: FixedU128::from_u32(20),
			openings: vec![1, 16],
			shares: 1_000,
			short: Perquintill::from_percent(10),
			leaves: 10_000,
			bits: 64,
		}
	}
}

impl Setting {
	/// The game at this probability with the chain's penalty, `Q = E[K]·W + W`.
	pub fn game(&self, probability: Perquintill) -> Result<Game> {
		let game = self.documents_game(probability)?;
		let penalty = game.penalty.checked_add(game.worth);
		let penalty = penalty.context("the penalty is more than can be counted")?;
		Ok(Game { penalty, ..game })
	}

	/// The game with the penalty of the document on probabilistic proofs, `E[K]·W`.
	pub fn documents_game(&self, probability: Perquintill) -> Result<Game> {
		let worth = self.worth.into_inner();
		ensure!(worth > 0, "a claim must be worth something; give a worth above 0");
		let penalty = escape_penalty(worth, probability, Confidence::Mean)
			.map_err(|_| anyhow!("a probability of zero deters nobody; give one above 0"))?;
		ensure!(
			penalty < u128::MAX,
			"the penalty is more than can be counted; use a higher probability"
		);
		Ok(Game { probability, worth, penalty })
	}

	/// The game with the chain's penalty, but for a part of it.
	pub fn short_game(&self, probability: Perquintill) -> Result<Game> {
		let game = self.game(probability)?;
		Ok(Game { penalty: game.penalty - self.short * game.penalty, ..game })
	}

	/// The rules and the games that are judged, as they are named in tables: the chain's own first.
	pub fn played(
		&self,
		probability: Perquintill,
		openings: u32,
	) -> Result<[(String, Game, Rule); 7]> {
		use Forfeited::*;
		let rule = |challenge, forfeited| Rule { challenge, forfeited, openings };
		let (chain, document) = (self.game(probability)?, self.documents_game(probability)?);
		let short = super::text::chosen_percent(self.short.float());
		let (fat, corner) =
			(Challenge::FatLeaf { honest: self.leaves }, Challenge::Corner { bits: self.bits });
		Ok([
			("by weight".into(), chain, rule(Challenge::Weight, Fakes)),
			(
				format!("the same, Q {short} less"),
				self.short_game(probability)?,
				rule(Challenge::Weight, Fakes),
			),
			("Q without the worth".into(), document, rule(Challenge::Weight, Fakes)),
			("that, all payers others".into(), document, rule(Challenge::Weight, Everything)),
			("still paid".into(), chain, rule(Challenge::Weight, Nothing)),
			("by path, a fat leaf".into(), chain, rule(fat, Fakes)),
			("by path, a corner".into(), chain, rule(corner, Fakes)),
		])
	}
}

/// Whether the least penalty is exactly that of the chain as shares become small: shares `f` that gain
/// with `Q = W/p' − f·W`, and with one smallest unit less.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tightness {
	#[serde(serialize_with = "float")]
	pub probability: Perquintill,
	pub openings: u32,
	pub shares: u32,
	pub gaining: u32,
	pub gaining_with_a_unit_less: u32,
}

/// Everything that `lab theorem` finds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
	pub findings: Vec<Finding>,
	pub tightness: Vec<Tightness>,
}

/// Judges all rules at all probabilities and numbers of openings.
pub fn findings(setting: &Setting) -> Result<Found> {
	ensure!(setting.shares > 0, "at least one share has to be looked at");
	ensure!(
		setting.openings.iter().all(|openings| *openings > 0),
		"a proof has an opening at least"
	);
	let (mut findings, mut tightness) = (Vec::new(), Vec::new());
	for probability in &setting.probabilities {
		for openings in &setting.openings {
			let played = setting.played(*probability, *openings)?;
			for (name, game, rule) in &played {
				findings.push(judge(name.as_str(), *game, *rule, setting.shares));
			}
			let [(_, game, rule), ..] = played;
			tightness.push(tight(game, rule, setting.shares)?);
		}
	}
	Ok(Found { findings, tightness })
}

fn tight(game: Game, rule: Rule, shares: u32) -> Result<Tightness> {
	let count = |less: u128| {
		let gains = |share: &Perquintill| {
			let fakes = share.mul_floor(game.worth);
			let penalty = game.penalty.saturating_sub(fakes).saturating_sub(less);
			Game { penalty, ..game }.gains(rule, *share)
		};
		u32::try_from(grid(shares).filter(gains).count())
	};
	Ok(Tightness {
		probability: game.probability,
		openings: rule.openings,
		shares,
		gaining: count(0).context("more shares than can be counted")?,
		gaining_with_a_unit_less: count(1).context("more shares than can be counted")?,
	})
}

#[cfg(test)]
#[path = "tests/theorem.rs"]
mod tests;

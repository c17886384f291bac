//! Why the least penalty is `R·(1−p)/p`, and for which rules it is (section 5.2 of the design).
//!
//! A claim worth `R`, a share `f` of it fake, is drawn for proof with probability `p` and then found
//! out with probability `d(f)`. Caught, its supplier loses `S`, and the whole claim where that is
//! forfeited. An honest claim would have earned `(1−f)·R`, so that faking gains
//!
//! ```text
//! f·R − p·d·(R + S)    where the claim is forfeited
//! f·R − p·d·S          where it is still paid
//! ```

use super::{
	float,
	game::{Challenge, Game, Rule},
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
	/// What it gains over an honest claim, in `R`.
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
	/// `R`, in tokens of 18 digits.
	pub reward: FixedU128,
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
			reward: FixedU128::from_u32(20),
			openings: vec![1, 16],
			shares: 1_000,
			short: Perquintill::from_percent(10),
			leaves: 10_000,
			bits: 64,
		}
	}
}

impl Setting {
	/// The game at this probability with the penalty of section 5.2.
	pub fn game(&self, probability: Perquintill) -> Result<Game> {
		let reward = self.reward.into_inner();
		ensure!(reward > 0, "a claim must be worth something; give a reward above 0");
		let penalty = escape_penalty(reward, probability, Confidence::Mean)
			.map_err(|_| anyhow!("a probability of zero deters nobody; give one above 0"))?;
		ensure!(
			penalty < u128::MAX,
			"the penalty is more than can be counted; use a higher probability"
		);
		Ok(Game { probability, reward, penalty })
	}

	/// The same with a penalty that falls short.
	pub fn short_game(&self, probability: Perquintill) -> Result<Game> {
		let game = self.game(probability)?;
		Ok(Game { penalty: game.penalty - self.short * game.penalty, ..game })
	}

	/// The rules, as they are named in tables: the chain's own first.
	pub fn rules(&self, openings: u32) -> [(&'static str, Rule); 4] {
		let rule = |challenge, forfeits| Rule { challenge, forfeits, openings };
		[
			("by weight, forfeited", rule(Challenge::Weight, true)),
			("by weight, still paid", rule(Challenge::Weight, false)),
			("by path, a fat leaf", rule(Challenge::FatLeaf { honest: self.leaves }, true)),
			("by path, a corner", rule(Challenge::Corner { bits: self.bits }, true)),
		]
	}
}

/// Whether the least penalty is exactly that of the chain: shares that gain with it, and with one
/// smallest unit less.
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
		let game = setting.game(*probability)?;
		let short = setting.short_game(*probability)?;
		for openings in &setting.openings {
			for (index, (name, rule)) in setting.rules(*openings).into_iter().enumerate() {
				findings.push(judge(name, game, rule, setting.shares));
				if index == 0 {
					let less = super::text::chosen_percent(setting.short.float());
					let name = format!("the same, S {less} less");
					findings.push(judge(name, short, rule, setting.shares));
					tightness.push(tight(game, rule, setting.shares)?);
				}
			}
		}
	}
	Ok(Found { findings, tightness })
}

fn tight(game: Game, rule: Rule, shares: u32) -> Result<Tightness> {
	let count = |game: Game| grid(shares).filter(|share| game.gains(rule, *share)).count();
	let less = Game { penalty: game.penalty.saturating_sub(1), ..game };
	Ok(Tightness {
		probability: game.probability,
		openings: rule.openings,
		shares,
		gaining: u32::try_from(count(game)).context("more shares than can be counted")?,
		gaining_with_a_unit_less: u32::try_from(count(less))
			.context("more shares than can be counted")?,
	})
}

#[cfg(test)]
#[path = "tests/theorem.rs"]
mod tests;

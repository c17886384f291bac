//! Linear rewards: why no stake is enough (section 4.1 of *Capacity oracles*).
//!
//! `N` bids of `a/N` report `a > 1` times the capacity. What is allocated, `a/N · X` with
//! `X ~ Binomial(N, ε)`, concentrates on `a·ε` as `N` grows. If that is below 1, too much is
//! allocated ever more rarely, while the reward stays `a` times that of the truth.

use super::binomial::binomial;
use anyhow::{ensure, Result};
use serde::Serialize;

/// The most bids.
const MOST: u32 = 100_000_000;

/// What is allocated to `N` bids of `a/N`, and what it brings.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Concentration {
	/// `ε`, which is also what the truth gains.
	pub rate: f64,
	/// `S`, the stake of each bid.
	pub stake: f64,
	/// `N`.
	pub identities: u32,
	/// `a`: capacity reported, as a multiple of the true one.
	pub reported: f64,
	/// How many of the bids can be delivered: `⌊N/a⌋`.
	pub deliverable: u32,
	/// Mean and standard deviation of the capacity allocated.
	pub mean: f64,
	pub deviation: f64,
	/// The chance that more is allocated than can be delivered.
	pub overload: f64,
	/// `a/N · E[min(X, m)] − S · E[max(X − m, 0)]`.
	pub utility: f64,
	/// `(capacity allocated, probability)`, but for what is too improbable to matter.
	#[serde(skip)]
	pub distribution: Vec<(f64, f64)>,
}

impl Concentration {
	/// `identities` bids that report so much that `expected`, a share of the capacity, is allocated
	/// on average: `a·ε = expected`.
	pub fn new(identities: u32, expected: f64, rate: f64, stake: f64) -> Result<Self> {
		ensure!(rate > 0.0 && rate < 1.0, "nothing is random at an audit rate of {rate}");
		ensure!(expected > 0.0, "the expected allocation must be above zero");
		ensure!((1..=MOST).contains(&identities), "between 1 and {MOST} bids, not {identities}");
		let reported = expected / rate;
		let bids = f64::from(identities);
		// A ratio that is whole but for its last digit is whole.
		let deliverable = (bids / reported * (1.0 + 4.0 * f64::EPSILON)).floor().min(bids) as u32;
		let size = reported / bids;
		let (mut delivered, mut excess, mut overload) = (0.0, 0.0, 0.0);
		let mut distribution = Vec::new();
		for (hits, chance) in binomial(identities, rate) {
			delivered += chance * f64::from(hits.min(deliverable));
			excess += chance * f64::from(hits.saturating_sub(deliverable));
			overload += if hits > deliverable { chance } else { 0.0 };
			distribution.push((size * f64::from(hits), chance));
		}
		Ok(Self {
			rate,
			stake,
			identities,
			reported,
			deliverable,
			mean: expected,
			deviation: size * (bids * rate * (1.0 - rate)).sqrt(),
			overload,
			utility: size * delivered - stake * excess,
			distribution,
		})
	}
}

#[cfg(test)]
#[path = "tests/concentration.rs"]
mod tests;

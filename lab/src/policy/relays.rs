//! The relay side of candidates: a threshold and a probability under which false claims do not pay.

use super::{wish::in_money, Wish};
use crate::number::Float;
use anyhow::{bail, ensure, Result};
use capacity_economics::{Confidence, Perquintill};
use capacity_protocol::{Balance, PenaltyBasis, PriceList, RelayTerms};

/// The share of claims that are worth more than the 95th percentile, by its definition.
const ABOVE: f64 = 0.05;

/// Suppliers that an application can use in a session, as the sample chain has it.
const RANKS: u8 = 5;

/// One way of proving relays, or none if there are none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Proving {
	pub terms: Option<RelayTerms>,
	/// `p`.
	pub probability: f64,
	/// The share of claims that are worth the threshold or more, and always proven.
	pub above: f64,
	/// What a claim at the threshold puts at stake, in money: `R·(1−p)/p + R`.
	pub stake: f64,
	/// What is lost with a claim of the 95th percentile that cannot be proven, its worth included,
	/// in money.
	pub usual_loss: f64,
	/// The same with a claim at the threshold.
	pub largest_loss: f64,
}

/// All that deter, the least stake first.
pub(super) fn all(wish: &Wish) -> Result<Vec<Proving>> {
	if wish.claims == 0 {
		return Ok(vec![Proving::default()]);
	}
	let mut all = Vec::new();
	for multiple in &wish.thresholds {
		let threshold = wish.threshold(*multiple);
		for probability in &wish.probabilities {
			let Some(terms) = terms(wish, *probability, threshold) else { continue };
			if let Err(error) = terms.check() {
				bail!(
					"the chain refuses p = {}: {error:?}; see --probability, --confidence and \
					the shares",
					probability.float()
				);
			}
			if deters(&terms) {
				all.push(Proving::new(wish, terms, ABOVE.powf(multiple.float())));
			}
		}
	}
	ensure!(!all.is_empty(), unsafe_confidence(wish));
	all.sort_by(|a, b| a.stake.total_cmp(&b.stake));
	Ok(all)
}

/// Whether the stake that the chain derives deters at the probability it is derived from.
fn deters(terms: &RelayTerms) -> bool {
	terms.probability >= terms.lowest_probability()
}

impl Proving {
	fn new(wish: &Wish, terms: RelayTerms, above: f64) -> Self {
		let loss = |worth: Balance| {
			in_money(terms.penalty(worth, terms.threshold, terms.probability)) + in_money(worth)
		};
		Self {
			terms: Some(terms),
			probability: terms.probability.float(),
			above,
			stake: in_money(terms.stake()),
			usual_loss: loss(wish.claim.min(terms.threshold)),
			largest_loss: loss(terms.threshold),
		}
	}
}

/// The terms of relays; none where there are no claims.
pub(super) fn terms(
	wish: &Wish,
	probability: Perquintill,
	threshold: Balance,
) -> Option<RelayTerms> {
	(wish.claims > 0).then(|| RelayTerms {
		suppliers: RANKS,
		price: super::wish::times(wish.unit_cost(), wish.price),
		prices: PriceList::flat(1),
		owner_share: wish.owner_share,
		pot_share: wish.pot_share,
		threshold,
		adapt_threshold: false,
		probability,
		wanted_proofs: None,
		penalty: PenaltyBasis::Worth,
		confidence: wish.confidence,
		credit_relays: !wish.organic.is_zero(),
		minimum_deposit: wish.claim,
	})
}

fn unsafe_confidence(wish: &Wish) -> String {
	let safe = |percent: u64| {
		let level = Confidence::Quantile(Perquintill::from_percent(percent));
		wish.probabilities.iter().any(|probability| {
			let terms = terms(wish, *probability, wish.claim.max(1));
			terms.is_some_and(|terms| deters(&RelayTerms { confidence: level, ..terms }))
		})
	};
	let nearest = (1..100).find(|percent| safe(*percent));
	format!(
		"--confidence cannot be met: at none of the probabilities searched does its penalty outweigh \
		what false claims gain on average. Ask for the mean{}, or let --probability reach 1",
		nearest.map_or(String::new(), |percent| format!(", for 0.{percent:02} or more"))
	)
}

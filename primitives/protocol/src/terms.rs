//! The terms on which a service's relays are paid and proven (design sections 6, 6.1 and 7).

use crate::{Balance, PriceList, Ranks, Units};
use capacity_economics::{escape_penalty, lowest_safe_probability, Confidence};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::{helpers_128bit::multiply_by_rational_with_rounding, traits::Zero};
use sp_arithmetic::{PerThing, Perquintill, Rounding};

/// What the penalty for a claim that was not proven is a multiple of.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum PenaltyBasis {
	/// The claim's own worth, up to the threshold.
	Worth,
	/// The threshold, whatever the claim is worth.
	Threshold,
}

/// How relays are paid and proven.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct RelayTerms {
	/// `k`: how often an application draws suppliers for a session, 64 at the most. Draws fall to bids in
	/// proportion to their capacity, so that a large one can be drawn more than once.
	pub suppliers: u8,
	/// Price of one compute unit.
	pub price: Balance,
	/// How many compute units a request is.
	pub prices: PriceList,
	/// The service owner's share of each payment.
	pub owner_share: Perquintill,
	/// The pot's share of each payment. An application and a supplier in one hand pay it for nothing.
	pub pot_share: Perquintill,
	/// `R`: a claim worth this much or more is always proven.
	pub threshold: Balance,
	/// Let the threshold be the 95th percentile of recent claims where that is less.
	pub adapt_threshold: bool,
	/// `p`: the probability that a smaller claim must be proven. The least stake is derived from it.
	pub probability: Perquintill,
	/// Let the probability rise above `probability` while fewer claims than this are drawn for proof in a
	/// session, and fall again while there are more. Those at the threshold are proven beside them.
	pub wanted_proofs: Option<u32>,
	/// What the part of the penalty for undiscovered claims is a multiple of.
	pub penalty: PenaltyBasis,
	/// How many of the false claims that may precede its discovery a penalty outweighs, beside the claim
	/// itself.
	pub confidence: Confidence,
	/// Let relays count towards audits. Admitted only where the pot's share of a unit's price is at
	/// least what an audit pays for a unit beyond its cost.
	pub credit_relays: bool,
	/// The least deposit of an application, worth one unit or more. An application that has less can be
	/// closed by anyone.
	pub minimum_deposit: Balance,
}

/// Why terms cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermsError {
	/// An application could use no supplier, or draws more often than [`Ranks::MOST`].
	Suppliers,
	/// Relays would be free, or a request would weigh nothing.
	NoPrice,
	/// The shares of owner and pot are more than the whole.
	Shares,
	/// The threshold is zero: every claim would be proven, whatever the probability.
	NoThreshold,
	/// The probability is zero, or complete certainty is asked for: no stake is enough.
	Penalty,
	/// The price, the threshold or the least stake is more than [`MOST_WORTH`].
	TooDear,
	/// The least deposit pays for no unit: an application would cost nothing.
	NoDeposit,
}

/// The most that an entry of a claim's list can be worth, and a unit can cost: far from what can be
/// counted, so that sums of them are exact.
pub const MOST_WORTH: Balance = Balance::MAX >> 32;

/// What becomes of a payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
	pub supplier: Balance,
	pub owner: Balance,
	pub pot: Balance,
}

impl RelayTerms {
	/// Checks that the numbers make sense.
	pub fn check(&self) -> Result<(), TermsError> {
		if !(1..=Ranks::MOST).contains(&self.suppliers) {
			return Err(TermsError::Suppliers);
		}
		if self.price.is_zero() || self.prices.usual.is_zero() {
			return Err(TermsError::NoPrice);
		}
		let shares = self.owner_share.deconstruct().checked_add(self.pot_share.deconstruct());
		if shares.is_none_or(|sum| sum > Perquintill::ACCURACY) {
			return Err(TermsError::Shares);
		}
		if self.threshold.is_zero() {
			return Err(TermsError::NoThreshold);
		}
		if self.minimum_deposit < self.price {
			return Err(TermsError::NoDeposit);
		}
		match escape_penalty(self.threshold, self.probability, self.confidence) {
			Err(_) => Err(TermsError::Penalty),
			Ok(_) if self.stake().max(self.price) > MOST_WORTH => Err(TermsError::TooDear),
			Ok(_) => Ok(()),
		}
	}

	/// What `units` cost, saturated.
	pub fn worth(&self, units: Units) -> Balance {
		self.price.saturating_mul(units.into())
	}

	/// The units that `amount` pays for in full.
	pub fn units(&self, amount: Balance) -> Units {
		let units = amount.checked_div(self.price).unwrap_or(0);
		Units::try_from(units).unwrap_or(Units::MAX)
	}

	/// Divides a payment: owner and pot get their shares, rounded down, the supplier the rest.
	pub fn split(&self, amount: Balance) -> Split {
		let owner = self.owner_share.mul_floor(amount);
		let pot = self.pot_share.mul_floor(amount).min(amount.saturating_sub(owner));
		Split { supplier: amount.saturating_sub(owner).saturating_sub(pot), owner, pot }
	}

	/// The pot's share of the price of one unit, rounded down.
	pub fn fee(&self) -> Balance {
		self.pot_share.mul_floor(self.price)
	}

	/// `Q`: what a claim of this worth puts at risk while a smaller one than `threshold` is proven with
	/// this probability (sections 5.2 and 6), rounded up: `E[K] · min(W, R) · confidence + W`.
	///
	/// The claim's own worth stands in place of its forfeiture, which costs nothing where its supplier
	/// pays for it, or nobody can. At the mean that is `W/p` below the threshold, and never less than `W`.
	pub fn penalty(&self, worth: Balance, threshold: Balance, probability: Perquintill) -> Balance {
		let basis = match self.penalty {
			PenaltyBasis::Worth => worth.min(threshold),
			PenaltyBasis::Threshold => threshold,
		};
		let by =
			|confidence| escape_penalty(basis, probability, confidence).unwrap_or(Balance::MAX);
		// A quantile of few claims is a step: where the probability is steered up, it can fall below the
		// mean.
		let least = if probability > self.probability { by(Confidence::Mean) } else { 0 };
		// What the minimum stake has for it outweighs the mean at every probability that is safe.
		by(self.confidence).max(least).min(self.escapes()).saturating_add(worth)
	}

	/// The penalty part of the minimum stake: what one claim at the threshold puts at risk.
	pub fn stake(&self) -> Balance {
		self.escapes().saturating_add(self.threshold)
	}

	/// Of that, what outweighs the false claims that precede a discovery.
	fn escapes(&self) -> Balance {
		escape_penalty(self.threshold, self.probability, self.confidence).unwrap_or(Balance::MAX)
	}

	/// `R/Q`, where `Q` is the penalty part of the minimum stake: the lowest probability at which it
	/// deters (section 6.1).
	pub fn lowest_probability(&self) -> Perquintill {
		lowest_safe_probability(self.threshold, self.escapes())
	}

	/// Whether the penalty deters every degree of inflation (section 5.2): a quantile below the mean does
	/// not, at the probability that it belongs to.
	pub fn deter(&self) -> bool {
		self.wanted_proofs.is_some() || self.probability >= self.lowest_probability()
	}

	/// The probability for the next session, given one in which `drawn` claims were drawn for proof under
	/// `probability`: towards the wanted number, by a factor of two at the most, and never below what is
	/// safe. Without a wanted number it is what the terms say.
	///
	/// `probability` is the one under which these proofs were drawn. With the latest one instead, which
	/// they have not seen yet, the steps would add up and swing for ever.
	pub fn steered(&self, probability: Perquintill, drawn: u32) -> Perquintill {
		let Some(wanted) = self.wanted_proofs else { return self.probability };
		let parts = u128::from(probability.deconstruct());
		let (low, high) = (parts / 2, parts.saturating_mul(2));
		let aimed = multiply_by_rational_with_rounding(
			parts,
			wanted.into(),
			drawn.max(1).into(),
			Rounding::Up,
		);
		let parts = aimed.unwrap_or(high).clamp(low, high).min(Perquintill::ACCURACY.into());
		self.bounded(Perquintill::from_parts(u64::try_from(parts).unwrap_or(u64::MAX)))
	}

	/// `probability`, but what is safe at the least, and what the terms say where it is not steered.
	pub fn bounded(&self, probability: Perquintill) -> Perquintill {
		match self.wanted_proofs {
			Some(_) => probability.max(self.lowest_probability()),
			None => self.probability,
		}
	}

	/// The threshold that holds, given the one that recent claims recommend.
	pub fn effective_threshold(&self, recommended: Option<Balance>) -> Balance {
		match recommended {
			Some(recommended) if self.adapt_threshold => recommended.clamp(1, self.threshold),
			_ => self.threshold,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const P: fn(u64) -> Perquintill = Perquintill::from_percent;

	/// The example of the document: R = 20, p = 0.01.
	fn terms() -> RelayTerms {
		RelayTerms {
			suppliers: 20,
			price: 3,
			prices: PriceList::flat(1),
			owner_share: P(10),
			pot_share: P(5),
			threshold: 20_000,
			adapt_threshold: false,
			probability: P(1),
			wanted_proofs: Some(100),
			penalty: PenaltyBasis::Worth,
			confidence: Confidence::Mean,
			credit_relays: false,
			minimum_deposit: 1_000,
		}
	}

	#[test]
	fn every_broken_term_is_named() {
		let fails = |terms: RelayTerms| terms.check().unwrap_err();
		assert_eq!(terms().check(), Ok(()));
		assert_eq!(fails(RelayTerms { suppliers: 0, ..terms() }), TermsError::Suppliers);
		assert_eq!(fails(RelayTerms { suppliers: 65, ..terms() }), TermsError::Suppliers);
		assert_eq!(fails(RelayTerms { minimum_deposit: 2, ..terms() }), TermsError::NoDeposit);
		assert_eq!(fails(RelayTerms { price: 0, ..terms() }), TermsError::NoPrice);
		assert_eq!(
			fails(RelayTerms { prices: PriceList::flat(0), ..terms() }),
			TermsError::NoPrice
		);
		assert_eq!(fails(RelayTerms { owner_share: P(96), ..terms() }), TermsError::Shares);
		assert_eq!(fails(RelayTerms { threshold: 0, ..terms() }), TermsError::NoThreshold);
		assert_eq!(fails(RelayTerms { probability: P(0), ..terms() }), TermsError::Penalty);
		let certain = Confidence::Quantile(P(100));
		assert_eq!(fails(RelayTerms { confidence: certain, ..terms() }), TermsError::Penalty);
		assert_eq!(
			fails(RelayTerms { threshold: Balance::MAX / 2, ..terms() }),
			TermsError::TooDear
		);
	}

	/// "if the Slashing penalty … is set to 2,000 POKT": exactly that, R = 20 and p = 0.01.
	#[test]
	fn the_stake_is_that_of_the_document() {
		assert_eq!(terms().stake(), 2_000_000);
		let quantile = RelayTerms { confidence: Confidence::Quantile(P(95)), ..terms() };
		assert_eq!(quantile.stake(), 299 * 20_000);
	}

	/// At p = 1 % a liar gets away with 99 claims on average, and with 68 or fewer half of the times.
	#[test]
	fn a_quantile_below_the_mean_does_not_deter() {
		let by = |level| RelayTerms {
			confidence: Confidence::Quantile(P(level)),
			wanted_proofs: None,
			..terms()
		};
		assert!(RelayTerms { wanted_proofs: None, ..terms() }.deter());
		assert!(by(95).deter() && by(64).deter());
		assert!(!by(63).deter() && !by(50).deter());
		let steered = RelayTerms { wanted_proofs: Some(1), ..by(50) };
		assert!(steered.bounded(P(1)) >= steered.lowest_probability(), "steering makes up for it");
		assert!(steered.deter());
	}

	#[test]
	fn a_claim_risks_in_proportion_up_to_the_threshold() {
		let risk = |worth| terms().penalty(worth, 20_000, P(1));
		assert_eq!(risk(100), 10_000, "W/p");
		assert_eq!(risk(20_000), 2_000_000);
		assert_eq!(risk(1_000_000), 1_980_000 + 1_000_000, "and never less than it is worth");
		let flat = RelayTerms { penalty: PenaltyBasis::Threshold, ..terms() };
		assert_eq!(flat.penalty(100, 20_000, P(1)), 1_980_100);
	}

	#[test]
	fn the_probability_goes_where_the_proofs_are_wanted() {
		assert_eq!(terms().steered(P(10), 100), P(10));
		assert_eq!(terms().steered(P(10), 125), P(8));
		assert_eq!(terms().steered(P(10), 80), Perquintill::from_rational(125u64, 1_000));
		assert_eq!(terms().steered(P(10), 100_000), P(5), "at the most by half");
		assert_eq!(terms().steered(P(10), 0), P(20), "at the most by the double");
		assert_eq!(terms().steered(P(80), 0), P(100));
		assert_eq!(terms().steered(P(1), 100_000), P(1), "never below what is safe");
		let fixed = RelayTerms { wanted_proofs: None, ..terms() };
		assert_eq!(fixed.steered(P(10), 5), P(1));
	}

	/// With a larger confidence the same stake deters at a lower probability than it was derived from.
	#[test]
	fn the_safe_range_ends_where_the_stake_no_longer_deters() {
		assert_eq!(terms().lowest_probability(), P(1));
		let quantile = RelayTerms { confidence: Confidence::Quantile(P(95)), ..terms() };
		let parts = Perquintill::from_rational(1u64, 299).deconstruct() + 1;
		assert_eq!(quantile.lowest_probability().deconstruct(), parts, "rounded up");
		assert_eq!(quantile.steered(P(1), 1_000), Perquintill::from_rational(5u64, 1_000));
	}

	/// Where the probability falls below the one that the stake was derived from, the stake is enough.
	#[test]
	fn the_least_stake_covers_a_claim_at_every_probability_that_is_safe() {
		let quantile = RelayTerms { confidence: Confidence::Quantile(P(95)), ..terms() };
		let (lowest, stake) = (quantile.lowest_probability(), quantile.stake());
		assert!(lowest < quantile.probability);
		assert_eq!(quantile.penalty(20_000, 20_000, lowest), stake);
		assert!(stake >= escape_penalty(20_000, lowest, Confidence::Mean).unwrap() + 20_000);
	}

	#[test]
	fn a_recommendation_only_ever_lowers_the_threshold() {
		let adapting = RelayTerms { adapt_threshold: true, ..terms() };
		assert_eq!(terms().effective_threshold(Some(500)), 20_000);
		assert_eq!(adapting.effective_threshold(Some(500)), 500);
		assert_eq!(adapting.effective_threshold(Some(50_000)), 20_000);
		assert_eq!(adapting.effective_threshold(None), 20_000);
	}

	proptest! {
		#[test]
		fn nothing_is_made_or_lost_in_a_split(
			amount in any::<u128>(), owner in 0u64..=Perquintill::ACCURACY, pot in 0u64..=Perquintill::ACCURACY,
		) {
			let pot = Perquintill::from_parts(pot.min(Perquintill::ACCURACY - owner));
			let terms = RelayTerms { owner_share: Perquintill::from_parts(owner), pot_share: pot, ..terms() };
			let split = terms.split(amount);
			prop_assert_eq!(split.supplier.checked_add(split.owner).and_then(|sum| sum.checked_add(split.pot)), Some(amount));
			prop_assert!(split.owner <= terms.owner_share.mul_ceil(amount) && split.pot <= pot.mul_ceil(amount));
		}

		/// Wherever terms that deter steer the probability to, the penalty outweighs the mean.
		#[test]
		fn no_quantile_falls_below_the_mean_by_steering(
			base in 1u64..=99, level in 1u64..=99, up in 0u64..=Perquintill::ACCURACY, worth in 1u128..=20_000,
		) {
			let terms = RelayTerms {
				probability: P(base), confidence: Confidence::Quantile(P(level)), ..terms()
			};
			prop_assert!(terms.deter());
			let probability = terms.bounded(Perquintill::from_parts(up));
			let mean = escape_penalty(worth, probability, Confidence::Mean).unwrap();
			prop_assert!(terms.penalty(worth, 20_000, probability) >= mean + worth);
		}

		/// Section 5.2: no degree of inflation pays, even where nothing is lost with the claim itself.
		#[test]
		fn no_inflation_pays(worth in 1u128..1 << 60, above in any::<bool>(), percent in 1u64..=100, fake in 0u64..=100) {
			let threshold = if above { worth } else { worth + 1 };
			let terms = RelayTerms { threshold, probability: P(percent), ..terms() };
			let penalty = terms.penalty(worth, threshold, P(percent));
			let (p, f) = (if above { 100 } else { u128::from(percent) }, u128::from(fake));
			// In units of a millionth: (1 − p'·f)·f·W against p'·f·Q.
			prop_assert!((10_000 - p * f) * f * worth <= p * f * 100 * penalty);
		}
	}
}

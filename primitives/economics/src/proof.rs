//! When a claim is proven, and what is lost when it cannot be (sections 5.1, 5.2, 6 and 6.1 of the
//! design).
//!
//! A claim is drawn for proof with probability `p`. The number `K` of false claims that a supplier
//! gets away with before one is drawn is geometric, `P(K = k) = (1−p)^k · p` with `k = 0, 1, …`, so
//! that `E[K] = (1−p)/p` and `P(K ≤ k) = 1 − (1−p)^(k+1)`.

use crate::{
	number::{mul_div, Real, DECIMAL},
	Error,
};
use sp_arithmetic::{FixedU128, PerThing, Perquintill, Rounding};

/// Powers of `1 − p` needed to count to the largest quantile, which is below 2⁶⁶.
const POWERS: usize = 67;

/// Two values closer than this, relative to their size, count as equal when a quantile is found.
/// Decimal fractions have no exact binary value; without this, ties would go the wrong way.
const TIE_BITS: u32 = 100;

/// How many of the false claims that may precede its discovery a penalty has to outweigh.
#[derive(
	Clone,
	Copy,
	Debug,
	Eq,
	PartialEq,
	codec::Decode,
	codec::DecodeWithMemTracking,
	codec::Encode,
	codec::MaxEncodedLen,
	scale_info::TypeInfo,
	serde::Deserialize,
	serde::Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Confidence {
	/// Their mean: a false claim gains nothing in expectation.
	Mean,
	/// Their quantile: a series of false claims ends without a gain with at least this probability.
	Quantile(Perquintill),
}

/// The probability `1 − (1−f)^k` that at least one of `openings` positions, drawn by weight, falls
/// into the `share` of a claim that is fake (section 5.1).
///
/// Rounded down, by less than 2 · 10⁻¹⁸; exact for one opening.
pub fn detection(share: Perquintill, openings: u32) -> Perquintill {
	const ONE: u128 = DECIMAL * DECIMAL;
	// Missing is counted in units of 10⁻³⁶ and rounded up.
	let times = |a, b| mul_div(a, b, ONE, Rounding::Up).unwrap_or(ONE).min(ONE);
	let mut square = u128::from(share.left_from_one().deconstruct()).saturating_mul(DECIMAL);
	let mut missed = ONE;
	for bit in 0..u32::BITS {
		if openings.checked_shr(bit).unwrap_or(0) & 1 == 1 {
			missed = times(missed, square);
		}
		square = times(square, square);
	}
	let caught = ONE.saturating_sub(missed) / DECIMAL;
	Perquintill::from_parts(u64::try_from(caught).unwrap_or(0))
}

/// `E[K] = (1−p)/p`: the number of false claims that a supplier expects to make before it is
/// caught (section 6). Rounded up to a multiple of 10⁻¹⁸. Refused for `p = 0`.
pub fn expected_escapes(probability: Perquintill) -> Result<FixedU128, Error> {
	odds(DECIMAL, probability).map(FixedU128::from_inner)
}

/// `⌈value · (1−p)/p⌉`, saturated.
fn odds(value: u128, probability: Perquintill) -> Result<u128, Error> {
	if probability.is_zero() {
		return Err(Error::ZeroProbability);
	}
	let (miss, hit) = (probability.left_from_one().deconstruct(), probability.deconstruct());
	Ok(mul_div(value, miss.into(), hit.into(), Rounding::Up).unwrap_or(u128::MAX))
}

/// The smallest `k` with `P(K ≤ k) = 1 − (1−p)^(k+1) ≥ confidence`: with at least this confidence,
/// a supplier makes no more than `k` false claims before it is caught (section 6).
///
/// For `p` above 2⁻¹⁸ this is exact, for a confidence that is lower by 2⁻¹⁰⁰ of what it lacks to
/// one, so that ties between decimal fractions are ties. Below, it may be off by 3 to either side.
/// Refused for `p = 0`, and for a confidence of one unless `p = 1`.
pub fn quantile(probability: Perquintill, confidence: Perquintill) -> Result<u128, Error> {
	if probability.is_zero() {
		return Err(Error::ZeroProbability);
	}
	if probability.is_one() || confidence.is_zero() {
		return Ok(0);
	}
	if confidence.is_one() {
		return Err(Error::Certainty);
	}
	let ratio = |parts: u64| Real::from_ratio(parts.into(), DECIMAL).unwrap_or(Real::ZERO);
	// That is the largest k with (1−p)^k > 1 − confidence.
	let least = ratio(confidence.left_from_one().deconstruct()).enlarged(TIE_BITS);
	let mut power = ratio(probability.left_from_one().deconstruct());
	let mut powers = [Real::ZERO; POWERS];
	for slot in powers.iter_mut() {
		*slot = power;
		power = power.mul_up(power);
	}
	let (mut count, mut escape) = (0u128, Real::ONE);
	for power in powers.iter().rev() {
		count <<= 1;
		let further = escape.mul_up(*power);
		if further.exceeds(&least) {
			count |= 1;
			escape = further;
		}
	}
	Ok(count)
}

/// What outweighs the false claims of this worth, in balance, that precede a discovery:
/// `E[K] · worth`, or the quantile of `K` in place of its mean (sections 5.2 and 6). The penalty of a
/// claim is this and the claim's own worth.
///
/// Rounded up, exact for the mean, and saturated. Zero for `p = 1`. Refused for `p = 0`, and for a
/// confidence of one unless `p = 1`.
pub fn escape_penalty(
	worth: u128,
	probability: Perquintill,
	confidence: Confidence,
) -> Result<u128, Error> {
	match confidence {
		Confidence::Mean => odds(worth, probability),
		Confidence::Quantile(level) => {
			quantile(probability, level).map(|count| worth.saturating_mul(count))
		}
	}
}

/// What a supplier needs at stake for one bid and one claim: the stake of the bid and the penalty
/// for a claim at the `threshold`, `E[K] · R + R`, in balance (section 6).
///
/// Rounded and refused as [`escape_penalty`] is.
pub fn minimum_stake(
	audit_stake: u128,
	threshold: u128,
	probability: Perquintill,
	confidence: Confidence,
) -> Result<u128, Error> {
	escape_penalty(threshold, probability, confidence)
		.map(|lost| audit_stake.saturating_add(lost).saturating_add(threshold))
}

/// `R/(R+E)`: the lowest probability of a proof at which an escape penalty of `E` and the claim's own
/// worth deter a false claim worth `R`, the `threshold` (section 6.1).
///
/// Rounded up to a multiple of 10⁻¹⁸, so that the mean at this probability is at most `escapes`. Zero
/// if there is nothing to gain.
pub fn lowest_safe_probability(threshold: u128, escapes: u128) -> Perquintill {
	// A sum that saturates makes the probability higher.
	let sum = threshold.saturating_add(escapes);
	let parts = mul_div(threshold, DECIMAL, sum, Rounding::Up).unwrap_or(0);
	Perquintill::from_parts(u64::try_from(parts).unwrap_or(u64::MAX))
}

#[cfg(test)]
#[path = "tests/proof.rs"]
mod tests;

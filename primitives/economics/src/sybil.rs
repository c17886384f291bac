//! How much a supplier with many identities can gain by reporting too much (section 4 of the
//! design).
//!
//! A supplier of capacity 1 that places `N` bids of `α = 1/m` and can deliver `m` of them gains,
//! with `X ~ Binomial(N, ε)` of them audited,
//!
//! ```text
//! U(N, α) = α^ρ · E[min(X, m)] − S · E[max(X − m, 0)]
//! ```
//!
//! and `U(1, 1) = ε` if it tells the truth. Since `E[min(X, m)] = N·ε − E[max(X − m, 0)]`,
//!
//! ```text
//! U(N + 1, α) − U(N, α) = ε · (α^ρ − (α^ρ + S) · P(X_N ≥ m))
//! ```
//!
//! which falls as `N` grows. So `U` is unimodal, and the best `N` is the largest for which
//! `P(X_{N−1} ≥ m) ≤ α^ρ / (α^ρ + S)`. No strategy that delivers `m` bids gains more than
//! `m · α^ρ = α^(ρ−1)`, so splits with `α^(ρ−1) ≤ ε` need no look. The best `N` for an `m` is at
//! least `m`; where it is `m`, nothing is reported that is not there, and `U = ε · α^(ρ−1) ≤ ε`.
//!
//! `E[min(X, m)]` is concave in `ε`, so `U / ε` falls as `ε` grows: a policy that is truthful at
//! one rate is truthful at every higher rate.

use crate::{
	binomial::Walk,
	number::{mul_div, DECIMAL},
	search::{decimal, gain, most, payoff, pays_to_duplicate, scaled, Play, Search, TOLERANCE},
	Error,
};
use sp_arithmetic::{traits::Zero, FixedI128, FixedU128, Perquintill, Rounding};

/// The most bids `m` that a capacity is split into. More splits than this are not searched, and a
/// policy that allows them to pay is not called truthful.
pub const MAX_SPLIT: u32 = 1024;

/// The most bids `N` that one supplier places. More are not searched, and a policy for which they
/// would be best is not called truthful. With a curvature of 2 the search ends at `1/ε` splits and
/// `1/ε²` bids, so that rates down to 1/181 are decided.
pub const MAX_IDENTITIES: u32 = 1 << 15;

/// The largest stake, in units of the reward of a truthful bid, that makes a difference: a larger
/// one counts as this much.
pub const MAX_STAKE_RATIO: u64 = 1 << 40;

/// The rate found by [`audit_rate`] is at most this many parts above the smallest: 2⁻⁴⁰.
const RATE_PRECISION: u64 = 909_494;

/// The best that a supplier can do.
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
)]
pub struct Attack {
	/// `N`: how many bids it places.
	pub identities: u32,
	/// `m`: how many of them it can deliver, each being one `m`-th of its capacity.
	pub split: u32,
	/// What it gains in expectation from one session, in units of the reward for a truthful bid
	/// that is audited. The truth gains `ε`. Exact to 2⁻⁴⁰.
	pub utility: FixedU128,
	/// Whether all strategies were searched. If not, this one is the best among up to
	/// [`MAX_SPLIT`] splits and [`MAX_IDENTITIES`] bids.
	pub exhaustive: bool,
}

/// What `identities` bids of `1/split` of a unit capacity gain in expectation, in units of the
/// reward for a truthful bid that is audited: `U(N, α)` of section 4, for any `N`.
///
/// Exact to 2⁻⁴⁰. Stakes above [`MAX_STAKE_RATIO`] count as that. Takes `identities + split` steps.
/// Refused for a split of zero and above [`MAX_SPLIT`] or [`MAX_IDENTITIES`].
pub fn utility(
	identities: u32,
	split: u32,
	rate: Perquintill,
	curvature: FixedU128,
	stake: FixedU128,
) -> Result<FixedI128, Error> {
	if split == 0 || split > MAX_SPLIT || identities > MAX_IDENTITIES {
		return Err(Error::OutOfRange);
	}
	let gain = gain(split, curvature);
	let loss = gain.saturating_add(scaled(stake));
	let value = if identities <= split || rate.is_zero() || rate.is_one() {
		// Nothing is random that matters: either all bids can be delivered, or the rate decides.
		let rate = u128::from(rate.deconstruct());
		let earned = gain.saturating_mul(identities.into());
		let earned = mul_div(earned, rate, DECIMAL, Rounding::Down).unwrap_or(u128::MAX);
		let excess = if rate == 0 { 0 } else { identities.saturating_sub(split) };
		let signed = |value| i128::try_from(value).unwrap_or(i128::MAX);
		signed(earned).saturating_sub(signed(loss.saturating_mul(excess.into())))
	} else {
		let Some(mut walk) = Walk::new(rate) else {
			return Err(Error::OutOfRange);
		};
		walk.more_identities();
		for _ in 1..split {
			walk.more_splits();
			walk.more_identities();
		}
		for _ in split..identities {
			walk.more_identities();
		}
		payoff(&walk, gain, loss)
	};
	Ok(FixedI128::from_inner(decimal(value)))
}

/// The best strategy of a supplier of unit capacity (section 4): the truth, one bid of everything,
/// unless something gains more.
///
/// `curvature` is `ρ`, and `stake` is `S`, in units of the reward for the truth. At a rate of zero
/// all strategies gain nothing, and at one the truth is best; both return the truth.
pub fn best_attack(rate: Perquintill, curvature: FixedU128, stake: FixedU128) -> Attack {
	best(rate, Search::new(rate, curvature, |_| stake, u64::MAX))
}

/// The best strategy that a search finds. Without a search it is the truth.
pub(crate) fn best<S: Fn(u32) -> FixedU128>(
	rate: Perquintill,
	search: Option<Search<S>>,
) -> Attack {
	let utility = FixedU128::from_inner(rate.deconstruct().into());
	let mut attack = Attack { identities: 1, split: 1, utility, exhaustive: true };
	let Some(mut search) = search else {
		return attack;
	};
	// What is better by no more than the error is not better.
	let mut most = i128::try_from(search.rate()).unwrap_or(0).saturating_add(TOLERANCE);
	while let Some(Play { identities, split, utility }) = search.next() {
		if utility > most {
			most = utility;
			let value = u128::try_from(decimal(utility)).unwrap_or(0);
			let utility = FixedU128::from_inner(value);
			attack = Attack { identities, split, utility, exhaustive: true };
		}
	}
	attack.exhaustive = search.complete;
	attack
}

/// `ε*(ρ, S)`: the smallest audit rate above which telling the truth is always best for a supplier
/// of unit capacity (section 4). The protocol then pays `2ε*`.
///
/// At least the exact value, and above it by less than 2⁻³⁸. With a `curvature` of 1 or less, or
/// without stake, only a rate of one will do. Where the exact value could be decided only with
/// more than [`MAX_SPLIT`] splits or [`MAX_IDENTITIES`] bids, the smallest rate that can be decided
/// within them is returned. So the result is never below `1025^(1−ρ)`, which is 0.5 for a curvature
/// of 1.1, 0.25 for 1.2 and 0.03 for 1.5.
///
/// The exact value is `inf {ε ∈ (0, 1] : max U ≤ ε}`. Zero has to be left out, where `U ≤ ε` holds
/// because nothing is ever audited. The set is an interval that ends at one, because `U / ε` falls
/// as `ε` grows, so that bisection finds it. Takes at most 41 searches.
pub fn audit_rate(curvature: FixedU128, stake: FixedU128) -> Perquintill {
	let truthful = |parts| {
		let rate = Perquintill::from_parts(parts);
		!pays_to_duplicate(rate, stake)
			&& Search::new(rate, curvature, |_| stake, u64::MAX)
				.is_some_and(|mut search| search.is_truthful())
	};
	let one = Perquintill::one().deconstruct();
	if curvature.into_inner() <= DECIMAL || stake.is_zero() {
		return Perquintill::one();
	}
	// A second bid of everything pays below 1 / (1 + S), whatever the curvature.
	let whole = DECIMAL.saturating_add(stake.into_inner());
	let least = mul_div(DECIMAL, DECIMAL, whole, Rounding::Up).unwrap_or(DECIMAL);
	// And nothing is decided below the most that a split too far to be searched can gain.
	let beyond = MAX_SPLIT.saturating_add(1);
	let floor = decimal(i128::try_from(most(beyond, gain(beyond, curvature))).unwrap_or(0));
	let floor = floor.unsigned_abs().saturating_add(1);
	let least = u64::try_from(least.max(floor)).unwrap_or(one).clamp(1, one);
	if truthful(least) {
		return Perquintill::from_parts(least);
	}
	let (mut low, mut high) = (least, one);
	for _ in 0..u64::BITS {
		let width = high.saturating_sub(low);
		if width <= RATE_PRECISION {
			break;
		}
		let middle = low.saturating_add(width >> 1);
		if truthful(middle) {
			high = middle;
		} else {
			low = middle;
		}
	}
	Perquintill::from_parts(high)
}

#[cfg(test)]
#[path = "tests/sybil.rs"]
mod tests;

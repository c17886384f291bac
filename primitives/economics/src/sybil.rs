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
	game::{Game, Limits},
	Error,
};
use sp_arithmetic::{FixedI128, FixedU128, Perquintill};

/// The most bids `m` that a capacity is split into on chain. More splits than this are not searched, and a
/// policy that allows them to pay is not called truthful.
pub const MAX_SPLIT: u32 = 1024;

/// The most bids `N` that one supplier places, on chain. More are not searched, and a policy for which they
/// would be best is not called truthful. With a curvature of 2 the search ends at `1/ε` splits and
/// `1/ε²` bids, so that rates down to 1/181 are decided.
pub const MAX_IDENTITIES: u32 = 1 << 15;

/// The largest stake, in units of the reward of a truthful bid, that makes a difference: a larger
/// one counts as this much.
pub const MAX_STAKE_RATIO: u64 = 1 << 40;

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
	/// Whether all strategies were searched. If not, this one is the best within the limits.
	pub exhaustive: bool,
}

impl Attack {
	/// One bid of everything, which gains `ε`.
	pub(crate) fn truth(rate: Perquintill) -> Self {
		let utility = FixedU128::from_inner(rate.deconstruct().into());
		Self { identities: 1, split: 1, utility, exhaustive: true }
	}
}

/// What `identities` bids of `1/split` of a unit capacity gain in expectation, in units of the
/// reward for a truthful bid that is audited: `U(N, α)` of section 4, for any `N`.
///
/// [`Game::utility`] within [`Limits::CHAIN`].
pub fn utility(
	identities: u32,
	split: u32,
	rate: Perquintill,
	curvature: FixedU128,
	stake: FixedU128,
) -> Result<FixedI128, Error> {
	Game::unit(curvature, stake).utility(identities, split, rate, Limits::CHAIN)
}

/// The best strategy of a supplier of unit capacity (section 4): the truth, one bid of everything,
/// unless something gains more.
///
/// `curvature` is `ρ`, and `stake` is `S`, in units of the reward for the truth. [`Game::best_attack`]
/// within [`Limits::CHAIN`].
pub fn best_attack(rate: Perquintill, curvature: FixedU128, stake: FixedU128) -> Attack {
	Game::unit(curvature, stake).best_attack(rate, Limits::CHAIN)
}

/// `ε*(ρ, S)`: the smallest audit rate above which telling the truth is always best for a supplier
/// of unit capacity (section 4). The protocol then pays `2ε*`.
///
/// [`Game::audit_rate`] within [`Limits::CHAIN`]: so the result is never below `1025^(1−ρ)`, which
/// is 0.5 for a curvature of 1.1, 0.25 for 1.2 and 0.03 for 1.5.
pub fn audit_rate(curvature: FixedU128, stake: FixedU128) -> Perquintill {
	Game::unit(curvature, stake).audit_rate(Limits::CHAIN)
}

#[cfg(test)]
#[path = "tests/sybil.rs"]
mod tests;

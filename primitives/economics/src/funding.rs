//! What audits may cost when they are drawn by chance, and what a fund can therefore promise (section 4.1
//! of the design).
//!
//! A sum `X` of independent payments, each at most `P` and `μ` together on average, has a variance of at
//! most `P·μ`. Bernstein's inequality then gives `P(X > M) ≤ e^-L` for
//!
//! ```text
//! M = μ + LP/3 + √((LP/3)² + 2LPμ),   or   μ = M + 2LP/3 − √((2LP/3)² + 2LPM)
//! ```
//!
//! The two are inverse to each other. The second is above zero from `M = 2LP/3` on.

use crate::number::Real;
use sp_arithmetic::FixedU128;

/// `L`: the probability that audits cost more than was set aside for them is at most `e^-L`, here less
/// than one in a million.
pub const TAIL_EXPONENT: u32 = 14;

/// A bid is admitted only while the service's money would pay for so many audits of it. Then at least some
/// 31 % of that money can be spent on average, whatever is bid: for `M = 32P` the bound is `μ = 9.98P`.
pub const PAYMENTS_IN_FUND: u32 = 32;

/// Square roots are exact to better than `2⁻⁹³` of themselves and are enlarged by more.
const ROOT_ERROR_BITS: u32 = 90;

/// The most that independent payments of at most `largest` each may cost on average, all in balance, so
/// that their sum exceeds `fund` with a probability of at most `e^-14`.
///
/// Rounded down, by less than `2⁻⁸⁹` of the sum of fund and `10 · largest`, and one. Zero where the fund is
/// not more than `28/3` of the largest payment, and where numbers are too large to be counted.
pub fn expected_cost_within(fund: u128, largest: u128) -> u128 {
	expected_within(fund, largest, TAIL_EXPONENT).unwrap_or(0)
}

/// What independent payments of at most `largest` each, which cost `mean` on average, all in balance, exceed
/// with a probability of at most `e^-14`.
///
/// Rounded up, by less than `2⁻⁸⁹` of it and one. Saturated.
pub fn cost_bound(mean: u128, largest: u128) -> u128 {
	bound(mean, largest, TAIL_EXPONENT).unwrap_or(u128::MAX)
}

/// `μ = (3M + 2LP − √(LP · (4LP + 18M))) / 3`.
fn expected_within(fund: u128, largest: u128, exponent: u32) -> Option<u128> {
	let scale = largest.checked_mul(exponent.into())?;
	let sum = fund.checked_mul(18)?.checked_add(scale.checked_mul(4)?)?;
	let all = fund.checked_mul(3)?.checked_add(scale.checked_mul(2)?)?;
	Some(all.saturating_sub(root(scale, sum)) / 3)
}

/// `M = μ + (LP + √(LP · (LP + 18μ))) / 3`.
fn bound(mean: u128, largest: u128, exponent: u32) -> Option<u128> {
	let scale = largest.checked_mul(exponent.into())?;
	let sum = mean.checked_mul(18)?.checked_add(scale)?;
	mean.checked_add(scale.checked_add(root(scale, sum))?.div_ceil(3))
}

/// `√(a·b)`, rounded up.
fn root(a: u128, b: u128) -> u128 {
	let product = Real::from_integer(a).times(Real::from_integer(b));
	product.pow(FixedU128::from_rational(1, 2)).enlarged(ROOT_ERROR_BITS).ceil()
}

#[cfg(test)]
#[path = "tests/funding.rs"]
mod tests;

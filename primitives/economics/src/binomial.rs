//! The tail of a binomial distribution, followed from one number of bids and of splits to the next.
//!
//! The attacks on an audit are searched over the bids `N` and the bids `m` that can be delivered.
//! What the search needs of `X ~ Binomial(N, ε)` changes in O(1) when `N` or `m` changes by one,
//! and the best `N` grows by about `1/ε` from one `m` to the next. Walking through all of them
//! costs about `m/ε` steps in total. Bisecting on `N` for each `m`, with a sum of `m` terms for
//! every probe, would cost about `m² · log₂(1/ε)`, which is less only for rates below those that
//! are of use.

use crate::number::Real;
use sp_arithmetic::Perquintill;

/// Fraction bits of a probability.
pub(crate) const TAIL_BITS: u32 = 126;

/// Fraction bits of an expected number of bids.
pub(crate) const EXCESS_BITS: u32 = 110;

/// `X ~ Binomial(N, ε)` seen from `m`.
///
/// The rate is rounded down to a multiple of 2⁻⁶⁴, a thirtieth of the last digit of a
/// [`Perquintill`]; for that rate, after `s` steps, the tail is exact to `s · 2⁻¹⁰⁸` of itself and
/// `s · 2⁻¹²⁶`, and the excess is the sum of such tails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
	/// ε · 2⁶⁴, and what is missing to one.
	rate: u64,
	miss: u64,
	/// N and m, with N ≥ m − 1.
	identities: u32,
	split: u32,
	/// P(X = m − 1), which is too small for fixed point where it matters most.
	last: Real,
	/// P(X ≥ m), with [`TAIL_BITS`].
	tail: u128,
	/// E[max(X − m, 0)], with [`EXCESS_BITS`].
	excess: u128,
	/// Steps taken.
	pub(crate) steps: u32,
}

impl Walk {
	/// No bid, of which one can be delivered. `None` for a rate of zero or one, where nothing is
	/// random.
	pub(crate) fn new(rate: Perquintill) -> Option<Self> {
		let rate = Real::from_ratio(rate.deconstruct().into(), crate::number::DECIMAL)?;
		let rate = u64::try_from(rate.to_fixed(64)).ok()?;
		if rate == 0 {
			return None;
		}
		// 2⁶⁴ − ε · 2⁶⁴, which fits because the rate is not zero.
		let miss = rate.wrapping_neg();
		let last = Real::ONE;
		Some(Self { rate, miss, identities: 0, split: 1, last, tail: 0, excess: 0, steps: 0 })
	}

	/// ε with [`EXCESS_BITS`].
	pub(crate) fn rate(&self) -> u128 {
		u128::from(self.rate) << (EXCESS_BITS - 64)
	}

	pub(crate) fn identities(&self) -> u32 {
		self.identities
	}

	pub(crate) fn split(&self) -> u32 {
		self.split
	}

	pub(crate) fn tail(&self) -> u128 {
		self.tail
	}

	pub(crate) fn excess(&self) -> u128 {
		self.excess
	}

	/// ε times a real number.
	fn audited(&self, value: Real) -> Real {
		value.mul_ratio(self.rate, 1).shifted(-64)
	}

	/// ε · P(X ≥ m): what one bid more adds to the excess.
	fn excess_step(&self) -> u128 {
		crate::number::mul_shift(self.tail, u128::from(self.rate), TAIL_BITS - (EXCESS_BITS - 64))
	}

	/// One bid more: the tail grows by the chance that the new bid is the one that fills it.
	pub(crate) fn more_identities(&mut self) {
		let next = self.identities.saturating_add(1);
		let missing = u64::from(next.saturating_add(1).saturating_sub(self.split));
		self.excess = self.excess.saturating_add(self.excess_step());
		self.tail = self.tail.saturating_add(self.audited(self.last).to_fixed(TAIL_BITS));
		// C(N + 1, m − 1) / C(N, m − 1) = (N + 1) / (N + 2 − m); the fraction is split so that
		// each part fits 64 bits.
		self.last = self.last.mul_ratio(self.miss, missing).mul_ratio(next.into(), 1).shifted(-64);
		self.identities = next;
		self.steps = self.steps.saturating_add(1);
	}

	/// One bid less, for N ≥ m.
	pub(crate) fn fewer_identities(&mut self) {
		let missing = u64::from(self.identities.saturating_add(1).saturating_sub(self.split));
		let last = self.last.mul_ratio(missing, self.identities.into());
		self.last = last.mul_ratio(1 << 63, self.miss).shifted(1);
		self.tail = self.tail.saturating_sub(self.audited(self.last).to_fixed(TAIL_BITS));
		self.excess = self.excess.saturating_sub(self.excess_step());
		self.identities = self.identities.saturating_sub(1);
		self.steps = self.steps.saturating_add(1);
	}

	/// One more bid can be delivered, for N ≥ m.
	pub(crate) fn more_splits(&mut self) {
		let missing = u64::from(self.identities.saturating_add(1).saturating_sub(self.split));
		let chance = self.last.mul_ratio(missing, self.split.into());
		// A small rate is scaled up first, because dividing by much more than one multiplies by
		// loses digits.
		let up = self.rate.leading_zeros();
		let odds = chance.mul_ratio(self.rate.checked_shl(up).unwrap_or(0), self.miss);
		self.last = odds.shifted(0i32.saturating_sub_unsigned(up));
		self.tail = self.tail.saturating_sub(self.last.to_fixed(TAIL_BITS));
		self.excess = self.excess.saturating_sub(self.tail >> (TAIL_BITS - EXCESS_BITS));
		self.split = self.split.saturating_add(1);
		self.steps = self.steps.saturating_add(1);
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn direct(identities: u32, split: u32, rate: f64) -> (f64, f64) {
		let (mut tail, mut excess) = (0.0, 0.0);
		for hits in split..=identities {
			let mut log =
				f64::from(hits) * rate.ln() + f64::from(identities - hits) * (-rate).ln_1p();
			for i in 0..hits {
				log += f64::from(identities - i).ln() - f64::from(i + 1).ln();
			}
			tail += log.exp();
			excess += f64::from(hits - split) * log.exp();
		}
		(tail, excess)
	}

	proptest! {
		#[test]
		fn a_walk_agrees_with_the_sum(
			parts in 1_000_000_000_000_000u64..999_000_000_000_000_000,
			split in 1u32..30,
			more in 0u32..60,
			beyond in 0u32..20,
		) {
			let rate = Perquintill::from_parts(parts);
			let mut walk = Walk::new(rate).unwrap();
			walk.more_identities();
			// Too far and back, so that both directions are taken at every split.
			for _ in 1..split {
				for _ in 0..=beyond {
					walk.more_identities();
				}
				walk.more_splits();
				for _ in 0..beyond {
					walk.fewer_identities();
				}
			}
			for _ in 0..more {
				walk.more_identities();
			}
			prop_assert_eq!((walk.identities(), walk.split()), (split + more, split));
			let (tail, excess) = direct(split + more, split, parts as f64 / 1e18);
			prop_assert!((walk.tail() as f64 / 2f64.powi(126) - tail).abs() < 1e-12);
			prop_assert!((walk.excess() as f64 / 2f64.powi(110) - excess).abs() < 1e-11);
		}
	}
}

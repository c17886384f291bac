//! How many false claims a supplier gets away with before one is drawn for proof: geometric,
//! `P(K = k) = (1−p)^k · p` (section 6 of the design).
//!
//! The chain needs the mean and the quantiles only, which are `capacity_economics`'; the
//! probabilities here are for people.

use crate::number::Float;
use anyhow::{anyhow, Result};
use capacity_economics::{expected_escapes, FixedU128, Perquintill};

/// `(1−p)^claims`.
fn all_missed(probability: Perquintill, claims: f64) -> f64 {
	match claims {
		0.0 => 1.0,
		claims => (claims * (-probability.float()).ln_1p()).exp(),
	}
}

/// `P(K = k)`: exactly `k` false claims, and then one that is drawn.
pub fn exactly(probability: Perquintill, k: u128) -> f64 {
	all_missed(probability, k as f64) * probability.float()
}

/// `P(K ≤ k)`.
pub fn at_most(probability: Perquintill, k: u128) -> f64 {
	-((k as f64 + 1.0) * (-probability.float()).ln_1p()).exp_m1()
}

/// `P(K > k)`.
pub fn more_than(probability: Perquintill, k: u128) -> f64 {
	all_missed(probability, k as f64 + 1.0)
}

/// `E[K] = (1−p)/p`, by the chain's own formula.
pub fn mean(probability: Perquintill) -> Result<FixedU128> {
	expected_escapes(probability)
		.map_err(|_| anyhow!("a probability of zero deters nobody; give one above 0"))
}

/// `P(K ≤ E[K])`: the share of series of false claims that are caught by the mean.
pub fn caught_by_the_mean(probability: Perquintill) -> Result<f64> {
	let whole = mean(probability)?.into_inner() / 10u128.pow(18);
	Ok(at_most(probability, whole))
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_economics::quantile;
	use proptest::prelude::*;

	fn percent(value: u64) -> Perquintill {
		Perquintill::from_percent(value)
	}

	#[test]
	fn at_one_percent_63_percent_are_caught_by_the_mean_of_99() {
		assert_eq!(mean(percent(1)).unwrap(), FixedU128::from_u32(99));
		let caught = caught_by_the_mean(percent(1)).unwrap();
		assert!((caught - 0.633_967_659).abs() < 1e-9, "{caught}");
		// With more proofs the mean is caught more often: 63 % is the limit, not the rule.
		assert!((caught_by_the_mean(percent(20)).unwrap() - 0.672_32).abs() < 1e-12);
		assert!((caught_by_the_mean(percent(50)).unwrap() - 0.75).abs() < 1e-12);
		let limit = 1.0 - (-1f64).exp();
		let rare = Perquintill::from_parts(1_000_000_000);
		assert!((caught_by_the_mean(rare).unwrap() - limit).abs() < 1e-8);
	}

	#[test]
	fn certain_proofs_let_nobody_away() {
		let one = Perquintill::one();
		assert_eq!((exactly(one, 0), exactly(one, 1)), (1.0, 0.0));
		assert_eq!((at_most(one, 0), more_than(one, 0)), (1.0, 0.0));
		assert_eq!(caught_by_the_mean(one).unwrap(), 1.0);
		assert!(mean(Perquintill::zero()).is_err());
	}

	proptest! {
		#[test]
		fn the_chances_add_up(parts in 1u64..=10u64.pow(18), k in 0u128..300) {
			let p = Perquintill::from_parts(parts);
			let sum: f64 = (0..=k).map(|k| exactly(p, k)).sum();
			prop_assert!((sum - at_most(p, k)).abs() < 1e-12);
			prop_assert!((at_most(p, k) + more_than(p, k) - 1.0).abs() < 1e-12);
		}

		/// The chain's quantile is the first `k` whose chance is as high as the level.
		#[test]
		fn the_chains_quantile_inverts_it(
			parts in 1_000_000_000_000u64..10u64.pow(18),
			level in 1u64..10u64.pow(18) - 1_000_000_000,
		) {
			let (p, level) = (Perquintill::from_parts(parts), Perquintill::from_parts(level));
			let k = quantile(p, level).unwrap();
			prop_assert!(at_most(p, k) >= level.float() - 1e-12);
			if let Some(before) = k.checked_sub(1) {
				prop_assert!(at_most(p, before) < level.float() + 1e-12);
			}
		}
	}
}

//! What a bid puts at stake (section 4 of the design).

use crate::number::{mul_div, DECIMAL};
use crate::Curve;
use sp_arithmetic::{FixedU128, Rounding};

/// The stake schedule `S(b) = σ · cost · max(b, C)`.
///
/// Flat for small bids, because a stake for each identity is what makes splitting expensive, and
/// growing above the reference capacity with what there is to gain.
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
pub struct StakeSchedule {
	/// `σ`: the stake of a bid of the reference capacity, as a multiple of the cost of its work.
	pub factor: FixedU128,
}

impl StakeSchedule {
	/// `⌈σ · cost · max(bid, C)⌉`: the stake of a bid in compute units, in balance (section 4).
	///
	/// Exact, rounded up, and saturated.
	pub fn stake(&self, curve: &Curve, bid: u64) -> u128 {
		let factor = self.factor.into_inner();
		let units = u128::from(bid.max(curve.reference));
		let exact = match curve.cost.checked_mul(units) {
			Some(cost) => mul_div(cost, factor, DECIMAL, Rounding::Up),
			// The product of all three may still fit if the factor is below one.
			None => factor
				.checked_mul(units)
				.and_then(|rate| mul_div(curve.cost, rate, DECIMAL, Rounding::Up)),
		};
		exact.unwrap_or(u128::MAX)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn curve(cost: u128, reference: u64) -> Curve {
		let one = FixedU128::from_u32(1);
		Curve { cost, margin: one, reference, curvature: one }
	}

	#[test]
	fn flat_then_growing() {
		let schedule = StakeSchedule { factor: FixedU128::from_rational(3, 2) };
		let curve = curve(7, 100);
		assert_eq!(schedule.stake(&curve, 1), 1_050);
		assert_eq!(schedule.stake(&curve, 100), 1_050);
		// 1060.5
		assert_eq!(schedule.stake(&curve, 101), 1_061);
		assert_eq!(schedule.stake(&curve, 200), 2_100);
	}

	#[test]
	fn large_costs_saturate_only_when_the_stake_does() {
		let curve = curve(u128::MAX / 2, 3);
		let third = StakeSchedule { factor: FixedU128::from_rational(1, 3) };
		assert!(third.stake(&curve, 3) < u128::MAX / 2);
		let one = StakeSchedule { factor: FixedU128::from_u32(1) };
		assert_eq!(one.stake(&curve, 3), u128::MAX);
	}

	proptest! {
		#[test]
		fn stake_grows_and_splitting_never_lowers_it(
			cost in 0u128..1 << 60,
			reference in 1u64..1 << 40,
			factor in 0u128..1 << 70,
			a in 0u64..1 << 41,
			b in 0u64..1 << 41,
		) {
			let (curve, schedule) =
				(curve(cost, reference), StakeSchedule { factor: FixedU128::from_inner(factor) });
			let stake = |bid| schedule.stake(&curve, bid);
			prop_assert!(stake(a) <= stake(a + 1));
			prop_assert!(stake(a) + stake(b) >= stake(a + b));
			// Convex, up to rounding.
			prop_assert!(2 * stake((a + b) / 2) <= stake(a) + stake(b + (a + b) % 2) + 2);
		}
	}
}

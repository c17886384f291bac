//! What an audited bid is paid (section 4 of the design).
//!
//! The reward is convex in the bid, so that one bid for a whole capacity earns more than the same
//! capacity in pieces.

use crate::{
	number::{mul_div, Real, DECIMAL},
	Error,
};
use sp_arithmetic::{traits::Saturating, FixedU128, Rounding};

/// The largest curvature for which the error bounds of this module hold.
pub const MAX_CURVATURE: FixedU128 = FixedU128::from_u32(16);

/// Powers are exact to better than `18 · 2⁻⁹⁵`; rewards are enlarged by this much before they are
/// rounded down, so that a value that should be an integer is not one unit short of it.
const SNAP_BITS: u32 = 80;

/// Bounds are enlarged by more than rewards are, and stay above them.
const BOUND_BITS: u32 = 78;

/// The reward curve `r(b) = margin · cost · C · (b/C)^ρ` of one service (section 4).
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
pub struct Curve {
	/// Public cost of one compute unit, in balance.
	pub cost: u128,
	/// What a bid of the reference capacity earns beyond its cost, as a share of that cost.
	pub margin: FixedU128,
	/// Reference capacity `C`, in compute units per session. Not zero.
	pub reference: u64,
	/// Curvature `ρ`, from 1 (linear) to [`MAX_CURVATURE`].
	pub curvature: FixedU128,
}

impl Curve {
	/// Whether the formulas hold for this curve.
	///
	/// The other functions give some number for a curve that fails this, but promise nothing.
	pub fn check(&self) -> Result<(), Error> {
		if self.reference == 0 {
			return Err(Error::ZeroReference);
		}
		if self.curvature < FixedU128::from_u32(1) || self.curvature > MAX_CURVATURE {
			return Err(Error::CurvatureOutOfRange);
		}
		Ok(())
	}

	/// `units · cost`, in balance, saturated.
	pub fn cost_of(&self, units: u64) -> u128 {
		self.cost.saturating_mul(units.into())
	}

	/// Reward `r(bid)` for a bid in compute units, in balance, beyond its cost (section 4).
	///
	/// Rounded down and saturated. Never less than the exact value rounded down, and never above
	/// the exact value by more than 2⁻⁸⁰ of it: for rewards below 2⁸⁰ it is the exact value rounded
	/// down, unless that value is within 2⁻⁸⁰ of itself from the next integer. Linear rewards are
	/// exact.
	pub fn reward(&self, bid: u64) -> u128 {
		if self.curvature.into_inner() == DECIMAL {
			if let Some(cost) = self.cost.checked_mul(bid.into()) {
				return mul_div(cost, self.margin.into_inner(), DECIMAL, Rounding::Down)
					.unwrap_or(u128::MAX);
			}
		}
		let share = Real::from_ratio(bid.into(), self.reference.max(1).into());
		self.at_margin(self.reference)
			.times(share.unwrap_or(Real::ZERO).pow(self.curvature))
			.enlarged(SNAP_BITS)
			.floor()
	}

	/// `bid · cost + r(bid)`: what a supplier is paid for an audit delivered in full, in balance
	/// (section 4). Rounded as [`Curve::reward`] is, and saturated.
	pub fn payment(&self, bid: u64) -> u128 {
		self.cost_of(bid).saturating_add(self.reward(bid))
	}

	/// The most that audits can cost, in balance, when the audited bids add up to `units` and none
	/// is above `max_bid`: `units · cost · (1 + margin · (max_bid/C)^(ρ−1))`.
	///
	/// `r` is convex and zero at zero, so no bid earns more per unit than the largest. Rounded up,
	/// by at most 2⁻⁷⁷ of the exact value and one, and saturated. Holds for [`Curve::payment`] as it
	/// is rounded.
	pub fn payment_bound(&self, units: u64, max_bid: u64) -> u128 {
		let share = Real::from_ratio(max_bid.into(), self.reference.max(1).into());
		let above = self.curvature.saturating_sub(FixedU128::from_u32(1));
		let reward = self
			.at_margin(units)
			.times(share.unwrap_or(Real::ZERO).pow(above))
			.enlarged(BOUND_BITS)
			.ceil();
		self.cost_of(units).saturating_add(reward)
	}

	/// `margin · cost · units`.
	fn at_margin(&self, units: u64) -> Real {
		Real::from_integer(self.cost)
			.times(Real::from_integer(units.into()))
			.times(Real::from_fixed(self.margin))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn curve(cost: u128, margin: u32, reference: u64, curvature: (u32, u32)) -> Curve {
		Curve {
			cost,
			margin: FixedU128::from_rational(margin.into(), 100),
			reference,
			curvature: FixedU128::from_rational(curvature.0.into(), curvature.1.into()),
		}
	}

	prop_compose! {
		fn any_curve()(
			cost in 0u128..1 << 30,
			margin in 0u128..4_000_000_000_000_000_000,
			reference in 1u64 << 24..1 << 40,
			curvature in 1_000_000_000_000_000_000u128..=3_000_000_000_000_000_000,
		) -> Curve {
			let (margin, curvature) =
				(FixedU128::from_inner(margin), FixedU128::from_inner(curvature));
			Curve { cost, margin, reference, curvature }
		}
	}

	#[test]
	fn whole_values_are_exact() {
		let square = curve(1_000, 50, 100, (2, 1));
		assert_eq!(square.reward(100), 50_000);
		assert_eq!(square.reward(200), 200_000);
		assert_eq!(square.reward(50), 12_500);
		assert_eq!(square.reward(30), 4_500);
		assert_eq!(square.payment(200), 400_000);
		let root = curve(1_000, 100, 100, (3, 2));
		assert_eq!(root.reward(400), 800_000);
		assert_eq!(root.reward(900), 2_700_000);
		let linear = curve(1_000, 33, 100, (1, 1));
		assert_eq!(linear.reward(7), 2_310);
		assert_eq!(square.reward(0), 0);
	}

	#[test]
	fn extremes_saturate() {
		let curve = curve(u128::MAX, 100, 1, (16, 1));
		assert_eq!(curve.payment(u64::MAX), u128::MAX);
		assert_eq!(curve.payment_bound(u64::MAX, u64::MAX), u128::MAX);
		assert_eq!(Curve { reference: 0, ..curve }.check(), Err(Error::ZeroReference));
		let bent = Curve { curvature: FixedU128::from_rational(1, 2), ..curve };
		assert_eq!(bent.check(), Err(Error::CurvatureOutOfRange));
		assert_eq!(curve.check(), Ok(()));
	}

	proptest! {
		#[test]
		fn a_square_reward_is_exact(
			cost in 1u128..1 << 20,
			reference in 1u64..1 << 20,
			bid in 0u64..1 << 30,
		) {
			let bid = u128::from(bid);
			let exact = cost * bid * bid / u128::from(reference);
			prop_assert_eq!(curve(cost, 100, reference, (2, 1)).reward(bid as u64), exact);
		}

		#[test]
		fn a_reward_agrees_with_floats(curve in any_curve(), bid in 0u64..1 << 37) {
			let share = bid as f64 / curve.reference as f64;
			let power = share.powf(curve.curvature.into_inner() as f64 / 1e18);
			let expected = curve.margin.into_inner() as f64 / 1e18
				* curve.cost as f64 * curve.reference as f64 * power;
			let reward = curve.reward(bid);
			prop_assert!((reward as f64 - expected).abs() <= 1.0 + expected * 1e-12);
		}

		#[test]
		fn a_reward_grows_and_is_convex(curve in any_curve(), a in 0u64..1 << 36, b in 0u64..1 << 36) {
			prop_assert!(curve.reward(a) <= curve.reward(a + 1));
			let middle = curve.reward((a + b) / 2);
			prop_assert!(2 * middle <= curve.reward(a) + curve.reward(b + (a + b) % 2) + 2);
			// In pieces, a bid earns no more: two values are rounded down on the left, one on the
			// right.
			prop_assert!(curve.reward(a) + curve.reward(b) <= curve.reward(a + b) + 1);
		}

		#[test]
		fn the_bound_covers_all_payments(
			curve in any_curve(),
			bids in prop::collection::vec(0u64..1 << 36, 0..20),
			more in 0u64..1 << 36,
		) {
			let paid: u128 = bids.iter().map(|bid| curve.payment(*bid)).sum();
			let units: u64 = bids.iter().sum();
			let largest = bids.iter().max().copied().unwrap_or(0);
			prop_assert!(curve.payment_bound(units, largest) >= paid);
			prop_assert!(curve.payment_bound(units, largest + more) >= paid);
		}

		#[test]
		fn one_largest_bid_costs_the_bound(curve in any_curve(), bid in 1u64..1 << 36) {
			let (paid, bound) = (curve.payment(bid), curve.payment_bound(bid, bid));
			prop_assert!(bound - paid <= 2 + (paid >> 76));
		}
	}
}

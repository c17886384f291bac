//! How large claims are (design section 6.1), in constant space.

use crate::Balance;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Buckets for each doubling.
const PER_OCTAVE: usize = 4;
const BUCKETS: usize = 128 * PER_OCTAVE;

/// The sizes of recent claims, in buckets that are a quarter of a doubling wide: a bucket's upper end
/// is above its lower end by a quarter at the most. When a bucket is full, all are halved, so that old
/// claims count less and less.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Histogram {
	buckets: [u16; BUCKETS],
}

impl Default for Histogram {
	fn default() -> Self {
		Self { buckets: [0; BUCKETS] }
	}
}

impl Histogram {
	/// Claims that a recommendation needs.
	pub const ENOUGH: u32 = 100;

	/// Counts a claim. Nothing is counted for a worth of zero.
	pub fn add(&mut self, worth: Balance) {
		let Some(index) = bucket(worth) else { return };
		if self.buckets.get(index).is_some_and(|count| *count == u16::MAX) {
			self.buckets.iter_mut().for_each(|count| *count /= 2);
		}
		if let Some(count) = self.buckets.get_mut(index) {
			*count = count.saturating_add(1);
		}
	}

	/// Claims counted, the older ones for less.
	pub fn claims(&self) -> u32 {
		self.buckets.iter().fold(0u32, |sum, count| sum.saturating_add((*count).into()))
	}

	/// The buckets that hold claims: the least worth above each, and how many are in it.
	pub fn occupied(&self) -> impl Iterator<Item = (Balance, u16)> + '_ {
		let counted = |(index, count): (usize, &u16)| (*count > 0).then(|| (above(index), *count));
		self.buckets.iter().enumerate().filter_map(counted)
	}

	/// The upper end of the bucket in which the 95th percentile of claims is: the recommended
	/// threshold. None while fewer than [`Self::ENOUGH`] claims are counted.
	pub fn recommended_threshold(&self) -> Option<Balance> {
		let claims = self.claims();
		if claims < Self::ENOUGH {
			return None;
		}
		// The largest 5 of 100, rounded down, are above.
		let below = claims.saturating_sub(claims / 20);
		let mut seen = 0u32;
		self.occupied()
			.find(|(_, count)| {
				seen = seen.saturating_add((*count).into());
				seen >= below
			})
			.map(|(above, _)| above)
	}
}

/// The bucket of a worth: its exponent, and the two bits after its first.
fn bucket(worth: Balance) -> Option<usize> {
	let exponent = worth.checked_ilog2()?;
	let quarter =
		worth.checked_shl(Balance::BITS.saturating_sub(1).saturating_sub(exponent))? >> 125 & 3;
	(exponent as usize).checked_mul(PER_OCTAVE)?.checked_add(quarter as usize)
}

/// The least worth above a bucket, saturated.
fn above(index: usize) -> Balance {
	let (exponent, quarter) = ((index / PER_OCTAVE) as u32, (index % PER_OCTAVE) as Balance);
	// (4 + quarter + 1) · 2^exponent / 4, rounded up where that is no whole number.
	let quarters = quarter.saturating_add(5);
	match exponent.checked_sub(2) {
		Some(shift) if quarters.leading_zeros() >= shift => quarters << shift,
		Some(_) => Balance::MAX,
		None => (quarters << exponent).div_ceil(4),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn of(claims: impl IntoIterator<Item = Balance>) -> Histogram {
		let mut histogram = Histogram::default();
		claims.into_iter().for_each(|worth| histogram.add(worth));
		histogram
	}

	#[test]
	fn the_95th_percentile_is_recommended() {
		let recommended = of(1..=1_000).recommended_threshold().unwrap();
		assert!((950..=1_024).contains(&recommended), "{recommended}");
	}

	#[test]
	fn few_claims_recommend_nothing() {
		assert_eq!(of(1..100).recommended_threshold(), None);
		assert!(of(1..=100).recommended_threshold().is_some());
		assert_eq!(of([0; 500]).recommended_threshold(), None, "what is worth nothing is no claim");
	}

	#[test]
	fn the_past_is_forgotten_by_halves() {
		let mut histogram = of(core::iter::repeat_n(7, 65_535));
		histogram.add(1_000);
		assert_eq!(histogram.claims(), 65_536);
		histogram.add(7);
		assert_eq!(histogram.claims(), 32_768);
	}

	proptest! {
		#[test]
		fn a_worth_is_below_the_end_of_its_bucket(worth in 1u128.., shift in 0u32..127) {
			let worth = (worth >> shift).max(1);
			let index = bucket(worth).unwrap();
			prop_assert!(index < BUCKETS);
			prop_assert!(worth < above(index) || above(index) == Balance::MAX);
			if let Some(below) = index.checked_sub(1) {
				prop_assert!(worth >= above(below), "{} is in the bucket before", worth);
			}
			// A quarter at the most, and one for small numbers.
			prop_assert!(above(index) <= worth.saturating_add(worth / 4 + 1));
		}
	}
}

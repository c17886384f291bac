use crate::{Seed, ServiceId, Slot};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::{PerThing, Perquintill};
use sum_trie::Hasher;

/// How bids are chosen for an audit.
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
pub enum Selection {
	/// Each bid by itself, with the audit rate.
	Independent,
	/// All bids at once, with the audit rate, or none.
	Joint,
}

/// How many slots one hash decides.
pub const SLOTS_PER_HASH: u32 = 4;

/// The bids of one service that are audited in one session: a pure function of the session's seed,
/// the service and the slot (design section 4.1). Membership costs one hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
	seed: Seed,
	/// A 64-bit lane below this is drawn: the audit rate times 2^64, rounded down.
	bar: u128,
	selection: Selection,
}

impl Draw {
	/// The draw for `service` in the session with this seed.
	pub fn new<H: Hasher>(
		session_seed: &Seed,
		service: ServiceId,
		rate: Perquintill,
		selection: Selection,
	) -> Self {
		let seed = H::hash(&[b"audit draw", session_seed, &service.to_le_bytes()]);
		let bar = (u128::from(rate.deconstruct()) << 64) / u128::from(Perquintill::ACCURACY);
		Self { seed, bar, selection }
	}

	/// Whether the bid in `slot` is drawn.
	pub fn contains<H: Hasher>(&self, slot: Slot) -> bool {
		let lane = (slot % SLOTS_PER_HASH) as usize;
		self.group::<H>(slot / SLOTS_PER_HASH).get(lane).copied().unwrap_or(false)
	}

	/// Which of the slots `group · SLOTS_PER_HASH ..` are drawn.
	pub fn group<H: Hasher>(&self, group: u32) -> [bool; SLOTS_PER_HASH as usize] {
		let number = match self.selection {
			Selection::Independent => group,
			Selection::Joint => 0,
		};
		let hash = H::hash(&[&self.seed, &number.to_le_bytes()]);
		let mut drawn = [false; SLOTS_PER_HASH as usize];
		for (lane, chunk) in drawn.iter_mut().zip(hash.chunks_exact(8)) {
			*lane =
				u128::from(u64::from_le_bytes(chunk.try_into().unwrap_or([u8::MAX; 8]))) < self.bar;
		}
		if let (Selection::Joint, [first, ..]) = (self.selection, drawn) {
			drawn = [first; SLOTS_PER_HASH as usize];
		}
		drawn
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;
	use sum_trie::Blake2b256 as H;

	fn draw(seed: u8, rate: Perquintill, selection: Selection) -> Draw {
		Draw::new::<H>(&[seed; 32], 0, rate, selection)
	}

	fn drawn(draw: &Draw, slots: u32) -> u32 {
		(0..slots).filter(|slot| draw.contains::<H>(*slot)).count() as u32
	}

	#[test]
	fn the_rate_is_met() {
		// 40,000 independent draws at 5 %: mean 2,000, standard deviation 44.
		let count = drawn(&draw(1, Perquintill::from_percent(5), Selection::Independent), 40_000);
		assert!((1_800..2_200).contains(&count), "{count}");
	}

	#[test]
	fn certain_and_impossible_draws_are_exact() {
		for selection in [Selection::Independent, Selection::Joint] {
			assert_eq!(drawn(&draw(1, Perquintill::one(), selection), 999), 999);
			assert_eq!(drawn(&draw(1, Perquintill::zero(), selection), 999), 0);
		}
	}

	#[test]
	fn a_joint_draw_takes_all_or_none_at_the_rate() {
		let rate = Perquintill::from_percent(25);
		let counts: Vec<_> =
			(0..=255).map(|seed| drawn(&draw(seed, rate, Selection::Joint), 10)).collect();
		assert!(counts.iter().all(|count| [0, 10].contains(count)));
		let sessions = counts.iter().filter(|count| **count == 10).count();
		assert!((35..95).contains(&sessions), "{sessions} of 256, expected about 64");
	}

	#[test]
	fn services_are_drawn_apart() {
		let rate = Perquintill::from_percent(50);
		let of = |service| {
			let draw = Draw::new::<H>(&[7; 32], service, rate, Selection::Independent);
			(0..64).map(|slot| draw.contains::<H>(slot)).collect::<Vec<_>>()
		};
		assert_ne!(of(0), of(1));
	}

	proptest! {
		#[test]
		fn groups_and_single_slots_agree(seed in any::<u8>(), group in 0u32..1_000_000, percent in 0u64..=100) {
			let draw = draw(seed, Perquintill::from_percent(percent), Selection::Independent);
			let lanes = draw.group::<H>(group);
			for (lane, expected) in lanes.into_iter().enumerate() {
				prop_assert_eq!(draw.contains::<H>(group * SLOTS_PER_HASH + lane as u32), expected);
			}
		}
	}
}

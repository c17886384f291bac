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
	/// Whether the session is drawn at all: always where bids are drawn one by one.
	session: bool,
	/// A 64-bit lane below this is drawn: the rate times 2^64, rounded down.
	bar: u128,
	offset: [u8; 32],
}

impl Draw {
	/// The draw for `service` in the session with this seed.
	///
	/// `audit_rate` is the policy's, and `rate` that of the session's draw, which is less where the
	/// service's money asks for it: see [`Policy::draw_terms`](crate::Policy::draw_terms). Where bids
	/// are drawn all at once, the session is drawn with `audit_rate`, and each bid of it with `rate`.
	pub fn new<H: Hasher>(
		session_seed: &Seed,
		service: ServiceId,
		selection: Selection,
		audit_rate: Perquintill,
		rate: Perquintill,
	) -> Self {
		let seed = H::hash(&[b"audit draw", session_seed, &service.to_le_bytes()]);
		let session = match selection {
			Selection::Independent => true,
			Selection::Joint => lane(&H::hash(&[b"joint", &seed])) < bar(audit_rate),
		};
		Self { seed, session, bar: bar(rate), offset: H::hash(&[b"offset", &seed]) }
	}

	/// Whether the bid in `slot` is drawn.
	pub fn contains<H: Hasher>(&self, slot: Slot) -> bool {
		let lane = (slot % SLOTS_PER_HASH) as usize;
		self.group::<H>(slot / SLOTS_PER_HASH).get(lane).copied().unwrap_or(false)
	}

	/// Which of the slots `group · SLOTS_PER_HASH ..` are drawn.
	pub fn group<H: Hasher>(&self, group: u32) -> [bool; SLOTS_PER_HASH as usize] {
		let hash = H::hash(&[&self.seed, &group.to_le_bytes()]);
		let mut drawn = [false; SLOTS_PER_HASH as usize];
		for (drawn, chunk) in drawn.iter_mut().zip(hash.chunks_exact(8)) {
			*drawn = self.session && lane(chunk) < self.bar;
		}
		drawn
	}

	/// The group that is decided after `decided` others, of as many as `slots` need. The first is chosen
	/// by the seed: if there is no time for all, it is not always the same ones that are left.
	pub fn next_group(&self, decided: u32, slots: u32) -> u32 {
		let groups = groups(slots).max(1);
		let place = self.first_group(groups).saturating_add(decided.into());
		// Below `groups`, which has 32 bits.
		place.checked_rem(groups.into()).unwrap_or(0) as u32
	}

	/// Whether the group of `slot` is among the first `decided` ones.
	pub fn is_decided(&self, slot: Slot, decided: u32, slots: u32) -> bool {
		let groups = groups(slots).max(1);
		let group = u64::from(slot / SLOTS_PER_HASH);
		let after = group.saturating_add(groups.into()).saturating_sub(self.first_group(groups));
		after.checked_rem(groups.into()).unwrap_or(0) < decided.into()
	}

	fn first_group(&self, groups: u32) -> u64 {
		crate::seed::uniform(&self.offset, groups.into())
	}
}

/// Groups that so many slots are in: each is decided by one hash.
pub fn groups(slots: u32) -> u32 {
	slots.div_ceil(SLOTS_PER_HASH)
}

fn bar(rate: Perquintill) -> u128 {
	(u128::from(rate.deconstruct()) << 64) / u128::from(Perquintill::ACCURACY)
}

/// The first 64 bits of a hash, or of a part of one.
fn lane(bytes: &[u8]) -> u128 {
	bytes.first_chunk().map_or(u128::MAX, |bytes| u64::from_le_bytes(*bytes).into())
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;
	use sum_trie::Blake2b256 as H;

	fn draw(seed: u8, rate: Perquintill, selection: Selection) -> Draw {
		match selection {
			Selection::Independent => {
				Draw::new::<H>(&[seed; 32], 0, selection, Perquintill::one(), rate)
			}
			Selection::Joint => Draw::new::<H>(&[seed; 32], 0, selection, rate, Perquintill::one()),
		}
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
	fn a_joint_draw_that_is_thinned_takes_some_of_a_drawn_session() {
		let (all, half) = (Perquintill::one(), Perquintill::from_percent(50));
		let thinned = Draw::new::<H>(&[1; 32], 0, Selection::Joint, all, half);
		// 400: mean 200, standard deviation 10.
		assert!((160..240).contains(&drawn(&thinned, 400)));
		let never = Draw::new::<H>(&[1; 32], 0, Selection::Joint, Perquintill::zero(), half);
		assert_eq!(drawn(&never, 400), 0);
	}

	#[test]
	fn draws_start_anywhere() {
		let mut first: Vec<_> = (0..40)
			.map(|seed| draw(seed, Perquintill::one(), Selection::Independent).next_group(0, 40))
			.collect();
		first.sort();
		first.dedup();
		assert_eq!(first, (0..10).collect::<Vec<_>>());
	}

	#[test]
	fn services_are_drawn_apart() {
		let rate = Perquintill::from_percent(50);
		let of = |service| {
			let draw = Draw::new::<H>(&[7; 32], service, Selection::Independent, rate, rate);
			(0..64).map(|slot| draw.contains::<H>(slot)).collect::<Vec<_>>()
		};
		assert_ne!(of(0), of(1));
	}

	proptest! {
		#[test]
		fn every_group_is_decided_once(seed in any::<u8>(), slots in 1u32..200, decided in 0u32..60) {
			let draw = draw(seed, Perquintill::one(), Selection::Independent);
			let order: Vec<_> = (0..groups(slots)).map(|step| draw.next_group(step, slots)).collect();
			let mut all = order.clone();
			all.sort();
			prop_assert_eq!(all, (0..groups(slots)).collect::<Vec<_>>());
			for slot in 0..slots {
				let at = order.iter().position(|group| *group == slot / SLOTS_PER_HASH).unwrap();
				prop_assert_eq!(draw.is_decided(slot, decided, slots), at < decided as usize);
			}
		}


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

//! Who may serve whom, and the list of payers that comes with a claim (design section 6).

use crate::{position, ApplicationIndex, Seed, ServiceId, Slot, Units};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sum_trie::Hasher;

/// The slot of the supplier with this rank for an application in the session with this seed. Ranks
/// are `0 .. suppliers` of the service's terms; two of them can have the same slot.
pub fn assigned_slot<H: Hasher>(
	session_seed: &Seed,
	service: ServiceId,
	application: ApplicationIndex,
	rank: u8,
	slots: u32,
) -> Slot {
	let (service, application) = (service.to_le_bytes(), application.to_le_bytes());
	let seed = H::hash(&[b"assignment", session_seed, &service, &application]);
	// Below `slots`, which has 32 bits.
	position::<H>(&seed, rank.into(), slots.into()) as Slot
}

/// An entry of a claim's list: how many units one application pays for.
///
/// Lists are in the order of the applications' indices, each entry saying how many it skips. So no
/// application can be listed twice, and an entry takes few bytes: 3 to 15, usually 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Payer {
	/// Indices between the application before and this one; before the first, from zero.
	#[codec(compact)]
	pub skipped: u32,
	/// The rank by which the supplier may serve the application.
	pub rank: u8,
	/// Compute units claimed.
	#[codec(compact)]
	pub units: Units,
}

// Derived, it would not count the first byte of compact numbers.
impl MaxEncodedLen for Payer {
	fn max_encoded_len() -> usize {
		5 + 1 + 9
	}
}

/// An entry of a claim's list, with its application and the positions of its relays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
	pub application: ApplicationIndex,
	pub rank: u8,
	pub units: Units,
	/// The first position of its relays in the claim.
	pub start: u64,
}

impl Share {
	/// The first position after its relays.
	pub fn end(&self) -> u64 {
		self.start.saturating_add(self.units)
	}
}

/// The entries of a list whose first relay stands at position `start`. None follows after one whose
/// index or position is more than can be counted: see [`list_units`].
pub fn shares(list: &[Payer], start: u64) -> impl Iterator<Item = Share> + '_ {
	let mut next = (Some(0u32), start);
	list.iter().map_while(move |payer| {
		let (from, start) = next;
		let application = from?.checked_add(payer.skipped)?;
		next = (application.checked_add(1), start.checked_add(payer.units)?);
		Some(Share { application, rank: payer.rank, units: payer.units, start })
	})
}

/// The units of a whole list; none if an entry has no units, or numbers are more than can be counted.
pub fn list_units(list: &[Payer]) -> Option<Units> {
	let (mut entries, mut units) = (0usize, 0);
	for share in shares(list, 0).filter(|share| share.units > 0) {
		entries = entries.saturating_add(1);
		units = share.end();
	}
	(entries == list.len()).then_some(units)
}

/// The list of these applications, ranks and units. They must be in the order of the applications,
/// without any of them twice; whatever is not is left out.
pub fn payers(
	entries: impl IntoIterator<Item = (ApplicationIndex, u8, Units)>,
) -> impl Iterator<Item = Payer> {
	let mut next = 0u32;
	entries.into_iter().filter_map(move |(application, rank, units)| {
		let skipped = application.checked_sub(next)?;
		next = application.saturating_add(1);
		Some(Payer { skipped, rank, units })
	})
}

/// Whether a claim is drawn for proof. `claim_seed` is that of [`claim_seed`](crate::claim_seed).
pub fn drawn_for_proof<H: Hasher>(
	claim_seed: &Seed,
	probability: sp_arithmetic::Perquintill,
) -> bool {
	use sp_arithmetic::PerThing;
	let hash = H::hash(&[b"proof", claim_seed]);
	let draw = hash.first_chunk().map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
	let bar = (u128::from(probability.deconstruct()) << 64)
		/ u128::from(sp_arithmetic::Perquintill::ACCURACY);
	u128::from(draw) < bar
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;
	use sp_arithmetic::Perquintill;
	use sum_trie::Blake2b256 as H;

	#[test]
	fn suppliers_are_assigned_evenly() {
		let mut served = [0u32; 10];
		for application in 0..1_000 {
			for rank in 0..5 {
				served[assigned_slot::<H>(&[1; 32], 0, application, rank, 10) as usize] += 1;
			}
		}
		// 500 each, standard deviation 21.
		assert!(served.iter().all(|count| (400..600).contains(count)), "{served:?}");
	}

	#[test]
	fn assignments_change_with_the_session_and_the_service() {
		let of = |seed, service| {
			(0..50)
				.map(|app| assigned_slot::<H>(&[seed; 32], service, app, 0, 1_000))
				.collect::<Vec<_>>()
		};
		assert_ne!(of(1, 0), of(2, 0));
		assert_ne!(of(1, 0), of(1, 1));
	}

	#[test]
	fn a_usual_entry_takes_five_bytes() {
		let entry = Payer { skipped: 80, rank: 19, units: 9_000 };
		assert_eq!(entry.encoded_size(), 5);
		let longest = Payer { skipped: u32::MAX, rank: u8::MAX, units: u64::MAX };
		assert_eq!(longest.encoded_size(), Payer::max_encoded_len());
	}

	#[test]
	fn proofs_are_drawn_at_their_rate() {
		let count = |percent| {
			let rate = Perquintill::from_percent(percent);
			(0u32..4_000)
				.filter(|claim| drawn_for_proof::<H>(&H::hash(&[&claim.to_le_bytes()]), rate))
				.count()
		};
		assert_eq!((count(0), count(100)), (0, 4_000));
		// 400, standard deviation 19.
		assert!((310..490).contains(&count(10)), "{}", count(10));
	}

	#[test]
	fn numbers_that_cannot_be_counted_are_found() {
		let entry = |skipped, units| Payer { skipped, rank: 0, units };
		assert_eq!(list_units(&[]), Some(0));
		assert_eq!(list_units(&[entry(u32::MAX, 1)]), Some(1));
		assert_eq!(list_units(&[entry(u32::MAX, 1), entry(0, 1)]), None);
		assert_eq!(list_units(&[entry(0, u64::MAX), entry(0, 1)]), None);
		assert_eq!(list_units(&[entry(0, 3), entry(0, 0)]), None);
	}

	proptest! {
		#[test]
		fn a_list_says_what_it_was_made_of(
			entries in prop::collection::btree_map(any::<u32>(), (any::<u8>(), 1u64..1 << 50), 0..40),
			start in 0u64..1 << 50,
		) {
			let entries: Vec<_> = entries.into_iter().map(|(a, (rank, units))| (a, rank, units)).collect();
			let list: Vec<_> = payers(entries.clone()).collect();
			let said: Vec<_> = shares(&list, start).collect();
			prop_assert_eq!(said.iter().map(|s| (s.application, s.rank, s.units)).collect::<Vec<_>>(), entries);
			let mut at = start;
			for share in said {
				prop_assert_eq!(share.start, at);
				at = share.end();
			}
			prop_assert_eq!(list_units(&list), Some(at - start));
		}
	}
}

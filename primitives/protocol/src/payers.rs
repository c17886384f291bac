//! Who may serve whom, and the list of payers that comes with a claim (design section 6).

use crate::{seed::uniform, ApplicationIndex, Seed, ServiceId, Units};
use codec::{CompactAs, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sum_trie::Hasher;

/// The unit of capacity that an application's draw with this rank falls to, in the session with this
/// seed: uniform in `0 .. units`, the sum of all bids. It belongs to the bid whose range holds it, in
/// the order of the slots, so that a bid is drawn in proportion to what it declares. Ranks are
/// `0 .. suppliers` of the service's terms.
pub fn assigned_unit<H: Hasher>(
	session_seed: &Seed,
	service: ServiceId,
	application: ApplicationIndex,
	rank: u8,
	units: Units,
) -> Units {
	let (service, application) = (service.to_le_bytes(), application.to_le_bytes());
	uniform(&H::hash(&[b"assignment", session_seed, &service, &application, &[rank]]), units)
}

/// The draws of one application that fall to one bid, by their rank.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	CompactAs,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Ranks(u64);

impl Ranks {
	/// Maximum number of draws of an application.
	pub const MOST: u8 = 64;

	/// None of them.
	pub const NONE: Self = Self(0);

	/// Those among `0 .. suppliers` that `drawn` says; ranks from [`Ranks::MOST`] on are left out.
	pub fn of(suppliers: u8, drawn: impl Fn(u8) -> bool) -> Self {
		let ranks = (0..suppliers.min(Self::MOST)).filter(|rank| drawn(*rank));
		Self(ranks.fold(0, |ranks, rank| ranks | 1u64.checked_shl(rank.into()).unwrap_or(0)))
	}

	/// How many there are.
	pub fn count(self) -> u32 {
		self.0.count_ones()
	}

	/// Whether there is none.
	pub fn is_empty(self) -> bool {
		self.0 == 0
	}

	/// All of them, the lowest first.
	pub fn iter(self) -> impl Iterator<Item = u8> {
		(0..Self::MOST).filter(move |rank| self.contains(*rank))
	}

	/// Whether `rank` is one of them.
	pub fn contains(self, rank: u8) -> bool {
		self.0.checked_shr(rank.into()).unwrap_or(0) & 1 == 1
	}
}

/// An entry of a claim's list: how many units one application pays for.
///
/// Lists are in the order of the applications' indices, each entry saying how many it skips. So no
/// application can be listed twice, and an entry takes few bytes: 4 to 23, usually 5 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Payer {
	/// Indices between the application before and this one; before the first, from zero.
	#[codec(compact)]
	pub skipped: u32,
	/// The draws by which the supplier may serve the application.
	#[codec(compact)]
	pub ranks: Ranks,
	/// Compute units claimed.
	#[codec(compact)]
	pub units: Units,
}

// Derived, it would not count the first byte of compact numbers.
impl MaxEncodedLen for Payer {
	fn max_encoded_len() -> usize {
		5 + 9 + 9
	}
}

/// An entry of a claim's list, with its application and the positions of its relays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
	pub application: ApplicationIndex,
	pub ranks: Ranks,
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
		Some(Share { application, ranks: payer.ranks, units: payer.units, start })
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

/// The draws that all entries of a list name together: each is checked by one hash.
pub fn list_draws(list: &[Payer]) -> u32 {
	list.iter().fold(0, |draws, payer| draws.saturating_add(payer.ranks.count()))
}

/// The list of these applications, ranks and units. They must be in the order of the applications,
/// without any of them twice; whatever is not is left out.
pub fn payers(
	entries: impl IntoIterator<Item = (ApplicationIndex, Ranks, Units)>,
) -> impl Iterator<Item = Payer> {
	let mut next = 0u32;
	entries.into_iter().filter_map(move |(application, ranks, units)| {
		let skipped = application.checked_sub(next)?;
		next = application.saturating_add(1);
		Some(Payer { skipped, ranks, units })
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
	fn every_unit_is_drawn_as_often() {
		let mut served = [0u32; 10];
		for application in 0..1_000 {
			for rank in 0..5 {
				served[assigned_unit::<H>(&[1; 32], 0, application, rank, 10) as usize] += 1;
			}
		}
		// 500 each, standard deviation 21.
		assert!(served.iter().all(|count| (400..600).contains(count)), "{served:?}");
	}

	#[test]
	fn assignments_change_with_the_session_and_the_service() {
		let of = |seed, service| {
			(0..50)
				.map(|app| assigned_unit::<H>(&[seed; 32], service, app, 0, 1_000))
				.collect::<Vec<_>>()
		};
		assert_ne!(of(1, 0), of(2, 0));
		assert_ne!(of(1, 0), of(1, 1));
	}

	#[test]
	fn a_usual_entry_takes_few_bytes() {
		let entry = |rank| Payer { skipped: 80, ranks: Ranks::of(20, |r| r == rank), units: 9_000 };
		assert_eq!([3, 10, 19].map(|rank| entry(rank).encoded_size()), [5, 6, 8]);
		let longest = Payer { skipped: u32::MAX, ranks: Ranks::of(64, |_| true), units: u64::MAX };
		assert_eq!(longest.encoded_size(), Payer::max_encoded_len());
	}

	#[test]
	fn ranks_are_those_that_were_drawn() {
		let odd = Ranks::of(9, |rank| rank % 2 == 1);
		assert_eq!(odd.iter().collect::<Vec<_>>(), [1, 3, 5, 7]);
		assert_eq!((odd.count(), odd.contains(3), odd.contains(4)), (4, true, false));
		assert_eq!(Ranks::of(255, |_| true).count(), 64);
		assert!(!odd.contains(200) && Ranks::NONE.is_empty());
		assert_eq!(list_draws(&[Payer { skipped: 0, ranks: odd, units: 1 }; 3]), 12);
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
		let entry = |skipped, units| Payer { skipped, ranks: Ranks::NONE, units };
		assert_eq!(list_units(&[]), Some(0));
		assert_eq!(list_units(&[entry(u32::MAX, 1)]), Some(1));
		assert_eq!(list_units(&[entry(u32::MAX, 1), entry(0, 1)]), None);
		assert_eq!(list_units(&[entry(0, u64::MAX), entry(0, 1)]), None);
		assert_eq!(list_units(&[entry(0, 3), entry(0, 0)]), None);
	}

	proptest! {
		#[test]
		fn a_list_says_what_it_was_made_of(
			entries in prop::collection::btree_map(any::<u32>(), (any::<u64>(), 1u64..1 << 50), 0..40),
			start in 0u64..1 << 50,
		) {
			let entries: Vec<_> = entries.into_iter().map(|(a, (ranks, units))| (a, Ranks(ranks), units)).collect();
			let list: Vec<_> = payers(entries.clone()).collect();
			let said: Vec<_> = shares(&list, start).collect();
			prop_assert_eq!(said.iter().map(|s| (s.application, s.ranks, s.units)).collect::<Vec<_>>(), entries);
			let mut at = start;
			for share in said {
				prop_assert_eq!(share.start, at);
				at = share.end();
			}
			prop_assert_eq!(list_units(&list), Some(at - start));
		}
	}
}

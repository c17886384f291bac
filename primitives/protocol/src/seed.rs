use crate::{Seed, ServiceId, SessionIndex, Units};
use alloc::vec::Vec;
use sum_trie::Hasher;

/// The seed of one supplier's audit. It names supplier and service, so that no two audits ask for
/// the same work and one identity's results are of no use to another.
pub fn task_seed<H: Hasher>(session_seed: &Seed, service: ServiceId, supplier: &[u8]) -> Seed {
	H::hash(&[b"audit task", session_seed, &service.to_le_bytes(), supplier])
}

/// The seed of everything drawn for one claim after its session's proof seed is known.
pub fn claim_seed<H: Hasher>(
	proof_seed: &Seed,
	session: SessionIndex,
	service: ServiceId,
	supplier: &[u8],
) -> Seed {
	let (session, service) = (session.to_le_bytes(), service.to_le_bytes());
	H::hash(&[b"claim", proof_seed, &session, &service, supplier])
}

/// A number in `[0, below)` by a hash: uniform, up to a bias below `2^-64`. Zero where `below` is.
pub(crate) fn uniform(hash: &[u8; 32], below: u64) -> u64 {
	let (mut high, mut low) = ([0u8; 8], [0u8; 8]);
	high.iter_mut().chain(low.iter_mut()).zip(hash).for_each(|(to, from)| *to = *from);
	let below = u128::from(below);
	// The upper 64 bits of a 128-bit draw times `below`; neither product nor sum can overflow.
	let low = u128::from(u64::from_le_bytes(low)).saturating_mul(below) >> 64;
	let high = u128::from(u64::from_le_bytes(high)).saturating_mul(below).saturating_add(low) >> 64;
	high as u64
}

/// The `index`-th position that a claim of weight `sum` must open: uniform in `[0, sum)`.
pub fn position<H: Hasher>(claim_seed: &Seed, index: u32, sum: u64) -> u64 {
	uniform(&H::hash(&[b"position", claim_seed, &index.to_le_bytes()]), sum)
}

/// All positions that a claim must open (design sections 5.1 and 5.2): `openings` in the range of its
/// audit, which comes first, and `openings` in that of its relays. Each range is opened by its own
/// weight, so that neither hides behind the other. Positions can repeat.
pub fn positions<H: Hasher>(
	claim_seed: &Seed,
	openings: u32,
	audit: Units,
	relays: Units,
) -> Vec<u64> {
	let range = |first: u32, start: u64, length: Units| {
		let indices = (0..openings).filter(move |_| length > 0);
		indices.map(move |index| {
			let position = position::<H>(claim_seed, first.saturating_add(index), length);
			start.saturating_add(position)
		})
	};
	range(0, 0, audit).chain(range(openings, audit, relays)).collect()
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;
	use sum_trie::Blake2b256 as H;

	#[test]
	fn no_two_audits_share_their_work() {
		let seed = |session: u8, service, supplier: &[u8]| {
			task_seed::<H>(&[session; 32], service, supplier)
		};
		let all = [seed(0, 0, b"a"), seed(1, 0, b"a"), seed(0, 1, b"a"), seed(0, 0, b"b")];
		for (i, one) in all.iter().enumerate() {
			assert!(all[i + 1..].iter().all(|other| other != one));
		}
	}

	#[test]
	fn positions_spread_evenly() {
		let tenths =
			positions::<H>(&[3; 32], 10_000, 1_000, 0).into_iter().fold([0u32; 10], |mut t, p| {
				t[p as usize / 100] += 1;
				t
			});
		assert!(tenths.iter().all(|count| (880..1_120).contains(count)), "{tenths:?}");
	}

	#[test]
	fn each_range_is_opened_as_often() {
		let drawn = positions::<H>(&[3; 32], 8, 20, 1_000_000);
		assert_eq!(drawn.iter().filter(|position| **position < 20).count(), 8);
		assert_eq!(drawn.len(), 16);
		assert_eq!(positions::<H>(&[3; 32], 8, 20, 0), drawn[..8]);
		assert_eq!(positions::<H>(&[3; 32], 8, 0, 1_000_000).len(), 8);
	}

	proptest! {
		#[test]
		fn a_position_lies_in_its_claim(seed in any::<[u8; 32]>(), index in any::<u32>(), sum in 1u64..) {
			prop_assert!(position::<H>(&seed, index, sum) < sum);
		}
	}
}

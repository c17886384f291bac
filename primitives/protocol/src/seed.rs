use crate::{Seed, ServiceId, SessionIndex};
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

/// The `index`-th position that a claim of weight `sum` must open: uniform in `[0, sum)`, up to a
/// bias below `2^-64`. Zero for an empty claim.
pub fn position<H: Hasher>(claim_seed: &Seed, index: u32, sum: u64) -> u64 {
	let hash = H::hash(&[b"position", claim_seed, &index.to_le_bytes()]);
	let (mut high, mut low) = ([0u8; 8], [0u8; 8]);
	high.iter_mut().chain(low.iter_mut()).zip(hash).for_each(|(to, from)| *to = from);
	let sum = u128::from(sum);
	// The upper 64 bits of a 128-bit draw times `sum`; neither product nor sum can overflow.
	let low = u128::from(u64::from_le_bytes(low)).saturating_mul(sum) >> 64;
	let high = u128::from(u64::from_le_bytes(high)).saturating_mul(sum).saturating_add(low) >> 64;
	high as u64
}

/// All positions that a claim of weight `sum` must open (design section 5.1). They can repeat.
pub fn positions<H: Hasher>(claim_seed: &Seed, openings: u32, sum: u64) -> Vec<u64> {
	(0..openings).map(|index| position::<H>(claim_seed, index, sum)).collect()
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
			positions::<H>(&[3; 32], 10_000, 1_000).into_iter().fold([0u32; 10], |mut t, p| {
				t[p as usize / 100] += 1;
				t
			});
		assert!(tenths.iter().all(|count| (880..1_120).contains(count)), "{tenths:?}");
	}

	proptest! {
		#[test]
		fn a_position_lies_in_its_claim(seed in any::<[u8; 32]>(), index in any::<u32>(), sum in 1u64..) {
			prop_assert!(position::<H>(&seed, index, sum) < sum);
		}
	}
}

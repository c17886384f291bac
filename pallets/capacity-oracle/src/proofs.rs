//! Proofs: a claim is opened at the positions that the session's seed chose.

use crate::{pallet::*, types::*, WeightInfo};
use alloc::vec::Vec;
use capacity_protocol::{
	claim_seed, positions, task_seed, Seed, ServiceId, SessionIndex, Task, Work,
};
use codec::Encode;
use frame_support::{dispatch::PostDispatchInfo, pallet_prelude::*, traits::Get};
use sum_trie::{Limits, Multiproof};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_prove(
		index: SessionIndex,
		service: ServiceId,
		supplier: T::AccountId,
		proof: &[u8],
	) -> DispatchResultWithPostInfo {
		let session = Sessions::<T>::get(index).ok_or(Error::<T>::UnknownSession)?;
		let (Some(audit_seed), Some(proof_seed)) = (session.audit_seed, session.proof_seed) else {
			return Err(Error::<T>::ProofsNotOpen.into());
		};
		ensure!(session.due.is_some_and(|due| Self::tick() < due), Error::<T>::ProofsClosed);
		let mut claim =
			Claims::<T>::get(index, (service, &supplier)).ok_or(Error::<T>::NoOpenClaim)?;
		let mut round = Rounds::<T>::get(index, service).ok_or(Error::<T>::NoOpenClaim)?;
		let root = claim.commitment.ok_or(Error::<T>::NothingCommitted)?;
		ensure!(!claim.proven, Error::<T>::AlreadyProven);

		let policy = round.policy;
		let limits = Limits {
			max_leaves: policy.openings,
			max_depth: T::MaxDepth::get() as u16,
			max_value_len: policy.work.max_content(),
		};
		let task = Self::task(&audit_seed, service, &supplier, claim.audit.units);
		let places =
			Self::positions(&proof_seed, index, service, &supplier, policy.openings, root.sum);
		let opened = Multiproof::decode_bounded(proof, &limits)
			.map_err(|_| Error::<T>::InvalidProof(ProofError::Malformed))?;
		opened
			.verify::<T::Hasher, _>(&root, &places, |content| {
				policy.work.check::<T::Hasher>(&task, content)
			})
			.map_err(|error| Error::<T>::InvalidProof(error.into()))?;

		claim.proven = true;
		let units = claim.delivered();
		round.delivered = round.delivered.saturating_add(units);
		if units == claim.audit.units {
			round.fulfilled = round.fulfilled.saturating_add(1);
		}
		Claims::<T>::insert(index, (service, &supplier), claim);
		Rounds::<T>::insert(index, service, round);
		Self::deposit_event(Event::Proven { session: index, service, supplier, units });

		let work = policy.openings.saturating_mul(policy.work.hashes());
		let hashes = work.saturating_add(opened.hashes());
		Ok(PostDispatchInfo {
			actual_weight: Some(T::WeightInfo::prove(proof.len() as u32, hashes)),
			pays_fee: Pays::No,
		})
	}

	/// The most hashes that checking a proof can take: work, and a path to the root for each opening.
	pub(crate) fn most_hashes() -> u32 {
		let paths = T::MaxOpenings::get().saturating_mul(T::MaxDepth::get());
		paths.saturating_add(T::MaxWorkHashes::get())
	}

	/// What an audit asks of a supplier.
	pub(crate) fn task(
		audit_seed: &Seed,
		service: ServiceId,
		supplier: &T::AccountId,
		units: u64,
	) -> Task {
		Task {
			seed: supplier.using_encoded(|who| task_seed::<T::Hasher>(audit_seed, service, who)),
			units,
		}
	}

	/// The positions that a supplier's claim must open.
	pub(crate) fn positions(
		proof_seed: &Seed,
		session: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
		openings: u32,
		sum: u64,
	) -> Vec<u64> {
		let seed = supplier
			.using_encoded(|who| claim_seed::<T::Hasher>(proof_seed, session, service, who));
		positions::<T::Hasher>(&seed, openings, sum)
	}
}

//! Proofs: a claim is opened at the positions that the session's seed chose.

use crate::{pallet::*, types::*, WeightInfo};
use alloc::vec::Vec;
use capacity_protocol::{
	claim_seed, positions, shares, task_seed, RelayContext, RelayTask, RelayTerms, Relaying, Seed,
	ServiceId, SessionIndex, Share, SigningKey, Task, Units, Work, WorkError,
};
use codec::Encode;
use frame_support::{
	dispatch::{DispatchErrorWithPostInfo, PostDispatchInfo},
	pallet_prelude::*,
	traits::Get,
};
use sp_runtime::{DispatchError, SaturatedConversion};
use sum_trie::{Limits, Multiproof, Path};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_prove(
		index: SessionIndex,
		service: ServiceId,
		supplier: T::AccountId,
		proof: &[u8],
	) -> DispatchResultWithPostInfo {
		let looked_up = |error: Error<T>| refused(error, T::WeightInfo::prove(0, 0, 0));
		let due = Self::proof_due(index, service, &supplier).map_err(looked_up)?;
		let DueProof { seed, proof_seed, mut claim, commitment, mut round } = due;
		let policy = round.policy;
		let places = Self::positions(&proof_seed, index, service, &supplier, &policy, &commitment);
		let length = proof.len() as u32;
		let opened = Multiproof::decode_bounded(proof, &Self::limits(&policy)).map_err(|_| {
			let error = Error::<T>::InvalidProof(ProofError::Malformed);
			refused(error, T::WeightInfo::prove(length, 0, 0))
		})?;
		let checker = Checker::<T>::new(index, service, &supplier, &seed, &claim, &round);
		let (mut leaves, mut work) = (0u32, 0u32);
		let verified =
			opened.verify::<T::Hasher, _>(&commitment.root, &places, |offset, content| {
				let (checked, hashes) = checker.check(offset, content);
				leaves = leaves.saturating_add(1);
				work = work.saturating_add(hashes);
				checked
			});
		// Whoever is refused pays for what was done, and that is not more than this.
		let done = T::WeightInfo::prove(length, work.saturating_add(opened.hashes()), leaves);
		verified.map_err(|error| refused(Error::<T>::InvalidProof(error.into()), done))?;

		claim.proven = true;
		if let Some(audit) = claim.audit {
			let units = claim.delivered();
			round.delivered = round.delivered.saturating_add(units);
			if units == audit.units {
				round.fulfilled = round.fulfilled.saturating_add(1);
			}
		}
		Claims::<T>::insert(index, (service, &supplier), claim);
		Rounds::<T>::insert(index, service, round);
		let units = commitment.root.sum;
		Self::deposit_event(Event::Proven { session: index, service, supplier, units });
		Ok(PostDispatchInfo { actual_weight: Some(done), pays_fee: Pays::No })
	}

	/// What a supplier must prove now; an error where it need not or cannot.
	pub(crate) fn proof_due(
		index: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
	) -> Result<DueProof<T::Work>, Error<T>> {
		let session = Sessions::<T>::get(index).ok_or(Error::<T>::UnknownSession)?;
		let (Some(seed), Some(proof_seed)) = (session.seed, session.proof_seed) else {
			return Err(Error::<T>::ProofsNotOpen);
		};
		ensure!(session.due.is_some_and(|due| Self::tick() < due), Error::<T>::ProofsClosed);
		let claim = Claims::<T>::get(index, (service, supplier)).ok_or(Error::<T>::NoOpenClaim)?;
		let round = Rounds::<T>::get(index, service).ok_or(Error::<T>::NoOpenClaim)?;
		let commitment = claim.commitment.ok_or(Error::<T>::NothingCommitted)?;
		ensure!(!claim.proven, Error::<T>::AlreadyProven);
		let required = Self::proof_required(&proof_seed, index, service, supplier, &claim, &round);
		ensure!(required, Error::<T>::ProofNotRequired);
		Ok(DueProof { seed, proof_seed, claim, commitment, round })
	}

	/// Notes that somebody tries to prove a claim in this block.
	pub(crate) fn note_attempt(index: SessionIndex, service: ServiceId, supplier: &T::AccountId) {
		Claims::<T>::mutate(index, (service, supplier), |claim| {
			if let Some(claim) = claim {
				let count = claim.attempts.count.saturating_add(1);
				claim.attempts = Attempts { count, block: Self::this_block() };
			}
		});
	}

	/// Whether somebody has tried to prove the claim in this block.
	pub(crate) fn was_attempted(claim: &Claim) -> bool {
		claim.attempts.count > 0 && claim.attempts.block == Self::this_block()
	}

	fn this_block() -> u32 {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}

	fn limits(policy: &PolicyOf<T>) -> Limits {
		Limits {
			max_leaves: Self::largest_openings(policy),
			max_depth: T::MaxDepth::get() as u16,
			max_value_len: Self::max_content(policy),
		}
	}

	/// Maximum number of leaves that a proof opens: those of an audit, and those of relays.
	pub(crate) fn largest_openings(policy: &PolicyOf<T>) -> u32 {
		let ranges = if policy.relays.is_some() { 2 } else { 1 };
		policy.openings.saturating_mul(ranges)
	}

	/// Length of the longest content of a leaf, in bytes.
	pub(crate) fn max_content(policy: &PolicyOf<T>) -> u32 {
		let relays = policy.relays.map_or(0, |terms| relaying::<T>(&terms).max_content());
		policy.work.max_content().max(relays)
	}

	/// Hashes that checking the content of a leaf takes at the most.
	pub(crate) fn content_hashes(policy: &PolicyOf<T>) -> u32 {
		let relays = policy.relays.map_or(0, |terms| relaying::<T>(&terms).hashes());
		policy.work.hashes().max(relays)
	}

	/// The most hashes that checking a proof can take: work, and a path to the root for each opening.
	pub(crate) fn most_hashes() -> u32 {
		let paths = T::MaxOpenings::get().saturating_mul(T::MaxDepth::get());
		paths.saturating_add(T::MaxWorkHashes::get())
	}

	/// What an audit asks of a supplier.
	pub(crate) fn task(
		session_seed: &Seed,
		service: ServiceId,
		supplier: &T::AccountId,
		units: Units,
	) -> Task {
		Task {
			seed: supplier.using_encoded(|who| task_seed::<T::Hasher>(session_seed, service, who)),
			units,
		}
	}

	/// The seed of everything that is drawn for a claim.
	pub(crate) fn claim_seed(
		proof_seed: &Seed,
		session: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
	) -> Seed {
		supplier.using_encoded(|who| claim_seed::<T::Hasher>(proof_seed, session, service, who))
	}

	/// The positions that a supplier's claim must open.
	pub(crate) fn positions(
		proof_seed: &Seed,
		session: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
		policy: &PolicyOf<T>,
		commitment: &Commitment,
	) -> Vec<u64> {
		let seed = Self::claim_seed(proof_seed, session, service, supplier);
		let (audit, relays) = (commitment.synthetic(), commitment.relays);
		positions::<T::Hasher>(&seed, policy.openings, audit, relays)
	}
}

/// A claim that must be proven, and can be now.
pub(crate) struct DueProof<W> {
	seed: Seed,
	proof_seed: Seed,
	pub(crate) claim: Claim,
	commitment: Commitment,
	round: Round<W>,
}

/// A call that is refused after work of this weight.
pub(crate) fn refused<T>(error: Error<T>, done: Weight) -> DispatchErrorWithPostInfo
where
	Error<T>: Into<DispatchError>,
{
	DispatchErrorWithPostInfo { post_info: Some(done).into(), error: error.into() }
}

fn relaying<T: Config>(terms: &RelayTerms) -> Relaying<T::Signatures> {
	Relaying::new(terms.prices)
}

/// Checks opened leaves by where they stand: those of the audit come first, then the range of each
/// application that the claim lists.
struct Checker<'a, T: Config> {
	session: SessionIndex,
	service: ServiceId,
	supplier: &'a T::AccountId,
	seed: &'a Seed,
	policy: PolicyOf<T>,
	/// The audit's task, and the first position after its units.
	audit: Option<Task>,
	synthetic: u64,
	shares: Vec<Share>,
}

impl<'a, T: Config> Checker<'a, T> {
	fn new(
		session: SessionIndex,
		service: ServiceId,
		supplier: &'a T::AccountId,
		seed: &'a Seed,
		claim: &Claim,
		round: &Round<T::Work>,
	) -> Self {
		let listed = claim.commitment.is_some_and(|commitment| commitment.payers > 0);
		let payers = match listed {
			true => Payers::<T>::get(session, (service, supplier)),
			false => Default::default(),
		};
		let synthetic = claim.commitment.map_or(0, |commitment| commitment.synthetic());
		Self {
			session,
			service,
			supplier,
			seed,
			policy: round.policy,
			audit: claim.audit.map(|audit| Pallet::<T>::task(seed, service, supplier, audit.units)),
			synthetic,
			shares: shares(&payers, synthetic).collect(),
		}
	}

	/// The path and weight of an opened leaf whose first position is `offset`, and the hashes that
	/// finding them took.
	fn check(&self, offset: u64, content: &[u8]) -> (Result<(Path, u64), WorkError>, u32) {
		if offset < self.synthetic {
			let work = &self.policy.work;
			let task = self.audit.as_ref().ok_or(WorkError::NotInTask);
			let checked = task.and_then(|task| work.check::<T::Hasher>(task, content));
			return (within(checked, offset, self.synthetic), work.hashes());
		}
		let Some(terms) = self.policy.relays else { return (Err(WorkError::NotInTask), 0) };
		let work = relaying::<T>(&terms);
		let checked = self.share_at(offset).and_then(|share| {
			let checked = work.check::<T::Hasher>(&self.relay_task(&share), content);
			within(checked, offset, share.end())
		});
		(checked, work.hashes())
	}

	/// The entry of the list whose range holds `position`.
	fn share_at(&self, position: u64) -> Result<Share, WorkError> {
		let after = self.shares.partition_point(|share| share.start <= position);
		let share = after.checked_sub(1).and_then(|index| self.shares.get(index));
		share.copied().ok_or(WorkError::OtherPayer)
	}

	fn relay_task(&self, share: &Share) -> RelayTask {
		let (service, application) = (self.service, share.application);
		let context = self.supplier.using_encoded(|who| {
			RelayContext::new::<T::Hasher>(self.seed, service, who, application)
		});
		let mut keys: Vec<Option<SigningKey>> = Vec::new();
		let known = Applications::<T>::get(service, application);
		for key in known.iter().flat_map(|known| &known.keys) {
			let number = usize::from(key.number);
			if keys.len() <= number {
				keys.resize(number.saturating_add(1), None);
			}
			if let Some(slot) = keys.get_mut(number).filter(|_| key.holds_in(self.session)) {
				*slot = Some(key.key);
			}
		}
		RelayTask { context, application, keys }
	}
}

/// What was checked, if all of it lies before `end`.
fn within(
	checked: Result<(Path, u64), WorkError>,
	offset: u64,
	end: u64,
) -> Result<(Path, u64), WorkError> {
	let (path, weight) = checked?;
	match offset.checked_add(weight) {
		Some(last) if last <= end => Ok((path, weight)),
		_ => Err(WorkError::OtherPayer),
	}
}

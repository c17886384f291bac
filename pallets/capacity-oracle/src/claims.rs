//! Claims: commitments that can change while their window is open, and never after.

use crate::{pallet::*, proofs::refused, relays::Listed, types::*, WeightInfo};
use capacity_protocol::{list_draws, Balance, ServiceId, SessionIndex};
use frame_support::{
	dispatch::{DispatchResultWithPostInfo, PostDispatchInfo},
	pallet_prelude::*,
	storage::{with_transaction, TransactionOutcome},
};
use sum_trie::Root;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_claim(
		index: SessionIndex,
		service: ServiceId,
		supplier: T::AccountId,
		root: Root,
		payers: PayersOf<T>,
	) -> DispatchResultWithPostInfo {
		let draws = list_draws(&payers);
		let mut open = Self::open_for_claims(index, service, &supplier)
			.map_err(|error| refused(error, T::WeightInfo::claim(0, 0, 0)))?;
		let replaced = open.take_back(index, service, &supplier);
		let mut seen = 0;
		let committed = open.commit(index, service, root, &payers, &mut seen);
		let commitment = committed
			.map_err(|error| refused(error, T::WeightInfo::claim(seen, draws, replaced)))?;
		let Commitment { worth, at_risk, .. } = commitment;
		let listed = commitment.payers;
		if payers.is_empty() {
			Payers::<T>::remove(index, (service, &supplier));
		} else {
			Payers::<T>::insert(index, (service, &supplier), payers);
		}
		open.save(index, service, &supplier);
		Self::deposit_event(Event::Claimed {
			session: index,
			service,
			supplier,
			units: root.sum,
			worth,
			at_risk,
		});
		Ok(Some(Self::claim_weight(listed, draws, replaced)).into())
	}

	pub(crate) fn do_withdraw_claim(
		index: SessionIndex,
		service: ServiceId,
		supplier: T::AccountId,
	) -> DispatchResultWithPostInfo {
		let mut open = Self::open_for_claims(index, service, &supplier)?;
		ensure!(open.claim.is_some(), Error::<T>::NoOpenClaim);
		ensure!(open.commitment().is_some(), Error::<T>::NothingCommitted);
		let payers = open.take_back(index, service, &supplier);
		Payers::<T>::remove(index, (service, &supplier));
		open.save(index, service, &supplier);
		Self::deposit_event(Event::ClaimWithdrawn { session: index, service, supplier });
		Ok(PostDispatchInfo::from(Some(T::WeightInfo::withdraw_claim(payers))))
	}

	/// What a claim weighs that lists so many applications, its settlement included: that is paid for when
	/// the claim is made, so that claims cannot be made faster than they can be settled.
	pub(crate) fn claim_weight(listed: u32, draws: u32, replaced: u32) -> Weight {
		T::WeightInfo::claim(listed, draws, replaced)
			.saturating_add(T::WeightInfo::settle_claim(listed))
	}

	/// What a claim with this list would put at risk and be sure of, without making it.
	pub(crate) fn try_claim(
		index: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
		payers: &PayersOf<T>,
	) -> Option<(Commitment, Listed, Balance)> {
		with_transaction(|| {
			let tried = (|| {
				let mut open = Self::opened(index, service, supplier).ok()?;
				open.take_back(index, service, supplier);
				let listed = open.list(index, service, payers, &mut 0).ok()?;
				let terms = open.round.policy.relays;
				let free = Self::free_for_relays(service, &open.bid, terms.as_ref());
				Some((open.terms_of(Root::EMPTY, payers, &listed), listed, free))
			})();
			// Nothing of it stays.
			TransactionOutcome::Rollback(Ok::<_, DispatchError>(tried))
		})
		.ok()
		.flatten()
	}

	/// Whether a supplier may have something to claim now: its bid takes part in the session, or it is
	/// audited in it, and the claim window is open.
	pub(crate) fn claim_due(
		index: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
	) -> Result<(), Error<T>> {
		let open = Self::open_for_claims(index, service, supplier)?;
		let takes_part = open.claim.is_some() || open.bid.seat.at(index).is_some();
		ensure!(takes_part, Error::<T>::NoOpenClaim);
		Ok(())
	}

	/// The one way to change a claim: only while its window is open.
	fn open_for_claims(
		index: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
	) -> Result<OpenClaim<T>, Error<T>> {
		let session = Sessions::<T>::get(index).ok_or(Error::<T>::UnknownSession)?;
		let tick = Self::tick();
		ensure!(tick >= session.end, Error::<T>::ClaimsNotOpen);
		ensure!(tick < session.claims_close(), Error::<T>::ClaimsClosed);
		Self::opened(index, service, supplier)
	}

	fn opened(
		index: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
	) -> Result<OpenClaim<T>, Error<T>> {
		let session = Sessions::<T>::get(index).ok_or(Error::<T>::UnknownSession)?;
		let round = Rounds::<T>::get(index, service).ok_or(Error::<T>::NoOpenClaim)?;
		let bid = Bids::<T>::get(service, supplier).ok_or(Error::<T>::NoOpenClaim)?;
		let claim = Claims::<T>::get(index, (service, supplier));
		Ok(OpenClaim { session, round, bid, claim })
	}
}

/// A claim that can be made or changed now.
struct OpenClaim<T: Config> {
	session: Session,
	round: Round<T::Work>,
	bid: Bid,
	claim: Option<Claim>,
}

impl<T: Config> OpenClaim<T> {
	fn commitment(&self) -> Option<Commitment> {
		self.claim.and_then(|claim| claim.commitment)
	}

	/// Undoes what was committed to before. Returns how many payers that listed.
	fn take_back(
		&mut self,
		index: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
	) -> u32 {
		let Some(commitment) = self.commitment() else { return 0 };
		if let Some(terms) = self.round.policy.relays.filter(|_| commitment.payers > 0) {
			let payers = Payers::<T>::get(index, (service, supplier));
			Pallet::<T>::unlist_payers(index, service, &terms, &payers);
		}
		self.bid.relays_at_risk = self.bid.relays_at_risk.saturating_sub(commitment.at_risk);
		self.claim = self.claim.and_then(|claim| {
			// Without an audit there is nothing left to show.
			claim.audit.map(|_| Claim { commitment: None, ..claim })
		});
		if self.claim.is_none() {
			self.bid.open_claims = self.bid.open_claims.saturating_sub(1);
		}
		commitment.payers
	}

	fn list(
		&self,
		index: SessionIndex,
		service: ServiceId,
		payers: &PayersOf<T>,
		seen: &mut u32,
	) -> Result<Listed, Error<T>> {
		let seed = self.session.seed.ok_or(Error::<T>::UnknownSession)?;
		let seat = *self.bid.seat.at(index);
		Pallet::<T>::list_payers(index, service, &seed, &self.round, seat, payers, seen)
	}

	/// What a claim with this list is worth, risks and is credited with.
	fn terms_of(&self, root: Root, payers: &PayersOf<T>, listed: &Listed) -> Commitment {
		let relays = self.round.policy.relays.filter(|_| !payers.is_empty());
		let credit = relays.filter(|terms| terms.credit_relays).zip(self.audit());
		Commitment {
			root,
			relays: listed.units,
			payers: payers.len() as u32,
			worth: listed.worth,
			at_risk: relays.map_or(0, |terms| {
				terms.penalty(listed.worth, self.round.threshold, self.round.probability)
			}),
			credit: credit.map_or(0, |(terms, audit)| {
				terms.units(listed.certain).min(listed.units).min(audit.units)
			}),
		}
	}

	fn audit(&self) -> Option<Audit> {
		self.claim.and_then(|claim| claim.audit)
	}

	fn commit(
		&mut self,
		index: SessionIndex,
		service: ServiceId,
		root: Root,
		payers: &PayersOf<T>,
		seen: &mut u32,
	) -> Result<Commitment, Error<T>> {
		ensure!(self.claim.is_some() || !payers.is_empty(), Error::<T>::NoOpenClaim);
		let listed = self.list(index, service, payers, seen)?;
		// What applications do not pay for is the audit's.
		let synthetic = root.sum.checked_sub(listed.units);
		let asked = self.audit().map_or(0, |audit| audit.units);
		let in_range = root.sum > 0
			&& (1..=root.sum).contains(&root.count)
			&& synthetic.is_some_and(|units| units <= asked);
		ensure!(in_range, Error::<T>::CommitmentOutOfRange);

		let commitment = self.terms_of(root, payers, &listed);
		let terms = self.round.policy.relays;
		let free = Pallet::<T>::free_for_relays(service, &self.bid, terms.as_ref());
		if let Some(missing) = commitment.at_risk.checked_sub(free).filter(|missing| *missing > 0) {
			return Err(Error::<T>::CollateralMissing(missing.into()));
		}
		self.bid.relays_at_risk = self.bid.relays_at_risk.saturating_add(commitment.at_risk);
		match &mut self.claim {
			Some(claim) => claim.commitment = Some(commitment),
			None => {
				self.claim = Some(Claim::committed(commitment));
				self.bid.open_claims = self.bid.open_claims.saturating_add(1);
			}
		}
		Ok(commitment)
	}

	fn save(self, index: SessionIndex, service: ServiceId, supplier: &T::AccountId) {
		Bids::<T>::insert(service, supplier, self.bid);
		Claims::<T>::set(index, (service, supplier), self.claim);
	}
}

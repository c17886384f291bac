//! Settlement: pay, or forfeit and slash; then the collateral is free again.

use crate::{pallet::*, types::*, WeightInfo};
use capacity_protocol::{Balance, ServiceId, SessionIndex, Slashing, Units};
use frame_support::{
	defensive,
	dispatch::{DispatchResultWithPostInfo, PostDispatchInfo},
	pallet_prelude::*,
	traits::{
		fungible::MutateHold,
		tokens::{Fortitude, Precision, Restriction},
		Get,
	},
	weights::WeightMeter,
};
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

impl<T: Config> Pallet<T> {
	/// Settles claims of the oldest session that is due, as many as there is weight for.
	pub(crate) fn settle_due(meter: &mut WeightMeter) {
		if meter.try_consume(T::WeightInfo::check_due()).is_err() {
			return;
		}
		let index = SettlementCursor::<T>::get();
		let next = index.saturating_add(1);
		let Some(session) = Sessions::<T>::get(index) else { return };
		if !Self::is_due(index, &session) {
			return;
		}
		for _ in 0..T::MaxSettlementsPerBlock::get() {
			if !meter.can_consume(T::WeightInfo::settle_claim(0)) {
				return;
			}
			let Some(((service, supplier), claim)) = Claims::<T>::iter_prefix(index).next() else {
				let close = T::WeightInfo::close_session(ServiceCount::<T>::get());
				if meter.try_consume(close).is_ok() {
					Self::close_session(index, &session);
					SettlementCursor::<T>::put(next);
				}
				return;
			};
			let payers = claim.commitment.map_or(0, |commitment| commitment.payers);
			if meter.try_consume(T::WeightInfo::settle_claim(payers)).is_err() {
				return;
			}
			Claims::<T>::remove(index, (service, &supplier));
			Self::settle_claim(index, &session, service, supplier, claim, None);
		}
	}

	pub(crate) fn do_settle(
		index: SessionIndex,
		service: ServiceId,
		supplier: T::AccountId,
		settler: T::AccountId,
	) -> DispatchResultWithPostInfo {
		let session = Sessions::<T>::get(index).ok_or(Error::<T>::UnknownSession)?;
		ensure!(Self::is_due(index, &session), Error::<T>::NotDue);
		let claim =
			Claims::<T>::take(index, (service, &supplier)).ok_or(Error::<T>::NoOpenClaim)?;
		let payers = claim.commitment.map_or(0, |commitment| commitment.payers);
		Self::settle_claim(index, &session, service, supplier, claim, Some(settler));
		Ok(PostDispatchInfo::from(Some(T::WeightInfo::settle(payers))))
	}

	/// A session is due when its proof window is closed, its draw is over and all earlier ones are
	/// settled: of the audits that one stake stands behind, the first that fails takes it.
	fn is_due(index: SessionIndex, session: &Session) -> bool {
		index == SettlementCursor::<T>::get()
			&& session.due.is_some_and(|due| Self::tick() >= due)
			&& DrawProgress::<T>::get().is_none_or(|draw| draw.session != index)
	}

	/// Settles a claim that has been taken out of storage.
	fn settle_claim(
		index: SessionIndex,
		session: &Session,
		service: ServiceId,
		supplier: T::AccountId,
		claim: Claim,
		settler: Option<T::AccountId>,
	) {
		let (Some(round), Some(bid)) =
			(Rounds::<T>::get(index, service), Bids::<T>::get(service, &supplier))
		else {
			defensive!("a claim belongs to a round and to a bid");
			return;
		};
		let before = bid.stake;
		let mut due = Due::<T> { index, service, supplier, settler, claim, round, bid };
		due.bid.open_claims = due.bid.open_claims.saturating_sub(1);
		due.settle_relays(session);
		due.settle_audit(session);
		let Due { supplier, round, mut bid, .. } = due;
		if bid.stake < before {
			Self::suspend_if_short(service, &supplier, &mut bid);
		}
		Rounds::<T>::insert(index, service, round);
		Bids::<T>::insert(service, &supplier, bid);
	}

	/// Moves `amount` of a supplier's stake to `to`. Returns what moved.
	fn take_stake(supplier: &T::AccountId, to: &T::AccountId, amount: Balance) -> Balance {
		if amount == 0 {
			return 0;
		}
		let moved = T::Currency::transfer_on_hold(
			&HoldReason::Stake.into(),
			supplier,
			to,
			amount,
			Precision::BestEffort,
			Restriction::Free,
			Fortitude::Force,
		);
		match moved {
			Ok(moved) => moved,
			Err(error) => {
				defensive!("stake on hold could not be slashed", error);
				0
			}
		}
	}

	/// Moves the session's rounds into history, and steers the proofs of later ones.
	fn close_session(index: SessionIndex, session: &Session) {
		for (service, round) in Rounds::<T>::drain_prefix(index) {
			Self::give_back(service, round.set_aside);
			if !session.void {
				Self::steer_proofs(service, &round);
			}
			Self::remember(index, session, service, &round);
		}
		Sessions::<T>::remove(index);
		Self::deposit_event(Event::SessionSettled { session: index });
	}
}

/// A claim that is being settled, with all that changes by it.
struct Due<T: Config> {
	index: SessionIndex,
	service: ServiceId,
	supplier: T::AccountId,
	settler: Option<T::AccountId>,
	claim: Claim,
	round: Round<T::Work>,
	bid: Bid,
}

impl<T: Config> Due<T> {
	/// Slashes a relay claim's penalty. Whoever settles by a call gets a share on top, of stake that
	/// nothing needs: supplier and settler can be one, and would get a discount otherwise. Returns what
	/// was slashed in all.
	fn slash_relays(&mut self, penalty: Balance) -> Balance {
		let left = self.bid.stake.saturating_sub(penalty);
		let on_top = self.settler_share(penalty).min(left.saturating_sub(self.bid.at_risk()));
		self.bid.stake = left.saturating_sub(on_top);
		self.take(penalty, on_top)
	}

	/// Slashes what an audit has missed, as far as an earlier one has not taken it. The settler's share
	/// is on top as well, or part of it where no stake is free; policies are judged by what is lost at
	/// the least. Returns what was slashed in all.
	fn slash_audit(&mut self, missed: Balance, at_risk: Balance) -> Balance {
		let unneeded = self.bid.stake.saturating_sub(self.bid.at_risk());
		let current = CurrentSession::<T>::get();
		let slashed = self.bid.fail_audit(self.index, missed, at_risk, current);
		// Of what is slashed, not of what is missed: who fails again loses nothing, to the settler neither.
		let wanted = self.settler_share(slashed);
		let on_top = wanted.min(unneeded);
		self.bid.stake = self.bid.stake.saturating_sub(on_top);
		let rest = wanted.saturating_sub(on_top);
		self.take(slashed.saturating_sub(rest), on_top.saturating_add(rest))
	}

	fn settler_share(&self, penalty: Balance) -> Balance {
		self.settler.as_ref().map_or(0, |_| T::SettlerShare::get().mul_floor(penalty))
	}

	/// Moves stake to the service's money and to the settler.
	fn take(&self, penalty: Balance, share: Balance) -> Balance {
		let pot = Pallet::<T>::pot_account();
		let share = self
			.settler
			.as_ref()
			.map_or(0, |settler| Pallet::<T>::take_stake(&self.supplier, settler, share));
		let penalty = Pallet::<T>::take_stake(&self.supplier, &pot, penalty);
		Pallet::<T>::add_money(self.service, penalty);
		share.saturating_add(penalty)
	}

	/// The part of the claim that applications pay for.
	fn settle_relays(&mut self, session: &Session) {
		let (Some(terms), Some(commitment)) = (self.round.policy.relays, self.claim.commitment)
		else {
			return;
		};
		if commitment.payers == 0 {
			return;
		}
		// What the audit puts at risk is free only when that is settled.
		self.bid.relays_at_risk = self.bid.relays_at_risk.saturating_sub(commitment.at_risk);
		let (index, service) = (self.index, self.service);
		let required = session.proof_seed.is_some_and(|seed| {
			let (supplier, claim, round) = (&self.supplier, &self.claim, &self.round);
			Pallet::<T>::proof_required(&seed, index, service, supplier, claim, round)
		});
		let shown = !session.void && (!required || self.claim.proven);
		// Declared by a bid whose earlier audit has failed, with nothing left to lose.
		let pays = shown && self.bid.deficit_in(index) == 0;
		let paid = Pallet::<T>::settle_payers(index, service, &self.supplier, &terms, pays);
		if session.void {
			return;
		}
		let mut record = self.round.relays;
		record.claims = record.claims.saturating_add(1);
		record.required = record.required.saturating_add(required.into());
		record.proven = record.proven.saturating_add(self.claim.proven.into());
		// Only these follow the probability. Others cannot hold it down.
		let drawn =
			required && self.claim.audit.is_none() && commitment.worth < self.round.threshold;
		record.drawn = record.drawn.saturating_add(drawn.into());
		record.claimed = record.claimed.saturating_add(commitment.relays);
		let (units, worth) = (commitment.relays, commitment.worth);
		let supplier = self.supplier.clone();
		if pays {
			// By what was paid: claims that cost nobody anything move no threshold.
			ClaimSizes::<T>::mutate(service, |sizes| sizes.add(paid));
			let earned = Pallet::<T>::share_out(service, &supplier, &terms, paid);
			record.settled = record.settled.saturating_add(terms.units(paid).min(units));
			record.paid = record.paid.saturating_add(paid);
			Pallet::<T>::deposit_event(Event::RelaysPaid {
				session: index,
				service,
				supplier,
				units,
				worth,
				paid,
				earned,
			});
		} else {
			let slashed = if shown { 0 } else { self.slash_relays(commitment.at_risk) };
			record.forfeited = record.forfeited.saturating_add(worth);
			record.slashed = record.slashed.saturating_add(slashed);
			Pallet::<T>::deposit_event(Event::ClaimForfeited {
				session: index,
				service,
				supplier,
				units,
				worth,
				slashed,
				settler: self.settler.clone(),
			});
		}
		self.round.relays = record;
	}

	/// The part of the claim that the protocol asked for.
	fn settle_audit(&mut self, session: &Session) {
		let Some(audit) = self.claim.audit else { return };
		let (index, service, supplier) = (self.index, self.service, self.supplier.clone());
		Pallet::<T>::give_back(service, audit.payment);
		self.round.set_aside = self.round.set_aside.saturating_sub(audit.payment);
		let delivered = self.claim.delivered();
		if session.void {
			// Nobody could show anything: the claim is dropped.
		} else if delivered < audit.units {
			let missed = penalty(self.round.policy.slashing, &audit, delivered);
			let slashed = self.slash_audit(missed, audit.at_risk);
			self.round.slashed = self.round.slashed.saturating_add(slashed);
			Pallet::<T>::deposit_event(Event::AuditFailed {
				session: index,
				service,
				supplier,
				units: audit.units,
				delivered,
				slashed,
				settler: self.settler.clone(),
			});
		} else if let Some(reason) = self.unpaid() {
			Pallet::<T>::deposit_event(Event::AuditUnpaid {
				session: index,
				service,
				supplier,
				reason,
			});
		} else {
			let payment = Pallet::<T>::pay(service, &supplier, self.payment(&audit));
			self.round.paid = self.round.paid.saturating_add(payment);
			Pallet::<T>::deposit_event(Event::AuditPaid {
				session: index,
				service,
				supplier,
				units: audit.units,
				payment,
			});
		}
		self.bid.close_audits(index, CurrentSession::<T>::get());
	}

	/// Why an audit that was delivered in full is not paid, if it is not.
	fn unpaid(&self) -> Option<UnpaidReason> {
		if self.bid.deficit_in(self.index) > 0 {
			return Some(UnpaidReason::StakeTaken);
		}
		(!quorum_met(&self.round)).then_some(UnpaidReason::Quorum)
	}

	/// What the audit pays: the cost of units that applications have paid for is not paid again.
	fn payment(&self, audit: &Audit) -> Balance {
		let synthetic = self.claim.commitment.map_or(0, |commitment| commitment.synthetic());
		let credited = audit.units.saturating_sub(synthetic);
		let cost = self.round.policy.cost.saturating_mul(credited.into());
		audit.payment.saturating_sub(cost)
	}
}

/// What an audit that was not delivered in full costs, rounded up.
fn penalty(slashing: Slashing, audit: &Audit, delivered: Units) -> Balance {
	match slashing {
		Slashing::Full => audit.at_risk,
		Slashing::Proportional => {
			let missing = audit.units.saturating_sub(delivered);
			multiply_by_rational_with_rounding(
				audit.at_risk,
				missing.into(),
				audit.units.into(),
				Rounding::Up,
			)
			.unwrap_or(audit.at_risk)
		}
	}
}

/// Whether enough of what the round allocated was delivered for anyone to be paid.
fn quorum_met<W>(round: &Round<W>) -> bool {
	round.policy.quorum.mul_ceil(round.allocated) <= round.delivered
}

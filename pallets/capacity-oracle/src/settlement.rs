//! Settlement: pay, or slash; then the collateral is free again.

use crate::{pallet::*, types::*, WeightInfo};
use capacity_protocol::{Balance, ServiceId, SessionIndex, Slashing, Units};
use frame_support::{
	defensive,
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
		let one = T::WeightInfo::settle_claim();
		let mut claims = Claims::<T>::drain_prefix(index);
		for _ in 0..T::MaxSettlementsPerBlock::get() {
			if !meter.can_consume(one) {
				return;
			}
			let Some(((service, supplier), claim)) = claims.next() else {
				let close = T::WeightInfo::close_session(ServiceCount::<T>::get());
				if meter.try_consume(close).is_ok() {
					Self::close_session(index, &session);
					SettlementCursor::<T>::put(next);
				}
				return;
			};
			meter.consume(one);
			Self::settle_claim(index, &session, service, supplier, claim, None);
		}
	}

	pub(crate) fn do_settle(
		index: SessionIndex,
		service: ServiceId,
		supplier: T::AccountId,
		settler: T::AccountId,
	) -> DispatchResult {
		let session = Sessions::<T>::get(index).ok_or(Error::<T>::UnknownSession)?;
		ensure!(Self::is_due(index, &session), Error::<T>::NotDue);
		let claim =
			Claims::<T>::take(index, (service, &supplier)).ok_or(Error::<T>::NoOpenClaim)?;
		Self::settle_claim(index, &session, service, supplier, claim, Some(settler));
		Ok(())
	}

	/// A session is due when its proof window is closed and its draw is over.
	fn is_due(index: SessionIndex, session: &Session) -> bool {
		session.due.is_some_and(|due| Self::tick() >= due)
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
		let (Some(mut round), Some(mut bid)) =
			(Rounds::<T>::get(index, service), Bids::<T>::get(service, &supplier))
		else {
			defensive!("a claim belongs to a round and to a bid");
			return;
		};
		let audit = claim.audit;
		bid.at_risk = bid.at_risk.saturating_sub(audit.at_risk);
		bid.open_claims = bid.open_claims.saturating_sub(1);
		Self::give_back(audit.payment);
		round.set_aside = round.set_aside.saturating_sub(audit.payment);

		let delivered = claim.delivered();
		if session.void {
			// Nobody could show anything: the claim is dropped.
		} else if delivered < audit.units {
			let penalty = penalty(round.policy.slashing, &audit, delivered);
			let slashed = Self::slash(&supplier, penalty, settler.as_ref());
			bid.stake = bid.stake.saturating_sub(slashed);
			round.slashed = round.slashed.saturating_add(slashed);
			Self::suspend_if_short(service, &supplier, &mut bid);
			Self::deposit_event(Event::AuditFailed {
				session: index,
				service,
				supplier: supplier.clone(),
				units: audit.units,
				delivered,
				slashed,
				settler,
			});
		} else if quorum_met(&round) {
			let payment = Self::pay(&supplier, audit.payment);
			round.paid = round.paid.saturating_add(payment);
			Self::deposit_event(Event::AuditPaid {
				session: index,
				service,
				supplier: supplier.clone(),
				units: audit.units,
				payment,
			});
		} else {
			Self::deposit_event(Event::AuditUnpaid {
				session: index,
				service,
				supplier: supplier.clone(),
			});
		}
		Rounds::<T>::insert(index, service, round);
		Bids::<T>::insert(service, &supplier, bid);
	}

	/// Moves `amount` of a supplier's stake to the pot, less the settler's share. Returns what moved.
	fn slash(supplier: &T::AccountId, amount: Balance, settler: Option<&T::AccountId>) -> Balance {
		let share = settler.map_or(0, |_| T::SettlerShare::get().mul_floor(amount));
		let take = |to: &T::AccountId, amount| {
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
		};
		let to_settler = settler.map_or(0, |settler| take(settler, share));
		let rest = amount.saturating_sub(to_settler);
		to_settler.saturating_add(take(&Self::pot_account(), rest))
	}

	/// Moves the session's rounds into history.
	fn close_session(index: SessionIndex, session: &Session) {
		for (service, round) in Rounds::<T>::drain_prefix(index) {
			Self::give_back(round.set_aside);
			Self::remember(index, session, service, &round);
		}
		Sessions::<T>::remove(index);
		Self::deposit_event(Event::SessionSettled { session: index });
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

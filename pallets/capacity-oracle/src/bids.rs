//! Bids: joining, changing and leaving at session boundaries; the stake behind them.

use crate::{pallet::*, types::*};
use capacity_protocol::{Balance, ServiceId, SessionIndex, Units};
use frame_support::{
	pallet_prelude::*,
	traits::{fungible::MutateHold, tokens::Precision, Get},
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_bid(
		service: ServiceId,
		supplier: T::AccountId,
		units: Units,
		stake: Balance,
	) -> DispatchResult {
		let mut known = Services::<T>::get(service).ok_or(Error::<T>::UnknownService)?;
		let from = Self::next_session();
		let policy = *known.policy.at(from);
		ensure!(policy.admits(units), Error::<T>::BidOutOfRange);
		ensure!(Self::has_funds_for(service, &policy, units), Error::<T>::AuditUnfunded);
		let mut bid = Bids::<T>::get(service, &supplier).unwrap_or_default();
		let total = bid.stake.checked_add(stake).ok_or(Error::<T>::StakeTooSmall)?;
		// What open claims put at risk stands behind no audit.
		let audits = policy.audit_stake(units).saturating_add(bid.relays_at_risk);
		let needed = Self::stake_for(&policy, units).max(audits);
		ensure!(total >= needed, Error::<T>::StakeTooSmall);
		if stake > 0 {
			T::Currency::hold(&HoldReason::Stake.into(), &supplier, stake)?;
			bid.stake = total;
		}
		Self::take_seat(service, &mut known, &supplier, &mut bid, units)?;
		Services::<T>::insert(service, known);
		Bids::<T>::insert(service, &supplier, bid);
		Self::deposit_event(Event::BidPlaced { service, supplier, from, units, stake: total });
		Ok(())
	}

	/// The least stake behind a bid of `units`.
	pub(crate) fn stake_for(policy: &PolicyOf<T>, units: Units) -> Balance {
		policy.stake(units).max(T::BidDeposit::get())
	}

	/// Whether the service's money allows audits of a bid of `units`, if there are to be any.
	fn has_funds_for(service: ServiceId, policy: &PolicyOf<T>, units: Units) -> bool {
		policy.audit_rate.is_zero() || policy.affords(Funds::<T>::get(service).total(), units)
	}

	pub(crate) fn do_leave(service: ServiceId, supplier: T::AccountId) -> DispatchResult {
		let mut bid = Bids::<T>::get(service, &supplier).ok_or(Error::<T>::NoBid)?;
		ensure!(Self::unseat(service, &mut bid), Error::<T>::NotInDraws);
		Bids::<T>::insert(service, &supplier, bid);
		let from = Self::next_session();
		Self::deposit_event(Event::BidLeft { service, supplier, from });
		Ok(())
	}

	pub(crate) fn do_withdraw(service: ServiceId, supplier: T::AccountId) -> DispatchResult {
		let bid = Bids::<T>::get(service, &supplier).ok_or(Error::<T>::NoBid)?;
		let amount = Self::withdrawable(service, &bid);
		let over = Self::is_over(&bid);
		ensure!(amount > 0 || over, Error::<T>::NothingToWithdraw);
		Self::release_stake(service, supplier, bid, amount, over)
	}

	pub(crate) fn do_remove_bid(service: ServiceId, supplier: T::AccountId) -> DispatchResult {
		let bid = Bids::<T>::get(service, &supplier).ok_or(Error::<T>::NoBid)?;
		let known = Services::<T>::get(service).ok_or(Error::<T>::UnknownService)?;
		let policy = known.policy.latest();
		let least = Self::stake_for(policy, policy.minimum_bid);
		ensure!(Self::is_over(&bid) && bid.stake < least, Error::<T>::BidInOrder);
		let stake = bid.stake;
		Self::release_stake(service, supplier, bid, stake, true)
	}

	/// Whether a bid can neither be drawn any more nor has anything to settle.
	fn is_over(bid: &Bid) -> bool {
		Self::seats_in_use(bid).next().is_none() && bid.open_claims == 0
	}

	fn release_stake(
		service: ServiceId,
		supplier: T::AccountId,
		mut bid: Bid,
		amount: Balance,
		over: bool,
	) -> DispatchResult {
		if amount > 0 {
			T::Currency::release(&HoldReason::Stake.into(), &supplier, amount, Precision::Exact)?;
			bid.stake = bid.stake.saturating_sub(amount);
		}
		if over {
			Bids::<T>::remove(service, &supplier);
			Endpoints::<T>::remove(service, &supplier);
		} else {
			Bids::<T>::insert(service, &supplier, bid);
		}
		Self::deposit_event(Event::StakeWithdrawn { service, supplier, amount });
		Ok(())
	}

	pub(crate) fn do_announce(
		service: ServiceId,
		supplier: T::AccountId,
		endpoint: EndpointOf<T>,
	) -> DispatchResult {
		ensure!(Bids::<T>::contains_key(service, &supplier), Error::<T>::NoBid);
		let known = Some(endpoint.clone()).filter(|endpoint| !endpoint.is_empty());
		Endpoints::<T>::set(service, &supplier, known);
		Self::deposit_event(Event::EndpointAnnounced { service, supplier, endpoint });
		Ok(())
	}

	pub(crate) fn do_suspend(service: ServiceId, supplier: T::AccountId) -> DispatchResult {
		let mut bid = Bids::<T>::get(service, &supplier).ok_or(Error::<T>::NoBid)?;
		ensure!(bid.seat.latest().is_some(), Error::<T>::NotInDraws);
		ensure!(Self::suspend_if_short(service, &supplier, &mut bid), Error::<T>::BidInOrder);
		Bids::<T>::insert(service, &supplier, bid);
		Ok(())
	}

	/// Takes a bid out of the draws if it does not meet the policy of the next session, or the service
	/// has no money for its audits. The caller saves the bid.
	pub(crate) fn suspend_if_short(
		service: ServiceId,
		supplier: &T::AccountId,
		bid: &mut Bid,
	) -> bool {
		let from = Self::next_session();
		let (Some(seat), Some(known)) = (*bid.seat.latest(), Services::<T>::get(service)) else {
			return false;
		};
		let policy = known.policy.at(from);
		let reason = if !policy.admits(seat.units) {
			SuspendReason::OutOfRange
		} else if bid.stake < Self::stake_for(policy, seat.units) {
			SuspendReason::StakeTooSmall
		} else if !Self::has_funds_for(service, policy, seat.units) {
			SuspendReason::Unfunded
		} else {
			return false;
		};
		Self::unseat(service, bid);
		Self::deposit_event(Event::BidSuspended {
			service,
			supplier: supplier.clone(),
			from,
			stake: bid.stake,
			reason,
		});
		true
	}

	/// Stake that neither the bid nor an open claim needs: one stake for its audits, open ones and those
	/// to come, and what open claims from applications put at risk, or at least the minimum of the bid.
	pub(crate) fn withdrawable(service: ServiceId, bid: &Bid) -> Balance {
		let Some(known) = Services::<T>::get(service) else { return 0 };
		let needed = Self::seats_in_use(bid)
			.map(|(session, seat)| {
				let policy = known.policy.at(session);
				let audits = policy.audit_stake(seat.units).saturating_add(bid.relays_at_risk);
				Self::stake_for(policy, seat.units).max(audits)
			})
			.fold(bid.at_risk(), Balance::max);
		bid.stake.saturating_sub(needed)
	}

	/// The seats of a bid from which it is, or can still be, drawn: those of the last session, whose
	/// draw may go on, of this and of the next.
	fn seats_in_use(bid: &Bid) -> impl Iterator<Item = (SessionIndex, Seat)> + '_ {
		let current = CurrentSession::<T>::get();
		(current.saturating_sub(1)..=current.saturating_add(1))
			.filter_map(|session| bid.seat.at(session).map(|seat| (session, seat)))
	}
}

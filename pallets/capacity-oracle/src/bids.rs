//! Bids: joining, changing and leaving at session boundaries; the dense list of slots; stake.

use crate::{pallet::*, types::*};
use capacity_protocol::{Balance, ServiceId, SessionIndex, Slot, Timeline, Units};
use frame_support::{
	defensive,
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
		let mut bid = Bids::<T>::get(service, &supplier).unwrap_or_default();
		let total = bid.stake.checked_add(stake).ok_or(Error::<T>::StakeTooSmall)?;
		ensure!(total >= policy.stake(units), Error::<T>::StakeTooSmall);
		if stake > 0 {
			T::Currency::hold(&HoldReason::Stake.into(), &supplier, stake)?;
			bid.stake = total;
		}

		let mut members = *known.members.latest();
		let slot = match *bid.seat.latest() {
			Some(seat) => {
				members.units = members.units.saturating_sub(seat.units);
				seat.slot
			}
			None => {
				let slot = members.slots;
				ensure!(slot < T::MaxSlots::get(), Error::<T>::TooManyBids);
				members.slots = slot.saturating_add(1);
				Self::occupy(service, slot, from, Some(supplier.clone()));
				slot
			}
		};
		members.units = members.units.checked_add(units).ok_or(Error::<T>::BidOutOfRange)?;
		known.members.set(from, members);
		bid.seat.set(from, Some(Seat { slot, units }));
		Services::<T>::insert(service, known);
		Bids::<T>::insert(service, &supplier, bid);
		Self::deposit_event(Event::BidPlaced { service, supplier, from, units, stake: total });
		Ok(())
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
		let mut bid = Bids::<T>::get(service, &supplier).ok_or(Error::<T>::NoBid)?;
		let amount = Self::withdrawable(service, &bid);
		let over = Self::seats_in_use(&bid).next().is_none() && bid.open_claims == 0;
		ensure!(amount > 0 || over, Error::<T>::NothingToWithdraw);
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

	/// Takes a bid out of the draws if, by the policy of the next session, its stake is too small or
	/// its size not admitted. The caller saves the bid.
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
		if policy.admits(seat.units) && bid.stake >= policy.stake(seat.units) {
			return false;
		}
		Self::unseat(service, bid);
		Self::deposit_event(Event::BidSuspended {
			service,
			supplier: supplier.clone(),
			from,
			stake: bid.stake,
		});
		true
	}

	/// Stake that neither the bid nor an open claim needs.
	pub(crate) fn withdrawable(service: ServiceId, bid: &Bid) -> Balance {
		let Some(known) = Services::<T>::get(service) else { return 0 };
		let needed = Self::seats_in_use(bid)
			.map(|(session, seat)| known.policy.at(session).stake(seat.units))
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

	/// Gives up the bid's slot from the next session on; the last slot's bid moves into the gap. The
	/// caller saves the bid. False if it has no slot.
	fn unseat(service: ServiceId, bid: &mut Bid) -> bool {
		let Some(seat) = *bid.seat.latest() else { return false };
		let Some(mut known) = Services::<T>::get(service) else {
			defensive!("a bid is for a service");
			return false;
		};
		let from = Self::next_session();
		let mut members = *known.members.latest();
		members.slots = members.slots.saturating_sub(1);
		members.units = members.units.saturating_sub(seat.units);
		known.members.set(from, members);
		Services::<T>::insert(service, known);

		let last = members.slots;
		if seat.slot != last {
			Self::move_bid(service, last, seat.slot, from);
		}
		Self::occupy(service, last, from, None);
		bid.seat.set(from, None);
		true
	}

	/// Moves the bid that has slot `last` to slot `gap`.
	fn move_bid(service: ServiceId, last: Slot, gap: Slot, from: SessionIndex) {
		let occupant = Slots::<T>::get(service, last).and_then(|slot| slot.latest().clone());
		let Some(mover) = occupant else {
			defensive!("slots are dense");
			return;
		};
		Bids::<T>::mutate(service, &mover, |bid| {
			if let Some(bid) = bid {
				let units = bid.seat.latest().map_or(0, |seat| seat.units);
				bid.seat.set(from, Some(Seat { slot: gap, units }));
			}
		});
		Self::occupy(service, gap, from, Some(mover));
	}

	fn occupy(service: ServiceId, slot: Slot, from: SessionIndex, who: Option<T::AccountId>) {
		Slots::<T>::mutate(service, slot, |known| match known {
			Some(timeline) => timeline.set(from, who),
			None => *known = Some(Timeline::starting(from, None, who)),
		});
	}

	pub(crate) fn next_session() -> SessionIndex {
		CurrentSession::<T>::get().saturating_add(1)
	}
}

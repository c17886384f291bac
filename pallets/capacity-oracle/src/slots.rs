//! The dense list of slots of a service, and the sums of units over it: who stands where, and whose
//! range of units holds a draw.

use crate::{pallet::*, types::*};
use capacity_protocol::{SeatStatus, ServiceId, SessionIndex, Slot, SlotTree, Timeline, Units};
use frame_support::{defensive, traits::Get};

impl<T: Config> Pallet<T> {
	/// The first session that a change made now holds for.
	pub(crate) fn next_session() -> SessionIndex {
		CurrentSession::<T>::get().saturating_add(1)
	}

	/// Gives the bid a slot with `units` from the next session on, or changes those it has. Fails where
	/// the list is full, or the sum more than can be counted. The caller saves the bid.
	pub(crate) fn take_seat(
		service: ServiceId,
		known: &mut ServiceOf<T>,
		supplier: &T::AccountId,
		bid: &mut Bid,
		units: Units,
	) -> Result<(), Error<T>> {
		let from = Self::next_session();
		let mut members = *known.members.latest();
		let (slot, before) = match *bid.seat.latest() {
			Some(seat) => (seat.slot, seat.units),
			None => {
				let slots = members.slots.saturating_add(1);
				let room = slots <= T::MaxSlots::get() && Self::has_room_for(slots, known);
				frame_support::ensure!(room, Error::<T>::TooManyBids);
				Self::occupy(service, members.slots, from, Some(supplier.clone()));
				let slot = members.slots;
				members.slots = slots;
				(slot, 0)
			}
		};
		let others = members.units.saturating_sub(before);
		members.units = others.checked_add(units).ok_or(Error::<T>::BidOutOfRange)?;
		known.members.set(from, members);
		Self::count_units(service, slot, from, before, units);
		bid.seat.set(from, Some(Seat { slot, units }));
		Ok(())
	}

	/// Gives up the bid's slot from the next session on; the last slot's bid moves into the gap. The
	/// caller saves the bid. False if it has no slot.
	pub(crate) fn unseat(service: ServiceId, bid: &mut Bid) -> bool {
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
		let moved = match seat.slot == last {
			true => 0,
			false => Self::move_bid(service, last, seat.slot, from),
		};
		Self::count_units(service, seat.slot, from, seat.units, moved);
		Self::occupy(service, last, from, None);
		bid.seat.set(from, None);
		true
	}

	/// Moves the bid that has slot `last` to slot `gap`. Returns its units, which the caller counts
	/// there.
	fn move_bid(service: ServiceId, last: Slot, gap: Slot, from: SessionIndex) -> Units {
		let occupant = Slots::<T>::get(service, last).and_then(|slot| slot.latest().clone());
		let Some(mover) = occupant else {
			defensive!("slots are dense");
			return 0;
		};
		let units = Bids::<T>::mutate(service, &mover, |bid| {
			let Some(bid) = bid else { return 0 };
			let units = bid.seat.latest().map_or(0, |seat| seat.units);
			bid.seat.set(from, Some(Seat { slot: gap, units }));
			units
		});
		Self::count_units(service, last, from, units, 0);
		Self::occupy(service, gap, from, Some(mover));
		units
	}

	fn occupy(service: ServiceId, slot: Slot, from: SessionIndex, who: Option<T::AccountId>) {
		Slots::<T>::mutate(service, slot, |known| match known {
			Some(timeline) => timeline.set(from, who),
			None => *known = Some(Timeline::starting(from, None, who)),
		});
	}

	/// Counts `after` units in a slot in place of `before`.
	fn count_units(
		service: ServiceId,
		slot: Slot,
		from: SessionIndex,
		before: Units,
		after: Units,
	) {
		for node in Self::slot_tree().holding(slot) {
			UnitSums::<T>::mutate(service, node, |sum| {
				let units = sum.latest().saturating_sub(before).saturating_add(after);
				sum.set(from, units);
			});
		}
	}

	pub(crate) fn slot_tree() -> SlotTree {
		SlotTree::new(T::MaxSlots::get())
	}

	/// A bid's place in the last, the running or the next session, with the range of units that draws
	/// fall to. Takes as many reads as a slot's number has bits.
	pub(crate) fn range_of(service: ServiceId, session: SessionIndex, seat: Seat) -> SeatStatus {
		let sums = Self::slot_tree().below(seat.slot);
		let start = sums.fold(0, |start: Units, node| {
			start.saturating_add(*UnitSums::<T>::get(service, node).at(session))
		});
		SeatStatus { slot: seat.slot, start, units: seat.units }
	}

	/// The slot whose range of units holds `unit`.
	pub(crate) fn slot_of_unit(service: ServiceId, session: SessionIndex, unit: Units) -> Slot {
		let sum = |node| *UnitSums::<T>::get(service, node).at(session);
		Self::slot_tree().find(unit, sum).0
	}
}

//! The draw: which bids are audited in a session is a pure function of its seed; the chain goes through
//! it slice by slice, a turn for each service after the other, and a policy under which that would take
//! longer than a session is refused.

use crate::{pallet::*, types::*, WeightInfo};
use capacity_protocol::{
	groups, Draw, Schedule, Seed, Selection, ServiceId, SessionIndex, Tick, SLOTS_PER_HASH,
};
use frame_support::{
	defensive,
	traits::Get,
	weights::{Weight, WeightMeter},
};
use sp_runtime::{traits::IntegerSquareRoot, SaturatedConversion};

impl<T: Config> Pallet<T> {
	/// The draw of a round.
	fn draw_of(service: ServiceId, seed: &Seed, round: &Round<T::Work>) -> Draw {
		let policy = &round.policy;
		Draw::new::<T::Hasher>(seed, service, policy.selection, policy.audit_rate, round.rate)
	}

	/// Decides the next slots of the running draw, as many as this block has room for. Services take
	/// turns, so that none waits for another's whole list.
	pub(crate) fn draw_audits(meter: &mut WeightMeter) {
		meter.consume(T::WeightInfo::draw_slots(0));
		let Some(mut cursor) = DrawProgress::<T>::get() else { return };
		let Some(session) = Sessions::<T>::get(cursor.session) else {
			defensive!("a session is not settled before its draw is over");
			DrawProgress::<T>::kill();
			return;
		};
		let Some(seed) = session.seed else { return };
		let services = ServiceCount::<T>::get();
		let most = T::MaxSlotsPerBlock::get() / SLOTS_PER_HASH;
		let mut budget = Budget {
			meter: WeightMeter::with_limit(T::DrawWeight::get()),
			groups: most,
			audits: T::MaxAuditsPerBlock::get(),
		};
		// Once claims are closed nobody can answer any more. That ends a draw that the chain, which
		// refuses policies with too many audits, was kept from completing.
		let closed = Self::tick() >= session.claims_close();
		while cursor.open > 0 && budget.take_turn::<T>() {
			let turn = most.checked_div(cursor.open).unwrap_or(0).max(1);
			let service = cursor.service;
			cursor.service =
				service.saturating_add(1).checked_rem(services.max(1)).unwrap_or_default();
			let Some(mut round) =
				Rounds::<T>::get(cursor.session, service).filter(|round| !round.is_drawn())
			else {
				continue;
			};
			if !closed {
				Self::draw_turn(cursor.session, service, &seed, &mut round, turn, &mut budget);
			}
			if closed || round.is_drawn() {
				Self::end_draw(cursor.session, service, &mut round);
				cursor.open = cursor.open.saturating_sub(1);
			}
			Rounds::<T>::insert(cursor.session, service, round);
		}
		meter.consume(budget.meter.consumed());
		match cursor.open {
			0 => DrawProgress::<T>::kill(),
			_ => DrawProgress::<T>::put(cursor),
		}
	}

	/// Draws from the next groups of one service's slots.
	fn draw_turn(
		session: SessionIndex,
		service: ServiceId,
		seed: &Seed,
		round: &mut Round<T::Work>,
		turn: u32,
		budget: &mut Budget,
	) {
		let draw = Self::draw_of(service, seed, round);
		let slots = round.members.slots;
		for _ in 0..turn {
			if round.is_drawn() || !budget.take_group::<T>() {
				return;
			}
			let group = draw.next_group(round.decided, slots);
			let first = group.saturating_mul(SLOTS_PER_HASH);
			let drawn = draw.group::<T::Hasher>(group);
			for (slot, _) in (first..slots).zip(drawn).filter(|(_, drawn)| *drawn) {
				budget.take_audit::<T>();
				Self::assign_audit(session, service, slot, round);
			}
			round.decided = round.decided.saturating_add(1);
		}
	}

	/// From here on only what was promised has to be kept ready.
	fn end_draw(session: SessionIndex, service: ServiceId, round: &mut Round<T::Work>) {
		// Where the draw was cut, the rest of it is over as well.
		round.decided = groups(round.members.slots);
		Self::give_back(service, round.set_aside.saturating_sub(round.promised));
		round.set_aside = round.promised;
		Self::deposit_event(Event::AuditsDrawn {
			session,
			service,
			rate: round.rate,
			audits: round.audits,
			units: round.allocated,
			set_aside: round.set_aside,
		});
	}

	/// The audit of a bid whose slot is drawn, but which the chain has not come to yet. Its supplier can
	/// know it as well.
	pub(crate) fn undrawn(session: SessionIndex, service: ServiceId, bid: &Bid) -> Option<Audit> {
		DrawProgress::<T>::get().filter(|cursor| cursor.session == session)?;
		let round = Rounds::<T>::get(session, service).filter(|round| !round.is_drawn())?;
		let seed = Sessions::<T>::get(session)?.seed?;
		let slot = bid.seat.at(session).map(|seat| seat.slot)?;
		let draw = Self::draw_of(service, &seed, &round);
		if draw.is_decided(slot, round.decided, round.members.slots) {
			return None;
		}
		let drawn = draw.contains::<T::Hasher>(slot);
		drawn.then(|| Self::audit_terms(session, bid, &round).ok()).flatten()
	}

	/// Whether a session is long enough for a list of so many slots, when `services` services share it: its
	/// audits can all be drawn, and its claims all be settled. So no service waits for another's.
	pub(crate) fn fits_session(
		slots: u32,
		policy: &PolicyOf<T>,
		services: u32,
		schedule: &Schedule,
	) -> bool {
		// The seed can be as late as the schedule allows, and a block can count for as many ticks as there
		// may be.
		let blocks = |ticks: Tick| ticks.checked_div(T::MaxTicksPerBlock::get()).unwrap_or(0);
		let share = |of: u32| of.checked_div(services.max(1)).unwrap_or(0);
		let drawing = blocks(schedule.session.saturating_sub(schedule.draw).saturating_add(1));
		// One block closes the session.
		let settling = blocks(schedule.session).saturating_sub(1);
		Self::blocks_to_draw(slots, policy) <= share(drawing)
			&& slots <= share(settling.saturating_mul(T::MaxSettlementsPerBlock::get()))
	}

	/// The same for one service, as it is from the next session on.
	pub(crate) fn has_room_for(slots: u32, known: &ServiceOf<T>) -> bool {
		let services = ServiceCount::<T>::get();
		Schedules::<T>::get().is_none_or(|schedules| {
			Self::fits_session(slots, known.policy.latest(), services, schedules.latest())
		})
	}

	/// Blocks that the draw of a list of so many slots takes, with four standard deviations to spare.
	fn blocks_to_draw(slots: u32, policy: &PolicyOf<T>) -> u32 {
		let audits = match policy.selection {
			_ if policy.audit_rate.is_zero() => return 0,
			Selection::Joint => slots,
			Selection::Independent => {
				let mean = u64::from(slots);
				let mean = policy.audit_rate.mul_ceil(mean).saturated_into::<u32>();
				let spread = mean.integer_sqrt().saturating_add(1).saturating_mul(4);
				mean.saturating_add(spread).saturating_add(1).min(slots)
			}
		};
		let groups = groups(slots);
		// A group is begun only while all of it could be audited.
		let by_audits = T::MaxAuditsPerBlock::get().saturating_sub(SLOTS_PER_HASH - 1).max(1);
		let by_groups = (T::MaxSlotsPerBlock::get() / SLOTS_PER_HASH).max(1);
		let begun = T::WeightInfo::draw_slots(0);
		let group = T::WeightInfo::draw_slots(SLOTS_PER_HASH).saturating_sub(begun);
		let audit = T::WeightInfo::assign_audit();
		let weight =
			group.saturating_mul(groups.into()).saturating_add(audit.saturating_mul(audits.into()));
		let spared = begun
			.saturating_mul(T::MaxServices::get().saturating_mul(2).into())
			.saturating_add(group)
			.saturating_add(audit.saturating_mul(SLOTS_PER_HASH.into()));
		let room = T::DrawWeight::get().saturating_sub(spared);
		// In millionths of a block: a block ends when one of these is used up, and the last is begun.
		let parts = |all: u64, one: u64| all.saturating_mul(MILLION).div_ceil(one.max(1));
		let all = [
			parts(audits.into(), by_audits.into()),
			parts(groups.into(), by_groups.into()),
			parts(weight.ref_time(), room.ref_time()),
			parts(weight.proof_size(), room.proof_size()),
		];
		let blocks = all.into_iter().fold(0, u64::saturating_add) / MILLION;
		blocks.saturating_add(1).saturated_into()
	}
}

/// Parts of a block.
const MILLION: u64 = 1_000_000;

/// What one block has left for drawing.
struct Budget {
	meter: WeightMeter,
	groups: u32,
	audits: u32,
}

impl Budget {
	/// Room for a service's turn, with at least one group in it.
	fn take_turn<T: Config>(&mut self) -> bool {
		let turn = T::WeightInfo::draw_slots(0);
		let room = self.has_group::<T>(turn);
		if room {
			self.meter.consume(turn);
		}
		room
	}

	/// Room for the slots that one hash decides, should all of them be drawn.
	fn take_group<T: Config>(&mut self) -> bool {
		let room = self.has_group::<T>(Default::default());
		if room {
			self.groups = self.groups.saturating_sub(1);
			self.meter.consume(Self::group::<T>());
		}
		room
	}

	fn has_group<T: Config>(&self, before: Weight) -> bool {
		let audits = T::WeightInfo::assign_audit().saturating_mul(SLOTS_PER_HASH.into());
		let needed = before.saturating_add(Self::group::<T>()).saturating_add(audits);
		self.groups > 0 && self.audits >= SLOTS_PER_HASH && self.meter.can_consume(needed)
	}

	fn group<T: Config>() -> Weight {
		T::WeightInfo::draw_slots(SLOTS_PER_HASH).saturating_sub(T::WeightInfo::draw_slots(0))
	}

	fn take_audit<T: Config>(&mut self) {
		self.audits = self.audits.saturating_sub(1);
		self.meter.consume(T::WeightInfo::assign_audit());
	}
}

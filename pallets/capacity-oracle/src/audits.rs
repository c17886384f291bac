//! Audits: what they may cost is set aside, then they are drawn slice by slice. Services whose audits
//! the pot cannot pay have their relays all the same.

use crate::{pallet::*, types::*, WeightInfo};
use capacity_protocol::{
	Balance, Draw, Policy, Seed, ServiceId, SessionIndex, Slot, SLOTS_PER_HASH,
};
use frame_support::{defensive, traits::Get, weights::WeightMeter};

impl<T: Config> Pallet<T> {
	/// Opens a round for each service that has bids. If audits can still be drawn, what they may cost is
	/// set aside, and the draw starts.
	pub(crate) fn open_rounds(session: SessionIndex, in_time: bool, meter: &mut WeightMeter) {
		let services = ServiceCount::<T>::get();
		meter.consume(T::WeightInfo::open_rounds(services));
		let unsettled = session.saturating_sub(SettlementCursor::<T>::get());
		let room = unsettled < T::MaxUnsettledSessions::get();
		let skipped = match (in_time, room && !DrawProgress::<T>::exists()) {
			(_, false) => Some(SkipReason::Backlog),
			(false, true) => Some(SkipReason::NoSeed),
			(true, true) => None,
		};
		for service in (0..services).filter(|_| room) {
			Self::open_round(session, service, skipped.is_none());
		}
		match skipped {
			None => DrawProgress::<T>::put(DrawCursor { session, service: 0, slot: 0 }),
			Some(reason) => {
				Self::deposit_event(Event::AuditsSkipped { session, service: None, reason })
			}
		}
	}

	fn open_round(session: SessionIndex, service: ServiceId, audits: bool) {
		let Some(known) = Services::<T>::get(service) else { return };
		let (policy, members) = (*known.policy.at(session), *known.members.at(session));
		if members.slots == 0 {
			return;
		}
		// Which bids will be drawn is not known yet: enough for all of them.
		let set_aside = if audits { policy.payment_bound(members.units) } else { 0 };
		let audited = audits && Self::set_aside(set_aside);
		if audits && !audited {
			let reason = SkipReason::PotTooSmall;
			Self::deposit_event(Event::AuditsSkipped { session, service: Some(service), reason });
		}
		let (probability, recommended) =
			(*known.probability.at(session), *known.recommended.at(session));
		Rounds::<T>::insert(
			session,
			service,
			Round {
				policy,
				threshold: policy.relays.map_or(0, |terms| terms.effective_threshold(recommended)),
				probability: policy.relays.map_or(probability, |terms| terms.bounded(probability)),
				members,
				audited,
				set_aside: if audited { set_aside } else { 0 },
				promised: 0,
				audits: 0,
				fulfilled: 0,
				allocated: 0,
				delivered: 0,
				paid: 0,
				slashed: 0,
				relays: Default::default(),
			},
		);
	}

	/// Decides the next slots of the running draw, as many as this block has room for.
	pub(crate) fn draw_audits(meter: &mut WeightMeter) {
		meter.consume(T::WeightInfo::draw_slots(0));
		let Some(mut cursor) = DrawProgress::<T>::get() else { return };
		let Some(session) = Sessions::<T>::get(cursor.session) else {
			defensive!("a session is not settled before its draw is over");
			DrawProgress::<T>::kill();
			return;
		};
		let Some(seed) = session.seed else { return };
		let mut budget = Budget {
			meter: WeightMeter::with_limit(T::DrawWeight::get()),
			groups: T::MaxSlotsPerBlock::get() / SLOTS_PER_HASH,
			audits: T::MaxAuditsPerBlock::get(),
		};
		// Once claims are closed nobody can answer any more. This ends a draw that the chain had no
		// room to complete; those not reached were never told on chain.
		let closed = Self::tick() >= session.claims_close();
		while cursor.service < ServiceCount::<T>::get() && budget.take_service::<T>() {
			let round = Rounds::<T>::get(cursor.session, cursor.service);
			if let Some(round) = round.filter(|round| round.audited) {
				let done = Self::draw_slice(&mut cursor, &seed, round, closed, &mut budget);
				if !done {
					break;
				}
			}
			cursor.service = cursor.service.saturating_add(1);
			cursor.slot = 0;
		}
		meter.consume(budget.meter.consumed());
		if cursor.service < ServiceCount::<T>::get() {
			DrawProgress::<T>::put(cursor);
		} else {
			DrawProgress::<T>::kill();
		}
	}

	/// Draws from one service's slots. True once all of them are decided.
	fn draw_slice(
		cursor: &mut DrawCursor,
		seed: &Seed,
		mut round: Round<T::Work>,
		closed: bool,
		budget: &mut Budget,
	) -> bool {
		let (session, service) = (cursor.session, cursor.service);
		let policy = round.policy;
		let draw = Draw::new::<T::Hasher>(seed, service, policy.audit_rate, policy.selection);
		let mut done = closed;
		while !done {
			if cursor.slot >= round.members.slots {
				done = true;
			} else if budget.take_group::<T>() {
				let drawn = draw.group::<T::Hasher>(cursor.slot / SLOTS_PER_HASH);
				for slot in (cursor.slot..round.members.slots).zip(drawn).filter(|(_, d)| *d) {
					budget.take_audit::<T>();
					Self::assign_audit(session, service, slot.0, &mut round);
				}
				cursor.slot = cursor.slot.saturating_add(SLOTS_PER_HASH);
			} else {
				break;
			}
		}
		if done {
			// From here on only what was promised has to be kept ready.
			Self::give_back(round.set_aside.saturating_sub(round.promised));
			round.set_aside = round.promised;
			Self::deposit_event(Event::AuditsDrawn {
				session,
				service,
				audits: round.audits,
				units: round.allocated,
				set_aside: round.set_aside,
			});
		}
		Rounds::<T>::insert(session, service, round);
		done
	}

	/// Audits the bid in a drawn slot, if its stake is free.
	pub(crate) fn assign_audit(
		session: SessionIndex,
		service: ServiceId,
		slot: Slot,
		round: &mut Round<T::Work>,
	) {
		let occupant = Slots::<T>::get(service, slot).and_then(|who| who.at(session).clone());
		let bid = occupant.and_then(|who| Bids::<T>::get(service, &who).map(|bid| (who, bid)));
		let Some((supplier, mut bid)) = bid else {
			defensive!("slots are dense");
			return;
		};
		match Self::audit_terms(session, &bid, &round.policy) {
			Ok(audit) => {
				bid.audits_at_risk = bid.audits_at_risk.saturating_add(audit.at_risk);
				round.promised = round.promised.saturating_add(audit.payment);
				round.audits = round.audits.saturating_add(1);
				round.allocated = round.allocated.saturating_add(audit.units);
				Claims::<T>::mutate(session, (service, &supplier), |claim| match claim {
					// Made already, as the draw has come late.
					Some(claim) => claim.audit = Some(audit),
					None => {
						*claim =
							Some(Claim { audit: Some(audit), commitment: None, proven: false });
						bid.open_claims = bid.open_claims.saturating_add(1);
					}
				});
				Bids::<T>::insert(service, &supplier, bid);
				let units = audit.units;
				Self::deposit_event(Event::AuditAssigned { session, service, supplier, units });
			}
			Err(reason) => {
				if reason != PassReason::StakeAtRisk
					&& Self::suspend_if_short(service, &supplier, &mut bid)
				{
					Bids::<T>::insert(service, &supplier, bid);
				}
				Self::deposit_event(Event::AuditPassedOver { session, service, supplier, reason });
			}
		}
	}

	/// What an audit of this bid asks for, pays and puts at risk.
	pub(crate) fn audit_terms(
		session: SessionIndex,
		bid: &Bid,
		policy: &Policy<T::Work>,
	) -> Result<Audit, PassReason> {
		let units = bid.seat.at(session).map_or(0, |seat| seat.units);
		if !policy.admits(units) {
			return Err(PassReason::OutOfRange);
		}
		let at_risk: Balance = policy.audit_stake(units);
		if bid.stake < policy.stake(units) {
			return Err(PassReason::StakeTooSmall);
		}
		// One stake never backs two penalties.
		if bid.free() < at_risk {
			return Err(PassReason::StakeAtRisk);
		}
		Ok(Audit { units, payment: policy.payment(units), at_risk })
	}

	/// The audit of a bid whose slot is drawn, but which the chain has not come to yet. Its supplier can
	/// know it as well.
	pub(crate) fn undrawn(session: SessionIndex, service: ServiceId, bid: &Bid) -> Option<Audit> {
		let cursor = DrawProgress::<T>::get().filter(|cursor| cursor.session == session)?;
		let round = Rounds::<T>::get(session, service).filter(|round| round.audited)?;
		let seed = Sessions::<T>::get(session)?.seed?;
		let slot = bid.seat.at(session).map(|seat| seat.slot)?;
		if (service, slot) < (cursor.service, cursor.slot) {
			return None;
		}
		let policy = &round.policy;
		let draw = Draw::new::<T::Hasher>(&seed, service, policy.audit_rate, policy.selection);
		let drawn = draw.contains::<T::Hasher>(slot);
		drawn.then(|| Self::audit_terms(session, bid, policy).ok()).flatten()
	}
}

/// What one block has left for drawing.
struct Budget {
	meter: WeightMeter,
	groups: u32,
	audits: u32,
}

impl Budget {
	/// Room for going on with a service.
	fn take_service<T: Config>(&mut self) -> bool {
		self.meter.try_consume(T::WeightInfo::draw_slots(0)).is_ok()
	}

	/// Room for the slots that one hash decides, should all of them be drawn.
	fn take_group<T: Config>(&mut self) -> bool {
		let begun = T::WeightInfo::draw_slots(0);
		let one = T::WeightInfo::draw_slots(SLOTS_PER_HASH).saturating_sub(begun);
		let audits = T::WeightInfo::assign_audit().saturating_mul(SLOTS_PER_HASH.into());
		let room = self.groups > 0
			&& self.audits >= SLOTS_PER_HASH
			&& self.meter.can_consume(one.saturating_add(audits));
		if room {
			self.groups = self.groups.saturating_sub(1);
			self.meter.consume(one);
		}
		room
	}

	fn take_audit<T: Config>(&mut self) {
		self.audits = self.audits.saturating_sub(1);
		self.meter.consume(T::WeightInfo::assign_audit());
	}
}

//! Audits: what they may cost is set aside of the service's money, and a rate is chosen that this pays
//! for; whoever is drawn is told what to deliver. A service without money has its relays all the same.

use crate::{pallet::*, types::*, WeightInfo};
use capacity_protocol::{Selection, ServiceId, SessionIndex, Slot, Units};
use frame_support::{defensive, traits::Get, weights::WeightMeter};
use sp_runtime::Perquintill;

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
		let mut open = 0u32;
		for service in (0..services).filter(|_| room) {
			let audited = Self::open_round(session, service, skipped.is_none());
			open = open.saturating_add(audited.into());
		}
		match skipped {
			Some(reason) => {
				Self::deposit_event(Event::AuditsSkipped { session, service: None, reason })
			}
			None if open > 0 => DrawProgress::<T>::put(DrawCursor { session, service: 0, open }),
			None => {}
		}
	}

	/// Whether audits are drawn in the round.
	fn open_round(session: SessionIndex, service: ServiceId, audits: bool) -> bool {
		let Some(known) = Services::<T>::get(service) else { return false };
		let (policy, members) = (*known.policy.at(session), *known.members.at(session));
		if members.slots == 0 {
			return false;
		}
		let (probability, recommended) =
			(*known.probability.at(session), *known.recommended.at(session));
		let mut round = Round {
			policy,
			threshold: policy.relays.map_or(0, |terms| terms.effective_threshold(recommended)),
			probability: policy.relays.map_or(probability, |terms| terms.bounded(probability)),
			members,
			rate: Perquintill::zero(),
			truthful: false,
			largest: 0,
			decided: 0,
			set_aside: 0,
			promised: 0,
			audits: 0,
			fulfilled: 0,
			allocated: 0,
			squares: 0,
			delivered: 0,
			paid: 0,
			slashed: 0,
			relays: Default::default(),
		};
		if audits && !policy.audit_rate.is_zero() {
			Self::fund_audits(session, service, &mut round, *known.least_rate.at(session));
		}
		let audited = !round.rate.is_zero();
		Rounds::<T>::insert(session, service, round);
		audited
	}

	/// Sets aside what the round's audits may cost, and thins the draw to a rate that this pays for.
	fn fund_audits(
		session: SessionIndex,
		service: ServiceId,
		round: &mut Round<T::Work>,
		least_rate: Option<Perquintill>,
	) {
		let policy = &round.policy;
		let terms = policy.draw_terms(Funds::<T>::get(service), round.members.units);
		round.rate = terms.rate;
		round.largest = terms.largest;
		round.set_aside = terms.set_aside;
		Self::set_aside(service, terms.set_aside);
		let full = policy.full_rate();
		round.truthful = match policy.selection {
			Selection::Independent => least_rate.is_some_and(|least| terms.rate >= least),
			// Whoever is left out of a drawn session does not fail when it counts.
			Selection::Joint => terms.rate == full && least_rate.is_some(),
		};
		if terms.rate.is_zero() {
			let reason = SkipReason::NoMoney;
			Self::deposit_event(Event::AuditsSkipped { session, service: Some(service), reason });
		} else if terms.rate < full {
			let (rate, truthful) = (terms.rate, round.truthful);
			Self::deposit_event(Event::AuditsThinned { session, service, rate, truthful });
		}
	}

	/// Audits the bid in a drawn slot, whether or not earlier audits of it are settled.
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
		match Self::audit_terms(session, &bid, round) {
			Ok(audit) => {
				bid.open_audit(session, audit.at_risk);
				round.promised = round.promised.saturating_add(audit.payment);
				round.audits = round.audits.saturating_add(1);
				round.allocated = round.allocated.saturating_add(audit.units);
				let units = u128::from(audit.units);
				round.squares = round.squares.saturating_add(units.saturating_mul(units));
				Claims::<T>::mutate(session, (service, &supplier), |claim| match claim {
					// Made already, as the draw has come late.
					Some(claim) => claim.audit = Some(audit),
					None => {
						*claim = Some(Claim::audited(audit));
						bid.open_claims = bid.open_claims.saturating_add(1);
					}
				});
				let units = audit.units;
				Self::deposit_event(Event::AuditAssigned {
					session,
					service,
					supplier: supplier.clone(),
					units,
				});
			}
			Err(reason) => Self::deposit_event(Event::AuditPassedOver {
				session,
				service,
				supplier: supplier.clone(),
				reason,
			}),
		}
		// It may have fallen short of a policy that has changed, or of a fund that has run down.
		Self::suspend_if_short(service, &supplier, &mut bid);
		Bids::<T>::insert(service, &supplier, bid);
	}

	/// What an audit of this bid asks for, pays and puts at risk.
	pub(crate) fn audit_terms(
		session: SessionIndex,
		bid: &Bid,
		round: &Round<T::Work>,
	) -> Result<Audit, PassReason> {
		let policy = &round.policy;
		let units: Units = bid.seat.at(session).map_or(0, |seat| seat.units);
		if !policy.admits(units) {
			return Err(PassReason::OutOfRange);
		}
		if units > round.largest {
			return Err(PassReason::Unfunded);
		}
		let payment = policy.payment(units);
		if payment > round.set_aside.saturating_sub(round.promised) {
			return Err(PassReason::SetAsideSpent);
		}
		let wanted = policy.audit_stake(units);
		match bid.available_for_audit(session, wanted) {
			0 if wanted > 0 => Err(PassReason::NoStake),
			at_risk => Ok(Audit { units, payment, at_risk }),
		}
	}
}

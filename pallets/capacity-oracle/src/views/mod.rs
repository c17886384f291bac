//! The view functions: what a supplier or a dashboard must know.

mod relays;

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use capacity_protocol::{
	AuditDuty, Balance, ClockStatus, Duty, PolicyVerdict, RelayDuty, SeatStatus, ServiceId,
	ServiceStatus, SessionIndex, Stage, StakeStatus, Units, LEAST_RATE_PRECISION,
};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	pub(crate) fn view_clock() -> ClockStatus {
		let session = CurrentSession::<T>::get();
		ClockStatus {
			session,
			tick: Self::tick(),
			session_ends: Sessions::<T>::get(session).map_or(0, |session| session.end),
			stalled: Clock::<T>::get().stalled(),
		}
	}

	pub(crate) fn view_service(service: ServiceId) -> Option<ServiceStatus<T::Work>> {
		let known = Services::<T>::get(service)?;
		let session = CurrentSession::<T>::get();
		let members = known.members.at(session);
		Some(ServiceStatus {
			policy: *known.policy.at(session),
			policy_next: *known.policy.latest(),
			suppliers: members.slots,
			capacity: members.units,
		})
	}

	pub(crate) fn view_policy_verdict(service: ServiceId) -> Option<PolicyVerdict> {
		let policy = *Services::<T>::get(service)?.policy.at(CurrentSession::<T>::get());
		let policy = policy.judged(T::SettlerShare::get());
		Some(PolicyVerdict {
			untruthful: policy.verdict().err(),
			truthful_up_to: policy.truthful_up_to(),
			audit_rate: policy.audit_rate,
			least_rate: policy.least_rate(LEAST_RATE_PRECISION),
		})
	}

	pub(crate) fn view_minimum_stake(service: ServiceId, units: Units) -> Option<Balance> {
		Services::<T>::get(service).map(|known| Self::stake_for(known.policy.latest(), units))
	}

	pub(crate) fn view_stake(service: ServiceId, supplier: &T::AccountId) -> Option<StakeStatus> {
		let bid = Bids::<T>::get(service, supplier)?;
		let known = Services::<T>::get(service)?;
		let next = bid.seat.latest().map(|seat| seat.units);
		Some(StakeStatus {
			units: bid.seat.at(CurrentSession::<T>::get()).map(|seat| seat.units),
			units_next: next,
			stake: bid.stake,
			at_risk: bid.at_risk(),
			minimum: next.map_or(0, |units| Self::stake_for(known.policy.latest(), units)),
			withdrawable: Self::withdrawable(service, &bid),
		})
	}

	pub(crate) fn view_duties(service: ServiceId, supplier: &T::AccountId) -> Vec<Duty<T::Work>> {
		let Some(bid) = Bids::<T>::get(service, supplier) else { return Vec::new() };
		(SettlementCursor::<T>::get()..=CurrentSession::<T>::get())
			.filter_map(|session| Self::duty(session, service, supplier, &bid))
			.collect()
	}

	fn duty(
		index: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
		bid: &Bid,
	) -> Option<Duty<T::Work>> {
		let session = Sessions::<T>::get(index)?;
		let seed = session.seed?;
		let round = Rounds::<T>::get(index, service)?;
		let claim = Claims::<T>::get(index, (service, supplier));
		let audit = match claim.and_then(|claim| claim.audit) {
			Some(audit) => Some(audit),
			None => Self::undrawn(index, service, bid),
		};
		let claim = claim.or_else(|| audit.map(Claim::audited))?;
		let commitment = claim.commitment;
		let proof_required = session
			.proof_seed
			.filter(|_| commitment.is_some())
			.map(|seed| Self::proof_required(&seed, index, service, supplier, &claim, &round));
		let positions = match (session.proof_seed, commitment) {
			(Some(seed), Some(commitment)) if proof_required == Some(true) && !claim.proven => {
				Self::positions(&seed, index, service, supplier, &round.policy, &commitment)
			}
			_ => Vec::new(),
		};
		Some(Duty {
			session: index,
			audit: audit.map(|audit| AuditDuty {
				work: round.policy.work,
				task: Self::task(&seed, service, supplier, audit.units),
				payment: audit.payment,
				at_risk: audit.at_risk,
			}),
			relays: commitment.filter(|commitment| commitment.payers > 0).map(|commitment| {
				RelayDuty {
					units: commitment.relays,
					worth: commitment.worth,
					at_risk: commitment.at_risk,
					credit: commitment.credit,
				}
			}),
			stage: Self::stage(&session),
			claims_open: session.end,
			claims_close: session.claims_close(),
			committed: commitment.map(|commitment| commitment.root),
			proof_required,
			positions,
			proofs_close: session.due,
			proven: claim.proven,
		})
	}

	pub(crate) fn view_seat(
		service: ServiceId,
		session: SessionIndex,
		supplier: &T::AccountId,
	) -> Option<SeatStatus> {
		if !Self::has_seats(session) {
			return None;
		}
		let seat = (*Bids::<T>::get(service, supplier)?.seat.at(session))?;
		Some(Self::range_of(service, session, seat))
	}

	/// Whether seats of the session are known: it is the last, the running or the next.
	fn has_seats(session: SessionIndex) -> bool {
		let current = CurrentSession::<T>::get();
		(current.saturating_sub(1)..=current.saturating_add(1)).contains(&session)
	}

	pub(crate) fn stage(session: &Session) -> Stage {
		let tick = Self::tick();
		match session.due {
			Some(due) if tick >= due => Stage::Settling,
			Some(_) => Stage::Proving,
			None if tick >= session.claims_close() => Stage::AwaitingSeed,
			None if tick >= session.end => Stage::Claiming,
			None => Stage::Working,
		}
	}

	pub(crate) fn view_pot() -> (T::AccountId, Balance, Balance) {
		let set_aside = Funds::<T>::iter_values().map(|fund| fund.set_aside);
		let set_aside = set_aside.fold(0, Balance::saturating_add);
		(Self::pot_account(), Self::pot_holds(), set_aside)
	}
}

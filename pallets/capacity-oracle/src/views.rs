//! The view functions: what a supplier or a dashboard must know.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use capacity_protocol::{
	Balance, ClockStatus, Draw, Duty, PolicyVerdict, ServiceId, ServiceStatus, SessionIndex, Stage,
	StakeStatus, Units,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn view_clock() -> ClockStatus {
		let session = CurrentSession::<T>::get();
		ClockStatus {
			session,
			tick: Self::tick(),
			session_ends: Sessions::<T>::get(session).map_or(0, |session| session.end),
			stalled: Clock::<T>::get().stalled,
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
		Some(PolicyVerdict {
			truthful: policy.is_truthful(policy.maximum_bid),
			truthful_up_to: policy.truthful_up_to(),
			audit_rate: policy.audit_rate,
			least_rate: policy.least_rate(),
		})
	}

	pub(crate) fn view_minimum_stake(service: ServiceId, units: Units) -> Option<Balance> {
		Services::<T>::get(service).map(|known| known.policy.latest().stake(units))
	}

	pub(crate) fn view_stake(service: ServiceId, supplier: &T::AccountId) -> Option<StakeStatus> {
		let bid = Bids::<T>::get(service, supplier)?;
		let known = Services::<T>::get(service)?;
		let next = bid.seat.latest().map(|seat| seat.units);
		Some(StakeStatus {
			units: bid.seat.at(CurrentSession::<T>::get()).map(|seat| seat.units),
			units_next: next,
			stake: bid.stake,
			at_risk: bid.at_risk,
			minimum: next.map_or(0, |units| known.policy.latest().stake(units)),
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
		let audit_seed = session.audit_seed?;
		let round = Rounds::<T>::get(index, service)?;
		let claim = Claims::<T>::get(index, (service, supplier)).or_else(|| {
			let audit = Self::undrawn(index, service, bid, &round, &audit_seed)?;
			Some(Claim { audit, commitment: None, proven: false })
		})?;
		let positions = match (session.proof_seed, claim.commitment) {
			(Some(seed), Some(root)) if !claim.proven => {
				let openings = round.policy.openings;
				Self::positions(&seed, index, service, supplier, openings, root.sum)
			}
			_ => Vec::new(),
		};
		Some(Duty {
			session: index,
			work: round.policy.work,
			task: Self::task(&audit_seed, service, supplier, claim.audit.units),
			stage: Self::stage(&session),
			claims_open: session.end,
			claims_close: session.claims_close(),
			committed: claim.commitment,
			positions,
			proofs_close: session.due,
			proven: claim.proven,
			payment: claim.audit.payment,
			at_risk: claim.audit.at_risk,
		})
	}

	fn stage(session: &Session) -> Stage {
		let tick = Self::tick();
		match session.due {
			Some(due) if tick >= due => Stage::Settling,
			Some(_) => Stage::Proving,
			None if tick >= session.claims_close() => Stage::AwaitingSeed,
			None if tick >= session.end => Stage::Claiming,
			None => Stage::Working,
		}
	}

	/// The audit of a bid whose slot is drawn, but which the chain has not come to yet.
	fn undrawn(
		session: SessionIndex,
		service: ServiceId,
		bid: &Bid,
		round: &Round<T::Work>,
		seed: &capacity_protocol::Seed,
	) -> Option<Audit> {
		let cursor = DrawProgress::<T>::get().filter(|cursor| cursor.session == session)?;
		let slot = bid.seat.at(session).map(|seat| seat.slot)?;
		if (service, slot) < (cursor.service, cursor.slot) {
			return None;
		}
		let policy = &round.policy;
		let draw = Draw::new::<T::Hasher>(seed, service, policy.audit_rate, policy.selection);
		let drawn = draw.contains::<T::Hasher>(slot);
		drawn.then(|| Self::audit_terms(session, bid, policy).ok()).flatten()
	}

	pub(crate) fn view_pot() -> (T::AccountId, Balance, Balance) {
		(Self::pot_account(), Self::pot_holds(), SetAside::<T>::get())
	}
}

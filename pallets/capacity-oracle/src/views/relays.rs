//! The view functions for those who serve requests and those who pay for them.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use capacity_protocol::{
	assigned_unit, ApplicationIndex, ApplicationStatus, Assignment, Balance, Budget, ClaimTerms,
	KeyStatus, Payable, ProofStatus, Ranks, RelaySession, ServiceId, SessionIndex,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn view_relay_session(
		service: ServiceId,
		index: SessionIndex,
	) -> Option<RelaySession> {
		let session = Sessions::<T>::get(index)?;
		let round = Rounds::<T>::get(index, service)?;
		Some(RelaySession {
			session: index,
			seed: session.seed?,
			units: round.members.units,
			terms: round.policy.relays?,
			threshold: round.threshold,
			probability: round.probability,
			stage: Self::stage(&session),
			claims_open: session.end,
			claims_close: session.claims_close(),
		})
	}

	pub(crate) fn view_application(
		service: ServiceId,
		index: ApplicationIndex,
	) -> Option<ApplicationStatus<T::AccountId>> {
		let known = Applications::<T>::get(service, index)?;
		let key = |key: &Key| {
			let Key { number, key, from, until } = *key;
			KeyStatus { number, key, from, until }
		};
		Some(ApplicationStatus {
			keys: known.keys.iter().map(key).collect(),
			reserved: known.reserved(),
			limit: *known.limit.at(CurrentSession::<T>::get()),
			limit_next: *known.limit.latest(),
			account: known.account,
			from: known.from,
			until: known.until,
			deposit: known.deposit,
			paid: known.paid,
		})
	}

	pub(crate) fn view_assignments(
		service: ServiceId,
		session: SessionIndex,
		index: ApplicationIndex,
	) -> Vec<Assignment<T::AccountId>> {
		let served = Self::has_seats(session)
			&& Applications::<T>::get(service, index)
				.is_some_and(|application| application.is_served_in(session));
		let Some(known) = Self::view_relay_session(service, session).filter(|_| served) else {
			return Vec::new();
		};
		let mut assignments: Vec<Assignment<T::AccountId>> = Vec::new();
		let suppliers = known.terms.suppliers;
		let drawn: Vec<_> = (0..suppliers)
			.map(|rank| {
				let unit =
					assigned_unit::<T::Hasher>(&known.seed, service, index, rank, known.units);
				(rank, Self::slot_of_unit(service, session, unit))
			})
			.collect();
		for (rank, slot) in &drawn {
			let slot = *slot;
			// The lowest of its ranks stands for all.
			if drawn.iter().any(|(lower, other)| lower < rank && *other == slot) {
				continue;
			}
			let occupant = Slots::<T>::get(service, slot).and_then(|who| who.at(session).clone());
			let Some(supplier) = occupant else { continue };
			let ranks = Ranks::of(suppliers, |rank| drawn.contains(&(rank, slot)));
			let endpoint = Endpoints::<T>::get(service, &supplier).unwrap_or_default();
			let endpoint = endpoint.into_inner();
			assignments.push(Assignment { ranks, slot, supplier, endpoint });
		}
		assignments
	}

	/// While no claim asks for a session, its budget is not fixed: what an earlier session may still
	/// take is counted against it.
	pub(crate) fn view_payable(
		service: ServiceId,
		session: SessionIndex,
		index: ApplicationIndex,
	) -> Option<Payable> {
		let application = Applications::<T>::get(service, index)?;
		let terms = Services::<T>::get(service)?.policy.at(session).relays?;
		if !application.is_served_in(session) {
			return None;
		}
		let budget = application.budget(session).copied().unwrap_or_else(|| {
			let free =
				application.free().saturating_sub(Self::may_still_take(&application, session));
			Budget::new(session, free.min(*application.limit.at(session)), terms.suppliers)
		});
		Some(Payable {
			total: budget.total,
			part: budget.part,
			claimed: budget.within.saturating_add(budget.beyond),
		})
	}

	/// What claims for the session before `session` may take beyond what they have reserved.
	fn may_still_take(application: &ApplicationOf<T>, session: SessionIndex) -> Balance {
		let Some(before) = session.checked_sub(1).filter(|s| application.is_served_in(*s)) else {
			return 0;
		};
		let open =
			Sessions::<T>::get(before).is_some_and(|session| Self::tick() < session.claims_close());
		if !open {
			return 0;
		}
		match application.budget(before) {
			Some(budget) => budget.total.saturating_sub(budget.reserved()),
			None => application.free().min(*application.limit.at(before)),
		}
	}

	pub(crate) fn view_claim_terms(
		service: ServiceId,
		session: SessionIndex,
		supplier: &T::AccountId,
		payers: &PayersOf<T>,
	) -> Option<ClaimTerms> {
		let (commitment, listed, free) = Self::try_claim(session, service, supplier, payers)?;
		Some(ClaimTerms {
			worth: listed.worth,
			certain: listed.certain,
			credit: commitment.credit,
			at_risk: commitment.at_risk,
			free,
			missing: commitment.at_risk.saturating_sub(free),
		})
	}

	pub(crate) fn view_proof_status(service: ServiceId) -> Option<ProofStatus> {
		let known = Services::<T>::get(service)?;
		let current = CurrentSession::<T>::get();
		let terms = known.policy.at(current).relays?;
		let next = known.policy.latest().relays?;
		let sizes = ClaimSizes::<T>::get(service);
		Some(ProofStatus {
			probability: terms.bounded(*known.probability.at(current)),
			probability_next: next.bounded(*known.probability.latest()),
			lowest_probability: terms.lowest_probability(),
			threshold: terms.effective_threshold(*known.recommended.at(current)),
			threshold_next: next.effective_threshold(*known.recommended.latest()),
			recommended_threshold: sizes.recommended_threshold(),
			claims: sizes.occupied().collect(),
		})
	}
}

//! What a claim asks of applications: who may be listed, what they can pay, and what the supplier puts
//! at risk for it.

use crate::{pallet::*, types::*};
use capacity_protocol::{
	assigned_unit, drawn_for_proof, list_units, shares, Balance, Payer, RelayTerms, Seed,
	ServiceId, SessionIndex, Units, MOST_WORTH,
};
use frame_support::{defensive, ensure};

/// What a list of payers comes to.
pub(crate) struct Listed {
	/// Compute units of all payers together.
	pub units: Units,
	/// What they are worth.
	pub worth: Balance,
	/// What of that is certain to be paid.
	pub certain: Balance,
}

impl<T: Config> Pallet<T> {
	/// Takes a list of payers up into their budgets. `seen` counts the entries that were looked at,
	/// whatever comes of it.
	pub(crate) fn list_payers(
		index: SessionIndex,
		service: ServiceId,
		seed: &Seed,
		round: &Round<T::Work>,
		seat: Option<Seat>,
		payers: &[Payer],
		seen: &mut u32,
	) -> Result<Listed, Error<T>> {
		let units = list_units(payers).ok_or(Error::<T>::InvalidPayers)?;
		let mut listed = Listed { units, worth: 0, certain: 0 };
		if payers.is_empty() {
			return Ok(listed);
		}
		let terms = round.policy.relays.ok_or(Error::<T>::NoRelays)?;
		let seat = seat.ok_or(Error::<T>::NotAssigned)?;
		let range = Self::range_of(service, index, seat);
		let all = round.members.units;
		for share in shares(payers, 0) {
			*seen = seen.saturating_add(1);
			let assigned = !share.ranks.is_empty()
				&& share.ranks.iter().all(|rank| {
					let drawn =
						|| assigned_unit::<T::Hasher>(seed, service, share.application, rank, all);
					rank < terms.suppliers && range.holds(drawn())
				});
			ensure!(assigned, Error::<T>::NotAssigned);
			let worth = terms.worth(share.units);
			ensure!(worth <= MOST_WORTH, Error::<T>::InvalidPayers);
			let draws = share.ranks.count();
			let certain = Applications::<T>::try_mutate(service, share.application, |known| {
				let application = known
					.as_mut()
					.filter(|known| known.is_served_in(index))
					.ok_or(Error::<T>::UnknownApplication)?;
				Self::claim_from(application, index, &terms, worth, draws)
			})?;
			listed.worth = listed.worth.saturating_add(worth);
			listed.certain = listed.certain.saturating_add(certain);
		}
		Ok(listed)
	}

	fn claim_from(
		application: &mut ApplicationOf<T>,
		index: SessionIndex,
		terms: &RelayTerms,
		worth: Balance,
		draws: u32,
	) -> Result<Balance, Error<T>> {
		let taken = application.change_budget(index, |budget| budget.claim(worth, draws));
		if let Some(certain) = taken {
			return Ok(certain);
		}
		let mut budget = Self::new_budget(application, index, terms.suppliers);
		let certain = budget.claim(worth, draws);
		// There are never more unsettled sessions than there is room for.
		application.budgets.try_push(budget).map_err(|_| Error::<T>::UnknownSession)?;
		Ok(certain)
	}

	/// Takes a list of payers back out of their budgets.
	pub(crate) fn unlist_payers(
		index: SessionIndex,
		service: ServiceId,
		terms: &RelayTerms,
		payers: &[Payer],
	) {
		for share in shares(payers, 0) {
			Applications::<T>::mutate(service, share.application, |known| {
				let Some(application) = known else {
					defensive!("an application with claims cannot go");
					return;
				};
				let (worth, draws) = (terms.worth(share.units), share.ranks.count());
				application.change_budget(index, |budget| budget.withdraw(worth, draws));
			});
		}
	}

	/// Stake of a bid that a claim from applications can put at risk: what neither open audits need, nor
	/// one that its supplier knows of already, nor the next. So nobody has less to lose in an audit by
	/// putting its stake at risk elsewhere. A policy for which the stake is too small needs none: it draws the bid no
	/// more, and must not keep anyone from claiming what was served before.
	///
	/// `terms` are those of the claim: the stake that was enough for one at their threshold still is.
	pub(crate) fn free_for_relays(
		service: ServiceId,
		bid: &Bid,
		terms: Option<&RelayTerms>,
	) -> Balance {
		let Some(known) = Services::<T>::get(service) else { return 0 };
		let current = CurrentSession::<T>::get();
		let next = [current, Self::next_session()]
			.into_iter()
			.filter_map(|session| bid.seat.at(session).map(|seat| (known.policy.at(session), seat)))
			.filter(|(policy, seat)| bid.stake >= policy.stake(seat.units))
			.map(|(policy, seat)| policy.audit_stake(seat.units))
			.fold(0, Balance::max)
			.min(bid.stake.saturating_sub(terms.map_or(0, RelayTerms::stake)));
		let known = Self::undrawn(current, service, bid).map_or(0, |audit| audit.at_risk);
		// One stake stands behind all audits, those that are known already and the next.
		bid.free_for_relays(bid.audits_at_risk().max(known).max(next))
	}

	/// Whether a claim must be proven, once its session's proof seed is known (section 6).
	pub(crate) fn proof_required(
		seed: &Seed,
		index: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
		claim: &Claim,
		round: &Round<T::Work>,
	) -> bool {
		let Some(commitment) = claim.commitment else { return false };
		if claim.audit.is_some() || commitment.worth >= round.threshold {
			return true;
		}
		let seed = Self::claim_seed(seed, index, service, supplier);
		drawn_for_proof::<T::Hasher>(&seed, round.probability)
	}
}

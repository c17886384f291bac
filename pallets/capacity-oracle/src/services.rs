//! Services and their policies.

use crate::{pallet::*, types::*, LOG};
use capacity_protocol::{Balance, Policy, PolicyError, ServiceId, Timeline, LEAST_RATE_PRECISION};
use frame_support::{
	pallet_prelude::*,
	traits::{
		fungible::{Inspect, Mutate},
		Get,
	},
};
use sp_runtime::Perquintill;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_create_service(
		owner: Option<T::AccountId>,
		policy: PolicyOf<T>,
		insist: bool,
	) -> DispatchResult {
		let least_rate = Self::check_policy(&policy, insist)?;
		let truthful = is_truthful(&policy, least_rate);
		let service = ServiceCount::<T>::get();
		let services = service.saturating_add(1);
		ensure!(services <= T::MaxServices::get(), Error::<T>::TooManyServices);
		let fits = Schedules::<T>::get().is_none_or(|schedules| {
			let schedule = schedules.latest();
			Self::fits_session(1, &policy, services, schedule)
				&& Self::all_fit_session(schedule, services)
		});
		ensure!(fits, Error::<T>::SessionTooShort);
		Self::open_pot()?;
		Services::<T>::insert(
			service,
			Service {
				owner,
				policy: Timeline::always(policy),
				least_rate: Timeline::always(least_rate),
				members: Timeline::always(Members::default()),
				probability: Timeline::always(Default::default()),
				recommended: Timeline::always(None),
			},
		);
		ServiceCount::<T>::put(services);
		Self::deposit_event(Event::ServiceCreated { service, truthful });
		Ok(())
	}

	pub(crate) fn do_set_policy(
		service: ServiceId,
		policy: PolicyOf<T>,
		insist: bool,
	) -> DispatchResult {
		let least_rate = Self::check_policy(&policy, insist)?;
		let truthful = is_truthful(&policy, least_rate);
		let from = Self::next_session();
		Services::<T>::try_mutate(service, |known| {
			let known = known.as_mut().ok_or(Error::<T>::UnknownService)?;
			known.policy.set(from, policy);
			known.least_rate.set(from, least_rate);
			let slots = known.members.latest().slots.max(1);
			ensure!(Self::has_room_for(slots, known), Error::<T>::SessionTooShort);
			Ok::<_, Error<T>>(())
		})?;
		Self::deposit_event(Event::PolicySet { service, from, truthful });
		Ok(())
	}

	pub(crate) fn do_set_owner(service: ServiceId, owner: Option<T::AccountId>) -> DispatchResult {
		Services::<T>::try_mutate(service, |known| {
			let known = known.as_mut().ok_or(Error::<T>::UnknownService)?;
			known.owner = owner.clone();
			Ok::<_, Error<T>>(())
		})?;
		Self::deposit_event(Event::OwnerSet { service, owner });
		Ok(())
	}

	/// Sets the probability and the threshold of later sessions by what was seen in one that is settled
	/// (section 6.1): the step starts from the probability under which its proofs were drawn.
	pub(crate) fn steer_proofs(service: ServiceId, round: &Round<T::Work>) {
		let Some(mut known) = Services::<T>::get(service) else { return };
		let from = Self::next_session();
		let Some(terms) = known.policy.at(from).relays else { return };
		let recommended = ClaimSizes::<T>::get(service).recommended_threshold();
		let before = (
			terms.bounded(*known.probability.latest()),
			terms.effective_threshold(*known.recommended.latest()),
		);
		let probability = terms.steered(round.probability, round.relays.drawn);
		let threshold = terms.effective_threshold(recommended);
		known.probability.set(from, probability);
		known.recommended.set(from, recommended);
		Services::<T>::insert(service, known);
		if before != (probability, threshold) {
			Self::deposit_event(Event::ProofsSteered { service, from, probability, threshold });
		}
	}

	/// The smallest audit rate with which the policy makes truth best for every capacity that it admits,
	/// if there is one. Where its own rate is not enough, that is an error unless `insist`.
	fn check_policy(policy: &PolicyOf<T>, insist: bool) -> Result<Option<Perquintill>, Error<T>> {
		let openings = Self::largest_openings(policy);
		let deposit = policy.relays.map_or(Balance::MAX, |terms| terms.minimum_deposit);
		let within_limits = policy.check().is_ok()
			&& openings <= T::MaxOpenings::get()
			&& openings.saturating_mul(Self::content_hashes(policy)) <= T::MaxWorkHashes::get()
			&& Self::largest_proof(policy) <= T::MaxProofLen::get()
			&& deposit >= T::Currency::minimum_balance();
		ensure!(within_limits, Error::<T>::InvalidPolicy);
		let judged = policy.judged(T::SettlerShare::get());
		let truthful = judged.verdict();
		ensure!(truthful.is_ok() || insist, Error::<T>::PolicyNotTruthful);
		let least = judged.least_rate(LEAST_RATE_PRECISION);
		// It is known to a few percent only.
		Ok(match truthful {
			Ok(()) => Some(least.map_or(policy.audit_rate, |least| least.min(policy.audit_rate))),
			Err(_) => least,
		})
	}

	pub(crate) fn build_genesis(config: &GenesisConfig<T>) {
		if let Some(schedule) = config.schedule {
			assert!(
				Self::check_schedule(&schedule).is_ok(),
				"the genesis schedule contradicts itself"
			);
			Self::first_schedule(schedule);
		}
		for (owner, policy, money) in &config.services {
			let checked: Result<(), PolicyError> = policy.check();
			assert!(checked.is_ok(), "a genesis policy is invalid: {checked:?}");
			let service = ServiceCount::<T>::get();
			let created = Self::do_create_service(owner.clone(), *policy, true);
			assert!(created.is_ok(), "a genesis service cannot be created: {created:?}");
			if let Err(reason) = policy.judged(T::SettlerShare::get()).verdict() {
				log::warn!(target: LOG, "a genesis policy does not make truth best: {reason:?}");
			}
			let minted = T::Currency::mint_into(&Self::pot_account(), *money);
			assert!(minted.is_ok(), "a service's money cannot be made: {minted:?}");
			Self::add_money(service, *money);
		}
	}

	/// Length of the longest proof that an honest supplier can need under the policy, in bytes: each
	/// opening has its content and one node for each level below the common prefix, of which there are
	/// as its number of leaves has binary digits, and eight to spare. A million relays are taken for the
	/// most that one claim has.
	fn largest_proof(policy: &PolicyOf<T>) -> u32 {
		const NODE: u32 = 50;
		const CONTENT_LENGTH: u32 = 4;
		const MOST_RELAYS: u64 = 1 << 20;
		let digits = |number: u64| u64::BITS.saturating_sub(number.leading_zeros());
		// The relays of one application are in one corner, below those that part it from the others.
		let payers = digits(T::MaxPayers::get().into()).saturating_add(digits(MOST_RELAYS));
		let relays = policy.relays.map_or(0, |_| payers);
		let levels = digits(policy.maximum_bid).max(relays).saturating_add(8);
		let opening = levels
			.saturating_mul(NODE)
			.saturating_add(Self::max_content(policy))
			.saturating_add(CONTENT_LENGTH);
		Self::largest_openings(policy).saturating_mul(opening).saturating_add(T::MaxDepth::get())
	}
}

/// Whether the policy's own rate makes truth best, given the smallest that does.
fn is_truthful<W>(policy: &Policy<W>, least_rate: Option<Perquintill>) -> bool {
	least_rate.is_some_and(|least| policy.audit_rate >= least)
}

//! Services and their policies.

use crate::{pallet::*, types::*, LOG};
use capacity_protocol::{PolicyError, ServiceId, Timeline};
use frame_support::{
	pallet_prelude::*,
	traits::{
		fungible::{Inspect, Mutate},
		Get,
	},
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_create_service(
		owner: Option<T::AccountId>,
		policy: PolicyOf<T>,
		insist: bool,
	) -> DispatchResult {
		let truthful = Self::check_policy(&policy, insist)?;
		let service = ServiceCount::<T>::get();
		ensure!(service < T::MaxServices::get(), Error::<T>::TooManyServices);
		Services::<T>::insert(
			service,
			Service {
				owner,
				policy: Timeline::always(policy),
				members: Timeline::always(Members::default()),
				probability: Timeline::always(Default::default()),
				recommended: Timeline::always(None),
			},
		);
		ServiceCount::<T>::put(service.saturating_add(1));
		Self::deposit_event(Event::ServiceCreated { service, truthful });
		Ok(())
	}

	pub(crate) fn do_set_policy(
		service: ServiceId,
		policy: PolicyOf<T>,
		insist: bool,
	) -> DispatchResult {
		let truthful = Self::check_policy(&policy, insist)?;
		let from = CurrentSession::<T>::get().saturating_add(1);
		Services::<T>::try_mutate(service, |known| {
			let known = known.as_mut().ok_or(Error::<T>::UnknownService)?;
			known.policy.set(from, policy);
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
	/// (section 6.1).
	pub(crate) fn steer_proofs(service: ServiceId, round: &Round<T::Work>) {
		let Some(mut known) = Services::<T>::get(service) else { return };
		let from = CurrentSession::<T>::get().saturating_add(1);
		let Some(terms) = known.policy.at(from).relays else { return };
		let recommended = ClaimSizes::<T>::get(service).recommended_threshold();
		let before = (
			terms.bounded(*known.probability.latest()),
			terms.effective_threshold(*known.recommended.latest()),
		);
		let probability = terms.steered(before.0, round.relays.required);
		let threshold = terms.effective_threshold(recommended);
		known.probability.set(from, probability);
		known.recommended.set(from, recommended);
		Services::<T>::insert(service, known);
		if before != (probability, threshold) {
			Self::deposit_event(Event::ProofsSteered { service, from, probability, threshold });
		}
	}

	/// Whether truth is best under the policy for every capacity that it admits. Where it is not, that
	/// is an error unless `insist`.
	fn check_policy(policy: &PolicyOf<T>, insist: bool) -> Result<bool, Error<T>> {
		let within_limits = policy.check().is_ok()
			&& policy.openings <= T::MaxOpenings::get()
			&& policy.openings.saturating_mul(Self::content_hashes(policy))
				<= T::MaxWorkHashes::get()
			&& Self::largest_proof(policy) <= T::MaxProofLen::get();
		ensure!(within_limits, Error::<T>::InvalidPolicy);
		let truthful = policy.judged(T::SettlerShare::get()).is_truthful(policy.maximum_bid);
		ensure!(truthful || insist, Error::<T>::PolicyNotTruthful);
		Ok(truthful)
	}

	pub(crate) fn build_genesis(config: &GenesisConfig<T>) {
		if let Some(schedule) = config.schedule {
			assert!(
				Self::check_schedule(&schedule).is_ok(),
				"the genesis schedule contradicts itself"
			);
			Self::first_schedule(schedule);
		}
		for (owner, policy) in &config.services {
			let checked: Result<(), PolicyError> = policy.check();
			assert!(checked.is_ok(), "a genesis policy is invalid: {checked:?}");
			let created = Self::do_create_service(owner.clone(), *policy, true);
			assert!(created.is_ok(), "a genesis service cannot be created: {created:?}");
			if !policy.judged(T::SettlerShare::get()).is_truthful(policy.maximum_bid) {
				log::warn!(target: LOG, "a genesis policy does not make truth best");
			}
		}
		// All payments pass through the pot: its account must never die.
		let pot = config.pot.max(T::Currency::minimum_balance());
		let minted = T::Currency::mint_into(&Self::pot_account(), pot);
		assert!(minted.is_ok(), "the pot cannot be filled: {minted:?}");
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
		policy.openings.saturating_mul(opening).saturating_add(T::MaxDepth::get())
	}
}

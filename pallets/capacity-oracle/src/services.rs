//! Services and their policies.

use crate::{pallet::*, types::*, LOG};
use capacity_protocol::{PolicyError, ServiceId, Timeline, Work};
use frame_support::{
	pallet_prelude::*,
	traits::{fungible::Mutate, Get},
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_create_service(policy: PolicyOf<T>, insist: bool) -> DispatchResult {
		let truthful = Self::check_policy(&policy, insist)?;
		let service = ServiceCount::<T>::get();
		ensure!(service < T::MaxServices::get(), Error::<T>::TooManyServices);
		Services::<T>::insert(
			service,
			Service {
				policy: Timeline::always(policy),
				members: Timeline::always(Members::default()),
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

	/// Whether truth is best under the policy for every capacity that it admits. Where it is not, that
	/// is an error unless `insist`.
	fn check_policy(policy: &PolicyOf<T>, insist: bool) -> Result<bool, Error<T>> {
		let within_limits = policy.check().is_ok()
			&& policy.openings <= T::MaxOpenings::get()
			&& policy.openings.saturating_mul(policy.work.hashes()) <= T::MaxWorkHashes::get()
			&& Self::largest_proof(policy) <= T::MaxProofLen::get();
		ensure!(within_limits, Error::<T>::InvalidPolicy);
		let truthful = policy.is_truthful(policy.maximum_bid);
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
		for policy in &config.services {
			let checked: Result<(), PolicyError> = policy.check();
			assert!(checked.is_ok(), "a genesis policy is invalid: {checked:?}");
			let created = Self::do_create_service(*policy, true);
			assert!(created.is_ok(), "a genesis service cannot be created: {created:?}");
			if !policy.is_truthful(policy.maximum_bid) {
				log::warn!(target: LOG, "a genesis policy does not make truth best");
			}
		}
		if config.pot > 0 {
			let minted = T::Currency::mint_into(&Self::pot_account(), config.pot);
			assert!(minted.is_ok(), "the pot cannot be filled: {minted:?}");
		}
	}

	/// Length of the longest proof that an honest supplier can need under the policy, in bytes: each
	/// opening has its content and one node for each level below the common prefix, of which there are
	/// as many as the largest bid has binary digits, and eight to spare.
	fn largest_proof(policy: &PolicyOf<T>) -> u32 {
		const NODE: u32 = 50;
		const CONTENT_LENGTH: u32 = 4;
		let levels = u64::BITS.saturating_sub(policy.maximum_bid.leading_zeros()).saturating_add(8);
		let opening = levels
			.saturating_mul(NODE)
			.saturating_add(policy.work.max_content())
			.saturating_add(CONTENT_LENGTH);
		policy.openings.saturating_mul(opening).saturating_add(T::MaxDepth::get())
	}
}

//! Applications: deposits, limits and signing keys; joining and leaving at session boundaries.

use crate::{pallet::*, types::*};
use capacity_protocol::{
	ApplicationIndex, Balance, Budget, ServiceId, SessionIndex, SigningKey, Timeline,
};
use frame_support::{
	pallet_prelude::*,
	traits::{fungible::MutateHold, tokens::Precision},
};

/// A new application that does not say what it pays in a session pays this part of its deposit: as
/// much as can be open at once under usual schedules.
const DEFAULT_LIMIT: Balance = 4;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_deposit(
		service: ServiceId,
		account: T::AccountId,
		amount: Balance,
		limit: Option<Balance>,
	) -> DispatchResult {
		let known = Services::<T>::get(service).ok_or(Error::<T>::UnknownService)?;
		let terms = known.policy.latest().relays.ok_or(Error::<T>::NoRelays)?;
		let from = Self::next_session();
		let known_index = ApplicationIndices::<T>::get(service, &account);
		let known_already = known_index.is_some();
		let index = match known_index {
			Some(index) => index,
			None => Self::new_application(service, &account, limit, amount)?,
		};
		let mut application =
			Applications::<T>::get(service, index).ok_or(Error::<T>::NotAnApplication)?;
		ensure!(application.until.is_none(), Error::<T>::ApplicationIsClosed);
		let deposit = application.deposit.saturating_add(amount);
		// Whoever has spent its deposit can still say that it pays less.
		let lowers = amount == 0 && limit.is_some_and(|limit| limit <= *application.limit.latest());
		let enough = deposit >= terms.minimum_deposit;
		ensure!(enough || (known_already && lowers), Error::<T>::DepositTooSmall);
		if amount > 0 {
			T::Currency::hold(&HoldReason::Deposit.into(), &account, amount)?;
		}
		application.deposit = deposit;
		application.deposited = application.deposited.saturating_add(amount);
		if let Some(limit) = limit {
			application.limit.set(from, limit);
		}
		let limit = *application.limit.latest();
		Applications::<T>::insert(service, index, application);
		Self::deposit_event(Event::Deposited {
			service,
			application: index,
			account,
			amount,
			deposit,
			limit,
		});
		Ok(())
	}

	fn new_application(
		service: ServiceId,
		account: &T::AccountId,
		limit: Option<Balance>,
		amount: Balance,
	) -> Result<ApplicationIndex, DispatchError> {
		let index = ApplicationCount::<T>::get(service);
		// The last index has no prefix of its own.
		let next = index.checked_add(1).filter(|next| *next < ApplicationIndex::MAX);
		ApplicationCount::<T>::insert(service, next.ok_or(Error::<T>::TooManyApplications)?);
		let application = Application {
			account: account.clone(),
			from: Self::next_session(),
			until: None,
			keys: Default::default(),
			limit: Timeline::always(limit.unwrap_or(amount / DEFAULT_LIMIT)),
			deposited: 0,
			deposit: 0,
			paid: 0,
			budgets: Default::default(),
		};
		Applications::<T>::insert(service, index, application);
		ApplicationIndices::<T>::insert(service, account, index);
		Ok(index)
	}

	pub(crate) fn do_add_key(
		service: ServiceId,
		account: T::AccountId,
		key: SigningKey,
	) -> DispatchResult {
		let (number, from) = (Self::free_number(service, &account)?, Self::next_session());
		let application = Self::change_application(service, &account, |application| {
			ensure!(application.until.is_none(), Error::<T>::ApplicationIsClosed);
			application.keys.retain(|key| key.number != number);
			application
				.keys
				.try_push(Key { number, key, from, until: None })
				.map_err(|_| Error::<T>::TooManyKeys)
		})?;
		Self::deposit_event(Event::KeyAdded { service, application, number, key, from });
		Ok(())
	}

	/// The lowest number that no key has which can still have signed something that counts.
	fn free_number(service: ServiceId, account: &T::AccountId) -> Result<u8, Error<T>> {
		let (_, application) = Self::application_of(service, account)?;
		let settled = SettlementCursor::<T>::get();
		let in_use = |number: &u8| {
			let mut keys = application.keys.iter().filter(|key| key.number == *number);
			keys.any(|key| key.until.is_none_or(|until| until > settled))
		};
		(0..MAX_KEYS as u8).find(|number| !in_use(number)).ok_or(Error::<T>::TooManyKeys)
	}

	pub(crate) fn do_remove_key(
		service: ServiceId,
		account: T::AccountId,
		number: u8,
	) -> DispatchResult {
		let until = Self::next_session();
		let application = Self::change_application(service, &account, |application| {
			let key = application
				.keys
				.iter_mut()
				.find(|key| key.number == number && key.until.is_none())
				.ok_or(Error::<T>::UnknownKey)?;
			key.until = Some(until);
			Ok(())
		})?;
		Self::deposit_event(Event::KeyRemoved { service, application, number, until });
		Ok(())
	}

	pub(crate) fn do_close_application(
		service: ServiceId,
		account: T::AccountId,
	) -> DispatchResult {
		let until = Self::next_session();
		let application = Self::change_application(service, &account, |application| {
			ensure!(application.until.is_none(), Error::<T>::ApplicationIsClosed);
			application.until = Some(until);
			Ok(())
		})?;
		Self::deposit_event(Event::ApplicationClosed { service, application, until });
		Ok(())
	}

	/// Closes an application that has less than the least deposit. What it has left goes back to it when
	/// its last session is settled: anyone can ask for that as well.
	pub(crate) fn do_close_spent(service: ServiceId, account: T::AccountId) -> DispatchResult {
		let known = Services::<T>::get(service).ok_or(Error::<T>::UnknownService)?;
		// A service that has relays no more has no use for any of them.
		let least =
			known.policy.latest().relays.map_or(Balance::MAX, |terms| terms.minimum_deposit);
		let (_, application) = Self::application_of(service, &account)?;
		ensure!(application.deposit < least, Error::<T>::DepositInUse);
		Self::do_close_application(service, account)
	}

	pub(crate) fn do_reclaim_deposit(service: ServiceId, account: T::AccountId) -> DispatchResult {
		let (index, application) = Self::application_of(service, &account)?;
		let until = application.until.ok_or(Error::<T>::ApplicationIsOpen)?;
		let over = SettlementCursor::<T>::get() >= until && application.budgets.is_empty();
		ensure!(over, Error::<T>::DepositInUse);
		let amount = application.deposit;
		if amount > 0 {
			T::Currency::release(&HoldReason::Deposit.into(), &account, amount, Precision::Exact)?;
		}
		Applications::<T>::remove(service, index);
		ApplicationIndices::<T>::remove(service, &account);
		Self::deposit_event(Event::DepositReclaimed {
			service,
			application: index,
			account,
			amount,
		});
		Ok(())
	}

	fn application_of(
		service: ServiceId,
		account: &T::AccountId,
	) -> Result<(ApplicationIndex, ApplicationOf<T>), Error<T>> {
		ApplicationIndices::<T>::get(service, account)
			.and_then(|index| Applications::<T>::get(service, index).map(|found| (index, found)))
			.ok_or(Error::<T>::NotAnApplication)
	}

	fn change_application(
		service: ServiceId,
		account: &T::AccountId,
		change: impl FnOnce(&mut ApplicationOf<T>) -> Result<(), Error<T>>,
	) -> Result<ApplicationIndex, Error<T>> {
		let (index, mut application) = Self::application_of(service, account)?;
		change(&mut application)?;
		Applications::<T>::insert(service, index, application);
		Ok(index)
	}

	/// What the application can pay for `session`, fixed when the first claim asks for it. Claims of
	/// earlier sessions are closed by then, so all that they may take is reserved.
	pub(crate) fn new_budget(
		application: &ApplicationOf<T>,
		session: SessionIndex,
		suppliers: u8,
	) -> Budget {
		let total = application.free().min(*application.limit.at(session));
		Budget::new(session, total, suppliers)
	}
}

//! The pot, and what of it is whose. Each service has money of its own for audits: the pot pays its
//! suppliers from it, and receives what its suppliers lose. What audits may still cost is set aside, so
//! that no service owes more than it has.

use crate::pallet::*;
use capacity_protocol::{Balance, Fund, ServiceId};
use frame_support::{
	defensive,
	pallet_prelude::*,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
		Get,
	},
};
use sp_runtime::traits::{AccountIdConversion, Zero};

impl<T: Config> Pallet<T> {
	/// The pot's account.
	pub fn pot_account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// What the pot can spend without dying.
	pub(crate) fn pot_holds() -> Balance {
		T::Currency::reducible_balance(
			&Self::pot_account(),
			Preservation::Preserve,
			Fortitude::Polite,
		)
	}

	/// Makes the pot's account with the existential deposit, if it is not there: payments of any size
	/// pass through it, and it never dies.
	pub(crate) fn open_pot() -> DispatchResult {
		let pot = Self::pot_account();
		let least = T::Currency::minimum_balance();
		let missing = least.saturating_sub(T::Currency::total_balance(&pot));
		if !missing.is_zero() {
			// On top of what is there already, which may be too little to be anything by itself.
			let minted = T::Currency::mint_into(&pot, least)?;
			Self::deposit_event(Event::PotOpened { minted });
		}
		Ok(())
	}

	pub(crate) fn do_fund(
		service: ServiceId,
		from: T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		ensure!(Services::<T>::contains_key(service), Error::<T>::UnknownService);
		T::Currency::transfer(&from, &Self::pot_account(), amount, Preservation::Preserve)?;
		Self::add_money(service, amount);
		Self::deposit_event(Event::Funded { service, from, amount });
		Ok(())
	}

	/// Counts money that has come into the pot as the service's.
	pub(crate) fn add_money(service: ServiceId, amount: Balance) {
		if amount > 0 {
			Funds::<T>::mutate(service, |fund| fund.free = fund.free.saturating_add(amount));
		}
	}

	/// Sets `amount` of what is free aside.
	pub(crate) fn set_aside(service: ServiceId, amount: Balance) {
		Self::change_fund(service, |fund| Fund {
			free: fund.free.saturating_sub(amount),
			set_aside: fund.set_aside.saturating_add(amount),
		});
	}

	/// Gives back `amount` of what was set aside.
	pub(crate) fn give_back(service: ServiceId, amount: Balance) {
		Self::change_fund(service, |fund| Fund {
			free: fund.free.saturating_add(amount),
			set_aside: fund.set_aside.saturating_sub(amount),
		});
	}

	fn change_fund(service: ServiceId, change: impl FnOnce(Fund) -> Fund) {
		Funds::<T>::mutate(service, |fund| *fund = change(*fund));
	}

	/// Pays from the service's free money. Cannot fail for what was set aside and given back: the
	/// supplier's account is alive, as it has stake on hold.
	pub(crate) fn pay(service: ServiceId, supplier: &T::AccountId, amount: Balance) -> Balance {
		let paid =
			T::Currency::transfer(&Self::pot_account(), supplier, amount, Preservation::Preserve);
		match paid {
			Ok(amount) => {
				Funds::<T>::mutate(service, |fund| fund.free = fund.free.saturating_sub(amount));
				amount
			}
			Err(error) => {
				defensive!("the pot could not pay what it had set aside", error);
				0
			}
		}
	}
}

//! The pot: it pays for audits and receives what is slashed. What audits may still cost is set aside,
//! so that it never owes more than it holds.

use crate::pallet::*;
use capacity_protocol::Balance;
use frame_support::{
	defensive,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
		Get,
	},
};
use sp_runtime::traits::AccountIdConversion;

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

	/// Sets `amount` aside, if the pot has that much to spare.
	pub(crate) fn set_aside(amount: Balance) -> bool {
		SetAside::<T>::mutate(|set_aside| match set_aside.checked_add(amount) {
			Some(total) if total <= Self::pot_holds() => {
				*set_aside = total;
				true
			}
			_ => false,
		})
	}

	/// Gives back `amount` of what was set aside.
	pub(crate) fn give_back(amount: Balance) {
		SetAside::<T>::mutate(|set_aside| *set_aside = set_aside.saturating_sub(amount));
	}

	/// Pays from the pot. Cannot fail for what was set aside: the supplier's account is alive, as it
	/// has stake on hold.
	pub(crate) fn pay(supplier: &T::AccountId, amount: Balance) -> Balance {
		let paid =
			T::Currency::transfer(&Self::pot_account(), supplier, amount, Preservation::Preserve);
		match paid {
			Ok(amount) => amount,
			Err(error) => {
				defensive!("the pot could not pay what it had set aside", error);
				0
			}
		}
	}
}

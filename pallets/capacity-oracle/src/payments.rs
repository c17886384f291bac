//! Payments of applications: each pays what its budget has for a claim; then supplier, owner and pot
//! get their shares.

use crate::pallet::*;
use capacity_protocol::{shares, Balance, RelayTerms, ServiceId, SessionIndex};
use frame_support::{
	defensive,
	traits::{
		fungible::{Mutate, MutateHold},
		tokens::{Fortitude, Precision, Preservation, Restriction},
	},
};

impl<T: Config> Pallet<T> {
	/// Settles a claim's list: every application pays what it owes, to the pot for the moment, or, unless
	/// `pays`, nothing. Returns what was paid.
	pub(crate) fn settle_payers(
		index: SessionIndex,
		service: ServiceId,
		supplier: &T::AccountId,
		terms: &RelayTerms,
		pays: bool,
	) -> Balance {
		let payers = Payers::<T>::take(index, (service, supplier));
		let mut collected: Balance = 0;
		for share in shares(&payers, 0) {
			let Some(mut application) = Applications::<T>::get(service, share.application) else {
				defensive!("an application with claims cannot go");
				continue;
			};
			let worth = terms.worth(share.units);
			let draws = share.ranks.count();
			let payable = application.change_budget(index, |budget| budget.settle(worth, draws));
			if pays {
				let paid = Self::take_deposit(&mut application, payable.unwrap_or(0));
				collected = collected.saturating_add(paid);
				if paid < worth {
					Self::deposit_event(Event::PaidShort {
						session: index,
						service,
						application: share.application,
						supplier: supplier.clone(),
						worth,
						paid,
					});
				}
			}
			Applications::<T>::insert(service, share.application, application);
		}
		collected
	}

	fn take_deposit(application: &mut ApplicationOf<T>, amount: Balance) -> Balance {
		if amount == 0 {
			return 0;
		}
		let moved = T::Currency::transfer_on_hold(
			&HoldReason::Deposit.into(),
			&application.account,
			&Self::pot_account(),
			amount,
			Precision::Exact,
			Restriction::Free,
			Fortitude::Force,
		);
		match moved {
			Ok(moved) => {
				application.deposit = application.deposit.saturating_sub(moved);
				application.paid = application.paid.saturating_add(moved);
				moved
			}
			Err(error) => {
				defensive!("a deposit could not pay what was reserved of it", error);
				0
			}
		}
	}

	/// Divides what was collected: the owner and the supplier get their shares from the pot, which keeps
	/// the rest for the service. Whoever cannot be paid, as its account is gone and the share too small to
	/// make one, leaves it there as well. Returns what the supplier got.
	pub(crate) fn share_out(
		service: ServiceId,
		supplier: &T::AccountId,
		terms: &RelayTerms,
		collected: Balance,
	) -> Balance {
		let split = terms.split(collected);
		let pay = |to: &T::AccountId, amount: Balance| match amount {
			0 => 0,
			_ => {
				let pot = Self::pot_account();
				let paid = T::Currency::transfer(&pot, to, amount, Preservation::Preserve);
				paid.unwrap_or(0)
			}
		};
		let owner = Services::<T>::get(service).and_then(|known| known.owner);
		let owner = owner.map_or(0, |owner| pay(&owner, split.owner));
		let earned = pay(supplier, split.supplier);
		Self::add_money(service, collected.saturating_sub(owner).saturating_sub(earned));
		earned
	}
}

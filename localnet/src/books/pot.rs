//! What goes into the pot and out of it.

use super::difference;
use anyhow::{ensure, Result};
use capacity_oracle_client::{AccountId32, Event};
use capacity_protocol::Balance;
use serde_json::Value as Json;

/// The oracle's own account, which pays for audits, receives what is slashed, and divides what
/// applications pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pot {
	/// The pot's account, and whose the service is.
	accounts: Option<(AccountId32, AccountId32)>,
	/// Taken from deposits of applications, by the transfers.
	pub charged: Balance,
	/// What applications paid, by the oracle's word, and what suppliers earned of it.
	pub paid: Balance,
	pub earned: Balance,
	/// Paid for audits.
	pub audits: Balance,
	/// Slashed, and what of it went to whoever settled.
	pub slashed: Balance,
	pub settlers: Balance,
	/// Given to the pot by others.
	pub given: Balance,
	/// Sent to the service's owner, and what of that it got as a supplier.
	to_owner: Balance,
	to_owner_as_supplier: Balance,
}

impl Pot {
	pub fn new(pot: AccountId32, owner: AccountId32) -> Self {
		Self { accounts: Some((pot, owner)), ..Self::default() }
	}

	/// Whether this is the service's owner.
	pub fn is_owner(&self, who: &AccountId32) -> bool {
		self.accounts.is_some_and(|(_, owner)| owner == *who)
	}

	/// What the owner got of the payments of applications.
	pub fn to_owner(&self) -> Balance {
		self.to_owner.saturating_sub(self.to_owner_as_supplier)
	}

	/// What the pot kept of the payments of applications.
	pub fn kept(&self) -> Balance {
		self.charged.saturating_sub(self.earned).saturating_sub(self.to_owner())
	}

	pub(super) fn is_account(&self, event: &Event, field: &str) -> bool {
		let who = event.account(field);
		who.is_some_and(|who| self.accounts.is_some_and(|(pot, _)| pot == who))
	}

	pub(super) fn enter_transfer(&mut self, event: &Event) {
		let amount = event.number("amount").unwrap_or(0);
		if self.is_account(event, "to") {
			self.given += amount;
		}
		if self.is_account(event, "from")
			&& event.account("to").is_some_and(|to| self.is_owner(&to))
		{
			self.to_owner += amount;
		}
	}

	pub(super) fn enter_forced(&mut self, event: &Event) {
		let amount = event.number("amount").unwrap_or(0);
		match (is_deposit(event), self.is_account(event, "dest")) {
			(true, _) => self.charged += amount,
			// The slash itself is entered as such.
			(false, true) => {}
			(false, false) => self.settlers += amount,
		}
	}

	pub(super) fn enter_oracle(&mut self, event: &Event) {
		let amount = |field| event.number(field).unwrap_or(0);
		let owner = event.supplier().is_some_and(|who| self.is_owner(&who));
		let mut to_supplier = 0;
		match event.name.as_str() {
			"AuditPaid" => {
				to_supplier = amount("payment");
				self.audits += to_supplier;
			}
			"RelaysPaid" => {
				to_supplier = amount("earned");
				self.earned += to_supplier;
				self.paid += amount("paid");
			}
			"AuditFailed" | "ClaimForfeited" => self.slashed += amount("slashed"),
			_ => {}
		}
		if owner {
			self.to_owner_as_supplier += to_supplier;
		}
	}

	/// What the pot owns more than at first, by what is known.
	fn gain(&self) -> i128 {
		let plus = self.charged + self.given + self.slashed;
		difference(plus, self.audits + self.earned + self.to_owner() + self.settlers)
	}

	/// Whether the pot, which owns so much more than at first, has what it should, and applications paid
	/// what the oracle says.
	pub(super) fn check(&self, gain: i128) -> Result<()> {
		ensure!(
			self.paid == self.charged,
			"the oracle says that applications paid {}, but {} was taken of their deposits",
			self.paid,
			self.charged
		);
		ensure!(
			gain == self.gain(),
			"the pot has gained {gain}, but what is known of it makes {}: {self:?}",
			self.gain()
		);
		Ok(())
	}
}

/// Whether what is taken is an application's deposit, not stake.
pub(super) fn is_deposit(event: &Event) -> bool {
	let reason = event.fields.get("reason");
	let ours = reason.and_then(|reason| reason.get(capacity_oracle_client::PALLET));
	ours.and_then(Json::as_str) == Some("Deposit")
}

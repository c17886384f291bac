//! Everybody's money: put in, filled up, taken out, and accounted for.

use super::{
	chain::{self, AccountId, CapacityOracle, Runtime, SERVICE},
	ledger::Account,
	world::{refused, World},
};
use anyhow::{ensure, Context, Result};
use capacity_protocol::{Balance, SessionIndex};
use pallet_capacity_oracle::{Bids, Error};
use std::collections::BTreeMap;

impl World<'_> {
	/// Everybody's deposit, which holds from session 1 on.
	pub(super) fn open_applications(&self) -> Result<()> {
		for (number, application) in (0..).zip(&self.cast.applications) {
			let account = self.cast.application(number);
			let (who, key) = (chain::signed(account), chain::signing_key(account));
			let (deposit, limit) = (application.deposit, application.limit);
			CapacityOracle::deposit(who.clone(), SERVICE, deposit, Some(limit))
				.and_then(|()| CapacityOracle::add_key(who, SERVICE, key))
				.map_err(refused("an application"))?;
		}
		Ok(())
	}

	/// The bids that take part from this session on.
	pub(super) fn join(&mut self, session: SessionIndex) -> Result<()> {
		let policy = &self.scenario.policy;
		let identities = (0..).zip(&self.cast.identities);
		let joining: Vec<_> = identities
			.filter(|(_, identity)| identity.from == session)
			.map(|(number, identity)| {
				(number, policy.stake(identity.units) * identity.stakes as Balance)
			})
			.collect();
		joining.into_iter().try_for_each(|(number, stake)| self.bid(number, stake))
	}

	/// Places an identity's bid, or places it again with more stake. Where there is no money for its audits it
	/// has none.
	fn bid(&mut self, number: u32, stake: Balance) -> Result<()> {
		let known = self.cast.identities.get(number as usize).context("no such identity")?;
		let (player, who) = (known.player, chain::signed(self.cast.account(number)));
		match CapacityOracle::bid(who, SERVICE, known.units, stake) {
			Ok(()) => Ok(()),
			Err(error) if error == Error::<Runtime>::AuditUnfunded.into() => {
				let counts = self.ledger.counts(player as usize).context("no such supplier")?;
				counts.refused_bids += 1;
				Ok(())
			}
			Err(error) => Err(refused("a bid")(error)),
		}
	}

	/// Whoever was slashed fills its stake up again.
	pub(super) fn top_up(&mut self) -> Result<()> {
		let session = chain::session();
		let due: Vec<_> = self.lost.extract_if(.., |_, lost| lost.until <= session).collect();
		due.into_iter()
			.filter(|(_, lost)| lost.amount > 0)
			.try_for_each(|(number, lost)| self.bid(number, lost.amount))
	}

	/// Where money for audits is short, fills it up to what it was at first.
	pub(super) fn refill(&mut self, money: Balance) -> Result<()> {
		let missing = money.saturating_sub(chain::money());
		if self.scenario.money.is_none() || missing == 0 {
			return Ok(());
		}
		CapacityOracle::fund(chain::signed(chain::TREASURY), SERVICE, missing)
			.map_err(refused("money for audits"))?;
		self.refilled += missing;
		Ok(())
	}

	/// Everybody leaves, from the next session on.
	pub(super) fn leave(&self) -> Result<()> {
		for who in self.suppliers() {
			let seated = Bids::<Runtime>::get(SERVICE, who).and_then(|bid| *bid.seat.latest());
			if seated.is_some() {
				CapacityOracle::leave(chain::signed(who), SERVICE).map_err(refused("leaving"))?;
			}
		}
		for who in self.applications() {
			CapacityOracle::close_application(chain::signed(who), SERVICE)
				.map_err(refused("closing an application"))?;
		}
		Ok(())
	}

	/// Everybody takes its money out of the oracle.
	pub(super) fn take_everything(&self) -> Result<()> {
		for who in self.suppliers().filter(|who| Bids::<Runtime>::contains_key(SERVICE, who)) {
			CapacityOracle::withdraw(chain::signed(who), SERVICE)
				.map_err(refused("withdrawing"))?;
		}
		for who in self.applications() {
			CapacityOracle::reclaim_deposit(chain::signed(who), SERVICE)
				.map_err(refused("reclaiming a deposit"))?;
		}
		Ok(())
	}

	/// What every supplier has now is what it had, and what the ledger says; and what suppliers lost, and did
	/// not get of payments, is with the service and its owner. `money` is what that had at first.
	pub(super) fn account_for_everything(&self, money: Balance) -> Result<()> {
		self.account_for_the_service(money)?;
		let before: BTreeMap<_, _> = self.cast.accounts(self.scenario)?.into_iter().collect();
		for (player, account) in self.cast.players.iter().zip(self.ledger.accounts()) {
			let identities = player.identities.clone().map(|number| self.cast.account(number));
			let own = player.applications.clone().map(|number| self.cast.application(number));
			let change: i128 = identities
				.chain(own)
				.map(|who| {
					let had = before.get(&who).copied().unwrap_or(0);
					chain::free(who) as i128 - had as i128
				})
				.sum();
			ensure!(
				change == account.net(),
				"a supplier that plays {} has {change} more, but {} by the ledger",
				player.strategy,
				account.net(),
			);
		}
		Ok(())
	}

	fn account_for_the_service(&self, money: Balance) -> Result<()> {
		let sum = |part: fn(&Account) -> Balance| -> Balance {
			self.ledger.accounts().iter().map(part).sum()
		};
		let taken = sum(|account| account.audits_slashed) + sum(|account| account.relays_slashed);
		let had = chain::OWNERS + money + self.refilled + taken + self.ledger.shares;
		let has = chain::free(chain::OWNER) + chain::money() + sum(|account| account.audits_paid);
		ensure!(
			had == has,
			"the service and its owner have {has} with what was paid, and should have {had}",
		);
		Ok(())
	}

	fn suppliers(&self) -> impl Iterator<Item = AccountId> + '_ {
		(0..self.cast.identities.len() as u32).map(|number| self.cast.account(number))
	}

	fn applications(&self) -> impl Iterator<Item = AccountId> + '_ {
		(0..self.cast.applications.len() as u32).map(|number| self.cast.application(number))
	}
}

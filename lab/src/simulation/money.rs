//! Everybody's money: put in, filled up, taken out, and accounted for.

use super::{
	chain::{self, AccountId, CapacityOracle, SERVICE},
	world::{refused, World},
};
use anyhow::{ensure, Context, Result};
use capacity_protocol::Balance;
use std::collections::BTreeMap;

impl World<'_> {
	/// Everybody's bid and deposit, which hold from session 1 on.
	pub(super) fn join(&self) -> Result<()> {
		let policy = &self.scenario.policy;
		for (number, identity) in (0..).zip(&self.cast.identities) {
			let stake = policy.stake(identity.units) * Balance::from(self.scenario.stakes);
			let who = chain::signed(self.cast.account(number));
			CapacityOracle::bid(who, SERVICE, identity.units, stake).map_err(refused("a bid"))?;
		}
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

	/// Whoever was slashed fills its stake up again.
	pub(super) fn top_up(&mut self) -> Result<()> {
		for (identity, stake) in
			std::mem::take(&mut self.lost).into_iter().filter(|lost| lost.1 > 0)
		{
			let known = self.cast.identities.get(identity as usize).context("no such identity")?;
			let who = chain::signed(self.cast.account(identity));
			CapacityOracle::bid(who, SERVICE, known.units, stake).map_err(refused("a top-up"))?;
		}
		Ok(())
	}

	/// Everybody leaves, from the next session on.
	pub(super) fn leave(&self) -> Result<()> {
		for who in self.suppliers() {
			CapacityOracle::leave(chain::signed(who), SERVICE).map_err(refused("leaving"))?;
		}
		for who in self.applications() {
			CapacityOracle::close_application(chain::signed(who), SERVICE)
				.map_err(refused("closing an application"))?;
		}
		Ok(())
	}

	/// Everybody takes its money out of the oracle.
	pub(super) fn take_everything(&self) -> Result<()> {
		for who in self.suppliers() {
			CapacityOracle::withdraw(chain::signed(who), SERVICE)
				.map_err(refused("withdrawing"))?;
		}
		for who in self.applications() {
			CapacityOracle::reclaim_deposit(chain::signed(who), SERVICE)
				.map_err(refused("reclaiming a deposit"))?;
		}
		Ok(())
	}

	/// What every supplier has now is what it had, and what the ledger says.
	pub(super) fn account_for_everything(&self) -> Result<()> {
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

	fn suppliers(&self) -> impl Iterator<Item = AccountId> + '_ {
		(0..self.cast.identities.len() as u32).map(|number| self.cast.account(number))
	}

	fn applications(&self) -> impl Iterator<Item = AccountId> + '_ {
		(0..self.cast.applications.len() as u32).map(|number| self.cast.application(number))
	}
}

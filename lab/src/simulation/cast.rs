//! Who plays: suppliers with their identities, and applications.

use super::{
	chain::{self, AccountId},
	strategies::{reward, Hand, Own},
	Scenario, Strategy,
};
use anyhow::{ensure, Context, Result};
use capacity_protocol::{Balance, SessionIndex, Units};
use std::ops::Range;

/// A supplier.
pub struct Player {
	/// Its place in the population.
	pub group: usize,
	pub strategy: Strategy,
	/// Units that it can deliver in a session.
	pub capacity: Units,
	/// The reward for one audited bid of that.
	pub reward: f64,
	/// Numbers of its identities.
	pub identities: Range<u32>,
	/// Numbers of its own applications.
	pub applications: Range<u32>,
	pub luck: fastrand::Rng,
}

/// One account with one bid.
pub struct Identity {
	/// The number of the supplier behind it.
	pub player: u32,
	/// Its bid.
	pub units: Units,
	/// The session from which on it takes part.
	pub from: SessionIndex,
	/// The stake behind it, as a multiple of the least.
	pub stakes: u32,
	/// Sessions until it fills that up again.
	pub waits: u32,
}

/// One account with one application.
pub struct App {
	/// The supplier that owns it, if it is not a real one.
	pub owner: Option<u32>,
	/// Units that it asks for in a session: of all suppliers together, or, if it is somebody's own, of each
	/// identity of that.
	pub units: Units,
	pub limit: Balance,
	pub deposit: Balance,
}

/// Everybody.
pub struct Cast {
	pub players: Vec<Player>,
	pub identities: Vec<Identity>,
	/// Those of the scenario come first.
	pub applications: Vec<App>,
}

impl Cast {
	pub fn of(scenario: &Scenario, seed: u64) -> Result<Self> {
		let mut cast =
			Self { players: Vec::new(), identities: Vec::new(), applications: Vec::new() };
		for _ in 0..scenario.applications {
			cast.applications.push(App { owner: None, units: 0, limit: 0, deposit: 0 });
		}
		for (group, of) in scenario.population.0.iter().enumerate() {
			for number in 0..of.suppliers as usize {
				let own = seed
					^ ((group as u64) << 32 | number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
				cast.join(scenario, group, number, fastrand::Rng::with_seed(own))?;
			}
		}
		let units = scenario.asked(cast.bid());
		for application in cast.applications.iter_mut().filter(|known| known.owner.is_none()) {
			let (limit, deposit) = scenario.purse(units)?;
			*application = App { owner: None, units, limit, deposit };
		}
		let bids = cast.identities.len();
		ensure!(bids as u32 <= chain::MAX_BIDS, "{bids} bids are too many");
		Ok(cast)
	}

	fn join(
		&mut self,
		scenario: &Scenario,
		group: usize,
		number: usize,
		mut luck: fastrand::Rng,
	) -> Result<()> {
		let of = scenario.population.0.get(group).context("no such group")?;
		let strategy = of.strategy;
		let (play, player) = (strategy.play(), self.players.len() as u32);
		let capacity = scenario.capacity(of.capacity, number, &mut luck);
		let (from, apps_from) = (self.identities.len() as u32, self.applications.len() as u32);
		let policy = &scenario.policy;
		let mut hand = Hand { capacity, spare: capacity, policy, luck: &mut luck };
		for (bid, units) in play.bids(&mut hand).into_iter().enumerate() {
			ensure!(
				scenario.policy.admits(units),
				"{strategy} bids {units} units of a capacity of {capacity}; the policy admits {} to {}",
				scenario.policy.minimum_bid,
				scenario.policy.maximum_bid,
			);
			let stakes = play.stakes().unwrap_or(scenario.stakes);
			self.identities.push(Identity {
				player,
				units,
				from: play.joins(bid),
				stakes,
				waits: play.waits(),
			});
		}
		let own = play.own(capacity);
		if scenario.policy.relays.is_some() {
			for _ in 0..own.applications {
				self.open(scenario, player, own)?;
			}
		}
		self.players.push(Player {
			group,
			strategy,
			capacity,
			reward: reward(&scenario.policy, capacity),
			identities: from..self.identities.len() as u32,
			applications: apps_from..self.applications.len() as u32,
			luck,
		});
		Ok(())
	}

	/// An application of a supplier's own.
	fn open(&mut self, scenario: &Scenario, owner: u32, own: Own) -> Result<()> {
		let (limit, deposit) = match own.pays {
			true => scenario.purse(own.units)?,
			false => (0, scenario.least_deposit()),
		};
		let (owner, units) = (Some(owner), own.units);
		self.applications.push(App { owner, units, limit, deposit });
		Ok(())
	}

	/// The account of an identity.
	pub fn account(&self, identity: u32) -> AccountId {
		AccountId::from(identity) + 1
	}

	/// The identity of an account.
	pub fn identity(&self, account: AccountId) -> Option<u32> {
		let identity = u32::try_from(account.checked_sub(1)?).ok()?;
		((identity as usize) < self.identities.len()).then_some(identity)
	}

	/// The account of an application.
	pub fn application(&self, number: u32) -> AccountId {
		AccountId::from(number) + 1 + self.identities.len() as AccountId
	}

	/// The supplier behind an identity.
	pub fn player_of(&self, identity: u32) -> Option<usize> {
		self.identities.get(identity as usize).map(|known| known.player as usize)
	}

	/// Units of all bids.
	pub fn bid(&self) -> Units {
		self.identities.iter().map(|identity| identity.units).sum()
	}

	/// Units that can be counted on.
	pub fn true_capacity(&self) -> Units {
		let true_capacity = |player: &Player| player.strategy.play().true_capacity(player.capacity);
		self.players.iter().map(true_capacity).sum()
	}

	/// All accounts and what they have at first.
	pub fn accounts(&self, scenario: &Scenario) -> Result<Vec<(AccountId, Balance)>> {
		let refills = scenario.refills(self.true_capacity())?;
		let mut accounts = vec![(chain::OWNER, chain::OWNERS), (chain::TREASURY, refills + 1_000)];
		for (number, identity) in (0..).zip(&self.identities) {
			accounts
				.push((self.account(number), scenario.endowment(identity.units, identity.stakes)?));
		}
		for (number, application) in (0..).zip(&self.applications) {
			accounts.push((self.application(number), application.deposit.saturating_add(1_000)));
		}
		Ok(accounts)
	}
}

//! The chain read from its first block to its last, and its books held against its state.

use crate::{
	books::{difference, Found},
	supplier::dev_key,
	Books, Entry, Plan, OWNER, SERVICE,
};
use anyhow::{ensure, Context, Result};
use capacity_oracle_client::{AccountId32, Block, Chain, Event, Snapshot};
use capacity_protocol::Balance;
use std::{collections::BTreeMap, time::Duration};

/// How often to look for a new block.
const LOOK: Duration = Duration::from_millis(50);

/// Follows a chain block by block, by number, so that none is missed.
pub struct Ledger {
	chain: Chain,
	/// Who is followed, the service's owner among them, and what they owned at first.
	accounts: BTreeMap<AccountId32, Balance>,
	/// All money there was at first, and what of it the pot owned.
	genesis: Balance,
	pot: Balance,
	books: Books,
	/// The last block that is entered.
	last: Block,
}

/// A block that has been entered.
#[derive(Clone, Debug)]
pub struct Seen {
	pub block: Block,
	pub events: Vec<Event>,
}

/// What an account has, beside what the books say about it.
#[derive(Clone, Debug)]
pub struct Standing {
	pub entry: Entry,
	/// Still behind its bid.
	pub stake: Balance,
	/// What an application has left of its deposit.
	pub deposit: Balance,
	/// Owned, free and held.
	pub owned: Balance,
	/// Owned more than at first.
	pub gain: i128,
}

impl Ledger {
	/// Begins with the chain's first block. Follows `accounts`, of suppliers and of applications, and
	/// that of the service's owner.
	pub async fn open(chain: &Chain, accounts: &[AccountId32]) -> Result<Self> {
		let first = chain.block(0).await?.context("the node does not know its first block")?;
		let state = chain.at(first.hash).await?;
		let (pot, ..) = state.pot().await?;
		let owner = dev_key(OWNER)?.public_key().to_account_id();
		let books = Books::new(pot, owner, accounts.iter().copied());
		let mut owned_by = BTreeMap::new();
		for who in books.entries.keys() {
			owned_by.insert(*who, owned(&state, who).await?);
		}
		Ok(Self {
			chain: chain.clone(),
			books,
			genesis: state.total_issuance().await?,
			pot: owned(&state, &pot).await?,
			accounts: owned_by,
			last: first,
		})
	}

	/// The ledger of the suppliers of these plans.
	pub async fn of(chain: &Chain, plans: &[Plan]) -> Result<Self> {
		Self::with_applications(chain, plans, &[]).await
	}

	/// The ledger of the suppliers of these plans, and of the applications with these names.
	pub async fn with_applications(
		chain: &Chain,
		plans: &[Plan],
		applications: &[&str],
	) -> Result<Self> {
		let mut accounts = plans.iter().map(Plan::account).collect::<Result<Vec<_>>>()?;
		for name in applications {
			accounts.push(dev_key(name)?.public_key().to_account_id());
		}
		Self::open(chain, &accounts).await
	}

	pub fn books(&self) -> &Books {
		&self.books
	}

	/// The entry of one account.
	pub fn entry(&self, who: &AccountId32) -> Entry {
		self.books.entries.get(who).cloned().unwrap_or_default()
	}

	/// All money there was at first.
	pub fn genesis(&self) -> Balance {
		self.genesis
	}

	/// The last block that is entered.
	pub fn last(&self) -> Block {
		self.last
	}

	/// Enters the next block, if there is one.
	pub async fn try_next(&mut self) -> Result<Option<Seen>> {
		let known = self.chain.block(self.last.number).await?;
		if known != Some(self.last) {
			// A node that was killed can have lost its last blocks.
			let accounts: Vec<_> = self.accounts.keys().copied().collect();
			*self = Self::open(&self.chain, &accounts).await?;
		}
		let Some(block) = self.chain.block(self.last.number + 1).await? else { return Ok(None) };
		let events = self.chain.events(block.hash).await?;
		self.books.enter(&events);
		self.last = block;
		Ok(Some(Seen { block, events }))
	}

	/// Waits for the next block and enters it.
	pub async fn next(&mut self) -> Result<Seen> {
		loop {
			if let Some(seen) = self.try_next().await? {
				return Ok(seen);
			}
			tokio::time::sleep(LOOK).await;
		}
	}

	/// Enters all blocks there are.
	pub async fn catch_up(&mut self) -> Result<Vec<Seen>> {
		let mut all = Vec::new();
		while let Some(seen) = self.try_next().await? {
			all.push(seen);
		}
		Ok(all)
	}

	/// All money there is, after the last block that is entered.
	pub async fn issuance(&self) -> Result<Balance> {
		self.chain.at(self.last.hash).await?.total_issuance().await
	}

	/// How an account stands after the last block that is entered.
	pub async fn standing(&self, who: &AccountId32) -> Result<Standing> {
		let state = self.chain.at(self.last.hash).await?;
		let owned = owned(&state, who).await?;
		let before = self.accounts.get(who).context("nobody follows this account")?;
		Ok(Standing {
			entry: self.entry(who),
			stake: state.stake(SERVICE, who).await?.map_or(0, |status| status.stake),
			deposit: deposit(&state, who).await?,
			owned,
			gain: difference(owned, *before),
		})
	}

	/// Whether everything is accounted for to the last unit: all money there is, what the pot and each
	/// account have more or less than at first, what is left of deposits, and whose the pot's money is.
	pub async fn check(&self) -> Result<()> {
		let state = self.chain.at(self.last.hash).await?;
		let (pot, ..) = state.pot().await?;
		let mut found = Found {
			issuance: state.total_issuance().await?,
			pot: difference(owned(&state, &pot).await?, self.pot),
			..Found::default()
		};
		for (who, before) in &self.accounts {
			found.gains.insert(*who, difference(owned(&state, who).await?, *before));
			found.deposits.insert(*who, deposit(&state, who).await?);
		}
		self.books.check(self.genesis, &found)?;
		// There is one service, and all that the pot can spend is its money.
		let (_, holds, _) = state.pot().await?;
		let fund = state.fund_status(SERVICE).await?.unwrap_or_default().total();
		ensure!(fund == holds, "the pot can spend {holds}, but its service has {fund}");
		Ok(())
	}
}

/// What an account owns, free and held.
async fn owned(state: &Snapshot, who: &AccountId32) -> Result<Balance> {
	let account = state.account(who).await?;
	Ok(account.free + account.held)
}

/// What an application has left of its deposit; nothing if the account is none.
async fn deposit(state: &Snapshot, who: &AccountId32) -> Result<Balance> {
	let Some(index) = state.application_index(SERVICE, who).await? else { return Ok(0) };
	Ok(state.application(SERVICE, index).await?.map_or(0, |application| application.deposit))
}

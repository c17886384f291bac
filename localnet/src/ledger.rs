//! The chain read from its first block to its last, and its books held against its state.

use crate::{books::difference, Books, Entry, Plan, SERVICE};
use anyhow::{Context, Result};
use capacity_oracle_client::{AccountId32, Block, Chain, Event};
use capacity_protocol::Balance;
use std::{collections::BTreeMap, time::Duration};

/// How often to look for a new block.
const LOOK: Duration = Duration::from_millis(50);

/// Follows a chain block by block, by number, so that none is missed.
pub struct Ledger {
	chain: Chain,
	/// Who is followed, and what they owned at first.
	suppliers: BTreeMap<AccountId32, Balance>,
	/// All money there was at first.
	genesis: Balance,
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

/// What a supplier has, beside what the books say about it.
#[derive(Clone, Debug)]
pub struct Standing {
	pub entry: Entry,
	/// Still behind its bid.
	pub stake: Balance,
	/// Owned, free and held.
	pub owned: Balance,
	/// Owned more than at first.
	pub gain: i128,
}

impl Ledger {
	/// Begins with the chain's first block.
	pub async fn open(chain: &Chain, suppliers: &[AccountId32]) -> Result<Self> {
		let first = chain.block(0).await?.context("the node does not know its first block")?;
		let state = chain.at(first.hash).await?;
		let mut owned = BTreeMap::new();
		for who in suppliers {
			let account = state.account(who).await?;
			owned.insert(*who, account.free + account.held);
		}
		let (pot, ..) = state.pot().await?;
		Ok(Self {
			chain: chain.clone(),
			books: Books::new(pot, suppliers.iter().copied()),
			genesis: state.total_issuance().await?,
			suppliers: owned,
			last: first,
		})
	}

	/// The ledger of the suppliers of these plans.
	pub async fn of(chain: &Chain, plans: &[Plan]) -> Result<Self> {
		let accounts = plans.iter().map(Plan::account).collect::<Result<Vec<_>>>()?;
		Self::open(chain, &accounts).await
	}

	pub fn books(&self) -> &Books {
		&self.books
	}

	/// The entry of one supplier.
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
			let suppliers: Vec<_> = self.suppliers.keys().copied().collect();
			*self = Self::open(&self.chain, &suppliers).await?;
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

	/// How a supplier stands after the last block that is entered.
	pub async fn standing(&self, who: &AccountId32) -> Result<Standing> {
		let state = self.chain.at(self.last.hash).await?;
		let account = state.account(who).await?;
		let owned = account.free + account.held;
		let before = self.suppliers.get(who).context("nobody follows this supplier")?;
		let stake = state.stake(SERVICE, who).await?.map_or(0, |status| status.stake);
		Ok(Standing { entry: self.entry(who), stake, owned, gain: difference(owned, *before) })
	}

	/// Whether everything is accounted for to the last unit: all money there is, and what each supplier
	/// has more or less than at first.
	pub async fn check(&self) -> Result<()> {
		let mut gains = BTreeMap::new();
		for who in self.suppliers.keys() {
			gains.insert(*who, self.standing(who).await?.gain);
		}
		self.books.check(self.genesis, self.issuance().await?, &gains)
	}
}

//! What the chain's state says after one block.

use super::{event, AccountId32, Config, Event};
use anyhow::{Context, Result};
use capacity_protocol::Balance;
use codec::Decode;
use subxt::{client::OnlineClientAtBlock, ext::scale_value::Value, utils::H256};

/// The chain after one block.
pub struct Snapshot {
	at: OnlineClientAtBlock<Config>,
}

/// An account's money. Stake is part of what is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
	pub nonce: u32,
	/// Can be spent, but for what is frozen and the existential deposit.
	pub free: Balance,
	/// On hold, for whatever reason.
	pub held: Balance,
	/// The least that free and held must come to.
	pub frozen: Balance,
}

/// As the System pallet stores it.
#[derive(Decode)]
struct AccountInfo {
	nonce: u32,
	_references: [u32; 3],
	free: Balance,
	held: Balance,
	frozen: Balance,
}

impl Snapshot {
	pub(crate) fn new(at: OnlineClientAtBlock<Config>) -> Self {
		Self { at }
	}

	pub(crate) fn client(&self) -> &OnlineClientAtBlock<Config> {
		&self.at
	}

	/// The block's number.
	pub fn number(&self) -> u32 {
		self.at.block_number() as u32
	}

	/// The block's hash.
	pub fn hash(&self) -> H256 {
		self.at.block_hash()
	}

	/// An account's money; nothing if it does not exist.
	pub async fn account(&self, who: &AccountId32) -> Result<Account> {
		let known = self.stored("System", "Account", vec![Value::from_bytes(who)]).await?;
		let info: Option<AccountInfo> = known;
		Ok(info.map_or(Account::default(), |info| Account {
			nonce: info.nonce,
			free: info.free,
			held: info.held,
			frozen: info.frozen,
		}))
	}

	/// All money there is.
	pub async fn total_issuance(&self) -> Result<Balance> {
		Ok(self.stored("Balances", "TotalIssuance", vec![]).await?.unwrap_or(0))
	}

	/// The least that an account can own.
	pub fn existential_deposit(&self) -> Result<Balance> {
		let bytes = self.at.constants().entry_bytes(("Balances", "ExistentialDeposit"))?;
		Ok(Balance::decode(&mut &bytes[..])?)
	}

	/// All events of the block.
	pub async fn events(&self) -> Result<Vec<Event>> {
		event::decode(&self.at.events().fetch().await?, self.at.metadata_ref())
	}

	/// What is stored under `keys` in a storage item, if anything.
	pub async fn stored<T: Decode>(
		&self,
		pallet: &str,
		item: &str,
		keys: Vec<Value>,
	) -> Result<Option<T>> {
		let found = self.at.storage().entry((pallet, item))?.try_fetch(keys).await?;
		found
			.map(|value| T::decode(&mut value.bytes()))
			.transpose()
			.with_context(|| format!("{pallet}.{item} is not what this program knows"))
	}
}

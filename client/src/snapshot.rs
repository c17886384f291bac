//! What the chain's state says after one block.

use super::{event, AccountId32, Config, Event, PALLET};
use anyhow::{anyhow, bail, Context, Result};
use capacity_protocol::{
	Balance, ClockStatus, Duty, OracleReport, PolicyVerdict, ServiceId, ServiceStatus, StakeStatus,
	StandardWork, Units,
};
use codec::{Decode, Encode};
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

	/// Where the oracle's clock stands.
	pub async fn clock(&self) -> Result<ClockStatus> {
		self.view("clock", ()).await
	}

	/// A service: its policy now and in the next session, its bids.
	pub async fn service(&self, service: ServiceId) -> Result<Option<ServiceStatus<StandardWork>>> {
		self.view("service", service).await
	}

	/// Whether the policy in force makes truth best, and up to which capacity.
	pub async fn policy_verdict(&self, service: ServiceId) -> Result<Option<PolicyVerdict>> {
		self.view("policy_verdict", service).await
	}

	/// The least stake behind a bid of `units` in the next session.
	pub async fn minimum_stake(&self, service: ServiceId, units: Units) -> Result<Option<Balance>> {
		self.view("minimum_stake", (service, units)).await
	}

	/// A supplier's bid and stake.
	pub async fn stake(
		&self,
		service: ServiceId,
		supplier: &AccountId32,
	) -> Result<Option<StakeStatus>> {
		self.view("stake", (service, supplier)).await
	}

	/// What a supplier must deliver, claim and prove.
	pub async fn duties(
		&self,
		service: ServiceId,
		supplier: &AccountId32,
	) -> Result<Vec<Duty<StandardWork>>> {
		self.view("duties", (service, supplier)).await
	}

	/// What the oracle says about a service.
	pub async fn report(&self, service: ServiceId) -> Result<Option<OracleReport>> {
		self.view("report", service).await
	}

	/// The pot's account, what it holds, and what of that is set aside for audits.
	pub async fn pot(&self) -> Result<(AccountId32, Balance, Balance)> {
		self.view("pot", ()).await
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

	/// Asks one of the oracle's view functions.
	async fn view<T: Decode>(&self, function: &str, arguments: impl Encode) -> Result<T> {
		let Some(pallet) = self.at.metadata_ref().pallet_by_name(PALLET) else {
			bail!("this chain has no capacity oracle: its runtime has no pallet {PALLET}");
		};
		let unknown =
			|| anyhow!("the chain's oracle does not answer \"{function}\" as this program asks it");
		let question = pallet.view_function_by_name(function).ok_or_else(unknown)?;
		let input = (question.query_id(), arguments.encode()).encode();
		let answer = self.at.view_functions().call_raw(Some(&input)).await?;
		// What kind of refusal follows in case of an error is of no use.
		let answer = Result::<Vec<u8>, ()>::decode(&mut &answer[..])?.map_err(|()| unknown())?;
		T::decode(&mut &answer[..])
			.with_context(|| format!("the oracle's \"{function}\" is not what this program knows"))
	}
}

//! The commands that make transactions.

use crate::arguments::{AddKey, Deposit, Limit, RemoveKey, Signed};
use anyhow::{Context, Result};
use capacity_oracle_application::money;
use capacity_oracle_client::{read_key, AccountId32, Call, Chain, Keypair, Token};
use capacity_protocol::{ApplicationStatus, ServiceId};

/// An account that makes transactions.
struct Wallet {
	chain: Chain,
	signer: Keypair,
	service: ServiceId,
	token: Token,
}

impl Wallet {
	async fn open(signed: &Signed) -> Result<Self> {
		let signer = read_key(&signed.key)?;
		let chain = Chain::connect(&signed.common.url).await?;
		let token = chain.token().await?;
		Ok(Self { chain, signer, service: signed.common.service, token })
	}

	fn account(&self) -> AccountId32 {
		self.signer.public_key().to_account_id()
	}

	async fn application(&self) -> Result<Option<ApplicationStatus<AccountId32>>> {
		money::find(&self.chain, self.service, &self.account()).await
	}

	/// Makes a call and prints what the oracle says to it.
	async fn submit(&self, call: Call) -> Result<()> {
		let submitted = self.chain.submit(&self.signer, call).await?;
		for event in &submitted.events {
			if let Some(text) = capacity_oracle_client::describe(event, &self.token) {
				println!("{text}");
			}
		}
		println!("fee: {}", self.token.show(submitted.fee));
		Ok(())
	}
}

pub async fn deposit(arguments: Deposit) -> Result<()> {
	let wallet = Wallet::open(&arguments.signed).await?;
	let read = |text: &str| wallet.token.read(text);
	let amount = read(&arguments.amount)?;
	let limit = arguments.limit.as_deref().map(read).transpose()?;
	let sign_with = arguments.sign_with.as_deref().map(money::read_public).transpose()?;
	let known = wallet.application().await?;
	let own = wallet.signer.public_key().0;
	let calls = money::deposit(wallet.service, known.as_ref(), amount, limit, own, sign_with)?;
	let terms = money::terms(&wallet.chain, wallet.service).await?;
	money::check_deposit(&terms, known.as_ref(), amount, &wallet.token)?;
	for call in calls {
		wallet.submit(call).await?;
	}
	Ok(())
}

pub async fn limit(arguments: Limit) -> Result<()> {
	let wallet = Wallet::open(&arguments.signed).await?;
	let amount = wallet.token.read(&arguments.amount)?;
	wallet
		.application()
		.await?
		.context("the account is no application yet: give the limit to `application deposit`")?;
	wallet.submit(Call::deposit(wallet.service, 0, Some(amount))).await
}

pub async fn add_key(arguments: AddKey) -> Result<()> {
	let key = money::read_public(&arguments.added)?;
	let wallet = Wallet::open(&arguments.signed).await?;
	wallet.submit(Call::add_key(wallet.service, &key)).await
}

pub async fn remove_key(arguments: RemoveKey) -> Result<()> {
	let wallet = Wallet::open(&arguments.signed).await?;
	wallet.submit(Call::remove_key(wallet.service, arguments.number)).await
}

pub async fn close(arguments: Signed) -> Result<()> {
	let wallet = Wallet::open(&arguments).await?;
	wallet.submit(Call::close_application(wallet.service)).await
}

pub async fn reclaim(arguments: Signed) -> Result<()> {
	let wallet = Wallet::open(&arguments).await?;
	wallet.submit(Call::reclaim_deposit(wallet.service)).await
}

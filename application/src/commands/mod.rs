//! What each command does.

mod asking;
mod money;

pub use asking::{call, load, serve};
pub use money::{add_key, close, deposit, limit, reclaim, remove_key};

use crate::arguments::Who;
use anyhow::{Context, Result};
use capacity_oracle_application as application;
use capacity_oracle_client::{read_key, AccountId32, Chain};

/// The account that is named by its address, or else by its key.
fn account(who: &Who) -> Result<AccountId32> {
	match (&who.address, &who.key) {
		(Some(address), _) => {
			let parsed = address.parse().ok();
			parsed.with_context(|| format!("\"{address}\" is no address of an account"))
		}
		(None, key) => {
			let key = key.as_deref().context("give --key, or --address")?;
			Ok(read_key(key)?.public_key().to_account_id())
		}
	}
}

pub async fn status(who: Who) -> Result<()> {
	let account = account(&who)?;
	let chain = Chain::connect(&who.common.url).await?;
	print!("{}", application::status(&chain, who.common.service, &account).await?);
	Ok(())
}

pub async fn suppliers(who: Who) -> Result<()> {
	let account = account(&who)?;
	let chain = Chain::connect(&who.common.url).await?;
	print!("{}", application::suppliers(&chain, who.common.service, &account).await?);
	Ok(())
}

pub async fn keys(who: Who) -> Result<()> {
	let account = account(&who)?;
	let chain = Chain::connect(&who.common.url).await?;
	print!("{}", application::keys(&chain, who.common.service, &account).await?);
	Ok(())
}

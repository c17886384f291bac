//! A typed client of the chain, by its metadata and by the types of `capacity-protocol`: nothing is
//! generated, and nothing needs a node to compile.
//!
//! Deadlines are short, so everything here reads the *best* block, unless a [`Snapshot`] was taken
//! at another one. A best block can be retracted: whoever acts on it must look again.
//!
//! With it comes what all command lines here have in common: keys, lines, tables.

#![forbid(unsafe_code)]

mod best;
mod blocks;
mod call;
mod describe;
mod event;
pub mod journal;
mod key;
mod reason;
mod refusal;
pub mod relay;
mod snapshot;
mod submit;
pub mod table;
mod token;
mod views;

pub use blocks::{Block, Blocks};
pub use call::Call;
pub use describe::{describe, percent, short};
pub use event::{amount_in, Event};
pub use key::read_key;
pub use reason::{passed_over, skipped, suspended, unpaid, untruthful};
pub use refusal::TransactionError;
pub use snapshot::{Account, Snapshot};
pub use submit::Submitted;
pub use token::{thousands, Token};

/// The accounts that the client works with.
pub use subxt::utils::AccountId32;
/// What signs transactions.
pub use subxt_signer::sr25519::Keypair;

use anyhow::{bail, Context, Result};
use std::{sync::Arc, time::Duration};
use subxt::{
	backend::LegacyBackend,
	config::RpcConfigFor,
	rpcs::{
		client::{
			reconnecting_rpc_client::{ExponentialBackoff, RpcClient as ReconnectingClient},
			RpcClient,
		},
		methods::legacy::LegacyRpcMethods,
	},
	utils::H256,
	OnlineClient, PolkadotConfig,
};

pub(crate) type Config = PolkadotConfig;
pub(crate) type Rpc = LegacyRpcMethods<RpcConfigFor<Config>>;

/// The oracle's name among the chain's pallets.
pub const PALLET: &str = "CapacityOracle";

/// How long a first connection may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a node may take for one answer.
const ANSWER: Duration = Duration::from_secs(20);
/// The longest pause between two attempts to reconnect.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A connection to a chain, which comes back by itself when it is lost. Clones share it.
#[derive(Clone)]
pub struct Chain {
	client: OnlineClient<Config>,
	rpc: Rpc,
	url: Arc<str>,
	/// Held from asking for a nonce until the pool has the transaction that uses it.
	nonces: Arc<tokio::sync::Mutex<()>>,
}

impl Chain {
	/// Connects to the node at `url`. While nobody answers, tries again for ten seconds.
	pub async fn connect(url: &str) -> Result<Self> {
		Self::connect_within(url, PATIENCE).await
	}

	/// Connects to the node at `url`, and gives up after `patience`.
	pub async fn connect_within(url: &str, patience: Duration) -> Result<Self> {
		if !["ws://", "wss://"].iter().any(|scheme| url.starts_with(scheme)) {
			bail!("\"{url}\" is no address of a node: it starts with ws:// or wss://");
		}
		match tokio::time::timeout(patience, Self::try_connect(url)).await {
			Ok(chain) => chain,
			Err(_) => bail!("nobody answers at {url}: start a node there, or give another address"),
		}
	}

	async fn try_connect(url: &str) -> Result<Self> {
		let client = ReconnectingClient::builder()
			.retry_policy(ExponentialBackoff::from_millis(50).max_delay(LONGEST_PAUSE))
			.request_timeout(ANSWER)
			.build(url)
			.await
			.with_context(|| format!("\"{url}\" cannot be connected to"))?;
		let client = RpcClient::new(client);
		let backend = LegacyBackend::<Config>::builder().build(client.clone());
		Ok(Self {
			client: OnlineClient::from_backend(Arc::new(backend)).await?,
			rpc: Rpc::new(client),
			url: url.into(),
			nonces: Arc::default(),
		})
	}

	/// Where the node answers.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// The hash of the chain's first block: which chain it is.
	pub fn genesis_hash(&self) -> H256 {
		self.client.genesis_hash()
	}

	/// Fails if the node has another chain than when it was connected to.
	pub async fn check_genesis(&self) -> Result<()> {
		if self.rpc.genesis_hash().await? != self.genesis_hash() {
			bail!("the node at {} has another chain now: start again with it", self.url);
		}
		Ok(())
	}

	/// The name and the unit of the chain's money.
	pub async fn token(&self) -> Result<Token> {
		Ok(Token::from_properties(&self.rpc.system_properties().await?))
	}

	/// The state after the best block.
	pub async fn best(&self) -> Result<Snapshot> {
		let best = self.rpc.chain_get_block_hash(None).await?;
		self.at(best.context("the node does not know its best block")?).await
	}

	/// The state after the last block that is final.
	pub async fn finalised(&self) -> Result<Snapshot> {
		self.at(self.rpc.chain_get_finalized_head().await?).await
	}

	/// The state after the block with this hash.
	pub async fn at(&self, hash: H256) -> Result<Snapshot> {
		Ok(Snapshot::new(self.client.at_block(hash).await?))
	}

	/// The block with this number on the best chain.
	pub async fn block(&self, number: u32) -> Result<Option<Block>> {
		let hash = self.rpc.chain_get_block_hash(Some(number.into())).await?;
		Ok(hash.map(|hash| Block { number, hash }))
	}

	/// All events of a block.
	pub async fn events(&self, block: H256) -> Result<Vec<Event>> {
		self.at(block).await?.events().await
	}

	/// Blocks as they become best, from the current one on.
	pub fn best_blocks(&self) -> Blocks {
		Blocks::best(self.clone())
	}

	/// Blocks as they become final, from the last one on.
	pub fn finalised_blocks(&self) -> Blocks {
		Blocks::finalised(self.clone())
	}

	pub(crate) fn rpc(&self) -> &Rpc {
		&self.rpc
	}
}

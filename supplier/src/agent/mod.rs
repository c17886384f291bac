//! The agent: looks at each new best block, and does what is to be done.

mod announce;
mod bidding;
mod building;
mod claims;
mod closing;
mod diluting;
mod duties;
mod jobs;
mod outcome;
mod relays;
mod serving;
mod transactions;
mod words;

pub use serving::Serving;

use crate::{
	bid::Wish,
	decide::Attempt,
	gateway::Gateway,
	lie::Lie,
	store::{Key, Record, RelayStore, Store},
};
use anyhow::{anyhow, bail, Result};
use building::Built;
use capacity_oracle_client::{journal::Journal, AccountId32, Block, Chain, Keypair, Token};
use capacity_protocol::{ServiceId, SessionIndex};
use claims::Case;
use closing::Closed;
use jobs::{Running, Worked};
use relays::Served;
use serde_json::json;
use std::{
	collections::{BTreeMap, HashMap, HashSet},
	path::PathBuf,
	sync::Arc,
	time::Duration,
};
use subxt::utils::H256;
use tokio::sync::{mpsc, watch};
use transactions::{Sent, Transaction};

/// After so long without a block, or without an answer, the user is told.
const SILENCE: Duration = Duration::from_secs(30);

/// Requests that are being answered when the agent stops have so long.
const GRACE: Duration = Duration::from_secs(2);

/// What the agent is to do.
pub struct Settings {
	pub service: ServiceId,
	pub wish: Wish,
	pub lie: Option<Lie>,
	/// Cores to work on; 0 for all.
	pub threads: usize,
	/// The state directory.
	pub state: PathBuf,
	/// How relays are served, if they are.
	pub serving: Option<Serving>,
}

/// What comes from the agent's own tasks.
enum News {
	Worked(Worked),
	Closed(Closed),
	Built(Built),
	Sent(Sent),
}

/// A supplier's agent for one service.
pub struct Agent {
	chain: Chain,
	signer: Arc<Keypair>,
	who: AccountId32,
	token: Token,
	service: ServiceId,
	wish: Wish,
	lie: Option<Lie>,
	journal: Arc<Journal>,
	store: Arc<Store>,
	relays: Arc<RelayStore>,
	gateway: Option<Arc<Gateway>>,
	/// Where applications are to find it.
	endpoint: Option<String>,
	pool: Arc<rayon::ThreadPool>,
	/// What the store knows about each duty.
	records: BTreeMap<Key, Record>,
	/// How far this process is with the claim of each duty.
	cases: HashMap<Key, Case>,
	/// Sessions in which relays are, or were, served.
	served: BTreeMap<Key, Served>,
	/// The newest session whose seed is known, and the block at which it was first seen.
	newest: Option<(SessionIndex, u32)>,
	/// When the chain was last asked for the money of applications.
	refreshed: u32,
	running: Option<Running>,
	under_way: HashSet<Transaction>,
	bid_attempt: Option<Attempt>,
	endpoint_attempt: Option<Attempt>,
	/// More stake is asked for than was placed before.
	raised: bool,
	/// Why there is no bid, as it was last said.
	bid_told: Option<String>,
	/// The bid was last seen out of the draws.
	has_left: bool,
	/// The last block that was looked at.
	block: Option<Block>,
	/// The last block whose events have been seen.
	cursor: Option<u32>,
	/// That block, if this process has seen them.
	told: Option<H256>,
	/// What was last wrong, so that it is said once.
	trouble: Option<String>,
	news: mpsc::UnboundedSender<News>,
}

impl Agent {
	/// Runs until `stop` says so, or until something is wrong that waiting does not cure.
	pub async fn run(
		chain: Chain,
		signer: Keypair,
		settings: Settings,
		journal: Journal,
		mut stop: watch::Receiver<bool>,
	) -> Result<()> {
		let store = Store::open(&settings.state, &chain.genesis_hash().0)?;
		let relays = Arc::new(RelayStore::open(&settings.state)?);
		let placed = store.placed_stake()?;
		if let Some(less) = settings.wish.stake.filter(|stake| placed > Some(*stake)) {
			// What is asked for after that is more again.
			store.set_placed_stake(less)?;
		}
		let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build()?;
		let (news, mut hear) = mpsc::unbounded_channel();
		let mut agent = Self {
			who: signer.public_key().to_account_id(),
			gateway: None,
			endpoint: None,
			served: Served::all(&relays)?,
			newest: None,
			refreshed: 0,
			raised: settings.wish.stake > placed,
			relays,
			signer: Arc::new(signer),
			token: chain.token().await?,
			service: settings.service,
			wish: settings.wish,
			lie: settings.lie,
			journal: Arc::new(journal),
			records: store.records()?.into_iter().collect(),
			cursor: store.cursor()?,
			store: Arc::new(store),
			pool: Arc::new(pool),
			cases: HashMap::new(),
			running: None,
			under_way: HashSet::new(),
			bid_attempt: None,
			endpoint_attempt: None,
			bid_told: None,
			has_left: false,
			block: None,
			told: None,
			trouble: None,
			news,
			chain,
		};
		agent.check_wish().await?;
		agent.introduce();
		agent.warn_of_endpoint(settings.serving.as_ref()).await?;
		let serving = match settings.serving {
			Some(serving) => Some(agent.serve(serving, stop.clone()).await?),
			None => None,
		};
		let mut blocks = agent.chain.best_blocks();
		let result = loop {
			let next = tokio::select! {
				_ = stop.wait_for(|stop| *stop) => break Ok(()),
				Some(news) = hear.recv() => agent.hear(news).map(|()| agent.block),
				block = tokio::time::timeout(SILENCE, blocks.latest()) => match block {
					Ok(block) => Ok(Some(block)),
					Err(_) => {
						agent.tell_trouble("no new block for half a minute; waiting for the node");
						continue;
					},
				},
			};
			let looked = async {
				match next? {
					Some(block) => agent.see(block).await,
					None => Ok(()),
				}
			};
			tokio::select! {
				_ = stop.wait_for(|stop| *stop) => break Ok(()),
				result = looked => if let Err(error) = result {
					break Err(error);
				},
			}
		};
		agent.close().await;
		if let Some(mut serving) = serving {
			// Who is being answered may be answered, but nobody is waited for for long.
			if tokio::time::timeout(GRACE, &mut serving).await.is_err() {
				serving.abort();
			}
		}
		result
	}

	fn introduce(&self) {
		let text =
			format!("supplying service {} as {} at {}", self.service, self.who, self.chain.url());
		let fields = json!({"supplier": self.who.to_string(), "service": self.service});
		self.journal.say("started", None, text, fields);
		if let Some(lie) = self.lie {
			let text = format!("lying on purpose ({lie:?}): this will cost stake");
			self.journal.say("lying", None, text, json!({}));
		}
	}

	/// Finishes the piece of work at hand.
	async fn close(&mut self) {
		if let Some(running) = self.running.take() {
			running.finish().await;
		}
		self.journal.say("stopped", None, "stopped; what was done is saved", json!({}));
	}

	fn tell_trouble(&mut self, text: &str) {
		if self.trouble.as_deref() != Some(text) {
			self.journal.warn(text);
			self.trouble = Some(text.to_owned());
		}
	}

	/// Takes in what came from a task. Fails only if the state cannot be kept.
	fn hear(&mut self, news: News) -> Result<()> {
		match news {
			News::Worked(worked) => self.hear_worked(worked),
			News::Closed(closed) => self.hear_closed(closed),
			News::Built(built) => self.hear_built(built),
			News::Sent(sent) => self.hear_sent(sent),
		}
	}

	/// Looks at a block. Trouble with the node passes; a different chain or a broken store do not.
	async fn see(&mut self, block: Block) -> Result<()> {
		let went_back = self.block.is_some_and(|last| block.number < last.number);
		if went_back || self.trouble.is_some() {
			match tokio::time::timeout(SILENCE, self.chain.check_genesis()).await {
				Ok(Err(error)) if error.downcast_ref::<subxt::rpcs::Error>().is_none() => {
					return Err(error);
				}
				_ => {}
			}
		}
		if let Some(why) = self.gateway.as_ref().and_then(|gateway| gateway.broken()) {
			bail!("{why}");
		}
		self.block = Some(block);
		let looked = tokio::time::timeout(SILENCE, self.look(block)).await;
		match looked.unwrap_or_else(|_| Err(anyhow!("the node does not answer"))) {
			Ok(()) => self.trouble = None,
			Err(error) if error.downcast_ref::<redb::Error>().is_some() => return Err(error),
			Err(error) => self.tell_trouble(&format!("{error:#}; going on with the next block")),
		}
		Ok(())
	}

	/// What is urgent first: deadlines are short.
	async fn look(&mut self, block: Block) -> Result<()> {
		let snapshot = self.chain.at(block.hash).await?;
		let clock = snapshot.clock().await?;
		let duties = snapshot.duties(self.service, &self.who).await?;
		let duties = self.follow_sessions(&snapshot, &clock, duties).await?;
		self.note_new(&snapshot, &duties).await?;
		for (key, duty) in &duties {
			self.act(*key, duty, block, clock.tick)?;
		}
		self.keep_bid(&snapshot, &duties).await?;
		self.keep_endpoint(&snapshot).await?;
		self.tell_events(block).await?;
		self.note_gone(&snapshot, &duties).await?;
		self.forget_final().await
	}

	fn keep(&mut self, key: Key, record: Record) -> Result<()> {
		self.store.put(&key, &record)?;
		self.records.insert(key, record);
		Ok(())
	}
}

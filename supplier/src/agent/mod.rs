//! The agent: looks at each new best block, and does what is to be done.

mod bidding;
mod jobs;
mod outcome;
mod transactions;

use crate::{
	bid::{BidAction, Wish},
	decide::{decide, Action, Attempt, Progress},
	lie::{Lie, Plan},
	store::{Key, Record, Store},
	work::ClaimTrie,
};
use anyhow::{anyhow, Result};
use capacity_oracle_client::{
	journal::Journal, thousands, AccountId32, Block, Call, Chain, Keypair, Snapshot, Token,
};
use capacity_protocol::{Duty, ServiceId, StandardWork};
use codec::Encode;
use jobs::{Running, Worked};
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

/// What the agent is to do.
pub struct Settings {
	pub service: ServiceId,
	pub wish: Wish,
	pub lie: Option<Lie>,
	/// Cores to work on; 0 for all.
	pub threads: usize,
	/// The state directory.
	pub state: PathBuf,
}

/// What comes from the agent's own tasks.
enum News {
	Worked(Worked),
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
	pool: Arc<rayon::ThreadPool>,
	/// What the store knows about each duty.
	records: BTreeMap<Key, Record>,
	/// What was done of each duty in this process.
	tries: HashMap<Key, Arc<ClaimTrie>>,
	running: Option<Running>,
	under_way: HashSet<Transaction>,
	bid_attempt: Option<Attempt>,
	bid_told: Option<BidAction>,
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
		let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build()?;
		let (news, mut hear) = mpsc::unbounded_channel();
		let mut agent = Self {
			who: signer.public_key().to_account_id(),
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
			tries: HashMap::new(),
			running: None,
			under_way: HashSet::new(),
			bid_attempt: None,
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
		let duties = snapshot.duties(self.service, &self.who).await?;
		self.note_new(&snapshot, &duties).await?;
		for duty in &duties {
			self.act(duty, block)?;
		}
		self.keep_bid(&snapshot).await?;
		self.tell_events(block).await?;
		self.note_gone(&snapshot, &duties).await?;
		self.forget_final().await
	}

	/// Takes up duties that were not known.
	async fn note_new(&mut self, snapshot: &Snapshot, duties: &[Duty<StandardWork>]) -> Result<()> {
		for duty in duties {
			let key = key(duty);
			if let Some(record) = self.records.get(&key) {
				if record.gone_at.is_some() {
					// A reorganisation has brought it back.
					let record = Record { gone_at: None, ..*record };
					self.keep(key, record)?;
				}
				continue;
			}
			let account = snapshot.account(&self.who).await?;
			let owned = account.free.saturating_add(account.held);
			self.keep(key, Record { units: duty.task.units, owned, ..Record::default() })?;
			let text = format!(
				"audited, {} units to deliver by tick {}",
				thousands(duty.task.units.into()),
				duty.claims_close
			);
			let fields = json!({
				"units": duty.task.units, "by": duty.claims_close,
				"payment": duty.payment.to_string(), "at_risk": duty.at_risk.to_string(),
			});
			self.journal.say("audited", Some(key.session), text, fields);
		}
		Ok(())
	}

	fn keep(&mut self, key: Key, record: Record) -> Result<()> {
		self.store.put(&key, &record)?;
		self.records.insert(key, record);
		Ok(())
	}

	/// Does what is to be done about a duty.
	fn act(&mut self, duty: &Duty<StandardWork>, block: Block) -> Result<()> {
		let key = key(duty);
		let Some(plan) = Plan::new(duty.task.units, self.lie) else { return Ok(()) };
		let progress = match (self.tries.get(&key), &self.running) {
			(Some(trie), _) => Progress::Done(trie.root()),
			(None, Some(running)) if running.key == key => Progress::Working,
			_ => Progress::Idle,
		};
		let attempts = self.records.get(&key).map(|record| record.attempts).unwrap_or_default();
		match decide(duty, progress, &attempts, block.number) {
			// Duties come with the oldest first, whose deadline is the next.
			Some(Action::Work) if self.running.is_none() => self.start(duty, plan),
			Some(Action::Stop) => self.stop_work(key),
			Some(Action::Claim(root)) => {
				let call = Call::claim(key.session, self.service, root);
				let digest = hex::encode(root.digest);
				let units = thousands(root.sum.into());
				let text = format!("committed to {units} units (root {}…)", &digest[..8]);
				let fields = json!({"units": root.sum, "root": format!("0x{digest}")});
				self.send(Transaction::Claim(key), call, block, text, fields)?;
			}
			Some(Action::Prove) => {
				let Some(trie) = self.tries.get(&key) else { return Ok(()) };
				let proof = trie.open(&duty.positions)?.encode();
				let text = format!(
					"proven ({} positions, {:.1} kB)",
					duty.positions.len(),
					proof.len() as f64 / 1_000.0
				);
				let fields = json!({"positions": duty.positions.len(), "bytes": proof.len()});
				let call = Call::prove(key.session, self.service, proof);
				self.send(Transaction::Proof(key), call, block, text, fields)?;
			}
			_ => {}
		}
		Ok(())
	}
}

fn key(duty: &Duty<StandardWork>) -> Key {
	Key { session: duty.session, seed: duty.task.seed }
}

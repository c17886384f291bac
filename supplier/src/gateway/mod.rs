//! Serves relays: checks each request, has the backend answer it, and records it before the answer
//! goes out.
//!
//! What it knows of the chain is put into it by whoever follows the chain, so that a request waits
//! for the backend and for the disk, and for nothing else.

mod backend;
mod check;
mod http;
mod knowledge;
mod meter;
mod metrics;
mod record;
mod refusal;
mod relay;
mod session;
mod ws;

pub use knowledge::{ChainSource, Source, Standing};
pub use metrics::Metrics;
pub use refusal::{Code, Refusal};
pub use relay::Answer;

use crate::store::{KeptSession, Key, RelayStore};
use anyhow::Result;
use backend::Backend;
use capacity_oracle_client::{AccountId32, Keypair};
use capacity_protocol::ServiceId;
use knowledge::Knowledge;
use record::Recorder;
use session::Session;
use std::{sync::Arc, time::Duration};
use tokio::sync::{Mutex, Semaphore};

/// Requests in flight are waited for so long when their session is closed.
const GRACE: Duration = Duration::from_secs(2);

/// How relays are served.
#[derive(Clone, Debug)]
pub struct Terms {
	pub service: ServiceId,
	/// Where requests go: an HTTP server that answers JSON-RPC.
	pub backend: String,
	/// How long it may take for an answer.
	pub timeout: Duration,
	/// Requests that are served at a time.
	pub most: usize,
}

/// Serves the relays of one service.
pub struct Gateway {
	service: ServiceId,
	signer: Keypair,
	supplier: AccountId32,
	store: Arc<RelayStore>,
	recorder: Recorder,
	backend: Backend,
	knowledge: Knowledge,
	metrics: Arc<Metrics>,
	room: Semaphore,
	refreshing: Mutex<()>,
}

impl Gateway {
	/// A gateway without any session to serve; see [`Gateway::open`].
	pub fn new(
		terms: &Terms,
		signer: Keypair,
		store: Arc<RelayStore>,
		source: Arc<dyn Source>,
	) -> Result<Arc<Self>> {
		let metrics = Arc::new(Metrics::new()?);
		Ok(Arc::new(Self {
			service: terms.service,
			supplier: signer.public_key().to_account_id(),
			signer,
			recorder: Recorder::start(store.clone(), metrics.clone())?,
			store,
			backend: Backend::new(&terms.backend, terms.timeout)?,
			knowledge: Knowledge::new(source, metrics.clone()),
			metrics,
			room: Semaphore::new(terms.most),
			refreshing: Mutex::default(),
		}))
	}

	/// The gateway's figures.
	pub fn metrics(&self) -> &Metrics {
		&self.metrics
	}

	/// Why nothing can be recorded any more, if so.
	pub fn broken(&self) -> Option<&str> {
		self.recorder.broken()
	}

	/// Takes up a session, with the relays that were recorded in it before, unless it is known.
	pub async fn open(self: &Arc<Self>, key: Key, session: KeptSession) -> Result<()> {
		if self.knowledge.known(&key).is_some() {
			return Ok(());
		}
		let gateway = self.clone();
		let opened = tokio::task::spawn_blocking(move || -> Result<Session> {
			let kept = gateway.store.begin(&key, &session)?;
			let relays = gateway.store.relays(&key)?;
			Ok(Session::new(key, kept, gateway.service, gateway.supplier, &relays))
		});
		self.knowledge.add(opened.await??);
		Ok(())
	}

	/// Says which sessions the best chain has. Only their relays are served.
	pub fn follow(&self, keys: &[Key]) {
		self.knowledge.follow(keys);
	}

	/// Asks the chain again about all applications that are served, unless it is being asked.
	pub fn refresh(self: &Arc<Self>) {
		let gateway = self.clone();
		tokio::spawn(async move {
			let Ok(_turn) = gateway.refreshing.try_lock() else { return };
			gateway.knowledge.refresh().await;
		});
	}

	/// Whether a session was served any relay, or is being asked for one; none if it is not known.
	pub fn has_relays(&self, key: &Key) -> Option<bool> {
		self.knowledge.known(key).map(|session| !session.is_empty())
	}

	/// Closes a session: lets nobody in any more, waits for who is in, but not for long, and then
	/// records that it is closed. What is in the store after that is all there will be.
	pub async fn close(&self, key: Key) -> Result<()> {
		if let Some(session) = self.knowledge.known(&key) {
			session.shut();
			// What comes later than that finds its session closed, and is not answered.
			let _ = tokio::time::timeout(GRACE, session.quiet()).await;
		}
		self.recorder.close(key).await
	}
}

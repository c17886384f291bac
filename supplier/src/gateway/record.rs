//! Relays are on disk before they are answered. One write takes all that wait.

use super::metrics::Metrics;
use crate::store::{Change, Content, Key, RelayPath, RelayStore};
use anyhow::{anyhow, Result};
use std::{
	sync::{Arc, OnceLock},
	thread::JoinHandle,
};
use tokio::sync::{mpsc, oneshot};

/// The most changes that one write makes.
const MOST: usize = 4_096;

/// What is to be written, and who waits for it.
type Order = (Change, oneshot::Sender<Result<bool, Arc<redb::Error>>>);

/// Records relays, for as many at once as want to.
pub struct Recorder {
	orders: Option<mpsc::UnboundedSender<Order>>,
	/// Why nothing can be recorded any more.
	broken: Arc<OnceLock<String>>,
	writer: Option<JoinHandle<()>>,
}

impl Recorder {
	/// Starts the one writer.
	pub fn start(store: Arc<RelayStore>, metrics: Arc<Metrics>) -> Result<Self> {
		let (orders, waiting) = mpsc::unbounded_channel();
		let broken = Arc::new(OnceLock::new());
		let breaks = broken.clone();
		let writer = std::thread::Builder::new()
			.name("relays".into())
			.spawn(move || write(&store, waiting, &metrics, &breaks))?;
		Ok(Self { orders: Some(orders), broken, writer: Some(writer) })
	}

	/// Records a relay. False if its session is closed; once this returns true it is on disk.
	pub async fn keep(&self, key: Key, path: RelayPath, content: Content) -> Result<bool> {
		self.order(Change::Keep(key, path, Box::new(content))).await
	}

	/// Closes a session: what is recorded when this returns is all there will be.
	pub async fn close(&self, key: Key) -> Result<()> {
		self.order(Change::Close(key)).await.map(drop)
	}

	/// Why nothing can be recorded any more, if so.
	pub fn broken(&self) -> Option<&str> {
		self.broken.get().map(String::as_str)
	}

	async fn order(&self, change: Change) -> Result<bool> {
		let (done, wait) = oneshot::channel();
		let gone = || anyhow!("nothing can be recorded any more");
		let orders = self.orders.as_ref().ok_or_else(gone)?;
		orders.send((change, done)).map_err(|_| gone())?;
		wait.await.map_err(|_| gone())?.map_err(|error| anyhow!("cannot be recorded: {error}"))
	}
}

impl Drop for Recorder {
	/// Waits until all is written.
	fn drop(&mut self) {
		self.orders = None;
		if let Some(writer) = self.writer.take() {
			// If it has failed there is nothing left to write.
			let _ = writer.join();
		}
	}
}

fn write(
	store: &RelayStore,
	mut waiting: mpsc::UnboundedReceiver<Order>,
	metrics: &Metrics,
	broken: &OnceLock<String>,
) {
	while let Some(first) = waiting.blocking_recv() {
		let (mut changes, mut waiters) = (vec![first.0], vec![first.1]);
		while changes.len() < MOST {
			let Ok((change, waiter)) = waiting.try_recv() else { break };
			changes.push(change);
			waiters.push(waiter);
		}
		let timer = metrics.commit_seconds.start_timer();
		let result = store.apply(&changes).map_err(Arc::new);
		timer.observe_duration();
		metrics.commit_relays.observe(changes.len() as f64);
		if let Err(error) = &result {
			let _ = broken.set(format!("relays cannot be recorded: {error}"));
		}
		for (index, waiter) in waiters.into_iter().enumerate() {
			let admitted = result.as_ref().map(|all| all.get(index) == Some(&true));
			// Whoever does not wait any more does not need to know.
			let _ = waiter.send(admitted.map_err(Arc::clone));
		}
	}
}

//! Work that goes on while blocks come.

use super::{Agent, News};
use crate::{lie::Plan, store::Key, work::Job};
use anyhow::{anyhow, Result};
use capacity_oracle_client::thousands;
use capacity_protocol::{AuditDuty, StandardWork, Units};
use serde_json::json;
use std::{
	sync::{
		atomic::{AtomicBool, Ordering},
		Arc, OnceLock,
	},
	time::{Duration, Instant},
};
use tokio::task::JoinHandle;

/// The work that is going on.
pub(super) struct Running {
	pub key: Key,
	stop: Arc<AtomicBool>,
	handle: JoinHandle<()>,
}

impl Running {
	/// Has it stop after the piece at hand, and waits for that.
	pub async fn finish(self) {
		self.stop.store(true, Ordering::Relaxed);
		// If it has failed there is nothing more to save.
		let _ = self.handle.await;
	}
}

/// What came of it.
pub(super) struct Worked {
	key: Key,
	/// Done now, without what was done before a restart.
	units: Units,
	total: Units,
	time: Duration,
	/// False if it was stopped.
	result: Result<bool>,
}

impl Agent {
	/// Starts the work of an audit.
	pub(super) fn start(&mut self, key: Key, audit: &AuditDuty<StandardWork>, plan: Plan) {
		let StandardWork::Synthetic(work) = audit.work;
		let job = Job { key, work, task: audit.task, plan };
		let stop = Arc::new(AtomicBool::new(false));
		let (store, pool, news) = (self.store.clone(), self.pool.clone(), self.news.clone());
		let (journal, stopped) = (self.journal.clone(), stop.clone());
		let handle = tokio::task::spawn_blocking(move || {
			let (begun, bar) = (Instant::now(), journal.bar(key.session, plan.done));
			// The first that is heard of is what was done before.
			let before = OnceLock::new();
			let progress = |done| {
				before.get_or_init(|| done);
				bar.set_position(done);
			};
			let run = || job.run(&store, &pool, &stopped, progress);
			let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run))
				.unwrap_or_else(|_| Err(anyhow!("the work of session {} failed", key.session)));
			bar.finish_and_clear();
			let units = plan.done.saturating_sub(before.get().copied().unwrap_or(0));
			let worked = Worked { key, units, total: plan.done, time: begun.elapsed(), result };
			// Nobody listens any more if the agent is stopping.
			let _ = news.send(News::Worked(worked));
		});
		self.running = Some(Running { key, stop, handle });
	}

	/// Has the work of a duty stop, if it is going on.
	pub(super) fn stop_work(&mut self, key: Key) {
		let Some(running) = self.running.as_ref().filter(|running| running.key == key) else {
			return;
		};
		if !running.stop.swap(true, Ordering::Relaxed) {
			let text = "stopped working: it is too late to claim";
			self.journal.say("too-late", Some(key.session), text, json!({}));
		}
	}

	/// Takes in what was done. Fails if it could not be saved.
	pub(super) fn hear_worked(&mut self, worked: Worked) -> Result<()> {
		self.running.take_if(|running| running.key == worked.key);
		if !worked.result? {
			return Ok(());
		}
		let (cores, seconds) = (self.pool.current_num_threads(), worked.time.as_secs_f64());
		let mut text = format!(
			"worked {} units in {seconds:.1} s on {cores} cores",
			thousands(worked.units.into())
		);
		if worked.units < worked.total {
			let before = worked.total.saturating_sub(worked.units);
			text.push_str(&format!(", after {} done before", thousands(before.into())));
		}
		let fields = json!({
			"units": worked.units, "of": worked.total, "seconds": seconds, "cores": cores,
		});
		self.journal.say("worked", Some(worked.key.session), text, fields);
		self.case(worked.key)?.worked = true;
		Ok(())
	}
}

//! Closing sessions: what was served in them is then fixed, and can be claimed.

use super::{relays::Served, words, Agent, News};
use crate::{claim::tally, store::Key};
use anyhow::{Context, Result};
use capacity_oracle_client::thousands;
use capacity_protocol::{RelaySession, SessionIndex, Stage};
use serde_json::json;

/// What was in a session when it was closed.
pub(super) struct Closed {
	key: Key,
	result: Result<Totals>,
}

struct Totals {
	relays: u64,
	units: u64,
	applications: usize,
}

impl Agent {
	/// Closes sessions whose claim window is over, because this supplier was away.
	pub(super) fn close_missed<'a>(
		&mut self,
		sessions: impl Iterator<Item = &'a (Key, RelaySession)>,
	) {
		for (key, session) in sessions {
			let over = !matches!(session.stage, Stage::Working | Stage::Claiming);
			let missed = |served: &Served| !served.kept.closed && !served.closing;
			if over && self.served.get(key).is_some_and(missed) {
				self.close_session(*key);
			}
		}
	}

	/// Closes a session: the gateway first, so that nothing comes that could not be claimed.
	pub(super) fn close_session(&mut self, key: Key) {
		let Some(served) = self.served.get_mut(&key) else { return };
		served.closing = true;
		let (gateway, store, news) = (self.gateway.clone(), self.relays.clone(), self.news.clone());
		let (kept, service) = (served.kept, self.service);
		let diluting = self.diluting(key);
		tokio::spawn(async move {
			let close = async {
				if let Some(diluting) = diluting {
					diluting.add().await?;
				}
				if let Some(gateway) = gateway {
					gateway.close(key).await?;
				}
				let counted = tokio::task::spawn_blocking(move || -> Result<Totals> {
					store.close(&key)?;
					let relays = store.relays(&key)?;
					let tallies = tally(&kept, service, &relays);
					let units = tallies.iter().map(|tally| tally.entry.units).sum();
					let relays = tallies.iter().map(|tally| tally.relays).sum();
					Ok(Totals { relays, units, applications: tallies.len() })
				});
				counted.await.context("the relays could not be counted")?
			};
			let result = close.await;
			// Nobody listens any more if the agent is stopping.
			let _ = news.send(News::Closed(Closed { key, result }));
		});
	}

	/// Takes in that a session is closed. Fails if that could not be kept.
	pub(super) fn hear_closed(&mut self, closed: Closed) -> Result<()> {
		let Closed { key, result } = closed;
		let Totals { relays, units, applications } = result?;
		if let Some(served) = self.served.get_mut(&key) {
			served.kept.closed = true;
			served.closing = false;
			served.relays = relays;
		}
		if relays == 0 {
			return Ok(());
		}
		let text = format!(
			"closed with {} relays of {}, {} units",
			thousands(relays.into()),
			words::applications(applications),
			thousands(units.into())
		);
		let fields = json!({"relays": relays, "applications": applications, "units": units});
		self.journal.say("closed", Some(key.session), text, fields);
		Ok(())
	}
	/// Forgets sessions without any duty that nothing can become of any more.
	pub(super) async fn forget_stale(&mut self) -> Result<()> {
		let known = |key: &Key| self.records.contains_key(key);
		let newest = self.newest.map_or(0, |(newest, _)| newest);
		let over = |key: &Key, session: SessionIndex| key.session.saturating_add(1) < session;
		let stale: Vec<_> =
			self.served.keys().filter(|key| over(key, newest) && !known(key)).copied().collect();
		if stale.is_empty() {
			return Ok(());
		}
		let finalised = self.chain.finalised().await?.clock().await?.session;
		for key in stale.into_iter().filter(|key| over(key, finalised)) {
			let relays = self.relays.count(&key)?;
			if relays > 0 {
				let text = format!(
					"{} relays were never claimed: the chain has taken another way, or this \
					 supplier was away",
					thousands(relays.into())
				);
				self.journal.say("unclaimed", Some(key.session), text, json!({"relays": relays}));
			}
			self.relays.forget(&key)?;
			self.served.remove(&key);
		}
		Ok(())
	}
}

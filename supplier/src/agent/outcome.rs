//! What became of duties and of the money in them.

use super::{words, Agent};
use crate::store::{Key, Record};
use anyhow::Result;
use capacity_oracle_client::{thousands, Block, Event, Snapshot};
use capacity_protocol::{Duty, SessionIndex, StandardWork};
use serde_json::Value as Json;
use std::collections::HashSet;

/// How far back events are looked for: nodes keep the state of as many blocks.
const LOOK_BACK: u32 = 250;

impl Agent {
	/// Says what the chain says about this supplier in the blocks since the last time.
	pub(super) async fn tell_events(&mut self, block: Block) -> Result<()> {
		if self.told == Some(block.hash) {
			return Ok(());
		}
		let last = block.number;
		let next = self.cursor.map_or(last, |cursor| cursor.saturating_add(1));
		for number in next.max(last.saturating_sub(LOOK_BACK)).min(last)..=last {
			let hash = match number == last {
				true => block.hash,
				false => match self.chain.block(number).await? {
					Some(block) => block.hash,
					None => continue,
				},
			};
			for event in self.chain.events(hash).await? {
				self.tell_event(&event)?;
			}
			self.cursor = Some(number);
		}
		self.told = Some(block.hash);
		// Only what is still open can be settled while this process is away.
		if !self.records.is_empty() {
			self.store.set_cursor(last)?;
		}
		Ok(())
	}

	fn tell_event(&mut self, event: &Event) -> Result<()> {
		let mine = event.supplier() == Some(self.who)
			&& event.number("service") == Some(self.service.into());
		let voided = event.is_oracle("SessionVoided")
			&& self.records.keys().any(|key| Some(key.session) == event.session());
		if event.pallet != capacity_oracle_client::PALLET || !(mine || voided) {
			return Ok(());
		}
		let Some(said) = words::event(event, &self.token) else { return Ok(()) };
		self.count_outcome(event);
		let fields = Json::Object(event.fields.clone());
		self.journal.say(said.kind, event.session(), said.text, fields);
		if let (true, Some(session)) = (said.over, event.session()) {
			self.mark_told(session)?;
		}
		Ok(())
	}

	/// Counts what became of relays.
	fn count_outcome(&self, event: &Event) {
		let Some(gateway) = &self.gateway else { return };
		let amount = |field| event.number(field).unwrap_or(0) as f64;
		match event.name.as_str() {
			"RelaysPaid" => gateway.metrics().earned.inc_by(amount("earned")),
			"ClaimForfeited" => gateway.metrics().forfeited.inc_by(amount("worth")),
			_ => {}
		}
	}

	fn mark_told(&mut self, session: SessionIndex) -> Result<()> {
		let open = |(key, record): (&Key, &Record)| {
			(key.session == session && !record.told).then_some((*key, *record))
		};
		for (key, record) in self.records.iter().filter_map(open).collect::<Vec<_>>() {
			self.keep(key, Record { told: true, ..record })?;
		}
		Ok(())
	}

	/// Notes which duties the chain does not have any more, and says what is known about those whose
	/// settlement nobody saw.
	pub(super) async fn note_gone(
		&mut self,
		snapshot: &Snapshot,
		duties: &[(Key, Duty<StandardWork>)],
	) -> Result<()> {
		let due: HashSet<_> = duties.iter().map(|(key, _)| *key).collect();
		let gone = |(key, record): (&Key, &Record)| {
			(record.gone_at.is_none() && !due.contains(key)).then_some((*key, *record))
		};
		for (key, record) in self.records.iter().filter_map(gone).collect::<Vec<_>>() {
			self.stop_work(key);
			// A session that still runs is not settled: the chain has taken another way.
			if !record.told && snapshot.clock().await?.session > key.session {
				if record.units == 0 && !record.claimed {
					self.tell_unclaimed(key, record.relays);
					self.keep(key, Record { told: true, ..record })?;
					continue;
				}
				let account = snapshot.account(&self.who).await?;
				let owned = account.free.saturating_add(account.held);
				let change = self.token.show_change(record.owned, owned);
				let text = format!(
					"settled while nobody watched; what the account owns has changed by {change} \
					 since it was audited, fees and other sessions included"
				);
				let fields = serde_json::json!({
					"before": record.owned.to_string(), "after": owned.to_string(),
				});
				self.journal.say("settled-unseen", Some(key.session), text, fields);
			}
			self.keep(key, Record { told: true, gone_at: Some(snapshot.number()), ..record })?;
		}
		Ok(())
	}

	fn tell_unclaimed(&self, key: Key, relays: u64) {
		if relays > 0 {
			let text = format!("{} relays were not claimed in time", thousands(relays.into()));
			let fields = serde_json::json!({"relays": relays});
			self.journal.say("unclaimed", Some(key.session), text, fields);
		}
	}

	/// Forgets the duties whose end is final.
	pub(super) async fn forget_final(&mut self) -> Result<()> {
		self.forget_stale().await?;
		if self.records.values().all(|record| record.gone_at.is_none()) {
			return Ok(());
		}
		let finalised = self.chain.finalised().await?.number();
		let over = |(key, record): (&Key, &Record)| {
			record.gone_at.is_some_and(|gone| gone <= finalised).then_some(*key)
		};
		for key in self.records.iter().filter_map(over).collect::<Vec<_>>() {
			self.store.forget(&key)?;
			self.relays.forget(&key)?;
			self.records.remove(&key);
			self.served.remove(&key);
			self.cases.remove(&key);
		}
		Ok(())
	}
}

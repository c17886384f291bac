//! Adding relays of an application of one's own to a session, for those who lie by dilution.

use super::Agent;
use crate::{
	claim::{dilution, tally, OwnApplication},
	lie::Lie,
	store::{Change, KeptSession, Key, RelayStore},
};
use anyhow::{Context, Result};
use capacity_oracle_client::{journal::Journal, AccountId32, Chain, Keypair};
use capacity_protocol::{Relay, ServiceId, Units};
use codec::Encode;
use std::sync::Arc;

/// All that is needed to add them, apart from the agent.
pub(super) struct Diluting {
	key: Key,
	kept: KeptSession,
	service: ServiceId,
	who: AccountId32,
	/// So many times as much as was served.
	times: f64,
	signer: Arc<Keypair>,
	chain: Chain,
	relays: Arc<RelayStore>,
	journal: Arc<Journal>,
}

impl Agent {
	/// What is to be added before a session is closed, if anything is.
	pub(super) fn diluting(&self, key: Key) -> Option<Diluting> {
		let Some(Lie::Dilutes(times)) = self.lie else { return None };
		Some(Diluting {
			key,
			kept: self.served.get(&key)?.kept,
			service: self.service,
			who: self.who,
			times,
			signer: self.signer.clone(),
			chain: self.chain.clone(),
			relays: self.relays.clone(),
			journal: self.journal.clone(),
		})
	}
}

impl Diluting {
	/// Adds them, if the application is served in the session. Fails if they could not be kept.
	pub(super) async fn add(self) -> Result<()> {
		let own = match self.own_application().await {
			Ok(Some(own)) => own,
			Ok(None) => return Ok(()),
			Err(error) => {
				self.journal.warn(format!("nothing can be hidden in this session: {error:#}"));
				return Ok(());
			}
		};
		let added = tokio::task::spawn_blocking(move || self.add_to(own));
		added.await.context("the relays could not be signed")?
	}

	/// The application that the supplier's account is, and the number of its own key.
	async fn own_application(&self) -> Result<Option<OwnApplication>> {
		let best = self.chain.best().await?;
		let Some(index) = best.application_index(self.service, &self.who).await? else {
			return Ok(None);
		};
		let (session, known) = (self.key.session, best.application(self.service, index).await?);
		let holds = |key: &capacity_protocol::KeyStatus| {
			key.key == self.who.0
				&& key.from <= session
				&& key.until.is_none_or(|until| session < until)
		};
		let served = known.filter(|known| known.from <= session);
		let key = served.and_then(|known| known.keys.into_iter().find(holds));
		Ok(key.map(|key| OwnApplication { index, key: key.number }))
	}

	fn add_to(&self, own: OwnApplication) -> Result<()> {
		if crate::claim::ranks(&self.kept.terms, self.service, &self.kept.seat, own.index)
			.is_empty()
		{
			return Ok(());
		}
		let served = tally(&self.kept, self.service, &self.relays.relays(&self.key)?);
		let served = served.iter().filter(|tally| tally.entry.application != own.index);
		let served: Units = served.map(|tally| tally.entry.units).sum();
		let units = (served as f64 * self.times) as Units;
		let keep = |(path, relay): (_, Relay)| {
			let mut content = [0; Relay::LENGTH];
			relay.encode_to(&mut &mut content[..]);
			Change::Keep(self.key, path, Box::new(content))
		};
		let dilution = dilution(&self.kept, self.service, &self.signer, own, units);
		self.relays.apply(&dilution.map(keep).collect::<Vec<_>>())?;
		Ok(())
	}
}

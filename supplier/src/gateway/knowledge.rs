//! What the gateway knows of the chain, so that it does not have to ask for every request.

use super::{
	metrics::Metrics,
	refusal::{Code, Refusal},
	session::{Application, Session},
};
use crate::store::Key;
use anyhow::{anyhow, Result};
use capacity_oracle_client::{AccountId32, Chain};
use capacity_protocol::{ApplicationIndex, ApplicationStatus, Payable, ServiceId, SessionIndex};
use futures::{future::BoxFuture, stream, StreamExt};
use std::{
	collections::HashMap,
	sync::{Arc, PoisonError, RwLock},
	time::Duration,
};
use tokio::sync::Semaphore;

/// How long the chain may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Questions to the chain at a time.
const LOOKUPS: usize = 16;

/// An application and its money in one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
	pub status: ApplicationStatus<AccountId32>,
	pub payable: Payable,
}

impl Standing {
	/// Whether it is served in `session`.
	pub fn is_served_in(&self, session: SessionIndex) -> bool {
		self.status.from <= session && self.status.until.is_none_or(|until| session < until)
	}
}

/// Where to ask for applications.
pub trait Source: Send + Sync + 'static {
	/// An application in a session, if there is one with this number.
	fn standing(
		&self,
		session: SessionIndex,
		application: ApplicationIndex,
	) -> BoxFuture<'_, Result<Option<Standing>>>;
}

/// The applications of one service on a chain.
pub struct ChainSource {
	pub chain: Chain,
	pub service: ServiceId,
}

impl Source for ChainSource {
	fn standing(
		&self,
		session: SessionIndex,
		application: ApplicationIndex,
	) -> BoxFuture<'_, Result<Option<Standing>>> {
		Box::pin(async move {
			let best = self.chain.best().await?;
			let (status, payable) = tokio::try_join!(
				best.application(self.service, application),
				best.payable(self.service, session, application),
			)?;
			Ok(status.zip(payable).map(|(status, payable)| Standing { status, payable }))
		})
	}
}

/// All that the gateway knows.
pub struct Knowledge {
	source: Arc<dyn Source>,
	/// The sessions whose relays are served, by their number.
	current: RwLock<HashMap<SessionIndex, Arc<Session>>>,
	/// Those, and others that a reorganisation may bring back.
	all: RwLock<HashMap<Key, Arc<Session>>>,
	lookups: Semaphore,
	metrics: Arc<Metrics>,
}

impl Knowledge {
	pub fn new(source: Arc<dyn Source>, metrics: Arc<Metrics>) -> Self {
		Self {
			source,
			current: RwLock::default(),
			all: RwLock::default(),
			lookups: Semaphore::new(LOOKUPS),
			metrics,
		}
	}

	/// The session with this number, as the best chain has it.
	pub fn session(&self, session: SessionIndex) -> Option<Arc<Session>> {
		let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
		current.get(&session).cloned()
	}

	/// A session of this or of another chain's past.
	pub fn known(&self, key: &Key) -> Option<Arc<Session>> {
		self.all.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
	}

	/// Takes up a session.
	pub fn add(&self, session: Session) {
		let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
		all.entry(session.key).or_insert_with(|| Arc::new(session));
	}

	/// Says which sessions the best chain has, and forgets those that are long over.
	pub fn follow(&self, keys: &[Key]) {
		let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
		let oldest = keys.iter().map(|key| key.session).min().unwrap_or(0);
		// A reorganisation does not go further back than a session.
		all.retain(|key, _| key.session.saturating_add(1) >= oldest);
		let followed = keys.iter().filter_map(|key| Some((key.session, all.get(key)?.clone())));
		*self.current.write().unwrap_or_else(PoisonError::into_inner) = followed.collect();
		let newest = keys.iter().map(|key| key.session).max();
		self.metrics.session.set(newest.unwrap_or(0).into());
	}

	/// An application that is served in a session; asks the chain the first time.
	pub async fn application(
		&self,
		session: &Session,
		application: ApplicationIndex,
	) -> Result<Arc<Application>, Refusal> {
		let slot = session.slot(application);
		let found = match slot.get() {
			Some(found) => found.clone(),
			None => slot.get_or_try_init(|| self.look_up(session, application)).await?.clone(),
		};
		found.ok_or_else(|| {
			let session = session.key.session;
			let message = format!("there is no application {application} in session {session}");
			Refusal::new(Code::NotAssigned, message)
		})
	}

	async fn look_up(
		&self,
		session: &Session,
		application: ApplicationIndex,
	) -> Result<Option<Arc<Application>>, Refusal> {
		let standing = self.ask(session, application).await;
		let busy = |_| Refusal::new(Code::Busy, "the chain does not answer: try again");
		Ok(session.admit(application, standing.map_err(busy)?))
	}

	async fn ask(
		&self,
		session: &Session,
		application: ApplicationIndex,
	) -> Result<Option<Standing>> {
		let asked = async {
			let _turn = self.lookups.acquire().await?;
			self.metrics.lookups.inc();
			self.source.standing(session.key.session, application).await
		};
		tokio::time::timeout(PATIENCE, asked).await.map_err(|_| anyhow!("no answer"))?
	}

	/// Asks again for all applications that are served, a few at a time.
	pub async fn refresh(&self) {
		let current: Vec<_> = {
			let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
			current.values().filter(|session| session.is_open()).cloned().collect()
		};
		for session in current {
			let asked = stream::iter(session.served())
				.map(|application| {
					let session = session.clone();
					async move { (application, self.ask(&session, application).await) }
				})
				.buffer_unordered(LOOKUPS / 2)
				.collect::<Vec<_>>();
			for (application, standing) in asked.await {
				// Without an answer, what is known is the best there is.
				if let Ok(standing) = standing {
					session.renew(application, standing);
				}
			}
		}
	}
}

//! A session as it is served: until it is closed, and not a moment longer.

use super::{
	knowledge::Standing,
	meter::{Full, Meter},
};
use crate::{
	claim::ranks,
	store::{KeptSession, Key, RelayPath},
};
use capacity_oracle_client::{relay::context, AccountId32};
use capacity_protocol::{
	ApplicationIndex, Ranks, Relay, RelayContext, ServiceId, SigningKey, Units,
};
use std::{
	collections::HashMap,
	sync::{
		atomic::{AtomicBool, AtomicU32, Ordering},
		Arc, Mutex, MutexGuard, PoisonError, RwLock,
	},
};
use tokio::sync::{Notify, OnceCell};

/// An application in one session; none if it is not served in it.
type Slot = Arc<OnceCell<Option<Arc<Application>>>>;

/// So many applications that are not served are remembered.
const MOST_UNKNOWN: usize = 10_000;

/// One session of the service.
pub struct Session {
	pub key: Key,
	/// What the chain says about it.
	pub kept: KeptSession,
	service: ServiceId,
	supplier: AccountId32,
	open: AtomicBool,
	in_flight: AtomicU32,
	/// The last request in flight is over.
	quiet: Notify,
	meter: Mutex<Meter>,
	applications: Mutex<HashMap<ApplicationIndex, Slot>>,
}

/// An application that this supplier serves in a session.
pub struct Application {
	/// What requests are bound to.
	pub context: RelayContext,
	/// Its draws that fell to this supplier: there is a part of its budget for each.
	draws: u32,
	standing: RwLock<Standing>,
}

impl Application {
	/// The key with this number, if it can sign in `session`.
	pub fn key(&self, number: u8, session: u32) -> Option<SigningKey> {
		let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
		let holds = |key: &&capacity_protocol::KeyStatus| {
			key.number == number
				&& key.from <= session
				&& key.until.is_none_or(|until| session < until)
		};
		standing.status.keys.iter().find(holds).map(|known| known.key)
	}
}

impl Session {
	/// A session with the relays that were recorded in it before.
	pub fn new(
		key: Key,
		kept: KeptSession,
		service: ServiceId,
		supplier: AccountId32,
		relays: &[(RelayPath, Relay)],
	) -> Self {
		let mut meter = Meter::default();
		for (path, relay) in relays {
			let units = kept.terms.terms.prices.units(relay.request.method);
			meter.restore(*path, relay.application, units.into());
		}
		Self {
			key,
			kept,
			service,
			supplier,
			open: AtomicBool::new(!kept.closed),
			in_flight: AtomicU32::new(0),
			quiet: Notify::new(),
			meter: Mutex::new(meter),
			applications: Mutex::default(),
		}
	}

	/// Lets a request in, if the session is open.
	pub fn enter(self: &Arc<Self>) -> Option<Entry> {
		// Counted first, so that whoever closes the session waits for it.
		self.in_flight.fetch_add(1, Ordering::SeqCst);
		let entry = Entry(self.clone());
		self.open.load(Ordering::SeqCst).then_some(entry)
	}

	/// Lets nobody in any more.
	pub fn shut(&self) {
		self.open.store(false, Ordering::SeqCst);
	}

	pub fn is_open(&self) -> bool {
		self.open.load(Ordering::SeqCst)
	}

	/// Waits until no request is in flight.
	pub async fn quiet(&self) {
		loop {
			let notified = self.quiet.notified();
			if self.in_flight.load(Ordering::SeqCst) == 0 {
				return;
			}
			notified.await;
		}
	}

	/// Whether nothing was served, and nothing is being served.
	pub fn is_empty(&self) -> bool {
		self.meter().is_empty()
	}

	/// The draws by which this supplier may serve an application, if there is any.
	pub fn ranks(&self, application: ApplicationIndex) -> Ranks {
		ranks(&self.kept.terms, self.service, &self.kept.seat, application)
	}

	/// What is known about an application; to be filled in where nothing is.
	pub fn slot(&self, application: ApplicationIndex) -> Slot {
		let mut known = self.applications();
		if known.len() > MOST_UNKNOWN && !known.contains_key(&application) {
			known.retain(|_, slot| slot.get().is_none_or(Option::is_some));
		}
		known.entry(application).or_default().clone()
	}

	/// An application as the chain knows it, if it is served in this session.
	pub fn admit(
		&self,
		application: ApplicationIndex,
		standing: Option<Standing>,
	) -> Option<Arc<Application>> {
		let standing = standing.filter(|standing| standing.is_served_in(self.key.session))?;
		let context = context(&self.kept.terms.seed, self.service, &self.supplier, application);
		let draws = self.ranks(application).count();
		Some(Arc::new(Application { context, draws, standing: RwLock::new(standing) }))
	}

	/// Applications that are served.
	pub fn served(&self) -> Vec<ApplicationIndex> {
		let known = self.applications();
		let served = known.iter().filter(|(_, slot)| matches!(slot.get(), Some(Some(_))));
		served.map(|(application, _)| *application).collect()
	}

	/// Takes in what the chain says about an application now.
	pub fn renew(&self, application: ApplicationIndex, standing: Option<Standing>) {
		let mut known = self.applications();
		let found = known.get(&application).and_then(|slot| slot.get().cloned().flatten());
		match (found, standing.filter(|standing| standing.is_served_in(self.key.session))) {
			(Some(application), Some(standing)) => {
				*application.standing.write().unwrap_or_else(PoisonError::into_inner) = standing;
			}
			// The next request asks again.
			_ => drop(known.remove(&application)),
		}
	}

	/// Takes up a request before it is served.
	pub fn reserve(
		self: &Arc<Self>,
		index: ApplicationIndex,
		application: &Application,
		path: RelayPath,
		units: Units,
	) -> Result<Reservation, Full> {
		let part = {
			let known = application.standing.read().unwrap_or_else(PoisonError::into_inner);
			known.payable.part.saturating_mul(application.draws.into())
		};
		let most = self.kept.terms.terms.units(part);
		self.meter().reserve(path, index, units, most)?;
		Ok(Reservation { session: self.clone(), application: index, path, units, kept: false })
	}

	fn meter(&self) -> MutexGuard<'_, Meter> {
		self.meter.lock().unwrap_or_else(PoisonError::into_inner)
	}

	fn applications(&self) -> MutexGuard<'_, HashMap<ApplicationIndex, Slot>> {
		self.applications.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

/// A request in flight.
pub struct Entry(Arc<Session>);

impl Entry {
	pub fn session(&self) -> &Arc<Session> {
		&self.0
	}
}

impl Drop for Entry {
	fn drop(&mut self) {
		if self.0.in_flight.fetch_sub(1, Ordering::SeqCst) == 1 {
			self.0.quiet.notify_waiters();
		}
	}
}

/// A request that is being served. It is released unless it is kept.
pub struct Reservation {
	session: Arc<Session>,
	application: ApplicationIndex,
	path: RelayPath,
	units: Units,
	kept: bool,
}

impl Reservation {
	/// It is recorded.
	pub fn keep(mut self) {
		self.kept = true;
	}
}

impl Drop for Reservation {
	fn drop(&mut self) {
		if !self.kept {
			self.session.meter().release(&self.path, self.application, self.units);
		}
	}
}

//! The sessions in which relays are served: when they open, and when they close.

use super::Agent;
use crate::{
	decide::{is_short, Relays},
	store::{KeptSession, Key, RelayStore},
};
use anyhow::Result;
use capacity_oracle_client::Snapshot;
use capacity_protocol::{ClockStatus, Duty, RelaySession, SessionIndex, Stage, StandardWork, Tick};
use std::collections::{BTreeMap, BTreeSet};

/// Blocks after which the chain is asked again for the money of applications.
const REFRESH: u32 = 5;

/// A session in which relays are, or were, served.
pub(super) struct Served {
	pub kept: KeptSession,
	/// Relays in the store when it was read the last time: at the start, and when it was closed.
	pub relays: u64,
	/// It is time to close it.
	due: bool,
	pub closing: bool,
}

impl Served {
	/// All that the store knows.
	pub fn all(store: &RelayStore) -> Result<BTreeMap<Key, Self>> {
		let known = |(key, kept)| {
			let relays = store.count(&key)?;
			Ok((key, Self { kept, relays, due: false, closing: false }))
		};
		store.sessions()?.into_iter().map(known).collect()
	}
}

impl Agent {
	/// Takes up the sessions in which relays can be served, and says which duties there are: those
	/// that the chain knows, and those that it does not know until relays are claimed.
	pub(super) async fn follow_sessions(
		&mut self,
		snapshot: &Snapshot,
		clock: &ClockStatus,
		duties: Vec<Duty<StandardWork>>,
	) -> Result<Vec<(Key, Duty<StandardWork>)>> {
		let with_relays = self.gateway.is_some()
			|| !self.served.is_empty()
			|| duties.iter().any(|duty| duty.audit.is_none());
		let sessions = match with_relays {
			true => self.sessions(snapshot, clock, &duties).await?,
			false => BTreeMap::new(),
		};
		self.open_sessions(snapshot, clock, &sessions).await?;
		self.note_newest(snapshot, clock, &sessions);
		for (key, session) in sessions.values() {
			if let Some(served) = self.served.get_mut(key) {
				served.due = is_due(session, self.newest, snapshot.number(), clock.tick);
			}
		}
		self.refresh(snapshot.number());
		self.close_missed(sessions.values());
		let keyed = |duty: Duty<StandardWork>| {
			let audit = duty.audit.as_ref().map(|audit| audit.task.seed);
			let key = audit.map(|seed| Key { session: duty.session, seed });
			Some((key.or_else(|| Some(sessions.get(&duty.session)?.0))?, duty))
		};
		let mut all: Vec<_> = duties.into_iter().filter_map(keyed).collect();
		for (key, session) in sessions.values() {
			let open = |served: &Served| !served.kept.closed || served.relays > 0;
			let claimable =
				session.stage == Stage::Claiming && self.served.get(key).is_some_and(open);
			if claimable && !all.iter().any(|(known, _)| known == key) {
				all.push((*key, unclaimed(session)));
			}
		}
		all.sort_by_key(|(key, _)| *key);
		Ok(all)
	}

	/// The sessions that matter now, as the chain has them.
	async fn sessions(
		&self,
		snapshot: &Snapshot,
		clock: &ClockStatus,
		duties: &[Duty<StandardWork>],
	) -> Result<BTreeMap<SessionIndex, (Key, RelaySession)>> {
		let mut numbers = BTreeSet::from([clock.session.saturating_sub(1), clock.session]);
		numbers.extend(duties.iter().map(|duty| duty.session));
		let mut sessions = BTreeMap::new();
		for number in numbers {
			if let Some(session) = snapshot.relay_session(self.service, number).await? {
				let key = Key::new(number, &session.seed, self.service, &self.who);
				sessions.insert(number, (key, session));
			}
		}
		Ok(sessions)
	}

	/// Has the gateway serve the sessions that can be served.
	async fn open_sessions(
		&mut self,
		snapshot: &Snapshot,
		clock: &ClockStatus,
		sessions: &BTreeMap<SessionIndex, (Key, RelaySession)>,
	) -> Result<()> {
		let Some(gateway) = self.gateway.clone() else { return Ok(()) };
		let mut keys = Vec::new();
		for (number, (key, session)) in sessions {
			let serves = matches!(session.stage, Stage::Working | Stage::Claiming);
			if !serves || number.saturating_add(1) < clock.session {
				continue;
			}
			if !self.served.contains_key(key) {
				let seat = snapshot.seat(self.service, *number, &self.who).await?;
				let Some(seat) = seat else { continue };
				let kept = KeptSession { terms: *session, seat, closed: false };
				gateway.open(*key, kept).await?;
				let served = Served { kept, relays: 0, due: false, closing: false };
				self.served.insert(*key, served);
			} else if let Some(served) = self.served.get(key) {
				gateway.open(*key, served.kept).await?;
			}
			keys.push(*key);
		}
		gateway.follow(&keys);
		Ok(())
	}

	/// Notes since when the seed of the current session is known. Applications need a block to see it.
	fn note_newest(
		&mut self,
		snapshot: &Snapshot,
		clock: &ClockStatus,
		sessions: &BTreeMap<SessionIndex, (Key, RelaySession)>,
	) {
		let known = sessions.contains_key(&clock.session);
		if known && self.newest.is_none_or(|(newest, _)| newest != clock.session) {
			self.newest = Some((clock.session, snapshot.number()));
		}
	}

	fn refresh(&mut self, block: u32) {
		let Some(gateway) = &self.gateway else { return };
		if !(self.refreshed..self.refreshed.saturating_add(REFRESH)).contains(&block) {
			self.refreshed = block;
			gateway.refresh();
		}
	}

	/// Relays of a session, if none can come any more.
	pub(super) fn closed_with(&self, key: &Key) -> u64 {
		let closed = self.served.get(key).filter(|served| served.kept.closed);
		closed.map_or(0, |served| served.relays)
	}

	/// How far this supplier is with the relays of a session.
	pub(super) fn relays_of(&self, key: Key) -> Relays {
		let Some(served) = self.served.get(&key) else { return Relays::Nothing };
		if served.kept.closed {
			return if served.relays > 0 { Relays::Closed } else { Relays::Nothing };
		}
		if served.closing {
			return Relays::Closing;
		}
		let asked = self.gateway.as_ref().and_then(|gateway| gateway.has_relays(&key));
		Relays::Open { any: asked.unwrap_or(served.relays > 0), due: served.due }
	}
}

/// Whether it is time to close a session at this block and tick: a block after applications could go
/// on with a newer one, `newest`, that was known since some block; or when few ticks are left to claim.
fn is_due(
	session: &RelaySession,
	newest: Option<(SessionIndex, u32)>,
	block: u32,
	tick: Tick,
) -> bool {
	let overtaken = |(newest, since)| newest > session.session && since < block;
	newest.is_some_and(overtaken) || is_short(session.claims_open, session.claims_close, tick)
}

/// The duty of a session of which nothing is claimed yet, and that is not audited.
fn unclaimed(session: &RelaySession) -> Duty<StandardWork> {
	Duty {
		session: session.session,
		audit: None,
		relays: None,
		stage: session.stage,
		claims_open: session.claims_open,
		claims_close: session.claims_close,
		committed: None,
		proof_required: None,
		positions: vec![],
		proofs_close: None,
		proven: false,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Decode;

	fn session() -> RelaySession {
		let any = RelaySession::decode(&mut &[0u8; 1_000][..]).unwrap();
		RelaySession { session: 7, claims_open: 100, claims_close: 110, ..any }
	}

	#[test]
	fn a_session_is_closed_a_block_after_the_next_ones_seed_is_known() {
		let due = |newest, block| is_due(&session(), newest, block, 101);
		assert!(!due(None, 50));
		assert!(!due(Some((7, 30)), 50), "it is the newest itself");
		assert!(!due(Some((8, 50)), 50), "applications have not seen it yet");
		assert!(due(Some((8, 50)), 51));
		assert!(!due(Some((8, 50)), 49), "the chain has gone back");
	}

	#[test]
	fn a_session_is_closed_while_there_is_still_time_to_claim() {
		assert!(!is_due(&session(), None, 50, 105));
		assert!(is_due(&session(), None, 50, 106));
		assert!(!is_due(&session(), Some((7, 1)), 50, 20), "it runs");
	}
}

//! Relays, in a file of their own, so that they wait for nothing else that is saved.

use super::Key;
use anyhow::{Context, Result};
use capacity_protocol::{Relay, RelaySession, SeatStatus};
use codec::{Decode, Encode};
use redb::{
	Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition, TableError,
	WriteTransaction,
};
use std::path::Path;

/// Where a relay's leaf stands, and by what it is known.
pub type RelayPath = sum_trie::Path;
/// A relay, encoded: the content of its leaf.
pub type Content = [u8; Relay::LENGTH];

const FILE: &str = "relays.redb";
const OTHER_VERSION: &str = "the relays are from another version: let that one claim them first";
const SESSIONS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("sessions");

/// The relays of a session have a table of their own, so that forgetting them takes no time.
type Relays<'a> = TableDefinition<'a, &'static RelayPath, &'static Content>;

fn name(key: &Key) -> String {
	hex::encode(key.bytes())
}

/// A session in which relays can be, or were, served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct KeptSession {
	/// What the chain said about it.
	pub terms: RelaySession,
	/// This supplier's place in it.
	pub seat: SeatStatus,
	/// No relay is added any more: what is there is what can be claimed.
	pub closed: bool,
}

/// What is to be written.
pub enum Change {
	/// Keep a relay, if its session is not closed.
	Keep(Key, RelayPath, Box<Content>),
	/// Close a session.
	Close(Key),
}

/// The relays of all sessions that are not settled.
pub struct RelayStore {
	database: Database,
}

impl RelayStore {
	/// Opens the relays in the state directory `dir`, and makes the file if there is none.
	pub fn open(dir: &Path) -> Result<Self> {
		let shown = dir.display();
		std::fs::create_dir_all(dir)
			.with_context(|| format!("the state directory {shown} cannot be made"))?;
		let database = Database::create(dir.join(FILE)).with_context(|| {
			format!("the relays in {shown} cannot be read; without them they cannot be claimed")
		})?;
		let store = Self { database };
		store.write(|write| {
			write.open_table(SESSIONS)?;
			Ok(())
		})?;
		Ok(store)
	}

	/// Takes up a session, if it is not known, and says how it is kept.
	pub fn begin(&self, key: &Key, session: &KeptSession) -> Result<KeptSession> {
		if let Some(known) = self.session(key)? {
			return Ok(known);
		}
		self.write(|write| {
			write.open_table(SESSIONS)?.insert(&key.bytes()[..], &session.encode()[..])?;
			Ok(())
		})?;
		Ok(*session)
	}

	/// Makes all these changes, in their order and all of them at once, and says of each whether it
	/// was admitted. They are on disk when this returns.
	pub fn apply(&self, changes: &[Change]) -> Result<Vec<bool>, redb::Error> {
		self.write(|write| {
			let mut sessions = write.open_table(SESSIONS)?;
			let mut relays: Option<(Key, bool, redb::Table<&RelayPath, &Content>)> = None;
			let mut admitted = Vec::with_capacity(changes.len());
			for change in changes {
				let (Change::Keep(key, ..) | Change::Close(key)) = change;
				if relays.as_ref().is_none_or(|(known, ..)| known != key) {
					// One table is open at a time, and only once.
					drop(relays.take());
					let open = sessions.get(&key.bytes()[..])?;
					let open = open.and_then(|kept| decode(kept.value())).is_some_and(is_open);
					relays = Some((*key, open, write.open_table(Relays::new(&name(key)))?));
				}
				let Some((_, open, table)) = &mut relays else { continue };
				admitted.push(*open);
				match change {
					Change::Keep(_, path, content) if *open => {
						table.insert(path, &**content)?;
					}
					Change::Close(_) if *open => {
						let bytes = key.bytes();
						let kept = sessions.get(&bytes[..])?.and_then(|kept| decode(kept.value()));
						if let Some(kept) = kept {
							let closed = KeptSession { closed: true, ..kept };
							sessions.insert(&bytes[..], &closed.encode()[..])?;
						}
						*open = false;
					}
					_ => {}
				}
			}
			Ok(admitted)
		})
	}

	/// Closes a session: no relay is added to it any more.
	pub fn close(&self, key: &Key) -> Result<(), redb::Error> {
		self.apply(&[Change::Close(*key)]).map(drop)
	}

	/// A session, if it is known.
	pub fn session(&self, key: &Key) -> Result<Option<KeptSession>> {
		let read = self.database.begin_read()?;
		let kept = read.open_table(SESSIONS)?.get(&key.bytes()[..])?;
		kept.map(|kept| decode(kept.value()).context(OTHER_VERSION)).transpose()
	}

	/// All sessions that are known, the oldest first.
	pub fn sessions(&self) -> Result<Vec<(Key, KeptSession)>> {
		let read = self.database.begin_read()?;
		let mut sessions = Vec::new();
		for entry in read.open_table(SESSIONS)?.iter()? {
			let (key, kept) = entry?;
			if let Some(key) = Key::from_bytes(key.value()) {
				sessions.push((key, decode(kept.value()).context(OTHER_VERSION)?));
			}
		}
		Ok(sessions)
	}

	/// How many relays a session has.
	pub fn count(&self, key: &Key) -> Result<u64, redb::Error> {
		let read = self.database.begin_read()?;
		match read.open_table(Relays::new(&name(key))) {
			Err(TableError::TableDoesNotExist(_)) => Ok(0),
			table => Ok(table?.len()?),
		}
	}

	/// The relays of a session, in the order of their paths.
	pub fn relays(&self, key: &Key) -> Result<Vec<(RelayPath, Relay)>, redb::Error> {
		let mut relays = Vec::new();
		let read = self.database.begin_read()?;
		let table = match read.open_table(Relays::new(&name(key))) {
			Err(TableError::TableDoesNotExist(_)) => return Ok(relays),
			table => table?,
		};
		relays.reserve(table.len()? as usize);
		for entry in table.iter()? {
			let (path, content) = entry?;
			let relay = Relay::decode(&mut &content.value()[..]).ok();
			relays.extend(relay.map(|relay| (*path.value(), relay)));
		}
		Ok(relays)
	}

	/// Forgets a session and its relays.
	pub fn forget(&self, key: &Key) -> Result<(), redb::Error> {
		self.write(|write| {
			write.open_table(SESSIONS)?.remove(&key.bytes()[..])?;
			write.delete_table(Relays::new(&name(key)))?;
			Ok(())
		})
	}

	fn write<T>(
		&self,
		change: impl FnOnce(&WriteTransaction) -> Result<T, redb::Error>,
	) -> Result<T, redb::Error> {
		let write = self.database.begin_write()?;
		let result = change(&write)?;
		write.commit()?;
		Ok(result)
	}
}

fn decode(mut kept: &[u8]) -> Option<KeptSession> {
	KeptSession::decode(&mut kept).ok()
}

fn is_open(kept: KeptSession) -> bool {
	!kept.closed
}

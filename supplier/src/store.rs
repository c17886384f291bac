//! What survives the process: results of work, and what is known about each session.
//!
//! Everything is on disk when a call returns, so that a process that is killed loses at the most
//! what it had not saved yet.

mod relays;

pub use relays::{Change, Content, KeptSession, RelayPath, RelayStore};

use crate::{claim::Commitment, decide::Attempts};
use anyhow::{bail, Context, Result};
use capacity_oracle_client::AccountId32;
use capacity_protocol::{task_seed, Balance, Seed, ServiceId, SessionIndex, Units};
use codec::{Decode, Encode};
use redb::{Database, DatabaseError, ReadableDatabase, ReadableTable, TableDefinition};
use std::{ops::Range, path::Path};
use sum_trie::Blake2b256;

/// A result of one unit of work.
pub type UnitResult = [u8; 32];

const ABOUT: TableDefinition<&str, &[u8]> = TableDefinition::new("about");
const RECORDS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("records");
const COMMITMENTS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("commitments");
const RESULTS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("results");

const FILE: &str = "supplier.redb";
const GENESIS: &str = "genesis";
const CURSOR: &str = "cursor";
const STAKE: &str = "stake";

/// A duty: its session, and the seed of its task, which no other service, supplier or fork has. It
/// is the same for the audit and for the relays of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
	pub session: SessionIndex,
	pub seed: Seed,
}

impl Key {
	/// That of a supplier in the session of a service with this seed.
	pub fn new(
		session: SessionIndex,
		session_seed: &Seed,
		service: ServiceId,
		supplier: &AccountId32,
	) -> Self {
		let seed = task_seed::<Blake2b256>(session_seed, service, &supplier.0);
		Self { session, seed }
	}

	/// Keys are in the order of their bytes.
	fn bytes(&self) -> Vec<u8> {
		[&self.session.to_be_bytes()[..], &self.seed].concat()
	}

	fn from_bytes(bytes: &[u8]) -> Option<Self> {
		let (session, seed) = bytes.split_first_chunk::<4>()?;
		Some(Self { session: u32::from_be_bytes(*session), seed: seed.try_into().ok()? })
	}

	/// Under which results from the unit `first` on are kept.
	fn results_from(&self, first: Units) -> Vec<u8> {
		[&self.bytes()[..], &first.to_be_bytes()].concat()
	}
}

/// What is known about a duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
	/// Compute units to deliver in the audit; none if there is no audit.
	pub units: Units,
	/// Relays that were served when the session was closed.
	pub relays: u64,
	/// A claim has been seen on the chain.
	pub claimed: bool,
	/// Whether a proof is required has been said.
	pub told_proof: bool,
	/// What the supplier owned, free and held, when the duty was first seen.
	pub owned: Balance,
	pub attempts: Attempts,
	/// What became of it has been said.
	pub told: bool,
	/// The best block at which the chain was first seen without it.
	pub gone_at: Option<u32>,
}

/// The state directory. One process at a time has it.
pub struct Store {
	database: Database,
}

impl Store {
	/// Opens the state directory `dir` for the chain with this genesis hash, and makes it if there is
	/// none.
	pub fn open(dir: &Path, genesis: &[u8; 32]) -> Result<Self> {
		let shown = dir.display();
		std::fs::create_dir_all(dir)
			.with_context(|| format!("the state directory {shown} cannot be made"))?;
		let database = match Database::create(dir.join(FILE)) {
			Ok(database) => database,
			Err(DatabaseError::DatabaseAlreadyOpen) => bail!(
				"another supplier is running with the state directory {shown}: stop it, or give \
				 this one a directory of its own with --state"
			),
			Err(error) => Err(error).with_context(|| {
				format!("the state in {shown} cannot be read; without it work starts from nothing")
			})?,
		};
		let store = Self { database };
		store.bind(dir, genesis)?;
		Ok(store)
	}

	fn bind(&self, dir: &Path, genesis: &[u8; 32]) -> Result<()> {
		let write = self.database.begin_write()?;
		{
			let mut about = write.open_table(ABOUT)?;
			write.open_table(RECORDS)?;
			write.open_table(COMMITMENTS)?;
			write.open_table(RESULTS)?;
			let known = about.get(GENESIS)?.map(|known| known.value().to_vec());
			match known {
				None => {
					about.insert(GENESIS, &genesis[..])?;
				}
				Some(known) if known == genesis => {}
				Some(known) => bail!(
					"the state directory {} belongs to another chain (genesis 0x{}, this one is \
					 0x{}): give another directory with --state, or remove this one if that chain \
					 is gone",
					dir.display(),
					hex::encode(known),
					hex::encode(genesis)
				),
			}
		}
		write.commit()?;
		Ok(())
	}

	/// Keeps the results of the units from `first` on.
	pub fn save(&self, key: &Key, first: Units, results: &[UnitResult]) -> Result<(), redb::Error> {
		let write = self.database.begin_write()?;
		let from = key.results_from(first);
		write.open_table(RESULTS)?.insert(&from[..], results.as_flattened())?;
		write.commit()?;
		Ok(())
	}

	/// Which of the first `units` have no result yet.
	pub fn missing(&self, key: &Key, units: Units) -> Result<Vec<Range<Units>>, redb::Error> {
		let (mut missing, mut next) = (Vec::new(), 0);
		self.each_piece(key, |first, results| {
			if first > next {
				missing.push(next..first.min(units));
			}
			next = next.max(first.saturating_add((results.len() / 32) as Units));
		})?;
		missing.push(next..units);
		missing.retain(|range| !range.is_empty());
		Ok(missing)
	}

	/// The results of the first `units`, which must all be there.
	pub fn results(&self, key: &Key, units: Units) -> Result<Vec<UnitResult>> {
		let mut all = Vec::with_capacity(units as usize);
		self.each_piece(key, |first, results| {
			let (results, _) = results.as_chunks::<32>();
			// Pieces can overlap where the process was killed and went on with other pieces.
			let known = (all.len() as Units).saturating_sub(first) as usize;
			all.extend(results.iter().skip(known));
		})?;
		all.truncate(units as usize);
		if (all.len() as Units) < units {
			bail!("results of session {} are missing in the state directory", key.session);
		}
		Ok(all)
	}

	fn each_piece(&self, key: &Key, mut see: impl FnMut(Units, &[u8])) -> Result<(), redb::Error> {
		let (from, to) = (key.results_from(0), key.results_from(Units::MAX));
		let read = self.database.begin_read()?;
		for piece in read.open_table(RESULTS)?.range::<&[u8]>(&from[..]..=&to[..])? {
			let (at, results) = piece?;
			if let Some(first) = at.value().last_chunk::<8>() {
				see(Units::from_be_bytes(*first), results.value());
			}
		}
		Ok(())
	}

	/// What is known about each duty, the oldest first.
	pub fn records(&self) -> Result<Vec<(Key, Record)>> {
		let read = self.database.begin_read()?;
		let mut records = Vec::new();
		for entry in read.open_table(RECORDS)?.iter()? {
			let (key, record) = entry?;
			if let Some(key) = Key::from_bytes(key.value()) {
				let record = Record::decode(&mut record.value()).context(
					"the state is from another version: give a new directory with --state",
				)?;
				records.push((key, record));
			}
		}
		Ok(records)
	}

	/// Keeps what is known about a duty.
	pub fn put(&self, key: &Key, record: &Record) -> Result<(), redb::Error> {
		let write = self.database.begin_write()?;
		write.open_table(RECORDS)?.insert(&key.bytes()[..], &record.encode()[..])?;
		write.commit()?;
		Ok(())
	}

	/// Keeps what a claim is made of, so that it can be opened whatever happens after it is made.
	pub fn add_commitment(&self, key: &Key, commitment: &Commitment) -> Result<(), redb::Error> {
		let write = self.database.begin_write()?;
		let at = [&key.bytes()[..], &commitment.root.digest].concat();
		write.open_table(COMMITMENTS)?.insert(&at[..], &commitment.encode()[..])?;
		write.commit()?;
		Ok(())
	}

	/// What the claims are made of that were, or may have been, made for a duty.
	pub fn commitments(&self, key: &Key) -> Result<Vec<Commitment>, redb::Error> {
		let (from, to) = (key.bytes(), [&key.bytes()[..], &[u8::MAX; 32]].concat());
		let read = self.database.begin_read()?;
		let mut commitments = Vec::new();
		for entry in read.open_table(COMMITMENTS)?.range::<&[u8]>(&from[..]..=&to[..])? {
			commitments.extend(Commitment::decode(&mut entry?.1.value()));
		}
		Ok(commitments)
	}

	/// Forgets a duty, its results and its claims.
	pub fn forget(&self, key: &Key) -> Result<(), redb::Error> {
		let write = self.database.begin_write()?;
		write.open_table(RECORDS)?.remove(&key.bytes()[..])?;
		let (from, to) = (key.results_from(0), key.results_from(Units::MAX));
		write.open_table(RESULTS)?.retain_in::<&[u8], _>(&from[..]..=&to[..], |_, _| false)?;
		let (from, to) = (key.bytes(), [&key.bytes()[..], &[u8::MAX; 32]].concat());
		let mut commitments = write.open_table(COMMITMENTS)?;
		commitments.retain_in::<&[u8], _>(&from[..]..=&to[..], |_, _| false)?;
		drop(commitments);
		write.commit()?;
		Ok(())
	}

	/// The last block whose events have been seen.
	pub fn cursor(&self) -> Result<Option<u32>, redb::Error> {
		let known = self.about(CURSOR)?;
		Ok(known.and_then(|block| Some(u32::from_be_bytes(block.try_into().ok()?))))
	}

	/// Remembers the last block whose events have been seen.
	pub fn set_cursor(&self, block: u32) -> Result<(), redb::Error> {
		self.set_about(CURSOR, &block.to_be_bytes())
	}

	/// The stake that was asked for, and placed, before.
	pub fn placed_stake(&self) -> Result<Option<Balance>, redb::Error> {
		let known = self.about(STAKE)?;
		Ok(known.and_then(|stake| Some(Balance::from_be_bytes(stake.try_into().ok()?))))
	}

	/// Remembers the stake that was asked for and is placed.
	pub fn set_placed_stake(&self, stake: Balance) -> Result<(), redb::Error> {
		self.set_about(STAKE, &stake.to_be_bytes())
	}

	fn about(&self, name: &str) -> Result<Option<Vec<u8>>, redb::Error> {
		let read = self.database.begin_read()?;
		let known = read.open_table(ABOUT)?.get(name)?;
		Ok(known.map(|known| known.value().to_vec()))
	}

	fn set_about(&self, name: &str, value: &[u8]) -> Result<(), redb::Error> {
		let write = self.database.begin_write()?;
		write.open_table(ABOUT)?.insert(name, value)?;
		write.commit()?;
		Ok(())
	}
}

#[cfg(test)]
mod relay_tests;
#[cfg(test)]
mod tests;

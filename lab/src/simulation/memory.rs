//! A chain's state in memory, without tries and without a history.
//!
//! The SDK's own in-memory states keep every key that was ever removed, or hash a trie; over a
//! thousand sessions of claims that come and go, both cost more than the chain's code does. Here a
//! removed key is gone, reading is one hash lookup, and a transaction is a list of what to undo.

use codec::{Compact, Decode, Encode};
use sp_core::storage::{ChildInfo, StateVersion, TrackedStorageKey};
use sp_externalities::{Error, Extension, Externalities, MultiRemovalResults};
use std::{
	any::{Any, TypeId},
	collections::{BTreeMap, BTreeSet, HashMap},
	hash::{BuildHasherDefault, Hasher},
	ops::Bound,
};

type Bytes = Vec<u8>;

/// The state. Nothing but the storage of the top trie: no child tries, no extensions.
#[derive(Debug, Default)]
pub struct Memory {
	values: HashMap<Bytes, Value, BuildHasherDefault<KeyHash>>,
	order: BTreeSet<Bytes>,
	/// For each open transaction, what undoes it, last change last.
	open: Vec<Vec<Undo>>,
}

#[derive(Clone, Debug)]
enum Value {
	Whole(Bytes),
	/// An encoded list that is appended to: its items, without the number that comes first.
	List {
		count: u32,
		items: Bytes,
	},
}

#[derive(Debug)]
enum Undo {
	Place(Bytes, Option<Value>),
	/// Back to so many items of so many bytes.
	Truncate(Bytes, u32, usize),
}

impl Value {
	fn bytes(&self) -> Bytes {
		match self {
			Self::Whole(bytes) => bytes.clone(),
			Self::List { count, items } => {
				let mut bytes = Compact(*count).encode();
				bytes.extend_from_slice(items);
				bytes
			}
		}
	}

	/// As a list; whatever is none begins anew, as the SDK has it.
	fn into_list(self) -> (u32, Bytes) {
		match self {
			Self::List { count, items } => (count, items),
			Self::Whole(bytes) => {
				let mut rest = &bytes[..];
				match Compact::<u32>::decode(&mut rest) {
					Ok(Compact(count)) => (count, rest.to_vec()),
					Err(_) => (0, Bytes::new()),
				}
			}
		}
	}
}

impl Memory {
	/// Runs code that reads and writes storage on this state.
	pub fn execute<R>(&mut self, run: impl FnOnce() -> R) -> R {
		sp_externalities::set_and_run_with_externalities(self, run)
	}

	/// All that is stored.
	pub fn contents(&self) -> BTreeMap<Bytes, Bytes> {
		self.values.iter().map(|(key, value)| (key.clone(), value.bytes())).collect()
	}

	fn put(&mut self, key: Bytes, value: Option<Value>) -> Option<Value> {
		match value {
			Some(value) => match self.values.get_mut(&key) {
				Some(known) => Some(std::mem::replace(known, value)),
				None => {
					self.order.insert(key.clone());
					self.values.insert(key, value)
				}
			},
			None => {
				let before = self.values.remove(&key);
				if before.is_some() {
					self.order.remove(&key);
				}
				before
			}
		}
	}

	fn place(&mut self, key: Bytes, value: Option<Value>) {
		if self.open.is_empty() {
			self.put(key, value);
			return;
		}
		let before = self.put(key.clone(), value);
		self.note(Undo::Place(key, before));
	}

	fn note(&mut self, undo: Undo) {
		if let Some(changes) = self.open.last_mut() {
			changes.push(undo);
		}
	}

	fn undo(&mut self, undo: Undo) {
		match undo {
			Undo::Place(key, before) => {
				self.put(key, before);
			}
			Undo::Truncate(key, before, length) => {
				if let Some(Value::List { count, items }) = self.values.get_mut(&key) {
					*count = before;
					items.truncate(length);
				}
			}
		}
	}
}

impl Externalities for Memory {
	fn storage(&mut self, key: &[u8]) -> Option<Bytes> {
		self.values.get(key).map(Value::bytes)
	}

	fn exists_storage(&mut self, key: &[u8]) -> bool {
		self.values.contains_key(key)
	}

	fn storage_hash(&mut self, key: &[u8]) -> Option<Bytes> {
		self.storage(key).map(|value| sp_io::hashing::blake2_256(&value).encode())
	}

	fn next_storage_key(&mut self, key: &[u8]) -> Option<Bytes> {
		let after = (Bound::Excluded(key), Bound::Unbounded);
		self.order.range::<[u8], _>(after).next().cloned()
	}

	fn place_storage(&mut self, key: Bytes, value: Option<Bytes>) {
		self.place(key, value.map(Value::Whole));
	}

	fn clear_prefix(
		&mut self,
		prefix: &[u8],
		_limit: Option<u32>,
		_cursor: Option<&[u8]>,
	) -> MultiRemovalResults {
		let from = (Bound::Included(prefix), Bound::Unbounded);
		let keys = self.order.range::<[u8], _>(from).take_while(|key| key.starts_with(prefix));
		let keys: Vec<_> = keys.cloned().collect();
		let count = keys.len() as u32;
		for key in keys {
			self.place(key, None);
		}
		MultiRemovalResults { maybe_cursor: None, backend: count, unique: count, loops: count }
	}

	fn storage_append(&mut self, key: Bytes, item: Bytes) {
		if let Some(Value::List { count, items }) = self.values.get_mut(&key) {
			let before = (*count, items.len());
			*count = count.saturating_add(1);
			items.extend_from_slice(&item);
			if !self.open.is_empty() {
				self.note(Undo::Truncate(key, before.0, before.1));
			}
			return;
		}
		let known = self.values.get(&key).cloned();
		let (count, mut items) = known.map_or((0, Bytes::new()), Value::into_list);
		items.extend_from_slice(&item);
		self.place(key, Some(Value::List { count: count.saturating_add(1), items }));
	}

	fn storage_start_transaction(&mut self) {
		self.open.push(Vec::new());
	}

	fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
		let changes = self.open.pop().ok_or(())?;
		for change in changes.into_iter().rev() {
			self.undo(change);
		}
		Ok(())
	}

	fn storage_commit_transaction(&mut self) -> Result<(), ()> {
		let changes = self.open.pop().ok_or(())?;
		if let Some(outer) = self.open.last_mut() {
			outer.extend(changes);
		}
		Ok(())
	}

	fn set_offchain_storage(&mut self, _key: &[u8], _value: Option<&[u8]>) {}

	fn storage_root(&mut self, _version: StateVersion) -> Bytes {
		Bytes::new()
	}

	fn child_storage_hash(&mut self, _child: &ChildInfo, _key: &[u8]) -> Option<Bytes> {
		None
	}

	fn child_storage(&mut self, _child: &ChildInfo, _key: &[u8]) -> Option<Bytes> {
		None
	}

	fn next_child_storage_key(&mut self, _child: &ChildInfo, _key: &[u8]) -> Option<Bytes> {
		None
	}

	fn kill_child_storage(
		&mut self,
		_child: &ChildInfo,
		_limit: Option<u32>,
		_cursor: Option<&[u8]>,
	) -> MultiRemovalResults {
		NOTHING_REMOVED
	}

	fn clear_child_prefix(
		&mut self,
		_child: &ChildInfo,
		_prefix: &[u8],
		_limit: Option<u32>,
		_cursor: Option<&[u8]>,
	) -> MultiRemovalResults {
		NOTHING_REMOVED
	}

	fn place_child_storage(&mut self, _child: &ChildInfo, _key: Bytes, _value: Option<Bytes>) {}

	fn child_storage_root(&mut self, _child: &ChildInfo, _version: StateVersion) -> Bytes {
		Bytes::new()
	}

	fn wipe(&mut self) {}

	fn commit(&mut self) {}

	fn read_write_count(&self) -> (u32, u32, u32, u32) {
		(0, 0, 0, 0)
	}

	fn reset_read_write_count(&mut self) {}

	fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
		Vec::new()
	}

	fn set_whitelist(&mut self, _keys: Vec<TrackedStorageKey>) {}

	fn get_read_and_written_keys(&self) -> Vec<(Bytes, u32, u32, bool)> {
		Vec::new()
	}
}

const NOTHING_REMOVED: MultiRemovalResults =
	MultiRemovalResults { maybe_cursor: None, backend: 0, unique: 0, loops: 0 };

impl sp_externalities::ExtensionStore for Memory {
	fn extension_by_type_id(&mut self, _type: TypeId) -> Option<&mut dyn Any> {
		None
	}

	fn register_extension_with_type_id(
		&mut self,
		_type: TypeId,
		_extension: Box<dyn Extension>,
	) -> Result<(), Error> {
		Err(Error::ExtensionsAreNotSupported)
	}

	fn deregister_extension_by_type_id(&mut self, _type: TypeId) -> Result<(), Error> {
		Err(Error::ExtensionsAreNotSupported)
	}
}

/// Storage keys are hashes already: their words only have to be mixed.
#[derive(Clone, Copy, Debug, Default)]
struct KeyHash(u64);

impl Hasher for KeyHash {
	fn write(&mut self, bytes: &[u8]) {
		const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
		for chunk in bytes.chunks(8) {
			let mut word = [0; 8];
			word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
			self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(ODD);
		}
	}

	fn finish(&self) -> u64 {
		self.0 ^ (self.0 >> 32)
	}
}

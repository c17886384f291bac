use super::{relays::*, Key};
use capacity_protocol::{Relay, RelayRequest};
use codec::{Decode, Encode};

const KEY: Key = Key { session: 12, seed: [5; 32] };

/// What is not looked at here can be anything.
fn session() -> KeptSession {
	KeptSession::decode(&mut &[0u8; 1_000][..]).unwrap()
}

fn relay(nonce: u64) -> Relay {
	let request = RelayRequest { method: [1; 4], nonce, payload: [2; 32] };
	Relay { application: 3, key: 0, request, signature: [4; 64], response: [nonce as u8; 32] }
}

fn path(nonce: u64) -> RelayPath {
	[nonce as u8; 32]
}

fn keep(key: Key, nonce: u64) -> Change {
	Change::Keep(key, path(nonce), Box::new(relay(nonce).encode().try_into().unwrap()))
}

fn open(dir: &tempfile::TempDir) -> RelayStore {
	RelayStore::open(dir.path()).unwrap()
}

#[test]
fn relays_are_kept_in_the_order_of_their_paths() {
	let dir = tempfile::tempdir().unwrap();
	{
		let store = open(&dir);
		store.begin(&KEY, &session()).unwrap();
		let kept = store.apply(&[keep(KEY, 9), keep(KEY, 4), keep(KEY, 9)]).unwrap();
		assert_eq!(kept, [true, true, true]);
	}
	let store = open(&dir);
	assert_eq!(store.relays(&KEY).unwrap(), [(path(4), relay(4)), (path(9), relay(9))]);
	assert_eq!(store.count(&KEY).unwrap(), 2);
}

#[test]
fn nothing_is_added_to_a_closed_session_or_to_one_that_nobody_opened() {
	let dir = tempfile::tempdir().unwrap();
	let store = open(&dir);
	assert_eq!(store.apply(&[keep(KEY, 1)]).unwrap(), [false]);
	store.begin(&KEY, &session()).unwrap();
	// In one write, in this order.
	let kept = store.apply(&[keep(KEY, 1), Change::Close(KEY), keep(KEY, 2)]).unwrap();
	assert_eq!(kept, [true, true, false]);
	assert_eq!(store.apply(&[keep(KEY, 3)]).unwrap(), [false]);
	assert_eq!(store.relays(&KEY).unwrap(), [(path(1), relay(1))]);
	let closed = KeptSession { closed: true, ..session() };
	assert_eq!(store.session(&KEY).unwrap(), Some(closed));
	// To open it anew changes nothing.
	assert_eq!(store.begin(&KEY, &session()).unwrap(), closed);
}

#[test]
fn sessions_and_forks_do_not_mix() {
	let dir = tempfile::tempdir().unwrap();
	let store = open(&dir);
	let (fork, next) = (Key { seed: [6; 32], ..KEY }, Key { session: 13, ..KEY });
	for key in [KEY, fork, next] {
		store.begin(&key, &session()).unwrap();
	}
	let mixed = [keep(KEY, 1), keep(fork, 1), keep(KEY, 2), keep(next, 1), Change::Close(fork)];
	assert_eq!(store.apply(&mixed).unwrap(), [true; 5]);
	assert_eq!(store.count(&KEY).unwrap(), 2);
	assert_eq!(store.apply(&[keep(fork, 3), keep(KEY, 3)]).unwrap(), [false, true]);
	let keys: Vec<_> = store.sessions().unwrap().iter().map(|(key, _)| *key).collect();
	assert_eq!(keys, [KEY, fork, next]);

	store.forget(&KEY).unwrap();
	store.forget(&KEY).unwrap();
	assert_eq!((store.count(&KEY).unwrap(), store.session(&KEY).unwrap()), (0, None));
	assert_eq!((store.count(&fork).unwrap(), store.count(&next).unwrap()), (1, 1));
	assert_eq!(store.apply(&[keep(KEY, 1)]).unwrap(), [false], "it is forgotten");
}

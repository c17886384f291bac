use super::*;
use crate::decide::Attempt;

const GENESIS_HASH: [u8; 32] = [1; 32];
const KEY: Key = Key { session: 12, seed: [5; 32] };

fn open(dir: &Path) -> Result<Store> {
	Store::open(dir, &GENESIS_HASH)
}

fn results(range: Range<Units>) -> Vec<UnitResult> {
	range.map(|unit| [unit as u8; 32]).collect()
}

fn save(store: &Store, range: Range<Units>) {
	store.save(&KEY, range.start, &results(range)).unwrap();
}

#[test]
fn what_is_missing_is_what_was_not_saved() {
	let dir = tempfile::tempdir().unwrap();
	let store = open(dir.path()).unwrap();
	assert_eq!(store.missing(&KEY, 20).unwrap(), [0..20]);
	save(&store, 3..5);
	save(&store, 10..20);
	assert_eq!(store.missing(&KEY, 20).unwrap(), [0..3, 5..10]);
	assert_eq!(store.missing(&KEY, 4).unwrap(), [0..3]);
	assert_eq!(store.missing(&KEY, 30).unwrap(), [0..3, 5..10, 20..30]);
	save(&store, 0..3);
	save(&store, 5..10);
	assert_eq!(store.missing(&KEY, 20).unwrap(), []);
	assert_eq!(store.results(&KEY, 20).unwrap(), results(0..20));
	assert_eq!(store.results(&KEY, 7).unwrap(), results(0..7));
}

#[test]
fn pieces_that_overlap_are_read_once() {
	let dir = tempfile::tempdir().unwrap();
	let store = open(dir.path()).unwrap();
	save(&store, 0..6);
	save(&store, 4..9);
	save(&store, 5..7);
	assert_eq!(store.missing(&KEY, 10).unwrap(), [9..10]);
	assert_eq!(store.results(&KEY, 9).unwrap(), results(0..9));
}

#[test]
fn results_with_a_hole_are_not_given() {
	let dir = tempfile::tempdir().unwrap();
	let store = open(dir.path()).unwrap();
	save(&store, 0..2);
	assert!(store.results(&KEY, 3).is_err());
}

#[test]
fn a_killed_process_resumes_with_exactly_what_is_missing() {
	let dir = tempfile::tempdir().unwrap();
	let image = tempfile::tempdir().unwrap();
	let store = open(dir.path()).unwrap();
	save(&store, 0..4);
	save(&store, 8..12);
	// What a process that is killed now leaves behind: the file as it is, never closed.
	std::fs::copy(dir.path().join(FILE), image.path().join(FILE)).unwrap();
	std::mem::forget(store);

	let store = open(image.path()).unwrap();
	assert_eq!(store.missing(&KEY, 16).unwrap(), [4..8, 12..16]);
	save(&store, 4..8);
	save(&store, 12..16);
	assert_eq!(store.results(&KEY, 16).unwrap(), results(0..16));
}

#[test]
fn sessions_and_forks_do_not_mix() {
	let dir = tempfile::tempdir().unwrap();
	let store = open(dir.path()).unwrap();
	save(&store, 0..4);
	let fork = Key { seed: [6; 32], ..KEY };
	let next = Key { session: 13, ..KEY };
	for other in [fork, next] {
		assert_eq!(store.missing(&other, 4).unwrap(), [0..4]);
		store.save(&other, 0, &results(0..4)).unwrap();
	}
	store.forget(&KEY).unwrap();
	assert_eq!(store.missing(&KEY, 4).unwrap(), [0..4]);
	assert_eq!(store.missing(&fork, 4).unwrap(), []);
	assert_eq!(store.missing(&next, 4).unwrap(), []);
}

#[test]
fn records_are_kept_until_they_are_forgotten() {
	let dir = tempfile::tempdir().unwrap();
	let attempt = Attempt { block: 7, lost: false, refused: 1 };
	let record = Record {
		units: 20,
		relays: 30,
		claimed: true,
		told_proof: true,
		owned: 1 << 100,
		attempts: Attempts { claim: Some(attempt), proof: None },
		told: true,
		gone_at: Some(9),
	};
	let early = Key { session: 3, ..KEY };
	{
		let store = open(dir.path()).unwrap();
		store.put(&KEY, &record).unwrap();
		store.put(&early, &Record::default()).unwrap();
		store.set_cursor(41).unwrap();
	}
	let store = open(dir.path()).unwrap();
	assert_eq!(store.records().unwrap(), [(early, Record::default()), (KEY, record)]);
	assert_eq!(store.cursor().unwrap(), Some(41));
	store.forget(&early).unwrap();
	assert_eq!(store.records().unwrap(), [(KEY, record)]);
}

#[test]
fn the_stake_that_was_placed_is_remembered() {
	let dir = tempfile::tempdir().unwrap();
	assert_eq!(open(dir.path()).unwrap().placed_stake().unwrap(), None);
	open(dir.path()).unwrap().set_placed_stake(1 << 100).unwrap();
	assert_eq!(open(dir.path()).unwrap().placed_stake().unwrap(), Some(1 << 100));
}

#[test]
fn another_chain_is_refused_in_words() {
	let dir = tempfile::tempdir().unwrap();
	drop(open(dir.path()).unwrap());
	let error = Store::open(dir.path(), &[2; 32]).err().unwrap().to_string();
	assert!(error.contains("belongs to another chain"), "{error}");
	assert!(error.contains("--state"), "{error}");
	// And the refusal changed nothing.
	open(dir.path()).unwrap();
}

#[test]
fn a_second_process_is_refused_in_words() {
	let dir = tempfile::tempdir().unwrap();
	let _first = open(dir.path()).unwrap();
	let error = open(dir.path()).err().unwrap().to_string();
	assert!(error.contains("another supplier is running"), "{error}");
}

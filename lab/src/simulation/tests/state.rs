//! The state in memory against that of the SDK.

use crate::simulation::memory::Memory;
use proptest::prelude::*;
use sp_io::storage;

#[derive(Clone, Debug)]
enum Step {
	Set(u8, u8),
	Clear(u8),
	ClearPrefix(u8),
	Append(u8, u8),
	Next(u8),
	Start,
	Commit,
	Rollback,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	let key = 0u8..6;
	let step = prop_oneof![
		(key.clone(), any::<u8>()).prop_map(|(key, value)| Step::Set(key, value)),
		key.clone().prop_map(Step::Clear),
		(0u8..3).prop_map(Step::ClearPrefix),
		(key.clone(), any::<u8>()).prop_map(|(key, value)| Step::Append(key, value)),
		key.prop_map(Step::Next),
		Just(Step::Start),
		Just(Step::Commit),
		Just(Step::Rollback),
	];
	proptest::collection::vec(step, 0..60)
}

/// Does all steps, and tells all that can be seen after each.
fn seen(steps: &[Step]) -> Vec<Vec<Option<Vec<u8>>>> {
	let key = |number: u8| vec![b'k', number / 2, number];
	let mut depth = 0u32;
	let mut look = |step: &Step| {
		let mut next = None;
		match *step {
			Step::Set(at, value) => storage::set(&key(at), &[4, value]),
			Step::Clear(at) => storage::clear(&key(at)),
			Step::ClearPrefix(at) => {
				let _ = storage::clear_prefix(&[b'k', at], None);
			}
			Step::Append(at, value) => storage::append(&key(at), vec![value]),
			Step::Next(at) => next = storage::next_key(&key(at)),
			Step::Start => {
				storage::start_transaction();
				depth += 1;
			}
			Step::Commit if depth > 0 => {
				storage::commit_transaction();
				depth -= 1;
			}
			Step::Rollback if depth > 0 => {
				storage::rollback_transaction();
				depth -= 1;
			}
			Step::Commit | Step::Rollback => {}
		}
		let values = (0..6).map(|at| storage::get(&key(at)).map(|bytes| bytes.to_vec()));
		values.chain([next]).collect()
	};
	let seen = steps.iter().map(&mut look).collect();
	for _ in 0..depth {
		storage::commit_transaction();
	}
	seen
}

proptest! {
	#[test]
	fn it_cannot_be_told_from_the_state_of_the_sdk(steps in steps()) {
		let here = Memory::default().execute(|| seen(&steps));
		let there = sp_io::TestExternalities::new_empty().execute_with(|| seen(&steps));
		prop_assert_eq!(here, there);
	}
}

#[test]
fn what_is_removed_is_gone() {
	let mut memory = Memory::default();
	memory.execute(|| {
		for number in 0..100u8 {
			storage::set(&[number], b"x");
			storage::clear(&[number]);
		}
		storage::set(b"kept", b"x");
	});
	assert_eq!(memory.contents(), [(b"kept".to_vec(), b"x".to_vec())].into());
}

//! Malformed proofs of relay claims: errors, no panic, no unbounded allocation.

use super::*;
use codec::{Compact, Encode};
use proptest::prelude::*;

/// A claim of a hundred relays of two applications, whose proof is due. Returns the proof.
fn at_the_proof() -> (AccountId, Vec<u8>) {
	for who in [1, 2, 3] {
		join(who, 20);
	}
	let all = [11, 12].map(|account| open_application(account, 40_000, 40_000));
	run_to(start_of(1));
	let served = all.map(|index| serve(2, 1, index, 50));
	run_to(claims_open(1));
	assert_ok!(claim_served(2, 1, &served));
	run_to(seed_of(1));
	let positions = duty(2, 1).unwrap().positions;
	(2, relay_trie(&served).open(&positions).unwrap().encode())
}

fn always_drawn() -> Policy<StandardWork> {
	relaying(RelayTerms { suppliers: 40, ..terms() })
}

/// Everything that is stored, as one hash.
fn state() -> Vec<u8> {
	sp_io::storage::root(sp_runtime::StateVersion::V1)
}

fn malformed() -> Fault {
	Fault::InvalidProof(ProofError::Malformed)
}

/// Section 11: what a proof says about its own size is held against its bytes before anything is made
/// room for.
#[test]
fn huge_lengths_are_refused() {
	on_chain(always_drawn(), || {
		let (who, good) = at_the_proof();
		let most = Compact(u32::MAX).encode();
		// The shape, the nodes and the values say in turn that they are as many as can be counted.
		let leaf = vec![0u8];
		let shapes = [
			most.clone(),
			[leaf.encode(), most.clone()].concat(),
			[leaf.encode(), Compact(0u32).encode(), most.clone()].concat(),
			[leaf.encode(), Compact(0u32).encode(), Compact(1u32).encode(), most].concat(),
		];
		// Deeper than any path, and wider than any claim opens.
		let deep = vec![0b1010_1010u8; 60_000];
		let wide = vec![0xffu8; 60_000];
		for bytes in shapes.into_iter().chain([deep.encode(), wide.encode(), vec![0xff; 65_536]]) {
			assert_noop!(prove(who, 1, bytes), malformed());
		}
		assert_ok!(prove(who, 1, good));
	});
}

/// A longer proof than the chain reads is not even decoded.
#[test]
fn a_proof_that_is_too_long_is_no_call() {
	let call = |length| (9u8, 1u32, 0u32, vec![0u8; length]).encode();
	let decoded = |bytes: Vec<u8>| <Call<Test> as codec::Decode>::decode(&mut &bytes[..]);
	assert!(decoded(call(65_536)).is_ok());
	assert!(decoded(call(65_537)).is_err());
}

/// No byte of a proof is without meaning, and what is refused changes nothing.
#[test]
fn a_proof_with_other_bytes_is_refused() {
	on_chain(always_drawn(), || {
		let (who, good) = at_the_proof();
		for end in (0..good.len()).step_by(11) {
			assert_noop!(prove(who, 1, good[..end].to_vec()), malformed());
		}
		for more in [1, 2, 100] {
			let longer = [good.clone(), vec![0; more]].concat();
			assert_noop!(prove(who, 1, longer), malformed());
		}
		let before = state();
		for byte in 0..good.len() {
			let mut changed = good.clone();
			changed[byte] ^= 1 << (byte % 8);
			assert!(prove(who, 1, changed).is_err(), "byte {byte}");
		}
		assert_eq!(state(), before);
		assert_ok!(prove(who, 1, good));
	});
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
	#[test]
	fn random_bytes_are_refused(
		tries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 200),
	) {
		on_chain(always_drawn(), || {
			let (who, good) = at_the_proof();
			for bytes in tries {
				assert!(prove(who, 1, bytes).is_err());
			}
			assert_ok!(prove(who, 1, good));
		});
	}
}

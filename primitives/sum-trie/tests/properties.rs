//! The trie against the definition of its format, and its proofs against all that may be asked.

mod common;

use codec::Encode;
use common::{leaf, Contents, LIMITS};
use proptest::{collection, prelude::*};
use std::collections::BTreeMap;
use sum_trie::{
	Blake2b256, Error, Hasher, Leaf, Multiproof, NodeRef, Path, Proof, Trie, VerifyError,
};

type H = Blake2b256;

/// The root of `leaves`, straight from the definition.
fn model(leaves: &[&Leaf], depth: usize) -> NodeRef {
	let reference = |preimage: Vec<u8>, sum: u64, count: u64| {
		let numbers = [sum.to_be_bytes(), count.to_be_bytes()].concat();
		NodeRef { digest: H::hash(&[&preimage, &numbers]), sum, count }
	};
	match leaves {
		[] => NodeRef::EMPTY,
		[leaf] => reference([&[0], &leaf.path[..], &leaf.value].concat(), leaf.weight, 1),
		_ => {
			let right = |leaf: &&Leaf| leaf.path[depth / 8] >> (7 - depth % 8) & 1 == 1;
			let (rights, lefts): (Vec<&Leaf>, Vec<&Leaf>) = leaves.iter().copied().partition(right);
			let (left, right) = (model(&lefts, depth + 1), model(&rights, depth + 1));
			let preimage = [&[1], &left.to_bytes()[..], &right.to_bytes()].concat();
			reference(preimage, left.sum + right.sum, left.count + right.count)
		}
	}
}

fn model_root(leaves: &[Leaf]) -> NodeRef {
	model(&leaves.iter().collect::<Vec<_>>(), 0)
}

/// Paths that share a lot, or little.
fn paths() -> impl Strategy<Value = Path> {
	let flips = collection::vec(0usize..256, 0..4);
	let near = flips.prop_map(|flips| {
		let mut path = [0xa5; 32];
		flips.iter().for_each(|bit| path[bit / 8] ^= 0x80 >> (bit % 8));
		path
	});
	prop_oneof![any::<Path>(), near]
}

fn weights() -> impl Strategy<Value = u64> {
	prop_oneof![Just(0), 1..100u64, 0..1u64 << 56]
}

/// Leaves with different paths, in any order.
fn some_leaves(most: usize) -> impl Strategy<Value = Vec<Leaf>> {
	collection::hash_map(paths(), weights(), 0..=most)
		.prop_map(|leaves| leaves.into_iter().map(|(path, weight)| leaf(path, weight)).collect())
}

/// A trie that can be opened, and positions in it.
fn opening() -> impl Strategy<Value = (Trie<H>, Vec<u64>)> {
	let leaves = some_leaves(40).prop_filter("weight", |all| all.iter().any(|l| l.weight > 0));
	leaves.prop_flat_map(|leaves| {
		let trie = Trie::<H>::build(leaves).unwrap();
		let positions = collection::vec(0..trie.sum(), 1..8);
		(Just(trie), positions)
	})
}

fn by_path(leaves: &[Leaf]) -> Vec<&Leaf> {
	leaves.iter().map(|leaf| (leaf.path, leaf)).collect::<BTreeMap<_, _>>().into_values().collect()
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

	#[test]
	fn builds_what_the_definition_says(leaves in some_leaves(40)) {
		let trie = Trie::<H>::build(leaves.clone()).unwrap();
		prop_assert_eq!(trie.root(), model_root(&leaves));
		prop_assert_eq!(trie.sum(), trie.root().sum);
		prop_assert_eq!(trie.count(), leaves.len() as u64);
		prop_assert!(trie.leaves().eq(by_path(&leaves)));
	}

	#[test]
	fn inserting_is_building(leaves in some_leaves(30), built in 0usize..30, at_once in 0usize..30) {
		let built = built.min(leaves.len());
		let at_once = at_once.max(built).min(leaves.len());
		let mut trie = Trie::<H>::build(leaves[..built].to_vec()).unwrap();
		prop_assert_eq!(trie.insert_all(leaves[built..at_once].to_vec()), Ok(()));
		prop_assert_eq!(trie.root(), model_root(&leaves[..at_once]));
		for end in at_once..leaves.len() {
			prop_assert_eq!(trie.insert(leaves[end].clone()), Ok(None));
			prop_assert_eq!(trie.root(), model_root(&leaves[..=end]));
		}
		prop_assert!(trie.leaves().eq(by_path(&leaves)));
	}

	#[test]
	fn replacing_is_building(leaves in some_leaves(30), new in collection::vec(weights(), 30)) {
		let before: Vec<Leaf> = leaves
			.iter()
			.zip(new)
			.map(|(leaf, weight)| Leaf { weight, value: vec![1], ..leaf.clone() })
			.collect();
		let mut trie = Trie::<H>::build(before.clone()).unwrap();
		for (new, old) in leaves.iter().zip(before) {
			prop_assert_eq!(trie.insert(new.clone()), Ok(Some(old)));
			prop_assert_eq!(trie.get(&new.path), Some(new));
		}
		prop_assert_eq!(trie.root(), model_root(&leaves));
		prop_assert_eq!(trie.sum(), trie.root().sum);
	}

	#[cfg(feature = "std")]
	#[test]
	fn threads_make_no_difference(leaves in some_leaves(60), threads in 0usize..6) {
		let trie = Trie::<H>::build_parallel(leaves.clone(), threads).unwrap();
		prop_assert_eq!(trie.root(), model_root(&leaves));
		prop_assert!(trie.leaves().eq(by_path(&leaves)));
	}

	#[test]
	fn paths_may_not_repeat(mut leaves in some_leaves(20), again in any::<prop::sample::Index>()) {
		prop_assume!(!leaves.is_empty());
		leaves.push(again.get(&leaves).clone());
		prop_assert_eq!(Trie::<H>::build(leaves).map(|_| ()), Err(Error::DuplicatePath));
	}

	#[test]
	fn every_member_can_be_shown(leaves in some_leaves(30)) {
		let trie = Trie::<H>::build(leaves.clone()).unwrap();
		let root = trie.root();
		for leaf in &leaves {
			let proof = trie.prove(&leaf.path).unwrap();
			let verified = proof.verify_member::<H>(&root, &leaf.path, &leaf.value, leaf.weight);
			prop_assert_eq!(verified, Ok(()));
			prop_assert!(proof.verify_absence::<H>(&root, &leaf.path).is_err());
			let decoded: Proof = codec::DecodeAll::decode_all(&mut &proof.encode()[..]).unwrap();
			prop_assert_eq!(decoded, proof);
		}
	}

	#[test]
	fn every_absence_can_be_shown(leaves in some_leaves(30), path in paths()) {
		let trie = Trie::<H>::build(leaves).unwrap();
		prop_assume!(trie.get(&path).is_none());
		let proof = trie.prove(&path).unwrap();
		prop_assert_eq!(proof.verify_absence::<H>(&trie.root(), &path), Ok(()));
	}

	#[test]
	fn the_closest_leaf_is_the_closest(leaves in some_leaves(30), challenge in paths()) {
		prop_assume!(!leaves.is_empty());
		let trie = Trie::<H>::build(leaves.clone()).unwrap();
		let proof = trie.prove_closest(&challenge).unwrap();
		let distance = |leaf: &&Leaf| -> Vec<u8> {
			leaf.path.iter().zip(challenge).map(|(a, b)| a ^ b).collect()
		};
		prop_assert_eq!(Some(&proof.leaf), leaves.iter().min_by_key(distance));
		prop_assert_eq!(proof.verify::<H>(&trie.root(), &challenge), Ok(()));
	}

	#[test]
	fn positions_lie_in_the_order_of_paths((trie, positions) in opening()) {
		for position in positions {
			let mut offset = 0;
			let holder = trie.leaves().find(|leaf| {
				offset += leaf.weight;
				position < offset
			});
			let expected = holder.map(|leaf| (offset - leaf.weight, leaf));
			prop_assert_eq!(trie.leaf_at(position), expected);
		}
		prop_assert_eq!(trie.leaf_at(trie.sum()), None);
	}

	#[test]
	fn every_opening_holds((trie, positions) in opening()) {
		let proof = trie.open(&positions).unwrap();
		let contents = Contents::of(trie.leaves());
		prop_assert_eq!(contents.verify(&proof, &trie, &positions), Ok(()));
		let holds = |leaf: &&Leaf| {
			positions.iter().any(|t| trie.leaf_at(*t).is_some_and(|(_, held)| held == *leaf))
		};
		let opened: Vec<&[u8]> = trie.leaves().filter(holds).map(|leaf| &leaf.value[..]).collect();
		prop_assert!(proof.values().eq(opened));
	}

	#[test]
	fn hashes_are_announced((trie, positions) in opening()) {
		thread_local!(static DONE: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
		struct Counting;
		impl Hasher for Counting {
			fn hash(parts: &[&[u8]]) -> [u8; 32] {
				DONE.with(|done| done.set(done.get() + 1));
				H::hash(parts)
			}
		}
		let proof = trie.open(&positions).unwrap();
		let contents = Contents::of(trie.leaves());
		DONE.with(|done| done.set(0));
		let verified =
			proof.verify::<Counting, _>(&trie.root(), &positions, |_, value| contents.resolve(value));
		prop_assert_eq!(verified, Ok(()));
		prop_assert_eq!(DONE.with(|done| done.get()), proof.hashes());
	}

	#[test]
	fn the_resolver_is_told_where_each_leaf_begins((trie, positions) in opening()) {
		let proof = trie.open(&positions).unwrap();
		let verified = proof.verify::<H, ()>(&trie.root(), &positions, |offset, value| {
			let (begins, leaf) = trie.leaf_at(offset).ok_or(())?;
			assert_eq!((begins, leaf.value.as_slice()), (offset, value));
			Ok((leaf.path, leaf.weight))
		});
		prop_assert_eq!(verified, Ok(()));
	}

	#[test]
	fn an_opening_survives_its_bytes((trie, positions) in opening()) {
		let proof = trie.open(&positions).unwrap();
		let bytes = proof.encode();
		prop_assert_eq!(Multiproof::decode_bounded(&bytes, &LIMITS), Ok(proof));
	}

	#[test]
	fn no_byte_of_an_opening_can_change((trie, positions) in opening(), mask in 1u8..) {
		let proof = trie.open(&positions).unwrap();
		let bytes = proof.encode();
		let opened: Vec<&Leaf> = {
			let mut positions = positions.clone();
			positions.sort_unstable();
			let mut leaves: Vec<_> =
				positions.iter().filter_map(|t| trie.leaf_at(*t)).map(|(_, leaf)| leaf).collect();
			leaves.dedup();
			leaves
		};
		for index in 0..bytes.len() {
			let mut changed = bytes.clone();
			changed[index] ^= mask;
			let Ok(proof) = Multiproof::decode_bounded(&changed, &LIMITS) else { continue };
			// This one believes every content to be the one that belongs there.
			let mut expected = opened.iter();
			let verified = proof.verify::<H, _>(&trie.root(), &positions, |_, _| {
				expected.next().map(|leaf| (leaf.path, leaf.weight)).ok_or(())
			});
			prop_assert!(verified.is_err(), "byte {}", index);
		}
		for length in 0..bytes.len() {
			prop_assert!(Multiproof::decode_bounded(&bytes[..length], &LIMITS).is_err());
		}
	}

	#[test]
	fn random_bytes_open_nothing(
		(trie, positions) in opening(),
		bytes in collection::vec(any::<u8>(), 0..300),
	) {
		if let Ok(proof) = Multiproof::decode_bounded(&bytes, &LIMITS) {
			prop_assert_eq!(proof.encode(), bytes);
			let leaf = trie.leaf_at(positions[0]).unwrap().1;
			let resolve = |_: u64, _: &[u8]| Ok::<_, ()>((leaf.path, leaf.weight));
			let verified = proof.verify::<H, _>(&trie.root(), &positions, resolve);
			prop_assert!(verified.is_err());
		}
	}

	#[test]
	fn an_opening_answers_its_positions_only((trie, positions) in opening(), other in any::<u64>()) {
		let other = other % trie.sum();
		let proof = trie.open(&positions).unwrap();
		let holder = |position| trie.leaf_at(position).map(|(offset, _)| offset);
		let held = positions.iter().any(|position| holder(*position) == holder(other));
		let contents = Contents::of(trie.leaves());
		let asked = [&positions[..], &[other]].concat();
		let verified = contents.verify(&proof, &trie, &asked);
		prop_assert_eq!(verified.is_ok(), held, "{:?}", verified);
	}

	#[test]
	fn references_survive_their_bytes(digest in any::<[u8; 32]>(), sum: u64, count: u64) {
		let node = NodeRef { digest, sum, count };
		prop_assert_eq!(NodeRef::from_bytes(&node.to_bytes()), node);
	}
}

#[test]
fn blake2_is_unkeyed_with_32_bytes() {
	let expected = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";
	assert_eq!(hex::encode(Blake2b256::hash(&[b"a", b"", b"bc"])), expected);
}

#[test]
fn weights_fill_64_bits_and_no_more() {
	let mut trie = Trie::<H>::build(vec![leaf([0; 32], 1), leaf([255; 32], u64::MAX - 1)]).unwrap();
	assert_eq!(trie.sum(), u64::MAX);
	let root = trie.root();
	assert_eq!(trie.insert(leaf([1; 32], 1)), Err(Error::SumOverflow));
	assert_eq!(trie.insert(leaf([0; 32], 2)), Err(Error::SumOverflow));
	assert_eq!((trie.root(), trie.count()), (root, 2));
	let last = [u64::MAX - 1];
	let contents = Contents::of(trie.leaves());
	assert_eq!(contents.verify(&trie.open(&last).unwrap(), &trie, &last), Ok(()));
	assert_eq!(trie.open(&[u64::MAX]), Err(Error::PositionOutOfRange));

	let too_much = vec![leaf([0; 32], 2), leaf([255; 32], u64::MAX - 1)];
	assert_eq!(Trie::<H>::build(too_much).map(|_| ()), Err(Error::SumOverflow));
}

#[test]
fn leaves_before_a_failing_one_are_in() {
	let mut trie = Trie::<H>::default();
	let all = [leaf([0; 32], 1), leaf([1; 32], u64::MAX), leaf([2; 32], 1)];
	assert_eq!(trie.insert_all(all.clone()), Err(Error::SumOverflow));
	assert_eq!(trie.root(), model_root(&all[..1]));
}

#[test]
fn the_deepest_paths_open() {
	let mut last = [0; 32];
	last[31] = 1;
	let trie = Trie::<H>::build(vec![leaf([0; 32], 5), leaf(last, 5)]).unwrap();
	let contents = Contents::of(trie.leaves());
	for positions in [&[0][..], &[9], &[0, 9]] {
		let proof = trie.open(positions).unwrap();
		assert_eq!(contents.verify(&proof, &trie, positions), Ok(()));
		assert_eq!(proof.hashes(), 256 + positions.len() as u32);
		assert_eq!(Multiproof::decode_bounded(&proof.encode(), &LIMITS), Ok(proof));
	}
	assert_eq!(trie.prove(&last).unwrap().side_nodes.len(), 256);
}

#[test]
fn nothing_opens_in_an_empty_trie() {
	let trie = Trie::<H>::default();
	assert!(trie.root().is_empty());
	assert_eq!(trie.open(&[0]), Err(Error::EmptyTrie));
	assert_eq!(trie.prove_closest(&[0; 32]), Err(Error::EmptyTrie));
	assert_eq!(trie.leaf_at(0), None);
	let weightless = Trie::<H>::build(vec![leaf([0; 32], 0)]).unwrap();
	assert_eq!(weightless.open(&[0]), Err(Error::PositionOutOfRange));
	assert_eq!(weightless.open(&[]), Err(Error::NoPositions));
}

#[test]
fn errors_say_what_is_wrong() {
	assert_eq!(Error::DuplicatePath.to_string(), "two leaves have the same path");
	let error = VerifyError::Resolver("signature missing");
	assert_eq!(error.to_string(), "a leaf is not acceptable: signature missing");
}

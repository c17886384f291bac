//! Tries and proofs made by Pocket's library, to the byte.
//!
//! The files are those in `vectors`, or in the folder that `SUM_TRIE_VECTORS` names.

mod common;

use common::Contents;
use serde::{de::Error as _, Deserialize, Deserializer};
use std::{env, fs, path::PathBuf};
use sum_trie::{Evidence, Hasher, Leaf, NodeRef, Path, Root, Sha256, Trie};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Case {
	name: String,
	leaves: Option<Vec<Entry>>,
	root: Bytes,
	digest: Bytes,
	sum: u64,
	count: u64,
	proofs: Option<Vec<Membership>>,
	closest: Option<Vec<Closest>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
	key: Bytes,
	value: Bytes,
	weight: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Membership {
	key: Bytes,
	value: Bytes,
	weight: u64,
	side_nodes: Option<Vec<Bytes>>,
	non_membership_leaf_data: Bytes,
	member: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Closest {
	path: Bytes,
	closest_path: Bytes,
	closest_value: Bytes,
	sum: u64,
	depth: usize,
	flipped_bits: Option<Vec<usize>>,
	side_nodes: Option<Vec<Bytes>>,
}

struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
		hex::decode(text).map(Self).map_err(D::Error::custom)
	}
}

impl Bytes {
	fn path(&self) -> Path {
		self.0[..].try_into().expect("a path has 32 bytes")
	}

	fn node(&self) -> NodeRef {
		NodeRef::from_bytes(self.0[..].try_into().expect("a reference has 48 bytes"))
	}
}

fn nodes(list: &Option<Vec<Bytes>>) -> Vec<NodeRef> {
	list.iter().flatten().map(Bytes::node).collect()
}

/// Pocket's path of a key.
fn path(key: &Bytes) -> Path {
	Sha256::hash(&[&key.0])
}

fn preimage(leaf: &Leaf) -> Vec<u8> {
	let weight = leaf.weight.to_be_bytes();
	[&[0], &leaf.path[..], &leaf.value, &weight, &1u64.to_be_bytes()].concat()
}

impl Case {
	fn leaves(&self) -> Vec<Leaf> {
		let entries = self.leaves.iter().flatten();
		entries
			.map(|e| Leaf { path: path(&e.key), value: e.value.0.clone(), weight: e.weight })
			.collect()
	}

	fn trie(&self) -> Trie<Sha256> {
		Trie::build(self.leaves()).expect("their leaves make a trie")
	}
}

fn cases() -> Vec<Case> {
	let folder = env::var_os("SUM_TRIE_VECTORS").map_or_else(
		|| PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("vectors"),
		PathBuf::from,
	);
	let mut cases = Vec::new();
	for entry in fs::read_dir(&folder).expect("the folder of vectors can be read") {
		let file = entry.expect("the folder of vectors can be listed").path();
		if file.extension().is_some_and(|extension| extension == "json") {
			let text = fs::read(&file).expect("the file can be read");
			let more: Vec<Case> = serde_json::from_slice(&text).expect("the file holds vectors");
			cases.extend(more);
		}
	}
	assert!(!cases.is_empty(), "no vectors in {}", folder.display());
	cases
}

#[test]
fn roots_are_theirs() {
	for case in cases() {
		let mut grown = Trie::<Sha256>::default();
		grown.insert_all(case.leaves()).expect("their leaves make a trie");
		for trie in [case.trie(), grown] {
			let root = trie.root();
			assert_eq!(root.to_bytes()[..], case.root.0, "{}", case.name);
			assert_eq!(root, case.root.node(), "{}", case.name);
			assert_eq!(root.digest[..], case.digest.0, "{}", case.name);
			assert_eq!((root.sum, root.count), (case.sum, case.count), "{}", case.name);
			assert_eq!((trie.sum(), trie.count()), (case.sum, case.count), "{}", case.name);
		}
	}
}

#[test]
fn proofs_of_membership_and_absence_are_theirs() {
	for case in cases() {
		let trie = case.trie();
		for theirs in case.proofs.iter().flatten() {
			let path = path(&theirs.key);
			let ours = trie.prove(&path).expect("anything can be proven");
			assert_eq!(ours.side_nodes, nodes(&theirs.side_nodes), "{}", case.name);

			let (value, weight) = (&theirs.value.0, theirs.weight);
			let member = ours.verify_member::<Sha256>(&trie.root(), &path, value, weight);
			let absent = ours.verify_absence::<Sha256>(&trie.root(), &path);
			assert_eq!(member.is_ok(), theirs.member, "{}: {member:?}", case.name);
			assert_eq!(absent.is_ok(), !theirs.member, "{}: {absent:?}", case.name);

			let other = match &ours.evidence {
				Evidence::Other(leaf) => preimage(leaf),
				_ => Vec::new(),
			};
			assert_eq!(other, theirs.non_membership_leaf_data.0, "{}", case.name);
			let held = trie.get(&path).map(|leaf| (&leaf.value, leaf.weight));
			assert_eq!(held, theirs.member.then_some((value, weight)), "{}", case.name);
		}
	}
}

#[test]
fn closest_proofs_are_theirs() {
	for case in cases() {
		let trie = case.trie();
		for theirs in case.closest.iter().flatten() {
			let challenge = theirs.path.path();
			let ours = trie.prove_closest(&challenge).expect("the trie has leaves");
			assert_eq!(ours.leaf.path, theirs.closest_path.path(), "{}", case.name);
			assert_eq!(ours.leaf.value, theirs.closest_value.0, "{}", case.name);
			assert_eq!(ours.leaf.weight, theirs.sum, "{}", case.name);
			assert_eq!(ours.depth(), theirs.depth, "{}", case.name);
			assert_eq!(ours.side_nodes, nodes(&theirs.side_nodes), "{}", case.name);
			let flipped: Vec<usize> = ours.flipped_bits(&challenge).collect();
			assert_eq!(flipped, theirs.flipped_bits.clone().unwrap_or_default(), "{}", case.name);
			assert_eq!(ours.verify::<Sha256>(&trie.root(), &challenge), Ok(()), "{}", case.name);
		}
	}
}

#[test]
fn their_tries_open_at_positions() {
	for case in cases() {
		let trie = case.trie();
		let root: Root = case.root.node();
		let contents = Contents::of(trie.leaves());
		let mut all = Vec::new();
		let mut offset = 0u64;
		for leaf in trie.leaves().filter(|leaf| leaf.weight > 0) {
			let last = offset + (leaf.weight - 1);
			for position in [offset, last] {
				assert_eq!(trie.leaf_at(position), Some((offset, leaf)), "{}", case.name);
				let proof = trie.open(&[position]).expect("the position is in range");
				assert!(proof.values().eq([&leaf.value[..]]), "{}", case.name);
				let verified =
					proof.verify::<Sha256, _>(&root, &[position], |_, v| contents.resolve(v));
				assert_eq!(verified, Ok(()), "{}", case.name);
				all.push(position);
			}
			offset = last.saturating_add(1);
		}
		if !all.is_empty() {
			let proof = trie.open(&all).expect("the positions are in range");
			assert_eq!(contents.verify(&proof, &trie, &all), Ok(()), "{}", case.name);
		}
	}
}

//! What several tests share.
#![allow(dead_code)]

use codec::{Compact, Encode};
use std::collections::BTreeMap;
use sum_trie::{Hasher, Leaf, Limits, Multiproof, Path, Trie, VerifyError};

pub const LIMITS: Limits = Limits { max_leaves: 1_000, max_depth: 256, max_value_len: 1_000 };

/// A resolver that knows all contents: what a value says about its path and weight.
#[derive(Clone, Default)]
pub struct Contents(BTreeMap<Vec<u8>, (Path, u64)>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown;

impl Contents {
	/// Values must differ.
	pub fn of<'a>(leaves: impl IntoIterator<Item = &'a Leaf>) -> Self {
		let known = |leaf: &Leaf| (leaf.value.clone(), (leaf.path, leaf.weight));
		Self(leaves.into_iter().map(known).collect())
	}

	pub fn resolve(&self, value: &[u8]) -> Result<(Path, u64), Unknown> {
		self.0.get(value).copied().ok_or(Unknown)
	}

	pub fn verify<H: Hasher>(
		&self,
		proof: &Multiproof,
		trie: &Trie<H>,
		positions: &[u64],
	) -> Result<(), VerifyError<Unknown>> {
		proof.verify::<H, _>(&trie.root(), positions, |_, value| self.resolve(value))
	}
}

/// A multiproof with nothing hidden, as its bytes have it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, codec::Decode)]
pub struct Raw {
	pub shape: Vec<u8>,
	pub nodes: Vec<RawNode>,
	pub values: Vec<Vec<u8>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, codec::Decode)]
pub struct RawNode {
	pub digest: [u8; 32],
	#[codec(compact)]
	pub sum: u64,
	#[codec(compact)]
	pub count: u64,
}

impl Raw {
	pub fn of(proof: &Multiproof) -> Self {
		codec::DecodeAll::decode_all(&mut &proof.encode()[..]).expect("the layout is this one")
	}

	pub fn decode(&self) -> Result<Multiproof, sum_trie::DecodeError> {
		Multiproof::decode_bounded(&self.encode(), &LIMITS)
	}
}

pub fn compact(number: u32) -> Vec<u8> {
	Compact(number).encode()
}

/// Bits, most significant first, in bytes.
pub fn bits(text: &str) -> Vec<u8> {
	let bits: Vec<u8> = text.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
	bits.chunks(8)
		.map(|c| c.iter().enumerate().fold(0, |byte, (i, b)| byte | b << (7 - i)))
		.collect()
}

/// The path that begins with these bits, and goes on with zeros.
pub fn path(text: &str) -> Path {
	let mut path = [0; 32];
	let head = bits(text);
	path[..head.len()].copy_from_slice(&head);
	path
}

/// A leaf whose value is all its own.
pub fn leaf(path: Path, weight: u64) -> Leaf {
	Leaf { path, value: [&path[..], b"value"].concat(), weight }
}

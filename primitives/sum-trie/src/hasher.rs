//! The hash function of a trie.

use blake2::{digest::consts::U32, Blake2b};
use sha2::Digest;

/// A 256-bit hash function.
///
/// It has no state, so that a runtime can answer it with a host function.
pub trait Hasher {
	/// The hash of all `parts`, one after the other, without anything between them.
	fn hash(parts: &[&[u8]]) -> [u8; 32];
}

/// SHA-256: the hash function of Pocket's tries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sha256;

impl Hasher for Sha256 {
	fn hash(parts: &[&[u8]]) -> [u8; 32] {
		digest::<sha2::Sha256>(parts)
	}
}

/// BLAKE2b with an output of 32 bytes and no key: `blake2_256` of Substrate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blake2b256;

impl Hasher for Blake2b256 {
	fn hash(parts: &[&[u8]]) -> [u8; 32] {
		digest::<Blake2b<U32>>(parts)
	}
}

fn digest<D: Digest<OutputSize = U32>>(parts: &[&[u8]]) -> [u8; 32] {
	let mut state = D::new();
	for part in parts {
		state.update(part);
	}
	state.finalize().into()
}

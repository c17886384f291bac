//! Proofs of the leaf that is closest to a challenge.

use crate::{
	node::{bit, MAX_DEPTH},
	proof::{check_depth, climb},
	Error, Hasher, Leaf, NodeRef, Path, ProofError, Root, Trie,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

/// A proof of the leaf whose path has the smallest XOR distance to a challenge.
///
/// The leaf's depth is the number of side nodes, and the bits in which it differs from the
/// challenge above that depth are those that Pocket's proofs list as flipped.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ClosestProof {
	/// The closest leaf.
	pub leaf: Leaf,
	/// The nodes beside its way, from the bottom up. At most [`MAX_DEPTH`].
	pub side_nodes: Vec<NodeRef>,
}

impl<H: Hasher> Trie<H> {
	/// Proves which leaf is closest to `challenge`. Fails if the trie is empty.
	pub fn prove_closest(&self, challenge: &Path) -> Result<ClosestProof, Error> {
		// Turning back from an empty child and flipping that bit is following the only child there
		// is. So the walk obeys the challenge where paths part, and nowhere else.
		let leaf = self.nearest_leaf(challenge).ok_or(Error::EmptyTrie)?;
		let side_nodes = self.side_nodes(&leaf.path, MAX_DEPTH)?;
		Ok(ClosestProof { leaf: leaf.clone(), side_nodes })
	}
}

impl ClosestProof {
	/// Checks that no other leaf is closer to `challenge`: exactly one leaf can pass.
	///
	/// Hashes at most [`MAX_DEPTH`] inner nodes and one leaf.
	pub fn verify<H: Hasher>(&self, root: &Root, challenge: &Path) -> Result<(), ProofError> {
		check_depth(&self.side_nodes)?;
		for (depth, side) in (0..self.side_nodes.len()).rev().zip(&self.side_nodes) {
			if bit(challenge, depth) != bit(&self.leaf.path, depth) && !side.is_empty() {
				return Err(ProofError::NotClosest);
			}
		}
		climb::<H>(root, &self.leaf.path, self.leaf.reference::<H>(), &self.side_nodes)
	}

	/// The depth at which the leaf stands.
	pub fn depth(&self) -> usize {
		self.side_nodes.len()
	}

	/// The depths at which `challenge` had to be left, from the top down.
	pub fn flipped_bits<'a>(&'a self, challenge: &'a Path) -> impl Iterator<Item = usize> + 'a {
		(0..self.depth()).filter(|depth| bit(challenge, *depth) != bit(&self.leaf.path, *depth))
	}
}

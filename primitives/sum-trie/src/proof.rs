//! Proofs that a leaf is in a trie, and that a path is not.

use crate::{
	node::{bit, common_bits, MAX_DEPTH},
	Error, Hasher, Leaf, NodeRef, Path, ProofError, Root, Trie,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

/// A proof of what stands where a path leads.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Proof {
	/// The nodes beside the way, from the bottom up. At most [`MAX_DEPTH`].
	pub side_nodes: Vec<NodeRef>,
	/// What stands at the end of the way.
	pub evidence: Evidence,
}

/// What stands at the end of the way along a path.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Evidence {
	/// The leaf with this path.
	Member,
	/// Nothing.
	Empty,
	/// A leaf with another path that begins alike.
	Other(Leaf),
}

impl<H: Hasher> Trie<H> {
	/// Proves that `path` has a leaf, or that it has none.
	pub fn prove(&self, path: &Path) -> Result<Proof, Error> {
		let Some(leaf) = self.nearest_leaf(path) else {
			return Ok(Proof { side_nodes: Vec::new(), evidence: Evidence::Empty });
		};
		let shared = common_bits(&leaf.path, path);
		let side_nodes = self.side_nodes(path, shared)?;
		let evidence = if leaf.path == *path {
			Evidence::Member
		} else if side_nodes.len() > shared {
			Evidence::Empty
		} else {
			Evidence::Other(leaf.clone())
		};
		Ok(Proof { side_nodes, evidence })
	}
}

impl Proof {
	/// Checks that the leaf at `path` holds `value` with `weight`.
	///
	/// Hashes at most [`MAX_DEPTH`] inner nodes and one leaf.
	pub fn verify_member<H: Hasher>(
		&self,
		root: &Root,
		path: &Path,
		value: &[u8],
		weight: u64,
	) -> Result<(), ProofError> {
		if self.evidence != Evidence::Member {
			return Err(ProofError::WrongEvidence);
		}
		check_depth(&self.side_nodes)?;
		climb::<H>(root, path, NodeRef::leaf::<H>(path, value, weight), &self.side_nodes)
	}

	/// Checks that no leaf has this `path`.
	///
	/// Hashes at most [`MAX_DEPTH`] inner nodes and one leaf.
	pub fn verify_absence<H: Hasher>(&self, root: &Root, path: &Path) -> Result<(), ProofError> {
		check_depth(&self.side_nodes)?;
		let end = match &self.evidence {
			Evidence::Member => return Err(ProofError::WrongEvidence),
			Evidence::Empty => NodeRef::EMPTY,
			Evidence::Other(leaf) if leaf.path == *path => return Err(ProofError::NotAbsent),
			Evidence::Other(leaf) => {
				if common_bits(&leaf.path, path) < self.side_nodes.len() {
					return Err(ProofError::Unrelated);
				}
				leaf.reference::<H>()
			}
		};
		climb::<H>(root, path, end, &self.side_nodes)
	}
}

pub(crate) fn check_depth(side_nodes: &[NodeRef]) -> Result<(), ProofError> {
	if side_nodes.len() > MAX_DEPTH {
		return Err(ProofError::TooManySideNodes);
	}
	Ok(())
}

/// Goes from `node`, at the end of the way along `path`, up to `root`.
pub(crate) fn climb<H: Hasher>(
	root: &Root,
	path: &Path,
	mut node: NodeRef,
	side_nodes: &[NodeRef],
) -> Result<(), ProofError> {
	for (depth, side) in (0..side_nodes.len()).rev().zip(side_nodes) {
		if side.count == 0 && !side.is_empty() {
			return Err(ProofError::NoLeaves);
		}
		// A leaf stands at the first depth at which it is alone: beside nothing are several.
		if (side.is_empty() || node.is_empty()) && side.count.max(node.count) < 2 {
			return Err(ProofError::NotMinimal);
		}
		node = NodeRef::inner_at::<H>(bit(path, depth), &node, side).ok_or(ProofError::Overflow)?;
	}
	if node != *root {
		return Err(ProofError::WrongRoot);
	}
	Ok(())
}

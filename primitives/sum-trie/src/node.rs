//! References to nodes, the preimages that they commit to, and paths.

use crate::Hasher;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The place of a leaf: bits are read most significant first, 0 turns left, 1 turns right.
pub type Path = [u8; 32];

/// The reference of the node at the top: what a claim commits to.
pub type Root = NodeRef;

/// The largest depth of a leaf, and so the largest number of side nodes of a proof.
pub const MAX_DEPTH: usize = 256;

const LEAF_PREFIX: u8 = 0;
const INNER_PREFIX: u8 = 1;

/// What is stored under a path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Leaf {
	/// Where it stands.
	pub path: Path,
	/// Its content, committed to as it is.
	pub value: Vec<u8>,
	/// What it adds to the sum of the trie. Zero is allowed.
	pub weight: u64,
}

impl Leaf {
	/// The reference of this leaf. Its count is 1.
	pub fn reference<H: Hasher>(&self) -> NodeRef {
		NodeRef::leaf::<H>(&self.path, &self.value, self.weight)
	}
}

/// A reference to a node: its digest, and the sum and the count of the leaves below it.
///
/// SCALE writes the numbers little-endian, as always; what is hashed is [`NodeRef::to_bytes`].
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct NodeRef {
	/// The hash of the node's preimage.
	pub digest: [u8; 32],
	/// The weights of all leaves below, added.
	pub sum: u64,
	/// The number of leaves below.
	pub count: u64,
}

impl NodeRef {
	/// The size of a reference inside a preimage, in bytes.
	pub const SIZE: usize = 48;

	/// The reference to nothing: all zeros.
	pub const EMPTY: Self = Self { digest: [0; 32], sum: 0, count: 0 };

	/// Whether this refers to nothing.
	pub fn is_empty(&self) -> bool {
		*self == Self::EMPTY
	}

	/// Digest, sum and count, the numbers big-endian: the form that is hashed, and Pocket's roots.
	pub fn to_bytes(&self) -> [u8; Self::SIZE] {
		let mut bytes = [0; Self::SIZE];
		fill(&mut bytes, &[&self.digest, &self.sum.to_be_bytes(), &self.count.to_be_bytes()]);
		bytes
	}

	/// The inverse of [`Self::to_bytes`].
	pub fn from_bytes(bytes: &[u8; Self::SIZE]) -> Self {
		let mut node = Self::EMPTY;
		let (digest, numbers) = bytes.split_at(32);
		fill(&mut node.digest, &[digest]);
		let (sum, count) = numbers.split_at(8);
		node.sum = big_endian(sum);
		node.count = big_endian(count);
		node
	}

	/// The reference of a leaf. Its count is 1.
	pub fn leaf<H: Hasher>(path: &Path, value: &[u8], weight: u64) -> Self {
		let mut head = [LEAF_PREFIX; 33];
		fill(&mut head, &[&[LEAF_PREFIX], path]);
		let mut tail = [0; 16];
		fill(&mut tail, &[&weight.to_be_bytes(), &1u64.to_be_bytes()]);
		Self { digest: H::hash(&[&head, value, &tail]), sum: weight, count: 1 }
	}

	/// The reference of the inner node with these children; `None` if a sum or a count overflows.
	pub fn inner<H: Hasher>(left: &Self, right: &Self) -> Option<Self> {
		let sum = left.sum.checked_add(right.sum)?;
		let count = left.count.checked_add(right.count)?;
		let mut preimage = [0; 113];
		let parts: [&[u8]; 9] = [
			&[INNER_PREFIX],
			&left.digest,
			&left.sum.to_be_bytes(),
			&left.count.to_be_bytes(),
			&right.digest,
			&right.sum.to_be_bytes(),
			&right.count.to_be_bytes(),
			&sum.to_be_bytes(),
			&count.to_be_bytes(),
		];
		fill(&mut preimage, &parts);
		Some(Self { digest: H::hash(&[&preimage]), sum, count })
	}

	/// The inner node with `child` on the side to which `right` points, and `other` beside it.
	pub(crate) fn inner_at<H: Hasher>(right: bool, child: &Self, other: &Self) -> Option<Self> {
		if right {
			Self::inner::<H>(other, child)
		} else {
			Self::inner::<H>(child, other)
		}
	}
}

/// The bit of `path` that is decided at `depth`: false turns left, true right.
pub(crate) fn bit(path: &Path, depth: usize) -> bool {
	path.get(depth / 8).is_some_and(|byte| (byte << (depth % 8)) & 0x80 != 0)
}

/// The number of leading bits that two paths share: 256 if they are the same.
pub(crate) fn common_bits(a: &Path, b: &Path) -> usize {
	let mut shared = 0usize;
	for (x, y) in a.iter().zip(b) {
		if x != y {
			return shared.saturating_add((x ^ y).leading_zeros() as usize);
		}
		shared = shared.saturating_add(8);
	}
	shared
}

/// Copies `parts`, one after the other, into `target`.
fn fill(target: &mut [u8], parts: &[&[u8]]) {
	let mut rest = target;
	for part in parts {
		let Some((here, after)) = rest.split_at_mut_checked(part.len()) else {
			return;
		};
		here.copy_from_slice(part);
		rest = after;
	}
}

fn big_endian(bytes: &[u8]) -> u64 {
	bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

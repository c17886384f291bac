//! Openings at weight positions: making them, and their bytes.

use crate::{
	node::bit,
	shape::{Reader, Step, Writer},
	trie::{Link, Node},
	DecodeError, Error, Hasher, NodeRef, Trie, MAX_DEPTH,
};
use alloc::vec::Vec;
use codec::{Compact, Decode, Encode, Output};

/// The leaves that hold some positions, and what is needed to rebuild the root from them.
///
/// A leaf gives its value only. What its path and its weight are is for the verifier to say, from
/// the value. In SCALE this is `(Vec<u8>, Vec<([u8; 32], Compact<u64>, Compact<u64>)>,
/// Vec<Vec<u8>>)`: the shape, the nodes that are not opened and the values, all from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multiproof {
	pub(crate) shape: Vec<u8>,
	pub(crate) nodes: Vec<NodeRef>,
	pub(crate) values: Vec<Vec<u8>>,
	hashes: u32,
}

/// What a decoded [`Multiproof`] may be at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
	/// Opened leaves.
	pub max_leaves: u32,
	/// The depth of an opened leaf; [`MAX_DEPTH`] holds even if this is more.
	pub max_depth: u16,
	/// The bytes of one value.
	pub max_value_len: u32,
}

/// What is still to be written.
enum Todo<'a> {
	/// The subtree behind a link, which starts at a depth and an offset and holds some positions.
	Open { link: Link, depth: usize, offset: u64, positions: &'a [u64] },
	/// A node that is not opened.
	Beside(Link),
}

impl<H: Hasher> Trie<H> {
	/// Opens the leaves that hold `positions`, given in any order and as often as one likes.
	///
	/// A leaf holds the positions from the weight of all leaves before it, in the order of their
	/// paths, up to but not including that plus its own weight.
	pub fn open(&self, positions: &[u64]) -> Result<Multiproof, Error> {
		if self.count() == 0 {
			return Err(Error::EmptyTrie);
		}
		let mut positions = positions.to_vec();
		positions.sort_unstable();
		positions.dedup();
		let last = positions.last().ok_or(Error::NoPositions)?;
		if *last >= self.sum() {
			return Err(Error::PositionOutOfRange);
		}

		let mut shape = Writer::default();
		let (mut nodes, mut values, mut hashes) = (Vec::new(), Vec::new(), 0u32);
		let mut todo =
			Vec::from([Todo::Open { link: self.root, depth: 0, offset: 0, positions: &positions }]);
		while let Some(next) = todo.pop() {
			let (link, depth, offset, positions) = match next {
				Todo::Beside(link) => {
					nodes.push(self.node(link).reference());
					continue;
				}
				Todo::Open { link, depth, offset, positions } => (link, depth, offset, positions),
			};
			hashes = hashes.saturating_add(1);
			let branch = match self.node(link) {
				Node::Branch(branch) => branch,
				Node::Leaf(slot) => {
					shape.step(Step::Leaf);
					values.push(slot.leaf.value.clone());
					continue;
				}
				Node::Empty => continue,
			};
			let way = branch.way(&self.slots);
			for depth in depth..branch.depth() {
				shape.step(Step::Chain { right: bit(&way, depth) });
				hashes = hashes.saturating_add(1);
			}

			let depth = branch.depth().saturating_add(1);
			let middle = offset.saturating_add(self.node(branch.left).reference().sum);
			let (left, right) = positions.split_at(positions.partition_point(|t| *t < middle));
			let left = match left {
				[] => Todo::Beside(branch.left),
				positions => Todo::Open { link: branch.left, depth, offset, positions },
			};
			let right = match right {
				[] => Todo::Beside(branch.right),
				positions => Todo::Open { link: branch.right, depth, offset: middle, positions },
			};
			shape.step(match (&left, &right) {
				(Todo::Beside(_), _) => Step::Beside { right: true },
				(_, Todo::Beside(_)) => Step::Beside { right: false },
				_ => Step::Both,
			});
			todo.extend([right, left]);
		}
		Ok(Multiproof { shape: shape.finish(), nodes, values, hashes })
	}
}

impl Multiproof {
	/// Reads a proof from bytes that anyone may have made.
	///
	/// Allocates no more than `bytes` has room for. There is one encoding of each proof only.
	pub fn decode_bounded(bytes: &[u8], limits: &Limits) -> Result<Self, DecodeError> {
		let mut input = bytes;
		let shape = take_bytes(&mut input, u32::MAX)?.to_vec();
		let extent = Extent::of(&shape, limits)?;

		expect_length(&mut input, extent.nodes)?;
		let mut nodes = Vec::with_capacity(fitting(extent.nodes, MIN_NODE, input)?);
		for _ in 0..extent.nodes {
			let node = Node48::decode(&mut input).map_err(malformed)?;
			let node = NodeRef { digest: node.0, sum: node.1 .0, count: node.2 .0 };
			if node.count == 0 {
				return Err(DecodeError::EmptyNode);
			}
			nodes.push(node);
		}

		expect_length(&mut input, extent.leaves)?;
		let mut values = Vec::with_capacity(fitting(extent.leaves, MIN_VALUE, input)?);
		for _ in 0..extent.leaves {
			values.push(take_bytes(&mut input, limits.max_value_len)?.to_vec());
		}
		if !input.is_empty() {
			return Err(DecodeError::TrailingBytes);
		}
		Ok(Self { shape, nodes, values, hashes: extent.hashes })
	}

	/// The number of hashes that [`Self::verify`] does at most: one for each opened leaf, over its
	/// value and 49 bytes, and the rest over 113 bytes each.
	pub fn hashes(&self) -> u32 {
		self.hashes
	}

	/// The values of the opened leaves, in the order of their paths.
	pub fn values(&self) -> impl ExactSizeIterator<Item = &[u8]> {
		self.values.iter().map(Vec::as_slice)
	}
}

impl Encode for Multiproof {
	fn size_hint(&self) -> usize {
		let nodes = self.nodes.len().saturating_mul(NodeRef::SIZE);
		self.shape.size_hint().saturating_add(nodes).saturating_add(self.values.size_hint())
	}

	fn encode_to<T: Output + ?Sized>(&self, output: &mut T) {
		self.shape.encode_to(output);
		Compact(self.nodes.len() as u32).encode_to(output);
		self.nodes.iter().for_each(|node| compact(node).encode_to(output));
		self.values.encode_to(output);
	}
}

type Node48 = ([u8; 32], Compact<u64>, Compact<u64>);

/// The fewest bytes that a node and a value take.
const MIN_NODE: usize = 34;
const MIN_VALUE: usize = 1;

fn compact(node: &NodeRef) -> Node48 {
	(node.digest, Compact(node.sum), Compact(node.count))
}

/// What a shape asks for.
struct Extent {
	leaves: u32,
	nodes: u32,
	hashes: u32,
}

impl Extent {
	fn of(shape: &[u8], limits: &Limits) -> Result<Self, DecodeError> {
		let max_depth = limits.max_depth.min(MAX_DEPTH as u16);
		let mut reader = Reader::new(shape);
		let mut extent = Self { leaves: 0, nodes: 0, hashes: 0 };
		// The depths of right sides still to come: at most one for each depth.
		let mut waiting: Vec<u16> = Vec::new();
		let mut depth = 0u16;
		loop {
			let step = reader.step().ok_or(DecodeError::BadShape)?;
			extent.hashes = extent.hashes.saturating_add(1);
			let below = depth.saturating_add(1);
			match step {
				Step::Leaf => {
					extent.leaves = extent.leaves.saturating_add(1);
					if extent.leaves > limits.max_leaves {
						return Err(DecodeError::TooManyLeaves);
					}
					let Some(next) = waiting.pop() else { break };
					depth = next;
					continue;
				}
				Step::Beside { .. } => extent.nodes = extent.nodes.saturating_add(1),
				Step::Chain { .. } => {}
				Step::Both => waiting.push(below),
			}
			if below > max_depth {
				return Err(DecodeError::TooDeep);
			}
			depth = below;
		}
		if reader.ends_here() {
			Ok(extent)
		} else {
			Err(DecodeError::BadShape)
		}
	}
}

fn malformed(_: codec::Error) -> DecodeError {
	DecodeError::Malformed
}

fn length(input: &mut &[u8]) -> Result<u32, DecodeError> {
	Compact::<u32>::decode(input).map(|length| length.0).map_err(malformed)
}

fn expect_length(input: &mut &[u8], expected: u32) -> Result<(), DecodeError> {
	if length(input)? != expected {
		return Err(DecodeError::WrongLength);
	}
	Ok(())
}

/// `count`, if that many things of at least `least` bytes can follow.
fn fitting(count: u32, least: usize, input: &[u8]) -> Result<usize, DecodeError> {
	let count = count as usize;
	match count.checked_mul(least) {
		Some(bytes) if bytes <= input.len() => Ok(count),
		_ => Err(DecodeError::Malformed),
	}
}

/// Bytes with their length before them.
fn take_bytes<'a>(input: &mut &'a [u8], max: u32) -> Result<&'a [u8], DecodeError> {
	let length = length(input)?;
	if length > max {
		return Err(DecodeError::ValueTooLong);
	}
	let (bytes, rest) = input.split_at_checked(length as usize).ok_or(DecodeError::Malformed)?;
	*input = rest;
	Ok(bytes)
}

//! Openings at weight positions: what a verifier does.

use crate::{
	node::common_bits,
	shape::{Reader, Step},
	Hasher, Multiproof, NodeRef, Path, Root, VerifyError, MAX_DEPTH,
};
use alloc::vec::Vec;

/// An inner node on the way to the current place.
enum Turn {
	/// The way went left; to the right is nothing, a node not opened, or more to open.
	Left(Right),
	/// The way went right, past this.
	Right(NodeRef),
}

#[derive(Clone, Copy)]
enum Right {
	Empty,
	Beside,
	Open,
}

impl Multiproof {
	/// Checks that these are the leaves that hold `positions` in the trie with this `root`.
	///
	/// `resolve` is given the first position that an opened leaf holds, and its value. It says what
	/// path and weight that value must have, or that it is not acceptable there. It is called at most
	/// once for each opened leaf, from left to right.
	///
	/// Does at most [`Self::hashes`] hashes, and sorts `positions`, which may repeat.
	pub fn verify<H: Hasher, E>(
		&self,
		root: &Root,
		positions: &[u64],
		mut resolve: impl FnMut(u64, &[u8]) -> Result<(Path, u64), E>,
	) -> Result<(), VerifyError<E>> {
		if root.is_empty() {
			return Err(VerifyError::EmptyTrie);
		}
		let mut positions = positions.to_vec();
		positions.sort_unstable();
		if *positions.last().ok_or(VerifyError::NoPositions)? >= root.sum {
			return Err(VerifyError::PositionOutOfRange);
		}

		let mut walk = Walk {
			nodes: &self.nodes,
			positions: &positions,
			offset: 0,
			turns: Vec::new(),
			way: [0; 32],
		};
		let mut reader = Reader::new(&self.shape);
		let mut values = self.values.iter();
		loop {
			match reader.step().ok_or(VerifyError::Malformed)? {
				Step::Chain { right: true } => walk.descend(Turn::Right(NodeRef::EMPTY))?,
				Step::Chain { right: false } => walk.descend(Turn::Left(Right::Empty))?,
				Step::Beside { right: true } => {
					let left = walk.beside()?;
					walk.descend(Turn::Right(left))?
				}
				Step::Beside { right: false } => walk.descend(Turn::Left(Right::Beside))?,
				Step::Both => walk.descend(Turn::Left(Right::Open))?,
				Step::Leaf => {
					let value = values.next().ok_or(VerifyError::Malformed)?;
					let leaf = walk.leaf::<H, E>(value, &mut resolve)?;
					if let Some(top) = walk.climb::<H, E>(leaf)? {
						if !walk.positions.is_empty() {
							return Err(VerifyError::PositionNotOpened);
						}
						if !(walk.nodes.is_empty() && values.next().is_none() && reader.ends_here())
						{
							return Err(VerifyError::Malformed);
						}
						return if top == *root { Ok(()) } else { Err(VerifyError::WrongRoot) };
					}
				}
			}
		}
	}
}

struct Walk<'a> {
	/// Nodes that are not opened and still to come.
	nodes: &'a [NodeRef],
	/// Positions that no leaf so far holds, in order.
	positions: &'a [u64],
	/// The weight of everything to the left.
	offset: u64,
	/// The inner nodes above the current place: at most [`MAX_DEPTH`].
	turns: Vec<Turn>,
	/// The turns taken to the current place, as the leading bits of a path.
	way: Path,
}

impl Walk<'_> {
	fn descend<E>(&mut self, turn: Turn) -> Result<(), VerifyError<E>> {
		let depth = self.turns.len();
		if depth >= MAX_DEPTH {
			return Err(VerifyError::Malformed);
		}
		self.turn(depth, matches!(turn, Turn::Right(_)));
		self.turns.push(turn);
		Ok(())
	}

	fn turn(&mut self, depth: usize, right: bool) {
		let mask = 0x80 >> (depth % 8);
		if let Some(byte) = self.way.get_mut(depth / 8) {
			*byte = if right { *byte | mask } else { *byte & !mask };
		}
	}

	/// The next node that is not opened. It lies left of all that follows.
	fn beside<E>(&mut self) -> Result<NodeRef, VerifyError<E>> {
		let (node, rest) = self.nodes.split_first().ok_or(VerifyError::Malformed)?;
		self.nodes = rest;
		self.advance(node.sum)?;
		Ok(*node)
	}

	fn advance<E>(&mut self, weight: u64) -> Result<(), VerifyError<E>> {
		self.offset = self.offset.checked_add(weight).ok_or(VerifyError::Overflow)?;
		Ok(())
	}

	/// Checks the leaf at the current place, and takes the positions that it holds.
	fn leaf<H: Hasher, E>(
		&mut self,
		value: &[u8],
		resolve: &mut impl FnMut(u64, &[u8]) -> Result<(Path, u64), E>,
	) -> Result<NodeRef, VerifyError<E>> {
		let first = self.positions.first().ok_or(VerifyError::UnaskedLeaf)?;
		if *first < self.offset {
			return Err(VerifyError::PositionNotOpened);
		}
		let (path, weight) = resolve(self.offset, value).map_err(VerifyError::Resolver)?;
		self.advance(weight)?;
		if *first >= self.offset {
			return Err(VerifyError::UnaskedLeaf);
		}
		let held = self.positions.partition_point(|position| *position < self.offset);
		self.positions = self.positions.get(held..).unwrap_or_default();
		if common_bits(&path, &self.way) < self.turns.len() {
			return Err(VerifyError::WrongPlace);
		}
		Ok(NodeRef::leaf::<H>(&path, value, weight))
	}

	/// Goes up from a complete node to the next right side to open, or to the top.
	fn climb<H: Hasher, E>(
		&mut self,
		mut node: NodeRef,
	) -> Result<Option<NodeRef>, VerifyError<E>> {
		while let Some(turn) = self.turns.pop() {
			let (left, right) = match turn {
				Turn::Right(left) => (left, node),
				Turn::Left(Right::Empty) => (node, NodeRef::EMPTY),
				Turn::Left(Right::Beside) => (node, self.beside()?),
				Turn::Left(Right::Open) => {
					self.descend(Turn::Right(node))?;
					return Ok(None);
				}
			};
			node = NodeRef::inner::<H>(&left, &right).ok_or(VerifyError::Overflow)?;
		}
		Ok(Some(node))
	}
}

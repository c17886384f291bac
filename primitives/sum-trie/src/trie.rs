//! The trie itself, and the ways through it.
//!
//! Only leaves and places where two of them part are stored. The single-child nodes between two
//! such places are hashed as the format asks, but never kept: a branch knows the reference of the
//! topmost node of the chain above it, which is what everything beside that chain needs.

use crate::{node::bit, Error, Hasher, Leaf, NodeRef, Path, Root};
use alloc::vec::Vec;
use core::{fmt, marker::PhantomData};

/// A sparse Merkle sum trie, all in memory.
///
/// Leaves can be added and replaced, not removed. Every reading method takes `&self` and sees all
/// that was added before.
pub struct Trie<H> {
	pub(crate) slots: Vec<Slot>,
	/// After a build, every branch comes after all branches below it, the right child's last.
	pub(crate) branches: Vec<Branch>,
	pub(crate) root: Link,
	pub(crate) sum: u64,
	pub(crate) hasher: PhantomData<fn() -> H>,
}

/// A leaf and its digest.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
	pub(crate) leaf: Leaf,
	pub(crate) digest: [u8; 32],
}

/// A place where paths part. One cache line.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
	/// The reference of the topmost node of the chain that leads here.
	pub(crate) top: NodeRef,
	pub(crate) left: Link,
	pub(crate) right: Link,
	/// Any leaf below: its path shows the way that the chain takes.
	pub(crate) leaf: u32,
	/// The bit at which the paths below part.
	pub(crate) depth: u8,
	/// The depth at which `top` stands: just below the branch above.
	pub(crate) top_depth: u8,
	/// `top` does not hold any more, nor do those above.
	pub(crate) stale: bool,
}

/// The index of a leaf (topmost bit set) or of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link(u32);

impl Link {
	const LEAF: u32 = 1 << 31;
	pub(crate) const NONE: Self = Self(u32::MAX);

	pub(crate) fn leaf(index: usize) -> Result<Self, Error> {
		match u32::try_from(index) {
			Ok(index) if index < Self::LEAF - 1 => Ok(Self(index | Self::LEAF)),
			_ => Err(Error::TooManyLeaves),
		}
	}

	pub(crate) fn branch(index: usize) -> Result<Self, Error> {
		match u32::try_from(index) {
			Ok(index) if index < Self::LEAF => Ok(Self(index)),
			_ => Err(Error::TooManyLeaves),
		}
	}

	pub(crate) fn index(self) -> usize {
		(self.0 & !Self::LEAF) as usize
	}

	/// This link for one who keeps the branches from index `start` on only.
	pub(crate) fn counted_from(self, start: usize) -> Self {
		if self.0 & Self::LEAF != 0 {
			self
		} else {
			Self(self.0.wrapping_sub(start as u32))
		}
	}

	/// What this leads to, given where leaves and branches are kept.
	pub(crate) fn node<'a>(self, slots: &'a [Slot], branches: &'a [Branch]) -> Node<'a> {
		if self.0 & Self::LEAF != 0 {
			slots.get(self.index()).map_or(Node::Empty, Node::Leaf)
		} else {
			branches.get(self.index()).map_or(Node::Empty, Node::Branch)
		}
	}
}

/// What a [`Link`] leads to.
#[derive(Clone, Copy)]
pub(crate) enum Node<'a> {
	Empty,
	Leaf(&'a Slot),
	Branch(&'a Branch),
}

impl Node<'_> {
	/// The reference just below the branch above.
	pub(crate) fn reference(&self) -> NodeRef {
		match self {
			Self::Empty => NodeRef::EMPTY,
			Self::Leaf(slot) => NodeRef { digest: slot.digest, sum: slot.leaf.weight, count: 1 },
			Self::Branch(branch) => branch.top,
		}
	}
}

impl Branch {
	pub(crate) fn depth(&self) -> usize {
		self.depth.into()
	}

	pub(crate) fn child(&self, right: bool) -> Link {
		if right {
			self.right
		} else {
			self.left
		}
	}

	/// The path of a leaf below, by which the chain above goes.
	pub(crate) fn way(&self, slots: &[Slot]) -> Path {
		slots.get(self.leaf as usize).map_or([0; 32], |slot| slot.leaf.path)
	}

	/// The reference of the node of this branch's chain that stands at `depth`.
	pub(crate) fn reference_at<H: Hasher>(
		&self,
		depth: usize,
		left: &NodeRef,
		right: &NodeRef,
		way: &Path,
	) -> Result<NodeRef, Error> {
		let mut node = NodeRef::inner::<H>(left, right).ok_or(Error::SumOverflow)?;
		for above in (depth..self.depth()).rev() {
			node = NodeRef::inner_at::<H>(bit(way, above), &node, &NodeRef::EMPTY)
				.ok_or(Error::SumOverflow)?;
		}
		Ok(node)
	}

	/// Brings `top` up to date with the references of the children.
	pub(crate) fn refresh<H: Hasher>(
		&mut self,
		left: &NodeRef,
		right: &NodeRef,
		slots: &[Slot],
	) -> Result<(), Error> {
		let way = self.way(slots);
		self.top = self.reference_at::<H>(self.top_depth.into(), left, right, &way)?;
		self.stale = false;
		Ok(())
	}
}

// Derived, these would ask the same of the hasher.
impl<H> Clone for Trie<H> {
	fn clone(&self) -> Self {
		Self { slots: self.slots.clone(), branches: self.branches.clone(), ..*self }
	}
}

impl<H: Hasher> fmt::Debug for Trie<H> {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let leaves: Vec<&Leaf> = self.leaves().collect();
		f.debug_struct("Trie").field("root", &self.root()).field("leaves", &leaves).finish()
	}
}

impl<H> Default for Trie<H> {
	fn default() -> Self {
		Self {
			slots: Vec::new(),
			branches: Vec::new(),
			root: Link::NONE,
			sum: 0,
			hasher: PhantomData,
		}
	}
}

impl<H: Hasher> Trie<H> {
	/// The reference of the whole trie; [`NodeRef::EMPTY`] if it has no leaf.
	pub fn root(&self) -> Root {
		self.node(self.root).reference()
	}

	/// The weights of all leaves, added.
	pub fn sum(&self) -> u64 {
		self.sum
	}

	/// The number of leaves.
	pub fn count(&self) -> u64 {
		self.slots.len() as u64
	}

	/// The leaf with this path.
	pub fn get(&self, path: &Path) -> Option<&Leaf> {
		self.nearest_leaf(path).filter(|leaf| leaf.path == *path)
	}

	/// The leaves in the order of their paths.
	pub fn leaves(&self) -> impl Iterator<Item = &Leaf> {
		let mut open = Vec::from([self.root]);
		core::iter::from_fn(move || loop {
			match self.node(open.pop()?) {
				Node::Empty => {}
				Node::Leaf(slot) => return Some(&slot.leaf),
				Node::Branch(branch) => open.extend([branch.right, branch.left]),
			}
		})
	}

	/// The leaf that holds `position`, and the weight of all leaves before it.
	pub fn leaf_at(&self, position: u64) -> Option<(u64, &Leaf)> {
		let (mut link, mut offset) = (self.root, 0u64);
		loop {
			match self.node(link) {
				Node::Empty => return None,
				Node::Leaf(slot) => {
					let held = position.checked_sub(offset)? < slot.leaf.weight;
					return held.then_some((offset, &slot.leaf));
				}
				Node::Branch(branch) => {
					let middle = offset.saturating_add(self.node(branch.left).reference().sum);
					let right = position >= middle;
					link = branch.child(right);
					offset = if right { middle } else { offset };
				}
			}
		}
	}

	pub(crate) fn node(&self, link: Link) -> Node<'_> {
		link.node(&self.slots, &self.branches)
	}

	pub(crate) fn branch_mut(&mut self, link: Link) -> Option<&mut Branch> {
		match link.node(&self.slots, &self.branches) {
			Node::Branch(_) => self.branches.get_mut(link.index()),
			_ => None,
		}
	}

	/// The leaf at which one ends by following `path` wherever there is a choice.
	pub(crate) fn nearest(&self, path: &Path) -> Link {
		let mut link = self.root;
		while let Node::Branch(branch) = self.node(link) {
			link = branch.child(bit(path, branch.depth()));
		}
		link
	}

	pub(crate) fn nearest_leaf(&self, path: &Path) -> Option<&Leaf> {
		match self.node(self.nearest(path)) {
			Node::Leaf(slot) => Some(&slot.leaf),
			_ => None,
		}
	}

	/// What stands beside the way along `path`, from the bottom up: down to its leaf, or to where
	/// the first `shared` bits end inside a chain.
	pub(crate) fn side_nodes(&self, path: &Path, shared: usize) -> Result<Vec<NodeRef>, Error> {
		let mut side_nodes = Vec::new();
		let mut link = self.root;
		while let Node::Branch(branch) = self.node(link) {
			if branch.depth() > shared {
				side_nodes.resize(shared, NodeRef::EMPTY);
				let left = self.node(branch.left).reference();
				let right = self.node(branch.right).reference();
				let way = branch.way(&self.slots);
				let chain = shared.saturating_add(1);
				side_nodes.push(branch.reference_at::<H>(chain, &left, &right, &way)?);
				break;
			}
			side_nodes.resize(branch.depth(), NodeRef::EMPTY);
			let right = bit(path, branch.depth());
			side_nodes.push(self.node(branch.child(!right)).reference());
			link = branch.child(right);
		}
		side_nodes.reverse();
		Ok(side_nodes)
	}
}

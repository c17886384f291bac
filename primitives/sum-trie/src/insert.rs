//! Adding to a trie.

use crate::{
	node::{bit, common_bits},
	trie::{Link, Node, Slot},
	Error, Hasher, Leaf, Path, Trie,
};
use alloc::vec::Vec;

impl<H: Hasher> Trie<H> {
	/// Adds a leaf, or replaces the one with its path, which is returned. Rehashes its path only.
	///
	/// Fails, and changes nothing, if the weights would overflow.
	pub fn insert(&mut self, leaf: Leaf) -> Result<Option<Leaf>, Error> {
		let old = self.insert_stale(leaf)?;
		self.rehash()?;
		Ok(old)
	}

	/// Adds or replaces many leaves, and hashes what they share only once.
	///
	/// Stops at the first leaf that fails, as in [`Self::insert`]; those before it are in.
	pub fn insert_all(&mut self, leaves: impl IntoIterator<Item = Leaf>) -> Result<(), Error> {
		let inserted = leaves.into_iter().try_for_each(|leaf| self.insert_stale(leaf).map(drop));
		self.rehash()?;
		inserted
	}

	fn insert_stale(&mut self, leaf: Leaf) -> Result<Option<Leaf>, Error> {
		let digest = leaf.reference::<H>().digest;
		let (path, weight) = (leaf.path, leaf.weight);
		let added = |sum: u64| sum.checked_add(weight).ok_or(Error::SumOverflow);

		let nearest = self.nearest(&path);
		let shared = match nearest.node(&self.slots, &self.branches) {
			Node::Leaf(slot) => common_bits(&slot.leaf.path, &path),
			_ => {
				self.sum = added(self.sum)?;
				self.root = Link::leaf(self.slots.len())?;
				self.slots.push(Slot { leaf, digest });
				return Ok(None);
			}
		};
		let Ok(depth) = u8::try_from(shared) else {
			let Some(slot) = self.slots.get_mut(nearest.index()) else {
				return Ok(None);
			};
			self.sum = added(self.sum.saturating_sub(slot.leaf.weight))?;
			slot.digest = digest;
			let old = core::mem::replace(&mut slot.leaf, leaf);
			self.mark(&path, None);
			return Ok(Some(old));
		};

		let sum = added(self.sum)?;
		let new = Link::leaf(self.slots.len())?;
		self.slots.push(Slot { leaf, digest });
		self.sum = sum;
		let (above, below) = self.mark(&path, Some(depth));
		let right = bit(&path, shared);
		let (left, right) = if right { (below, new) } else { (new, below) };
		let branch = self.part(depth, left, right)?;
		match self.branch_mut(above) {
			Some(parent) => {
				let top_depth = parent.depth.saturating_add(1);
				if bit(&path, parent.depth()) {
					parent.right = branch;
				} else {
					parent.left = branch;
				}
				if let Some(branch) = self.branch_mut(branch) {
					branch.top_depth = top_depth;
				}
			}
			None => self.root = branch,
		}
		Ok(None)
	}

	/// Marks the branches on the way along `path` down to the depth `until`. Returns the last one
	/// and what is below it.
	fn mark(&mut self, path: &Path, until: Option<u8>) -> (Link, Link) {
		let (mut above, mut link) = (Link::NONE, self.root);
		while let Some(branch) = self.branch_mut(link) {
			if until.is_some_and(|until| branch.depth > until) {
				break;
			}
			branch.stale = true;
			above = link;
			link = branch.child(bit(path, branch.depth()));
		}
		(above, link)
	}

	/// Hashes what is stale, children first.
	fn rehash(&mut self) -> Result<(), Error> {
		// At most one sibling waits at each of the 256 depths.
		let mut open = Vec::from([(self.root, false)]);
		while let Some((link, done)) = open.pop() {
			let Node::Branch(branch) = link.node(&self.slots, &self.branches) else {
				continue;
			};
			if !branch.stale {
				continue;
			}
			let (left, right) = (branch.left, branch.right);
			if done {
				let (left, right) = (self.node(left).reference(), self.node(right).reference());
				if let Some(branch) = self.branches.get_mut(link.index()) {
					branch.refresh::<H>(&left, &right, &self.slots)?;
				}
			} else {
				open.extend([(link, true), (left, false), (right, false)]);
			}
		}
		Ok(())
	}
}

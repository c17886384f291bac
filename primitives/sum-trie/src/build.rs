//! Building a trie from all its leaves at once.

use crate::{
	node::common_bits,
	trie::{Branch, Link, Node, Slot},
	Error, Hasher, Leaf, NodeRef, Path, Trie,
};
use alloc::vec::Vec;

impl<H: Hasher> Trie<H> {
	/// The trie of these leaves, in whatever order they come. Each node is hashed once.
	///
	/// Fails if two leaves have the same path, or if the weights overflow.
	pub fn build(leaves: Vec<Leaf>) -> Result<Self, Error> {
		let mut trie = Self::lay_out(leaves)?;
		hash_leaves::<H>(&mut trie.slots);
		hash_branches::<H>(&trie.slots, &mut trie.branches, 0)?;
		Ok(trie)
	}

	/// Everything but the hashes.
	pub(crate) fn lay_out(leaves: Vec<Leaf>) -> Result<Self, Error> {
		let mut sum = 0u64;
		for leaf in &leaves {
			sum = sum.checked_add(leaf.weight).ok_or(Error::SumOverflow)?;
		}
		let mut trie = Self { slots: sorted(leaves)?, sum, ..Self::default() };
		trie.branches.reserve_exact(trie.slots.len().saturating_sub(1));

		// The branches whose right side is not complete yet: deeper and deeper, so at most 256.
		let mut open: Vec<(Link, u8)> = Vec::new();
		let mut last: Option<Path> = None;
		let mut current = Link::NONE;
		for index in 0..trie.slots.len() {
			let path = trie.slots.get(index).map_or([0; 32], |slot| slot.leaf.path);
			if let Some(last) = last {
				let depth =
					u8::try_from(common_bits(&last, &path)).map_err(|_| Error::DuplicatePath)?;
				while let Some((left, above)) = open.pop_if(|(_, above)| *above > depth) {
					current = trie.part(above, left, current)?;
				}
				open.push((current, depth));
			}
			last = Some(path);
			current = Link::leaf(index)?;
		}
		while let Some((left, depth)) = open.pop() {
			current = trie.part(depth, left, current)?;
		}
		trie.root = current;
		Ok(trie)
	}

	/// Adds a branch over two complete children. Its hash is left for later, its count is not.
	pub(crate) fn part(&mut self, depth: u8, left: Link, right: Link) -> Result<Link, Error> {
		let mut top = NodeRef::EMPTY;
		let mut leaf = 0;
		for child in [left, right] {
			let count = match child.node(&self.slots, &self.branches) {
				Node::Branch(branch) => {
					leaf = branch.leaf;
					branch.top.count
				}
				_ => {
					leaf = child.index() as u32;
					1
				}
			};
			top.count = top.count.saturating_add(count);
			self.hang(child, depth);
		}
		self.add_branch(Branch { top, left, right, leaf, depth, top_depth: 0, stale: true })
	}

	fn add_branch(&mut self, branch: Branch) -> Result<Link, Error> {
		let link = Link::branch(self.branches.len())?;
		self.branches.push(branch);
		Ok(link)
	}

	/// Says to `child` at which depth the branch above it stands.
	fn hang(&mut self, child: Link, depth: u8) {
		if let Some(branch) = self.branch_mut(child) {
			branch.top_depth = depth.saturating_add(1);
			branch.stale = true;
		}
	}
}

pub(crate) fn hash_leaves<H: Hasher>(slots: &mut [Slot]) {
	for slot in slots {
		slot.digest = slot.leaf.reference::<H>().digest;
	}
}

/// Hashes a run of branches that contains all branches below them, children first. The run starts
/// at the index `start`.
pub(crate) fn hash_branches<H: Hasher>(
	slots: &[Slot],
	branches: &mut [Branch],
	start: usize,
) -> Result<(), Error> {
	for index in 0..branches.len() {
		let (below, rest) = branches.split_at_mut(index);
		let Some(branch) = rest.first_mut() else {
			break;
		};
		let reference = |link: Link| link.counted_from(start).node(slots, below).reference();
		let (left, right) = (reference(branch.left), reference(branch.right));
		branch.refresh::<H>(&left, &right, slots)?;
	}
	Ok(())
}

/// The leaves by path.
fn sorted(mut leaves: Vec<Leaf>) -> Result<Vec<Slot>, Error> {
	Link::leaf(leaves.len().saturating_sub(1))?;
	let slot = |leaf| Slot { leaf, digest: [0; 32] };
	if leaves.is_sorted_by(|a, b| a.path <= b.path) {
		return Ok(leaves.into_iter().map(slot).collect());
	}

	// Eight bytes of the path decide nearly always, if they are taken after what all paths share.
	let first = leaves.first().map_or([0; 32], |leaf| leaf.path);
	let shared = leaves.iter().map(|leaf| common_bits(&first, &leaf.path)).min().unwrap_or(0);
	let key = |leaf: &Leaf| {
		let bytes = leaf.path.iter().skip(shared / 8).chain(&[0; 8]).take(8);
		bytes.fold(0u64, |key, byte| (key << 8) | u64::from(*byte))
	};
	let mut order: Vec<(u64, u32)> = leaves.iter().map(key).zip(0..).collect();
	order.sort_unstable_by(|(a, i), (b, j)| {
		a.cmp(b).then_with(|| {
			let path = |index: &u32| leaves.get(*index as usize).map(|leaf| leaf.path);
			path(i).cmp(&path(j))
		})
	});
	let take = |(_, index): (u64, u32)| leaves.get_mut(index as usize).map(core::mem::take);
	Ok(order.into_iter().filter_map(take).map(slot).collect())
}

//! Building on several threads.

use crate::{
	build::{hash_branches, hash_leaves},
	trie::{Branch, Link, Node, Slot},
	Error, Hasher, Leaf, Trie,
};
use alloc::vec::Vec;
use core::ops::Range;

impl<H: Hasher> Trie<H> {
	/// [`Trie::build`], with the hashes shared out over `threads` threads.
	pub fn build_parallel(leaves: Vec<Leaf>, threads: usize) -> Result<Self, Error> {
		let threads = threads.max(1);
		let mut trie = Self::lay_out(leaves)?;
		let share = trie.slots.len().div_ceil(threads).max(1);
		std::thread::scope(|scope| {
			for slots in trie.slots.chunks_mut(share) {
				scope.spawn(|| hash_leaves::<H>(slots));
			}
		});

		let (whole, crown) = trie.split(threads);
		let Trie { slots, branches, .. } = &mut trie;
		hash_apart::<H>(slots, branches, &whole, threads)?;
		for index in crown {
			let Some(branch) = branches.get(index) else {
				continue;
			};
			let left = branch.left.node(slots, branches).reference();
			let right = branch.right.node(slots, branches).reference();
			if let Some(branch) = branches.get_mut(index) {
				branch.refresh::<H>(&left, &right, slots)?;
			}
		}
		Ok(trie)
	}

	/// Runs of branches, each a whole subtree, several for each thread so that they come out even;
	/// and the branches above them, children first.
	fn split(&self, threads: usize) -> (Vec<Range<usize>>, Vec<usize>) {
		// A subtree of n leaves is a run of n - 1 branches, the topmost the last.
		let branches_below = |link: Link| match self.node(link) {
			Node::Branch(branch) => branch.top.count.saturating_sub(1) as usize,
			_ => 0,
		};
		let mut whole = Vec::from([(self.root, 0..self.branches.len())]);
		let mut crown = Vec::new();
		let enough = threads.saturating_mul(8);
		while whole.len() < enough {
			let largest = whole.iter().enumerate().max_by_key(|(_, (_, run))| run.len());
			let Some(largest) = largest.map(|(at, _)| at) else {
				break;
			};
			let (link, run) = whole.swap_remove(largest);
			let Node::Branch(branch) = self.node(link) else {
				break;
			};
			let top = run.end.saturating_sub(1);
			let middle = run.start.saturating_add(branches_below(branch.left));
			crown.push(top);
			whole.push((branch.left, run.start..middle));
			whole.push((branch.right, middle..top));
		}
		let mut whole: Vec<_> =
			whole.into_iter().map(|(_, run)| run).filter(|run| !run.is_empty()).collect();
		whole.sort_unstable_by_key(|run| run.start);
		crown.sort_unstable();
		(whole, crown)
	}
}

/// Hashes `runs`, which are in order and do not touch each other's branches.
fn hash_apart<H: Hasher>(
	slots: &[Slot],
	branches: &mut [Branch],
	runs: &[Range<usize>],
	threads: usize,
) -> Result<(), Error> {
	let mut shares: Vec<Vec<(usize, &mut [Branch])>> = Vec::new();
	shares.resize_with(threads, Vec::new);
	let (mut rest, mut at) = (branches, 0usize);
	for run in runs {
		let Some((_, after)) = rest.split_at_mut_checked(run.start.saturating_sub(at)) else {
			break;
		};
		let Some((part, after)) = after.split_at_mut_checked(run.len()) else {
			break;
		};
		(rest, at) = (after, run.end);
		let least = shares
			.iter_mut()
			.min_by_key(|share| share.iter().map(|(_, part)| part.len()).sum::<usize>());
		if let Some(share) = least {
			share.push((run.start, part));
		}
	}

	let hash = |share: Vec<(usize, &mut [Branch])>| {
		let mut parts = share.into_iter();
		parts.try_for_each(|(start, part)| hash_branches::<H>(slots, part, start))
	};
	std::thread::scope(|scope| {
		let threads: Vec<_> =
			shares.into_iter().map(|share| scope.spawn(move || hash(share))).collect();
		threads.into_iter().try_for_each(|thread| {
			// A thread only ends without a result if the hasher panics: let it go on here.
			thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
		})
	})
}

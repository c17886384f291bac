use crate::{Slot, Units};

/// A binary indexed tree over slots: each of its nodes holds the units of a run of slots, so that a
/// bid's range of units is found, or a unit's bid, by as many reads as a slot's number has bits
/// (design section 6). Nodes are numbered from one; whoever stores them decides how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotTree {
	/// The number of the last node: a power of two, not below the number of slots.
	last: u64,
}

impl SlotTree {
	/// For `slots` slots at the most.
	pub fn new(slots: u32) -> Self {
		Self { last: u64::from(slots).max(1).next_power_of_two() }
	}

	/// Nodes that a walk through the tree visits at the most.
	pub fn depth(self) -> u32 {
		self.last.trailing_zeros().saturating_add(1)
	}

	/// The nodes that count the units of `slot`.
	pub fn holding(self, slot: Slot) -> impl Iterator<Item = u64> {
		let first = u64::from(slot).saturating_add(1);
		core::iter::successors(Some(first), |node| node.checked_add(run(*node)))
			.take_while(move |node| *node <= self.last)
	}

	/// The nodes that together count the units of all slots below `slot`.
	pub fn below(self, slot: Slot) -> impl Iterator<Item = u64> {
		core::iter::successors(Some(u64::from(slot)), |node| node.checked_sub(run(*node)))
			.take_while(|node| *node > 0)
	}

	/// The slot whose range holds `unit`, and the first unit of that range; `node` reads a node. The
	/// slot is past all others if there are not so many units.
	pub fn find(self, unit: Units, node: impl Fn(u64) -> Units) -> (Slot, Units) {
		let (mut passed, mut start, mut step) = (0u64, 0, self.last);
		while step > 0 {
			let next = passed.saturating_add(step);
			if next <= self.last {
				let end = node(next).saturating_add(start);
				if end <= unit {
					(passed, start) = (next, end);
				}
			}
			step >>= 1;
		}
		(Slot::try_from(passed).unwrap_or(Slot::MAX), start)
	}
}

/// How many slots a node counts.
fn run(node: u64) -> u64 {
	node & node.wrapping_neg()
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn a_walk_is_as_long_as_a_slot_has_bits() {
		let tree = SlotTree::new(100_000);
		assert_eq!(tree.depth(), 18);
		assert!((0..100_000).all(|slot| tree.holding(slot).count() <= 18));
		assert!((0..100_000).all(|slot| tree.below(slot).count() <= 17));
		assert_eq!(SlotTree::new(1).holding(0).collect::<Vec<_>>(), [1]);
	}

	proptest! {
		#[test]
		fn it_agrees_with_a_list(
			changes in prop::collection::vec((0usize..37, 0u64..1 << 40), 1..80),
			at in any::<u64>(),
		) {
			let tree = SlotTree::new(37);
			let (mut list, mut nodes) = ([0u64; 37], [0u64; 65]);
			for (slot, units) in changes {
				for node in tree.holding(slot as u32) {
					nodes[node as usize] = nodes[node as usize] + units - list[slot];
				}
				list[slot] = units;
			}
			for slot in 0..37 {
				let sum: u64 = tree.below(slot).map(|node| nodes[node as usize]).sum();
				prop_assert_eq!(sum, list[..slot as usize].iter().sum::<u64>());
			}
			let all: u64 = list.iter().sum();
			if all > 0 {
				let unit = at % all;
				let (slot, start) = tree.find(unit, |node| nodes[node as usize]);
				prop_assert_eq!(start, list[..slot as usize].iter().sum::<u64>());
				prop_assert!((start..start + list[slot as usize]).contains(&unit));
			}
			prop_assert!(tree.find(all, |node| nodes[node as usize]).0 >= 37);
		}
	}
}

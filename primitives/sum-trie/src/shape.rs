//! The shape of an opening, in bits.
//!
//! Written from the top down, the left side first:
//!
//! ```text
//! place = 0                   an opened leaf
//!       | 1 inner
//! inner = 0 d place           the way goes on to side d, beside it is a node not opened
//!       | 1 0 d inner         the way goes on to side d, beside it is nothing
//!       | 1 1 place place     both sides go on
//! ```
//!
//! A side is 0 for left and 1 for right. Whatever can be written ends in leaves, and no leaf stands
//! beside nothing, so that no two shapes mean the same. Unused bits of the last byte are 0.

use alloc::vec::Vec;

/// What the bits say about a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
	/// An opened leaf.
	Leaf,
	/// An inner node with a node beside the way on, which goes right or left.
	Beside { right: bool },
	/// An inner node with nothing beside the way on, which goes right or left.
	Chain { right: bool },
	/// An inner node, both of whose sides go on.
	Both,
}

/// Reads steps.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
	bytes: &'a [u8],
	next: usize,
	in_chain: bool,
}

impl<'a> Reader<'a> {
	pub(crate) fn new(bytes: &'a [u8]) -> Self {
		Self { bytes, next: 0, in_chain: false }
	}

	/// The next step; `None` if the bits end before it does.
	pub(crate) fn step(&mut self) -> Option<Step> {
		let in_chain = core::mem::take(&mut self.in_chain);
		if !in_chain && !self.bit()? {
			return Some(Step::Leaf);
		}
		if !self.bit()? {
			return Some(Step::Beside { right: self.bit()? });
		}
		if self.bit()? {
			return Some(Step::Both);
		}
		self.in_chain = true;
		Some(Step::Chain { right: self.bit()? })
	}

	/// Whether all bytes are used, and the bits left over are 0.
	pub(crate) fn ends_here(mut self) -> bool {
		self.next.div_ceil(8) == self.bytes.len()
			&& core::iter::from_fn(|| self.bit()).all(|bit| !bit)
	}

	fn bit(&mut self) -> Option<bool> {
		let byte = self.bytes.get(self.next / 8)?;
		let bit = (byte << (self.next % 8)) & 0x80 != 0;
		self.next = self.next.checked_add(1)?;
		Some(bit)
	}
}

/// Writes steps.
#[derive(Default)]
pub(crate) struct Writer {
	bytes: Vec<u8>,
	used: usize,
	in_chain: bool,
}

impl Writer {
	pub(crate) fn step(&mut self, step: Step) {
		if !core::mem::take(&mut self.in_chain) {
			self.bit(step != Step::Leaf);
		}
		match step {
			Step::Leaf => {}
			Step::Beside { right } => [false, right].into_iter().for_each(|bit| self.bit(bit)),
			Step::Both => [true, true].into_iter().for_each(|bit| self.bit(bit)),
			Step::Chain { right } => {
				[true, false, right].into_iter().for_each(|bit| self.bit(bit));
				self.in_chain = true;
			}
		}
	}

	pub(crate) fn finish(self) -> Vec<u8> {
		self.bytes
	}

	fn bit(&mut self, bit: bool) {
		if self.used.is_multiple_of(8) {
			self.bytes.push(0);
		}
		if let Some(last) = self.bytes.last_mut() {
			*last |= u8::from(bit) << (7 - self.used % 8);
		}
		self.used = self.used.saturating_add(1);
	}
}

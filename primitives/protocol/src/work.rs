use crate::{Seed, Units};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sum_trie::{Hasher, Path};

/// What one audit asks for.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Task {
	/// The audit's own seed.
	pub seed: Seed,
	/// The compute units to deliver: the whole bid.
	pub units: Units,
}

/// Why a piece of work is not what its task asks for.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum WorkError {
	/// The bytes are no piece of this kind of work.
	Malformed,
	/// The piece is not among those that the task asks for.
	NotInTask,
	/// The result is wrong.
	WrongResult,
	/// The piece lies among those that another payer is said to pay for.
	OtherPayer,
	/// None of the payer's keys has signed it.
	NotSigned,
}

impl core::fmt::Display for WorkError {
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		f.write_str(match self {
			Self::Malformed => "the opened content is no piece of this kind of work",
			Self::NotInTask => "the opened piece is not among those that the task asks for",
			Self::WrongResult => "the opened piece of work has a wrong result",
			Self::OtherPayer => "the opened piece lies among those of another payer",
			Self::NotSigned => "the opened piece is not signed by its payer",
		})
	}
}

/// One kind of work, as the chain sees it: something of which any piece can be checked by itself.
///
/// A claim's trie holds one leaf for each piece. Where a leaf stands and what it weighs follow from
/// its content alone, so that one piece counts once.
pub trait Work {
	/// What pieces are checked against.
	type Task;

	/// Checks the content of an opened leaf against the task, and returns the path at which it must
	/// stand and its weight in compute units.
	fn check<H: Hasher>(&self, task: &Self::Task, content: &[u8])
		-> Result<(Path, u64), WorkError>;

	/// Hashes that `check` makes at the most.
	fn hashes(&self) -> u32;

	/// Length of the longest content, in bytes.
	fn max_content(&self) -> u32;
}

/// The first bytes of the path of every unit of an audit. Applications have other prefixes, so that
/// what each payer pays for is one contiguous range of a claim's positions.
pub const AUDIT_PREFIX: [u8; 4] = [0; 4];

/// Work made up by the protocol: unit `i` is a chain of `steps` hashes that starts from the audit's
/// seed and `i`. It costs time on any processor, and as much to check as to do; a claim is checked
/// in a few places only.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct Synthetic {
	/// Hashes in one compute unit.
	pub steps: u32,
}

impl Synthetic {
	/// Length of a leaf's content: the unit's index and its result.
	pub const CONTENT: usize = 40;

	/// Does one unit of the task and returns the content of its leaf.
	pub fn unit<H: Hasher>(&self, task: &Task, index: Units) -> [u8; Self::CONTENT] {
		let mut content = [0u8; Self::CONTENT];
		let (number, result) = content.split_at_mut(8);
		number.copy_from_slice(&index.to_le_bytes());
		result.copy_from_slice(&self.result::<H>(task, index));
		content
	}

	/// The path at which a unit's leaf stands.
	pub fn path<H: Hasher>(index: Units) -> Path {
		let mut path = H::hash(&[b"synthetic unit", &index.to_le_bytes()]);
		path.iter_mut().zip(AUDIT_PREFIX).for_each(|(to, from)| *to = from);
		path
	}

	fn result<H: Hasher>(&self, task: &Task, index: Units) -> [u8; 32] {
		let first = H::hash(&[&task.seed, &index.to_le_bytes()]);
		(1..self.steps).fold(first, |hash, _| H::hash(&[&hash]))
	}
}

impl Work for Synthetic {
	type Task = Task;

	fn check<H: Hasher>(&self, task: &Task, content: &[u8]) -> Result<(Path, u64), WorkError> {
		let (number, result) = content.split_at_checked(8).ok_or(WorkError::Malformed)?;
		if content.len() != Self::CONTENT {
			return Err(WorkError::Malformed);
		}
		let index = Units::from_le_bytes(number.try_into().map_err(|_| WorkError::Malformed)?);
		if index >= task.units {
			return Err(WorkError::NotInTask);
		}
		if result != self.result::<H>(task, index) {
			return Err(WorkError::WrongResult);
		}
		Ok((Self::path::<H>(index), 1))
	}

	fn hashes(&self) -> u32 {
		self.steps.max(1).saturating_add(1)
	}

	fn max_content(&self) -> u32 {
		Self::CONTENT as u32
	}
}

/// The kinds of work that audits can ask for. A runtime with work of its own writes an enum like
/// this one.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum StandardWork {
	Synthetic(Synthetic),
}

impl From<Synthetic> for StandardWork {
	fn from(work: Synthetic) -> Self {
		Self::Synthetic(work)
	}
}

impl Work for StandardWork {
	type Task = Task;

	fn check<H: Hasher>(&self, task: &Task, content: &[u8]) -> Result<(Path, u64), WorkError> {
		match self {
			Self::Synthetic(work) => work.check::<H>(task, content),
		}
	}

	fn hashes(&self) -> u32 {
		match self {
			Self::Synthetic(work) => work.hashes(),
		}
	}

	fn max_content(&self) -> u32 {
		match self {
			Self::Synthetic(work) => work.max_content(),
		}
	}
}

impl Synthetic {
	/// Every leaf of a task, in the order of the units: what an honest supplier commits to.
	pub fn leaves<'a, H: Hasher>(
		&'a self,
		task: &'a Task,
	) -> impl Iterator<Item = sum_trie::Leaf> + 'a {
		(0..task.units).map(move |index| sum_trie::Leaf {
			path: Self::path::<H>(index),
			value: Vec::from(self.unit::<H>(task, index)),
			weight: 1,
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;
	use sum_trie::Blake2b256 as H;

	const WORK: Synthetic = Synthetic { steps: 5 };
	const TASK: Task = Task { seed: [9; 32], units: 10 };

	#[test]
	fn a_unit_is_an_iterated_hash() {
		let mut hash = H::hash(&[&TASK.seed, &3u64.to_le_bytes()]);
		for _ in 0..4 {
			hash = H::hash(&[&hash]);
		}
		assert_eq!(WORK.unit::<H>(&TASK, 3)[8..], hash);
	}

	#[test]
	fn a_unit_beyond_the_task_is_refused() {
		let content = WORK.unit::<H>(&TASK, 10);
		assert_eq!(WORK.check::<H>(&TASK, &content), Err(WorkError::NotInTask));
	}

	#[test]
	fn another_audits_unit_is_refused() {
		let content = WORK.unit::<H>(&Task { seed: [8; 32], ..TASK }, 3);
		assert_eq!(WORK.check::<H>(&TASK, &content), Err(WorkError::WrongResult));
	}

	#[test]
	fn fewer_steps_are_refused() {
		let content = Synthetic { steps: 4 }.unit::<H>(&TASK, 3);
		assert_eq!(WORK.check::<H>(&TASK, &content), Err(WorkError::WrongResult));
	}

	proptest! {
		#[test]
		fn what_is_done_is_accepted_once(index in 0u64..10) {
			let content = WORK.unit::<H>(&TASK, index);
			prop_assert_eq!(WORK.check::<H>(&TASK, &content), Ok((Synthetic::path::<H>(index), 1)));
		}

		#[test]
		fn any_other_bytes_are_refused(content in prop::collection::vec(any::<u8>(), 0..60)) {
			prop_assert!(WORK.check::<H>(&TASK, &content).is_err());
		}
	}
}

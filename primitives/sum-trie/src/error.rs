//! Why something was refused, one type for each concern.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// Gives each variant of an error its sentence.
macro_rules! sentences {
	($error:ty { $($variant:ident => $sentence:literal,)* }) => {
		impl fmt::Display for $error {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				f.write_str(match self {
					$(Self::$variant => $sentence,)*
				})
			}
		}

		impl core::error::Error for $error {}
	};
}

/// Why a trie cannot be built, changed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
	/// Two leaves have the same path.
	DuplicatePath,
	/// The weights add up to more than a `u64` holds.
	SumOverflow,
	/// There are more leaves than a trie holds, 2^31 - 1.
	TooManyLeaves,
	/// There is no leaf to open.
	EmptyTrie,
	/// No position was asked for.
	NoPositions,
	/// A position is not below the sum of the trie.
	PositionOutOfRange,
}

sentences!(Error {
	DuplicatePath => "two leaves have the same path",
	SumOverflow => "the weights of the leaves add up to more than 64 bits hold",
	TooManyLeaves => "a trie holds at most 2^31 - 1 leaves",
	EmptyTrie => "an empty trie has no leaf to open",
	NoPositions => "no position to open was given",
	PositionOutOfRange => "a position is not below the sum of the trie",
});

/// Why a proof of membership, of absence or of the closest leaf does not hold.
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
pub enum ProofError {
	/// There are more side nodes than a path has bits.
	TooManySideNodes,
	/// A sum or a count overflows.
	Overflow,
	/// A side node claims to hold something, but no leaf.
	NoLeaves,
	/// A place beside an empty one holds fewer than two leaves, so that it should not exist.
	NotMinimal,
	/// The evidence is of another kind than what is to be shown.
	WrongEvidence,
	/// The leaf that should show the absence of a path stands elsewhere.
	Unrelated,
	/// The leaf that should show the absence of a path has that path.
	NotAbsent,
	/// The proof turned away from the challenge where it need not have.
	NotClosest,
	/// The proof leads to another root.
	WrongRoot,
}

sentences!(ProofError {
	TooManySideNodes => "there are more side nodes than a path has bits",
	Overflow => "a sum or a count in the proof overflows",
	NoLeaves => "a side node holds no leaf, but is not the empty node",
	NotMinimal => "a place beside an empty one holds fewer than two leaves",
	WrongEvidence => "the evidence does not show what is asked",
	Unrelated => "the leaf shown does not stand where the path leads",
	NotAbsent => "the leaf shown has the path that should be absent",
	NotClosest => "the proof leaves the challenge where the trie does not force it to",
	WrongRoot => "the proof leads to another root",
});

/// Why bytes are not a [`Multiproof`](crate::Multiproof).
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
pub enum DecodeError {
	/// The bytes end too early, or a number in them is not in its shortest form.
	Malformed,
	/// The bits of the shape do not describe a trie, or more follow.
	BadShape,
	/// There are more or fewer nodes or values than the shape has places for.
	WrongLength,
	/// More leaves are opened than allowed.
	TooManyLeaves,
	/// A leaf stands deeper than allowed.
	TooDeep,
	/// A value is longer than allowed.
	ValueTooLong,
	/// A node is given that holds no leaf; an empty place is a bit of the shape.
	EmptyNode,
	/// Bytes follow the proof.
	TrailingBytes,
}

sentences!(DecodeError {
	Malformed => "the bytes end early or hold a number in a longer form than needed",
	BadShape => "the bits of the shape do not describe a trie",
	WrongLength => "the number of nodes or values does not fit the shape",
	TooManyLeaves => "more leaves are opened than allowed",
	TooDeep => "a leaf stands deeper than allowed",
	ValueTooLong => "a value is longer than allowed",
	EmptyNode => "a node without leaves is given where a bit would do",
	TrailingBytes => "bytes follow the proof",
});

/// Why an opening does not hold. `E` is the error of the resolver.
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
pub enum VerifyError<E> {
	/// The root is that of an empty trie.
	EmptyTrie,
	/// No position was asked for.
	NoPositions,
	/// A position is not below the sum of the root.
	PositionOutOfRange,
	/// A sum or a count overflows.
	Overflow,
	/// Nodes, values and shape do not fit together.
	Malformed,
	/// A leaf is opened that holds none of the positions.
	UnaskedLeaf,
	/// A position is not held by an opened leaf.
	PositionNotOpened,
	/// An opened leaf stands where its path does not lead.
	WrongPlace,
	/// The opening leads to another root.
	WrongRoot,
	/// The content of a leaf was not accepted.
	Resolver(E),
}

impl<E: fmt::Display> fmt::Display for VerifyError<E> {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::EmptyTrie => "an empty trie has no leaf to open",
			Self::NoPositions => "no position to open was given",
			Self::PositionOutOfRange => "a position is not below the sum of the root",
			Self::Overflow => "a sum or a count in the opening overflows",
			Self::Malformed => "the nodes, the values and the shape do not fit together",
			Self::UnaskedLeaf => "a leaf is opened that holds none of the positions",
			Self::PositionNotOpened => "a position is not held by an opened leaf",
			Self::WrongPlace => "an opened leaf stands where its path does not lead",
			Self::WrongRoot => "the opening leads to another root",
			Self::Resolver(error) => return write!(f, "a leaf is not acceptable: {error}"),
		})
	}
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for VerifyError<E> {}

//! A binary sparse Merkle **sum** trie, in the format of Pocket's SMST, and its proofs.
//!
//! Each leaf has a weight, and every node commits to the sum of the weights below it and to the
//! number of leaves. So a root of 48 bytes says how much work a trie stands for, and a
//! [`Multiproof`] shows the leaves at *positions* of that work: a leaf is opened in proportion to
//! the weight that it claims, wherever it stands.
//!
//! What a verifier does is bounded by the proof's size, which [`Multiproof::decode_bounded`]
//! limits, and never panics. The crate is `no_std`; the hash function is a parameter, so that a
//! runtime can use its host's.
//!
//! ```
//! use sum_trie::{Blake2b256, Hasher, Leaf, Limits, Multiproof, Path, Trie};
//!
//! // What a piece of work is worth, and where it stands, follows from its content.
//! fn resolve(value: &[u8]) -> Result<(Path, u64), ()> {
//!     Ok((Blake2b256::hash(&[value]), 10))
//! }
//!
//! // Somebody works, and commits to it.
//! let leaf = |value: String| -> Result<Leaf, ()> {
//!     let (path, weight) = resolve(value.as_bytes())?;
//!     Ok(Leaf { path, value: value.into_bytes(), weight })
//! };
//! let leaves = (0..100).map(|n| leaf(format!("work {n}"))).collect::<Result<_, _>>().unwrap();
//! let trie = Trie::<Blake2b256>::build(leaves).unwrap();
//! let root = trie.root();
//! assert_eq!((root.sum, root.count), (1_000, 100));
//!
//! // Positions below the sum are drawn, and the leaves that hold them opened.
//! let positions = [17, 480, 999];
//! let bytes = codec::Encode::encode(&trie.open(&positions).unwrap());
//!
//! // Somebody else checks them against the root.
//! let limits = Limits { max_leaves: 3, max_depth: 64, max_value_len: 100 };
//! let proof = Multiproof::decode_bounded(&bytes, &limits).unwrap();
//! assert_eq!(proof.verify::<Blake2b256, _>(&root, &positions, |_, value| resolve(value)), Ok(()));
//! ```

#![cfg_attr(not(feature = "std"), no_std)]
#![warn(missing_docs)]

extern crate alloc;

mod build;
mod closest;
mod error;
mod hasher;
mod insert;
mod multiproof;
mod node;
#[cfg(feature = "std")]
mod parallel;
mod proof;
mod shape;
mod trie;
mod verify;

pub use closest::ClosestProof;
pub use error::{DecodeError, Error, ProofError, VerifyError};
pub use hasher::{Blake2b256, Hasher, Sha256};
pub use multiproof::{Limits, Multiproof};
pub use node::{Leaf, NodeRef, Path, Root, MAX_DEPTH};
pub use proof::{Evidence, Proof};
pub use trie::Trie;

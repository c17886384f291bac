//! Each way to lie, and why it does not work.

mod absence;
mod bytes;
mod closest;
#[path = "../common/mod.rs"]
mod common;
mod membership;
mod openings;

use codec::Encode;
use common::{bits, compact, leaf, path, Contents, Raw, Unknown, LIMITS};
use sum_trie::{
	Blake2b256, ClosestProof, DecodeError, Evidence, Hasher, Leaf, Limits, Multiproof, NodeRef,
	Path, Proof, ProofError, Root, Trie, VerifyError,
};

type H = Blake2b256;

/// Six leaves and the positions that they hold. Above D and E there is a single-child node.
fn leaves() -> Vec<Leaf> {
	vec![
		leaf(path("000"), 10),  // A: 0..10
		leaf(path("001"), 20),  // B: 10..30
		leaf(path("01"), 30),   // C: 30..60
		leaf(path("1000"), 40), // D: 60..100
		leaf(path("1001"), 50), // E: 100..150
		leaf(path("11"), 60),   // F: 150..210
	]
}

const A: usize = 0;
const C: usize = 2;
const D: usize = 3;
const F: usize = 5;

fn trie() -> Trie<H> {
	Trie::build(leaves()).unwrap()
}

fn root() -> Root {
	trie().root()
}

fn opened(positions: &[u64]) -> Raw {
	Raw::of(&trie().open(positions).unwrap())
}

fn verify_at(root: &Root, raw: &Raw, positions: &[u64]) -> Result<(), VerifyError<Unknown>> {
	let contents = Contents::of(&leaves());
	raw.decode().unwrap().verify::<H, _>(root, positions, |_, value| contents.resolve(value))
}

fn verify(raw: &Raw, positions: &[u64]) -> Result<(), VerifyError<Unknown>> {
	verify_at(&root(), raw, positions)
}

/// An inner node made by someone who lets sums wrap.
fn wrapping_inner(left: &NodeRef, right: &NodeRef) -> NodeRef {
	let sum = left.sum.wrapping_add(right.sum);
	let count = left.count.wrapping_add(right.count);
	let (l, r) = (left.to_bytes(), right.to_bytes());
	let digest = H::hash(&[&[1], &l, &r, &sum.to_be_bytes(), &count.to_be_bytes()]);
	NodeRef { digest, sum, count }
}

fn bogus(sum: u64) -> NodeRef {
	NodeRef { digest: [7; 32], sum, count: 1 }
}

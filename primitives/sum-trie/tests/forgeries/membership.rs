//! Proofs of membership.

use super::*;

fn proof(index: usize) -> (Leaf, Proof) {
	let leaf = leaves()[index].clone();
	let proof = trie().prove(&leaf.path).unwrap();
	(leaf, proof)
}

fn verify(proof: &Proof, leaf: &Leaf) -> Result<(), ProofError> {
	proof.verify_member::<H>(&root(), &leaf.path, &leaf.value, leaf.weight)
}

#[test]
fn the_honest_ones_pass() {
	for index in A..=F {
		let (leaf, proof) = proof(index);
		assert_eq!(verify(&proof, &leaf), Ok(()));
	}
}

#[test]
fn a_false_weight_value_or_path() {
	let (leaf, proof) = proof(D);
	for lie in [
		Leaf { weight: 41, ..leaf.clone() },
		Leaf { value: b"other".to_vec(), ..leaf.clone() },
		Leaf { path: path("1000 0001"), ..leaf.clone() },
	] {
		assert_eq!(verify(&proof, &lie), Err(ProofError::WrongRoot));
	}
}

#[test]
fn a_false_count() {
	let (leaf, proof) = proof(A);
	let root = Root { count: 7, ..root() };
	let verified = proof.verify_member::<H>(&root, &leaf.path, &leaf.value, leaf.weight);
	assert_eq!(verified, Err(ProofError::WrongRoot));
}

#[test]
fn foreign_missing_additional_and_swapped_nodes() {
	let (leaf, honest) = proof(A);
	let refused = |change: fn(&mut Vec<NodeRef>)| {
		let mut proof = honest.clone();
		change(&mut proof.side_nodes);
		assert_eq!(verify(&proof, &leaf), Err(ProofError::WrongRoot));
	};
	refused(|nodes| nodes[0] = bogus(20));
	refused(|nodes| nodes.truncate(nodes.len() - 1));
	refused(|nodes| _ = nodes.remove(0));
	refused(|nodes| nodes.push(bogus(20)));
	refused(|nodes| nodes.push(NodeRef::EMPTY));
	refused(|nodes| nodes.insert(0, bogus(20)));
	refused(|nodes| nodes.swap(0, 1));
}

#[test]
fn sums_that_overflow() {
	let (leaf, mut proof) = proof(A);
	proof.side_nodes[0].sum = u64::MAX;
	assert_eq!(verify(&proof, &leaf), Err(ProofError::Overflow));
}

#[test]
fn weight_without_leaves() {
	let (leaf, mut proof) = proof(A);
	proof.side_nodes[0].count = 0;
	assert_eq!(verify(&proof, &leaf), Err(ProofError::NoLeaves));
}

#[test]
fn a_leaf_deeper_than_where_it_is_alone() {
	let leaf = leaf(path("0"), 10);
	let root = NodeRef::inner::<H>(&leaf.reference::<H>(), &NodeRef::EMPTY).unwrap();
	let proof = Proof { side_nodes: vec![NodeRef::EMPTY], evidence: Evidence::Member };
	let verified = proof.verify_member::<H>(&root, &leaf.path, &leaf.value, leaf.weight);
	assert_eq!(verified, Err(ProofError::NotMinimal));
}

#[test]
fn more_side_nodes_than_a_path_has_bits() {
	let (leaf, mut proof) = proof(A);
	proof.side_nodes.resize(257, bogus(0));
	assert_eq!(verify(&proof, &leaf), Err(ProofError::TooManySideNodes));
	assert_eq!(proof.verify_absence::<H>(&root(), &leaf.path), Err(ProofError::TooManySideNodes));
}

#[test]
fn a_member_of_an_empty_trie() {
	let leaf = leaf(path("0"), 0);
	let proof = Proof { side_nodes: vec![], evidence: Evidence::Member };
	let verified = proof.verify_member::<H>(&NodeRef::EMPTY, &leaf.path, &leaf.value, leaf.weight);
	assert_eq!(verified, Err(ProofError::WrongRoot));
}

#[test]
fn evidence_of_absence() {
	let absent = trie().prove(&path("101")).unwrap();
	let leaf = leaf(path("101"), 1);
	assert_eq!(verify(&absent, &leaf), Err(ProofError::WrongEvidence));
}

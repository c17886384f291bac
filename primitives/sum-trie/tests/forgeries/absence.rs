//! Proofs of absence.

use super::*;

fn verify(proof: &Proof, path: &Path) -> Result<(), ProofError> {
	proof.verify_absence::<H>(&root(), path)
}

fn prove(path: &Path) -> Proof {
	trie().prove(path).unwrap()
}

#[test]
fn the_honest_ones_pass() {
	for (path, beside_nothing) in [(path("101"), true), (path("0001"), false), (path("111"), false)]
	{
		let proof = prove(&path);
		assert_eq!(proof.evidence == Evidence::Empty, beside_nothing);
		assert_eq!(verify(&proof, &path), Ok(()));
	}
	let empty = Trie::<H>::default();
	let proof = empty.prove(&path("0")).unwrap();
	assert_eq!(proof.verify_absence::<H>(&empty.root(), &path("0")), Ok(()));
}

#[test]
fn a_member_is_not_absent() {
	for leaf in leaves() {
		let honest = prove(&leaf.path);
		assert_eq!(verify(&honest, &leaf.path), Err(ProofError::WrongEvidence));

		let empty = Proof { evidence: Evidence::Empty, ..honest.clone() };
		assert_ne!(verify(&empty, &leaf.path), Ok(()));

		let itself = Proof { evidence: Evidence::Other(leaf.clone()), ..honest };
		assert_eq!(verify(&itself, &leaf.path), Err(ProofError::NotAbsent));
	}
}

#[test]
fn a_leaf_that_stands_elsewhere() {
	let (member, other) = (&leaves()[A], &leaves()[F]);
	let proof = Proof {
		evidence: Evidence::Other(other.clone()),
		side_nodes: prove(&other.path).side_nodes,
	};
	assert_eq!(verify(&proof, &member.path), Err(ProofError::Unrelated));
	assert_eq!(verify(&proof, &path("10")), Err(ProofError::Unrelated));
}

#[test]
fn an_empty_place_of_another_path() {
	let proof = prove(&path("101"));
	assert_eq!(verify(&proof, &leaves()[D].path), Err(ProofError::WrongRoot));
}

#[test]
fn nothing_beside_nothing() {
	let proof = Proof { side_nodes: vec![NodeRef::EMPTY], evidence: Evidence::Empty };
	let root = NodeRef::inner::<H>(&NodeRef::EMPTY, &NodeRef::EMPTY).unwrap();
	assert_eq!(proof.verify_absence::<H>(&root, &path("0")), Err(ProofError::NotMinimal));
}

#[test]
fn a_trie_that_is_said_to_be_empty() {
	let proof = Proof { side_nodes: vec![], evidence: Evidence::Empty };
	assert_eq!(verify(&proof, &path("101")), Err(ProofError::WrongRoot));
}

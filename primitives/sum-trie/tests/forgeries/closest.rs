//! Proofs of the closest leaf.

use super::*;

fn prove(challenge: &Path) -> ClosestProof {
	trie().prove_closest(challenge).unwrap()
}

fn verify(proof: &ClosestProof, challenge: &Path) -> Result<(), ProofError> {
	proof.verify::<H>(&root(), challenge)
}

#[test]
fn the_honest_ones_pass() {
	// Below 10 there is only 100: the third bit is forced.
	let challenge = path("1011");
	let proof = prove(&challenge);
	assert_eq!(proof.leaf.path, path("1001"));
	assert_eq!(proof.flipped_bits(&challenge).collect::<Vec<_>>(), [2]);
	assert_eq!(verify(&proof, &challenge), Ok(()));
}

#[test]
fn only_one_leaf_answers_a_challenge() {
	for challenge in ["000", "0011", "1011", "1010", "110", "0111"].map(path) {
		let answers = leaves().into_iter().filter(|leaf| {
			let side_nodes = trie().prove(&leaf.path).unwrap().side_nodes;
			let proof = ClosestProof { leaf: leaf.clone(), side_nodes };
			verify(&proof, &challenge).is_ok()
		});
		assert_eq!(answers.count(), 1);
	}
}

#[test]
fn a_turn_that_is_not_forced() {
	assert_eq!(verify(&prove(&path("11")), &path("000")), Err(ProofError::NotClosest));
	assert_eq!(verify(&prove(&path("1011")), &path("1010")), Err(ProofError::NotClosest));
}

#[test]
fn another_depth() {
	let challenge = path("1011");
	let refused = |change: fn(&mut Vec<NodeRef>)| {
		let mut proof = prove(&challenge);
		change(&mut proof.side_nodes);
		assert!(verify(&proof, &challenge).is_err());
	};
	refused(|nodes| nodes.truncate(nodes.len() - 1));
	refused(|nodes| _ = nodes.remove(0));
	refused(|nodes| nodes.push(NodeRef::EMPTY));
	refused(|nodes| nodes.insert(0, NodeRef::EMPTY));
}

#[test]
fn a_false_weight() {
	let challenge = path("1011");
	let mut proof = prove(&challenge);
	proof.leaf.weight += 1;
	assert_eq!(verify(&proof, &challenge), Err(ProofError::WrongRoot));
}

#[test]
fn a_turn_forced_by_hiding_a_node() {
	let challenge = path("000");
	let mut proof = prove(&path("11"));
	proof.side_nodes.fill(NodeRef::EMPTY);
	assert_ne!(verify(&proof, &challenge), Ok(()));
}

#[test]
fn more_side_nodes_than_a_path_has_bits() {
	let challenge = path("11");
	let mut proof = prove(&challenge);
	proof.side_nodes.resize(257, NodeRef::EMPTY);
	assert_eq!(verify(&proof, &challenge), Err(ProofError::TooManySideNodes));
}

#[test]
fn an_empty_trie() {
	let proof = ClosestProof { leaf: leaf(path("0"), 0), side_nodes: vec![] };
	assert_eq!(proof.verify::<H>(&NodeRef::EMPTY, &path("0")), Err(ProofError::WrongRoot));
}

//! Openings at positions.

use super::*;

#[test]
fn the_honest_ones_pass() {
	for positions in [&[0][..], &[209], &[65, 5, 5], &[0, 10, 30, 60, 100, 150]] {
		assert_eq!(verify(&opened(positions), positions), Ok(()));
	}
}

#[test]
fn a_leaf_right_of_the_position() {
	assert_eq!(verify(&opened(&[100]), &[5]), Err(VerifyError::PositionNotOpened));
}

#[test]
fn a_leaf_left_of_the_position() {
	assert_eq!(verify(&opened(&[5]), &[10]), Err(VerifyError::UnaskedLeaf));
}

#[test]
fn a_position_in_a_node_that_is_not_opened() {
	assert_eq!(verify(&opened(&[5]), &[5, 209]), Err(VerifyError::PositionNotOpened));
	assert_eq!(verify(&opened(&[5, 209]), &[5, 70, 209]), Err(VerifyError::PositionNotOpened));
}

#[test]
fn a_leaf_that_nobody_asked_for() {
	assert_eq!(verify(&opened(&[5, 70]), &[5]), Err(VerifyError::UnaskedLeaf));
	assert_eq!(verify(&opened(&[5, 70]), &[70]), Err(VerifyError::UnaskedLeaf));
}

#[test]
fn a_leaf_without_weight_holds_no_position() {
	let empty_handed = leaf(path("0"), 0);
	let trie = Trie::<H>::build(vec![empty_handed.clone(), leaf(path("1"), 9)]).unwrap();
	let nodes = Raw::of(&trie.open(&[0]).unwrap()).nodes;
	assert_eq!(nodes, [raw_node(&empty_handed.reference::<H>())]);
	let other = leaf(path("1"), 9).reference::<H>();
	let raw = Raw {
		shape: bits("1 00 0"),
		nodes: vec![raw_node(&other)],
		values: vec![empty_handed.value.clone()],
	};
	let contents = Contents::of([&empty_handed]);
	let verified = contents.verify(&raw.decode().unwrap(), &trie, &[0]);
	assert_eq!(verified, Err(VerifyError::UnaskedLeaf));
}

#[test]
fn positions_outside_the_trie() {
	let raw = opened(&[209]);
	assert_eq!(verify(&raw, &[210]), Err(VerifyError::PositionOutOfRange));
	assert_eq!(verify(&raw, &[209, u64::MAX]), Err(VerifyError::PositionOutOfRange));
	assert_eq!(verify(&raw, &[]), Err(VerifyError::NoPositions));
}

#[test]
fn an_empty_trie() {
	assert_eq!(verify_at(&NodeRef::EMPTY, &opened(&[5]), &[0]), Err(VerifyError::EmptyTrie));
}

#[test]
fn a_false_weight() {
	let proof = opened(&[5]).decode().unwrap();
	for weight in [6, 9, 11, 200] {
		let verified = proof.verify::<H, Unknown>(&root(), &[5], |_, _| Ok((path("000"), weight)));
		assert_eq!(verified, Err(VerifyError::WrongRoot), "{weight}");
	}
}

#[test]
fn a_false_count() {
	let raw = opened(&[5]);
	for count in [5, 7] {
		let root = Root { count, ..root() };
		assert_eq!(verify_at(&root, &raw, &[5]), Err(VerifyError::WrongRoot));
	}
	let mut raw = opened(&[5]);
	raw.nodes[0].count += 1;
	assert_eq!(verify(&raw, &[5]), Err(VerifyError::WrongRoot));
}

#[test]
fn a_false_sum() {
	let root = Root { sum: 211, ..root() };
	assert_eq!(verify_at(&root, &opened(&[5]), &[5]), Err(VerifyError::WrongRoot));
}

#[test]
fn a_foreign_node() {
	for index in 0..opened(&[5]).nodes.len() {
		let mut raw = opened(&[5]);
		raw.nodes[index].digest = [7; 32];
		assert_eq!(verify(&raw, &[5]), Err(VerifyError::WrongRoot));
	}
}

#[test]
fn weight_moved_from_one_node_to_another() {
	let mut raw = opened(&[5]);
	raw.nodes[0].sum -= 1;
	raw.nodes[1].sum += 1;
	assert_eq!(verify(&raw, &[5]), Err(VerifyError::WrongRoot));
}

#[test]
fn a_missing_node() {
	let mut raw = opened(&[5]);
	raw.nodes.pop();
	assert_eq!(raw.decode(), Err(DecodeError::WrongLength));
}

#[test]
fn an_additional_node() {
	let mut raw = opened(&[5]);
	raw.nodes.push(raw.nodes[0].clone());
	assert_eq!(raw.decode(), Err(DecodeError::WrongLength));
}

#[test]
fn a_missing_or_an_additional_value() {
	let mut raw = opened(&[5]);
	raw.values.push(leaves()[C].value.clone());
	assert_eq!(raw.decode(), Err(DecodeError::WrongLength));
	raw.values.clear();
	assert_eq!(raw.decode(), Err(DecodeError::WrongLength));
}

#[test]
fn nodes_in_another_order() {
	let mut raw = opened(&[5]);
	raw.nodes.swap(0, 1);
	assert_eq!(verify(&raw, &[5]), Err(VerifyError::WrongRoot));
}

#[test]
fn leaves_in_another_order() {
	let mut raw = opened(&[5, 65]);
	raw.values.swap(0, 1);
	assert_eq!(verify(&raw, &[5, 65]), Err(VerifyError::WrongPlace));
}

#[test]
fn one_leaf_opened_twice() {
	let twice = leaf(path("0"), 10);
	let node = twice.reference::<H>();
	let root = wrapping_inner(&node, &node);
	let raw = Raw {
		shape: bits("1 11 0 0"),
		nodes: vec![],
		values: vec![twice.value.clone(), twice.value.clone()],
	};
	let contents = Contents::of([&twice]);
	let proof = raw.decode().unwrap();
	let verified = proof.verify::<H, _>(&root, &[5, 15], |_, value| contents.resolve(value));
	assert_eq!(verified, Err(VerifyError::WrongPlace));
}

#[test]
fn a_leaf_where_its_path_does_not_lead() {
	let (left, right) = (leaf(path("1"), 10), leaf(path("0"), 10));
	let root = wrapping_inner(&left.reference::<H>(), &right.reference::<H>());
	let contents = Contents::of([&left, &right]);
	for (position, shape, value, beside) in
		[(5, "1 00 0", &left, &right), (15, "1 01 0", &right, &left)]
	{
		let raw = Raw {
			shape: bits(shape),
			nodes: vec![raw_node(&beside.reference::<H>())],
			values: vec![value.value.clone()],
		};
		let proof = raw.decode().unwrap();
		let verified = proof.verify::<H, _>(&root, &[position], |_, value| contents.resolve(value));
		assert_eq!(verified, Err(VerifyError::WrongPlace));
	}
}

#[test]
fn content_that_is_not_acceptable() {
	let mut raw = opened(&[5]);
	raw.values[0][0] ^= 1;
	assert_eq!(verify(&raw, &[5]), Err(VerifyError::Resolver(Unknown)));
}

#[test]
fn other_content_for_the_same_path_and_weight() {
	let mut raw = opened(&[5]);
	raw.values[0].push(0);
	let proof = raw.decode().unwrap();
	let verified = proof.verify::<H, Unknown>(&root(), &[5], |_, _| Ok((path("000"), 10)));
	assert_eq!(verified, Err(VerifyError::WrongRoot));
}

#[test]
fn another_path_in_the_same_place() {
	let proof = opened(&[5]).decode().unwrap();
	let verified = proof.verify::<H, Unknown>(&root(), &[5], |_, _| Ok((path("0001"), 10)));
	assert_eq!(verified, Err(VerifyError::WrongRoot));
}

#[test]
fn sums_that_overflow() {
	let mut raw = opened(&[5]);
	raw.nodes[0].sum = u64::MAX;
	assert_eq!(verify(&raw, &[5]), Err(VerifyError::Overflow));

	let mut raw = opened(&[209]);
	raw.nodes[0].sum = u64::MAX;
	assert_ne!(verify(&raw, &[209]), Ok(()));
}

#[test]
fn counts_that_overflow() {
	let mut raw = opened(&[5]);
	raw.nodes[0].count = u64::MAX;
	assert_eq!(verify(&raw, &[5]), Err(VerifyError::Overflow));
}

#[test]
fn a_root_made_with_sums_that_wrap() {
	// The fat one cancels nearly all of the honest one, which then seems to be all there is.
	let (honest, fat) = (leaf(path("0"), 100), leaf(path("1"), u64::MAX - 49));
	let root = wrapping_inner(&honest.reference::<H>(), &fat.reference::<H>());
	assert_eq!(root.sum, 50);
	let raw = Raw {
		shape: bits("1 00 0"),
		nodes: vec![raw_node(&fat.reference::<H>())],
		values: vec![honest.value.clone()],
	};
	let contents = Contents::of([&honest]);
	let proof = raw.decode().unwrap();
	let verified = proof.verify::<H, _>(&root, &[5], |_, value| contents.resolve(value));
	assert_eq!(verified, Err(VerifyError::Overflow));
}

#[test]
fn a_subtree_that_does_not_exist() {
	let real = leaf(path("0"), 10);
	let root = NodeRef::inner::<H>(&real.reference::<H>(), &bogus(1_000)).unwrap();
	let honest = Raw {
		shape: bits("1 00 0"),
		nodes: vec![raw_node(&bogus(1_000))],
		values: vec![real.value.clone()],
	};
	let faked = leaf(path("1"), 1_000);
	let replaced = Raw {
		shape: bits("1 01 0"),
		nodes: vec![raw_node(&real.reference::<H>())],
		values: vec![faked.value.clone()],
	};
	let both = Raw {
		shape: bits("1 11 0 0"),
		nodes: vec![],
		values: vec![real.value.clone(), faked.value.clone()],
	};
	let contents = Contents::of([&real, &faked]);
	let verify = |raw: &Raw, positions: &[u64]| {
		let proof = raw.decode().unwrap();
		proof.verify::<H, _>(&root, positions, |_, value| contents.resolve(value))
	};
	// Its weight is the risk: where a position meets what exists, nothing is noticed.
	assert_eq!(verify(&honest, &[9]), Ok(()));
	assert_eq!(verify(&honest, &[10]), Err(VerifyError::UnaskedLeaf));
	assert_eq!(verify(&replaced, &[10]), Err(VerifyError::WrongRoot));
	assert_eq!(verify(&both, &[9, 10]), Err(VerifyError::WrongRoot));
}

#[test]
fn a_chain_of_another_length() {
	// Right, left, down the chain, left to D. Then without the chain, and with a longer one.
	let honest = opened(&[65]);
	assert_eq!(honest.shape, bits("1 01 1 00 1 10 0 00 0"));
	for shape in ["1 01 1 00 1 00 0", "1 01 1 00 1 10 0 10 0 00 0"] {
		let raw = Raw { shape: bits(shape), ..honest.clone() };
		assert_ne!(verify(&raw, &[65]), Ok(()));
	}
}

#[test]
fn a_leaf_at_the_end_of_a_chain_cannot_be_written() {
	// Beside nothing there is an inner node: what should say "leaf" says that it has a sibling.
	let alone = leaf(path("0"), 10);
	let raw = Raw { shape: bits("1 10 0 0"), nodes: vec![], values: vec![alone.value] };
	assert_eq!(raw.decode(), Err(DecodeError::WrongLength));
}

#[test]
fn nothing_in_place_of_a_node() {
	for (sum, count) in [(0, 0), (1, 0)] {
		let mut raw = opened(&[5]);
		raw.nodes[0] = raw_node(&NodeRef { digest: [0; 32], sum, count });
		assert_eq!(raw.decode(), Err(DecodeError::EmptyNode));
	}
}

fn raw_node(node: &NodeRef) -> common::RawNode {
	common::RawNode { digest: node.digest, sum: node.sum, count: node.count }
}

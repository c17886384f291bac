//! Honest claims and honest leaves, but not the right proof of them.

use super::*;
use codec::{Compact, Decode};

/// An honest claim whose proof is due.
fn at_the_proof() -> Vec<Leaf> {
	stage();
	let served = honest(1);
	run_to(claims_open(SESSION));
	commit_to(1, &served);
	run_to(seed_of(SESSION));
	served
}

/// A proof in its parts: shape, nodes that are not opened, values.
type Parts = (Vec<u8>, Vec<([u8; 32], Compact<u64>, Compact<u64>)>, Vec<Vec<u8>>);

/// The right proof is refused with `error` once it is changed, and accepted as it is.
fn is_refused_with(error: ProofError, change: impl Fn(&mut Parts)) {
	on_chain(looked_at(), || {
		let good = show(1, &at_the_proof());
		let mut parts = Parts::decode(&mut &good[..]).unwrap();
		change(&mut parts);
		assert_noop!(prove(1, SESSION, parts.encode()), fault(error));
		assert_ok!(prove(1, SESSION, good));
	});
}

#[test]
fn a_proof_with_another_node_beside_its_leaves() {
	type Node = ([u8; 32], Compact<u64>, Compact<u64>);
	let changed = |error, change: fn(&mut Node)| {
		is_refused_with(error, |(_, nodes, _)| change(nodes.last_mut().unwrap()))
	};
	changed(ProofError::WrongRoot, |(digest, ..)| digest[7] ^= 1);
	changed(ProofError::WrongRoot, |(_, sum, _)| sum.0 += 1);
	changed(ProofError::WrongRoot, |(.., count)| count.0 += 1);
	changed(ProofError::Overflow, |(_, sum, _)| sum.0 = u64::MAX);
	changed(ProofError::Overflow, |(.., count)| count.0 = u64::MAX);
	changed(ProofError::Malformed, |(.., count)| count.0 = 0);
}

#[test]
fn a_proof_with_a_node_or_a_value_too_many_or_too_few() {
	let malformed = |change: fn(&mut Parts)| is_refused_with(ProofError::Malformed, change);
	malformed(|(_, nodes, _)| nodes.push(nodes[0]));
	malformed(|(_, nodes, _)| nodes.truncate(nodes.len() - 1));
	malformed(|(.., values)| values.push(values[0].clone()));
	malformed(|(.., values)| values.truncate(values.len() - 1));
	malformed(|(shape, ..)| shape.push(0));
	malformed(|(shape, ..)| shape.truncate(shape.len() - 1));
}

/// Every leaf that is shown is right; but not those leaves were asked for.
#[test]
fn a_proof_that_opens_one_leaf_more_or_less() {
	on_chain(looked_at(), || {
		let served = at_the_proof();
		let mut asked = duty(1, SESSION).unwrap().positions;
		asked.sort();
		asked.dedup();
		let (first, last) = (asked[0], asked[asked.len() - 1]);
		assert!(first > 0 && last < 2 * UNITS - 1 && asked.len() < 16, "as the seed has it");
		let opened = |positions: &[u64]| {
			let opened = trie(&served).open(positions).unwrap().encode();
			prove(1, SESSION, opened)
		};
		for left_out in 0..asked.len() {
			let mut fewer = asked.clone();
			fewer.remove(left_out);
			assert_noop!(opened(&fewer), fault(ProofError::PositionNotOpened));
		}
		for more in [first - 1, last + 1] {
			let more = [&asked[..], &[more]].concat();
			assert_noop!(opened(&more), fault(ProofError::UnaskedLeaf));
		}
		let all: Vec<_> = (0..33).map(|step| step * 3).collect();
		assert_noop!(opened(&all), fault(ProofError::Malformed));
		assert_ok!(opened(&asked));
	});
}

/// What another supplier has served, and could prove.
#[test]
fn a_proof_of_another_claim() {
	on_chain(looked_at(), || {
		at_the_proof();
		assert_noop!(prove(1, SESSION, show(1, &honest(2))), fault(ProofError::NotSigned));
	});
}

#[test]
fn a_proof_that_is_cut_or_goes_on() {
	on_chain(looked_at(), || {
		let good = show(1, &at_the_proof());
		let malformed = || fault(ProofError::Malformed);
		for end in (0..good.len()).step_by(97).chain([good.len() - 1]) {
			assert_noop!(prove(1, SESSION, good[..end].to_vec()), malformed());
		}
		for more in [vec![0], vec![0xff; 3], good.clone()] {
			assert_noop!(prove(1, SESSION, [good.clone(), more].concat()), malformed());
		}
		assert_ok!(prove(1, SESSION, good));
	});
}

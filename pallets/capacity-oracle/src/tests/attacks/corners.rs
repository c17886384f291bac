//! Paths that are ground so that fakes hide in a corner.

use super::*;
use sum_trie::{Blake2b256, Leaf, Trie};

const SEEDS: u64 = 500;
/// The weight of a whole claim; the threshold is reached, so that all are proven.
const CLAIMED: Units = 100;

/// Fakes that weigh `weight` in all, as `pieces` leaves. Their paths share the bits of one narrow corner
/// of the application's range, or are anywhere in it.
fn fakes(served: &Served, weight: Units, pieces: u64, narrow: bool) -> Vec<Leaf> {
	let leaf = |piece: u64| {
		let mut leaf = pad(served.clone(), piece + 1).leaves.pop().unwrap();
		if narrow {
			leaf.path[4..11].fill(0xff);
		}
		Leaf { weight: weight / pieces, ..leaf }
	};
	(0..pieces).map(leaf).collect()
}

/// Of a hundred seeds, how many find out a claim of which this is made up.
fn found_out(openings: u32, weight: Units, pieces: u64, narrow: bool) -> u64 {
	let mut found = 0;
	on_chain(Policy { openings, ..relaying(terms()) }, || {
		let index = three_and_one(9_000);
		let who = drawn(1, index)[0];
		let honest = serve(who, 1, index, CLAIMED - weight);
		let mut served = honest.clone();
		served.leaves.extend(fakes(&honest, weight, pieces, narrow));
		let trie = Trie::<Blake2b256>::build(served.leaves.clone()).unwrap();
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[served]));
		let refused = over_seeds(SEEDS, || {
			run_to(seed_of(1));
			let positions = duty(who, 1).unwrap().positions;
			prove(who, 1, codec::Encode::encode(&trie.open(&positions).unwrap())).is_err()
		});
		found = refused.into_iter().filter(|refused| *refused).count() as u64 * 100 / SEEDS;
	});
	found
}

/// Section 5.1: positions are drawn by weight and do not see paths. One fat leaf, a subtree in a corner
/// of 2^-56 of the range, and as many leaves as units are found as often. Standard deviation: 2.2.
#[test]
fn fakes_in_a_corner_are_found_by_their_weight_and_not_by_their_leaves() {
	for (pieces, narrow) in [(1, true), (8, true), (40, false)] {
		let found = found_out(1, 40, pieces, narrow);
		assert!((33..48).contains(&found), "{pieces} pieces of 40 %: {found} %");
	}
	let found = found_out(1, 8, 1, true);
	assert!((4..13).contains(&found), "8 %: {found} %");
}

/// Section 5.1: k openings miss the share f with (1 − f)^k. Here 1 − 0.6^4 = 87 %.
#[test]
fn fakes_in_a_corner_are_found_more_often_with_more_openings() {
	let found = found_out(4, 40, 1, true);
	assert!((81..93).contains(&found), "{found} %");
}

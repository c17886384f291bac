//! One request counted many times.

use super::*;
use sum_trie::{Blake2b256, Leaf, Trie};

fn refused(error: ProofError) -> Fault {
	Fault::InvalidProof(error)
}

/// Section 5: the path follows from the signed request; one path, one leaf.
#[test]
fn one_request_has_one_place_in_a_trie() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		let asked = Draft::new(who, 1, index, 0);
		let answered_again = Draft { response: [9; 32], ..asked.clone() };
		for twice in [[asked.leaf(), asked.leaf()], [asked.leaf(), answered_again.leaf()]] {
			let built = Trie::<Blake2b256>::build(twice.into());
			assert_eq!(built.err(), Some(sum_trie::Error::DuplicatePath));
		}
	});
}

/// The same, where the copies are put at other places: an opened leaf must stand where its content says.
#[test]
fn one_request_counted_many_times_is_refused() {
	for response in [None, Some([9; 32])] {
		on_chain(relaying(terms()), || {
			let index = three_and_one(6_000);
			let who = drawn(1, index)[0];
			let asked = Draft::new(who, 1, index, 0);
			let mut served = serve(who, 1, index, 1);
			for copy in 1..100 {
				let elsewhere = Draft::new(who, 1, index, copy).leaf().path;
				let answered = Draft { response: response.unwrap_or([8; 32]), ..asked.clone() };
				served.leaves.push(Leaf { path: elsewhere, ..answered.leaf() });
			}
			run_to(claims_open(1));
			assert_ok!(claim_served(who, 1, std::slice::from_ref(&served)));
			run_to(seed_of(1));
			assert_noop!(prove_served(who, 1, &[served]), refused(ProofError::WrongPlace));
			run_to(due(1));
			assert_eq!(application(index).paid, 0);
		});
	}
}

/// Section 4.2 and 6: a request names its supplier by its context, so another one cannot claim it, nor
/// can the same one in another session.
#[test]
fn one_request_counts_for_one_supplier_only() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(6_000);
		let [who, thief, ..] = drawn(1, index)[..] else { panic!("two are drawn") };
		let mine = serve(who, 1, index, 100);
		let stolen = Served { ranks: ranks(thief, 1, index).unwrap(), ..mine.clone() };
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, std::slice::from_ref(&mine)));
		assert_ok!(claim_served(thief, 1, std::slice::from_ref(&stolen)));
		run_to(seed_of(1));
		assert_noop!(prove_served(thief, 1, &[stolen]), refused(ProofError::NotSigned));
		assert_ok!(prove_served(who, 1, &[mine]));
		run_to(due(1));
		assert_eq!(application(index).paid, 1_000, "once");
		assert_eq!((bid_of(who).stake, bid_of(thief).stake), (4_000, 2_000));
	});
}

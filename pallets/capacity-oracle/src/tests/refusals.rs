//! Who is refused pays for what was done, and not for the worst case.

use super::*;
use frame_support::{dispatch::DispatchResultWithPostInfo, weights::Weight};

fn weight_of(refused: DispatchResultWithPostInfo) -> Weight {
	let refused = refused.expect_err("this is refused");
	refused.post_info.actual_weight.expect("and says what it weighs")
}

fn largest_proof() -> Weight {
	<() as WeightInfo>::prove(65_536, CapacityOracle::most_hashes(), 32)
}

fn at_the_proof() {
	for who in [1, 2, 3] {
		join(who, 20);
	}
	run_to(claims_open(1));
	commit(1, 1, 20);
	commit(2, 1, 0);
	run_to(seed_of(1));
}

#[test]
fn a_proof_that_is_not_due_costs_a_look() {
	on_chain(policy(), || {
		at_the_proof();
		let look = <() as WeightInfo>::prove(0, 0, 0);
		assert_eq!(weight_of(prove(9, 1, vec![0; 60_000])), look);
		assert_eq!(weight_of(prove(3, 1, vec![0; 60_000])), look, "nothing was committed to");
		assert_eq!(weight_of(prove(1, 7, vec![0; 60_000])), look);
	});
}

#[test]
fn bytes_that_are_no_proof_cost_their_reading() {
	on_chain(policy(), || {
		at_the_proof();
		let read = <() as WeightInfo>::prove(9_000, 0, 0);
		assert_eq!(weight_of(prove(1, 1, vec![0xff; 9_000])), read);
	});
}

#[test]
fn a_proof_of_made_up_work_costs_the_leaves_that_were_looked_at() {
	on_chain(policy(), || {
		at_the_proof();
		let proof = proof_of(2, 1, 0);
		let length = proof.len() as u32;
		let done = weight_of(prove(2, 1, proof));
		assert!(done.all_gt(<() as WeightInfo>::prove(length, 0, 0)), "one at the least");
		assert!(done.all_lte(<() as WeightInfo>::prove(length, 4 * (4 + 160), 4)));
		assert!(done.ref_time() < largest_proof().ref_time() / 4);
	});
}

#[test]
fn an_accepted_proof_says_what_it_took() {
	on_chain(policy(), || {
		at_the_proof();
		let info = prove(1, 1, proof_of(1, 1, 20)).unwrap();
		assert!(info.actual_weight.unwrap().ref_time() < largest_proof().ref_time() / 4);
		assert_eq!(info.pays_fee, frame_support::dispatch::Pays::No);
	});
}

/// Twenty applications, of which the supplier has served all.
fn crowd() -> Policy<StandardWork> {
	relaying(RelayTerms { suppliers: Ranks::MOST, ..seldom_proven() })
}

fn served_by_one() -> Vec<Served> {
	assert_ok!(CapacityOracle::bid(signed(1), 0, 20, 60_000));
	let all: Vec<_> = (11..31).map(|who| open_application(who, 5_000, 1_000)).collect();
	run_to(start_of(1));
	all.iter().map(|index| serve(1, 1, *index, 2)).collect()
}

#[test]
fn a_claim_that_is_not_due_costs_a_look() {
	on_chain(crowd(), || {
		let served = served_by_one();
		let look = <() as WeightInfo>::claim(0, 0, 0);
		assert_eq!(weight_of(claim_served(1, 1, &served)), look, "too early");
		run_to(claims_open(1));
		assert_eq!(weight_of(claim_served(9, 1, &served)), look, "no bid");
		run_to(seed_of(1));
		assert_eq!(weight_of(claim_served(1, 1, &served)), look, "too late");
	});
}

#[test]
fn a_list_costs_the_entries_that_were_looked_at() {
	on_chain(crowd(), || {
		let served = served_by_one();
		let draws = 20 * u32::from(Ranks::MOST);
		run_to(claims_open(1));
		let root = relay_trie(&served).root();
		for bad in [0, 7, 19] {
			let mut entries = list(&served);
			entries[bad].ranks = Ranks::NONE;
			let named = draws - u32::from(Ranks::MOST);
			let looked_at = <() as WeightInfo>::claim(bad as u32 + 1, named, 0);
			assert_eq!(weight_of(claim_list(1, 1, root, entries)), looked_at);
		}
		let info = claim_served(1, 1, &served).unwrap();
		assert_eq!(info.actual_weight, Some(CapacityOracle::claim_weight(20, draws, 0)));
		// The claim before it has to be taken back.
		let mut entries = list(&served);
		entries[0].ranks = Ranks::NONE;
		let refused = claim_list(1, 1, root, entries);
		let replaced = <() as WeightInfo>::claim(1, draws - u32::from(Ranks::MOST), 20);
		assert_eq!(weight_of(refused), replaced);
		let info = claim_served(1, 1, &served[..3]).unwrap();
		let three = 3 * u32::from(Ranks::MOST);
		assert_eq!(info.actual_weight, Some(CapacityOracle::claim_weight(3, three, 20)));
	});
}

/// A refusal is what it was before, but for what it costs.
#[test]
fn a_refused_claim_leaves_the_one_before_it_in_place() {
	on_chain(crowd(), || {
		let served = served_by_one();
		run_to(claims_open(1));
		assert_ok!(claim_served(1, 1, &served));
		let before = (bid_of(1), Claims::<Test>::get(1, (0, 1)));
		let mut entries = list(&served);
		entries[19].ranks = Ranks::NONE;
		assert_noop!(claim_list(1, 1, relay_trie(&served).root(), entries), Fault::NotAssigned);
		assert_eq!((bid_of(1), Claims::<Test>::get(1, (0, 1))), before);
	});
}

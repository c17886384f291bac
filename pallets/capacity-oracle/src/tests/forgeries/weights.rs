//! Relays that weigh another than they should, or lie in another's range.

use super::*;
use sum_trie::{Hasher, NodeRef};

fn heavy(who: AccountId, index: ApplicationIndex, nonce: u64) -> Leaf {
	let draft = Draft::new(who, SESSION, index, nonce);
	let request = RelayRequest { method: HEAVY, ..draft.request };
	Leaf { weight: 40, ..Draft { request, ..draft }.leaf() }
}

/// The control: what the price list says is what is accepted.
#[test]
fn a_heavier_method_counts_for_as_much_as_the_price_list_says() {
	on_chain(looked_at(), || {
		stage();
		let of = |index| [relays(1, index, UNITS - 40), vec![heavy(1, index, 100)]].concat();
		let served = [of(0), of(1)].concat();
		run_to(claims_open(SESSION));
		commit_to(1, &served);
		run_to(seed_of(SESSION));
		assert_ok!(prove(1, SESSION, show(1, &served)));
	});
}

/// One usual request that claims to weigh sixty units: the leaf does not hold what was asked for.
#[test]
fn a_leaf_that_is_fatter_than_its_method() {
	is_refused(looked_at(), ProofError::UnaskedLeaf, |who| {
		let fat = Leaf { weight: UNITS, ..relays(who, 1, 1).remove(0) };
		[relays(who, 0, UNITS), vec![fat]].concat()
	});
}

/// A heavy request that claims to weigh one unit only, in sixty pieces.
#[test]
fn a_leaf_that_is_leaner_than_its_method() {
	is_refused(looked_at(), ProofError::OtherPayer, |who| {
		let lean = |nonce| Leaf { weight: 1, ..heavy(who, 1, nonce) };
		[relays(who, 0, UNITS), (0..UNITS).map(lean).collect()].concat()
	});
}

/// Eighty units that the first application has signed for, of which it is said to pay sixty.
#[test]
fn a_leaf_that_lies_across_two_ranges() {
	is_refused(looked_at(), ProofError::OtherPayer, |who| {
		[vec![heavy(who, 0, 0), heavy(who, 0, 1)], relays(who, 1, UNITS - 20)].concat()
	});
}

/// More relays of one application than it is said to pay for, and fewer of the other.
#[test]
fn a_leaf_in_anothers_range() {
	for units in [10, 2 * UNITS - 10] {
		is_refused(looked_at(), ProofError::OtherPayer, |who| {
			[relays(who, 0, units), relays(who, 1, 2 * UNITS - units)].concat()
		});
	}
}

/// Relays that nobody is said to pay for, in the place of the audit's units.
#[test]
fn a_relay_in_the_audits_range() {
	is_refused(audited(), ProofError::MalformedWork, |who| {
		[relays(who, 0, UNITS + 20), relays(who, 1, UNITS)].concat()
	});
}

/// The same, at the paths of the audit's units.
#[test]
fn a_relay_at_the_path_of_a_synthetic_unit() {
	is_refused(audited(), ProofError::MalformedWork, |who| {
		let mut leaves = honest(who);
		for (unit, leaf) in leaves.iter_mut().enumerate().take(20) {
			leaf.value = Draft::new(who, SESSION, 0, 100 + unit as u64).leaf().value;
		}
		leaves
	});
}

/// A unit of the audit, where a relay is paid for.
#[test]
fn a_synthetic_unit_in_the_range_of_relays() {
	is_refused(audited(), ProofError::MalformedWork, |who| {
		let mut leaves = honest(who);
		let unit = leaves[0].value.clone();
		leaves.iter_mut().skip(20).for_each(|leaf| leaf.value = unit.clone());
		leaves
	});
}

/// Units of the audit that it did not ask for, at its own paths.
#[test]
fn a_synthetic_unit_that_is_not_in_the_task() {
	is_refused(audited(), ProofError::NotInTask, |who| {
		let mut leaves = honest(who);
		for leaf in leaves.iter_mut().take(20) {
			leaf.value[..8].copy_from_slice(&20u64.to_le_bytes());
		}
		leaves
	});
}

/// An inner node that claims more than its children have: two relays of forty units each are said to be
/// 120. The paths part at the 31st bit; above that there is nothing beside them.
#[test]
fn a_sum_that_is_inflated_at_an_inner_node() {
	on_chain(looked_at(), || {
		stage();
		let both = [0, 1].map(|index| heavy(1, index, 0));
		let [left, right] = [0, 1].map(|side: usize| both[side].reference::<Blake2b256>());
		let upwards = |parent: NodeRef| {
			let up = |node, _| NodeRef::inner::<Blake2b256>(&node, &NodeRef::EMPTY).unwrap();
			(0..30).fold(parent, up)
		};
		let parent = NodeRef::inner::<Blake2b256>(&left, &right).unwrap();
		assert_eq!(upwards(parent), trie(&both).root(), "this is how the nodes are made");

		let (sum, count) = (2 * UNITS, 2);
		let preimage = [
			&[1],
			&left.to_bytes()[..],
			&right.to_bytes(),
			&sum.to_be_bytes(),
			&2u64.to_be_bytes(),
		];
		let inflated = NodeRef { digest: Blake2b256::hash(&preimage), sum, count };
		let forty_and_eighty = [(0, 40), (1, 80)]
			.map(|(index, units)| (index, ranks(1, SESSION, index).unwrap(), units));
		let list = payers(forty_and_eighty).collect::<Vec<_>>().try_into().unwrap();
		run_to(claims_open(SESSION));
		assert_ok!(claim_list(1, SESSION, upwards(inflated), list));
		run_to(seed_of(SESSION));
		let shown = trie(&both).open(&[0, 40]).unwrap().encode();
		assert_noop!(prove(1, SESSION, shown), fault(ProofError::PositionNotOpened));
		run_to(due(SESSION));
		assert_eq!(application(0).paid + application(1).paid, 0);
	});
}

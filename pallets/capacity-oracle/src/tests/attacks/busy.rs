//! Filling blocks, and making the chain slow.

use super::*;
use frame_support::{
	traits::Get,
	weights::{Weight, WeightMeter},
};

/// Fills the running block to the last byte, and starts the next.
fn next_after_a_long_block() {
	let longest = <<Test as frame_system::Config>::BlockLength as Get<
		frame_system::limits::BlockLength,
	>>::get();
	System::set_block_consumed_resources(Weight::zero(), *longest.max.get(OPERATIONAL) as usize);
	next_block();
	System::set_block_consumed_resources(Weight::zero(), 0);
}
const OPERATIONAL: frame_support::dispatch::DispatchClass =
	frame_support::dispatch::DispatchClass::Operational;

fn next_after_a_full_block() {
	fill_block();
	next_block();
}

/// Blocks are full from the first of the claim window on, for three times its length, and again from
/// the first of the proof window on. Between them an honest supplier has one block for each.
fn an_honest_supplier_through(next_after: fn()) {
	on_chain(relaying(terms()), || {
		let index = three_and_one(6_000);
		let who = drawn(1, index)[0];
		let served = [serve(who, 1, index, 100)];
		run_to(claims_open(1));
		(0..3 * SCHEDULE.claims).for_each(|_| next_after());
		assert_ok!(claim_served(who, 1, &served));
		while Sessions::<Test>::get(1).unwrap().proof_seed.is_none() {
			next_block();
		}
		(0..3 * SCHEDULE.proofs).for_each(|_| next_after());
		assert_ok!(prove_served(who, 1, &served));
		while Sessions::<Test>::contains_key(1) {
			next_block();
		}
		assert_eq!((application(index).paid, bid_of(who).stake), (1_000, 4_000));
	});
}

/// Section 3, rule 5: deadlines are ticks, and a block that nobody could enter is none.
#[test]
fn full_blocks_cost_an_honest_supplier_neither_claim_nor_proof() {
	an_honest_supplier_through(next_after_a_full_block);
}

/// The same where it is the length of the blocks that is used up. Bytes can be had for little weight.
#[test]
fn blocks_full_of_bytes_cost_an_honest_supplier_neither_claim_nor_proof() {
	an_honest_supplier_through(next_after_a_long_block);
}

/// Whoever fills blocks delays itself as well: the deadline of a liar waits as long, and not longer.
#[test]
fn full_blocks_do_not_save_a_liar() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(6_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[made_up(who, 1, index, 100)]));
		run_to(seed_of(1));
		(0..20).for_each(|_| next_after_a_full_block());
		assert_eq!(bid_of(who).stake, 4_000);
		run_to(due(1) + 20);
		assert_eq!(bid_of(who).stake, 2_000);
	});
}

/// Everybody is drawn, and every claim is proven.
fn crowd() -> Policy<StandardWork> {
	relaying(RelayTerms { suppliers: Ranks::MOST, ..proven_at(100) })
}

/// So many suppliers have proven a claim of session 1 that lists one application.
fn claims_of(suppliers: AccountId) {
	(1..=suppliers).for_each(|who| join(who, 20));
	let index = open_application(41, 60_000, 60_000);
	run_to(start_of(1));
	let claims: Vec<_> = (1..=suppliers).map(|who| (who, [serve(who, 1, index, 5)])).collect();
	run_to(claims_open(1));
	for (who, served) in &claims {
		assert_ok!(claim_served(*who, 1, served));
	}
	run_to(seed_of(1));
	for (who, served) in &claims {
		assert_ok!(prove_served(*who, 1, served));
	}
	run_unsettled_to(due(1));
}

fn open() -> usize {
	Claims::<Test>::iter_prefix(1).count()
}

/// Section 7: settlement is checked against the weight left before each claim; what does not fit waits.
#[test]
fn a_chain_without_weight_settles_later() {
	on_chain(crowd(), || {
		claims_of(4);
		assert_eq!(open(), 4);
		let check = <() as WeightInfo>::check_due();
		let one = <() as WeightInfo>::settle_claim(1);
		let settle = |weight: Weight| {
			next_block_with(WeightMeter::with_limit(weight));
			check_state();
			open()
		};
		assert_eq!(settle(check), 4);
		assert_eq!(settle(check + one - Weight::from_parts(1, 0)), 4);
		assert_eq!(settle(check + one), 3);
		assert_eq!(settle(check + one + one), 1);
		assert_eq!(settle(Weight::MAX), 0);
		assert!(!Sessions::<Test>::contains_key(1));
	});
}

/// Section 7: a bounded number of claims for each block, however many fall due together.
#[test]
fn a_block_settles_no_more_claims_than_it_may() {
	on_chain(crowd(), || {
		claims_of(13);
		let most = <<Test as Config>::MaxSettlementsPerBlock as Get<u32>>::get() as usize;
		for left in [13 - most, 13 - 2 * most, 0] {
			let mut meter = WeightMeter::new();
			let now = System::block_number() + 1;
			next_block_with(WeightMeter::with_limit(Weight::zero()));
			<CapacityOracle as frame_support::traits::OnPoll<u64>>::on_poll(now, &mut meter);
			assert_eq!(open(), left);
			let claims = <() as WeightInfo>::settle_claim(1).saturating_mul(most as u64);
			let rest = <() as WeightInfo>::check_due() + <() as WeightInfo>::close_session(1);
			assert!(meter.consumed().all_lte(claims + rest));
		}
	});
}

/// Section 11: every loop is bounded. The longest list there can be is claimed, proven and settled,
/// each within one block.
#[test]
fn the_longest_claim_settles_within_one_block() {
	on_chain(crowd(), || {
		assert_ok!(CapacityOracle::bid(signed(1), 0, 20, 50_000));
		let most = <<Test as Config>::MaxPayers as Get<u32>>::get() as u64;
		let accounts = 1_001..=1_000 + most;
		let all: Vec<_> = accounts
			.map(|account| {
				assert_ok!(Balances::transfer_keep_alive(signed(50), account, 1_000));
				open_application(account, 900, 900)
			})
			.collect();
		run_to(start_of(1));
		let served: Vec<_> = all.iter().map(|index| serve(1, 1, *index, 3)).collect();
		run_to(claims_open(1));
		assert_ok!(claim_served(1, 1, &served));
		run_to(seed_of(1));
		assert_ok!(prove_served(1, 1, &served));
		run_unsettled_to(due(1));
		let normal = block_weights().get(frame_support::dispatch::DispatchClass::Normal).max_total;
		next_block_with(WeightMeter::with_limit(normal.unwrap()));
		assert!(!Sessions::<Test>::contains_key(1));
		assert!(all.iter().all(|index| application(*index).paid == 3 * PRICE));
	});
}

/// One entry more is not even decoded.
#[test]
fn a_longer_list_is_no_claim() {
	on_chain(crowd(), || {
		let entry = Payer { skipped: 0, ranks: only(0), units: 1 };
		let root = sum_trie::Root { digest: [1; 32], sum: 65, count: 65 };
		let encoded = |entries| {
			let arguments = (7u8, 1u32, 0u32, root, vec![entry; entries]);
			codec::Encode::encode(&arguments)
		};
		let decoded = |bytes: Vec<u8>| <Call<Test> as codec::Decode>::decode(&mut &bytes[..]);
		assert!(decoded(encoded(64)).is_ok());
		assert!(decoded(encoded(65)).is_err());
	});
}

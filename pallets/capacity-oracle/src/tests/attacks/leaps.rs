//! A provider whose number jumps within a block, as a relay chain's does on a parachain. Section 3, rule 6:
//! everything in a block sees the same tick.

use super::*;
use frame_support::weights::{Weight, WeightMeter};

const SETTLER: AccountId = 9;
/// As long as a proof window.
const LEAP: u64 = 3;

fn nothing() -> WeightMeter {
	WeightMeter::with_limit(Weight::zero())
}

/// An honest supplier that means to prove in the second block of its window.
fn committed() -> AccountId {
	join(1, 20);
	run_to(claims_open(1));
	commit(1, 1, Units::MAX);
	run_to(seed_of(1));
	1
}

/// What an honest supplier gains if the provider jumps in the second block of its proof window.
fn proving(leap: u64) -> i128 {
	let mut gain = 0;
	on_chain(policy(), || {
		let who = committed();
		let before = wealth(who) as i128;
		next_block_leaping(leap, WeightMeter::new());
		if duty(who, 1).is_some() {
			let _ = prove(who, 1, proof_of(who, 1, Units::MAX));
		}
		run_to(due(1) + 1);
		gain = wealth(who) as i128 - before - 20 * policy().cost as i128;
	});
	gain
}

#[test]
fn an_honest_supplier_is_not_slashed_by_a_leap() {
	let [steady, leapt] = [0, LEAP].map(proving);
	eprintln!("gains | honest supplier, provider steady and leaping | {steady} | {leapt}");
	assert_eq!((steady, leapt), (200, 200));
}

/// What somebody gains who sees the leap and tries to settle what is not due.
fn settling(leap: u64) -> i128 {
	let mut gain = 0;
	on_chain(policy(), || {
		let who = committed();
		let before = wealth(SETTLER) as i128;
		next_block_leaping(leap, nothing());
		let _ = CapacityOracle::settle(signed(SETTLER), 1, 0, who);
		gain = wealth(SETTLER) as i128 - before;
	});
	gain
}

#[test]
fn a_settler_gains_nothing_by_a_leap() {
	let title = "settling an honest claim in a block whose provider leaps";
	assert_no_gain(&Gains::new(title, vec![settling(0)], vec![settling(LEAP)]));
}

#[test]
fn a_claim_window_does_not_close_early() {
	on_chain(policy(), || {
		join(1, 20);
		run_to(claims_open(1) + 1);
		let root = trie(&duty(1, 1).unwrap(), Units::MAX).root();
		next_block_leaping(LEAP, WeightMeter::new());
		assert_ok!(claim(1, 1, root));
	});
}

/// Blocks that passed between two of this chain's do no harm: only as many count as may.
#[test]
fn blocks_that_pass_between_two_do_not_count() {
	on_chain(policy(), || {
		let who = committed();
		Ahead::set(50);
		next_block();
		assert_ok!(prove(who, 1, proof_of(who, 1, Units::MAX)));
	});
}

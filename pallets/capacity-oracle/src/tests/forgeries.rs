//! Forged relay proofs. Whatever is wrong with an opened leaf is named, changes nothing, and does not
//! stand in the way of a correct proof; and a claim that is made of such leaves cannot be proven.

mod bytes;
mod requests;
mod weights;

use super::*;
use codec::Encode;
use sp_core::Pair;
use sum_trie::{Blake2b256, Leaf, Trie};

/// The session that is played.
const SESSION: SessionIndex = 2;
/// What each of the two applications asks of a supplier.
const UNITS: Units = 60;
/// A method that weighs forty units.
const HEAVY: MethodId = [9; 4];

/// Keys of the second application, by number and account: one that was removed, and one that is not
/// valid yet.
const REMOVED: (u8, AccountId) = (1, 91);
const ADDED: (u8, AccountId) = (2, 92);

/// Sixteen of the 120 units of a claim are opened, so that each application is looked at.
fn looked_at() -> Policy<StandardWork> {
	let mut prices = PriceList::flat(1);
	prices.methods[0] = MethodPrice { method: HEAVY, units: 40 };
	Policy { openings: 16, ..relaying(RelayTerms { suppliers: 60, prices, ..terms() }) }
}

/// The same, with an audit of each supplier.
fn audited() -> Policy<StandardWork> {
	Policy { audit_rate: Perquintill::one(), ..looked_at() }
}

/// Three suppliers and two applications, 0 and 1; the session runs.
fn stage() {
	for who in [1, 2, 3] {
		assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 20_000));
	}
	let numbers = [11, 12].map(|account| open_application(account, 90_000, 90_000));
	assert_eq!(numbers, [0, 1]);
	let key = |account| signing_key(account).public().0;
	assert_ok!(CapacityOracle::add_key(signed(12), 0, key(REMOVED.1)));
	run_to(start_of(SESSION - 1));
	assert_ok!(CapacityOracle::remove_key(signed(12), 0, REMOVED.0));
	run_to(start_of(SESSION));
	assert_ok!(CapacityOracle::add_key(signed(12), 0, key(ADDED.1)));
}

/// What `who` has served one application.
fn relays(who: AccountId, index: ApplicationIndex, units: Units) -> Vec<Leaf> {
	(0..units).map(|nonce| Draft::new(who, SESSION, index, nonce).leaf()).collect()
}

/// The units of its audit, if it has one.
fn audit(who: AccountId) -> Vec<Leaf> {
	duty(who, SESSION).map_or(Vec::new(), |told| leaves(&told, Units::MAX))
}

/// All that `who` was asked to do.
fn honest(who: AccountId) -> Vec<Leaf> {
	[audit(who), relays(who, 0, UNITS), relays(who, 1, UNITS)].concat()
}

fn trie(leaves: &[Leaf]) -> Trie<Blake2b256> {
	Trie::build(leaves.to_vec()).unwrap()
}

/// The list of an honest claim.
fn usual_list(who: AccountId) -> PayersOf<Test> {
	let entries = [0, 1].map(|index| (index, ranks(who, SESSION, index).unwrap(), UNITS));
	payers(entries).collect::<Vec<_>>().try_into().unwrap()
}

/// `who` commits to such leaves.
fn commit_to(who: AccountId, leaves: &[Leaf]) {
	assert_ok!(claim_list(who, SESSION, trie(leaves).root(), usual_list(who)));
}

/// `who` shows such leaves.
fn show(who: AccountId, leaves: &[Leaf]) -> Vec<u8> {
	trie(leaves).open(&duty(who, SESSION).unwrap().positions).unwrap().encode()
}

fn fault(error: ProofError) -> Fault {
	Fault::InvalidProof(error)
}

/// An honest supplier that shows what `forge` makes is told so, and can correct itself. One that has
/// committed to it is told the same, and is paid nothing for its claim.
fn is_refused(
	policy: Policy<StandardWork>,
	error: ProofError,
	forge: impl Fn(AccountId) -> Vec<Leaf>,
) {
	on_chain(policy, || {
		stage();
		if duty(1, SESSION - 1).is_some() {
			// Whoever has failed that one is not paid for this session.
			deliver(1, SESSION - 1);
		}
		let (mine, shown, lie) = (honest(1), forge(1), forge(2));
		run_to(claims_open(SESSION));
		commit_to(1, &mine);
		commit_to(2, &lie);
		run_to(seed_of(SESSION));
		assert_noop!(prove(1, SESSION, show(1, &shown)), fault(error));
		assert_noop!(prove(2, SESSION, show(2, &lie)), fault(error));
		assert_ok!(prove(1, SESSION, show(1, &mine)));
		run_to(due(SESSION));
		let worth = 2 * Balance::from(UNITS) * PRICE;
		assert_eq!(application(0).paid + application(1).paid, worth, "one claim is paid");
	});
}

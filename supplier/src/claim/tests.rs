//! What is built is what the chain checks.

use super::*;
use crate::{
	lie::Lie,
	store::{KeptSession, Key, RelayPath},
	work::ClaimTrie,
};
use capacity_economics::Confidence;
use capacity_oracle_client::{
	relay::{context, Sr25519},
	AccountId32,
};
use capacity_protocol::{
	assigned_unit, list_units, method_id, shares, MethodPrice, PenaltyBasis, PriceList, Ranks,
	Relay, RelayRequest, RelaySession, RelayTask, RelayTerms, Relaying, SeatStatus, Stage,
	Synthetic, Task, Work, WorkError,
};
use codec::Encode;
use sp_arithmetic::Perquintill;
use std::sync::OnceLock;
use subxt_signer::sr25519::dev;
use sum_trie::{Blake2b256, Limits, Multiproof};

const SERVICE: u32 = 3;
const SEED: [u8; 32] = [9; 32];
const WORK: Synthetic = Synthetic { steps: 3 };
const DEAR: u32 = 50;

fn who() -> AccountId32 {
	dev::bob().public_key().to_account_id()
}

fn key() -> Key {
	Key::new(7, &SEED, SERVICE, &who())
}

fn task() -> Task {
	Task { seed: key().seed, units: 20 }
}

/// One bid: all draws of every application fall to it.
fn session() -> KeptSession {
	let mut prices = PriceList::flat(2);
	let method = method_id::<Blake2b256>("dear");
	prices.methods[0] = MethodPrice { method, units: DEAR };
	let terms = RelayTerms {
		suppliers: 5,
		price: 10,
		prices,
		owner_share: Perquintill::zero(),
		pot_share: Perquintill::zero(),
		threshold: 20_000,
		adapt_threshold: false,
		probability: Perquintill::from_percent(10),
		wanted_proofs: None,
		penalty: PenaltyBasis::Worth,
		confidence: Confidence::Mean,
		credit_relays: false,
		minimum_deposit: 1,
	};
	let terms = RelaySession {
		session: 7,
		seed: SEED,
		units: 1_000,
		terms,
		threshold: 20_000,
		probability: Perquintill::from_percent(10),
		stage: Stage::Working,
		claims_open: 100,
		claims_close: 110,
	};
	KeptSession { terms, seat: SeatStatus { slot: 0, start: 0, units: 1_000 }, closed: true }
}

fn relay(application: u32, nonce: u64, method: &str) -> (RelayPath, Relay) {
	let context = context(&SEED, SERVICE, &who(), application);
	let request = RelayRequest { method: method_id::<Blake2b256>(method), nonce, payload: [1; 32] };
	let digest = context.digest::<Blake2b256>(&request);
	let signature = dev::alice().sign(&digest).0;
	let relay = Relay { application, key: 0, request, signature, response: [2; 32] };
	(Relay::path(application, &digest), relay)
}

/// Of three applications, not in their order. A signature is another one each time that it is made.
fn relays() -> &'static [(RelayPath, Relay)] {
	static RELAYS: OnceLock<Vec<(RelayPath, Relay)>> = OnceLock::new();
	RELAYS.get_or_init(|| {
		let usual = (0..6).map(|nonce| relay([9, 2, 9][nonce % 3], nonce as u64, "usual"));
		usual.chain([relay(5, 1, "dear")]).collect()
	})
}

fn results() -> Vec<[u8; 32]> {
	let unit = |unit| WORK.unit::<Blake2b256>(&task(), unit)[8..].try_into().unwrap();
	(0..task().units).map(unit).collect()
}

fn entries(lie: Option<Lie>) -> Vec<Entry> {
	let tallies = tally(&session(), SERVICE, relays());
	let entry = |tally: tally::Tally| {
		let units = padded(tally.entry.units, lie, &session());
		Entry { units, ..tally.entry }
	};
	tallies.into_iter().map(entry).collect()
}

fn built(plan: &Plan, entries: &[Entry]) -> anyhow::Result<ClaimTrie> {
	built_of(plan, entries, relays())
}

fn built_of(
	plan: &Plan,
	entries: &[Entry],
	relays: &[(RelayPath, Relay)],
) -> anyhow::Result<ClaimTrie> {
	let ingredients = Ingredients {
		key: key(),
		service: SERVICE,
		supplier: who(),
		results: &results(),
		session: Some(&session()),
		relays,
	};
	build(&ingredients, plan, entries, 2)
}

const WHOLE: Plan = Plan { done: 20, claimed: 20 };

/// Opens every position as the chain would, and says what it thinks of each.
fn verdicts(trie: &ClaimTrie, entries: &[Entry]) -> Vec<Result<(), WorkError>> {
	let payers = list(entries);
	let root = trie.root();
	let relays = list_units(&payers).unwrap();
	let synthetic = root.sum - relays;
	let keys = vec![Some(dev::alice().public_key().0), Some(dev::bob().public_key().0)];
	let limits = Limits { max_leaves: 1, max_depth: 64, max_value_len: Relay::LENGTH as u32 };
	let check = |position: u64, content: &[u8]| {
		if position < synthetic {
			return WORK.check::<Blake2b256>(&task(), content);
		}
		let share = shares(&payers, synthetic).find(|share| position < share.end()).unwrap();
		let context = context(&SEED, SERVICE, &who(), share.application);
		let task = RelayTask { context, application: share.application, keys: keys.clone() };
		Relaying::<Sr25519>::new(session().terms.terms.prices).check::<Blake2b256>(&task, content)
	};
	let open = |position: u64| {
		let bytes = trie.open(&[position]).unwrap().encode();
		let proof = Multiproof::decode_bounded(&bytes, &limits).unwrap();
		let checked = proof
			.verify::<Blake2b256, _>(&root, &[position], |_, content| check(position, content));
		match checked {
			Ok(()) => Ok(()),
			Err(sum_trie::VerifyError::Resolver(error)) => Err(error),
			Err(error) => panic!("the trie itself is wrong: {error:?}"),
		}
	};
	(0..root.sum).map(open).collect()
}

#[test]
fn what_was_served_is_added_up_in_order() {
	let entry = |application, units| Entry { application, ranks: all_draws(), units };
	assert_eq!(entries(None), [entry(2, 4), entry(5, 50), entry(9, 8)]);
	let counts: Vec<_> =
		tally(&session(), SERVICE, relays()).iter().map(|tally| tally.relays).collect();
	assert_eq!(counts, [2, 1, 4]);
	assert_eq!(units(&entries(None)), 62);
	let payers = list(&entries(None));
	assert_eq!(payers.iter().map(|payer| payer.skipped).collect::<Vec<_>>(), [2, 2, 3]);
}

/// All draws that there are.
fn all_draws() -> Ranks {
	Ranks::of(5, |_| true)
}

#[test]
fn a_bid_is_drawn_where_it_holds_the_unit_that_is() {
	let seats = [(0, 100), (100, 600), (700, 300)].map(|(start, units)| SeatStatus {
		slot: 0,
		start,
		units,
	});
	let session = session().terms;
	for application in 0..50 {
		let unit = |rank| assigned_unit::<Blake2b256>(&SEED, SERVICE, application, rank, 1_000);
		let mut drawn = 0;
		for seat in &seats {
			let ranks = ranks(&session, SERVICE, seat, application);
			assert!(ranks.iter().all(|rank| seat.holds(unit(rank))));
			drawn += ranks.count();
		}
		assert_eq!(drawn, 5, "each draw falls to one bid");
	}
}

#[test]
fn relays_of_whoever_was_not_drawn_are_not_claimed() {
	let none = SeatStatus { slot: 0, start: 1_000, units: 1_000 };
	assert_eq!(tally(&KeptSession { seat: none, ..session() }, SERVICE, relays()), []);
}

#[test]
fn the_audit_comes_first_and_then_each_application_in_its_range() {
	let trie = built(&WHOLE, &entries(None)).unwrap();
	assert_eq!((trie.sum(), trie.count()), (20 + 62, 20 + 7));
	assert!(verdicts(&trie, &entries(None)).iter().all(Result::is_ok));
}

#[test]
fn relays_alone_are_a_claim() {
	let trie = built(&Plan::default(), &entries(None)).unwrap();
	assert_eq!(trie.sum(), 62);
	assert!(verdicts(&trie, &entries(None)).iter().all(Result::is_ok));
}

#[test]
fn an_audit_alone_is_the_claim_that_the_chain_expects() {
	let trie = built(&WHOLE, &[]).unwrap();
	let honest = ClaimTrie::build(WORK.leaves::<Blake2b256>(&task()).collect()).unwrap();
	assert_eq!(trie.root(), honest.root());
}

#[test]
fn what_is_done_of_an_audit_and_the_relays_are_a_claim() {
	let trie = built(&WHOLE.cut(7), &entries(None)).unwrap();
	assert_eq!(trie.sum(), 7 + 62);
	assert!(verdicts(&trie, &entries(None)).iter().all(Result::is_ok));
}

#[test]
fn who_is_left_out_of_the_list_is_left_out_of_the_trie() {
	let listed = [entries(None)[0], entries(None)[2]];
	let trie = built(&Plan::default(), &listed).unwrap();
	assert_eq!((trie.sum(), trie.count()), (12, 6));
	assert!(verdicts(&trie, &listed).iter().all(Result::is_ok));
}

#[test]
fn the_same_list_gives_the_same_root_whenever_it_is_built() {
	let first = built(&WHOLE, &entries(Some(Lie::Pads(2.0)))).unwrap();
	let again = built(&WHOLE, &entries(Some(Lie::Pads(2.0)))).unwrap();
	assert_eq!(first.root(), again.root());
}

#[test]
fn relays_that_are_missing_in_the_store_are_noticed() {
	let mut more = entries(None);
	more[0].units = 2;
	let error = built(&WHOLE, &more).unwrap_err().to_string();
	assert!(error.contains("relays are missing"), "{error}");
}

#[test]
fn padding_doubles_what_was_served_to_each() {
	let lie = entries(Some(Lie::Pads(2.0)));
	assert_eq!(lie.iter().map(|entry| entry.units).collect::<Vec<_>>(), [8, 100, 16]);
	let trie = built(&WHOLE, &lie).unwrap();
	assert_eq!(trie.sum(), 20 + 124);
	// What is made up stands where it should, weighs what it should, and is not signed.
	let verdicts = verdicts(&trie, &lie);
	assert!(verdicts[..20].iter().all(Result::is_ok));
	let bad = verdicts[20..].iter().filter(|verdict| **verdict == Err(WorkError::NotSigned));
	assert_eq!(bad.count(), 62);
	assert_eq!(verdicts.iter().filter(|verdict| verdict.is_ok()).count(), 20 + 62);
}

#[test]
fn padding_is_a_whole_number_of_requests() {
	let pads = |units, times| padded(units, Some(Lie::Pads(times)), &session());
	assert_eq!(pads(4, 1.0), 4);
	assert_eq!(pads(4, 1.25), 6, "one request is two units");
	assert_eq!(pads(4, 3.0), 12);
	assert_eq!(padded(4, Some(Lie::Fakes(0.5)), &session()), 4);
	assert_eq!(padded(4, None, &session()), 4);
}

#[test]
fn what_is_made_up_can_be_hidden_among_relays_of_ones_own() {
	let own = OwnApplication { index: 4, key: 1 };
	let hiding: Vec<_> = dilution(&session(), SERVICE, &dev::bob(), own, 210).collect();
	assert_eq!(hiding.len(), 4, "of the dearest method");
	let all: Vec<_> = relays().iter().copied().chain(hiding).collect();
	let lie = |tally: tally::Tally| match tally.entry.application {
		4 => tally.entry,
		_ => Entry {
			units: padded(tally.entry.units, Some(Lie::Dilutes(3.0)), &session()),
			..tally.entry
		},
	};
	let entries: Vec<_> = tally(&session(), SERVICE, &all).into_iter().map(lie).collect();
	let units: Vec<_> = entries.iter().map(|entry| (entry.application, entry.units)).collect();
	assert_eq!(units, [(2, 6), (4, 200), (5, 56), (9, 10)]);
	let trie = built_of(&Plan::default(), &entries, &all).unwrap();
	let bad: Vec<_> = verdicts(&trie, &entries).into_iter().filter(Result::is_err).collect();
	assert_eq!(bad, [Err(WorkError::NotSigned); 10]);
}

#[test]
fn what_a_claim_is_made_of_survives_the_disk() {
	let dir = tempfile::tempdir().unwrap();
	let store = crate::store::Store::open(dir.path(), &[1; 32]).unwrap();
	let commit = |plan: Plan, relays| {
		let entries = if relays { entries(None) } else { vec![] };
		let root = built(&plan, &entries).unwrap().root();
		Commitment { root, contents: Contents { audit: Part::Whole, relays }, plan, entries }
	};
	let (first, second) = (commit(WHOLE, false), commit(WHOLE, true));
	store.add_commitment(&key(), &first).unwrap();
	store.add_commitment(&key(), &second).unwrap();
	store.add_commitment(&key(), &second).unwrap();
	let known = store.commitments(&key()).unwrap();
	assert_eq!(known.len(), 2);
	assert!(known.contains(&first) && known.contains(&second));
	for commitment in known {
		let again = built(&commitment.plan, &commitment.entries).unwrap();
		assert_eq!(again.root(), commitment.root);
	}
	store.forget(&key()).unwrap();
	assert_eq!(store.commitments(&key()).unwrap(), []);
}

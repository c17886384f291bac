//! Applications that really sign, and suppliers that commit to what was signed.

use crate::{mock::*, *};
use capacity_economics::Perquintill;
use capacity_protocol::*;
use codec::Encode;
use frame_support::{assert_ok, dispatch::DispatchResultWithPostInfo};
use sp_core::{sr25519, Pair};
use sum_trie::{Blake2b256, Hasher, Leaf, Root, Trie};

/// The price of a unit.
pub const PRICE: Balance = 10;

/// Each application draws five times. Claims worth 1,000, a hundred units, are always proven, one
/// in two of the others; one that is worth 1,000 risks as much. Of a payment the owner gets a tenth, the
/// pot a twentieth.
pub fn terms() -> RelayTerms {
	RelayTerms {
		suppliers: 5,
		price: PRICE,
		prices: PriceList::flat(1),
		owner_share: Perquintill::from_percent(10),
		pot_share: Perquintill::from_percent(5),
		threshold: 1_000,
		adapt_threshold: false,
		probability: Perquintill::from_percent(50),
		wanted_proofs: None,
		penalty: PenaltyBasis::Worth,
		confidence: Confidence::Mean,
		credit_relays: false,
		minimum_deposit: 100,
	}
}

/// [`policy`] with relays, and without audits.
pub fn relaying(terms: RelayTerms) -> Policy<StandardWork> {
	Policy { audit_rate: Perquintill::zero(), relays: Some(terms), ..policy() }
}

/// With this probability.
pub fn proven_at(percent: u64) -> RelayTerms {
	RelayTerms { probability: Perquintill::from_percent(percent), ..terms() }
}

/// So seldom that no claim below the threshold is, in what the tests play.
pub fn seldom_proven() -> RelayTerms {
	proven_at(2)
}

/// An application's signing key.
pub fn signing_key(account: AccountId) -> sr25519::Pair {
	sr25519::Pair::from_seed(&Blake2b256::hash(&[&account.to_le_bytes()]))
}

/// `account` becomes an application with a key. Returns its number.
pub fn open_application(account: AccountId, deposit: Balance, limit: Balance) -> ApplicationIndex {
	assert_ok!(CapacityOracle::deposit(signed(account), 0, deposit, Some(limit)));
	let key = signing_key(account).public().0;
	assert_ok!(CapacityOracle::add_key(signed(account), 0, key));
	CapacityOracle::application_index(0, account).unwrap()
}

pub fn application(index: ApplicationIndex) -> ApplicationOf<Test> {
	Applications::<Test>::get(0, index).unwrap()
}

pub fn relay_session(session: SessionIndex) -> RelaySession {
	CapacityOracle::relay_session(0, session).unwrap()
}

/// The rank by which `supplier` may serve an application.
pub fn rank(supplier: AccountId, session: SessionIndex, index: ApplicationIndex) -> Option<u8> {
	let all = CapacityOracle::assignments(0, session, index);
	all.into_iter().find(|known| known.supplier == supplier).map(|known| known.rank)
}

/// What one supplier has served one application.
#[derive(Clone)]
pub struct Served {
	pub index: ApplicationIndex,
	pub rank: u8,
	pub leaves: Vec<Leaf>,
}

impl Served {
	pub fn units(&self) -> Units {
		self.leaves.iter().map(|leaf| leaf.weight).sum()
	}
}

/// A relay, signed with the account's key.
pub fn relay(
	supplier: AccountId,
	session: SessionIndex,
	account: AccountId,
	index: ApplicationIndex,
	nonce: u64,
) -> Leaf {
	let context = supplier.using_encoded(|who| {
		RelayContext::new::<Blake2b256>(&relay_session(session).seed, 0, who, index)
	});
	let request = RelayRequest { method: [0; 4], nonce, payload: [7; 32] };
	let digest = context.digest::<Blake2b256>(&request);
	let signature = signing_key(account).sign(&digest).0;
	let relay = Relay { application: index, key: 0, request, signature, response: [8; 32] };
	Leaf { path: Relay::path(index, &digest), value: relay.encode(), weight: 1 }
}

/// `supplier` serves `units` requests of an application.
pub fn serve(
	supplier: AccountId,
	session: SessionIndex,
	index: ApplicationIndex,
	units: Units,
) -> Served {
	let account = application(index).account;
	let leaves = (0..units).map(|nonce| relay(supplier, session, account, index, nonce));
	let rank = rank(supplier, session, index).expect("the supplier is assigned");
	Served { index, rank, leaves: leaves.collect() }
}

/// As [`serve`], with as many more that nobody asked for.
pub fn pad(served: Served, fakes: Units) -> Served {
	let mut padded = served;
	for nonce in 0..fakes {
		let mut leaf = padded.leaves[0].clone();
		let digest =
			Blake2b256::hash(&[b"made up", &padded.index.to_le_bytes(), &nonce.to_le_bytes()]);
		leaf.path = Relay::path(padded.index, &digest);
		leaf.value[5..37].copy_from_slice(&digest);
		padded.leaves.push(leaf);
	}
	padded
}

/// The list of a claim.
pub fn list(served: &[Served]) -> PayersOf<Test> {
	let mut entries: Vec<_> =
		served.iter().map(|part| (part.index, part.rank, part.units())).collect();
	entries.sort();
	payers(entries).collect::<Vec<_>>().try_into().unwrap()
}

pub fn relay_trie(served: &[Served]) -> Trie<Blake2b256> {
	Trie::build(served.iter().flat_map(|part| part.leaves.clone()).collect()).unwrap()
}

/// `who` claims what it served.
pub fn claim_served(
	who: AccountId,
	session: SessionIndex,
	served: &[Served],
) -> DispatchResultWithPostInfo {
	claim_list(who, session, relay_trie(served).root(), list(served))
}

pub fn claim_list(
	who: AccountId,
	session: SessionIndex,
	root: Root,
	list: PayersOf<Test>,
) -> DispatchResultWithPostInfo {
	CapacityOracle::claim(signed(who), session, 0, root, list)
}

/// `who` opens what it claimed.
pub fn prove_served(
	who: AccountId,
	session: SessionIndex,
	served: &[Served],
) -> DispatchResultWithPostInfo {
	let positions = duty(who, session).unwrap().positions;
	prove(who, session, relay_trie(served).open(&positions).unwrap().encode())
}

/// Three suppliers, `1..=3`, and one application, `11`, with so much to spend in a session; session 1 is
/// running. Returns the application's number.
pub fn three_and_one(limit: Balance) -> ApplicationIndex {
	for who in [1, 2, 3] {
		join(who, 20);
	}
	let index = open_application(11, 10 * limit.max(100), limit);
	run_to(start_of(1));
	index
}

/// The suppliers that an application has drawn for a session.
pub fn drawn(session: SessionIndex, index: ApplicationIndex) -> Vec<AccountId> {
	let all = CapacityOracle::assignments(0, session, index);
	all.into_iter().map(|known| known.supplier).collect()
}

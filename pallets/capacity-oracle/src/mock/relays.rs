//! Applications that really sign, and suppliers that commit to what was signed.

use crate::{mock::*, *};
use capacity_economics::Perquintill;
use capacity_protocol::*;
use codec::Encode;
use frame_support::{
	assert_ok,
	dispatch::DispatchResultWithPostInfo,
	storage::{with_transaction, TransactionOutcome},
	weights::{Weight, WeightMeter},
};
use sp_core::{sr25519, Pair};
use sp_runtime::DispatchError;
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

/// The draws by which `supplier` may serve an application.
pub fn ranks(supplier: AccountId, session: SessionIndex, index: ApplicationIndex) -> Option<Ranks> {
	let all = CapacityOracle::assignments(0, session, index);
	all.into_iter().find(|known| known.supplier == supplier).map(|known| known.ranks)
}

/// The unit of capacity that an application's draw falls to.
pub fn unit_of(session: SessionIndex, index: ApplicationIndex, rank: u8) -> Units {
	let RelaySession { seed, units, .. } = relay_session(session);
	assigned_unit::<Blake2b256>(&seed, 0, index, rank, units)
}

/// One draw alone.
pub fn only(rank: u8) -> Ranks {
	Ranks::of(Ranks::MOST, |drawn| drawn == rank)
}

/// What one supplier has served one application.
#[derive(Clone)]
pub struct Served {
	pub index: ApplicationIndex,
	pub ranks: Ranks,
	pub leaves: Vec<Leaf>,
}

impl Served {
	pub fn units(&self) -> Units {
		self.leaves.iter().map(|leaf| leaf.weight).sum()
	}
}

/// A relay before it is signed. Each part of it can be made another than it should be.
#[derive(Clone)]
pub struct Draft {
	pub seed: Seed,
	pub service: ServiceId,
	pub supplier: AccountId,
	pub application: ApplicationIndex,
	/// The number of the key that is said to sign, and the one that does.
	pub key: u8,
	pub signer: sr25519::Pair,
	pub request: RelayRequest,
	pub response: [u8; 32],
}

impl Draft {
	/// As it should be: the application's first key signs, and any supplier answers.
	pub fn new(
		supplier: AccountId,
		session: SessionIndex,
		index: ApplicationIndex,
		nonce: u64,
	) -> Self {
		Self {
			seed: relay_session(session).seed,
			service: 0,
			supplier,
			application: index,
			key: 0,
			signer: signing_key(application(index).account),
			request: RelayRequest { method: [0; 4], nonce, payload: [7; 32] },
			response: [8; 32],
		}
	}

	pub fn digest(&self) -> [u8; 32] {
		let context = self.supplier.using_encoded(|who| {
			RelayContext::new::<Blake2b256>(&self.seed, self.service, who, self.application)
		});
		context.digest::<Blake2b256>(&self.request)
	}

	/// Signs it. It weighs one unit.
	pub fn leaf(&self) -> Leaf {
		let digest = self.digest();
		let Self { application, key, request, response, .. } = *self;
		let signature = self.signer.sign(&digest).0;
		let relay = Relay { application, key, request, signature, response };
		Leaf { path: Relay::path(application, &digest), value: relay.encode(), weight: 1 }
	}
}

/// `supplier` serves `units` requests of an application.
pub fn serve(
	supplier: AccountId,
	session: SessionIndex,
	index: ApplicationIndex,
	units: Units,
) -> Served {
	let leaves = (0..units).map(|nonce| Draft::new(supplier, session, index, nonce).leaf());
	let ranks = ranks(supplier, session, index).expect("the supplier is assigned");
	Served { index, ranks, leaves: leaves.collect() }
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

/// As many requests of an application that nobody made.
pub fn made_up(
	supplier: AccountId,
	session: SessionIndex,
	index: ApplicationIndex,
	units: Units,
) -> Served {
	let mut padded = pad(serve(supplier, session, index, 1), units);
	padded.leaves.remove(0);
	padded
}

/// The list of a claim.
pub fn list(served: &[Served]) -> PayersOf<Test> {
	let mut entries: Vec<_> =
		served.iter().map(|part| (part.index, part.ranks, part.units())).collect();
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

/// All that somebody owns, wherever it is.
pub fn wealth(who: AccountId) -> Balance {
	use frame_support::traits::fungible::Inspect;
	Balances::total_balance(&who)
}

/// As [`run_to`], on a chain that is too busy to settle anything by itself.
pub fn run_unsettled_to(block: u64) {
	while System::block_number() < block {
		next_block_with(WeightMeter::with_limit(Weight::zero()));
	}
}

/// What comes of this chain with each of so many random seeds. Nothing of it stays.
pub fn over_seeds<R>(seeds: u64, play: impl Fn() -> R) -> Vec<R> {
	let played = (1..=seeds).map(|entropy| {
		Entropy::set(entropy);
		let played =
			with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(play())));
		played.expect("nothing fails here")
	});
	let played = played.collect();
	Entropy::set(0);
	played
}

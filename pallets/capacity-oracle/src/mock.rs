//! A chain with nothing but balances and the oracle, and suppliers that really work.

use crate as pallet_capacity_oracle;
use crate::*;
use capacity_economics::{FixedU128, Perquintill};
use capacity_protocol::*;
use frame_support::{
	derive_impl, parameter_types,
	traits::{fungible::Inspect, Get, OnFinalize, OnInitialize, OnPoll, Randomness},
	weights::{Weight, WeightMeter},
	PalletId,
};
use sp_core::{sr25519, Pair, H256};
use sp_runtime::{traits::BlockNumberProvider, BuildStorage};
use sum_trie::{Blake2b256, Hasher, Leaf, Root, Trie};

pub type AccountId = u64;
type Block = frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type CapacityOracle = pallet_capacity_oracle;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
	type DbWeight = frame_support::weights::constants::ParityDbWeight;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
	type RuntimeHoldReason = RuntimeHoldReason;
}

parameter_types! {
	pub const ExistentialDeposit: Balance = 10;
	pub const OraclePalletId: PalletId = PalletId(*b"cap/orcl");
	pub const SettlerShare: Perquintill = Perquintill::from_percent(10);
	pub const BidDeposit: Balance = 50;
	pub static DrawWeight: Weight = Weight::from_parts(200_000_000_000, 10_000_000);
	/// How far back the randomness of this chain looks.
	pub static Lookback: u64 = 0;
	/// How far the provider's blocks are ahead of this chain's.
	pub static Ahead: u64 = 0;
	/// Blocks that count between two blocks of this chain.
	pub static MaxTicksPerBlock: u32 = 1;
	/// Audits assigned in a block.
	pub static MaxAuditsPerBlock: u32 = 32;
	/// Mixed into every random value.
	pub static Entropy: u64 = 0;
}

/// The blocks that the clock counts: this chain's own, and those that others have had more.
pub struct Provider;
impl BlockNumberProvider for Provider {
	type BlockNumber = u64;
	fn current_block_number() -> u64 {
		System::block_number() + Ahead::get()
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_block_number(block: u64) {
		System::set_block_number(block);
	}
}

/// Unpredictable only in that tests do not try; it says how long ago it could be known.
pub struct TestRandomness;
impl Randomness<H256, u64> for TestRandomness {
	fn random(subject: &[u8]) -> (H256, u64) {
		let now = Provider::current_block_number();
		let value = Blake2b256::hash(&[subject, &now.to_le_bytes(), &Entropy::get().to_le_bytes()]);
		(H256(value), now.saturating_sub(Lookback::get()))
	}
}

/// As a runtime has them.
pub struct TestSignatures;
impl Signatures for TestSignatures {
	fn verify(signature: &RequestSignature, message: &[u8; 32], key: &SigningKey) -> bool {
		let (signature, key) =
			(sr25519::Signature::from_raw(*signature), sr25519::Public::from_raw(*key));
		sr25519::Pair::verify(&signature, message, &key)
	}
}

impl Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type BlockNumberProvider = Provider;
	type MaxTicksPerBlock = MaxTicksPerBlock;
	type Randomness = TestRandomness;
	type Hasher = Blake2b256;
	type Work = StandardWork;
	type Signatures = TestSignatures;
	type AdminOrigin = frame_system::EnsureRoot<AccountId>;
	type PalletId = OraclePalletId;
	type MaxServices = frame_support::traits::ConstU32<3>;
	type MaxSlots = frame_support::traits::ConstU32<40>;
	type MaxSlotsPerBlock = frame_support::traits::ConstU32<32>;
	type MaxAuditsPerBlock = MaxAuditsPerBlock;
	type MaxPayers = frame_support::traits::ConstU32<64>;
	type MaxEndpointLen = frame_support::traits::ConstU32<32>;
	type MaxSettlementsPerBlock = frame_support::traits::ConstU32<5>;
	type DrawWeight = DrawWeight;
	type MaxUnsettledSessions = frame_support::traits::ConstU32<8>;
	type MaxOpenings = frame_support::traits::ConstU32<32>;
	type MaxWorkHashes = frame_support::traits::ConstU32<8_192>;
	type MaxDepth = frame_support::traits::ConstU32<160>;
	type MaxProofLen = frame_support::traits::ConstU32<65_536>;
	type HistoryLength = frame_support::traits::ConstU32<4>;
	type SettlerShare = SettlerShare;
	type BidDeposit = BidDeposit;
	type WeightInfo = ();
}

/// Sessions of ten blocks; claims in the next four, then three for proofs.
pub const SCHEDULE: Schedule =
	Schedule { session: 10, draw: 5, claims: 4, proofs: 3, patience: 6, lookback: None };

/// Every bid is audited in every session. A unit costs 10; the reference bid of 20 units is rewarded
/// with 200 and stands behind 2,000 of stake.
pub fn policy() -> Policy<StandardWork> {
	Policy {
		work: Synthetic { steps: 3 }.into(),
		cost: 10,
		margin: FixedU128::from_u32(1),
		reference: 20,
		curvature: FixedU128::from_u32(2),
		stake_factor: FixedU128::from_u32(10),
		audit_rate: Perquintill::one(),
		selection: Selection::Independent,
		quorum: Perquintill::zero(),
		slashing: Slashing::Full,
		minimum_bid: 5,
		maximum_bid: 80,
		openings: 4,
		relays: None,
	}
}

/// Owns the service.
pub const OWNER: AccountId = 40;
pub const POT: Balance = 1_000_000;
pub const ENDOWMENT: Balance = 100_000;
/// Accounts `1..=50` have [`ENDOWMENT`].
pub const ACCOUNTS: u64 = 50;

/// A chain with one service under `policy`.
pub fn chain_with(policy: Policy<StandardWork>) -> sp_io::TestExternalities {
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: (1..=ACCOUNTS).map(|who| (who, ENDOWMENT)).collect(),
			..Default::default()
		},
		capacity_oracle: GenesisConfig {
			schedule: Some(SCHEDULE),
			services: vec![(Some(OWNER), policy, POT)],
		},
		..Default::default()
	};
	let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
	ext.execute_with(|| {
		Lookback::set(0);
		Ahead::set(0);
		Entropy::set(0);
		MaxTicksPerBlock::set(1);
		MaxAuditsPerBlock::set(32);
		DrawWeight::set(Weight::from_parts(200_000_000_000, 10_000_000));
		next_block();
	});
	ext
}

/// A chain without services, schedule or accounts.
#[cfg(feature = "runtime-benchmarks")]
pub fn empty_chain() -> sp_io::TestExternalities {
	let mut ext =
		sp_io::TestExternalities::new(RuntimeGenesisConfig::default().build_storage().unwrap());
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// Runs `test` on a chain and checks the invariants afterwards, and that money was neither made nor
/// lost.
pub fn on_chain(policy: Policy<StandardWork>, test: impl FnOnce()) {
	chain_with(policy).execute_with(|| {
		let issued = Balances::total_issuance();
		test();
		check_state();
		assert_eq!(Balances::total_issuance(), issued, "money was made or lost");
	});
}

pub fn check_state() {
	CapacityOracle::do_try_state().unwrap();
}

/// Finishes this block and starts the next, with all of its weight.
pub fn next_block() {
	next_block_with(WeightMeter::new());
}

/// Finishes this block and starts the next, which has as much weight as `meter` for `on_poll`.
pub fn next_block_with(meter: WeightMeter) {
	next_block_leaping(0, meter);
}

/// As [`next_block_with`]; the provider jumps `blocks` ahead once the block is initialised.
pub fn next_block_leaping(blocks: u64, mut meter: WeightMeter) {
	let now = System::block_number();
	AllPalletsWithSystem::on_finalize(now);
	System::reset_events();
	frame_system::BlockWeight::<Test>::kill();
	System::set_block_number(now + 1);
	AllPalletsWithSystem::on_initialize(now + 1);
	Ahead::mutate(|ahead| *ahead += blocks);
	AllPalletsWithSystem::on_poll(now + 1, &mut meter);
}

/// Fills the running block to the last unit of weight.
pub fn fill_block() {
	System::set_block_consumed_resources(block_weights().max_block, 0);
}

pub fn block_weights() -> frame_system::limits::BlockWeights {
	<<Test as frame_system::Config>::BlockWeights as Get<_>>::get()
}

pub fn run_to(block: u64) {
	while System::block_number() < block {
		next_block();
	}
}

/// Sessions of forty blocks from the next one on: more audits can be drawn in one.
pub fn long_sessions() {
	let long = Schedule { session: 40, ..SCHEDULE };
	CapacityOracle::set_schedule(RuntimeOrigin::root(), long).unwrap();
}

/// Leaves a service with so much free money; the rest is an account's.
pub fn leave_in_fund(service: ServiceId, free: Balance) {
	use frame_support::traits::{fungible::Mutate, tokens::Preservation};
	let pot = CapacityOracle::pot_account();
	Funds::<Test>::mutate(service, |fund| {
		Balances::transfer(&pot, &50, fund.free - free, Preservation::Preserve).unwrap();
		fund.free = free;
	});
}

/// The first block of `session`, under [`SCHEDULE`].
pub fn start_of(session: u32) -> u64 {
	u64::from(session) * 10
}

/// The first block in which the claims of `session` can be made.
pub fn claims_open(session: u32) -> u64 {
	start_of(session + 1)
}

/// The block in which the proof seed of `session` is taken if the source vouches for it at once.
pub fn seed_of(session: u32) -> u64 {
	claims_open(session) + 4
}

/// The first block in which `session` is due.
pub fn due(session: u32) -> u64 {
	seed_of(session) + 3
}

/// The events of this pallet in the current block.
pub fn events() -> Vec<Event<Test>> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::CapacityOracle(event) => Some(event),
			_ => None,
		})
		.collect()
}

/// What happened last.
pub fn last_event() -> Event<Test> {
	events().pop().unwrap()
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// `who` bids `units` with the least stake.
pub fn join(who: AccountId, units: Units) {
	let stake = CapacityOracle::minimum_stake(0, units).unwrap();
	CapacityOracle::bid(signed(who), 0, units, stake).unwrap();
}

pub fn bid_of(who: AccountId) -> Bid {
	Bids::<Test>::get(0, who).unwrap()
}

pub fn free(who: AccountId) -> Balance {
	Balances::balance(&who)
}

pub fn duty(who: AccountId, session: SessionIndex) -> Option<Duty<StandardWork>> {
	CapacityOracle::duties(0, who).into_iter().find(|duty| duty.session == session)
}

/// The leaves of a task of which the units from `honest` on are made up.
pub fn leaves(duty: &Duty<StandardWork>, honest: Units) -> Vec<Leaf> {
	let audit = duty.audit.as_ref().unwrap();
	let StandardWork::Synthetic(work) = audit.work;
	let mut leaves: Vec<_> = work.leaves::<Blake2b256>(&audit.task).collect();
	for leaf in leaves.iter_mut().skip(honest as usize) {
		leaf.value[8..].fill(0xfa);
	}
	leaves
}

pub fn trie(duty: &Duty<StandardWork>, honest: Units) -> Trie<Blake2b256> {
	Trie::build(leaves(duty, honest)).unwrap()
}

/// `who` commits to its task for `session`, of which `honest` units were done.
pub fn commit(who: AccountId, session: SessionIndex, honest: Units) -> Root {
	let root = trie(&duty(who, session).unwrap(), honest).root();
	claim(who, session, root).unwrap();
	root
}

/// `who` commits to a root that no application pays for.
pub fn claim(
	who: AccountId,
	session: SessionIndex,
	root: Root,
) -> frame_support::dispatch::DispatchResultWithPostInfo {
	CapacityOracle::claim(signed(who), session, 0, root, Default::default())
}

/// What `who` must show for `session`, by a trie of which `honest` units were done.
pub fn proof_of(who: AccountId, session: SessionIndex, honest: Units) -> Vec<u8> {
	let duty = duty(who, session).unwrap();
	codec::Encode::encode(&trie(&duty, honest).open(&duty.positions).unwrap())
}

pub fn prove(
	who: AccountId,
	session: SessionIndex,
	proof: Vec<u8>,
) -> frame_support::dispatch::DispatchResultWithPostInfo {
	CapacityOracle::prove(signed(who), session, 0, proof.try_into().unwrap())
}

/// `who` delivers everything it was asked for in `session`, from its end to the proof.
pub fn deliver(who: AccountId, session: SessionIndex) {
	run_to(claims_open(session));
	commit(who, session, Units::MAX);
	run_to(seed_of(session));
	prove(who, session, proof_of(who, session, Units::MAX)).unwrap();
}

//! A chain with nothing but balances and the oracle, in memory, with blocks that are never full.
//!
//! All of it is the chain's code: storage, hooks, calls and their transactions. Three things are
//! made cheap. Requests are signed with a keyed hash in place of sr25519, so whoever verifies could
//! sign; nobody here does. Randomness is a hash of the run's seed, the subject and the block, so
//! that a run can be repeated. And a session has four blocks, each of which has room for whatever
//! comes.

// What the runtime's macro makes asks for features that only runtimes have.
#![allow(unexpected_cfgs)]

use super::memory::Memory;
use capacity_protocol::{
	Balance, Policy, RequestSignature, Schedule, ServiceId, SessionIndex, Signatures, SigningKey,
	StandardWork,
};
use codec::Encode;
use frame_support::{
	derive_impl, parameter_types,
	storage::unhashed,
	traits::{
		fungible::Inspect, BuildGenesisConfig, ConstU128, ConstU32, OnFinalize, OnInitialize,
		OnPoll, Randomness,
	},
	weights::{Weight, WeightMeter},
	PalletId,
};
use frame_system::limits::BlockWeights;
use sp_core::H256;
use sp_runtime::Perquintill;
use sum_trie::{Blake2b256, Hasher};

pub type AccountId = u64;
/// The hash of tries and draws.
pub type H = Blake2b256;
type Block = frame_system::mocking::MockBlock<Runtime>;

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
	pub struct Runtime;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type CapacityOracle = pallet_capacity_oracle;
}

parameter_types! {
	pub const OraclePalletId: PalletId = PalletId(*b"cap/orcl");
	pub const SettlerShare: Perquintill = Perquintill::from_percent(10);
	pub const Endless: Weight = Weight::from_parts(u64::MAX / 4, u64::MAX / 4);
	pub Limits: BlockWeights = BlockWeights::simple_max(Weight::from_parts(u64::MAX / 2, u64::MAX / 2));
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
	type Block = Block;
	type BlockWeights = Limits;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<1>;
	type RuntimeHoldReason = RuntimeHoldReason;
}

/// Most bids.
pub const MAX_BIDS: u32 = 1 << 20;
/// Most applications that one claim lists.
pub const MAX_PAYERS: u32 = 1 << 14;

impl pallet_capacity_oracle::Config for Runtime {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type BlockNumberProvider = System;
	type MaxTicksPerBlock = ConstU32<1>;
	type Randomness = SeededRandomness;
	type Hasher = H;
	type Work = StandardWork;
	type Signatures = KeyedHash;
	type AdminOrigin = frame_system::EnsureRoot<AccountId>;
	type PalletId = OraclePalletId;
	type MaxServices = ConstU32<1>;
	type MaxSlots = ConstU32<MAX_BIDS>;
	type MaxSlotsPerBlock = ConstU32<MAX_BIDS>;
	type MaxAuditsPerBlock = ConstU32<MAX_BIDS>;
	type MaxPayers = ConstU32<MAX_PAYERS>;
	type BidDeposit = ConstU128<1>;
	type MaxEndpointLen = ConstU32<1>;
	type MaxSettlementsPerBlock = ConstU32<{ MAX_BIDS + 1 }>;
	type DrawWeight = Endless;
	type MaxUnsettledSessions = ConstU32<8>;
	type MaxOpenings = ConstU32<1_024>;
	type MaxWorkHashes = ConstU32<{ u32::MAX >> 8 }>;
	type MaxDepth = ConstU32<160>;
	type MaxProofLen = ConstU32<{ 1 << 20 }>;
	type HistoryLength = ConstU32<32>;
	type SettlerShare = SettlerShare;
	type WeightInfo = ();
}

/// Where the run's seed is kept.
const SEED: &[u8] = b"simulation seed";

/// Known from the block in which it is asked for.
pub struct SeededRandomness;
impl Randomness<H256, u64> for SeededRandomness {
	fn random(subject: &[u8]) -> (H256, u64) {
		let (now, seed) = (System::block_number(), unhashed::get_or_default::<u64>(SEED));
		(H256(H::hash(&[&seed.to_le_bytes(), subject, &now.to_le_bytes()])), now)
	}
}

/// Signatures that cost one hash.
pub struct KeyedHash;
impl KeyedHash {
	pub fn sign(message: &[u8; 32], key: &SigningKey) -> RequestSignature {
		let mut signature = [0; 64];
		let tag = H::hash(&[b"signature", key, message]);
		signature.iter_mut().zip(tag).for_each(|(to, from)| *to = from);
		signature
	}
}
impl Signatures for KeyedHash {
	fn verify(signature: &RequestSignature, message: &[u8; 32], key: &SigningKey) -> bool {
		*signature == Self::sign(message, key)
	}
}

/// The one service.
pub const SERVICE: ServiceId = 0;
/// Owns the service.
pub const OWNER: AccountId = 0;
/// What it has at first, and so that payments find it.
pub const OWNERS: Balance = 1_000;
/// Adds money for audits, where that is short.
pub const TREASURY: AccountId = AccountId::MAX;

/// The clock of a run. In a session's first block its audits are drawn, and claims of the session before
/// are made; in its second those are proven; in its third they are settled; its fourth is there because
/// the chain wants time to spare for the draw. So an audit can overlap with one of the next session, and
/// with no other.
pub const SCHEDULE: Schedule =
	Schedule { session: 4, draw: 1, claims: 1, proofs: 1, patience: 1, lookback: None };

/// What happened in the oracle.
pub type Event = pallet_capacity_oracle::Event<Runtime>;

/// A chain with one service, which has `money` for audits, and accounts with so much.
pub fn genesis(
	policy: Policy<StandardWork>,
	accounts: Vec<(AccountId, Balance)>,
	money: Balance,
	seed: u64,
) -> Memory {
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances: accounts, ..Default::default() },
		capacity_oracle: pallet_capacity_oracle::GenesisConfig {
			schedule: Some(SCHEDULE),
			services: vec![(Some(OWNER), policy, money)],
		},
		..Default::default()
	};
	let mut memory = Memory::default();
	memory.execute(|| {
		genesis.build();
		unhashed::put(SEED, &seed);
		next_block();
	});
	memory
}

/// Finishes this block and starts the next. Returns what its hooks did.
pub fn next_block() -> Vec<Event> {
	let now = System::block_number();
	AllPalletsWithSystem::on_finalize(now);
	System::reset_events();
	System::set_block_number(now + 1);
	AllPalletsWithSystem::on_initialize(now + 1);
	AllPalletsWithSystem::on_poll(now + 1, &mut WeightMeter::new());
	events()
}

/// What has happened in this block so far.
pub fn events() -> Vec<Event> {
	let oracle = |record: frame_system::EventRecord<RuntimeEvent, H256>| match record.event {
		RuntimeEvent::CapacityOracle(event) => Some(event),
		_ => None,
	};
	System::events().into_iter().filter_map(oracle).collect()
}

/// The session that runs.
pub fn session() -> SessionIndex {
	pallet_capacity_oracle::CurrentSession::<Runtime>::get()
}

/// What an account has, but for what is on hold.
pub fn free(who: AccountId) -> Balance {
	Balances::balance(&who)
}

/// What the service has for audits: free and set aside.
pub fn money() -> Balance {
	pallet_capacity_oracle::Funds::<Runtime>::get(SERVICE).total()
}

/// All the money there is.
pub fn issued() -> Balance {
	Balances::total_issuance()
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Checks all that is always true, and that all money is in accounts.
pub fn check() -> anyhow::Result<()> {
	CapacityOracle::do_try_state()
		.map_err(|error| anyhow::anyhow!("the state of the chain is broken: {error:?}"))?;
	let accounts = frame_system::Account::<Runtime>::iter();
	let held: Balance =
		accounts.map(|(_, account)| account.data.free + account.data.reserved).sum();
	anyhow::ensure!(
		held == Balances::total_issuance(),
		"accounts hold other money than was issued"
	);
	Ok(())
}

/// An application's signing key.
pub fn signing_key(account: AccountId) -> SigningKey {
	account.using_encoded(|account| H::hash(&[b"signing key", account]))
}

//! What each pallet is given.

use capacity_protocol::{RequestSignature, SigningKey, StandardWork};
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	parameter_types,
	traits::{ConstBool, ConstU128, ConstU32, ConstU64, ConstU8, VariantCountOf},
	weights::{
		constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND},
		ConstantMultiplier, Weight,
	},
	PalletId,
};
use frame_system::{
	limits::{BlockLength, BlockWeights},
	EnsureRoot,
};
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::{traits::One, FixedPointNumber, Perbill, Perquintill};
use sp_version::RuntimeVersion;

use crate::*;

/// How much of a block transactions may fill; the rest is left to what the chain itself must do.
const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);
const MAX_BLOCK_LENGTH: u32 = 5 * 1024 * 1024;

parameter_types! {
	pub const Version: RuntimeVersion = VERSION;
	pub RuntimeBlockWeights: BlockWeights = BlockWeights::with_sensible_defaults(
		Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, u64::MAX),
		NORMAL_DISPATCH_RATIO,
	);
	pub RuntimeBlockLength: BlockLength = BlockLength::builder()
		.max_length(MAX_BLOCK_LENGTH)
		.modify_max_length_for_class(DispatchClass::Normal, |max| *max = NORMAL_DISPATCH_RATIO * *max)
		.build();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
	type Block = Block;
	type AccountId = AccountId;
	type Nonce = Nonce;
	type Hash = Hash;
	type AccountData = pallet_balances::AccountData<Balance>;
	type Version = Version;
	type BlockHashCount = ConstU32<2400>;
	type BlockWeights = RuntimeBlockWeights;
	type BlockLength = RuntimeBlockLength;
	type DbWeight = ParityDbWeight;
	type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
	type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
	type SS58Prefix = SS58Prefix;
}

parameter_types! {
	pub const SS58Prefix: u16 = 42;
}

impl pallet_timestamp::Config for Runtime {
	type Moment = u64;
	type OnTimestampSet = Aura;
	type MinimumPeriod = ConstU64<{ MILLISECS_PER_BLOCK / 2 }>;
	type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_aura::Config for Runtime {
	type AuthorityId = AuraId;
	type DisabledValidators = ();
	type MaxAuthorities = MaxAuthorities;
	type AllowMultipleBlocksPerSlot = ConstBool<false>;
	type SlotDuration = ConstU64<MILLISECS_PER_BLOCK>;
}

// The authorities are those of genesis: there is nobody to report equivocations to.
impl pallet_grandpa::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = ();
	type MaxAuthorities = MaxAuthorities;
	type MaxNominators = ConstU32<0>;
	type MaxSetIdSessionEntries = ConstU64<0>;
	type KeyOwnerProof = sp_core::Void;
	type EquivocationReportSystem = ();
}

parameter_types! {
	pub const MaxAuthorities: u32 = 32;
}

impl pallet_balances::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
	type Balance = Balance;
	type DustRemoval = ();
	type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
	type AccountStore = System;
	type ReserveIdentifier = [u8; 8];
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxLocks = ConstU32<50>;
	type MaxReserves = ();
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type DoneSlashHandler = ();
}

parameter_types! {
	/// Per picosecond of computation: a full block costs 6 units, a transfer about a milliunit.
	pub const WeightFee: Balance = 3;
	/// Per byte of a transaction.
	pub const ByteFee: Balance = MICROUNIT;

	// Fees grow while blocks are more than a quarter full, by less than double in an hour, and
	// come back to where they began.
	pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
	pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(1, 1_000);
	pub MinimumMultiplier: Multiplier = Multiplier::one();
	pub MaximumMultiplier: Multiplier = Multiplier::saturating_from_integer(1_000);
}

// Fees are burnt.
impl pallet_transaction_payment::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type OnChargeTransaction = FungibleAdapter<Balances, ()>;
	type WeightToFee = ConstantMultiplier<Balance, WeightFee>;
	type LengthToFee = ConstantMultiplier<Balance, ByteFee>;
	type FeeMultiplierUpdate = TargetedFeeAdjustment<
		Runtime,
		TargetBlockFullness,
		AdjustmentVariable,
		MinimumMultiplier,
		MaximumMultiplier,
	>;
	type OperationalFeeMultiplier = ConstU8<5>;
	type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_sudo::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}

impl pallet_insecure_randomness_collective_flip::Config for Runtime {}

/// The chain's own hash, by the node's host function.
pub struct HostBlake2;
impl sum_trie::Hasher for HostBlake2 {
	fn hash(parts: &[&[u8]]) -> [u8; 32] {
		match parts {
			[one] => sp_io::hashing::blake2_256(one),
			_ => sp_io::hashing::blake2_256(&parts.concat()),
		}
	}
}

/// Applications sign as accounts do, with sr25519, checked by the node's host function.
pub struct HostSr25519;
impl capacity_protocol::Signatures for HostSr25519 {
	fn verify(signature: &RequestSignature, message: &[u8; 32], key: &SigningKey) -> bool {
		let signature = sp_core::sr25519::Signature::from_raw(*signature);
		let key = sp_core::sr25519::Public::from_raw(*key);
		sp_io::crypto::sr25519_verify(&signature, message, &key)
	}
}

parameter_types! {
	pub const OraclePalletId: PalletId = PalletId(*b"cap/orcl");
	/// Drawing audits may take a tenth of a block.
	pub DrawWeight: Weight = Perbill::from_percent(10) * RuntimeBlockWeights::get().max_block;
	pub const SettlerShare: Perquintill = Perquintill::from_percent(10);
	/// Some hundred times what transactions cost, so that nobody fills the state with bids; a hundredth of
	/// what the presets' policy asks for.
	pub const BidDeposit: Balance = UNIT;
}

impl pallet_capacity_oracle::Config for Runtime {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type BlockNumberProvider = System;
	type MaxTicksPerBlock = ConstU32<1>;
	// A block author can bias it. A chain of any worth has a VRF.
	type Randomness = Randomness;
	type Hasher = HostBlake2;
	type Work = StandardWork;
	type Signatures = HostSr25519;
	type AdminOrigin = EnsureRoot<AccountId>;
	type PalletId = OraclePalletId;
	type MaxServices = ConstU32<16>;
	type MaxSlots = ConstU32<100_000>;
	type MaxSlotsPerBlock = ConstU32<4_096>;
	type MaxAuditsPerBlock = ConstU32<64>;
	type MaxPayers = ConstU32<1_024>;
	type MaxEndpointLen = ConstU32<128>;
	type MaxSettlementsPerBlock = ConstU32<192>;
	type DrawWeight = DrawWeight;
	type MaxUnsettledSessions = ConstU32<32>;
	// Those of an audit, and as many of relays.
	type MaxOpenings = ConstU32<64>;
	type MaxWorkHashes = ConstU32<131_072>;
	type MaxDepth = ConstU32<160>;
	type MaxProofLen = ConstU32<131_072>;
	type HistoryLength = ConstU32<64>;
	type SettlerShare = SettlerShare;
	type BidDeposit = BidDeposit;
	type WeightInfo = pallet_capacity_oracle::weights::SubstrateWeight<Runtime>;
}

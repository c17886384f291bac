#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![cfg_attr(
	test,
	allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)
)]

extern crate alloc;

mod applications;
mod audits;
mod bids;
mod claims;
mod clock;
mod draw;
mod extension;
mod invariants;
mod payments;
mod pot;
mod proofs;
mod relays;
mod report;
mod seeds;
mod services;
mod settlement;
mod slots;
mod stake;
mod types;
mod views;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
#[path = "mock/relays.rs"]
mod relay_mock;
#[cfg(test)]
mod tests;

pub use extension::ChargeUnlessDue;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

/// The log target of this pallet.
const LOG: &str = "runtime::capacity-oracle";

// The calls here are thin; what may panic is code that the macros generate, for benchmarks and metadata.
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#[frame_support::pallet]
pub mod pallet {
	use super::{types::*, WeightInfo};
	use alloc::vec::Vec;
	use capacity_protocol::{
		list_draws, ApplicationIndex, ApplicationStatus, Assignment, Balance, ClaimTerms,
		ClockStatus, Duty, Fund, Grid, Histogram, OracleReport, Payable, Payer, Policy,
		PolicyVerdict, ProofStatus, RelaySession, Schedule, SeatStatus, ServiceId, ServiceStatus,
		SessionIndex, SessionRecord, Signatures, SigningKey, Slot, StakeStatus, Synthetic, Task,
		Timeline, Units, Work,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::{fungible, Randomness},
		weights::WeightMeter,
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::BlockNumberProvider;
	use sp_runtime::Perquintill;
	use sum_trie::Root;

	/// Block numbers as [`Config::BlockNumberProvider`] gives them.
	pub type ProvidedBlock<T> =
		<<T as Config>::BlockNumberProvider as BlockNumberProvider>::BlockNumber;
	/// A service's policy under this runtime's kinds of work.
	pub type PolicyOf<T> = Policy<<T as Config>::Work>;
	/// A service of this runtime.
	pub type ServiceOf<T> = Service<<T as frame_system::Config>::AccountId, <T as Config>::Work>;
	/// An application of this runtime.
	pub type ApplicationOf<T> = Application<<T as frame_system::Config>::AccountId>;
	/// Who pays for a claim.
	pub type PayersOf<T> = BoundedVec<Payer, <T as Config>::MaxPayers>;
	/// Where a supplier says that it answers.
	pub type EndpointOf<T> = BoundedVec<u8, <T as Config>::MaxEndpointLen>;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Stake and payments. The formulas are computed in 128 bits, so balances are too.
		type Currency: fungible::Mutate<Self::AccountId, Balance = Balance>
			+ fungible::hold::Mutate<
				Self::AccountId,
				Balance = Balance,
				Reason = Self::RuntimeHoldReason,
			>;

		/// The overarching hold reason.
		type RuntimeHoldReason: From<HoldReason>;

		/// The blocks that the clock counts: this chain's own, or those of the chain that secures it.
		type BlockNumberProvider: BlockNumberProvider;

		/// Maximum number of the provider's blocks that count between two blocks of this chain: 1 where it counts
		/// its own, a few where another chain's pass meanwhile. The rest are blocks that nobody could
		/// enter.
		#[pallet::constant]
		type MaxTicksPerBlock: Get<u32>;

		/// Where seeds come from. Both returned values are used: the block number, one of
		/// `BlockNumberProvider`'s, says since when the value may have been known, and a seed is taken
		/// only where that was after the last commitment that it must not have influenced.
		type Randomness: Randomness<Self::Hash, ProvidedBlock<Self>>;

		/// The hash of tries, draws and synthetic work. Claims made with another one do not verify.
		type Hasher: sum_trie::Hasher;

		/// The kinds of work that audits can ask for.
		type Work: Work<Task = Task>
			+ From<Synthetic>
			+ Parameter
			+ MaxEncodedLen
			+ Copy
			+ MaybeSerializeDeserialize
			+ Send
			+ Sync;

		/// How applications sign requests.
		type Signatures: Signatures;

		/// Who creates services, sets policies and the schedule.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The pot's account is derived from this.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Maximum number of services. A session's start and end touch each of them once.
		#[pallet::constant]
		type MaxServices: Get<u32>;

		/// Maximum number of bids that one service can have at a time.
		#[pallet::constant]
		type MaxSlots: Get<u32>;

		/// Maximum number of slots decided in one block; each four of them cost one hash.
		#[pallet::constant]
		type MaxSlotsPerBlock: Get<u32>;

		/// Maximum number of audits assigned in one block.
		#[pallet::constant]
		type MaxAuditsPerBlock: Get<u32>;

		/// Maximum number of applications that one claim can list.
		#[pallet::constant]
		type MaxPayers: Get<u32>;

		/// Maximum length of an endpoint, in bytes.
		#[pallet::constant]
		type MaxEndpointLen: Get<u32>;

		/// Maximum number of claims that the chain settles by itself in one block.
		#[pallet::constant]
		type MaxSettlementsPerBlock: Get<u32>;

		/// Weight that `on_initialize` may use for drawing audits.
		#[pallet::constant]
		type DrawWeight: Get<Weight>;

		/// Maximum number of sessions that may wait for their settlement. While there are more, sessions run
		/// without audits.
		#[pallet::constant]
		type MaxUnsettledSessions: Get<u32>;

		/// Maximum number of positions that a proof can be asked to open, those of the audit and those of the
		/// relays together.
		#[pallet::constant]
		type MaxOpenings: Get<u32>;

		/// Maximum number of hashes of work that checking one claim's openings may take.
		#[pallet::constant]
		type MaxWorkHashes: Get<u32>;

		/// Maximum depth of a leaf that a proof can open. Paths are hashes behind a prefix of 32 bits. An
		/// application that wants its supplier to be unlucky needs any two of its requests to be alike in all levels:
		/// at 160 levels that takes 2^64 attempts.
		#[pallet::constant]
		type MaxDepth: Get<u32>;

		/// Maximum length of a proof, in bytes.
		#[pallet::constant]
		type MaxProofLen: Get<u32>;

		/// Sessions that the oracle's history remembers.
		#[pallet::constant]
		type HistoryLength: Get<u32>;

		/// What whoever settles an overdue claim gets of its supplier's stake, as a share of the penalty and
		/// on top of it; of an audit's penalty itself, where no stake is free.
		#[pallet::constant]
		type SettlerShare: Get<Perquintill>;

		/// Minimum stake behind a bid, whatever the policy asks for: a bid takes up state.
		#[pallet::constant]
		type BidDeposit: Get<Balance>;

		type WeightInfo: WeightInfo;
	}

	/// Why this pallet holds money.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Stake behind a bid.
		#[codec(index = 0)]
		Stake,
		/// What an application can pay from.
		#[codec(index = 1)]
		Deposit,
	}

	/// The clock that everything is counted by.
	#[pallet::storage]
	pub type Clock<T> = StorageValue<_, ClockState, ValueQuery>;

	/// Where sessions lie on the clock. Relaid when the session length changes.
	#[pallet::storage]
	pub type SessionGrid<T> = StorageValue<_, Grid, OptionQuery>;

	/// The lengths of windows, from a session on.
	#[pallet::storage]
	pub type Schedules<T> = StorageValue<_, Timeline<Schedule>, OptionQuery>;

	/// The running session.
	#[pallet::storage]
	pub type CurrentSession<T> = StorageValue<_, SessionIndex, ValueQuery>;

	/// The oldest session that may still need its proof seed.
	#[pallet::storage]
	pub type SeedCursor<T> = StorageValue<_, SessionIndex, ValueQuery>;

	/// The oldest session that is not settled.
	#[pallet::storage]
	pub type SettlementCursor<T> = StorageValue<_, SessionIndex, ValueQuery>;

	/// Sessions from their start to their settlement.
	#[pallet::storage]
	pub type Sessions<T> = StorageMap<_, Twox64Concat, SessionIndex, Session, OptionQuery>;

	/// How far the running draw has come; none while nothing is drawn.
	#[pallet::storage]
	pub type DrawProgress<T> = StorageValue<_, DrawCursor, OptionQuery>;

	/// Services have the numbers `0..ServiceCount`.
	#[pallet::storage]
	pub type ServiceCount<T> = StorageValue<_, ServiceId, ValueQuery>;

	/// Services: their policies and the size of their lists of bids.
	#[pallet::storage]
	pub type Services<T: Config> =
		StorageMap<_, Twox64Concat, ServiceId, ServiceOf<T>, OptionQuery>;

	/// Who has which slot. Dense: `0..slots` are taken.
	#[pallet::storage]
	pub type Slots<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		ServiceId,
		Twox64Concat,
		Slot,
		Timeline<Option<T::AccountId>>,
		OptionQuery,
	>;

	/// Bids, by service and supplier. A bid that has left stays until its stake is withdrawn.
	#[pallet::storage]
	pub type Bids<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		ServiceId,
		Blake2_128Concat,
		T::AccountId,
		Bid,
		OptionQuery,
	>;

	/// Services in a session: the terms, and how it goes. From the session's seed to its settlement.
	#[pallet::storage]
	pub type Rounds<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		SessionIndex,
		Twox64Concat,
		ServiceId,
		Round<T::Work>,
		OptionQuery,
	>;

	/// Open claims, by the session in which they fall due together.
	#[pallet::storage]
	pub type Claims<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		SessionIndex,
		Blake2_128Concat,
		(ServiceId, T::AccountId),
		Claim,
		OptionQuery,
	>;

	/// The applications that open claims list, by session and claim.
	#[pallet::storage]
	pub type Payers<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		SessionIndex,
		Blake2_128Concat,
		(ServiceId, T::AccountId),
		PayersOf<T>,
		ValueQuery,
	>;

	/// Applications have the numbers `0..ApplicationCount` of their service; who has left leaves a
	/// gap.
	#[pallet::storage]
	pub type ApplicationCount<T> =
		StorageMap<_, Twox64Concat, ServiceId, ApplicationIndex, ValueQuery>;

	/// Applications, by service and number.
	#[pallet::storage]
	pub type Applications<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		ServiceId,
		Twox64Concat,
		ApplicationIndex,
		ApplicationOf<T>,
		OptionQuery,
	>;

	/// The number of an account's application for a service.
	#[pallet::storage]
	pub type ApplicationIndices<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		ServiceId,
		Blake2_128Concat,
		T::AccountId,
		ApplicationIndex,
		OptionQuery,
	>;

	/// Where suppliers say that they answer.
	#[pallet::storage]
	pub type Endpoints<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		ServiceId,
		Blake2_128Concat,
		T::AccountId,
		EndpointOf<T>,
		OptionQuery,
	>;

	/// How large the claims of each service are.
	#[pallet::storage]
	pub type ClaimSizes<T> = StorageMap<_, Twox64Concat, ServiceId, Histogram, ValueQuery>;

	/// What of the pot is whose: the money of each service for its audits.
	#[pallet::storage]
	pub type Funds<T> = StorageMap<_, Twox64Concat, ServiceId, Fund, ValueQuery>;

	/// The sums of bids over runs of slots: the nodes of a [`SlotTree`](capacity_protocol::SlotTree).
	#[pallet::storage]
	pub type UnitSums<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		ServiceId,
		Twox64Concat,
		u64,
		Timeline<Units>,
		ValueQuery,
	>;

	/// The last settled sessions of each service, oldest first.
	#[pallet::storage]
	pub type History<T: Config> = StorageMap<
		_,
		Twox64Concat,
		ServiceId,
		BoundedVec<SessionRecord, T::HistoryLength>,
		ValueQuery,
	>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The first schedule. Without one the clock stands still until one is set.
		pub schedule: Option<Schedule>,
		/// The first services: their owners, their policies, and their money for audits.
		pub services: Vec<(Option<T::AccountId>, PolicyOf<T>, Balance)>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			Pallet::<T>::build_genesis(self);
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A schedule holds from a session on.
		#[codec(index = 0)]
		ScheduleSet { from: SessionIndex, schedule: Schedule },
		/// A service was created.
		#[codec(index = 1)]
		ServiceCreated { service: ServiceId, truthful: bool },
		/// A service's policy changes with a session.
		#[codec(index = 2)]
		PolicySet { service: ServiceId, from: SessionIndex, truthful: bool },
		/// A bid joins the draws, or changes, with a session.
		#[codec(index = 3)]
		BidPlaced {
			service: ServiceId,
			supplier: T::AccountId,
			from: SessionIndex,
			units: Units,
			stake: Balance,
		},
		/// A bid leaves the draws with a session.
		#[codec(index = 4)]
		BidLeft { service: ServiceId, supplier: T::AccountId, from: SessionIndex },
		/// A bid leaves the draws with a session, as it does not meet what its service asks for.
		#[codec(index = 5)]
		BidSuspended {
			service: ServiceId,
			supplier: T::AccountId,
			from: SessionIndex,
			stake: Balance,
			reason: SuspendReason,
		},
		/// Stake was released to its owner.
		#[codec(index = 6)]
		StakeWithdrawn { service: ServiceId, supplier: T::AccountId, amount: Balance },
		/// A session has started.
		#[codec(index = 7)]
		SessionStarted { session: SessionIndex },
		/// A service, or all of them, have no audits in a session.
		#[codec(index = 8)]
		AuditsSkipped { session: SessionIndex, service: Option<ServiceId>, reason: SkipReason },
		/// A bid was drawn: its whole capacity is to be delivered in this session.
		#[codec(index = 9)]
		AuditAssigned {
			session: SessionIndex,
			service: ServiceId,
			supplier: T::AccountId,
			units: Units,
		},
		/// A bid was drawn but cannot be audited.
		#[codec(index = 10)]
		AuditPassedOver {
			session: SessionIndex,
			service: ServiceId,
			supplier: T::AccountId,
			reason: PassReason,
		},
		/// All audits of a service in a session are drawn.
		#[codec(index = 11)]
		AuditsDrawn {
			session: SessionIndex,
			service: ServiceId,
			rate: Perquintill,
			audits: u32,
			units: Units,
			set_aside: Balance,
		},
		/// A supplier has committed to its work: `units` in all, of which those that applications pay for
		/// are worth `worth` and put `at_risk` of its stake at risk.
		#[codec(index = 12)]
		Claimed {
			session: SessionIndex,
			service: ServiceId,
			supplier: T::AccountId,
			units: Units,
			worth: Balance,
			at_risk: Balance,
		},
		/// A supplier has taken its commitment back.
		#[codec(index = 13)]
		ClaimWithdrawn { session: SessionIndex, service: ServiceId, supplier: T::AccountId },
		/// The proof seed of a session is known: claims can be proven until the tick `until`.
		#[codec(index = 14)]
		SeedTaken { session: SessionIndex, until: capacity_protocol::Tick },
		/// A claim has been proven.
		#[codec(index = 15)]
		Proven { session: SessionIndex, service: ServiceId, supplier: T::AccountId, units: Units },
		/// An audit was delivered in full and paid.
		#[codec(index = 16)]
		AuditPaid {
			session: SessionIndex,
			service: ServiceId,
			supplier: T::AccountId,
			units: Units,
			payment: Balance,
		},
		/// An audit was delivered in full, but is not paid.
		#[codec(index = 17)]
		AuditUnpaid {
			session: SessionIndex,
			service: ServiceId,
			supplier: T::AccountId,
			reason: UnpaidReason,
		},
		/// An audit was not delivered in full. `settler` is whoever settled it by a call.
		#[codec(index = 18)]
		AuditFailed {
			session: SessionIndex,
			service: ServiceId,
			supplier: T::AccountId,
			units: Units,
			delivered: Units,
			slashed: Balance,
			settler: Option<T::AccountId>,
		},
		/// No seed could be had in time; all claims of the session are dropped.
		#[codec(index = 19)]
		SessionVoided { session: SessionIndex },
		/// All claims of a session are settled.
		#[codec(index = 20)]
		SessionSettled { session: SessionIndex },
		/// A service has another owner, or none.
		#[codec(index = 21)]
		OwnerSet { service: ServiceId, owner: Option<T::AccountId> },
		/// A supplier says where it answers; nowhere, if the endpoint is empty.
		#[codec(index = 22)]
		EndpointAnnounced { service: ServiceId, supplier: T::AccountId, endpoint: EndpointOf<T> },
		/// An application has put in `amount`; it has `deposit` now, and pays `limit` in a session at
		/// the most, from the next one on.
		#[codec(index = 23)]
		Deposited {
			service: ServiceId,
			application: ApplicationIndex,
			account: T::AccountId,
			amount: Balance,
			deposit: Balance,
			limit: Balance,
		},
		/// A key can sign an application's requests from a session on.
		#[codec(index = 24)]
		KeyAdded {
			service: ServiceId,
			application: ApplicationIndex,
			number: u8,
			key: SigningKey,
			from: SessionIndex,
		},
		/// A key cannot sign an application's requests any more, from a session on.
		#[codec(index = 25)]
		KeyRemoved {
			service: ServiceId,
			application: ApplicationIndex,
			number: u8,
			until: SessionIndex,
		},
		/// An application is not served any more, from a session on.
		#[codec(index = 26)]
		ApplicationClosed { service: ServiceId, application: ApplicationIndex, until: SessionIndex },
		/// An application has taken its deposit back.
		#[codec(index = 27)]
		DepositReclaimed {
			service: ServiceId,
			application: ApplicationIndex,
			account: T::AccountId,
			amount: Balance,
		},
		/// Applications have paid `paid` for a claim worth `worth`, of which its supplier got `earned`.
		#[codec(index = 28)]
		RelaysPaid {
			session: SessionIndex,
			service: ServiceId,
			supplier: T::AccountId,
			units: Units,
			worth: Balance,
			paid: Balance,
			earned: Balance,
		},
		/// An application could not pay all that a claim asked of it.
		#[codec(index = 29)]
		PaidShort {
			session: SessionIndex,
			service: ServiceId,
			application: ApplicationIndex,
			supplier: T::AccountId,
			worth: Balance,
			paid: Balance,
		},
		/// A claim that had to be proven was not; or, if nothing is slashed, an earlier audit of the bid has
		/// failed. Nothing of its worth is paid. `settler` is whoever settled it by a call.
		#[codec(index = 30)]
		ClaimForfeited {
			session: SessionIndex,
			service: ServiceId,
			supplier: T::AccountId,
			units: Units,
			worth: Balance,
			slashed: Balance,
			settler: Option<T::AccountId>,
		},
		/// From a session on claims are proven with another probability, or above another threshold.
		#[codec(index = 31)]
		ProofsSteered {
			service: ServiceId,
			from: SessionIndex,
			probability: Perquintill,
			threshold: Balance,
		},
		/// A service's money does not pay for audits at its policy's rate: bids are audited with `rate`,
		/// which may or may not make truth best.
		#[codec(index = 32)]
		AuditsThinned {
			session: SessionIndex,
			service: ServiceId,
			rate: Perquintill,
			truthful: bool,
		},
		/// Somebody has added to a service's money for audits.
		#[codec(index = 33)]
		Funded { service: ServiceId, from: T::AccountId, amount: Balance },
		/// The pot's account was made, with so much that did not exist before.
		#[codec(index = 34)]
		PotOpened { minted: Balance },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// There is no service with this number.
		#[codec(index = 0)]
		UnknownService,
		/// There are as many services as there can be.
		#[codec(index = 1)]
		TooManyServices,
		/// A number of the policy is outside its range; see its documentation.
		#[codec(index = 2)]
		InvalidPolicy,
		/// Under this policy a supplier gains by not bidding or not claiming the truth. Raise the audit rate,
		/// the stake, the minimum bid or the confidence of the penalty, or insist.
		#[codec(index = 3)]
		PolicyNotTruthful,
		/// The schedule's lengths contradict each other, or the schedule in force.
		#[codec(index = 4)]
		InvalidSchedule,
		/// The bid is smaller or larger than the policy admits.
		#[codec(index = 5)]
		BidOutOfRange,
		/// The stake would be below what the bid needs; ask `minimum_stake`.
		#[codec(index = 6)]
		StakeTooSmall,
		/// The service's list of bids is full, or as long as can be drawn and settled within a session.
		#[codec(index = 7)]
		TooManyBids,
		/// The account has no bid for this service.
		#[codec(index = 8)]
		NoBid,
		/// The bid has left the draws already.
		#[codec(index = 9)]
		NotInDraws,
		/// All of the stake is still needed.
		#[codec(index = 10)]
		NothingToWithdraw,
		/// The bid meets what its service asks for, or has something left to settle.
		#[codec(index = 11)]
		BidInOrder,
		/// The session is unknown: not started, or settled already.
		#[codec(index = 12)]
		UnknownSession,
		/// The account has no open claim for this session and service.
		#[codec(index = 13)]
		NoOpenClaim,
		/// The claim window is not open yet.
		#[codec(index = 14)]
		ClaimsNotOpen,
		/// The claim window is closed.
		#[codec(index = 15)]
		ClaimsClosed,
		/// The commitment is empty, or to other units than were asked for and listed.
		#[codec(index = 16)]
		CommitmentOutOfRange,
		/// Nothing has been committed to.
		#[codec(index = 17)]
		NothingCommitted,
		/// The proof window is not open yet.
		#[codec(index = 18)]
		ProofsNotOpen,
		/// The proof window is closed.
		#[codec(index = 19)]
		ProofsClosed,
		/// The claim has been proven already.
		#[codec(index = 20)]
		AlreadyProven,
		/// The proof is refused. It can be corrected until the window closes.
		#[codec(index = 21)]
		InvalidProof(ProofError),
		/// The claim is not due yet.
		#[codec(index = 22)]
		NotDue,
		/// The service has no relays, or had none in that session.
		#[codec(index = 23)]
		NoRelays,
		/// A listed application does not exist, or is not served in that session.
		#[codec(index = 24)]
		UnknownApplication,
		/// A listed application did not draw this supplier for that session.
		#[codec(index = 25)]
		NotAssigned,
		/// An entry of the list has no units, or its numbers are more than can be counted.
		#[codec(index = 26)]
		InvalidPayers,
		/// Stake is missing for what the claim puts at risk, so much of it. Add it by `bid`, or list fewer
		/// units.
		#[codec(index = 27)]
		CollateralMissing(Shortfall),
		/// The claim need not be proven.
		#[codec(index = 28)]
		ProofNotRequired,
		/// The deposit would be below the least one of the service.
		#[codec(index = 29)]
		DepositTooSmall,
		/// The account has no application for this service.
		#[codec(index = 30)]
		NotAnApplication,
		/// The application is closed. Reclaim its deposit, then open another.
		#[codec(index = 31)]
		ApplicationIsClosed,
		/// The application is open. Close it first.
		#[codec(index = 32)]
		ApplicationIsOpen,
		/// The application may still have to pay for sessions that are not settled.
		#[codec(index = 33)]
		DepositInUse,
		/// All numbers for keys are taken. One that was removed is free when the sessions are settled in
		/// which it could sign.
		#[codec(index = 34)]
		TooManyKeys,
		/// The application has no such key, or has removed it.
		#[codec(index = 35)]
		UnknownKey,
		/// There are as many applications as can be numbered.
		#[codec(index = 36)]
		TooManyApplications,
		/// The service's money allows no audit of a bid of this size. Add to it by `fund`, or bid less.
		#[codec(index = 37)]
		AuditUnfunded,
		/// Sessions are too short for all audits of a service to be drawn in one, or all claims of it to be
		/// settled. Lower the audit rate, or lengthen sessions.
		#[codec(index = 38)]
		SessionTooShort,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			let mut meter = WeightMeter::new();
			Self::advance_clock(&mut meter);
			Self::take_session_seed(&mut meter);
			Self::draw_audits(&mut meter);
			Self::take_proof_seed(&mut meter);
			meter.consumed()
		}

		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::settle_due(meter);
		}

		fn on_finalize(_: BlockNumberFor<T>) {
			Self::end_block();
		}

		fn integrity_test() {
			Self::check_config();
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight = <T as Config>::WeightInfo)]
	impl<T: Config> Pallet<T> {
		/// Creates a service. Its policy must make truth best for every bid that it admits, unless
		/// `insist`. The owner gets its share of what applications pay.
		#[pallet::call_index(0)]
		pub fn create_service(
			origin: OriginFor<T>,
			owner: Option<T::AccountId>,
			policy: PolicyOf<T>,
			insist: bool,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_create_service(owner, policy, insist)
		}

		/// Sets a service's policy from the next session on, with the same condition.
		#[pallet::call_index(1)]
		pub fn set_policy(
			origin: OriginFor<T>,
			service: ServiceId,
			policy: PolicyOf<T>,
			insist: bool,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_policy(service, policy, insist)
		}

		/// Sets the lengths of sessions and windows from the next session on.
		#[pallet::call_index(2)]
		pub fn set_schedule(origin: OriginFor<T>, schedule: Schedule) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_schedule(schedule)
		}

		/// Bids `units` per session from the next session on, whether the caller bids already or not,
		/// and adds `stake` to what backs the bid.
		#[pallet::call_index(3)]
		pub fn bid(
			origin: OriginFor<T>,
			service: ServiceId,
			#[pallet::compact] units: Units,
			#[pallet::compact] stake: Balance,
		) -> DispatchResult {
			let supplier = ensure_signed(origin)?;
			Self::do_bid(service, supplier, units, stake)
		}

		/// Takes the caller's bid out of the draws from the next session on.
		#[pallet::call_index(4)]
		pub fn leave(origin: OriginFor<T>, service: ServiceId) -> DispatchResult {
			let supplier = ensure_signed(origin)?;
			Self::do_leave(service, supplier)
		}

		/// Releases all of the caller's stake that neither its bid nor an open claim needs.
		#[pallet::call_index(5)]
		pub fn withdraw(origin: OriginFor<T>, service: ServiceId) -> DispatchResult {
			let supplier = ensure_signed(origin)?;
			Self::do_withdraw(service, supplier)
		}

		/// Takes a bid out of the draws whose stake or size its policy does not admit any more.
		/// Anyone can call this.
		#[pallet::call_index(6)]
		pub fn suspend(
			origin: OriginFor<T>,
			service: ServiceId,
			supplier: T::AccountId,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_suspend(service, supplier)
		}

		/// Commits to the caller's work in a session: the root of its trie, and which applications pay
		/// for how many units of it. What is left of the root's units is for the audit. Replaces what was
		/// committed before. Possible only while the session's claim window is open.
		#[pallet::call_index(7)]
		#[pallet::weight((
			Pallet::<T>::claim_weight(
				payers.len() as u32,
				list_draws(payers),
				T::MaxPayers::get(),
			),
			DispatchClass::Operational,
		))]
		pub fn claim(
			origin: OriginFor<T>,
			session: SessionIndex,
			service: ServiceId,
			commitment: Root,
			payers: PayersOf<T>,
		) -> DispatchResultWithPostInfo {
			let supplier = ensure_signed(origin)?;
			Self::do_claim(session, service, supplier, commitment, payers)
		}

		/// Takes back what the caller committed to, while the claim window is open.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::withdraw_claim(T::MaxPayers::get()))]
		pub fn withdraw_claim(
			origin: OriginFor<T>,
			session: SessionIndex,
			service: ServiceId,
		) -> DispatchResultWithPostInfo {
			let supplier = ensure_signed(origin)?;
			Self::do_withdraw_claim(session, service, supplier)
		}

		/// Opens the caller's claim at the positions that the session's seed chose. A valid proof
		/// costs no fee; one that is refused changes nothing and can be corrected. Where the runtime has
		/// [`ChargeUnlessDue`](crate::ChargeUnlessDue), no fee need be there, and the first
		/// [`FREE_ATTEMPTS`] cost none, whatever comes of them.
		#[pallet::call_index(9)]
		#[pallet::feeless_if(|
			origin: &OriginFor<T>,
			session: &SessionIndex,
			service: &ServiceId,
			_proof: &BoundedVec<u8, T::MaxProofLen>,
		| -> bool {
			Pallet::<T>::is_free_attempt(origin, *session, *service)
		})]
		#[pallet::weight((
			T::WeightInfo::prove(
				proof.len() as u32,
				Pallet::<T>::most_hashes(),
				T::MaxOpenings::get(),
			),
			DispatchClass::Operational,
		))]
		pub fn prove(
			origin: OriginFor<T>,
			session: SessionIndex,
			service: ServiceId,
			proof: BoundedVec<u8, T::MaxProofLen>,
		) -> DispatchResultWithPostInfo {
			let supplier = ensure_signed(origin)?;
			Self::do_prove(session, service, supplier, &proof)
		}

		/// Settles a claim that is due, for a share of what is slashed.
		#[pallet::call_index(10)]
		#[pallet::weight(T::WeightInfo::settle(T::MaxPayers::get()))]
		pub fn settle(
			origin: OriginFor<T>,
			session: SessionIndex,
			service: ServiceId,
			supplier: T::AccountId,
		) -> DispatchResultWithPostInfo {
			let settler = ensure_signed(origin)?;
			Self::do_settle(session, service, supplier, settler)
		}

		/// Makes the caller an application of a service from the next session on, or adds `amount` to its
		/// deposit. From the next session on it pays `limit` in a session at the most; a new application
		/// that does not say pays a quarter of its deposit.
		#[pallet::call_index(11)]
		pub fn deposit(
			origin: OriginFor<T>,
			service: ServiceId,
			#[pallet::compact] amount: Balance,
			limit: Option<Balance>,
		) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_deposit(service, account, amount, limit)
		}

		/// Lets `key` sign the caller's requests from the next session on.
		#[pallet::call_index(12)]
		pub fn add_key(
			origin: OriginFor<T>,
			service: ServiceId,
			key: SigningKey,
		) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_add_key(service, account, key)
		}

		/// Takes a key of the caller out of use, from the next session on.
		#[pallet::call_index(13)]
		pub fn remove_key(origin: OriginFor<T>, service: ServiceId, number: u8) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_remove_key(service, account, number)
		}

		/// Ends the caller's application: it is not served any more, from the next session on.
		#[pallet::call_index(14)]
		pub fn close_application(origin: OriginFor<T>, service: ServiceId) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_close_application(service, account)
		}

		/// Releases what is left of the caller's deposit, once its last session is settled.
		#[pallet::call_index(15)]
		pub fn reclaim_deposit(origin: OriginFor<T>, service: ServiceId) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_reclaim_deposit(service, account)
		}

		/// Says where the caller answers requests; nowhere, if `endpoint` is empty.
		#[pallet::call_index(16)]
		pub fn announce(
			origin: OriginFor<T>,
			service: ServiceId,
			endpoint: EndpointOf<T>,
		) -> DispatchResult {
			let supplier = ensure_signed(origin)?;
			Self::do_announce(service, supplier, endpoint)
		}

		/// Gives a service another owner, or none, at once: who gets the owner's share of whatever is
		/// settled from now on.
		#[pallet::call_index(17)]
		pub fn set_owner(
			origin: OriginFor<T>,
			service: ServiceId,
			owner: Option<T::AccountId>,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_owner(service, owner)
		}

		/// Adds to a service's money for audits.
		#[pallet::call_index(18)]
		pub fn fund(
			origin: OriginFor<T>,
			service: ServiceId,
			#[pallet::compact] amount: Balance,
		) -> DispatchResult {
			let from = ensure_signed(origin)?;
			Self::do_fund(service, from, amount)
		}

		/// Removes a bid that is out of the draws, has nothing to settle, and less stake than any bid
		/// needs; what is left of that goes to its owner. Anyone can call this.
		#[pallet::call_index(19)]
		pub fn remove_bid(
			origin: OriginFor<T>,
			service: ServiceId,
			supplier: T::AccountId,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_remove_bid(service, supplier)
		}

		/// Ends an application that has less than the least deposit, from the next session on. Anyone can
		/// call this.
		#[pallet::call_index(20)]
		pub fn close_spent_application(
			origin: OriginFor<T>,
			service: ServiceId,
			account: T::AccountId,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_close_spent(service, account)
		}

		/// Removes a closed application once its last session is settled; what is left of its deposit goes
		/// to its owner. Anyone can call this.
		#[pallet::call_index(21)]
		pub fn remove_application(
			origin: OriginFor<T>,
			service: ServiceId,
			account: T::AccountId,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reclaim_deposit(service, account)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// Where the clock stands.
		pub fn clock() -> ClockStatus {
			Self::view_clock()
		}

		/// A service: its policy now and in the next session, its bids.
		pub fn service(service: ServiceId) -> Option<ServiceStatus<T::Work>> {
			Self::view_service(service)
		}

		/// Whether the policy in force makes truth best, and up to which capacity.
		pub fn policy_verdict(service: ServiceId) -> Option<PolicyVerdict> {
			Self::view_policy_verdict(service)
		}

		/// The least stake behind a bid of `units`, by the policy of the next session.
		pub fn minimum_stake(service: ServiceId, units: Units) -> Option<Balance> {
			Self::view_minimum_stake(service, units)
		}

		/// A supplier's bid and stake.
		pub fn stake(service: ServiceId, supplier: T::AccountId) -> Option<StakeStatus> {
			Self::view_stake(service, &supplier)
		}

		/// What a supplier must deliver, claim and prove: every audit and every claim of it that is not
		/// settled, the running session's as soon as its seed is known.
		pub fn duties(service: ServiceId, supplier: T::AccountId) -> Vec<Duty<T::Work>> {
			Self::view_duties(service, &supplier)
		}

		/// What the oracle says about a service.
		pub fn report(service: ServiceId) -> Option<OracleReport> {
			Self::view_report(service)
		}

		/// A service's money for audits.
		pub fn fund_status(service: ServiceId) -> Option<Fund> {
			Services::<T>::contains_key(service).then(|| Funds::<T>::get(service))
		}

		/// The pot's account, what it holds, and what of that is set aside for audits of all services.
		pub fn pot() -> (T::AccountId, Balance, Balance) {
			Self::view_pot()
		}

		/// A session for those who serve and are served in it, from its seed to its settlement.
		pub fn relay_session(service: ServiceId, session: SessionIndex) -> Option<RelaySession> {
			Self::view_relay_session(service, session)
		}

		/// A supplier's place in the last, the current or the next session.
		pub fn seat(
			service: ServiceId,
			session: SessionIndex,
			supplier: T::AccountId,
		) -> Option<SeatStatus> {
			Self::view_seat(service, session, &supplier)
		}

		/// Where a supplier says that it answers.
		pub fn endpoint(service: ServiceId, supplier: T::AccountId) -> Option<Vec<u8>> {
			Endpoints::<T>::get(service, supplier).map(BoundedVec::into_inner)
		}

		/// The number of an account's application.
		pub fn application_index(
			service: ServiceId,
			account: T::AccountId,
		) -> Option<ApplicationIndex> {
			ApplicationIndices::<T>::get(service, account)
		}

		/// An application: its keys and its money.
		pub fn application(
			service: ServiceId,
			index: ApplicationIndex,
		) -> Option<ApplicationStatus<T::AccountId>> {
			Self::view_application(service, index)
		}

		/// The suppliers that may serve an application in the last, the current or the next session, once its
		/// seed is known.
		pub fn assignments(
			service: ServiceId,
			session: SessionIndex,
			index: ApplicationIndex,
		) -> Vec<Assignment<T::AccountId>> {
			Self::view_assignments(service, session, index)
		}

		/// What an application can still pay for a session.
		pub fn payable(
			service: ServiceId,
			session: SessionIndex,
			index: ApplicationIndex,
		) -> Option<Payable> {
			Self::view_payable(service, session, index)
		}

		/// What a claim with this list would mean for its supplier.
		pub fn claim_terms(
			service: ServiceId,
			session: SessionIndex,
			supplier: T::AccountId,
			payers: PayersOf<T>,
		) -> Option<ClaimTerms> {
			Self::view_claim_terms(service, session, &supplier, &payers)
		}

		/// How many proofs there are, and where that is going.
		pub fn proof_status(service: ServiceId) -> Option<ProofStatus> {
			Self::view_proof_status(service)
		}
	}
}

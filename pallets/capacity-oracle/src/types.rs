//! What the pallet stores.

use capacity_protocol::{
	Balance, Policy, Schedule, Seed, ServiceId, SessionIndex, Slot, Tick, Timeline, Units,
	WorkError,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::PalletError;
use scale_info::TypeInfo;
use sum_trie::{Root, VerifyError};

/// The clock: ticks are the provider's blocks less those that were stalled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ClockState {
	/// The provider's block number at the last count.
	pub block: u32,
	/// Blocks that did not count.
	pub stalled: u32,
	/// Whether the last block had no room left for a proof.
	pub full: bool,
}

/// The bids of a service at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Members {
	/// Slots taken: `0..slots`, without gaps.
	pub slots: u32,
	/// The sum of the bids, in compute units.
	pub units: Units,
}

/// A service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Service<W> {
	pub policy: Timeline<Policy<W>>,
	pub members: Timeline<Members>,
}

/// Where a bid takes part in the draws, and with how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Seat {
	pub slot: Slot,
	pub units: Units,
}

/// A supplier's bid for one service, and the stake behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Bid {
	/// Its place in the draws; none before it joins and after it leaves.
	pub seat: Timeline<Option<Seat>>,
	/// On hold.
	pub stake: Balance,
	/// The penalties of its open claims, never more than the stake.
	pub at_risk: Balance,
	/// Claims not yet settled.
	pub open_claims: u32,
}

impl Bid {
	/// Stake that no open claim can take.
	pub fn free(&self) -> Balance {
		self.stake.saturating_sub(self.at_risk)
	}
}

/// A session from its start to its settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Session {
	/// The lengths that hold for it, whatever is set later.
	pub schedule: Schedule,
	/// Its first tick.
	pub start: Tick,
	/// First tick after its work.
	pub end: Tick,
	/// The provider's block at its start: bids for it were made before.
	pub started_at: u32,
	/// Decides who is audited.
	pub audit_seed: Option<Seed>,
	/// Decides which positions are opened.
	pub proof_seed: Option<Seed>,
	/// First tick after its proof window, once that is known. The session is then due.
	pub due: Option<Tick>,
	/// No proof seed could be had: nobody is paid, nobody is slashed.
	pub void: bool,
}

impl Session {
	/// First tick at which its claims can no longer change.
	pub fn claims_close(&self) -> Tick {
		self.end.saturating_add(self.schedule.claims)
	}
}

/// The audits of one service in one session: the terms, and how they went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Round<W> {
	/// The policy that holds for it, whatever is set later.
	pub policy: Policy<W>,
	/// The bids that it was drawn from.
	pub members: Members,
	/// Of the pot, what these audits may still cost.
	pub set_aside: Balance,
	/// Payments promised to audited bids so far.
	pub promised: Balance,
	/// Bids audited.
	pub audits: u32,
	/// Of those, the ones proven in full.
	pub fulfilled: u32,
	/// Units that audited bids must deliver.
	pub allocated: Units,
	/// Units proven.
	pub delivered: Units,
	pub paid: Balance,
	pub slashed: Balance,
}

/// What an audited bid has been told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Audit {
	/// To be delivered: the whole bid.
	pub units: Units,
	/// Paid for it.
	pub payment: Balance,
	/// Stake at risk until settlement.
	pub at_risk: Balance,
}

/// What a supplier has to show for one service in one session. The draw opens it for an audited bid;
/// settlement closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Claim {
	pub audit: Audit,
	/// The root of the trie of the work done.
	pub commitment: Option<Root>,
	/// Whether the positions that the seed chose have been opened.
	pub proven: bool,
}

impl Claim {
	/// Units that count as delivered.
	pub fn delivered(&self) -> Units {
		match self.commitment {
			Some(root) if self.proven => root.sum,
			_ => 0,
		}
	}
}

/// How far the draw of a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct DrawCursor {
	pub session: SessionIndex,
	pub service: ServiceId,
	/// The next slot to decide.
	pub slot: Slot,
}

/// Why a service has no audits in a session.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum SkipReason {
	/// The pot cannot pay for what might be drawn.
	PotTooSmall,
	/// Too many earlier sessions are not settled yet, or still being drawn.
	Backlog,
	/// No seed could be had while the session ran.
	NoSeed,
}

/// Why a bid that was drawn is not audited.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum PassReason {
	/// Its stake backs other claims that are still open.
	StakeAtRisk,
	/// Its stake is below what its bid needs; it leaves the draws.
	StakeTooSmall,
	/// The policy does not admit a bid of its size any more; it leaves the draws.
	OutOfRange,
}

/// Why a proof is refused.
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, PalletError,
)]
pub enum ProofError {
	/// The bytes are no proof, or a larger one than this claim can need.
	Malformed,
	/// A sum or a count overflows.
	Overflow,
	/// A leaf is opened that holds none of the drawn positions.
	UnaskedLeaf,
	/// A drawn position is not opened.
	PositionNotOpened,
	/// An opened leaf does not stand where its content belongs.
	WrongPlace,
	/// The openings lead to another root than the committed one.
	WrongRoot,
	/// The content of an opened leaf is no work of this kind.
	MalformedWork,
	/// The work in an opened leaf is not part of the task.
	NotInTask,
	/// The work in an opened leaf has a wrong result.
	WrongResult,
}

impl From<VerifyError<WorkError>> for ProofError {
	fn from(error: VerifyError<WorkError>) -> Self {
		match error {
			// The first three cannot happen to positions drawn for a claim that was accepted.
			VerifyError::EmptyTrie
			| VerifyError::NoPositions
			| VerifyError::PositionOutOfRange
			| VerifyError::Malformed => Self::Malformed,
			VerifyError::Overflow => Self::Overflow,
			VerifyError::UnaskedLeaf => Self::UnaskedLeaf,
			VerifyError::PositionNotOpened => Self::PositionNotOpened,
			VerifyError::WrongPlace => Self::WrongPlace,
			VerifyError::WrongRoot => Self::WrongRoot,
			VerifyError::Resolver(WorkError::Malformed) => Self::MalformedWork,
			VerifyError::Resolver(WorkError::NotInTask) => Self::NotInTask,
			VerifyError::Resolver(WorkError::WrongResult) => Self::WrongResult,
		}
	}
}

//! What the pallet stores.

pub use crate::stake::{Bid, Deficit, OpenAudit, MAX_OPEN_AUDITS};

use capacity_protocol::{
	groups, Balance, Budget, Policy, RelayRecord, Schedule, Seed, ServiceId, SessionIndex,
	SigningKey, Slot, Tick, Timeline, Units, WorkError,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec, PalletError};
use scale_info::TypeInfo;
use sp_runtime::Perquintill;
use sum_trie::{Root, VerifyError};

/// The clock: ticks are the provider's blocks less those that were stalled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ClockState {
	/// Now, for everything in this block, whatever the provider says in the course of it.
	pub tick: Tick,
	/// The provider's block number at the last count.
	pub block: u32,
	/// The provider's block number at the end of the last block: what was done until then cannot have
	/// been influenced by what was known only later.
	pub ended: u32,
	/// Whether the last block had no room left for a proof.
	pub full: bool,
}

impl ClockState {
	/// Blocks that did not count.
	pub fn stalled(&self) -> u32 {
		self.block.saturating_sub(self.tick)
	}
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
pub struct Service<AccountId, W> {
	/// Gets its share of what applications pay; the pot gets it where there is no owner.
	pub owner: Option<AccountId>,
	pub policy: Timeline<Policy<W>>,
	/// The smallest audit rate with which that policy makes truth best, if there is one.
	pub least_rate: Timeline<Option<Perquintill>>,
	pub members: Timeline<Members>,
	/// With which probability claims must be proven, as far as the policy lets it be steered.
	pub probability: Timeline<Perquintill>,
	/// The threshold that recent claims recommend, as far as the policy follows it.
	pub recommended: Timeline<Option<Balance>>,
}

/// Where a bid takes part in the draws, and with how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Seat {
	pub slot: Slot,
	pub units: Units,
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
	/// The first of the provider's blocks after the last in which bids for it could be made.
	pub started_at: u32,
	/// The first of the provider's blocks after the last in which its claims could change, once that is
	/// known.
	pub closed_at: Option<u32>,
	/// Decides who is audited, and who serves whom.
	pub seed: Option<Seed>,
	/// Decides which claims must be proven, and where they are opened.
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

/// One service in one session: the terms, and how it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Round<W> {
	/// The policy that holds for it, whatever is set later.
	pub policy: Policy<W>,
	/// The threshold and the probability that hold for its claims from applications.
	pub threshold: Balance,
	pub probability: Perquintill,
	/// The bids that take part.
	pub members: Members,
	/// The probability with which a bid is audited; zero where none is. It is less than the policy's
	/// where the service's money asks for it. Where bids are drawn all at once, it is the share of them
	/// that a drawn session keeps.
	pub rate: Perquintill,
	/// Whether truth is best at that rate.
	pub truthful: bool,
	/// The largest bid that is audited: one for which there is money.
	pub largest: Units,
	/// Groups of slots that are decided; see [`groups`](capacity_protocol::groups).
	pub decided: u32,
	/// What these audits may still cost of the service's money.
	pub set_aside: Balance,
	/// Payments promised to audited bids so far.
	pub promised: Balance,
	/// Bids audited.
	pub audits: u32,
	/// Of those, the ones proven in full.
	pub fulfilled: u32,
	/// Units that audited bids must deliver.
	pub allocated: Units,
	/// The sum of their squares.
	pub squares: u128,
	/// Units proven.
	pub delivered: Units,
	pub paid: Balance,
	pub slashed: Balance,
	pub relays: RelayRecord,
}

impl<W> Round<W> {
	/// Whether all of its audits are drawn, if there are any.
	pub fn is_drawn(&self) -> bool {
		self.rate.is_zero() || self.decided >= groups(self.members.slots)
	}
}

/// What an audited bid has been told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Audit {
	/// To be delivered: the whole bid.
	pub units: Units,
	/// Paid for it.
	pub payment: Balance,
	/// Slashed, at the most, if it is not delivered.
	pub at_risk: Balance,
}

/// What a supplier has committed to for one service in one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Commitment {
	/// The root of the trie of the work done.
	pub root: Root,
	/// Of its units, those that applications pay for.
	pub relays: Units,
	/// Applications that do.
	pub payers: u32,
	/// What their units are worth.
	pub worth: Balance,
	/// Slashed if a proof is required and missing.
	pub at_risk: Balance,
	/// Units that applications are certain to pay for, and that count towards the audit.
	pub credit: Units,
}

impl Commitment {
	/// Units of the audit itself. They come first in the trie.
	pub fn synthetic(&self) -> Units {
		self.root.sum.saturating_sub(self.relays)
	}
}

/// Maximum number of attempts to prove a claim that cost no fee. Whoever is refused more often pays for
/// what was done: the room that the chain keeps for proofs cannot be filled for nothing.
pub const FREE_ATTEMPTS: u8 = 8;

/// How often a claim was tried to prove, and when last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Attempts {
	pub count: u8,
	/// The chain's block of the last one: there is one in a block.
	pub block: u32,
}

/// What a supplier has to show for one service in one session. The draw opens it for an audited bid,
/// a claim for any other; settlement closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Claim {
	pub audit: Option<Audit>,
	pub commitment: Option<Commitment>,
	/// Whether the positions that the seed chose have been opened.
	pub proven: bool,
	pub attempts: Attempts,
}

impl Claim {
	/// For an audit that was drawn.
	pub fn audited(audit: Audit) -> Self {
		let attempts = Attempts::default();
		Self { audit: Some(audit), commitment: None, proven: false, attempts }
	}

	/// For what was served without one.
	pub fn committed(commitment: Commitment) -> Self {
		let attempts = Attempts::default();
		Self { audit: None, commitment: Some(commitment), proven: false, attempts }
	}

	/// Units that count as delivered in the audit.
	pub fn delivered(&self) -> Units {
		match (self.audit, self.commitment) {
			(Some(audit), Some(commitment)) if self.proven => {
				commitment.synthetic().saturating_add(commitment.credit).min(audit.units)
			}
			_ => 0,
		}
	}
}

/// A key with which an application signs, and the sessions in which it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Key {
	pub number: u8,
	pub key: SigningKey,
	pub from: SessionIndex,
	pub until: Option<SessionIndex>,
}

impl Key {
	/// Whether requests of `session` can be signed with it.
	pub fn holds_in(&self, session: SessionIndex) -> bool {
		self.from <= session && self.until.is_none_or(|until| session < until)
	}
}

/// Maximum number of signing keys of an application.
pub const MAX_KEYS: u32 = 8;
/// Maximum number of sessions of an application that can wait for their settlement; a runtime's
/// `MaxUnsettledSessions` is not more.
pub const MAX_BUDGETS: u32 = 64;

/// An application of one service, and its money.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Application<AccountId> {
	pub account: AccountId,
	/// The first session in which it is served.
	pub from: SessionIndex,
	/// The first session in which it no longer is.
	pub until: Option<SessionIndex>,
	pub keys: BoundedVec<Key, ConstU32<MAX_KEYS>>,
	/// Maximum payment in one session.
	pub limit: Timeline<Balance>,
	/// What it has put in so far.
	pub deposited: Balance,
	/// Of that, what is left, and on hold.
	pub deposit: Balance,
	/// Of that, what was paid.
	pub paid: Balance,
	/// Its sessions that have claims which are not settled.
	pub budgets: BoundedVec<Budget, ConstU32<MAX_BUDGETS>>,
}

impl<AccountId> Application<AccountId> {
	/// Whether it is served in `session`.
	pub fn is_served_in(&self, session: SessionIndex) -> bool {
		self.from <= session && self.until.is_none_or(|until| session < until)
	}

	/// What it has for a session, once claims ask for it.
	pub fn budget(&self, session: SessionIndex) -> Option<&Budget> {
		self.budgets.iter().find(|budget| budget.session == session)
	}

	/// Changes the budget of a session, if there is one. A budget ends with its last claim.
	pub fn change_budget<R>(
		&mut self,
		session: SessionIndex,
		change: impl FnOnce(&mut Budget) -> R,
	) -> Option<R> {
		let budget = self.budgets.iter_mut().find(|budget| budget.session == session)?;
		let changed = change(budget);
		self.budgets.retain(|budget| budget.claims > 0);
		Some(changed)
	}

	/// Of the deposit, what claims that are not settled yet may take.
	pub fn reserved(&self) -> Balance {
		self.budgets.iter().fold(0, |sum, budget| sum.saturating_add(budget.reserved()))
	}

	/// Of the deposit, what no claim can take yet.
	pub fn free(&self) -> Balance {
		self.deposit.saturating_sub(self.reserved())
	}
}

/// How far the draw of a session has come. Each round knows how far its own has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct DrawCursor {
	pub session: SessionIndex,
	/// Whose turn it is.
	pub service: ServiceId,
	/// Services of which not all audits are drawn.
	pub open: u32,
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
	/// The service has no money for audits that earlier ones do not hold.
	NoMoney,
	/// Too many earlier sessions are not settled yet: there are no relays either. Or one is still being
	/// drawn.
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
	/// It has no stake left.
	NoStake,
	/// The policy does not admit a bid of its size any more; it leaves the draws.
	OutOfRange,
	/// The service's money does not allow an audit of its size; it leaves the draws.
	Unfunded,
	/// More was drawn, by a chance of less than one in a million, than was set aside.
	SetAsideSpent,
}

/// Why a bid leaves the draws.
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
pub enum SuspendReason {
	/// Its stake is below what it needs.
	StakeTooSmall,
	/// The policy does not admit its size any more.
	OutOfRange,
	/// The service's money does not allow an audit of its size.
	Unfunded,
}

/// Why an audit that was delivered in full is not paid.
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
pub enum UnpaidReason {
	/// Too little of what the session allocated was delivered for anyone to be paid.
	Quorum,
	/// An earlier audit has failed, and has taken the stake behind this one.
	StakeTaken,
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
	/// An opened leaf lies among those of another payer.
	OtherPayer,
	/// An opened leaf is not signed by its payer.
	NotSigned,
}

/// Stake that is missing for a claim: `mantissa · 2^exponent`, rounded up to sixteen binary digits,
/// which is as much as an error can carry.
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, PalletError,
)]
pub struct Shortfall {
	pub mantissa: u16,
	pub exponent: u8,
}

impl From<Balance> for Shortfall {
	fn from(amount: Balance) -> Self {
		let digits = Balance::BITS.saturating_sub(amount.leading_zeros());
		let mut exponent = digits.saturating_sub(u16::BITS);
		let up = |exponent: u32| {
			let rest = amount & (1u128 << exponent).saturating_sub(1);
			(amount >> exponent).saturating_add(u128::from(rest > 0))
		};
		let mut mantissa = up(exponent);
		if mantissa > u16::MAX.into() {
			exponent = exponent.saturating_add(1);
			mantissa = up(exponent);
		}
		Self { mantissa: mantissa as u16, exponent: exponent as u8 }
	}
}

impl From<Shortfall> for Balance {
	fn from(shortfall: Shortfall) -> Self {
		Balance::from(shortfall.mantissa)
			.checked_mul(1u128.checked_shl(shortfall.exponent.into()).unwrap_or(Balance::MAX))
			.unwrap_or(Balance::MAX)
	}
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
			VerifyError::Resolver(WorkError::OtherPayer) => Self::OtherPayer,
			VerifyError::Resolver(WorkError::NotSigned) => Self::NotSigned,
		}
	}
}

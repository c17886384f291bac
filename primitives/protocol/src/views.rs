//! The answers of the pallet's view functions: what a supplier or a dashboard must know, without a
//! transaction. Ticks are absolute.

use crate::{
	Balance, Policy, Ranks, RelayTerms, Seed, ServiceId, SessionIndex, SigningKey, Slot, Tick,
	Units, Untruthful,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_arithmetic::Perquintill;
use sum_trie::Root;

use crate::Task;

/// Where the one clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ClockStatus {
	pub session: SessionIndex,
	pub tick: Tick,
	/// First tick of the next session.
	pub session_ends: Tick,
	/// Blocks that did not count, because a proof would not have fitted into the block before.
	pub stalled: u32,
}

/// How far a claim has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Stage {
	/// The session runs: do the work.
	Working,
	/// The claim window is open: commit to the work.
	Claiming,
	/// Claims are closed, the seed is not known yet.
	AwaitingSeed,
	/// The proof window is open: open the claim at the given positions.
	Proving,
	/// All windows are closed; settlement is due.
	Settling,
}

/// What a supplier has to show for one session: an audit, a claim that it made, or both.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Duty<W> {
	pub session: SessionIndex,
	/// The audit, if the bid was drawn.
	pub audit: Option<AuditDuty<W>>,
	/// What was claimed from applications, if anything.
	pub relays: Option<RelayDuty>,
	pub stage: Stage,
	/// First tick at which a claim is accepted.
	pub claims_open: Tick,
	/// First tick at which a claim is no longer accepted.
	pub claims_close: Tick,
	/// What has been committed to.
	pub committed: Option<Root>,
	/// Whether what has been committed to must be proven, once that is decided.
	pub proof_required: Option<bool>,
	/// The positions that a proof must open; empty unless one is required and missing.
	pub positions: Vec<u64>,
	/// First tick at which a proof is no longer accepted, once the seed is known.
	pub proofs_close: Option<Tick>,
	/// Whether a valid proof has been given.
	pub proven: bool,
}

/// An audit that a supplier has to answer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct AuditDuty<W> {
	/// The kind of work, as the policy of the session has it.
	pub work: W,
	/// What must be delivered.
	pub task: Task,
	/// Paid if everything is delivered.
	pub payment: Balance,
	/// Slashed, at the most, if it is not.
	pub at_risk: Balance,
}

/// What a supplier has claimed from applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct RelayDuty {
	/// Compute units of all applications together.
	pub units: Units,
	/// What they are worth.
	pub worth: Balance,
	/// Slashed if a proof is required and missing.
	pub at_risk: Balance,
	/// Units that count towards the audit of the same session.
	pub credit: Units,
}

/// One session of a service, for those who serve and are served in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct RelaySession {
	pub session: SessionIndex,
	/// Decides who serves whom; requests are bound to it.
	pub seed: Seed,
	/// The sum of the bids that take part in the session: draws fall to one of so many units.
	pub units: Units,
	pub terms: RelayTerms,
	/// The threshold and the probability that hold for its claims.
	pub threshold: Balance,
	pub probability: sp_arithmetic::Perquintill,
	pub stage: Stage,
	/// First tick after its work. Relays can be served, and claimed, a little longer.
	pub claims_open: Tick,
	/// First tick at which a claim is no longer accepted.
	pub claims_close: Tick,
}

/// A supplier's place in one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct SeatStatus {
	pub slot: Slot,
	/// The units that come before those of this bid, in the order of the slots: a draw falls to it that
	/// falls to one of `start .. start + units`.
	pub start: Units,
	/// Compute units bid.
	pub units: Units,
}

impl SeatStatus {
	/// Whether a draw that falls to `unit` falls to this bid.
	pub fn holds(&self, unit: Units) -> bool {
		unit.checked_sub(self.start).is_some_and(|after| after < self.units)
	}
}

/// A supplier that may serve an application in one session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Assignment<AccountId> {
	/// The application's draws that fell to it: relays go to suppliers in proportion to them.
	pub ranks: Ranks,
	pub slot: Slot,
	pub supplier: AccountId,
	/// Where it says that it answers.
	pub endpoint: Vec<u8>,
}

/// A signing key of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct KeyStatus {
	/// Its number, in relays.
	pub number: u8,
	pub key: SigningKey,
	/// The first session in which it can sign.
	pub from: SessionIndex,
	/// The first session in which it no longer can.
	pub until: Option<SessionIndex>,
}

/// An application and its money.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ApplicationStatus<AccountId> {
	pub account: AccountId,
	/// The first session in which it is served.
	pub from: SessionIndex,
	/// The first session in which it no longer is.
	pub until: Option<SessionIndex>,
	pub keys: Vec<KeyStatus>,
	/// On hold.
	pub deposit: Balance,
	/// Of that, what claims that are not settled yet may take.
	pub reserved: Balance,
	/// Paid to suppliers so far.
	pub paid: Balance,
	/// The most that it pays for the current and for the next session.
	pub limit: Balance,
	pub limit_next: Balance,
}

/// What an application can still pay for one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Payable {
	/// The most that it pays in the session, to all suppliers.
	pub total: Balance,
	/// What a supplier can count on for each draw that fell to it, whatever the others claim.
	pub part: Balance,
	/// Claimed so far, by all suppliers.
	pub claimed: Balance,
}

/// What a claim would mean for its supplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ClaimTerms {
	/// What the listed units are worth.
	pub worth: Balance,
	/// What of that is certain to be paid.
	pub certain: Balance,
	/// Units that would count towards an audit.
	pub credit: Units,
	/// Stake that the claim would put at risk.
	pub at_risk: Balance,
	/// Stake that is free for it.
	pub free: Balance,
	/// Stake that is missing for it.
	pub missing: Balance,
}

/// How many proofs there are, and where that is going (design section 6.1).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ProofStatus {
	/// In the current session, and in the next as it is known.
	pub probability: sp_arithmetic::Perquintill,
	pub probability_next: sp_arithmetic::Perquintill,
	/// Below it the penalty part of the minimum stake would not deter.
	pub lowest_probability: sp_arithmetic::Perquintill,
	/// In the current session, and in the next as it is known.
	pub threshold: Balance,
	pub threshold_next: Balance,
	/// The 95th percentile of recent claims, if there are enough.
	pub recommended_threshold: Option<Balance>,
	/// Claims by worth: what each bucket ends below, and how many are in it.
	pub claims: Vec<(Balance, u16)>,
}

/// A bid and the money behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct StakeStatus {
	/// Compute units bid for the current session, if the bid takes part in it.
	pub units: Option<Units>,
	/// Compute units bid for the next session, if the bid takes part in it.
	pub units_next: Option<Units>,
	/// On hold.
	pub stake: Balance,
	/// Of that, what open claims may cost.
	pub at_risk: Balance,
	/// The least stake with which the bid stays in the draws of the next session.
	pub minimum: Balance,
	/// What can be withdrawn now.
	pub withdrawable: Balance,
}

/// Whether bidding, delivering and claiming the truth is best under the policy in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct PolicyVerdict {
	/// Why it is not, for a supplier of some capacity from the smallest to the largest bid that the policy
	/// admits; none where it is for all of them. Whoever has more than one largest bid is not looked at.
	pub untruthful: Option<Untruthful>,
	/// The largest capacity, up to the largest bid, up to which truth is best.
	pub truthful_up_to: Units,
	/// The audit rate.
	pub audit_rate: Perquintill,
	/// The smallest rate that makes truth best for all of them, if there is one; to a few percent, and
	/// not below the exact one.
	pub least_rate: Option<Perquintill>,
}

impl PolicyVerdict {
	/// Whether truth is best for every supplier whom one bid is enough for.
	pub fn truthful(&self) -> bool {
		self.untruthful.is_none()
	}
}

/// The money of a service for its audits.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	codec::MaxEncodedLen,
	TypeInfo,
)]
pub struct Fund {
	/// Not needed for audits that are assigned, or may be assigned.
	pub free: Balance,
	/// Set aside for audits that are not settled.
	pub set_aside: Balance,
}

impl Fund {
	/// All of it.
	pub fn total(&self) -> Balance {
		self.free.saturating_add(self.set_aside)
	}
}

/// A service as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ServiceStatus<W> {
	/// The policy of the current session.
	pub policy: Policy<W>,
	/// The policy of the next session.
	pub policy_next: Policy<W>,
	/// Live bids in the current session.
	pub suppliers: u32,
	/// Their sum, in compute units.
	pub capacity: Units,
}

/// One session of one service, after its settlement.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	codec::MaxEncodedLen,
	TypeInfo,
)]
pub struct SessionRecord {
	pub session: SessionIndex,
	/// Live bids.
	pub suppliers: u32,
	/// Their sum, in compute units.
	pub capacity: Units,
	/// The probability with which a bid was audited: less than the policy's rate where the service's
	/// money would not have paid for more.
	pub rate: Perquintill,
	/// Whether truth was best at this rate.
	pub truthful: bool,
	/// Bids audited.
	pub audits: u32,
	/// Of those, the ones delivered in full.
	pub fulfilled: u32,
	/// Compute units that the audited bids had to deliver.
	pub allocated: Units,
	/// The sum of their squares, for the effective number of audits.
	pub squares: u128,
	/// Of those, what was proven to be delivered.
	pub delivered: Units,
	/// Paid from the pot.
	pub paid: Balance,
	/// Slashed from stake.
	pub slashed: Balance,
	/// No seed could be had in time, and nobody was paid or slashed.
	pub void: bool,
	pub relays: RelayRecord,
}

/// The relays of one or more sessions of one service, after their settlement.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	codec::MaxEncodedLen,
	TypeInfo,
)]
pub struct RelayRecord {
	/// Claims that list applications.
	pub claims: u32,
	/// Of those, the ones that had to be proven, and the ones that were.
	pub required: u32,
	pub proven: u32,
	/// Claims below the threshold that had to be proven as they were drawn for it.
	pub drawn: u32,
	/// Compute units claimed, and those of claims that were paid.
	pub claimed: Units,
	pub settled: Units,
	/// Paid by applications.
	pub paid: Balance,
	/// Worth of claims that were forfeited, and stake slashed for them.
	pub forfeited: Balance,
	pub slashed: Balance,
}

impl RelayRecord {
	/// Adds up two records.
	pub fn plus(&self, other: &Self) -> Self {
		Self {
			claims: self.claims.saturating_add(other.claims),
			required: self.required.saturating_add(other.required),
			proven: self.proven.saturating_add(other.proven),
			drawn: self.drawn.saturating_add(other.drawn),
			claimed: self.claimed.saturating_add(other.claimed),
			settled: self.settled.saturating_add(other.settled),
			paid: self.paid.saturating_add(other.paid),
			forfeited: self.forfeited.saturating_add(other.forfeited),
			slashed: self.slashed.saturating_add(other.slashed),
		}
	}
}

/// What the oracle says about a service (design section 8), over the sessions it remembers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct OracleReport {
	pub service: ServiceId,
	/// The sum of live bids in the current session, in compute units.
	pub capacity_reported: Units,
	pub suppliers: u32,
	/// Over the remembered sessions: audits, fulfilled ones, units and money.
	pub audits: u32,
	pub fulfilled: u32,
	pub allocated: Units,
	pub delivered: Units,
	pub paid: Balance,
	pub slashed: Balance,
	/// Relays, over the remembered sessions.
	pub relays: RelayRecord,
	/// The money for audits.
	pub fund: Fund,
	/// The mean capacity of the remembered sessions, each as much as it was audited, and not more than
	/// is reported now: what was bid in sessions without audits is not in it.
	pub capacity_audited: Units,
	/// Of that, the share that audits found delivered. It is what suppliers can deliver as long as truth
	/// is best for them: whoever lies at a loss, and is not drawn, is counted as well.
	pub capacity_verified: Units,
	/// A lower bound of it: in 95 of 100 cases the true figure is above, for suppliers who are drawn
	/// independently of whether they deliver.
	pub capacity_verified_low: Units,
	/// The remembered sessions, oldest first.
	pub history: Vec<SessionRecord>,
}

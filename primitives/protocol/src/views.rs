//! The answers of the pallet's view functions: what a supplier or a dashboard must know, without a
//! transaction. Ticks are absolute.

use crate::{Balance, Policy, ServiceId, SessionIndex, Tick, Units};
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

/// One audit that a supplier has to answer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Duty<W> {
	pub session: SessionIndex,
	/// The kind of work, as the policy of the session has it.
	pub work: W,
	/// What must be delivered.
	pub task: Task,
	pub stage: Stage,
	/// First tick at which a claim is accepted.
	pub claims_open: Tick,
	/// First tick at which a claim is no longer accepted.
	pub claims_close: Tick,
	/// What has been committed to.
	pub committed: Option<Root>,
	/// The positions that a proof must open; empty while the seed is unknown or nothing is committed.
	pub positions: Vec<u64>,
	/// First tick at which a proof is no longer accepted, once the seed is known.
	pub proofs_close: Option<Tick>,
	/// Whether a valid proof has been given.
	pub proven: bool,
	/// Paid if everything is delivered.
	pub payment: Balance,
	/// Slashed, at the most, if it is not.
	pub at_risk: Balance,
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

/// Whether bidding the truth is best under the policy in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct PolicyVerdict {
	/// For a supplier whose capacity is the largest bid that the policy admits, and all smaller ones.
	pub truthful: bool,
	/// The largest capacity, up to that bid, for which it is.
	pub truthful_up_to: Units,
	/// The audit rate.
	pub audit_rate: Perquintill,
	/// The smallest rate that makes truth best for a supplier of the reference capacity.
	pub least_rate: Perquintill,
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
	/// Bids audited.
	pub audits: u32,
	/// Of those, the ones delivered in full.
	pub fulfilled: u32,
	/// Compute units that the audited bids had to deliver.
	pub allocated: Units,
	/// Of those, what was proven to be delivered.
	pub delivered: Units,
	/// Paid from the pot.
	pub paid: Balance,
	/// Slashed from stake.
	pub slashed: Balance,
	/// No seed could be had in time, and nobody was paid or slashed.
	pub void: bool,
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
	/// Capacity reported times the share delivered.
	pub capacity_verified: Units,
	/// A lower bound of it: in 95 of 100 cases the true figure is above.
	pub capacity_verified_low: Units,
	/// The remembered sessions, oldest first.
	pub history: Vec<SessionRecord>,
}

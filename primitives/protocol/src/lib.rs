//! What chain, suppliers and applications agree on, without FRAME: the clock, who is audited, who
//! serves whom, what the work is and how a piece of it is checked, what a claim lists and costs,
//! which places of it must be opened, and the answers of the pallet's view functions.
//!
//! Every function here is pure. The pallet, the agent for suppliers, the client for applications,
//! benchmarks and simulators call the same code, so that none of them can disagree about a deadline,
//! a draw or a payment.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod budget;
mod clock;
mod draw;
mod histogram;
mod payers;
mod policy;
mod relay;
mod seed;
mod slot_tree;
mod terms;
mod timeline;
mod views;
mod work;

pub use budget::Budget;
pub use capacity_economics::Confidence;
pub use clock::{Grid, Schedule, ScheduleError};
pub use draw::{groups, Draw, Selection, SLOTS_PER_HASH};
pub use histogram::Histogram;
pub use payers::{
	assigned_unit, drawn_for_proof, list_draws, list_units, payers, shares, Payer, Ranks, Share,
};
pub use policy::{DrawTerms, Policy, PolicyError, Slashing, Untruthful, LEAST_RATE_PRECISION};
pub use relay::{
	method_id, MethodId, MethodPrice, PriceList, Relay, RelayContext, RelayRequest, RelayTask,
	Relaying, RequestSignature, Signatures, SigningKey,
};
pub use seed::{claim_seed, position, positions, task_seed};
pub use slot_tree::SlotTree;
pub use terms::{PenaltyBasis, RelayTerms, Split, TermsError, MOST_WORTH};
pub use timeline::Timeline;
pub use views::{
	ApplicationStatus, Assignment, AuditDuty, ClaimTerms, ClockStatus, Duty, Fund, KeyStatus,
	OracleReport, Payable, PolicyVerdict, ProofStatus, RelayDuty, RelayRecord, RelaySession,
	SeatStatus, ServiceStatus, SessionRecord, Stage, StakeStatus,
};
pub use work::{StandardWork, Synthetic, Task, Work, WorkError, AUDIT_PREFIX};

/// A kind of work, with its own unit, price and policy.
pub type ServiceId = u32;
/// An application's short number within its service.
pub type ApplicationIndex = u32;
/// A bid's place in its service's list.
pub type Slot = u32;
/// The number of a session.
pub type SessionIndex = u32;
/// A block in which there was room for a proof. All deadlines count ticks.
pub type Tick = u32;
/// Compute units.
pub type Units = u64;
/// Money, in the smallest unit of the chain's token. The formulas are computed in 128 bits.
pub type Balance = u128;
/// A value nobody could know beforehand.
pub type Seed = [u8; 32];

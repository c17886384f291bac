//! What chain and suppliers agree on, without FRAME: the clock, who is audited, what the work is and
//! how a piece of it is checked, which places of a claim must be opened, and the answers of the
//! pallet's view functions.
//!
//! Every function here is pure. The pallet, the agent for suppliers, benchmarks and simulators call
//! the same code, so that none of them can disagree about a deadline or a draw.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod clock;
mod draw;
mod policy;
mod seed;
mod timeline;
mod views;
mod work;

pub use clock::{Grid, Schedule, ScheduleError};
pub use draw::{Draw, Selection, SLOTS_PER_HASH};
pub use policy::{Policy, PolicyError, Slashing};
pub use seed::{claim_seed, position, positions, task_seed};
pub use timeline::Timeline;
pub use views::{
	ClockStatus, Duty, OracleReport, PolicyVerdict, ServiceStatus, SessionRecord, Stage,
	StakeStatus,
};
pub use work::{StandardWork, Synthetic, Task, Work, WorkError, AUDIT_PREFIX};

/// A kind of work, with its own unit, price and policy.
pub type ServiceId = u32;
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

use crate::{SessionIndex, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The lengths, in ticks, of a session and of what follows it.
///
/// ```text
/// session n: draw, work ... | claims open .... close | seed | proofs open .... close | settle
/// ```
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
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
	/// Ticks of a session.
	pub session: Tick,
	/// Ticks at the start of a session in which its audits can be drawn. Where no seed comes in time
	/// the session runs without audits, so that an audited supplier has at least the rest of the
	/// session, and the claim window, for its work.
	pub draw: Tick,
	/// Ticks after the session's end in which a claim can be made, replaced or withdrawn. Not more
	/// than `session`, so that claims of two sessions are never open at once.
	pub claims: Tick,
	/// Ticks after the seed in which a proof can be given.
	pub proofs: Tick,
	/// Ticks to wait at the most for randomness that was unknown when claims closed. After that the
	/// session is void: nobody is paid, nobody slashed, all stake is free.
	pub patience: Tick,
	/// How many blocks back, at the most, the randomness source is believed to have been readable.
	/// `None`: as far as it says itself. A short limit suits a development chain whose source looks
	/// back further than its sessions are long, and no other.
	pub lookback: Option<u32>,
}

/// Why a schedule cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduleError {
	/// A length is zero.
	Zero,
	/// Audits could be drawn after the session's end.
	DrawOutlastsSession,
	/// The claim window is longer than a session.
	ClaimsOutlastSession,
	/// The lengths add up to more ticks than can be counted.
	TooLong,
}

impl Schedule {
	/// Checks what the lengths must satisfy on their own.
	pub fn check(&self) -> Result<(), ScheduleError> {
		if [self.session, self.draw, self.claims, self.proofs, self.patience].contains(&0) {
			return Err(ScheduleError::Zero);
		}
		if self.draw > self.session {
			return Err(ScheduleError::DrawOutlastsSession);
		}
		if self.claims > self.session {
			return Err(ScheduleError::ClaimsOutlastSession);
		}
		let whole = [self.session, self.claims, self.patience, self.proofs]
			.iter()
			.try_fold(0u32, |sum, part| sum.checked_add(*part));
		match whole {
			Some(ticks) if ticks < Tick::MAX / 2 => Ok(()),
			_ => Err(ScheduleError::TooLong),
		}
	}
}

/// The grid of sessions: session `session` starts at tick `start`, and so on every `length` ticks.
/// A new length starts a new grid at a boundary of the old one.
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
pub struct Grid {
	pub session: SessionIndex,
	pub start: Tick,
	pub length: Tick,
}

impl Grid {
	/// The session that `tick` belongs to; before the grid's start, its first.
	pub fn session_at(&self, tick: Tick) -> SessionIndex {
		let sessions = tick.saturating_sub(self.start).checked_div(self.length).unwrap_or(0);
		self.session.saturating_add(sessions)
	}

	/// The first tick of `session`.
	pub fn start_of(&self, session: SessionIndex) -> Tick {
		let sessions = session.saturating_sub(self.session);
		self.start.saturating_add(sessions.saturating_mul(self.length))
	}

	/// The grid with `length` from the start of `session` on.
	pub fn relaid(&self, session: SessionIndex, length: Tick) -> Self {
		Self { session, start: self.start_of(session), length }
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const SCHEDULE: Schedule =
		Schedule { session: 10, draw: 3, claims: 10, proofs: 4, patience: 90, lookback: None };

	#[test]
	fn every_broken_schedule_is_named() {
		assert_eq!(SCHEDULE.check(), Ok(()));
		assert_eq!(
			Schedule { session: 0, claims: 0, ..SCHEDULE }.check(),
			Err(ScheduleError::Zero)
		);
		assert_eq!(Schedule { proofs: 0, ..SCHEDULE }.check(), Err(ScheduleError::Zero));
		assert_eq!(
			Schedule { draw: 11, ..SCHEDULE }.check(),
			Err(ScheduleError::DrawOutlastsSession)
		);
		assert_eq!(
			Schedule { claims: 11, ..SCHEDULE }.check(),
			Err(ScheduleError::ClaimsOutlastSession)
		);
		assert_eq!(
			Schedule { patience: Tick::MAX, ..SCHEDULE }.check(),
			Err(ScheduleError::TooLong)
		);
	}

	proptest! {
		#[test]
		fn a_tick_lies_in_its_session(session in 0u32..1000, start in 0u32..1000, length in 1u32..1000, later in 0u32..100_000) {
			let grid = Grid { session, start, length };
			let tick = start + later;
			let at = grid.session_at(tick);
			prop_assert!(grid.start_of(at) <= tick && tick < grid.start_of(at + 1));
		}

		#[test]
		fn a_new_length_moves_no_earlier_boundary(length in 1u32..100, new in 1u32..100, at in 0u32..100) {
			let grid = Grid { session: 0, start: 0, length };
			let relaid = grid.relaid(at, new);
			prop_assert_eq!(relaid.start_of(at), grid.start_of(at));
			prop_assert_eq!(relaid.start_of(at + 1), grid.start_of(at) + new);
		}
	}
}

//! Seeds, each strictly later than what it must not have influenced.

use crate::{pallet::*, WeightInfo};
use capacity_protocol::{Seed, SessionIndex};
use codec::Encode;
use frame_support::{traits::Randomness, weights::WeightMeter};
use sp_runtime::SaturatedConversion;
use sum_trie::Hasher;

impl<T: Config> Pallet<T> {
	/// A value that nobody could know before the provider's block `since`, or none yet.
	fn fresh_seed(
		purpose: &'static [u8],
		session: SessionIndex,
		since: u32,
		lookback: Option<u32>,
	) -> Option<Seed> {
		let (value, known_since) = T::Randomness::random(&(purpose, session).encode());
		let known_since = known_since.saturated_into::<u32>();
		let believed = match lookback {
			Some(blocks) => known_since.max(Self::provided_block().saturating_sub(blocks)),
			None => known_since,
		};
		(believed >= since)
			.then(|| T::Hasher::hash(&[purpose, value.as_ref(), &session.to_le_bytes()]))
	}

	/// Takes the seed that decides who is audited and who serves whom in the running session, and opens
	/// its rounds.
	pub(crate) fn take_session_seed(meter: &mut WeightMeter) {
		meter.consume(T::WeightInfo::try_session_seed());
		let current = CurrentSession::<T>::get();
		let Some(mut session) = Sessions::<T>::get(current) else { return };
		if session.seed.is_some() {
			return;
		}
		// Bids for this session could change until the last block before its first.
		let (since, lookback) = (session.started_at, session.schedule.lookback);
		let Some(seed) = Self::fresh_seed(b"session", current, since, lookback) else { return };
		session.seed = Some(seed);
		Sessions::<T>::insert(current, session);
		// Later than that an audited supplier would have too little time.
		let audits = Self::tick() < session.start.saturating_add(session.schedule.draw);
		Self::open_rounds(current, audits, meter);
	}

	/// Takes the seed that decides what must be proven, and where it is opened, for the oldest session that waits for one.
	pub(crate) fn take_proof_seed(meter: &mut WeightMeter) {
		meter.consume(T::WeightInfo::take_proof_seed());
		let cursor = SeedCursor::<T>::get();
		if cursor >= CurrentSession::<T>::get() {
			return;
		}
		let next = cursor.saturating_add(1);
		let Some(mut session) = Sessions::<T>::get(cursor) else { return };
		let tick = Self::tick();
		if tick < session.claims_close() {
			return;
		}
		// The last claim was made in an earlier block than that. It does not matter how long the session
		// waited for its turn.
		let closed_at = session.closed_at.unwrap_or_else(Self::fresh_block);
		if let Some(seed) =
			Self::fresh_seed(b"proofs", cursor, closed_at, session.schedule.lookback)
		{
			let until = tick.saturating_add(session.schedule.proofs);
			session.proof_seed = Some(seed);
			session.due = Some(until);
			SeedCursor::<T>::put(next);
			Self::deposit_event(Event::SeedTaken { session: cursor, until });
		} else if tick >= session.claims_close().saturating_add(session.schedule.patience) {
			session.void = true;
			session.due = Some(tick);
			SeedCursor::<T>::put(next);
			Self::deposit_event(Event::SessionVoided { session: cursor });
		} else {
			return;
		}
		Sessions::<T>::insert(cursor, session);
	}
}

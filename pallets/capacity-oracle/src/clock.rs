//! The clock: ticks, and the sessions on them.
//!
//! A tick is a block of the provider, unless the chain's block before it had no room left for a
//! proof, or the chain made no block at all for it. So no deadline passes in a block that nobody could
//! enter.

use crate::{pallet::*, types::*, WeightInfo};
use capacity_protocol::{Grid, Ranks, Schedule, Tick, Timeline};
use frame_support::{
	dispatch::DispatchClass, pallet_prelude::*, traits::Get, weights::WeightMeter,
};
use sp_runtime::{traits::BlockNumberProvider, SaturatedConversion};

impl<T: Config> Pallet<T> {
	/// The provider's block number.
	pub(crate) fn provided_block() -> u32 {
		T::BlockNumberProvider::current_block_number().saturated_into()
	}

	/// Now: the same for everything in a block.
	pub(crate) fn tick() -> Tick {
		Clock::<T>::get().tick
	}

	/// The first of the provider's blocks that nothing in an earlier block of this chain was done in. A
	/// provider can show the last block's number until its own is known.
	pub(crate) fn fresh_block() -> u32 {
		Clock::<T>::get().ended.saturating_add(1)
	}

	/// Counts this block and starts a session if it is time.
	pub(crate) fn advance_clock(meter: &mut WeightMeter) {
		meter.consume(T::WeightInfo::advance_clock());
		let block = Self::provided_block();
		let tick = Clock::<T>::mutate(|clock| {
			let elapsed = block.saturating_sub(clock.block);
			let counted = if clock.full { 0 } else { elapsed.min(T::MaxTicksPerBlock::get()) };
			clock.tick = clock.tick.saturating_add(counted);
			clock.block = clock.block.max(block);
			clock.full = false;
			clock.tick
		});
		Self::note_closed_claims(tick);
		let Some(grid) = SessionGrid::<T>::get() else { return };
		let session = grid.session_at(tick);
		if !Sessions::<T>::contains_key(session) {
			meter.consume(T::WeightInfo::start_session());
			Self::start_session(grid, session);
		}
	}

	/// Notes when the claims of the session before the running one can no longer change. Those of earlier
	/// ones were closed before.
	fn note_closed_claims(tick: Tick) {
		let Some(last) = CurrentSession::<T>::get().checked_sub(1) else { return };
		let closed =
			|session: &Session| session.closed_at.is_none() && tick >= session.claims_close();
		if let Some(session) = Sessions::<T>::get(last).filter(closed) {
			let closed_at = Some(Self::fresh_block());
			Sessions::<T>::insert(last, Session { closed_at, ..session });
		}
	}

	fn start_session(grid: Grid, session: u32) {
		let Some(schedule) = Schedules::<T>::get().map(|schedules| *schedules.at(session)) else {
			return;
		};
		let grid = if grid.length == schedule.session {
			grid
		} else {
			let grid = grid.relaid(session, schedule.session);
			SessionGrid::<T>::put(grid);
			grid
		};
		let unseeded = |last: &Session| last.seed.is_none();
		let last = CurrentSession::<T>::get();
		if last < session && Sessions::<T>::get(last).as_ref().is_some_and(unseeded) {
			Self::deposit_event(Event::AuditsSkipped {
				session: last,
				service: None,
				reason: SkipReason::NoSeed,
			});
		}
		Sessions::<T>::insert(
			session,
			Session {
				schedule,
				start: grid.start_of(session),
				end: grid.start_of(session.saturating_add(1)),
				started_at: Self::fresh_block(),
				closed_at: None,
				seed: None,
				proof_seed: None,
				due: None,
				void: false,
			},
		);
		CurrentSession::<T>::put(session);
		Self::deposit_event(Event::SessionStarted { session });
	}

	/// What the largest proof weighs.
	fn largest_prove() -> Weight {
		let (length, openings) = (T::MaxProofLen::get(), T::MaxOpenings::get());
		T::WeightInfo::prove(length, Self::most_hashes(), openings)
	}

	/// What the largest claim weighs, in place of one as large.
	fn largest_claim() -> Weight {
		let payers = T::MaxPayers::get();
		Self::claim_weight(payers, payers.saturating_mul(Ranks::MOST.into()), payers)
	}

	/// Notes, for the next block's count, whether this block has room left for one more proof or claim,
	/// and up to which of the provider's blocks it has seen.
	pub(crate) fn end_block() {
		let limits = <T as frame_system::Config>::BlockWeights::get();
		let room =
			limits.max_block.saturating_sub(frame_system::Pallet::<T>::block_weight().total());
		let entry = Self::largest_prove()
			.max(Self::largest_claim())
			.saturating_add(limits.get(DispatchClass::Operational).base_extrinsic);
		let lengths = <T as frame_system::Config>::BlockLength::get();
		let bytes = lengths
			.max
			.get(DispatchClass::Operational)
			.saturating_sub(frame_system::Pallet::<T>::block_size());
		// A transaction has a signature and its extensions beside the proof.
		const ENVELOPE: u32 = 1_024;
		let long = T::MaxProofLen::get().saturating_add(ENVELOPE);
		let full = entry.any_gt(room) || long > bytes;
		let ended = Self::provided_block();
		Clock::<T>::mutate(|clock| {
			clock.full = full;
			clock.ended = clock.ended.max(ended);
		});
	}

	pub(crate) fn do_set_schedule(schedule: Schedule) -> DispatchResult {
		Self::check_schedule(&schedule)?;
		let services = ServiceCount::<T>::get();
		ensure!(Self::all_fit_session(&schedule, services), Error::<T>::SessionTooShort);
		let current = CurrentSession::<T>::get();
		let from = match Schedules::<T>::get() {
			None => {
				Self::first_schedule(schedule);
				current
			}
			Some(mut schedules) => {
				// The claims of the running session must close within the next one.
				ensure!(
					schedules.at(current).claims <= schedule.session,
					Error::<T>::InvalidSchedule
				);
				let next = current.saturating_add(1);
				schedules.set(next, schedule);
				Schedules::<T>::put(schedules);
				next
			}
		};
		Self::deposit_event(Event::ScheduleSet { from, schedule });
		Ok(())
	}

	/// Lengths that make sense, and no window so short that one block could skip it.
	pub(crate) fn check_schedule(schedule: &Schedule) -> Result<(), Error<T>> {
		let Schedule { session, draw, claims, proofs, patience, lookback: _ } = *schedule;
		let shortest =
			[session, draw, claims, proofs, patience].into_iter().fold(u32::MAX, u32::min);
		let sound = schedule.check().is_ok() && shortest >= T::MaxTicksPerBlock::get();
		ensure!(sound, Error::<T>::InvalidSchedule);
		Ok(())
	}

	/// Whether sessions of this schedule are long enough for all services as they are, and for as many as
	/// `services`.
	pub(crate) fn all_fit_session(schedule: &Schedule, services: u32) -> bool {
		Services::<T>::iter_values().all(|known| {
			let slots = known.members.latest().slots.max(1);
			Self::fits_session(slots, known.policy.latest(), services, schedule)
		})
	}

	pub(crate) fn first_schedule(schedule: Schedule) {
		Schedules::<T>::put(Timeline::always(schedule));
		SessionGrid::<T>::put(Grid {
			session: CurrentSession::<T>::get(),
			start: Self::tick(),
			length: schedule.session,
		});
	}

	/// What the constants of a runtime must satisfy.
	pub(crate) fn check_config() {
		let one_slice = T::WeightInfo::draw_slots(capacity_protocol::SLOTS_PER_HASH)
			.saturating_add(
				T::WeightInfo::assign_audit()
					.saturating_mul(capacity_protocol::SLOTS_PER_HASH.into()),
			);
		assert!(
			T::DrawWeight::get().all_gte(one_slice),
			"DrawWeight must fit the slots that one hash decides, all of them audited"
		);
		assert!(
			T::MaxAuditsPerBlock::get() >= capacity_protocol::SLOTS_PER_HASH
				&& T::MaxSlotsPerBlock::get() >= capacity_protocol::SLOTS_PER_HASH,
			"a block must be able to draw the slots that one hash decides"
		);
		assert!(T::MaxTicksPerBlock::get() > 0, "the clock must go");
		assert!(T::MaxSettlementsPerBlock::get() > 0, "claims must settle");
		assert!(T::MaxUnsettledSessions::get() > 2, "a session settles after the next has started");
		assert!(
			(1..=256).contains(&T::MaxDepth::get()),
			"a path has 256 bits: MaxDepth is from 1 to 256"
		);
		let operational = <T as frame_system::Config>::BlockWeights::get()
			.get(DispatchClass::Operational)
			.max_total
			.unwrap_or(Weight::MAX);
		assert!(
			Self::largest_prove().all_lt(operational),
			"the largest proof must fit into a block"
		);
		let payers = T::MaxPayers::get();
		assert!(
			Self::largest_claim().all_lt(operational),
			"the largest claim must fit into a block"
		);
		let settlement =
			T::WeightInfo::settle_claim(payers).saturating_add(T::WeightInfo::check_due());
		let normal = <T as frame_system::Config>::BlockWeights::get()
			.get(DispatchClass::Normal)
			.max_total
			.unwrap_or(Weight::MAX);
		assert!(
			settlement.all_lt(normal) && T::WeightInfo::settle(payers).all_lt(normal),
			"the largest settlement must fit into a block"
		);
		assert!(
			T::MaxUnsettledSessions::get() <= crate::MAX_BUDGETS,
			"an application must have room for all sessions that are not settled"
		);
	}
}

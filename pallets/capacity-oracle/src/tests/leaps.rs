//! A provider that shows the last block's number when a block begins, and another one later in it; and one
//! that leaps by hours (design section 3, rule 6).

use super::*;
use frame_support::traits::{OnFinalize, OnInitialize, OnPoll};
use frame_support::weights::WeightMeter;
use sp_runtime::traits::BlockNumberProvider;

/// A block of this chain for which the provider's number rises by `leap` after `on_initialize` only.
fn late_block(leap: u64) {
	let now = System::block_number();
	AllPalletsWithSystem::on_finalize(now);
	System::reset_events();
	// The provider still shows the number that it had at the end of the last block.
	System::set_block_number(now + 1);
	Ahead::mutate(|ahead| *ahead = ahead.saturating_sub(1));
	AllPalletsWithSystem::on_initialize(now + 1);
	Ahead::mutate(|ahead| *ahead += leap);
	AllPalletsWithSystem::on_poll(now + 1, &mut WeightMeter::new());
}

fn tick() -> u64 {
	CapacityOracle::clock().tick.into()
}

fn late_to(until: u64, leap: u64) {
	while tick() < until {
		late_block(leap);
	}
}

/// A chain whose provider is ahead, so that it can lag behind, with bids that are audited.
fn lagging(ticks_per_block: u32, test: impl FnOnce()) {
	on_chain(policy(), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		MaxTicksPerBlock::set(ticks_per_block);
		late_block(1);
		test();
	});
}

#[test]
fn a_block_has_one_tick_whatever_the_provider_shows_in_it() {
	lagging(1, || {
		for leap in [1, 1, 5, 600, 1] {
			let before = Provider::current_block_number();
			late_block(leap);
			let now = tick();
			assert_eq!(Provider::current_block_number(), before + leap);
			assert_eq!(tick(), now);
		}
	});
}

#[test]
fn nothing_closes_early_where_the_number_is_known_late() {
	lagging(1, || {
		late_to(claims_open(1) + 3, 1);
		// The last tick of the claim window: the provider is past it already.
		assert_eq!(tick(), seed_of(1) - 1);
		commit(2, 1, Units::MAX);
		late_block(1);
		assert_noop!(claim(3, 1, Default::default()), Fault::ClaimsClosed);
		late_to(seed_of(1) + 1, 1);
		let session = Sessions::<Test>::get(1).unwrap();
		assert!(session.proof_seed.is_some());
		let until = session.due.unwrap();
		late_to(u64::from(until) - 1, 1);
		assert_ok!(prove(2, 1, proof_of(2, 1, Units::MAX)));
		late_to(u64::from(until) + 3, 1);
		assert_eq!([1, 2, 3].map(|who| bid_of(who).stake), [0, 2_000, 0]);
	});
}

/// Hours pass in one block, in the middle of the claim window and of the proof window.
#[test]
fn whoever_could_not_answer_is_not_slashed_for_a_leap() {
	lagging(2, || {
		late_to(claims_open(1), 2);
		late_block(2_000);
		assert_eq!(CurrentSession::<Test>::get(), 2, "only what was there to be used counts");
		commit(2, 1, Units::MAX);
		late_block(4_000);
		while Sessions::<Test>::get(1).unwrap().proof_seed.is_none() {
			late_block(2);
		}
		late_block(3_000);
		assert_eq!([1, 2, 3].map(|who| bid_of(who).stake), [2_000; 3], "nobody yet");
		assert_ok!(prove(2, 1, proof_of(2, 1, Units::MAX)));
		let due = u64::from(Sessions::<Test>::get(1).unwrap().due.unwrap());
		late_to(due + 4, 2);
		assert_eq!([1, 2, 3].map(|who| bid_of(who).stake), [0, 2_000, 0]);
		assert!(CapacityOracle::clock().stalled > 8_000);
	});
}

/// What was committed to in the last block of the window was committed to before the provider's number at
/// the end of that block: a value that could be known by then is no seed.
#[test]
fn a_seed_is_later_than_the_number_at_the_end_of_the_last_block_that_could_claim() {
	lagging(1, || {
		late_to(seed_of(1) - 1, 1);
		commit(2, 1, Units::MAX);
		let ended = Provider::current_block_number();
		late_block(1);
		let session = Sessions::<Test>::get(1).unwrap();
		assert_eq!(session.closed_at.map(u64::from), Some(ended + 1));
		assert_eq!(session.proof_seed, None, "the number is still that of the last claim");
		late_block(1);
		assert!(Sessions::<Test>::get(1).unwrap().proof_seed.is_some());
	});
}

#[test]
fn a_sessions_seed_is_later_than_the_last_bid_for_it() {
	lagging(1, || {
		late_to(start_of(1) - 1, 1);
		let ended = Provider::current_block_number();
		late_block(1);
		let session = Sessions::<Test>::get(1).unwrap();
		assert_eq!(u64::from(session.started_at), ended + 1);
		assert_eq!(session.seed, None);
		late_block(1);
		assert!(Sessions::<Test>::get(1).unwrap().seed.is_some());
	});
}

/// When claims closed is noted when they do, not when the session's turn for a seed has come.
#[test]
fn a_session_that_waits_for_an_earlier_seed_does_not_wait_from_anew() {
	on_chain(policy(), || {
		let patient = Schedule { patience: 40, ..SCHEDULE };
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), patient));
		for who in [1, 2, 3] {
			join(who, 20);
		}
		run_to(start_of(2));
		Lookback::set(25);
		run_to(seed_of(2) + 3);
		let session = |index| Sessions::<Test>::get(index).unwrap();
		assert_eq!((session(1).proof_seed, session(2).proof_seed), (None, None));
		let closed = [1, 2].map(|index| session(index).closed_at.map(u64::from));
		assert_eq!(closed, [1, 2].map(|index| Some(seed_of(index))));
		// Each has its own as soon as the source vouches for it.
		run_to(seed_of(1) + 25);
		assert!(session(1).proof_seed.is_some() && session(2).proof_seed.is_none());
		run_to(seed_of(2) + 25);
		assert!(session(2).proof_seed.is_some());
	});
}

/// A window that one block could skip is none.
#[test]
fn windows_shorter_than_a_block_can_count_for_are_refused() {
	on_chain(policy(), || {
		MaxTicksPerBlock::set(3);
		let set = |schedule| CapacityOracle::set_schedule(RuntimeOrigin::root(), schedule);
		let fits =
			Schedule { session: 60, draw: 3, claims: 4, proofs: 3, patience: 3, lookback: None };
		for short in [
			Schedule { draw: 2, ..fits },
			Schedule { claims: 2, ..fits },
			Schedule { proofs: 2, ..fits },
			Schedule { patience: 2, ..fits },
			Schedule { session: 2, draw: 2, claims: 2, ..fits },
		] {
			assert_noop!(set(short), Fault::InvalidSchedule);
		}
		assert_ok!(set(fits));
	});
}

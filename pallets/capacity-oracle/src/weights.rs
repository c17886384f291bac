//! The weight of every call, and of every unit of work that a hook does.
//!
//! Times are native ones, of the benchmarks of this pallet without optimisation of its own crates (the
//! README has the command), times [`MARGIN`] for the wasm executor and slower machines. The search
//! behind a policy and a hash are at their measured worst, optimised. Reads and writes are counted from
//! the code, at their worst. A run on the wasm will replace them.

use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight},
};

/// Nodes of the tree over 100,000 slots that a walk visits, and the bytes of a proof for each.
const DEPTH: u64 = 18;
const SUMS: u64 = 600;

/// Services of the sample runtime.
const SERVICES: u64 = 16;

/// What a native measurement is multiplied by.
const MARGIN: u64 = 5;

/// Weights of the calls and of the hooks' units of work.
pub trait WeightInfo {
	fn create_service() -> Weight;
	fn set_policy() -> Weight;
	fn set_schedule() -> Weight;
	fn bid() -> Weight;
	fn leave() -> Weight;
	fn withdraw() -> Weight;
	fn suspend() -> Weight;
	/// A claim that lists `n` applications by `d` draws, in place of one that listed `o`.
	fn claim(n: u32, d: u32, o: u32) -> Weight;
	/// Taking back a claim that listed `n` applications.
	fn withdraw_claim(n: u32) -> Weight;
	/// A proof of `b` bytes that opens `l` leaves and takes `h` hashes to check, those of the work
	/// included.
	fn prove(b: u32, h: u32, l: u32) -> Weight;
	/// Settling a claim that lists `n` applications.
	fn settle(n: u32) -> Weight;
	fn deposit() -> Weight;
	fn add_key() -> Weight;
	fn remove_key() -> Weight;
	fn close_application() -> Weight;
	fn reclaim_deposit() -> Weight;
	fn announce() -> Weight;
	fn set_owner() -> Weight;
	fn fund() -> Weight;
	fn remove_bid() -> Weight;
	fn close_spent_application() -> Weight;
	fn remove_application() -> Weight;
	/// Finding out whether a claim or a proof is due, before it is taken.
	fn check_claim_due() -> Weight;

	/// Counting a block.
	fn advance_clock() -> Weight;
	/// Starting a session.
	fn start_session() -> Weight;
	/// Looking for a session's seed.
	fn try_session_seed() -> Weight;
	/// Opening the rounds of `s` services, and setting aside what their audits may cost.
	fn open_rounds(s: u32) -> Weight;
	/// Deciding `n` slots, none of them drawn.
	fn draw_slots(n: u32) -> Weight;
	/// Assigning one audit.
	fn assign_audit() -> Weight;
	/// Taking a proof seed, or finding that it is too early.
	fn take_proof_seed() -> Weight;
	/// Finding out whether anything is due.
	fn check_due() -> Weight;
	/// Settling one claim that lists `n` applications.
	fn settle_claim(n: u32) -> Weight;
	/// Closing a session with the rounds of `s` services.
	fn close_session(s: u32) -> Weight;
}

/// What judging a policy takes at its measured worst, and finding its least rate. The measurement is an
/// optimised one: times four it still fits into what a block of two seconds has for one ordinary call.
const VERDICT_NANOSECONDS: u64 = 300_000_000 / MARGIN * 4;

/// A unit of work: `nanoseconds` natively, storage proof of at most `proof` bytes.
fn weight(db: RuntimeDbWeight, nanoseconds: u64, proof: u64, reads: u64, writes: u64) -> Weight {
	const PICOSECONDS: u64 = 1_000;
	let time = nanoseconds.saturating_mul(PICOSECONDS).saturating_mul(MARGIN);
	Weight::from_parts(time, proof).saturating_add(db.reads_writes(reads, writes))
}

macro_rules! weights {
	($db:expr) => {
		fn create_service() -> Weight {
			weight($db, VERDICT_NANOSECONDS, 40_000, 6 + SERVICES, 5)
		}
		fn set_policy() -> Weight {
			weight($db, VERDICT_NANOSECONDS, 4_000, 5, 1)
		}
		fn set_schedule() -> Weight {
			weight($db, 40_000, 40_000, 4 + SERVICES, 2)
		}
		fn bid() -> Weight {
			weight($db, 61_000, 14_000 + SUMS * DEPTH, 9 + DEPTH, 5 + DEPTH)
		}
		fn leave() -> Weight {
			weight($db, 45_000, 17_000 + 2 * SUMS * DEPTH, 6 + 2 * DEPTH, 5 + 2 * DEPTH)
		}
		fn withdraw() -> Weight {
			weight($db, 45_000, 12_000, 5, 3)
		}
		fn suspend() -> Weight {
			weight($db, 45_000, 17_000 + 2 * SUMS * DEPTH, 8 + 2 * DEPTH, 5 + 2 * DEPTH)
		}
		fn claim(n: u32, d: u32, o: u32) -> Weight {
			weight($db, 103_000, 26_000 + SUMS * DEPTH, 11 + DEPTH, 3)
				.saturating_add(weight($db, 12_000, 4_500, 1, 1).saturating_mul(n.into()))
				.saturating_add(weight($db, 300, 0, 0, 0).saturating_mul(d.into()))
				.saturating_add(weight($db, 10_000, 4_500, 1, 1).saturating_mul(o.into()))
		}
		fn withdraw_claim(n: u32) -> Weight {
			weight($db, 45_000, 20_000, 5, 3)
				.saturating_add(weight($db, 10_000, 4_500, 1, 1).saturating_mul(n.into()))
		}
		fn prove(b: u32, h: u32, l: u32) -> Weight {
			weight($db, 200_000, 24_000, 5, 2)
				.saturating_add(weight($db, 40, 0, 0, 0).saturating_mul(b.into()))
				.saturating_add(weight($db, 300, 0, 0, 0).saturating_mul(h.into()))
				.saturating_add(weight($db, 5_000, 4_500, 1, 0).saturating_mul(l.into()))
		}
		fn settle(n: u32) -> Weight {
			weight($db, 200_000, 60_000 + 2 * SUMS * DEPTH, 22 + 2 * DEPTH, 19 + 2 * DEPTH)
				.saturating_add(weight($db, 60_000, 10_000, 3, 3).saturating_mul(n.into()))
		}
		fn deposit() -> Weight {
			weight($db, 60_000, 12_000, 6, 5)
		}
		fn add_key() -> Weight {
			weight($db, 30_000, 8_000, 4, 1)
		}
		fn remove_key() -> Weight {
			weight($db, 30_000, 8_000, 3, 1)
		}
		fn close_application() -> Weight {
			weight($db, 30_000, 8_000, 3, 1)
		}
		fn reclaim_deposit() -> Weight {
			weight($db, 50_000, 12_000, 5, 4)
		}
		fn announce() -> Weight {
			weight($db, 20_000, 6_000, 1, 1)
		}
		fn set_owner() -> Weight {
			weight($db, 20_000, 6_000, 1, 1)
		}
		fn fund() -> Weight {
			weight($db, 60_000, 8_000, 4, 3)
		}
		fn remove_bid() -> Weight {
			weight($db, 45_000, 12_000, 6, 4)
		}
		fn close_spent_application() -> Weight {
			weight($db, 30_000, 8_000, 4, 1)
		}
		fn remove_application() -> Weight {
			weight($db, 50_000, 12_000, 5, 4)
		}
		fn check_claim_due() -> Weight {
			weight($db, 20_000, 12_000, 4, 1)
		}
		fn advance_clock() -> Weight {
			weight($db, 6_000, 3_200, 5, 3)
		}
		fn start_session() -> Weight {
			weight($db, 16_000, 8_000, 4, 3)
		}
		fn try_session_seed() -> Weight {
			weight($db, 20_000, 6_500, 5, 1)
		}
		fn open_rounds(s: u32) -> Weight {
			weight($db, 7_000, 3_200, 4, 1)
				.saturating_add(weight($db, 20_000, 9_000, 5, 4).saturating_mul(s.into()))
		}
		fn draw_slots(n: u32) -> Weight {
			weight($db, 16_000, 9_000, 4, 2)
				.saturating_add(weight($db, 750, 0, 0, 0).saturating_mul(n.into()))
		}
		fn assign_audit() -> Weight {
			weight($db, 60_000, 20_000 + 2 * SUMS * DEPTH, 9 + 2 * DEPTH, 6 + 2 * DEPTH)
		}
		fn take_proof_seed() -> Weight {
			weight($db, 20_000, 6_500, 6, 2)
		}
		fn check_due() -> Weight {
			weight($db, 5_000, 6_000, 5, 1)
		}
		fn settle_claim(n: u32) -> Weight {
			weight($db, 180_000, 60_000 + 2 * SUMS * DEPTH, 20 + 2 * DEPTH, 18 + 2 * DEPTH)
				.saturating_add(weight($db, 60_000, 10_000, 3, 3).saturating_mul(n.into()))
		}
		fn close_session(s: u32) -> Weight {
			weight($db, 25_000, 4_000, 1, 2)
				.saturating_add(weight($db, 60_000, 18_000, 8, 5).saturating_mul(s.into()))
		}
	};
}

/// The weights for a runtime, by its own costs of storage.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	weights!(T::DbWeight::get());
}

/// The weights for tests.
impl WeightInfo for () {
	weights!(ParityDbWeight::get());
}

//! Benchmarks of every call and of every unit of work that a hook does.

use crate::{pallet::*, types::*, WeightInfo as _};
use alloc::{vec, vec::Vec};
use capacity_economics::{FixedU128, Perquintill};
use capacity_protocol::*;
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{fungible::Mutate, EnsureOrigin, Get},
	weights::WeightMeter,
	BoundedVec,
};
use frame_system::RawOrigin;
use sum_trie::{Leaf, Trie};

const SESSION: SessionIndex = 1;
const SERVICE: ServiceId = 0;
const UNITS: Units = 1_000;
const WORK: Synthetic = Synthetic { steps: 8 };
const STAKE: Balance = 1_000_000_000_000_000;

/// A curve that is no power of whole numbers, a margin, growing stake: no formula takes a short cut.
fn policy<T: Config>(openings: u32) -> PolicyOf<T> {
	Policy {
		work: WORK.into(),
		cost: 1_000_000_000,
		margin: FixedU128::from_rational(5, 10),
		reference: 500,
		curvature: FixedU128::from_rational(17, 10),
		stake_factor: FixedU128::from_u32(10),
		audit_rate: Perquintill::one(),
		selection: Selection::Independent,
		quorum: Perquintill::from_percent(1),
		slashing: Slashing::Proportional,
		minimum_bid: 100,
		maximum_bid: 100_000,
		openings,
	}
}

/// As [`policy`], at a rate that makes the search for a better strategy long.
fn hard_to_judge<T: Config>() -> PolicyOf<T> {
	Policy { audit_rate: Perquintill::from_rational(1u64, 100), ..policy::<T>(1) }
}

fn schedule() -> Schedule {
	Schedule { session: 100, draw: 50, claims: 50, proofs: 50, patience: 100, lookback: Some(0) }
}

fn set_up<T: Config>(openings: u32) {
	Pallet::<T>::first_schedule(schedule());
	assert_ok!(Pallet::<T>::do_create_service(policy::<T>(openings), true));
	T::Currency::set_balance(&Pallet::<T>::pot_account(), STAKE * 1_000);
}

fn rich<T: Config>(name: &'static str, index: u32) -> T::AccountId {
	let who = account(name, index, 0);
	T::Currency::set_balance(&who, STAKE * 10);
	who
}

/// Three suppliers that bid; the first of them.
fn bidders<T: Config>() -> T::AccountId {
	let all: Vec<_> = (0..3).map(|index| rich::<T>("supplier", index)).collect();
	for who in &all {
		assert_ok!(Pallet::<T>::do_bid(SERVICE, who.clone(), UNITS, STAKE));
	}
	all.into_iter().next().unwrap_or_else(|| account("supplier", 0, 0))
}

fn session(due: Option<Tick>) -> Session {
	Session {
		schedule: schedule(),
		start: 0,
		end: 0,
		started_at: 0,
		audit_seed: Some([1; 32]),
		proof_seed: due.map(|_| [2; 32]),
		due,
		void: false,
	}
}

/// Session [`SESSION`] is running, all bidders take part, and its round is open.
fn open_session<T: Config>(record: Session) {
	CurrentSession::<T>::put(SESSION);
	SettlementCursor::<T>::put(SESSION);
	SeedCursor::<T>::put(SESSION);
	Sessions::<T>::insert(SESSION, record);
	let mut meter = WeightMeter::new();
	Pallet::<T>::open_rounds(SESSION, &mut meter);
}

/// The session is running and `supplier` is audited in it.
fn audited<T: Config>(openings: u32, record: Session) -> T::AccountId {
	set_up::<T>(openings);
	let supplier = bidders::<T>();
	open_session::<T>(record);
	let mut meter = WeightMeter::new();
	Pallet::<T>::draw_audits(&mut meter);
	assert!(Claims::<T>::contains_key(SESSION, (SERVICE, &supplier)));
	supplier
}

fn trie<T: Config>(supplier: &T::AccountId) -> Trie<T::Hasher> {
	let task = Pallet::<T>::task(&[1; 32], SERVICE, supplier, UNITS);
	let leaves: Vec<Leaf> = WORK.leaves::<T::Hasher>(&task).collect();
	Trie::build(leaves).unwrap_or_default()
}

fn has_left<T: Config>(supplier: &T::AccountId) -> bool {
	Bids::<T>::get(SERVICE, supplier).is_some_and(|entry| entry.seat.latest().is_none())
}

fn open_claim<T: Config>(supplier: &T::AccountId) -> Claim {
	let found = Claims::<T>::get(SESSION, (SERVICE, supplier));
	let audit = Audit { units: 0, payment: 0, at_risk: 0 };
	found.unwrap_or(Claim { audit, commitment: None, proven: false })
}

/// Leaves nothing of the stake once the audit fails, so that the bid has to leave the draws.
fn stake_what_is_at_risk<T: Config>(supplier: &T::AccountId) {
	Bids::<T>::mutate(SERVICE, supplier, |entry| {
		if let Some(entry) = entry {
			entry.stake = entry.at_risk;
		}
	});
}

fn admin<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// Times what a benchmark measures.
#[cfg(test)]
#[derive(Default)]
struct Stopwatch {
	started: Option<std::time::Instant>,
	elapsed: std::time::Duration,
}

#[cfg(test)]
impl Recording for Stopwatch {
	fn start(&mut self) {
		self.started = Some(std::time::Instant::now());
	}

	fn stop(&mut self) {
		self.elapsed = self.started.map(|start| start.elapsed()).unwrap_or_default();
	}
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn create_service() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, hard_to_judge::<T>(), true);
		assert_eq!(ServiceCount::<T>::get(), 1);
		Ok(())
	}

	#[benchmark]
	fn set_policy() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		set_up::<T>(1);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, SERVICE, hard_to_judge::<T>(), true);
		let known = Services::<T>::get(SERVICE).map(|known| known.policy.latest().audit_rate);
		assert_eq!(known, Some(hard_to_judge::<T>().audit_rate));
		Ok(())
	}

	#[benchmark]
	fn set_schedule() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		set_up::<T>(1);
		let longer = Schedule { session: 200, ..schedule() };
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, longer);
		assert_eq!(Schedules::<T>::get().map(|all| *all.latest()), Some(longer));
		Ok(())
	}

	#[benchmark]
	fn bid() {
		set_up::<T>(1);
		bidders::<T>();
		let supplier = rich::<T>("newcomer", 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(supplier.clone()), SERVICE, UNITS, STAKE);
		assert!(Bids::<T>::contains_key(SERVICE, supplier));
	}

	/// Worst: the last slot's bid moves into the gap.
	#[benchmark]
	fn leave() {
		set_up::<T>(1);
		let supplier = bidders::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(supplier.clone()), SERVICE);
		assert!(has_left::<T>(&supplier));
	}

	#[benchmark]
	fn withdraw() {
		set_up::<T>(1);
		let supplier = bidders::<T>();
		assert_ok!(Pallet::<T>::do_leave(SERVICE, supplier.clone()));
		CurrentSession::<T>::put(5);
		#[extrinsic_call]
		_(RawOrigin::Signed(supplier.clone()), SERVICE);
		assert!(!Bids::<T>::contains_key(SERVICE, supplier));
	}

	#[benchmark]
	fn suspend() {
		set_up::<T>(1);
		let supplier = bidders::<T>();
		let dearer = Policy { cost: 1_000_000_000_000, ..policy::<T>(1) };
		assert_ok!(Pallet::<T>::do_set_policy(SERVICE, dearer, true));
		let caller = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), SERVICE, supplier.clone());
		assert!(has_left::<T>(&supplier));
	}

	#[benchmark]
	fn claim() {
		let supplier = audited::<T>(1, session(None));
		let root = trie::<T>(&supplier).root();
		#[extrinsic_call]
		_(RawOrigin::Signed(supplier.clone()), SESSION, SERVICE, root);
		assert_eq!(open_claim::<T>(&supplier).commitment, Some(root));
	}

	#[benchmark]
	fn withdraw_claim() {
		let supplier = audited::<T>(1, session(None));
		let root = trie::<T>(&supplier).root();
		assert_ok!(Pallet::<T>::do_claim(SESSION, SERVICE, supplier.clone(), root));
		#[extrinsic_call]
		_(RawOrigin::Signed(supplier.clone()), SESSION, SERVICE);
		assert_eq!(open_claim::<T>(&supplier).commitment, None);
	}

	/// The cost of `k` openings; the length and the hashes of such a proof follow from them.
	#[benchmark]
	fn prove(k: Linear<1, { T::MaxOpenings::get() }>) {
		let supplier = audited::<T>(k, session(None));
		let trie = trie::<T>(&supplier);
		assert_ok!(Pallet::<T>::do_claim(SESSION, SERVICE, supplier.clone(), trie.root()));
		Sessions::<T>::insert(SESSION, session(Some(Tick::MAX)));
		let positions =
			Pallet::<T>::positions(&[2; 32], SESSION, SERVICE, &supplier, k, trie.sum());
		let proof = trie.open(&positions).map(|opened| opened.encode()).unwrap_or_default();
		let proof: BoundedVec<u8, T::MaxProofLen> = proof.try_into().unwrap_or_default();
		#[extrinsic_call]
		_(RawOrigin::Signed(supplier.clone()), SESSION, SERVICE, proof);
		assert!(open_claim::<T>(&supplier).proven);
	}

	/// Worst: not delivered, slashed in two parts, and the last slot's bid moves into the gap.
	#[benchmark]
	fn settle() {
		let supplier = audited::<T>(1, session(None));
		Sessions::<T>::insert(SESSION, session(Some(0)));
		stake_what_is_at_risk::<T>(&supplier);
		let settler = rich::<T>("settler", 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(settler), SESSION, SERVICE, supplier.clone());
		assert!(has_left::<T>(&supplier));
	}

	#[benchmark]
	fn advance_clock() {
		set_up::<T>(1);
		Sessions::<T>::insert(0, session(None));
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::advance_clock(&mut meter);
		}
		assert!(!Sessions::<T>::contains_key(1));
	}

	#[benchmark]
	fn start_session() {
		set_up::<T>(1);
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::advance_clock(&mut meter);
		}
		assert!(Sessions::<T>::contains_key(0));
	}

	#[benchmark]
	fn try_audit_seed() {
		set_up::<T>(1);
		let waiting = Session { audit_seed: None, start: 0, end: 100, ..session(None) };
		Sessions::<T>::insert(0, waiting);
		ServiceCount::<T>::put(0);
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::take_audit_seed(&mut meter);
		}
		assert!(Sessions::<T>::get(0).is_some_and(|session| session.audit_seed.is_some()));
	}

	#[benchmark]
	fn open_rounds(s: Linear<0, { T::MaxServices::get() }>) {
		set_up::<T>(1);
		bidders::<T>();
		let known = Services::<T>::get(SERVICE);
		for service in 0..s {
			Services::<T>::set(service, known);
		}
		ServiceCount::<T>::put(s);
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::open_rounds(SESSION, &mut meter);
		}
		assert_eq!(Rounds::<T>::iter_prefix(SESSION).count() as u32, s);
	}

	/// Deciding `n` slots of which none is drawn.
	#[benchmark]
	fn draw_slots(n: Linear<0, { T::MaxSlotsPerBlock::get() }>) {
		set_up::<T>(1);
		bidders::<T>();
		open_session::<T>(session(None));
		Rounds::<T>::mutate(SESSION, SERVICE, |round| {
			if let Some(round) = round {
				round.policy.audit_rate = Perquintill::zero();
				round.members.slots = n;
			}
		});
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::draw_audits(&mut meter);
		}
		assert_eq!(Claims::<T>::iter_prefix(SESSION).count(), 0);
	}

	#[benchmark]
	fn assign_audit() -> Result<(), BenchmarkError> {
		set_up::<T>(1);
		bidders::<T>();
		open_session::<T>(session(None));
		let mut round = Rounds::<T>::get(SESSION, SERVICE).ok_or(BenchmarkError::Weightless)?;
		#[block]
		{
			Pallet::<T>::assign_audit(SESSION, SERVICE, 0, &mut round);
		}
		assert_eq!(round.audits, 1);
		Ok(())
	}

	#[benchmark]
	fn take_proof_seed() {
		set_up::<T>(1);
		CurrentSession::<T>::put(1);
		let past = schedule();
		let closed = Session { end: 0, schedule: Schedule { claims: 0, ..past }, ..session(None) };
		Sessions::<T>::insert(0, closed);
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::take_proof_seed(&mut meter);
		}
		assert!(Sessions::<T>::get(0).is_some_and(|session| session.due.is_some()));
	}

	#[benchmark]
	fn check_due() {
		set_up::<T>(1);
		Sessions::<T>::insert(0, session(None));
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::settle_due(&mut meter);
		}
		assert_eq!(SettlementCursor::<T>::get(), 0);
	}

	/// One claim settled by the hook, at its worst: not delivered, and the bid leaves the draws.
	#[benchmark]
	fn settle_claim() {
		let supplier = audited::<T>(1, session(None));
		Sessions::<T>::insert(SESSION, session(Some(0)));
		DrawProgress::<T>::kill();
		stake_what_is_at_risk::<T>(&supplier);
		let others: Vec<_> = Claims::<T>::iter_prefix(SESSION)
			.map(|(key, _)| key)
			.filter(|(_, who)| *who != supplier)
			.collect();
		for key in others {
			Claims::<T>::remove(SESSION, key);
		}
		let one = T::WeightInfo::check_due().saturating_add(T::WeightInfo::settle_claim());
		let mut meter = WeightMeter::with_limit(one);
		#[block]
		{
			Pallet::<T>::settle_due(&mut meter);
		}
		assert_eq!(Claims::<T>::iter_prefix(SESSION).count(), 0);
		assert!(has_left::<T>(&supplier));
	}

	#[benchmark]
	fn close_session(s: Linear<0, { T::MaxServices::get() }>) {
		set_up::<T>(1);
		bidders::<T>();
		open_session::<T>(session(Some(0)));
		DrawProgress::<T>::kill();
		let round = Rounds::<T>::take(SESSION, SERVICE);
		let record = SessionRecord::default();
		let full = vec![record; T::HistoryLength::get() as usize];
		for service in 0..s {
			Rounds::<T>::set(SESSION, service, round);
			let full: BoundedVec<_, T::HistoryLength> = full.clone().try_into().unwrap_or_default();
			History::<T>::insert(service, full);
		}
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::settle_due(&mut meter);
		}
		assert!(!Sessions::<T>::contains_key(SESSION));
	}

	/// Runs each benchmark natively, at the ends of its component's range, and prints the median time:
	/// what the weights are computed from until they are measured on the wasm.
	#[cfg(test)]
	#[test]
	#[ignore = "measures, and asserts nothing"]
	fn native_times() {
		use crate::mock::{empty_chain, Test};
		macro_rules! time {
			($($name:ident),* $(,)?) => { $(
				let selected = SelectedBenchmark::$name;
				let components = BenchmarkingSetup::<Test>::components(&selected);
				let ends = match components.first() {
					Some((name, low, high)) => vec![vec![(*name, *low)], vec![(*name, *high)]],
					None => vec![vec![]],
				};
				for components in ends {
					let mut times: Vec<_> = (0..101)
						.map(|_| empty_chain().execute_with(|| {
							let mut watch = super::Stopwatch::default();
							BenchmarkingSetup::<Test>::instance(&selected, &mut watch, &components, false)
								.expect("every benchmark runs in the test suite");
							watch.elapsed
						}))
						.collect();
					times.sort();
					let given: Vec<_> = components.iter().map(|(_, value)| *value).collect();
					println!("{:16} {:?} {:>10} ns", stringify!($name), given, times[50].as_nanos());
				}
			)* };
		}
		time!(
			create_service,
			set_policy,
			set_schedule,
			bid,
			leave,
			withdraw,
			suspend,
			claim,
			withdraw_claim,
			prove,
			settle,
			advance_clock,
			start_session,
			try_audit_seed,
			open_rounds,
			draw_slots,
			assign_audit,
			take_proof_seed,
			check_due,
			settle_claim,
			close_session,
		);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::empty_chain(), crate::mock::Test);
}

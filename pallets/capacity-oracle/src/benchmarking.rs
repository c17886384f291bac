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
const PRICE: Balance = 1_000_000_000;

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
		relays: Some(terms()),
	}
}

fn terms() -> RelayTerms {
	RelayTerms {
		suppliers: 20,
		price: PRICE,
		prices: PriceList::flat(1),
		owner_share: Perquintill::from_percent(10),
		pot_share: Perquintill::from_percent(5),
		threshold: STAKE / 100,
		adapt_threshold: true,
		probability: Perquintill::from_percent(10),
		wanted_proofs: Some(100),
		penalty: PenaltyBasis::Worth,
		confidence: Confidence::Quantile(Perquintill::from_percent(95)),
		credit_relays: false,
		minimum_deposit: PRICE,
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
	assert_ok!(Pallet::<T>::do_create_service(Some(owner::<T>()), policy::<T>(openings), true));
	T::Currency::set_balance(&Pallet::<T>::pot_account(), STAKE * 1_000 + STAKE);
	Pallet::<T>::add_money(SERVICE, STAKE * 1_000);
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
		closed_at: Some(0),
		seed: Some([1; 32]),
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
	Pallet::<T>::open_rounds(SESSION, true, &mut meter);
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

/// The first of `n` applications that have put in enough.
fn applications<T: Config>(n: u32) -> T::AccountId {
	for index in 0..n {
		let account = rich::<T>("application", index);
		assert_ok!(Pallet::<T>::do_deposit(SERVICE, account, STAKE, Some(STAKE)));
	}
	account("application", 0, 0)
}

/// `n` applications that have drawn the only supplier, each with one unit.
fn list<T: Config>(first: u32, n: u32) -> PayersOf<T> {
	let known = ApplicationCount::<T>::get(SERVICE);
	for index in known..first.saturating_add(n) {
		let account = rich::<T>("application", index);
		assert_ok!(Pallet::<T>::do_deposit(SERVICE, account.clone(), STAKE, Some(STAKE)));
		for key in 0..MAX_KEYS {
			assert_ok!(Pallet::<T>::do_add_key(SERVICE, account.clone(), [key as u8; 32]));
		}
		Applications::<T>::mutate(SERVICE, index, |known| {
			if let Some(known) = known {
				known.from = 0;
			}
		});
	}
	let listed = payers(
		(first..first.saturating_add(n))
			.map(|index| (index, Ranks::of(terms().suppliers, |_| true), 1)),
	);
	listed.collect::<Vec<_>>().try_into().unwrap_or_default()
}

fn root(units: u32) -> sum_trie::Root {
	let units = u64::from(units.max(1));
	sum_trie::Root { digest: [7; 32], sum: units, count: units }
}

fn commit<T: Config>(supplier: &T::AccountId, units: u32, payers: PayersOf<T>) {
	let root = root(units);
	assert_ok!(Pallet::<T>::do_claim(SESSION, SERVICE, supplier.clone(), root, payers));
}

/// The session is running, and its only supplier is audited.
fn alone<T: Config>(openings: u32, record: Session) -> T::AccountId {
	let supplier = audited::<T>(openings, record);
	Rounds::<T>::mutate(SESSION, SERVICE, |round| {
		if let Some(round) = round {
			// All draws fall to the first bid.
			round.members = Members { slots: 1, units: UNITS };
		}
	});
	supplier
}

/// A claim of an audited supplier that lists `n` applications, proven but for the audit, and due. Nothing
/// of the stake is left once the audit is slashed.
fn due<T: Config>(n: u32) -> T::AccountId {
	let supplier = alone::<T>(1, session(None));
	let payers = list::<T>(0, n);
	if n > 0 {
		commit::<T>(&supplier, n, payers);
	}
	Claims::<T>::mutate(SESSION, (SERVICE, &supplier), |claim| {
		if let Some(claim) = claim {
			claim.proven = true;
		}
	});
	Sessions::<T>::insert(SESSION, session(Some(0)));
	DrawProgress::<T>::kill();
	stake_what_is_at_risk::<T>(&supplier);
	supplier
}

fn owner<T: Config>() -> T::AccountId {
	rich::<T>("owner", 0)
}

fn open_claim<T: Config>(supplier: &T::AccountId) -> Claim {
	let found = Claims::<T>::get(SESSION, (SERVICE, supplier));
	let attempts = Attempts::default();
	found.unwrap_or(Claim { audit: None, commitment: None, proven: false, attempts })
}

/// Leaves nothing of the stake once the audit fails, so that the bid has to leave the draws.
fn stake_what_is_at_risk<T: Config>(supplier: &T::AccountId) {
	Bids::<T>::mutate(SERVICE, supplier, |entry| {
		if let Some(entry) = entry {
			entry.stake = entry.at_risk();
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
		_(origin as T::RuntimeOrigin, Some(owner::<T>()), hard_to_judge::<T>(), true);
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

	/// Worst: `o` applications are taken back, `n` others listed.
	#[benchmark]
	fn claim(n: Linear<0, { T::MaxPayers::get() }>, o: Linear<0, { T::MaxPayers::get() }>) {
		let supplier = alone::<T>(1, session(None));
		let before = list::<T>(0, o);
		if o > 0 {
			commit::<T>(&supplier, o, before);
		}
		let payers = list::<T>(0, n);
		let root = root(n);
		#[extrinsic_call]
		_(RawOrigin::Signed(supplier.clone()), SESSION, SERVICE, root, payers);
		assert_eq!(open_claim::<T>(&supplier).commitment.map(|known| known.payers), Some(n));
	}

	#[benchmark]
	fn withdraw_claim(n: Linear<1, { T::MaxPayers::get() }>) {
		let supplier = alone::<T>(1, session(None));
		let payers = list::<T>(0, n);
		commit::<T>(&supplier, n, payers);
		#[extrinsic_call]
		_(RawOrigin::Signed(supplier.clone()), SESSION, SERVICE);
		assert_eq!(open_claim::<T>(&supplier).commitment, None);
	}

	/// The cost of `k` openings of synthetic work; the length and the hashes of such a proof follow from
	/// them. A relay's signature is counted in hashes.
	#[benchmark]
	fn prove(k: Linear<1, { T::MaxOpenings::get() }>) {
		let supplier = audited::<T>(1, session(None));
		// Without relays, which would have as many openings beside these.
		Rounds::<T>::mutate(SESSION, SERVICE, |round| {
			if let Some(Round { policy, .. }) = round {
				(policy.openings, policy.relays) = (k, None);
			}
		});
		let trie = trie::<T>(&supplier);
		assert_ok!(Pallet::<T>::do_claim(
			SESSION,
			SERVICE,
			supplier.clone(),
			trie.root(),
			Default::default()
		));
		Sessions::<T>::insert(SESSION, session(Some(Tick::MAX)));
		let seed = Pallet::<T>::claim_seed(&[2; 32], SESSION, SERVICE, &supplier);
		let positions = positions::<T::Hasher>(&seed, k, trie.sum(), 0);
		let proof = trie.open(&positions).map(|opened| opened.encode()).unwrap_or_default();
		let proof: BoundedVec<u8, T::MaxProofLen> = proof.try_into().unwrap_or_default();
		#[extrinsic_call]
		_(RawOrigin::Signed(supplier.clone()), SESSION, SERVICE, proof);
		assert!(open_claim::<T>(&supplier).proven);
	}

	/// Worst: `n` applications pay, the audit is not delivered and slashed in two parts, and the last
	/// slot's bid moves into the gap.
	#[benchmark]
	fn settle(n: Linear<0, { T::MaxPayers::get() }>) {
		let supplier = due::<T>(n);
		let settler = rich::<T>("settler", 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(settler), SESSION, SERVICE, supplier.clone());
		assert!(has_left::<T>(&supplier));
		assert!(Payers::<T>::iter_prefix(SESSION).next().is_none());
	}

	#[benchmark]
	fn deposit() {
		set_up::<T>(1);
		let account = rich::<T>("application", 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(account.clone()), SERVICE, STAKE, Some(PRICE));
		assert_eq!(Pallet::<T>::application_index(SERVICE, account), Some(0));
	}

	#[benchmark]
	fn add_key() {
		set_up::<T>(1);
		let account = applications::<T>(1);
		for key in 1..MAX_KEYS {
			assert_ok!(Pallet::<T>::do_add_key(SERVICE, account.clone(), [key as u8; 32]));
		}
		#[extrinsic_call]
		_(RawOrigin::Signed(account), SERVICE, [9; 32]);
		assert_eq!(Applications::<T>::get(SERVICE, 0).map(|known| known.keys.len()), Some(8));
	}

	#[benchmark]
	fn remove_key() {
		set_up::<T>(1);
		let account = applications::<T>(1);
		for key in 0..MAX_KEYS {
			assert_ok!(Pallet::<T>::do_add_key(SERVICE, account.clone(), [key as u8; 32]));
		}
		#[extrinsic_call]
		_(RawOrigin::Signed(account), SERVICE, 7);
		let until = |known: ApplicationOf<T>| known.keys.last().and_then(|key| key.until);
		assert!(Applications::<T>::get(SERVICE, 0).and_then(until).is_some());
	}

	#[benchmark]
	fn close_application() {
		set_up::<T>(1);
		let account = applications::<T>(1);
		#[extrinsic_call]
		_(RawOrigin::Signed(account), SERVICE);
		assert!(Applications::<T>::get(SERVICE, 0).is_some_and(|known| known.until.is_some()));
	}

	#[benchmark]
	fn reclaim_deposit() {
		set_up::<T>(1);
		let account = applications::<T>(1);
		assert_ok!(Pallet::<T>::do_close_application(SERVICE, account.clone()));
		SettlementCursor::<T>::put(5);
		#[extrinsic_call]
		_(RawOrigin::Signed(account), SERVICE);
		assert!(!Applications::<T>::contains_key(SERVICE, 0));
	}

	#[benchmark]
	fn announce() {
		set_up::<T>(1);
		let supplier = bidders::<T>();
		let endpoint = vec![b'x'; T::MaxEndpointLen::get() as usize];
		let endpoint: EndpointOf<T> = endpoint.try_into().unwrap_or_default();
		#[extrinsic_call]
		_(RawOrigin::Signed(supplier.clone()), SERVICE, endpoint.clone());
		assert_eq!(Endpoints::<T>::get(SERVICE, supplier), Some(endpoint));
	}

	#[benchmark]
	fn set_owner() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		set_up::<T>(1);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, SERVICE, None);
		assert!(Services::<T>::get(SERVICE).is_some_and(|known| known.owner.is_none()));
		Ok(())
	}

	#[benchmark]
	fn fund() {
		set_up::<T>(1);
		let donor = rich::<T>("donor", 0);
		let before = Funds::<T>::get(SERVICE).free;
		#[extrinsic_call]
		_(RawOrigin::Signed(donor), SERVICE, STAKE);
		assert_eq!(Funds::<T>::get(SERVICE).free, before + STAKE);
	}

	#[benchmark]
	fn remove_bid() {
		set_up::<T>(1);
		let supplier = bidders::<T>();
		assert_ok!(Pallet::<T>::do_announce(SERVICE, supplier.clone(), Default::default()));
		assert_ok!(Pallet::<T>::do_leave(SERVICE, supplier.clone()));
		CurrentSession::<T>::put(5);
		Bids::<T>::mutate(SERVICE, &supplier, |entry| {
			if let Some(entry) = entry {
				entry.stake = 1;
			}
		});
		let caller = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), SERVICE, supplier.clone());
		assert!(!Bids::<T>::contains_key(SERVICE, supplier));
	}

	#[benchmark]
	fn close_spent_application() {
		set_up::<T>(1);
		let account = applications::<T>(1);
		Applications::<T>::mutate(SERVICE, 0, |known| {
			if let Some(known) = known {
				known.deposit = 0;
			}
		});
		let caller = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), SERVICE, account);
		assert!(Applications::<T>::get(SERVICE, 0).is_some_and(|known| known.until.is_some()));
	}

	#[benchmark]
	fn remove_application() {
		set_up::<T>(1);
		let account = applications::<T>(1);
		assert_ok!(Pallet::<T>::do_close_application(SERVICE, account.clone()));
		SettlementCursor::<T>::put(5);
		let caller = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), SERVICE, account);
		assert!(!Applications::<T>::contains_key(SERVICE, 0));
	}

	/// Finding that a proof is due, and noting the attempt.
	#[benchmark]
	fn check_claim_due() {
		let supplier = audited::<T>(1, session(None));
		let root = trie::<T>(&supplier).root();
		let who = supplier.clone();
		assert_ok!(Pallet::<T>::do_claim(SESSION, SERVICE, who, root, Default::default()));
		Sessions::<T>::insert(SESSION, session(Some(Tick::MAX)));
		#[block]
		{
			assert!(Pallet::<T>::proof_due(SESSION, SERVICE, &supplier).is_ok());
			Pallet::<T>::note_attempt(SESSION, SERVICE, &supplier);
		}
		assert!(Pallet::<T>::was_attempted(&open_claim::<T>(&supplier)));
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
	fn try_session_seed() {
		set_up::<T>(1);
		let waiting = Session { seed: None, start: 0, end: 100, ..session(None) };
		Sessions::<T>::insert(0, waiting);
		ServiceCount::<T>::put(0);
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::take_session_seed(&mut meter);
		}
		assert!(Sessions::<T>::get(0).is_some_and(|session| session.seed.is_some()));
	}

	#[benchmark]
	fn open_rounds(s: Linear<0, { T::MaxServices::get() }>) {
		set_up::<T>(1);
		bidders::<T>();
		let known = Services::<T>::get(SERVICE);
		for service in 0..s {
			Services::<T>::set(service, known.clone());
		}
		ServiceCount::<T>::put(s);
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::open_rounds(SESSION, true, &mut meter);
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
				round.rate = Perquintill::from_parts(1);
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

	/// One claim settled by the hook, at its worst.
	#[benchmark]
	fn settle_claim(n: Linear<0, { T::MaxPayers::get() }>) {
		let supplier = due::<T>(n);
		let others: Vec<_> = Claims::<T>::iter_prefix(SESSION)
			.map(|(key, _)| key)
			.filter(|(_, who)| *who != supplier)
			.collect();
		for key in others {
			Claims::<T>::remove(SESSION, key);
		}
		let one = T::WeightInfo::check_due()
			.saturating_add(T::WeightInfo::settle_claim(0))
			.saturating_add(T::WeightInfo::settle_claim(n));
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
				let end = |high: bool| {
					let at = |(name, low, most): &(_, _, _)| (*name, if high { *most } else { *low });
					components.iter().map(at).collect::<Vec<_>>()
				};
				let ends = if components.is_empty() { vec![vec![]] } else { vec![end(false), end(true)] };
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
			deposit,
			add_key,
			remove_key,
			close_application,
			reclaim_deposit,
			announce,
			set_owner,
			fund,
			remove_bid,
			close_spent_application,
			remove_application,
			check_claim_due,
			advance_clock,
			start_session,
			try_session_seed,
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

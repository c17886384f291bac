//! How long the runtime's wasm takes for what suppliers send: claims with few and many payers, proofs of
//! relays, and their settlement. `make bench-runtime` runs it.

#[path = "../tests/chain/mod.rs"]
mod chain;
#[path = "../tests/signing/mod.rs"]
mod signing;

use capacity_oracle_runtime::{
	genesis_config_presets::{hashing, requests},
	AccountId, CapacityOracle, RuntimeCall, RuntimeOrigin, System, UNIT, WASM_BINARY,
};
use capacity_protocol::*;
use chain::next_block;
use codec::Encode;
use frame_support::{traits::UnfilteredDispatchable, BoundedVec};
use sc_executor::WasmExecutor;
use signing::signed;
use sp_core::{
	sr25519,
	traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
	Pair,
};
use sp_genesis_builder::DEV_RUNTIME_PRESET;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Header as _, MultiAddress, Perquintill};
use std::time::{Duration, Instant};
use sum_trie::{Blake2b256, Hasher, Leaf, Trie};

const SERVICE: ServiceId = 0;
const SESSION: SessionIndex = 1;
const RUNS: usize = 25;
/// Applications of the largest claim.
const MOST: u32 = 1_000;

type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;

/// The code, and what executes it.
struct Wasm {
	executor: Executor,
	code: &'static [u8],
}

impl Wasm {
	fn call(&self, ext: &mut TestExternalities, method: &str, data: &[u8]) -> Duration {
		let fetcher = WrappedRuntimeCode(self.code.into());
		let hash = Blake2b256::hash(&[self.code]).to_vec();
		let code = RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash };
		let begun = Instant::now();
		let (result, _) =
			self.executor.call(&mut ext.ext(), &code, method, data, CallContext::Offchain);
		let time = begun.elapsed();
		let answer = result.expect("the runtime answers");
		if method == "BlockBuilder_apply_extrinsic" {
			assert_eq!(answer[..2], [0, 0], "{method} was refused: {answer:?}");
		}
		time
	}

	/// The median times of what the chain does by itself, and of an extrinsic after that.
	fn time(
		&self,
		ext: &mut TestExternalities,
		signer: Sr25519Keyring,
		call: RuntimeCall,
	) -> [Duration; 2] {
		let header = ext.execute_with(|| {
			capacity_oracle_runtime::Header::new(
				System::block_number() + 1,
				Default::default(),
				Default::default(),
				Default::default(),
				Default::default(),
			)
		});
		// Before the first extrinsic the chain settles what is due.
		let first = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
		let first = ext.execute_with(|| signed(Sr25519Keyring::Alice, first));
		let extrinsic = ext.execute_with(|| signed(signer, call));
		let times: Vec<_> = (0..RUNS)
			.map(|_| {
				use sp_externalities::Externalities;
				ext.ext().storage_start_transaction();
				self.call(ext, "Core_initialize_block", &header.encode());
				let own = self.call(ext, "BlockBuilder_apply_extrinsic", &first.encode());
				let time = self.call(ext, "BlockBuilder_apply_extrinsic", &extrinsic.encode());
				ext.ext().storage_rollback_transaction().expect("was started");
				[own, time]
			})
			.collect();
		[0, 1].map(|which| {
			let mut times: Vec<_> = times.iter().map(|run| run[which]).collect();
			times.sort();
			times[RUNS / 2]
		})
	}
}

fn run_to(block: u32) {
	while System::block_number() < block {
		next_block();
	}
}

/// The development chain with so many applications and one supplier, Bob, in the first block in which
/// claims of session 1 can be made. Every claim must be proven.
fn busy_chain(applications: u32) -> TestExternalities {
	let mut ext = chain::chain(DEV_RUNTIME_PRESET);
	ext.execute_with(|| {
		next_block();
		let terms = RelayTerms { threshold: 1, ..requests() };
		let policy = Policy {
			audit_rate: Perquintill::zero(),
			openings: 16,
			relays: Some(terms),
			..hashing()
		};
		CapacityOracle::set_policy(RuntimeOrigin::root(), SERVICE, policy, true).expect("holds");
		let bob = RuntimeOrigin::signed(Sr25519Keyring::Bob.to_account_id());
		CapacityOracle::bid(bob, SERVICE, 1_000, 200 * UNIT).expect("can bid");
		for index in 0..applications {
			let account = account(index);
			let origin = RuntimeOrigin::root();
			let to = MultiAddress::Id(account.clone());
			capacity_oracle_runtime::Balances::force_set_balance(origin, to, 20 * UNIT)
				.expect("root can");
			let origin = || RuntimeOrigin::signed(account.clone());
			CapacityOracle::deposit(origin(), SERVICE, 10 * UNIT, Some(5 * UNIT)).expect("can");
			CapacityOracle::add_key(origin(), SERVICE, key(index).public().0).expect("can");
		}
		run_to(41);
	});
	ext
}

fn key(index: u32) -> sr25519::Pair {
	sr25519::Pair::from_seed(&Blake2b256::hash(&[b"application", &index.to_le_bytes()]))
}

fn account(index: u32) -> AccountId {
	key(index).public().0.into()
}

/// `relays` of each application, which Bob has served.
fn served(applications: u32, relays: u64) -> (Trie<Blake2b256>, Vec<Payer>) {
	let session = CapacityOracle::relay_session(SERVICE, SESSION).expect("is running");
	let bob: AccountId = Sr25519Keyring::Bob.to_account_id();
	let mut leaves = Vec::new();
	for index in 0..applications {
		let context = bob.using_encoded(|who| {
			RelayContext::new::<Blake2b256>(&session.seed, SERVICE, who, index)
		});
		let key = key(index);
		for nonce in 0..relays {
			let request = RelayRequest { method: [0; 4], nonce, payload: [1; 32] };
			let digest = context.digest::<Blake2b256>(&request);
			let signature = key.sign(&digest).0;
			let relay = Relay { application: index, key: 0, request, signature, response: [2; 32] };
			leaves.push(Leaf {
				path: Relay::path(index, &digest),
				value: relay.encode(),
				weight: 1,
			});
		}
	}
	// There is one bid, so all draws fall to it.
	let draws = Ranks::of(session.terms.suppliers, |_| true);
	let list = payers((0..applications).map(|index| (index, draws, relays))).collect();
	(Trie::build(leaves).expect("paths differ"), list)
}

fn claim(trie: &Trie<Blake2b256>, list: &[Payer]) -> RuntimeCall {
	RuntimeCall::CapacityOracle(pallet_capacity_oracle::Call::claim {
		session: SESSION,
		service: SERVICE,
		commitment: trie.root(),
		payers: BoundedVec::truncate_from(list.to_vec()),
	})
}

struct Row {
	what: String,
	bytes: usize,
	wasm: Duration,
}

fn measure(wasm: &Wasm, applications: u32, relays: u64) -> Vec<Row> {
	let mut ext = busy_chain(applications);
	let (trie, list) = ext.execute_with(|| served(applications, relays));
	let bob = Sr25519Keyring::Bob;
	let origin = || RuntimeOrigin::signed(bob.to_account_id());
	let duty = || CapacityOracle::duties(SERVICE, bob.to_account_id()).remove(0);

	let call = claim(&trie, &list);
	let [idle, claiming] = wasm.time(&mut ext, bob, call.clone());
	let claimed = Row {
		what: format!("claim, {applications} applications"),
		bytes: call.encoded_size(),
		wasm: claiming,
	};

	let call = ext.execute_with(|| {
		call.dispatch_bypass_filter(origin()).expect("can claim");
		run_to(60);
		let proof = trie.open(&duty().positions).expect("are in it").encode();
		RuntimeCall::CapacityOracle(pallet_capacity_oracle::Call::prove {
			session: SESSION,
			service: SERVICE,
			proof: BoundedVec::truncate_from(proof),
		})
	});
	let [_, proving] = wasm.time(&mut ext, bob, call.clone());
	let proven = Row {
		what: format!("proof, 16 of {} relays", u64::from(applications) * relays),
		bytes: call.encoded_size(),
		wasm: proving,
	};

	ext.execute_with(|| {
		call.dispatch_bypass_filter(origin()).expect("can prove");
		run_to(duty().proofs_close.expect("is known") - 1);
	});
	let nothing = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
	let [settling, _] = wasm.time(&mut ext, bob, nothing);
	let settled = Row {
		what: format!("settlement, {applications} applications"),
		bytes: 0,
		wasm: settling.saturating_sub(idle),
	};
	vec![claimed, proven, settled]
}

fn main() {
	let wasm = Wasm {
		executor: Executor::builder().build(),
		code: WASM_BINARY.expect("the runtime was built with its wasm"),
	};
	println!("{:<36} {:>12} {:>12}", "what", "bytes", "in the wasm");
	for (applications, relays) in [(1, 10_000), (100, 100), (MOST, 10)] {
		for Row { what, bytes, wasm } in measure(&wasm, applications, relays) {
			println!("{what:<36} {bytes:>12} {:>9.2} ms", wasm.as_secs_f64() * 1_000.0);
		}
	}
}

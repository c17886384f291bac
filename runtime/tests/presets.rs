//! The chains that come with the runtime do what they promise.

mod chain;

use capacity_oracle_runtime::{
	genesis_config_presets::{
		get_preset, hashing, preset_names, DEVELOPMENT_SCHEDULE, LOCAL_TESTNET_SCHEDULE,
	},
	AccountId, Balances, CapacityOracle, Runtime, RuntimeBlockWeights, RuntimeOrigin,
	EXISTENTIAL_DEPOSIT, UNIT,
};
use capacity_protocol::{Schedule, Stage};
use chain::{chain, next_block};
use frame_support::traits::Get;
use pallet_capacity_oracle::WeightInfo;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::Sr25519Keyring;

fn bob() -> AccountId {
	Sr25519Keyring::Bob.to_account_id()
}

#[test]
fn every_preset_builds_a_chain() {
	for name in preset_names() {
		chain(name.as_ref()).execute_with(|| {
			next_block();
			assert!(CapacityOracle::service(0).is_some());
			let fund = CapacityOracle::fund_status(0).expect("there is a service");
			let (pot, holds, set_aside) = CapacityOracle::pot();
			assert_eq!((fund.free, fund.set_aside, set_aside), (holds, 0, 0));
			assert_eq!(Balances::free_balance(&pot), holds + EXISTENTIAL_DEPOSIT);
		});
	}
	assert!(get_preset(&PresetId::from("unheard of")).is_none());
}

#[test]
fn the_first_service_makes_truth_best_for_every_bid() {
	chain(DEV_RUNTIME_PRESET).execute_with(|| {
		let verdict = CapacityOracle::policy_verdict(0).expect("there is a service");
		assert!(verdict.truthful(), "{verdict:?}");
		assert_eq!(verdict.truthful_up_to, hashing().maximum_bid);
		println!("least audit rate {:?}", verdict.least_rate);
		assert!(verdict.least_rate.is_some_and(|least| least < verdict.audit_rate), "{verdict:?}");
	});
}

#[test]
fn on_the_development_chain_a_bid_is_audited_within_a_few_sessions() {
	chain(DEV_RUNTIME_PRESET).execute_with(|| {
		next_block();
		let stake = CapacityOracle::minimum_stake(0, 2_000).expect("there is a service");
		// For audits 100; for claims from applications ten times the ten coins of one at the threshold.
		assert_eq!(stake, 200 * UNIT);
		CapacityOracle::bid(RuntimeOrigin::signed(bob()), 0, 2_000, stake).expect("can bid");
		let audited = (0..800).any(|_| {
			next_block();
			CapacityOracle::duties(0, bob()).iter().any(|duty| duty.stage == Stage::Claiming)
		});
		assert!(audited);
	});
}

/// The randomness of this chain looks back 81 blocks: where it is taken at its word, seeds come that
/// much later, and the schedule must leave the time.
#[test]
fn the_local_testnet_leaves_its_randomness_the_time_it_needs() {
	const LOOKBACK: u32 = 81;
	let Schedule { draw, patience, lookback, .. } = LOCAL_TESTNET_SCHEDULE;
	assert!(draw > LOOKBACK && patience > LOOKBACK && lookback.is_none());
	assert!(DEVELOPMENT_SCHEDULE.lookback.is_some_and(|blocks| blocks < DEVELOPMENT_SCHEDULE.draw));
	chain(LOCAL_TESTNET_RUNTIME_PRESET).execute_with(|| {
		next_block();
		let stake = CapacityOracle::minimum_stake(0, 2_000).expect("there is a service");
		CapacityOracle::bid(RuntimeOrigin::signed(bob()), 0, 2_000, stake).expect("can bid");
		for _ in 0..300 + LOOKBACK + 1 {
			next_block();
		}
		let session = pallet_capacity_oracle::Sessions::<Runtime>::get(1).expect("is running");
		assert!(session.seed.is_some());
	});
}

/// What a block must do by itself leaves most of it to transactions.
#[test]
fn the_hooks_leave_room() {
	type Weights = <Runtime as pallet_capacity_oracle::Config>::WeightInfo;
	let block = RuntimeBlockWeights::get().max_block.ref_time();
	type Most = <Runtime as pallet_capacity_oracle::Config>::MaxSettlementsPerBlock;
	let most: u32 = Most::get();
	let claims = u64::from(most);
	let settle = Weights::settle_claim(0).ref_time() * claims;
	let draw = Weights::draw_slots(4_096).ref_time() + Weights::assign_audit().ref_time() * 64;
	println!(
		"of a block: settling {claims} claims {}, drawing 64 audits from 4,096 slots {}",
		settle as f64 / block as f64,
		draw as f64 / block as f64
	);
	assert!(settle + draw < block / 2);
}

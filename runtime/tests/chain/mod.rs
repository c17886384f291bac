//! A chain in memory, made from a preset, for tests and benchmarks.

use capacity_oracle_runtime::{
	genesis_config_presets::get_preset, CapacityOracle, Randomness, RuntimeGenesisConfig, System,
};
use frame_support::{
	genesis_builder_helper::build_state,
	traits::{OnFinalize, OnInitialize, OnPoll},
	weights::WeightMeter,
};
use sp_genesis_builder::PresetId;

/// A chain made from a preset as a node makes it.
pub fn chain(preset: &str) -> sp_io::TestExternalities {
	let patch = get_preset(&PresetId::from(preset)).expect("a preset has its JSON");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("has a JSON");
	json_merge(&mut genesis, serde_json::from_slice(&patch).expect("is JSON"));
	let mut ext = sp_io::TestExternalities::default();
	ext.execute_with(|| {
		let genesis = serde_json::to_vec(&genesis).expect("has bytes");
		build_state::<RuntimeGenesisConfig>(genesis).expect("the preset builds a state");
	});
	ext
}

fn json_merge(to: &mut serde_json::Value, patch: serde_json::Value) {
	match (to, patch) {
		(serde_json::Value::Object(to), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				json_merge(to.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(to, value) => *to = value,
	}
}

/// Finishes this block and starts the next.
pub fn next_block() {
	let now = System::block_number();
	CapacityOracle::on_finalize(now);
	System::reset_events();
	System::initialize(&(now + 1), &Default::default(), &Default::default());
	let _ = <Randomness as OnInitialize<u32>>::on_initialize(now + 1);
	CapacityOracle::on_initialize(now + 1);
	CapacityOracle::on_poll(now + 1, &mut WeightMeter::new());
}

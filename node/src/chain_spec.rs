//! The chains this node knows by name. What they begin with is in the runtime's presets.

use std::path::Path;

use sc_service::{ChainType, GenericChainSpec, Properties};

pub fn load(chain: &str) -> Result<GenericChainSpec, String> {
	match chain {
		"dev" => Ok(development(wasm()?)),
		"" | "local" => Ok(local_testnet(wasm()?)),
		path if Path::new(path).is_file() => GenericChainSpec::from_json_file(path.into()),
		unknown => Err(format!(
			"no chain `{unknown}`: give `dev`, `local` or the path of a chain spec, such as one \
			 written by `export-chain-spec`"
		)),
	}
}

fn wasm() -> Result<&'static [u8], String> {
	capacity_oracle_runtime::WASM_BINARY.ok_or_else(|| {
		"this node was built without a runtime: give --chain the path of a chain spec, or build it \
		 again without SKIP_WASM_BUILD"
			.into()
	})
}

fn development(code: &[u8]) -> GenericChainSpec {
	GenericChainSpec::builder(code, None)
		.with_name("Capacity Oracle Development")
		.with_id("capacity_oracle_dev")
		.with_chain_type(ChainType::Development)
		.with_genesis_config_preset_name("development")
		.with_properties(properties())
		.build()
}

fn local_testnet(code: &[u8]) -> GenericChainSpec {
	GenericChainSpec::builder(code, None)
		.with_name("Capacity Oracle Local Testnet")
		.with_id("capacity_oracle_local")
		.with_chain_type(ChainType::Local)
		.with_genesis_config_preset_name("local_testnet")
		.with_properties(properties())
		.build()
}

fn properties() -> Properties {
	Properties::from_iter([
		("tokenSymbol".into(), "CAP".into()),
		("tokenDecimals".into(), 12.into()),
		("ss58Format".into(), 42.into()),
	])
}

#[cfg(test)]
mod tests {
	use super::*;
	use sc_service::ChainSpec;

	#[test]
	fn chains_are_told_apart() {
		let (dev, local) = (development(&[]), local_testnet(&[]));
		assert_eq!(dev.id(), "capacity_oracle_dev");
		assert_eq!(dev.name(), "Capacity Oracle Development");
		assert_eq!(ChainSpec::chain_type(&dev), ChainType::Development);
		assert_eq!(local.id(), "capacity_oracle_local");
		assert_eq!(ChainSpec::chain_type(&local), ChainType::Local);
		assert_eq!(dev.properties()["tokenSymbol"], "CAP");
		assert!(dev.telemetry_endpoints().is_none());
	}

	#[test]
	fn an_unknown_chain_is_refused_in_words() {
		let error = load("nowhere.json").err().expect("there is no such file");
		assert!(error.contains("`nowhere.json`") && error.contains("export-chain-spec"), "{error}");
	}
}

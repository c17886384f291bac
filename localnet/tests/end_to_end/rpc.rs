//! What wallets and explorers ask a node for.

use crate::common::alone;
use anyhow::{ensure, Context, Result};
use capacity_oracle_localnet::{Network, Sealing};
use codec::{Decode, Encode};
use serde_json::Value;
use subxt::{
	ext::frame_metadata::{OpaqueMetadata, RuntimeMetadata, RuntimeMetadataPrefixed},
	metadata::Metadata,
	rpcs::{rpc_params, RpcClient},
};

const METHODS: [&str; 10] = [
	"author_submitAndWatchExtrinsic",
	"chain_subscribeFinalizedHeads",
	"chain_subscribeNewHeads",
	"payment_queryInfo",
	"rpc_methods",
	"state_getMetadata",
	"state_getRuntimeVersion",
	"state_subscribeStorage",
	"system_accountNextIndex",
	"system_properties",
];

#[tokio::test]
async fn wallets_and_explorers_find_what_they_need() -> Result<()> {
	let _alone = alone().await;
	let network = Network::builder().sealing(Sealing::Instant).start().await?;
	let rpc = network.node().rpc().await?;

	let known: Value = rpc.request("rpc_methods", rpc_params![]).await?;
	let known = known["methods"].as_array().context("a list of methods")?;
	for method in METHODS {
		assert!(known.contains(&method.into()), "{method} is missing");
	}

	let properties: Value = rpc.request("system_properties", rpc_params![]).await?;
	assert!(properties["tokenSymbol"].is_string(), "{properties}");
	assert!(properties["tokenDecimals"].is_u64(), "{properties}");
	assert!(properties["ss58Format"].is_u64(), "{properties}");

	let next: u32 = rpc
		.request(
			"system_accountNextIndex",
			rpc_params!["5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"],
		)
		.await?;
	assert_eq!(next, 0);

	let bytes: String = rpc.request("state_getMetadata", rpc_params![]).await?;
	check_metadata(&from_hex(&bytes)?, 14)?;
	for version in [14, 15, 16] {
		check_metadata(&metadata_at(&rpc, version).await?, version)?;
	}
	Ok(())
}

async fn metadata_at(rpc: &RpcClient, version: u32) -> Result<Vec<u8>> {
	let call = rpc_params!["Metadata_metadata_at_version", to_hex(&version.encode())];
	let answer: String = rpc.request("state_call", call).await?;
	let metadata = Option::<OpaqueMetadata>::decode(&mut &from_hex(&answer)?[..])?;
	Ok(metadata.with_context(|| format!("there is no metadata of version {version}"))?.0)
}

/// The metadata is of this version, can be used, and has the oracle in it.
fn check_metadata(bytes: &[u8], version: u32) -> Result<()> {
	let prefixed = RuntimeMetadataPrefixed::decode(&mut &bytes[..])?;
	ensure!(prefixed.1.version() == version, "it says that it is of another version");
	ensure!(matches!(
		(&prefixed.1, version),
		(RuntimeMetadata::V14(_), 14)
			| (RuntimeMetadata::V15(_), 15)
			| (RuntimeMetadata::V16(_), 16)
	));
	let metadata = Metadata::decode_from(bytes)?;
	let oracle = metadata.pallet_by_name("CapacityOracle").context("the oracle's pallet")?;
	for call in ["bid", "leave", "withdraw", "claim", "prove"] {
		ensure!(oracle.call_variant_by_name(call).is_some(), "the oracle has no call {call}");
	}
	// Only the newest kind of metadata knows them.
	ensure!(oracle.view_function_by_name("report").is_some() == (version == 16));
	Ok(())
}

fn to_hex(bytes: &[u8]) -> String {
	bytes.iter().fold("0x".into(), |text, byte| format!("{text}{byte:02x}"))
}

fn from_hex(text: &str) -> Result<Vec<u8>> {
	let digits = text.strip_prefix("0x").context("hexadecimal digits")?;
	(0..digits.len() / 2)
		.map(|byte| Ok(u8::from_str_radix(&digits[2 * byte..2 * byte + 2], 16)?))
		.collect()
}

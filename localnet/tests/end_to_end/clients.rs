//! A client that knows nothing of relays.

use crate::common::{alone, only_relays};
use anyhow::{ensure, Context, Result};
use capacity_oracle_localnet::{Network, Plan, Sealing};
use serde_json::{json, Value};
use std::time::{Duration, Instant};
use subxt::rpcs::{rpc_params, RpcClient};

/// What does not change from block to block, and an error.
const REQUESTS: [(&str, &str); 6] = [
	("system_chain", "[]"),
	("system_properties", "[]"),
	("chain_getBlockHash", "[0]"),
	("state_getRuntimeVersion", "[]"),
	("rpc_methods", "[]"),
	("no_such_method", "[]"),
];

fn request(id: usize) -> Value {
	let (method, params) = REQUESTS[id];
	let params: Value = serde_json::from_str(params).unwrap();
	json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

async fn post(url: &str, body: &Value) -> Result<Value> {
	let client = reqwest::Client::new();
	let request = client.post(url).header("content-type", "application/json");
	let text = request.body(body.to_string()).send().await?.text().await?;
	serde_json::from_str(&text).with_context(|| format!("{url} says {text:?}"))
}

#[tokio::test]
async fn suppliers_answer_what_the_node_itself_answers() -> Result<()> {
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::every(150)).start().await?;
	only_relays(&network, |usual| usual).await?;
	for name in ["Bob", "Charlie"] {
		network.add(Plan::honest(name, 1_000).serving())?;
	}
	network.tell_application("Ferdie", &["deposit", "10"]).await?;
	let endpoint = network.serve("Ferdie", 0)?;
	let deadline = Instant::now() + Duration::from_secs(60);
	while !network.answers("Ferdie") {
		ensure!(Instant::now() < deadline, "the endpoint does not answer");
		network.check()?;
		tokio::time::sleep(Duration::from_millis(50)).await;
	}

	let node = network.node().http();
	for request in (0..REQUESTS.len()).map(request) {
		let answer = post(&endpoint, &request).await?;
		assert_eq!(answer, post(&node, &request).await?, "{request}");
	}

	let batch: Value = (0..REQUESTS.len()).map(request).collect();
	let answers = post(&endpoint, &batch).await?;
	assert_eq!(answers.as_array().map(Vec::len), Some(REQUESTS.len()));
	assert_eq!(answers, post(&node, &batch).await?);

	let socket = RpcClient::from_insecure_url(endpoint.replace("http", "ws")).await?;
	let direct = network.node().rpc().await?;
	for (method, params) in REQUESTS.iter().filter(|(method, _)| !method.starts_with("no")) {
		let params = || match *params {
			"[0]" => rpc_params![0],
			_ => rpc_params![],
		};
		let answer: Value = socket.request(method, params()).await?;
		assert_eq!(answer, direct.request::<Value>(method, params()).await?, "{method}");
	}
	Ok(())
}

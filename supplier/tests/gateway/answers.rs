//! What is answered, recorded and counted.

use super::*;
use capacity_oracle_client::relay::payload_hash;
use serde_json::json;
use std::sync::atomic::Ordering;

#[tokio::test]
async fn an_answer_is_the_backends_and_is_recorded() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let asked = Asked::new(1, 5, "echo");
	let answer = world.ask(&asked).await.unwrap();
	assert_eq!(answer, json!({"jsonrpc": "2.0", "id": 5, "result": [5]}));
	let recorded = asked.signed.answered(payload_hash(answer.to_string().as_bytes()));
	assert_eq!(world.recorded(), [recorded]);
	let relays = world.store.relays(&key(SESSION, &SEED)).unwrap();
	assert_eq!(relays[0].0, asked.path());
}

#[tokio::test]
async fn an_error_of_the_backends_is_an_answer() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let answer = world.ask(&Asked::new(1, 5, "unknown")).await.unwrap();
	assert_eq!(answer["error"]["code"], -32601);
	assert_eq!(world.recorded().len(), 1);
}

#[tokio::test]
async fn the_chain_is_asked_once_for_each_application() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let all = (0..30).map(|nonce| Asked::new(nonce as u32 % 3, nonce, "echo"));
	let answers = all.map(|asked| {
		let world = &world;
		async move { world.ask(&asked).await }
	});
	assert!(futures::future::join_all(answers).await.iter().all(Result::is_ok));
	assert_eq!(world.known.asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_refresh_takes_in_what_the_chain_says_now() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	world.known.applications.lock().unwrap().insert(1, standing(1));
	world.ask(&Asked::new(1, 1, "echo")).await.unwrap();
	assert_eq!(world.refusal(&Asked::new(1, 2, "echo")).await.code, "cannot-pay");
	world.known.applications.lock().unwrap().insert(1, standing(2));
	world.gateway.refresh();
	let asked = Asked::new(1, 2, "echo");
	while world.ask(&asked).await.is_err() {
		tokio::task::yield_now().await;
	}
	assert_eq!(world.refusal(&Asked::new(1, 3, "echo")).await.code, "cannot-pay");
}

#[tokio::test]
async fn what_was_served_before_a_restart_counts() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	for nonce in 0..3 {
		world.ask(&Asked::new(1, nonce, DEAR)).await.unwrap();
	}
	world.end().await;

	let world = World::start(dir.path()).await;
	world.known.applications.lock().unwrap().insert(1, standing(4 * u128::from(DEAR_UNITS)));
	assert_eq!(world.recorded().len(), 3);
	for nonce in 0..3 {
		let refused = world.refusal(&Asked::new(1, nonce, DEAR)).await;
		assert_eq!(refused.code, "already-served");
	}
	world.ask(&Asked::new(1, 3, DEAR)).await.unwrap();
	assert_eq!(world.refusal(&Asked::new(1, 4, "echo")).await.code, "cannot-pay");
}

#[tokio::test]
async fn after_a_reorganisation_the_sessions_of_the_best_chain_are_served() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let (ours, theirs) = (Asked::new(1, 1, "echo"), Asked::new(1, 1, "echo").sign(&[1; 32]));
	world.ask(&ours).await.unwrap();
	world.open(session(SESSION, [1; 32], 1)).await;
	assert_eq!(world.refusal(&ours).await.code, "not-signed");
	assert_eq!(world.recorded().len(), 1, "it may come back");
	// The checks of the answer know only the usual session.
	let header = capacity_oracle_client::relay::to_header(&theirs.signed);
	let request = world.client.post(&world.url).header("x-capacity-request", header);
	assert!(request.body(theirs.body).send().await.unwrap().status().is_success());
	assert_eq!(world.store.relays(&key(SESSION, &[1; 32])).unwrap().len(), 1);

	world.gateway.follow(&[key(SESSION, &SEED)]);
	assert_eq!(world.refusal(&ours).await.code, "already-served");
	world.ask(&Asked::new(1, 2, "echo")).await.unwrap();
}

#[tokio::test]
async fn figures_are_there_for_prometheus() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	world.ask(&Asked::new(1, 1, "echo")).await.unwrap();
	world.ask(&Asked::new(1, 2, DEAR)).await.unwrap();
	world.refusal(&Asked::new(1, 2, DEAR)).await;
	let get = |path: &str| world.client.get(format!("{}{path}", world.url)).send();
	let text = get("/metrics").await.unwrap().text().await.unwrap();
	for line in [
		"supplier_relays_served_total 2",
		"supplier_units_served_total 51",
		"supplier_relays_refused_total{code=\"already-served\"} 1",
		"supplier_relays_refused_total{code=\"busy\"} 0",
		"supplier_session 7",
		"supplier_requests_in_flight 0",
		"supplier_relay_seconds_count 2",
		"supplier_record_seconds_count 2",
		"supplier_lookups_total 1",
	] {
		assert!(text.lines().any(|known| known == line), "{line} is not in\n{text}");
	}
	let health = get("/health").await.unwrap();
	assert!(health.status().is_success());
}

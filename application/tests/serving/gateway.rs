//! The gateway, as clients see it.

use crate::{
	fake::Behaviour,
	world::{patient, World, PLENTY},
};
use capacity_oracle_application::gateway::{serve, Origins, Rules};
use futures::{SinkExt, StreamExt};
use reqwest::{Client, Response, StatusCode};
use serde_json::{json, Value as Json};
use std::future::pending;
use tokio::net::TcpListener;
use tokio_tungstenite::{connect_async, tungstenite::Message};

const LONGEST: usize = 10_000;

struct Gateway {
	world: World,
	address: String,
	client: Client,
}

async fn gateway(suppliers: usize) -> Gateway {
	let world = World::start(suppliers, patient(), PLENTY).await;
	let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
	let address = listener.local_addr().unwrap().to_string();
	let origins = Origins(vec!["https://good.example".into()]);
	let rules = Rules { longest_request: LONGEST, origins };
	tokio::spawn(serve(listener, world.relayer.clone(), rules, pending()));
	Gateway { world, address, client: Client::new() }
}

impl Gateway {
	async fn post(&self, body: impl Into<String>) -> Response {
		let url = format!("http://{}", self.address);
		self.client.post(url).body(body.into()).send().await.unwrap()
	}

	async fn answer(&self, body: impl Into<String>) -> Json {
		serde_json::from_str(&self.post(body).await.text().await.unwrap()).unwrap()
	}
}

fn request(id: Json, method: &str) -> Json {
	json!({"jsonrpc": "2.0", "id": id, "method": method, "params": [method]})
}

fn answered(id: Json, method: &str) -> Json {
	json!({"jsonrpc": "2.0", "id": id, "result": [method]})
}

#[tokio::test]
async fn a_client_gets_the_answer_to_its_request() {
	let gateway = gateway(2).await;
	let response = gateway.post(request(json!("mine"), "eth_call").to_string()).await;
	assert_eq!(response.headers()["content-type"], "application/json");
	let said: Json = serde_json::from_str(&response.text().await.unwrap()).unwrap();
	assert_eq!(said, answered(json!("mine"), "eth_call"));
}

#[tokio::test]
async fn a_batch_is_answered_in_order_and_notifications_are_not() {
	let gateway = gateway(3).await;
	gateway.world.behave(0, Behaviour::Slow(30));
	let mut batch: Vec<Json> = (0..20).map(|id| request(json!(id), "eth_call")).collect();
	batch.insert(4, json!({"method": "eth_call"}));
	batch.push(json!({"id": "s", "method": "eth_subscribe"}));
	let said = gateway.answer(json!(batch).to_string()).await;
	let said = said.as_array().unwrap();
	let wanted: Vec<Json> = (0..20).map(|id| answered(json!(id), "eth_call")).collect();
	assert_eq!(said[..20], wanted);
	assert_eq!(
		(said.len(), &said[20]["id"], &said[20]["error"]["code"]),
		(21, &json!("s"), &json!(-32601))
	);
	assert_eq!(gateway.world.seen().iter().sum::<usize>(), 21, "a notification is a request, too");
}

#[tokio::test]
async fn nothing_is_said_to_notifications_alone() {
	let gateway = gateway(1).await;
	for body in ["{\"method\":\"a\"}", "[{\"method\":\"a\"},{\"method\":\"b\"}]"] {
		let response = gateway.post(body).await;
		assert_eq!(response.status(), StatusCode::NO_CONTENT);
		assert_eq!(response.text().await.unwrap(), "");
	}
	assert_eq!(gateway.world.seen(), [3]);
}

#[tokio::test]
async fn what_cannot_be_served_is_an_error_in_the_standards_shape() {
	let gateway = gateway(1).await;
	let code = |said: Json| said["error"]["code"].as_i64().unwrap();
	assert_eq!(code(gateway.answer("{").await), -32700);
	assert_eq!(code(gateway.answer("[]").await), -32600);
	let refused = gateway.answer(request(json!(1), "chain_subscribeNewHeads").to_string()).await;
	assert_eq!(refused["id"], 1);
	assert!(refused["error"]["message"].as_str().unwrap().contains("subscription"), "{refused}");
	let response = gateway.post(" ".repeat(LONGEST + 1)).await;
	assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
	assert_eq!(code(serde_json::from_str(&response.text().await.unwrap()).unwrap()), -32600);
	assert_eq!(gateway.world.seen(), [0], "none of this is paid");

	gateway.world.behave(0, Behaviour::Fail);
	let failed = gateway.answer(request(json!("x"), "eth_call").to_string()).await;
	assert_eq!((&failed["id"], code(failed.clone())), (&json!("x"), -32003));
	let attempt = &failed["error"]["data"]["attempts"][0];
	assert_eq!(attempt["supplier"], gateway.world.account(0).to_string());
	assert_eq!(attempt["kind"], "lost");
}

#[tokio::test]
async fn a_web_socket_carries_requests_and_batches() {
	let gateway = gateway(2).await;
	let (mut socket, _) = connect_async(format!("ws://{}", gateway.address)).await.unwrap();
	let texts = [
		request(json!(1), "a"),
		request(json!(2), "b"),
		json!({"method": "notify"}),
		json!([request(json!(3), "c"), request(json!(4), "d")]),
	];
	for text in texts {
		socket.send(Message::text(text.to_string())).await.unwrap();
	}
	let mut got = Vec::new();
	while got.len() < 3 {
		if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
			got.push(serde_json::from_str::<Json>(&text).unwrap());
		}
	}
	got.sort_by_key(|said| said["id"].as_u64());
	let batch = json!([answered(json!(3), "c"), answered(json!(4), "d")]);
	assert_eq!(got, [batch, answered(json!(1), "a"), answered(json!(2), "b")]);
}

#[tokio::test]
async fn a_request_that_is_answered_later_does_not_hold_up_a_web_socket() {
	let gateway = gateway(1).await;
	let (mut socket, _) = connect_async(format!("ws://{}", gateway.address)).await.unwrap();
	gateway.world.behave(0, Behaviour::Slow(1_500));
	socket.send(Message::text(request(json!("slow"), "a").to_string())).await.unwrap();
	while gateway.world.seen() == [0] {
		tokio::task::yield_now().await;
	}
	gateway.world.behave(0, Behaviour::Honest);
	socket.send(Message::text(request(json!("quick"), "a").to_string())).await.unwrap();
	let first = socket.next().await.unwrap().unwrap().into_text().unwrap();
	assert!(first.contains("quick"), "{first}");
	let second = socket.next().await.unwrap().unwrap().into_text().unwrap();
	assert!(second.contains("slow"), "{second}");
}

#[tokio::test]
async fn only_web_pages_that_may_can_spend_the_deposit() {
	let gateway = gateway(1).await;
	let url = format!("http://{}", gateway.address);
	let from = |origin: &'static str| {
		let body = request(json!(1), "a").to_string();
		gateway.client.post(&url).header("origin", origin).body(body).send()
	};
	assert_eq!(from("https://bad.example").await.unwrap().status(), StatusCode::FORBIDDEN);
	assert_eq!(gateway.world.seen(), [0]);
	let good = from("https://good.example").await.unwrap();
	assert_eq!(good.headers()["access-control-allow-origin"], "https://good.example");
	assert_eq!(gateway.world.seen(), [1]);

	use tokio_tungstenite::tungstenite::client::IntoClientRequest;
	let mut bad = format!("ws://{}", gateway.address).into_client_request().unwrap();
	bad.headers_mut().insert("origin", "https://bad.example".parse().unwrap());
	assert!(connect_async(bad).await.is_err());
}

#[tokio::test]
async fn health_says_how_it_goes() {
	let gateway = gateway(2).await;
	gateway.answer(request(json!(1), "a").to_string()).await;
	let url = format!("http://{}/health", gateway.address);
	let response = gateway.client.get(url).send().await.unwrap();
	assert_eq!(response.status(), StatusCode::OK);
	let said: Json = serde_json::from_str(&response.text().await.unwrap()).unwrap();
	assert_eq!((&said["session"], &said["answered"]), (&json!(7), &json!(1)));
	assert_eq!(said["units_left"], PLENTY.total - 10);
	let answered = said["suppliers"].as_array().unwrap().iter().map(|s| s["answered"].as_u64());
	assert_eq!(answered.flatten().sum::<u64>(), 1);
}

//! Relays over a web socket.

use super::*;
use capacity_oracle_client::relay::{from_message, to_message, SignedAnswer};
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::{tungstenite::Message, MaybeTlsStream, WebSocketStream};

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
	async fn open(world: &World) -> Self {
		let url = format!("{}/ws", world.url.replace("http://", "ws://"));
		Self(tokio_tungstenite::connect_async(url).await.unwrap().0)
	}

	async fn send(&mut self, asked: &Asked) {
		let message = to_message(&asked.signed, &asked.body);
		self.0.send(Message::text(message)).await.unwrap();
	}

	async fn next(&mut self) -> String {
		loop {
			if let Message::Text(text) = self.0.next().await.unwrap().unwrap() {
				return text.to_string();
			}
		}
	}

	async fn answer(&mut self, asked: &Asked) {
		let message = self.next().await;
		let (answer, body) = from_message::<SignedAnswer>(&message).unwrap();
		asked.check(&answer, body);
	}

	async fn refusal(&mut self) -> Refused {
		let message = self.next().await;
		let (first, body) = message.split_once('\n').unwrap();
		assert_eq!(first, "refused");
		Refused::read(body, None)
	}
}

#[tokio::test]
async fn requests_are_answered_one_after_another() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let mut socket = Socket::open(&world).await;
	for nonce in 0..5 {
		let asked = Asked::new(1, nonce, "echo");
		socket.send(&asked).await;
		socket.answer(&asked).await;
	}
	assert_eq!(world.recorded().len(), 5);
}

#[tokio::test]
async fn a_slow_answer_does_not_hold_up_the_next() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let mut socket = Socket::open(&world).await;
	let (slow, fast) = (Asked::new(1, 1, "wait"), Asked::new(1, 2, "echo"));
	socket.send(&slow).await;
	socket.send(&fast).await;
	socket.answer(&fast).await;
	world.backend.turns.add_permits(1);
	socket.answer(&slow).await;
}

#[tokio::test]
async fn a_refusal_says_to_which_request() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let mut socket = Socket::open(&world).await;
	let asked = Asked::new(1, 8, "echo");
	socket.send(&asked).await;
	socket.answer(&asked).await;
	socket.send(&asked).await;
	let refused = socket.refusal().await;
	assert_eq!((refused.code.as_str(), refused.nonce), ("already-served", Some(8)));
	socket.0.send(Message::text("no relay")).await.unwrap();
	let refused = socket.refusal().await;
	assert_eq!((refused.code.as_str(), refused.nonce), ("bad-request", None));
	// And it goes on.
	let next = Asked::new(1, 9, "echo");
	socket.send(&next).await;
	socket.answer(&next).await;
}

#[tokio::test]
async fn what_is_asked_over_the_socket_cannot_be_asked_again_over_http() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let mut socket = Socket::open(&world).await;
	let asked = Asked::new(1, 1, "echo");
	socket.send(&asked).await;
	socket.answer(&asked).await;
	assert_eq!(world.refusal(&asked).await.code, "already-served");
}

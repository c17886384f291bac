//! Relays over a web socket: each text message is one, and answers come as they are ready.

use super::{http::LONGEST, Code, Gateway, Refusal};
use axum::{
	body::Bytes,
	extract::{
		ws::{Message, WebSocket, WebSocketUpgrade},
		State,
	},
	response::Response,
};
use capacity_oracle_client::relay::{from_message, to_message, SignedRequest};
use futures::{SinkExt, StreamExt};
use std::sync::Arc;
use tokio::sync::{mpsc, Semaphore};

/// Requests of one socket that are served at a time; then it is not read until one is answered.
const AT_ONCE: usize = 256;
/// The first line of a refusal.
const REFUSED: &str = "refused";

pub async fn relays(State(gateway): State<Arc<Gateway>>, upgrade: WebSocketUpgrade) -> Response {
	// A message has its header in it.
	upgrade.max_message_size(LONGEST).on_upgrade(|socket| serve(gateway, socket))
}

async fn serve(gateway: Arc<Gateway>, socket: WebSocket) {
	let (mut to, mut from) = socket.split();
	let (answers, mut answered) = mpsc::channel::<Message>(AT_ONCE);
	let writer = tokio::spawn(async move {
		while let Some(answer) = answered.recv().await {
			if to.send(answer).await.is_err() {
				break;
			}
		}
	});
	let room = Arc::new(Semaphore::new(AT_ONCE));
	while let Some(Ok(message)) = from.next().await {
		let text = match message {
			Message::Text(text) => text,
			Message::Close(_) => break,
			// Pings are answered by themselves.
			_ => continue,
		};
		let Ok(turn) = room.clone().acquire_owned().await else { break };
		let (gateway, answers) = (gateway.clone(), answers.clone());
		tokio::spawn(async move {
			let answer = relay(&gateway, &text)
				.await
				.unwrap_or_else(|refusal| format!("{REFUSED}\n{}", refusal.to_json()));
			// Nobody may be listening any more; the relay is recorded all the same.
			let _ = answers.send(Message::text(answer)).await;
			drop(turn);
		});
	}
	drop(answers);
	// Ends when the last answer is out, or the socket gone.
	let _ = writer.await;
}

async fn relay(gateway: &Arc<Gateway>, message: &str) -> Result<String, Refusal> {
	let Ok((signed, body)) = from_message::<SignedRequest>(message) else {
		let message = "the message's first line is not what this supplier knows";
		return Err(gateway.refuse(Refusal::new(Code::BadRequest, message)));
	};
	let answer = gateway.serve(signed, Bytes::copy_from_slice(body.as_bytes())).await?;
	// It was read as JSON, which is text.
	Ok(to_message(&answer.signed, &String::from_utf8_lossy(&answer.body)))
}

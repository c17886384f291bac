//! Requests over a web socket. Answers come as they are ready, not in the order of the requests.

use super::answer::answer;
use crate::Relayer;
use axum::{
	body::Bytes,
	extract::ws::{Message, Utf8Bytes, WebSocket},
};
use futures::{SinkExt, StreamExt};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Requests of one connection that are under way at once; others wait.
const AT_ONCE: usize = 64;

/// Answers until the client closes the connection. What is under way then is given up.
pub(super) async fn talk(socket: WebSocket, relayer: Arc<Relayer>) {
	let (mut sink, mut stream) = socket.split();
	let mut underway = JoinSet::new();
	loop {
		tokio::select! {
			message = stream.next(), if underway.len() < AT_ONCE => {
				let body: Bytes = match message {
					Some(Ok(Message::Text(text))) => text.into(),
					Some(Ok(Message::Binary(bytes))) => bytes,
					Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
					Some(Ok(Message::Close(_)) | Err(_)) | None => return,
				};
				let relayer = relayer.clone();
				underway.spawn(async move { answer(&relayer, body).await });
			}
			Some(answered) = underway.join_next() => {
				let Ok(Some(body)) = answered else { continue };
				let Ok(text) = Utf8Bytes::try_from(body) else { continue };
				if sink.send(Message::Text(text)).await.is_err() {
					return;
				}
			}
		}
	}
}

//! Relays over HTTP, and what else is asked there.

use super::{ws, Answer, Code, Gateway, Refusal};
use anyhow::Result;
use axum::{
	body::Bytes,
	extract::{rejection::BytesRejection, DefaultBodyLimit, State},
	http::{
		header::{CONTENT_TYPE, RETRY_AFTER},
		HeaderMap, StatusCode,
	},
	response::{IntoResponse, Response},
	routing::{get, post},
	serve::ListenerExt,
	Router,
};
use capacity_oracle_client::relay::{from_header, to_header, SignedRequest, ANSWER, REQUEST};
use std::{future::Future, sync::Arc};
use tokio::net::TcpListener;

/// The longest request, in bytes.
pub const LONGEST: usize = 4 << 20;

const JSON: &str = "application/json";

impl Gateway {
	/// Serves whoever connects to `listener`, until `stop`.
	pub async fn listen(
		self: Arc<Self>,
		listener: TcpListener,
		stop: impl Future<Output = ()> + Send + 'static,
	) -> Result<()> {
		let routes = Router::new()
			.route("/", post(relay))
			.route("/ws", get(ws::relays))
			.route("/health", get(health))
			.route("/metrics", get(metrics))
			.layer(DefaultBodyLimit::max(LONGEST))
			.with_state(self);
		// Answers are small, and should not wait to be sent together.
		let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
		Ok(axum::serve(listener, routes).with_graceful_shutdown(stop).await?)
	}
}

async fn relay(
	State(gateway): State<Arc<Gateway>>,
	headers: HeaderMap,
	body: Result<Bytes, BytesRejection>,
) -> Result<Answer, Refusal> {
	let bad = |message: &'static str| gateway.refuse(Refusal::new(Code::BadRequest, message));
	let header = headers.get(REQUEST).and_then(|header| header.to_str().ok());
	let Some(header) = header else {
		return Err(bad(
			"a relay needs the header x-capacity-request: ask through the application",
		));
	};
	let Ok(signed) = from_header::<SignedRequest>(header) else {
		return Err(bad("the header x-capacity-request is not what this supplier knows"));
	};
	let Ok(body) = body else {
		return Err(bad("the body is too long, or broke off"));
	};
	gateway.serve(signed, body).await
}

async fn health(State(gateway): State<Arc<Gateway>>) -> (StatusCode, String) {
	match gateway.broken() {
		None => (StatusCode::OK, "ok\n".into()),
		Some(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
	}
}

async fn metrics(State(gateway): State<Arc<Gateway>>) -> Result<String, StatusCode> {
	gateway.metrics().text().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

impl IntoResponse for Answer {
	fn into_response(self) -> Response {
		let signed = to_header(&self.signed);
		([(CONTENT_TYPE.as_str(), JSON), (ANSWER, &signed)], self.body).into_response()
	}
}

impl IntoResponse for Refusal {
	fn into_response(self) -> Response {
		let mut response =
			(self.code.status(), [(CONTENT_TYPE, JSON)], self.to_json()).into_response();
		if self.code == Code::Busy {
			response.headers_mut().insert(RETRY_AFTER, 1.into());
		}
		response
	}
}

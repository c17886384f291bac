//! A JSON-RPC endpoint: a client that knows nothing of relays asks it as it would ask a node.

mod answer;
mod health;
mod origin;
mod socket;

pub use origin::Origins;

use crate::{
	rpc::{code, Refused},
	Relayer,
};
use answer::answer;
use anyhow::{Context, Result};
use axum::{
	body::Bytes,
	extract::{
		rejection::BytesRejection,
		ws::{rejection::WebSocketUpgradeRejection, WebSocketUpgrade},
		DefaultBodyLimit, State,
	},
	http::{header, HeaderMap, StatusCode},
	response::{IntoResponse, Response},
	routing::get,
	Router,
};
use std::{future::Future, sync::Arc};
use tokio::net::TcpListener;

/// What clients may do.
#[derive(Clone, Debug)]
pub struct Rules {
	/// The longest request, or batch of them, in bytes.
	pub longest_request: usize,
	/// Web pages that may ask.
	pub origins: Origins,
}

#[derive(Clone)]
struct Gateway {
	relayer: Arc<Relayer>,
	rules: Arc<Rules>,
}

/// Answers requests until it is `stopped`; those that are under way then are still answered.
pub async fn serve(
	listener: TcpListener,
	relayer: Arc<Relayer>,
	rules: Rules,
	stopped: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
	let longest = rules.longest_request;
	let app = Router::new()
		.route("/", get(upgrade).post(post).options(preflight))
		.route("/health", get(health))
		.layer(DefaultBodyLimit::max(longest))
		.with_state(Gateway { relayer, rules: Arc::new(rules) });
	axum::serve(listener, app)
		.with_graceful_shutdown(stopped)
		.await
		.context("requests cannot be accepted any more")
}

async fn post(
	State(gateway): State<Gateway>,
	headers: HeaderMap,
	body: Result<Bytes, BytesRejection>,
) -> Response {
	let allowed = match gateway.rules.origins.check(&headers) {
		Ok(allowed) => allowed,
		Err(forbidden) => return forbidden.into_response(),
	};
	let (status, text) = match body {
		Ok(body) => match answer(&gateway.relayer, body).await {
			Some(text) => (StatusCode::OK, text),
			None => return (StatusCode::NO_CONTENT, allowed).into_response(),
		},
		Err(rejection) => {
			let message = match rejection.status() {
				StatusCode::PAYLOAD_TOO_LARGE => {
					format!("a request has {} bytes at the most", gateway.rules.longest_request)
				}
				_ => rejection.body_text(),
			};
			let refused = Refused::new(None, code::NO_REQUEST, message);
			(rejection.status(), refused.to_json().into())
		}
	};
	(status, allowed, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

async fn upgrade(
	State(gateway): State<Gateway>,
	headers: HeaderMap,
	upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
	if let Err(forbidden) = gateway.rules.origins.check(&headers) {
		return forbidden.into_response();
	}
	let Ok(upgrade) = upgrade else {
		let usage = "POST JSON-RPC requests here, or open a web socket\n";
		return (StatusCode::UPGRADE_REQUIRED, usage).into_response();
	};
	upgrade
		.max_message_size(gateway.rules.longest_request)
		.on_upgrade(move |socket| socket::talk(socket, gateway.relayer))
}

async fn preflight(State(gateway): State<Gateway>, headers: HeaderMap) -> Response {
	match gateway.rules.origins.check(&headers) {
		Ok(allowed) => {
			let methods = [
				(header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
				(header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
			];
			(StatusCode::NO_CONTENT, allowed, methods).into_response()
		}
		Err(forbidden) => forbidden.into_response(),
	}
}

async fn health(State(gateway): State<Gateway>) -> Response {
	let (serves, report) = health::health(&gateway.relayer);
	let status = if serves { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
	(status, [(header::CONTENT_TYPE, "application/json")], report.to_string()).into_response()
}

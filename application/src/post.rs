//! One attempt: a signed request to one supplier, over HTTP.

use crate::failure::{Failure, Refusal};
use axum::body::Bytes;
use capacity_oracle_client::relay::{to_header, SignedRequest, ANSWER, REQUEST};
use reqwest::{redirect, Client, Response, Url};
use std::{error::Error, time::Duration};

/// How long a supplier may take to accept a connection.
const CONNECTING: Duration = Duration::from_secs(5);
/// The longest refusal that is read.
const LONGEST_REFUSAL: usize = 16 * 1024;

/// What came back: the header with the supplier's signature, if there is one, and the body.
pub struct Reply {
	pub header: Option<String>,
	pub body: Bytes,
}

/// A client that keeps connections open. Whoever is asked must answer itself.
pub fn client() -> reqwest::Result<Client> {
	Client::builder()
		.connect_timeout(CONNECTING)
		.redirect(redirect::Policy::none())
		.tcp_nodelay(true)
		.build()
}

/// Sends a request and reads what comes back.
pub async fn post(
	client: &Client,
	url: &Url,
	request: &SignedRequest,
	body: Bytes,
	timeout: Duration,
	longest: usize,
) -> Result<Reply, Failure> {
	let response = client
		.post(url.clone())
		.header(REQUEST, to_header(request))
		.header("content-type", "application/json")
		.timeout(timeout)
		.body(body)
		.send()
		.await
		.map_err(|error| failure(error, timeout))?;
	let status = response.status();
	if !status.is_success() {
		let refusal = read(response, LONGEST_REFUSAL, timeout).await?;
		return Err(match Refusal::read(&refusal) {
			Some(refusal) if status.is_client_error() || status.is_server_error() => {
				Failure::Refused(refusal)
			}
			_ => Failure::Lost(format!("instead, HTTP status {status}")),
		});
	}
	let header = response.headers().get(ANSWER).and_then(|text| text.to_str().ok());
	let header = header.map(str::to_owned);
	Ok(Reply { header, body: read(response, longest, timeout).await? })
}

/// Reads a body that is not longer than it may be. One that comes in one piece is not copied.
async fn read(mut response: Response, longest: usize, timeout: Duration) -> Result<Bytes, Failure> {
	let too_long = || Failure::Lost(format!("instead, more than {longest} bytes"));
	let expected = response.content_length().unwrap_or(0);
	if expected > longest as u64 {
		return Err(too_long());
	}
	let mut first = Bytes::new();
	let mut whole = Vec::new();
	while let Some(piece) = response.chunk().await.map_err(|error| failure(error, timeout))? {
		if first.len().max(whole.len()).saturating_add(piece.len()) > longest {
			return Err(too_long());
		}
		if first.is_empty() && whole.is_empty() {
			first = piece;
			continue;
		}
		if whole.is_empty() {
			whole.reserve(expected as usize);
			whole.extend_from_slice(&first);
		}
		whole.extend_from_slice(&piece);
	}
	Ok(if whole.is_empty() { first } else { whole.into() })
}

fn failure(error: reqwest::Error, timeout: Duration) -> Failure {
	// A connection that was not made has carried nothing.
	match error.is_connect() {
		true => Failure::Unreachable(root(&error)),
		false if error.is_timeout() => {
			Failure::Lost(format!("nothing came within {} s", timeout.as_secs_f32()))
		}
		false => Failure::Lost(root(&error)),
	}
}

/// The innermost error: the others only say that there is one.
fn root(error: &dyn Error) -> String {
	let mut error = error;
	while let Some(source) = error.source() {
		error = source;
	}
	error.to_string()
}

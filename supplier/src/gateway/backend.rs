//! The server that does the work.

use super::{
	check::is_answer,
	refusal::{Code, Refusal},
};
use anyhow::{bail, Context, Result};
use axum::body::Bytes;
use reqwest::{header::CONTENT_TYPE, Client, Response, Url};
use std::time::Duration;

/// The longest answer that is passed on, in bytes.
const LONGEST: usize = 32 << 20;

/// An HTTP server that answers JSON-RPC requests.
pub struct Backend {
	client: Client,
	url: Url,
}

impl Backend {
	/// The backend at `url`, which has `timeout` for each answer.
	pub fn new(url: &str, timeout: Duration) -> Result<Self> {
		let parsed = url.parse::<Url>();
		let parsed = parsed.with_context(|| format!("\"{url}\" is no address of a backend"))?;
		if !["http", "https"].contains(&parsed.scheme()) {
			bail!("\"{url}\" is no address of a backend: it starts with http:// or https://");
		}
		let client = Client::builder().timeout(timeout).build()?;
		Ok(Self { client, url: parsed })
	}

	/// Has the backend answer.
	pub async fn answer(&self, request: Bytes) -> Result<Bytes, Refusal> {
		let asked = self.client.post(self.url.clone()).header(CONTENT_TYPE, "application/json");
		// What exactly is wrong with the backend is nobody's business.
		let refused = |error: reqwest::Error| {
			refusal(match error.is_timeout() {
				true => "the backend does not answer in time",
				false => "the backend cannot be reached",
			})
		};
		let response = asked.body(request).send().await.map_err(refused)?;
		if !response.status().is_success() {
			return Err(refusal("the backend cannot answer at the moment"));
		}
		let body = read(response).await?;
		match is_answer(&body) {
			true => Ok(body),
			false => Err(refusal("what the backend says is no answer")),
		}
	}
}

async fn read(mut response: Response) -> Result<Bytes, Refusal> {
	let mut whole: Option<Vec<u8>> = None;
	let mut first = Bytes::new();
	let broken = |_| refusal("the backend broke off");
	while let Some(chunk) = response.chunk().await.map_err(broken)? {
		if first.is_empty() {
			first = chunk;
			continue;
		}
		let whole = whole.get_or_insert_with(|| first.to_vec());
		if whole.len().saturating_add(chunk.len()) > LONGEST {
			return Err(refusal("the answer is too long"));
		}
		whole.extend_from_slice(&chunk);
	}
	// Most answers come in one piece.
	Ok(whole.map_or(first, Bytes::from))
}

fn refusal(message: &'static str) -> Refusal {
	Refusal::new(Code::Backend, message)
}

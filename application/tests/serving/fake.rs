//! A supplier that checks what it is asked as a real one must, and can misbehave.

use axum::{
	body::Bytes,
	extract::State,
	http::{HeaderMap, StatusCode},
	response::{IntoResponse, Redirect, Response},
	routing::post,
	Router,
};
use capacity_oracle_client::{
	read_key,
	relay::{
		context, from_header, payload_hash, to_header, SignedAnswer, SignedRequest, ANSWER, REQUEST,
	},
	AccountId32, Keypair,
};
use capacity_protocol::{method_id, Seed, SigningKey};
use serde_json::{json, Value as Json};
use std::{
	collections::HashSet,
	sync::{Arc, Mutex},
	time::Duration,
};
use sum_trie::Blake2b256;
use tokio::net::TcpListener;

/// How a supplier behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
	Honest,
	/// Honest, after so many milliseconds.
	Slow(u64),
	/// Never answers.
	Hang,
	/// Fails, without a word that can be understood.
	Fail,
	Refuse(&'static str),
	/// Refuses so many times, then is honest.
	RefuseFirst(&'static str, usize),
	/// Answers another result than the others.
	Lie,
	/// Signs with another's key.
	WrongSignature,
	Unsigned,
	WrongId,
	/// Sends the application elsewhere.
	Redirect,
	/// Answers with more than anybody wants to read.
	Flood,
}

pub struct Fake {
	pub url: String,
	pub account: AccountId32,
	shared: Arc<Shared>,
}

struct Shared {
	key: Keypair,
	/// Somebody else's key, for wrong signatures, and the application's.
	other: Keypair,
	application: SigningKey,
	account: AccountId32,
	behaviour: Mutex<Behaviour>,
	/// What reached it, whatever became of it.
	seen: Mutex<Vec<SignedRequest>>,
	nonces: Mutex<HashSet<u64>>,
}

impl Fake {
	pub async fn start(name: &str) -> Self {
		let key = read_key(name).unwrap();
		let account = key.public_key().to_account_id();
		let shared = Arc::new(Shared {
			key,
			other: read_key("//Ferdie").unwrap(),
			application: read_key("//Alice").unwrap().public_key().0,
			account,
			behaviour: Mutex::new(Behaviour::Honest),
			seen: Mutex::default(),
			nonces: Mutex::default(),
		});
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let url = format!("http://{}", listener.local_addr().unwrap());
		let app = Router::new().route("/", post(relay)).with_state(shared.clone());
		tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
		Self { url, account, shared }
	}

	pub fn behave(&self, behaviour: Behaviour) {
		*self.shared.behaviour.lock().unwrap() = behaviour;
	}

	/// Requests that reached it.
	pub fn seen(&self) -> Vec<SignedRequest> {
		self.shared.seen.lock().unwrap().clone()
	}
}

/// The seed of a session, in these tests.
pub fn seed(session: u32) -> Seed {
	[session as u8; 32]
}

/// The application that all requests must come from.
pub const APPLICATION: u32 = 3;
pub const KEY_NUMBER: u8 = 1;

fn refuse(status: StatusCode, code: &str) -> Response {
	(status, json!({"code": code, "message": "so it is"}).to_string()).into_response()
}

/// What is wrong with a request, by the code of its refusal.
fn fault(shared: &Shared, signed: &SignedRequest, body: &[u8]) -> Option<&'static str> {
	let context = context(&seed(signed.session), signed.service, &shared.account, APPLICATION);
	let asked: Option<Json> = serde_json::from_slice(body).ok();
	let method = asked.as_ref().and_then(|asked| asked["method"].as_str()).unwrap_or_default();
	if asked.as_ref().is_some_and(|asked| asked.get("id").is_none()) {
		return Some("unsupported");
	}
	let right = signed.service == 0
		&& signed.application == APPLICATION
		&& signed.key == KEY_NUMBER
		&& signed.request.method == method_id::<Blake2b256>(method)
		&& signed.request.payload == payload_hash(body)
		&& signed.is_signed_by(&context, &shared.application);
	if !right {
		return Some("not-signed");
	}
	let new = shared.nonces.lock().unwrap().insert(signed.request.nonce);
	(!new).then_some("already-served")
}

async fn relay(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
	let header = headers.get(REQUEST).map_or("", |header| header.to_str().unwrap());
	let Ok(signed) = from_header::<SignedRequest>(header) else {
		return refuse(StatusCode::BAD_REQUEST, "bad-request");
	};
	shared.seen.lock().unwrap().push(signed);
	if let Some(fault) = fault(&shared, &signed, &body) {
		return refuse(StatusCode::FORBIDDEN, fault);
	}
	let behaviour = *shared.behaviour.lock().unwrap();
	match behaviour {
		Behaviour::Slow(millis) => tokio::time::sleep(Duration::from_millis(millis)).await,
		Behaviour::Hang => std::future::pending().await,
		Behaviour::Fail => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
		Behaviour::Refuse(code) => return refuse(StatusCode::SERVICE_UNAVAILABLE, code),
		Behaviour::RefuseFirst(code, times) => {
			let left = times.checked_sub(1);
			let next = left.map_or(Behaviour::Honest, |left| Behaviour::RefuseFirst(code, left));
			*shared.behaviour.lock().unwrap() = next;
			if left.is_some() {
				return refuse(StatusCode::CONFLICT, code);
			}
		}
		Behaviour::Redirect => return Redirect::temporary("http://127.0.0.1:1/").into_response(),
		_ => {}
	}
	let mut answer = answer(&body);
	match behaviour {
		Behaviour::Lie => answer["result"] = json!("what you want to hear"),
		Behaviour::WrongId => answer["id"] = json!("another"),
		Behaviour::Flood => answer["result"] = json!("!".repeat(100_000)),
		_ => {}
	}
	let answer = answer.to_string();
	if behaviour == Behaviour::Unsigned {
		return answer.into_response();
	}
	let context = context(&seed(signed.session), signed.service, &shared.account, APPLICATION);
	let (nonce, digest) = (signed.request.nonce, signed.digest(&context));
	let hash = payload_hash(answer.as_bytes());
	let wrong = behaviour == Behaviour::WrongSignature;
	let key = if wrong { &shared.other } else { &shared.key };
	let word = SignedAnswer::sign(key, nonce, &digest, &hash);
	([(ANSWER, to_header(&word))], answer).into_response()
}

/// Every backend says the same: the request's parameters.
fn answer(body: &[u8]) -> Json {
	let asked: Json = serde_json::from_slice(body).unwrap();
	match asked["method"].as_str() {
		Some("fails") => json!({"jsonrpc": "2.0", "id": asked["id"], "error": {"code": 3}}),
		_ => json!({"jsonrpc": "2.0", "id": asked["id"], "result": asked["params"]}),
	}
}

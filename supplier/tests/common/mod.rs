//! A gateway with a backend, applications and a session, and no chain.

// Each user needs a part of it.
#![allow(dead_code)]

use axum::{body::Bytes, extract::State, http::StatusCode, routing::post, Router};
use capacity_economics::Confidence;
use capacity_oracle_client::{
	relay::{
		context, from_header, payload_hash, to_header, SignedAnswer, SignedRequest, ANSWER, REQUEST,
	},
	AccountId32, Keypair,
};
use capacity_oracle_supplier::{
	gateway::{Code, Gateway, Source, Standing, Terms},
	store::{KeptSession, Key, RelayStore},
};
use capacity_protocol::{
	method_id, ApplicationIndex, ApplicationStatus, KeyStatus, MethodPrice, Payable, PenaltyBasis,
	PriceList, Relay, RelayRequest, RelaySession, RelayTerms, SeatStatus, SessionIndex, Stage,
	Units,
};
use futures::future::BoxFuture;
use serde_json::{json, Value as Json};
use sp_arithmetic::Perquintill;
use std::{
	collections::HashMap,
	path::Path,
	sync::{
		atomic::{AtomicU64, AtomicUsize, Ordering},
		Arc, Mutex,
	},
	time::Duration,
};
use subxt_signer::sr25519::dev;
use sum_trie::Blake2b256;
use tokio::{net::TcpListener, sync::Semaphore};

pub const SERVICE: u32 = 3;
pub const SESSION: SessionIndex = 7;
pub const SEED: [u8; 32] = [9; 32];
/// What one unit costs.
pub const PRICE: u128 = 10;
/// A method that weighs more than others.
pub const DEAR: &str = "debug_trace";
pub const DEAR_UNITS: u64 = 50;

/// The supplier.
pub fn supplier() -> Keypair {
	dev::bob()
}

pub fn who() -> AccountId32 {
	supplier().public_key().to_account_id()
}

/// What applications sign with.
pub fn application_key() -> Keypair {
	dev::alice()
}

/// Draws of each application.
const DRAWS: u8 = 5;

/// A session in which so many units are bid; the first of them is the supplier's bid.
pub fn session(number: SessionIndex, seed: [u8; 32], units: Units) -> KeptSession {
	let mut prices = PriceList::flat(1);
	let method = method_id::<Blake2b256>(DEAR);
	prices.methods[0] = MethodPrice { method, units: DEAR_UNITS as u32 };
	let terms = RelayTerms {
		suppliers: DRAWS,
		price: PRICE,
		prices,
		owner_share: Perquintill::zero(),
		pot_share: Perquintill::zero(),
		threshold: 20_000,
		adapt_threshold: false,
		probability: Perquintill::from_percent(10),
		wanted_proofs: None,
		penalty: PenaltyBasis::Worth,
		confidence: Confidence::Mean,
		credit_relays: false,
		minimum_deposit: 1,
	};
	let terms = RelaySession {
		session: number,
		seed,
		units,
		terms,
		threshold: 20_000,
		probability: Perquintill::from_percent(10),
		stage: Stage::Working,
		claims_open: 100,
		claims_close: 110,
	};
	KeptSession { terms, seat: SeatStatus { slot: 0, start: 0, units: 1 }, closed: false }
}

pub fn key(number: SessionIndex, seed: &[u8; 32]) -> Key {
	Key::new(number, seed, SERVICE, &who())
}

/// An application that can pay so many units, signing with the key number 0.
pub fn standing(units: u128) -> Standing {
	let key = KeyStatus { number: 0, key: application_key().public_key().0, from: 0, until: None };
	let money = units * PRICE;
	Standing {
		status: ApplicationStatus {
			account: application_key().public_key().to_account_id(),
			from: 0,
			until: None,
			keys: vec![key],
			deposit: money,
			reserved: 0,
			paid: 0,
			limit: money,
			limit_next: money,
		},
		payable: Payable { total: money, part: money / u128::from(DRAWS), claimed: 0 },
	}
}

/// Applications that are known by heart.
#[derive(Default)]
pub struct Known {
	pub applications: Mutex<HashMap<ApplicationIndex, Standing>>,
	pub asked: AtomicUsize,
}

impl Source for Known {
	fn standing(
		&self,
		_: SessionIndex,
		application: ApplicationIndex,
	) -> BoxFuture<'_, anyhow::Result<Option<Standing>>> {
		self.asked.fetch_add(1, Ordering::SeqCst);
		let known = self.applications.lock().unwrap().get(&application).cloned();
		Box::pin(async move { Ok(known) })
	}
}

/// A server of JSON-RPC that does what the method says.
#[derive(Clone)]
pub struct Backend {
	pub url: String,
	/// Requests that it has seen.
	pub seen: Arc<AtomicU64>,
	/// Those for "wait" are answered when there is a permit.
	pub turns: Arc<Semaphore>,
}

impl Backend {
	pub async fn start() -> Self {
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let backend = Self {
			url: format!("http://{}", listener.local_addr().unwrap()),
			seen: Arc::default(),
			turns: Arc::new(Semaphore::new(0)),
		};
		let routes = Router::new().route("/", post(answer)).with_state(backend.clone());
		tokio::spawn(async move { axum::serve(listener, routes).await });
		backend
	}
}

async fn answer(State(backend): State<Backend>, body: Bytes) -> (StatusCode, String) {
	backend.seen.fetch_add(1, Ordering::SeqCst);
	let call: Json = serde_json::from_slice(&body).unwrap();
	let id = &call["id"];
	let result = json!({"jsonrpc": "2.0", "id": id, "result": call["params"]}).to_string();
	match call["method"].as_str().unwrap() {
		"fail" => (StatusCode::INTERNAL_SERVER_ERROR, result),
		"limit" => (StatusCode::TOO_MANY_REQUESTS, result),
		"garbage" => (StatusCode::OK, "<html>welcome</html>".into()),
		"unknown" => {
			let error = json!({"code": -32601, "message": "no such method"});
			(StatusCode::OK, json!({"jsonrpc": "2.0", "id": id, "error": error}).to_string())
		}
		"wait" => {
			backend.turns.acquire().await.unwrap().forget();
			(StatusCode::OK, result)
		}
		_ => (StatusCode::OK, result),
	}
}

/// A gateway that listens, in a session with one bid, for ten applications with much money.
pub struct World {
	pub store: Arc<RelayStore>,
	pub gateway: Arc<Gateway>,
	pub backend: Backend,
	pub known: Arc<Known>,
	pub url: String,
	pub client: reqwest::Client,
	stop: tokio::sync::watch::Sender<bool>,
	listening: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl World {
	pub async fn start(dir: &Path) -> Self {
		Self::start_with(dir, 1_000).await
	}

	pub async fn start_with(dir: &Path, most: usize) -> Self {
		let backend = Backend::start().await;
		Self::start_before(dir, most, backend).await
	}

	/// In front of a certain backend.
	pub async fn start_before(dir: &Path, most: usize, backend: Backend) -> Self {
		let store = Arc::new(RelayStore::open(dir).unwrap());
		let known = Arc::new(Known::default());
		let all = (0..10).map(|application| (application, standing(1_000_000)));
		known.applications.lock().unwrap().extend(all);
		let timeout = Duration::from_secs(30);
		let terms = Terms { service: SERVICE, backend: backend.url.clone(), timeout, most };
		let gateway = Gateway::new(&terms, supplier(), store.clone(), known.clone()).unwrap();
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let url = format!("http://{}", listener.local_addr().unwrap());
		let (stop, mut stopped) = tokio::sync::watch::channel(false);
		let listening = tokio::spawn(gateway.clone().listen(listener, async move {
			drop(stopped.wait_for(|stop| *stop).await);
		}));
		let client = reqwest::Client::builder().no_proxy().build().unwrap();
		let world = Self { store, gateway, backend, known, url, client, stop, listening };
		world.open(session(SESSION, SEED, 1)).await;
		world
	}

	/// Ends it, and lets go of the state directory.
	pub async fn end(self) {
		let Self { stop, listening, client, .. } = self;
		drop(client);
		stop.send(true).unwrap();
		listening.await.unwrap().unwrap();
	}

	/// Serves this session only.
	pub async fn open(&self, session: KeptSession) {
		let key = key(session.terms.session, &session.terms.seed);
		self.gateway.open(key, session).await.unwrap();
		self.gateway.follow(&[key]);
	}

	/// What is in the store of the usual session.
	pub fn recorded(&self) -> Vec<Relay> {
		let relays = self.store.relays(&key(SESSION, &SEED)).unwrap();
		relays.into_iter().map(|(_, relay)| relay).collect()
	}

	/// Sends a request and takes in the answer, or the refusal.
	pub async fn ask(&self, asked: &Asked) -> Result<Json, Refused> {
		self.post(Some(to_header(&asked.signed)), asked).await
	}

	pub async fn post(&self, header: Option<String>, asked: &Asked) -> Result<Json, Refused> {
		let mut request = self.client.post(&self.url).body(asked.body.clone());
		if let Some(header) = header {
			request = request.header(REQUEST, header);
		}
		let response = request.send().await.unwrap();
		let status = response.status();
		let answer = response.headers().get(ANSWER).map(|text| text.to_str().unwrap().to_owned());
		let body = response.text().await.unwrap();
		if status == StatusCode::OK {
			asked.check(&from_header(&answer.expect("an answer is signed")).unwrap(), &body);
			return Ok(serde_json::from_str(&body).unwrap());
		}
		assert_eq!(answer, None, "a refusal is not signed");
		Err(Refused::read(&body, Some(status)))
	}

	/// Sends a request that must be refused, and says why it was.
	pub async fn refusal(&self, asked: &Asked) -> Refused {
		let refused = self.ask(asked).await.expect_err("this must be refused");
		assert_eq!(refused.nonce, Some(asked.signed.request.nonce));
		refused
	}
}

/// A refusal, as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
	pub code: String,
	pub message: String,
	pub nonce: Option<u64>,
}

impl Refused {
	pub fn read(body: &str, status: Option<StatusCode>) -> Self {
		let json: Json = serde_json::from_str(body).expect(body);
		let code = json["code"].as_str().unwrap();
		if let Some(status) = status {
			let known = Code::ALL.into_iter().find(|known| known.name() == code).expect(code);
			assert_eq!(status, known.status());
		}
		Self {
			code: code.into(),
			message: json["message"].as_str().unwrap().into(),
			nonce: json["nonce"].as_u64(),
		}
	}
}

/// A request that is ready to be sent.
#[derive(Clone, Debug)]
pub struct Asked {
	pub signed: SignedRequest,
	pub body: String,
}

impl Asked {
	pub fn new(application: ApplicationIndex, nonce: u64, method: &str) -> Self {
		let call = json!({"jsonrpc": "2.0", "id": nonce, "method": method, "params": [nonce]});
		Self::with_body(application, nonce, method, call.to_string())
	}

	pub fn with_body(
		application: ApplicationIndex,
		nonce: u64,
		method: &str,
		body: String,
	) -> Self {
		let request = RelayRequest {
			method: method_id::<Blake2b256>(method),
			nonce,
			payload: payload_hash(body.as_bytes()),
		};
		let signed = SignedRequest {
			service: SERVICE,
			session: SESSION,
			application,
			key: 0,
			request,
			signature: [0; 64],
		};
		Self { signed, body }.sign(&SEED)
	}

	/// With something about it changed, and signed again.
	pub fn but(mut self, change: impl FnOnce(&mut SignedRequest)) -> Self {
		change(&mut self.signed);
		self.sign(&SEED)
	}

	/// Signed for the session with this seed.
	pub fn sign(mut self, seed: &[u8; 32]) -> Self {
		self.signed.signature = application_key().sign(&self.digest_in(seed)).0;
		self
	}

	pub fn digest(&self) -> [u8; 32] {
		self.digest_in(&SEED)
	}

	fn digest_in(&self, seed: &[u8; 32]) -> [u8; 32] {
		let context = context(seed, SERVICE, &who(), self.signed.application);
		self.signed.digest(&context)
	}

	pub fn path(&self) -> [u8; 32] {
		Relay::path(self.signed.application, &self.digest())
	}

	/// Fails unless the supplier has signed this answer.
	pub fn check(&self, answer: &SignedAnswer, body: &str) {
		let hash = payload_hash(body.as_bytes());
		assert_eq!(answer.nonce, self.signed.request.nonce);
		assert!(answer.is_signed_by(&who(), &self.digest(), &hash));
	}
}

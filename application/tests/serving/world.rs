//! Suppliers, a chain that is told what to say, and an application between them.

use crate::fake::{seed, Behaviour, Fake, APPLICATION, KEY_NUMBER};
use anyhow::Result;
use capacity_oracle_application::{
	rpc::Question,
	session::{Oracle, Round, Sight},
	Answer, Manner, Notice, Payable, Relayer, Sessions, Signer, Unanswered,
};
use capacity_oracle_client::{read_key, AccountId32};
use capacity_protocol::{
	ApplicationStatus, Assignment, ClockStatus, KeyStatus, MethodPrice, PriceList, SessionIndex,
};
use serde_json::{json, Value as Json};
use std::{
	sync::{Arc, Mutex},
	time::Duration,
};
use tokio::sync::mpsc;

pub const NAMES: [&str; 3] = ["//Bob", "//Charlie", "//Eve"];

pub struct World {
	pub fakes: Vec<Fake>,
	pub relayer: Arc<Relayer>,
	pub notices: Arc<Mutex<Vec<Notice>>>,
	chain: mpsc::UnboundedSender<Sight>,
	payable: Payable,
}

struct Told(mpsc::UnboundedReceiver<Sight>);

impl Oracle for Told {
	async fn next(&mut self) -> Option<Result<Sight>> {
		self.0.recv().await.map(Ok)
	}
}

/// Enough for all but the tests about money.
pub const PLENTY: Payable = Payable { total: 1_000_000, part: 1_000_000, claimed: 0 };

/// Waits as long as it takes.
pub fn patient() -> Manner {
	let timeout = Duration::from_secs(60);
	Manner { timeout, longest_answer: 50_000, ..Manner::default() }
}

/// Does not wait for ever for those that hang.
pub fn hasty() -> Manner {
	Manner { timeout: Duration::from_secs(2), ..patient() }
}

impl World {
	/// Session 7 begins with so many suppliers.
	pub async fn start(suppliers: usize, manner: Manner, payable: Payable) -> Self {
		let mut fakes = Vec::new();
		for name in &NAMES[..suppliers] {
			fakes.push(Fake::start(name).await);
		}
		let notices = Arc::new(Mutex::new(Vec::new()));
		let keep = notices.clone();
		let tell: capacity_oracle_application::Tell =
			Arc::new(move |notice| keep.lock().unwrap().push(notice));
		let signer = Signer::new(read_key("//Alice").unwrap());
		let (chain, told) = mpsc::unbounded_channel();
		chain.send(sight(&fakes, 7, payable)).unwrap();
		let sessions = Sessions::follow(Told(told), signer.public(), tell.clone()).await.unwrap();
		let relayer = Relayer::new(sessions, signer, manner, tell).unwrap();
		Self { fakes, relayer, notices, chain, payable }
	}

	/// The next session has begun, and its seed is known.
	pub async fn begin(&self, session: SessionIndex) {
		self.chain.send(sight(&self.fakes, session, self.payable)).unwrap();
		while self.relayer.sessions().now().unwrap().index != session {
			tokio::task::yield_now().await;
		}
	}

	/// Only this supplier behaves so; the others are honest.
	pub fn behave(&self, index: usize, behaviour: Behaviour) {
		self.fakes[index].behave(behaviour);
	}

	pub fn all_behave(&self, behaviour: Behaviour) {
		self.fakes.iter().for_each(|fake| fake.behave(behaviour));
	}

	pub async fn ask(&self, method: &str) -> Result<Answer, Unanswered> {
		self.relayer.ask(&Question::new(method, &json!(["x", 1]))).await
	}

	/// Requests that reached each supplier.
	pub fn seen(&self) -> Vec<usize> {
		self.fakes.iter().map(|fake| fake.seen().len()).collect()
	}

	pub fn noticed(&self, wanted: impl Fn(&Notice) -> bool) -> usize {
		self.notices.lock().unwrap().iter().filter(|notice| wanted(notice)).count()
	}

	pub fn account(&self, index: usize) -> AccountId32 {
		self.fakes[index].account
	}

	/// What was asked for in this session, in units.
	pub fn asked(&self) -> u64 {
		self.relayer.sessions().now().unwrap().asked()
	}
}

/// What an answer says.
pub fn result(answer: &Answer) -> Json {
	let said: Json = serde_json::from_slice(&answer.body).unwrap();
	said["result"].clone()
}

fn sight(fakes: &[Fake], session: SessionIndex, payable: Payable) -> Sight {
	let key = read_key("//Alice").unwrap().public_key().0;
	let assignments = fakes.iter().enumerate().map(|(index, fake)| Assignment {
		ranks: capacity_protocol::Ranks::of(64, |rank| usize::from(rank) == index),
		slot: index as u32,
		supplier: fake.account,
		endpoint: fake.url.clone().into_bytes(),
	});
	let mut prices = PriceList::flat(10);
	let dear = capacity_protocol::method_id::<sum_trie::Blake2b256>("dear");
	prices.methods[0] = MethodPrice { method: dear, units: 25 };
	Sight {
		service: 0,
		clock: ClockStatus {
			session,
			tick: session * 10 + 5,
			session_ends: session * 10 + 10,
			stalled: 0,
		},
		application: Some((
			APPLICATION,
			ApplicationStatus {
				account: AccountId32(key),
				from: 1,
				until: None,
				keys: vec![KeyStatus { number: KEY_NUMBER, key, from: 1, until: None }],
				deposit: 1_000,
				reserved: 0,
				paid: 0,
				limit: 1_000,
				limit_next: 1_000,
			},
		)),
		rounds: vec![Round {
			session,
			seed: seed(session),
			prices,
			unit_price: 2,
			claims_open: session * 10 + 10,
			claims_close: session * 10 + 19,
			assignments: assignments.collect(),
			payable,
		}],
	}
}

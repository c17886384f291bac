//! Asks suppliers until one has answered: each attempt is a request of its own, signed for one of them.

mod attempt;
mod compare;

use crate::{
	choice::Dice,
	notice::{Notice, Tell},
	post,
	rpc::Question,
	session::{Session, Sessions},
	sign::Signer,
	unanswered::{Failed, Reason, Unanswered},
};
use anyhow::{Context, Result};
use attempt::Prepared;
use axum::body::Bytes;
use capacity_oracle_client::AccountId32;
use capacity_protocol::{Balance, SessionIndex, Units};
use compare::COMPARISONS;
use std::{
	sync::{
		atomic::{AtomicU64, Ordering},
		Arc,
	},
	time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tokio::sync::Semaphore;

/// The pause before suppliers are asked again that were busy, or in another session.
const PAUSE: Duration = Duration::from_millis(200);

/// How suppliers are asked.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
	/// How many suppliers a request is tried with.
	pub attempts: usize,
	/// How long one of them may take; also, how long a request waits for a session to begin.
	pub timeout: Duration,
	/// The longest answer, in bytes.
	pub longest_answer: usize,
	/// The share of requests that a second supplier is asked, too.
	pub cross_check: f64,
}

impl Default for Manner {
	fn default() -> Self {
		Self {
			attempts: 3,
			timeout: Duration::from_secs(20),
			longest_answer: 64 << 20,
			cross_check: 0.0,
		}
	}
}

/// An answer that has been checked.
#[derive(Clone, Debug)]
pub struct Answer {
	pub body: Bytes,
	pub supplier: AccountId32,
	pub session: SessionIndex,
	/// What it weighs, and what that costs.
	pub units: Units,
	pub worth: Balance,
	/// How long this supplier took.
	pub took: Duration,
	/// Attempts before this one.
	pub failures: Vec<Failed>,
}

/// How many requests there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
	pub answered: u64,
	pub unanswered: u64,
	/// Requests of which two answers were compared, and of those the ones that differ.
	pub compared: u64,
	pub different: u64,
}

/// Asks suppliers. Make one, and share it.
pub struct Relayer {
	sessions: Sessions,
	signer: Signer,
	manner: Manner,
	client: reqwest::Client,
	dice: Dice,
	tell: Tell,
	comparisons: Arc<Semaphore>,
	answered: AtomicU64,
	unanswered: AtomicU64,
	compared: AtomicU64,
	different: AtomicU64,
}

impl Relayer {
	/// Asks the suppliers of these sessions, with requests that `signer` signs.
	pub fn new(
		sessions: Sessions,
		signer: Signer,
		manner: Manner,
		tell: Tell,
	) -> Result<Arc<Self>> {
		let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
		Ok(Arc::new(Self {
			sessions,
			signer,
			manner,
			client: post::client().context("HTTP requests cannot be made")?,
			dice: Dice::new(seed as u64),
			tell,
			comparisons: Arc::new(Semaphore::new(COMPARISONS)),
			answered: AtomicU64::new(0),
			unanswered: AtomicU64::new(0),
			compared: AtomicU64::new(0),
			different: AtomicU64::new(0),
		}))
	}

	/// The sessions whose suppliers are asked.
	pub fn sessions(&self) -> &Sessions {
		&self.sessions
	}

	/// How many requests there were so far.
	pub fn counters(&self) -> Counters {
		let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
		Counters {
			answered: read(&self.answered),
			unanswered: read(&self.unanswered),
			compared: read(&self.compared),
			different: read(&self.different),
		}
	}

	/// Gets an answer, from one supplier or another.
	pub async fn ask(self: &Arc<Self>, question: &Question) -> Result<Answer, Unanswered> {
		let result = self.try_ask(question).await;
		let counter = if result.is_ok() { &self.answered } else { &self.unanswered };
		counter.fetch_add(1, Ordering::Relaxed);
		result
	}

	async fn try_ask(self: &Arc<Self>, question: &Question) -> Result<Answer, Unanswered> {
		let (prepared, writes) = (Prepared::new(question), question.writes());
		let deadline = Instant::now() + self.manner.timeout;
		let (mut tried, mut failures) = (Vec::new(), Vec::<Failed>::new());
		let (mut attempts, mut last) = (0, None);
		loop {
			let session = match self.sessions.serving(deadline).await {
				Ok(session) => session,
				Err(why) => return Err(Unanswered { reason: Reason::NotServed(why), failures }),
			};
			if last.replace(session.index) != Some(session.index) {
				tried.clear();
			}
			let units = session.units(prepared.method);
			let worth = session.worth(units);
			let Some(choice) = session.choose(units, &tried, &self.dice) else {
				let passes = failures.iter().any(|failed| failed.failure.passes());
				if passes && Instant::now() + PAUSE < deadline {
					tokio::time::sleep(PAUSE).await;
					tried.clear();
					failures.retain(|failed| !failed.failure.passes());
					continue;
				}
				return Err(self.nobody(&session, units, failures));
			};
			let supplier = choice.seat.supplier.account;
			match self.attempt(&session, choice, &prepared).await {
				Ok((body, took)) => {
					self.maybe_compare(&session, question, supplier, &body);
					let session = session.index;
					return Ok(Answer { body, supplier, session, units, worth, took, failures });
				}
				Err(failure) => {
					let (again, passes) = (failure.may_repeat(writes), failure.passes());
					let failed = Failed { supplier, units, worth, failure };
					tried.push(supplier);
					failures.push(failed);
					attempts += usize::from(!passes);
					let reason = match again {
						false => Reason::MaybeDone,
						true if attempts >= self.manner.attempts => Reason::NoAnswer,
						true => continue,
					};
					return Err(Unanswered { reason, failures });
				}
			}
		}
	}

	/// Nobody is left to be asked.
	fn nobody(&self, session: &Session, units: Units, failures: Vec<Failed>) -> Unanswered {
		let reason = match session.is_spent(units) {
			true => Reason::CannotPay { session: session.index },
			false => Reason::NoAnswer,
		};
		if session.spending.is_used_up(units) {
			(self.tell)(Notice::Spent { session: session.index });
		}
		Unanswered { reason, failures }
	}
}

//! What a load has shown.

use crate::{rpc::Answered, Answer, Failed, Unanswered};
use anyhow::Result;
use capacity_oracle_client::AccountId32;
use capacity_protocol::{Balance, Units};
use hdrhistogram::Histogram;
use std::{collections::BTreeMap, time::Duration};

/// Significant digits of latencies, which are in microseconds.
const DIGITS: u8 = 3;

/// Figures of all requests, and of each supplier.
pub struct Figures {
	/// From when a request was due to its answer, over all attempts.
	pub(super) whole: Histogram<u64>,
	pub(super) suppliers: BTreeMap<AccountId32, Supplier>,
	pub(super) unanswered: u64,
	/// Answers that are JSON-RPC errors.
	pub(super) errors: u64,
	/// Why the first request without an answer has none.
	pub(super) first: Option<String>,
}

/// Figures of one supplier.
pub(super) struct Supplier {
	pub latency: Histogram<u64>,
	/// Attempts that failed, by their kinds.
	pub failures: BTreeMap<&'static str, u64>,
	/// What it can claim: what it answered, and what it may have served without an answer.
	pub units: Units,
	pub worth: Balance,
}

impl Supplier {
	fn new() -> Result<Self> {
		let latency = Histogram::new(DIGITS)?;
		Ok(Self { latency, failures: BTreeMap::new(), units: 0, worth: 0 })
	}

	pub fn failed(&self) -> u64 {
		self.failures.values().sum()
	}

	fn spend(&mut self, units: Units, worth: Balance) {
		self.units = self.units.saturating_add(units);
		self.worth = self.worth.saturating_add(worth);
	}
}

impl Figures {
	/// Nothing measured yet.
	pub fn new() -> Result<Self> {
		Ok(Self {
			whole: Histogram::new(DIGITS)?,
			suppliers: BTreeMap::new(),
			unanswered: 0,
			errors: 0,
			first: None,
		})
	}

	/// Adds a request, and how long it took over all.
	pub fn add(&mut self, answer: Result<Answer, Unanswered>, took: Duration) {
		let failures = match answer {
			Ok(answer) => {
				record(&mut self.whole, took);
				let answered: Option<Answered> = serde_json::from_slice(&answer.body).ok();
				let error = answered.and_then(|answered| answered.error);
				self.errors += u64::from(error.is_some_and(|error| error.get() != "null"));
				if let Some(supplier) = self.supplier(answer.supplier) {
					record(&mut supplier.latency, answer.took);
					supplier.spend(answer.units, answer.worth);
				}
				answer.failures
			}
			Err(unanswered) => {
				self.unanswered += 1;
				self.first.get_or_insert_with(|| unanswered.to_string());
				unanswered.failures
			}
		};
		for failed in failures {
			self.add_failure(&failed);
		}
	}

	fn add_failure(&mut self, failed: &Failed) {
		let Some(supplier) = self.supplier(failed.supplier) else { return };
		*supplier.failures.entry(failed.failure.kind()).or_default() += 1;
		if !failed.failure.is_free() {
			supplier.spend(failed.units, failed.worth);
		}
	}

	fn supplier(&mut self, account: AccountId32) -> Option<&mut Supplier> {
		let known = self.suppliers.entry(account);
		Some(match known {
			std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
			std::collections::btree_map::Entry::Vacant(new) => new.insert(Supplier::new().ok()?),
		})
	}
}

fn record(latency: &mut Histogram<u64>, took: Duration) {
	let micros = took.as_micros().try_into().unwrap_or(u64::MAX);
	// It grows as it must, so that there is room for all of them.
	let _ = latency.record(micros);
}

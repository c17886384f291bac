//! Requests that an application sends by itself, and what became of them.

use crate::Process;
use anyhow::{bail, Context, Result};
use capacity_oracle_client::AccountId32;
use serde_json::Value as Json;
use std::{collections::BTreeMap, path::Path, time::Duration};

const LOOK: Duration = Duration::from_millis(20);

/// What to ask for.
#[derive(Clone, Debug)]
pub struct Load {
	pub method: &'static str,
	pub requests: u64,
	/// Requests under way at once.
	pub concurrency: usize,
	/// Requests per second; as many as go if nothing is said.
	pub rate: Option<u32>,
}

impl Load {
	/// As many requests as go, eight at once.
	pub fn new(method: &'static str, requests: u64) -> Self {
		Self { method, requests, concurrency: 8, rate: None }
	}

	/// At a steady pace.
	pub fn at(self, rate: u32) -> Self {
		Self { rate: Some(rate), ..self }
	}

	pub(crate) fn arguments(&self) -> Vec<String> {
		let mut arguments = vec!["--json".into(), "--method".into(), self.method.into()];
		let mut give = |option: &str, value: String| arguments.extend([option.into(), value]);
		give("--requests", self.requests.to_string());
		give("--concurrency", self.concurrency.to_string());
		if let Some(rate) = self.rate {
			give("--rate", rate.to_string());
		}
		arguments
	}
}

/// Requests that are being sent.
pub struct Loading(Process);

impl Loading {
	pub(crate) fn start(program: &Path, arguments: &[String], log: &Path) -> Result<Self> {
		Process::start(program, arguments, log).map(Self)
	}

	/// What became of the requests, once all have been sent.
	pub fn done(&mut self) -> Result<Option<Loaded>> {
		let Some(status) = self.0.ended() else { return Ok(None) };
		let said = self.0.said();
		match said.lines().rev().find(|line| line.starts_with('{')) {
			Some(line) => Loaded::read(line).map(Some),
			None => bail!("`application load` has ended ({status}): {}", self.0.last_words()),
		}
	}

	/// Waits until all have been sent.
	pub async fn finish(mut self) -> Result<Loaded> {
		loop {
			match self.done()? {
				Some(loaded) => return Ok(loaded),
				None => tokio::time::sleep(LOOK).await,
			}
		}
	}
}

/// What became of requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
	pub answered: u64,
	pub unanswered: u64,
	/// Why the first of those had no answer.
	pub why: Option<String>,
	pub suppliers: BTreeMap<AccountId32, Served>,
}

/// What one supplier did of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
	/// Answers that the application has checked.
	pub answered: u64,
	/// Compute units that the supplier can claim: those of the answers, and of requests that it may
	/// have served although no answer came.
	pub units: u64,
}

impl Loaded {
	fn read(line: &str) -> Result<Self> {
		let said: Json = serde_json::from_str(line).context("the figures are no JSON")?;
		let number = |of: &Json, field: &str| {
			of[field].as_u64().with_context(|| format!("the figures have no \"{field}\""))
		};
		let mut suppliers = BTreeMap::new();
		for of in said["suppliers"].as_array().into_iter().flatten() {
			let who = of["supplier"].as_str().and_then(|who| who.parse().ok());
			let served = Served { answered: number(of, "answered")?, units: number(of, "units")? };
			suppliers.insert(who.context("the figures name no supplier")?, served);
		}
		Ok(Self {
			answered: number(&said, "answered")?,
			unanswered: number(&said, "unanswered")?,
			why: said["unanswered_why"].as_str().map(str::to_owned),
			suppliers,
		})
	}

	/// Adds what became of other requests.
	pub fn add(&mut self, other: &Self) {
		self.answered += other.answered;
		self.unanswered += other.unanswered;
		self.why = self.why.take().or_else(|| other.why.clone());
		for (who, more) in &other.suppliers {
			let served = self.suppliers.entry(*who).or_default();
			served.answered += more.answered;
			served.units += more.units;
		}
	}

	/// What one supplier did.
	pub fn by(&self, who: &AccountId32) -> Served {
		self.suppliers.get(who).copied().unwrap_or_default()
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	const BOB: AccountId32 = AccountId32([2; 32]);

	fn figures(answered: u64, why: Option<&str>) -> Loaded {
		let line = json!({
			"answered": answered, "unanswered": 1, "unanswered_why": why, "units": 3 * answered,
			"suppliers": [{"supplier": BOB.to_string(), "answered": answered, "failed": 0,
				"units": 3 * answered}],
		});
		Loaded::read(&line.to_string()).unwrap()
	}

	#[test]
	fn figures_are_added_up() {
		let mut all = figures(5, None);
		all.add(&figures(7, Some("nobody")));
		all.add(&figures(1, Some("later")));
		assert_eq!((all.answered, all.unanswered, all.why.as_deref()), (13, 3, Some("nobody")));
		assert_eq!(all.by(&BOB), Served { answered: 13, units: 39 });
		assert_eq!(all.by(&AccountId32([3; 32])), Served::default());
	}

	#[test]
	fn figures_that_lack_something_are_refused() {
		let refused = |line: &str| Loaded::read(line).unwrap_err().to_string();
		assert!(refused("{").contains("no JSON"));
		assert!(refused("{\"answered\": 1}").contains("no \"unanswered\""));
		let line = json!({"answered": 1, "unanswered": 0, "suppliers": [{"supplier": "?",
			"answered": 1, "units": 1}]});
		assert!(refused(&line.to_string()).contains("name no supplier"));
	}

	#[tokio::test]
	async fn what_the_program_says_last_counts() {
		let dir = tempfile::tempdir().unwrap();
		let run = |script: &str| {
			let arguments = ["-c".into(), script.into()];
			Loading::start(Path::new("/bin/sh"), &arguments, &dir.path().join("log")).unwrap()
		};
		let line = "echo waiting >&2; echo '{\"answered\":4,\"unanswered\":0,\"suppliers\":[]}'";
		assert_eq!(run(line).finish().await.unwrap().answered, 4);
		std::fs::remove_file(dir.path().join("log")).unwrap();
		let error = run("echo no application >&2; exit 1").finish().await.unwrap_err();
		assert!(error.to_string().contains("no application"), "{error}");
	}
}

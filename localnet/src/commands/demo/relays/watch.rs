//! The relays while they go on.

use super::{APPLICATION, METHODS};
use crate::{commands::settled, text, Ledger, Load, Loaded, Network, Seen};
use anyhow::{bail, Result};
use capacity_oracle_client::{AccountId32, Token};
use capacity_protocol::{SessionIndex, Units};
use indicatif::{ProgressBar, ProgressStyle};
use std::{collections::BTreeMap, time::Duration};

/// After so many sessions it is over, whoever was caught.
const LONGEST: SessionIndex = 24;
/// Requests per second, and how many of a kind are sent one after the other.
const RATE: u32 = 250;
const IN_A_ROW: u64 = 250;
const LOOK: Duration = Duration::from_millis(50);

/// What a supplier served, by the application's count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
	/// Units of the answers that the application has checked.
	pub units: Units,
	/// With those of requests that may have been served without an answer.
	pub at_most: Units,
}

/// Sends requests, and prints a line per session.
pub struct Watch {
	/// Who must be caught.
	liars: Vec<AccountId32>,
	token: Token,
	spinner: ProgressBar,
	sent: Loaded,
	served: BTreeMap<AccountId32, Served>,
}

impl Watch {
	pub fn new(liars: Vec<AccountId32>, token: Token) -> Self {
		let style = ProgressStyle::with_template("{spinner} {msg}");
		let spinner = ProgressBar::new_spinner()
			.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
		Self { liars, token, spinner, sent: Loaded::default(), served: BTreeMap::new() }
	}

	/// What became of all requests.
	pub fn sent(&self) -> &Loaded {
		&self.sent
	}

	/// What a supplier served.
	pub fn served(&self, who: &AccountId32) -> Served {
		self.served.get(who).copied().unwrap_or_default()
	}

	/// Has the application send requests for `sessions` sessions, and then until whoever lies has lost;
	/// then waits until everything is settled.
	pub async fn requests(
		&mut self,
		network: &mut Network,
		ledger: &mut Ledger,
		sessions: SessionIndex,
	) -> Result<()> {
		self.spinner.enable_steady_tick(Duration::from_millis(120));
		let mut first = None;
		loop {
			let (over, last) = loop {
				self.send(network, ledger).await?;
				let session = ledger.books().session;
				let asked = session - *first.get_or_insert(session);
				let over = asked >= LONGEST.max(sessions);
				if over || (asked >= sessions && self.lies_lost(ledger)) {
					break (over, session);
				}
			};
			self.spinner.set_message("waiting for what is still to be settled");
			while !ledger.books().is_settled(last) {
				self.look(network, ledger).await?;
			}
			// What was still open may have been paid.
			if over || self.lies_lost(ledger) {
				self.spinner.finish_and_clear();
				return Ok(());
			}
		}
	}

	/// Whether each liar was caught, and has lost even if all that it has claimed since is paid.
	fn lies_lost(&self, ledger: &Ledger) -> bool {
		self.liars.iter().all(|who| {
			let (entry, open) = (ledger.entry(who), ledger.books().open_worth(who));
			let open = i128::try_from(open).unwrap_or(i128::MAX);
			entry.relays.forfeited > 0 && entry.gain().saturating_add(open) < 0
		})
	}

	/// Sends some requests of each kind.
	async fn send(&mut self, network: &mut Network, ledger: &mut Ledger) -> Result<()> {
		for (method, weight) in METHODS {
			let mut loading = network.load(APPLICATION, &Load::new(method, IN_A_ROW).at(RATE))?;
			let loaded = loop {
				match loading.done()? {
					Some(loaded) => break loaded,
					None => self.look(network, ledger).await?,
				}
			};
			if loaded.answered == 0 {
				let why = loaded.why.unwrap_or_default();
				bail!("the application gets no answers: {why}; see the suppliers' logs");
			}
			for (who, by) in &loaded.suppliers {
				let served = self.served.entry(*who).or_default();
				served.units += by.answered * Units::from(weight);
				served.at_most += by.units;
			}
			self.sent.add(&loaded);
			self.spinner.set_message(format!(
				"session {}: {} requests answered",
				ledger.books().session,
				text::thousands(self.sent.answered)
			));
		}
		Ok(())
	}

	/// Enters what is new and says it.
	async fn look(&self, network: &mut Network, ledger: &mut Ledger) -> Result<()> {
		network.check()?;
		let seen = ledger.catch_up().await?;
		for seen in &seen {
			self.say(network, seen).await?;
		}
		if seen.is_empty() {
			tokio::time::sleep(LOOK).await;
		}
		Ok(())
	}

	async fn say(&self, network: &Network, seen: &Seen) -> Result<()> {
		for (session, _, report) in settled(network.chain(), seen, &self.token).await? {
			let records = report.history.iter().rev();
			let record =
				records.filter(|record| record.session == session).map(|r| r.relays).next();
			if let Some(record) = record.filter(|record| record.claims > 0) {
				let line = format!("session {session} | {}", text::relays(&record, &self.token));
				self.spinner.suspend(|| println!("{line}"));
			}
		}
		Ok(())
	}
}

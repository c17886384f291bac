//! The audits while they go on.

use crate::{commands::settled, Entry, Ledger, Network, Plan, Seen};
use anyhow::{bail, Result};
use capacity_oracle_client::{AccountId32, Token};
use capacity_protocol::{OracleReport, SessionIndex, SessionRecord};
use std::time::Duration;

/// After so many sessions it is over, whoever was drawn.
const LONGEST: SessionIndex = 40;
/// Sessions in which all must have bid.
const BIDS_WITHIN: SessionIndex = 5;
const LOOK: Duration = Duration::from_millis(100);

/// Prints a line per session.
pub struct Watch {
	/// Who takes part.
	suppliers: Vec<AccountId32>,
	token: Token,
	/// The last session that was settled while all took part, and what the oracle reported then.
	complete: Option<(SessionIndex, OracleReport)>,
}

impl Watch {
	pub fn new(plans: &[Plan], token: Token) -> Result<Self> {
		let suppliers = plans.iter().map(Plan::account).collect::<Result<_>>()?;
		Ok(Self { suppliers, token, complete: None })
	}

	/// What the oracle said when all took part for the last time.
	pub fn complete(&self) -> Option<&(SessionIndex, OracleReport)> {
		self.complete.as_ref()
	}

	/// Watches `sessions` sessions in which all have bid, and then as many as it takes until each
	/// supplier was audited.
	pub async fn sessions(
		&mut self,
		network: &mut Network,
		ledger: &mut Ledger,
		sessions: SessionIndex,
	) -> Result<()> {
		loop {
			self.look(network, ledger).await?;
			let session = ledger.books().session;
			let entries: Vec<_> = self.suppliers.iter().map(|who| ledger.entry(who)).collect();
			let all = entries.iter().map(|entry| entry.from).collect::<Option<Vec<_>>>();
			let Some(first) = all.and_then(|from| from.into_iter().max()) else {
				if session > BIDS_WITHIN {
					bail!("not all suppliers have bid after {session} sessions; see their logs");
				}
				continue;
			};
			let audited = |entry: &Entry| entry.fulfilled + entry.failed > 0;
			let over = session >= first + sessions && entries.iter().all(audited);
			if over || session >= first + LONGEST.max(sessions) {
				return Ok(());
			}
		}
	}

	/// Watches until every audit is settled, given that none is drawn from the next session on.
	pub async fn settlement(&mut self, network: &mut Network, ledger: &mut Ledger) -> Result<()> {
		let last = ledger.books().session + 1;
		while ledger.books().session <= last || ledger.books().open_audits() > 0 {
			self.look(network, ledger).await?;
		}
		Ok(())
	}

	/// Enters what is new and says it.
	async fn look(&mut self, network: &mut Network, ledger: &mut Ledger) -> Result<()> {
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

	async fn say(&mut self, network: &Network, seen: &Seen) -> Result<()> {
		for (session, line, report) in settled(network.chain(), seen, &self.token).await? {
			println!("{line}");
			let many = self.suppliers.len() as u32;
			let all =
				|record: &SessionRecord| record.session == session && record.suppliers == many;
			if report.suppliers == many && report.history.iter().any(all) {
				self.complete = Some((session, report));
			}
		}
		Ok(())
	}
}

//! Transactions, sent while blocks come.

use super::{Agent, News};
use crate::{
	decide::Attempt,
	store::{Key, Record},
};
use anyhow::Result;
use capacity_oracle_client::{Block, Call, Submitted, TransactionError};
use serde_json::{json, Value as Json};
use std::time::Duration;

/// How long a transaction is waited for. What became of it is seen on chain anyway.
const LIMIT: Duration = Duration::from_secs(30);
/// So many refused claims are followed by another one at once: the next may be smaller.
const FEW: u32 = 3;

/// What a transaction is for. One of each at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Transaction {
	Bid,
	Announcement,
	Claim(Key),
	Proof(Key),
}

impl Transaction {
	fn name(&self) -> &'static str {
		match self {
			Self::Bid => "bid",
			Self::Announcement => "announcement",
			Self::Claim(_) => "claim",
			Self::Proof(_) => "proof",
		}
	}

	fn key(&self) -> Option<Key> {
		match self {
			Self::Bid | Self::Announcement => None,
			Self::Claim(key) | Self::Proof(key) => Some(*key),
		}
	}
}

/// What became of a transaction.
pub(super) struct Sent {
	what: Transaction,
	/// What to say if it went well.
	text: String,
	fields: Json,
	result: Result<Submitted, TransactionError>,
}

impl Agent {
	/// Sends a transaction, unless one for the same is under way.
	pub(super) fn send(
		&mut self,
		what: Transaction,
		call: Call,
		block: Block,
		text: String,
		fields: Json,
	) -> Result<()> {
		if !self.under_way.insert(what) {
			return Ok(());
		}
		self.change_attempt(what, |last| *last = Some(Attempt::next(*last, block.number)))?;
		let (chain, signer, news) = (self.chain.clone(), self.signer.clone(), self.news.clone());
		tokio::spawn(async move {
			let result = chain.submit_within(&signer, call, LIMIT).await;
			// Nobody listens any more if the agent is stopping.
			let _ = news.send(News::Sent(Sent { what, text, fields, result }));
		});
		Ok(())
	}

	/// Takes in what became of a transaction.
	pub(super) fn hear_sent(&mut self, sent: Sent) -> Result<()> {
		let Sent { what, text, mut fields, result } = sent;
		self.under_way.remove(&what);
		let session = what.key().map(|key| key.session);
		let error = match result {
			Ok(submitted) => {
				let event = match what {
					// The chain's own event says more.
					Transaction::Bid | Transaction::Announcement => return Ok(()),
					Transaction::Claim(_) => "committed",
					Transaction::Proof(_) => "proven",
				};
				self.count_sent(what, &fields);
				fields["fee"] = submitted.fee.to_string().into();
				fields["block"] = submitted.block.number.into();
				self.journal.say(event, session, text, fields);
				return Ok(());
			}
			Err(error) => error,
		};
		let again = error.may_retry();
		let changed = !again && self.reconsider(what);
		self.change_attempt(what, |attempt| {
			if let Some(attempt) = attempt {
				attempt.lost = again || (changed && attempt.refused < FEW);
				attempt.refused = attempt.refused.saturating_add(u32::from(!again));
			}
		})?;
		let (event, verb) = match (again, &error) {
			(_, TransactionError::NotDue) => {
				("not-due", "is not taken now and is sent again if it may be")
			}
			(true, _) => ("lost", "did not get through"),
			(false, _) => ("refused", "was refused"),
		};
		let name = what.name();
		let text = format!("the {name} {verb}: {error}");
		self.journal.say(event, session, text, json!({"what": name, "error": error.to_string()}));
		Ok(())
	}

	fn change_attempt(
		&mut self,
		what: Transaction,
		change: impl FnOnce(&mut Option<Attempt>),
	) -> Result<()> {
		let Some(key) = what.key() else {
			change(match what {
				Transaction::Announcement => &mut self.endpoint_attempt,
				_ => &mut self.bid_attempt,
			});
			return Ok(());
		};
		// What is settled and forgotten needs no more attempts.
		let Some(mut record): Option<Record> = self.records.get(&key).copied() else {
			return Ok(());
		};
		match what {
			Transaction::Proof(_) => change(&mut record.attempts.proof),
			_ => change(&mut record.attempts.claim),
		}
		self.keep(key, record)
	}
}

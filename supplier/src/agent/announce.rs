//! Saying on the chain where applications find this supplier.

use super::{Agent, Transaction};
use anyhow::Result;
use capacity_oracle_client::{Block, Call, Snapshot};
use serde_json::json;

impl Agent {
	/// Announces the endpoint, if the chain has another one.
	pub(super) async fn keep_endpoint(&mut self, snapshot: &Snapshot) -> Result<()> {
		let Some(wanted) = &self.endpoint else { return Ok(()) };
		let block = Block { number: snapshot.number(), hash: snapshot.hash() };
		if self.endpoint_attempt.is_some_and(|attempt| attempt.holds(block.number)) {
			return Ok(());
		}
		if snapshot.endpoint(self.service, &self.who).await?.as_ref() == Some(wanted) {
			return Ok(());
		}
		// An endpoint belongs to a bid.
		if snapshot.stake(self.service, &self.who).await?.is_none() {
			return Ok(());
		}
		let call = Call::announce(self.service, wanted);
		self.send(Transaction::Announcement, call, block, String::new(), json!({}))
	}
}

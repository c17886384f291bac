//! Keeping the bid.

use super::{Agent, Transaction};
use crate::bid::{decide_bid, BidAction, Past};
use anyhow::{bail, Context, Result};
use capacity_oracle_client::{thousands, Block, Call, Snapshot};
use serde_json::json;

impl Agent {
	/// Whether the chain would take the bid at all.
	pub(super) async fn check_wish(&self) -> Result<()> {
		let (service, units) = (self.service, self.wish.units);
		let best = self.chain.best().await?;
		let Some(status) = best.service(service).await? else {
			bail!("there is no service {service}: give another with --service");
		};
		let policy = status.policy_next;
		if !policy.admits(units) {
			bail!(
				"service {service} admits bids of {} to {} units: give another number with --units",
				thousands(policy.minimum_bid.into()),
				thousands(policy.maximum_bid.into())
			);
		}
		let minimum = policy.stake(units);
		if let Some(stake) = self.wish.stake.filter(|stake| *stake < minimum) {
			bail!(
				"a bid of {} units needs a stake of {} at least, not {}: give more with --stake, or \
				 leave it out",
				thousands(units.into()),
				self.token.show(minimum),
				self.token.show(stake)
			);
		}
		Ok(())
	}

	/// Places the bid, if it is not in place.
	pub(super) async fn keep_bid(&mut self, snapshot: &Snapshot) -> Result<()> {
		let status = snapshot.stake(self.service, &self.who).await?;
		let minimum = snapshot.minimum_stake(self.service, self.wish.units).await?;
		let minimum = minimum.with_context(|| format!("there is no service {}", self.service))?;
		if let Some(status) = &status {
			self.has_left = status.units_next.is_none();
		}
		let placed = status.as_ref().map_or(0, |status| status.stake);
		if let Some(stake) = self.wish.stake.filter(|stake| self.raised && placed >= *stake) {
			self.store.set_placed_stake(stake)?;
			self.raised = false;
		}
		let past = Past { left: self.has_left, raised: self.raised };
		let decided = decide_bid(&self.wish, status.as_ref(), past, minimum);
		let Some(action) = decided else {
			self.bid_told = None;
			return Ok(());
		};
		let block = Block { number: snapshot.number(), hash: snapshot.hash() };
		let waiting = self.bid_attempt.is_some_and(|attempt| attempt.holds(block.number));
		match action {
			BidAction::Bid { .. } if waiting => {}
			BidAction::Bid { add } => {
				let free = snapshot.account(&self.who).await?.free;
				let needed = add.saturating_add(snapshot.existential_deposit()?);
				if free <= needed {
					self.tell_bid(
						action,
						format!(
							"a bid of {} units needs {} of stake, and some more for fees, but {} \
							 has only {}: send it money, or bid less with --units",
							thousands(self.wish.units.into()),
							self.token.show(add),
							self.who,
							self.token.show(free)
						),
					);
					return Ok(());
				}
				// If the last one still waits for its block, stake would be added twice.
				if self.bid_attempt.is_some() && self.chain.has_pending(&self.who).await? {
					return Ok(());
				}
				let call = Call::bid(self.service, self.wish.units, add);
				self.send(Transaction::Bid, call, block, String::new(), json!({}))?;
			}
			BidAction::StayOut => self.tell_bid(
				action,
				"the bid is out of the draws; start with --rejoin to bid again, or take back what is \
				 left of the stake with `supplier withdraw`"
					.into(),
			),
			BidAction::StayShort => self.tell_bid(
				action,
				"the stake is below the minimum, so the bid will leave the draws; start with \
				 --rejoin to add what is missing"
					.into(),
			),
		}
		Ok(())
	}

	fn tell_bid(&mut self, action: BidAction, text: String) {
		if self.bid_told != Some(action) {
			self.journal.warn(text);
			self.bid_told = Some(action);
		}
	}
}

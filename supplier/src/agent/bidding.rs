//! Keeping the bid.

use super::{Agent, Transaction};
use crate::{
	bid::{decide_bid, BidAction, Needed, Past},
	store::Key,
};
use anyhow::{bail, Context, Result};
use capacity_oracle_client::{thousands, Block, Call, Snapshot};
use capacity_protocol::{Balance, Duty, Policy, StandardWork};
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
		let minimum = best.minimum_stake(service, units).await?.unwrap_or_default();
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
	pub(super) async fn keep_bid(
		&mut self,
		snapshot: &Snapshot,
		duties: &[(Key, Duty<StandardWork>)],
	) -> Result<()> {
		let status = snapshot.stake(self.service, &self.who).await?;
		let missing = || format!("there is no service {}", self.service);
		let known = snapshot.service(self.service).await?.with_context(missing)?;
		let to_stay = snapshot.minimum_stake(self.service, self.wish.units).await?;
		let to_stay = to_stay.with_context(missing)?;
		let at_risk =
			duties.iter().filter_map(|(_, duty)| duty.relays).map(|relays| relays.at_risk);
		let audits = known.policy_next.audit_stake(self.wish.units);
		let needed =
			Needed { to_stay, to_bid: at_risk.fold(audits, Balance::saturating_add).max(to_stay) };
		if let Some(status) = &status {
			self.has_left = status.units_next.is_none();
		}
		let placed = status.as_ref().map_or(0, |status| status.stake);
		if let Some(stake) = self.wish.stake.filter(|stake| self.raised && placed >= *stake) {
			self.store.set_placed_stake(stake)?;
			self.raised = false;
		}
		let past = Past { left: self.has_left, raised: self.raised };
		match decide_bid(&self.wish, status.as_ref(), past, needed) {
			None => self.bid_told = None,
			Some(BidAction::Bid { add }) => {
				self.place_bid(snapshot, &known.policy_next, add).await?;
			}
			Some(BidAction::StayOut) => self.tell_bid(
				"the bid is out of the draws; start with --rejoin to bid again, or take back what is \
				 left of the stake with `supplier withdraw`"
					.into(),
			),
			Some(BidAction::StayShort) => self.tell_bid(
				"the stake is below the minimum, so the bid will leave the draws; start with --rejoin \
				 to add what is missing"
					.into(),
			),
		}
		Ok(())
	}

	/// Bids, with so much more stake, unless a bid is on its way or the chain would not take it.
	async fn place_bid(
		&mut self,
		snapshot: &Snapshot,
		policy: &Policy<StandardWork>,
		add: Balance,
	) -> Result<()> {
		let block = Block { number: snapshot.number(), hash: snapshot.hash() };
		if self.bid_attempt.is_some_and(|attempt| attempt.holds(block.number)) {
			return Ok(());
		}
		let (units, named) = (self.wish.units, thousands(self.wish.units.into()));
		let fund = snapshot.fund_status(self.service).await?.unwrap_or_default();
		if !policy.audit_rate.is_zero() && !policy.affords(fund.total(), units) {
			self.tell_bid(format!(
				"service {} has {} for audits, which does not allow any of {named} units: bid less with \
				 --units, or add to it with `supplier fund`",
				self.service,
				self.token.show(fund.total()),
			));
			return Ok(());
		}
		let free = snapshot.account(&self.who).await?.free;
		if free <= add.saturating_add(snapshot.existential_deposit()?) {
			self.tell_bid(format!(
				"a bid of {named} units needs {} of stake, and some more for fees, but {} has only {}: \
				 send it money, or bid less with --units",
				self.token.show(add),
				self.who,
				self.token.show(free)
			));
			return Ok(());
		}
		// If the last one still waits for its block, stake would be added twice.
		if self.bid_attempt.is_some() && self.chain.has_pending(&self.who).await? {
			return Ok(());
		}
		let call = Call::bid(self.service, units, add);
		self.send(Transaction::Bid, call, block, String::new(), json!({}))
	}

	/// Says why there is no bid, once.
	fn tell_bid(&mut self, text: String) {
		if self.bid_told.as_ref() != Some(&text) {
			self.journal.warn(&text);
			self.bid_told = Some(text);
		}
	}
}

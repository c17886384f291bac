//! Sights of a real chain.

use super::{Oracle, Round, Sight};
use crate::spending::Payable;
use anyhow::{bail, Context, Result};
use capacity_oracle_client::{AccountId32, Blocks, Chain, Snapshot};
use capacity_protocol::{ApplicationIndex, RelaySession, ServiceId};

/// Looks at the chain after each best block.
pub struct ChainOracle {
	chain: Chain,
	blocks: Blocks,
	service: ServiceId,
	account: AccountId32,
	/// The number of the last block that was looked at.
	last: u32,
}

impl ChainOracle {
	/// Looks for the application of `account`.
	pub async fn new(chain: Chain, service: ServiceId, account: AccountId32) -> Result<Self> {
		let known = chain.service(service).await?;
		let known =
			known.with_context(|| format!("there is no service {service}: give another"))?;
		if known.policy.relays.or(known.policy_next.relays).is_none() {
			bail!("service {service} has no relays: its policy only has audits; give another");
		}
		let blocks = chain.best_blocks();
		Ok(Self { chain, blocks, service, account, last: 0 })
	}

	async fn look(&mut self) -> Result<Sight> {
		let block = self.blocks.latest().await;
		if block.number < self.last {
			self.chain.check_genesis().await?;
		}
		self.last = block.number;
		let snapshot = self.chain.at(block.hash).await?;
		let clock = snapshot.clock().await?;
		let index = snapshot.application_index(self.service, &self.account).await?;
		let Some(index) = index else {
			return Ok(Sight { service: self.service, clock, application: None, rounds: vec![] });
		};
		let status = snapshot.application(self.service, index).await?;
		let mut rounds = Vec::new();
		for session in [Some(clock.session), clock.session.checked_sub(1)].into_iter().flatten() {
			if let Some(relays) = snapshot.relay_session(self.service, session).await? {
				rounds.push(round(&snapshot, self.service, &relays, index).await?);
				// If the current session's seed is known nobody needs the one before.
				break;
			}
		}
		let application = status.map(|status| (index, status));
		Ok(Sight { service: self.service, clock, application, rounds })
	}
}

impl Oracle for ChainOracle {
	async fn next(&mut self) -> Option<Result<Sight>> {
		Some(self.look().await)
	}
}

/// What the chain says of one session.
async fn round(
	snapshot: &Snapshot,
	service: ServiceId,
	relays: &RelaySession,
	index: ApplicationIndex,
) -> Result<Round> {
	let (session, terms) = (relays.session, relays.terms);
	let payable = snapshot.payable(service, session, index).await?;
	let units = |amount| terms.units(amount);
	Ok(Round {
		session,
		seed: relays.seed,
		prices: terms.prices,
		unit_price: terms.price,
		claims_open: relays.claims_open,
		claims_close: relays.claims_close,
		assignments: snapshot.assignments(service, session, index).await?,
		payable: payable.map_or(Payable::default(), |payable| Payable {
			total: units(payable.total),
			part: units(payable.part),
			claimed: units(payable.claimed),
		}),
	})
}

//! One run: everybody joins, plays so many sessions, leaves, and takes its money along.

use super::{
	cast::Cast,
	chain::{self, CapacityOracle, Event, Runtime, H, SERVICE},
	claims::Pending,
	ledger::{Account, Ledger},
	strategies::{Asked, Duty},
	work::Workshop,
	Scenario,
};
use anyhow::{anyhow, ensure, Context, Result};
use capacity_protocol::{
	assigned_slot, Balance, Seed, SessionIndex, SessionRecord, StandardWork, Units,
};
use indicatif::ProgressBar;
use pallet_capacity_oracle::{Rounds, Sessions, Slots};
use std::collections::BTreeMap;

/// What came of one run.
pub struct Run {
	pub cast: Cast,
	pub accounts: Vec<Account>,
	/// What the oracle said after each settled session but the last.
	pub oracle: Vec<Said>,
	/// Sessions without audits.
	pub skipped: u32,
}

/// What the oracle said after a session was settled.
pub struct Said {
	pub reported: Units,
	pub verified: Units,
	pub verified_low: Units,
	/// Of that session alone.
	pub record: SessionRecord,
}

pub(super) struct World<'a> {
	pub(super) scenario: &'a Scenario,
	pub(super) cast: Cast,
	pub(super) ledger: Ledger,
	pub(super) workshop: Workshop,
	/// Audits that were drawn for the session that has just begun.
	drawn: Duties,
	/// What is asked for in the session before, and will be claimed.
	asked: Duties,
	pub(super) pending: Vec<Pending>,
	/// Stake lost since the last top-up, by identity.
	pub(super) lost: BTreeMap<u32, Balance>,
	oracle: Vec<Said>,
}

/// By identity, so that those of one supplier come together.
pub(super) type Duties = BTreeMap<u32, Duty>;

/// Plays a scenario once. `bar` counts sessions.
pub fn play(scenario: &Scenario, replica: u32, bar: &ProgressBar) -> Result<Run> {
	let seed = scenario.seed_of(replica);
	let cast = Cast::of(scenario, seed)?;
	let pot = scenario.pot(cast.bid())?;
	let mut chain = chain::genesis(scenario.policy, cast.accounts(scenario)?, pot, seed);
	let StandardWork::Synthetic(work) = scenario.policy.work;
	let mut world = World {
		scenario,
		ledger: Ledger::new(scenario, cast.players.len()),
		workshop: Workshop::new(work),
		drawn: Duties::new(),
		asked: Duties::new(),
		pending: Vec::new(),
		lost: BTreeMap::new(),
		oracle: Vec::new(),
		cast,
	};
	chain.execute(|| world.play(bar))?;
	let World { cast, ledger, oracle, .. } = world;
	Ok(Run { cast, skipped: ledger.skipped, accounts: ledger.into_accounts(), oracle })
}

impl World<'_> {
	fn play(&mut self, bar: &ProgressBar) -> Result<()> {
		let (last, issued) = (self.scenario.sessions, chain::issued());
		self.join()?;
		// The chain has begun with block 1, and so within session 0.
		for _ in 1..chain::SCHEDULE.session {
			self.next_block();
		}
		for session in 1..=last + 1 {
			ensure!(chain::session() == session, "the clock has lost its way");
			let mut begun = std::mem::take(&mut self.drawn);
			self.demand(session, &mut begun)?;
			let due = std::mem::replace(&mut self.asked, begun);
			self.claim(session - 1, due)?;
			self.next_block();
			self.prove(session - 1)?;
			self.next_block();
			if session <= last {
				self.listen(session - 1);
				self.top_up()?;
				bar.inc(1);
			}
			if session == last {
				self.leave()?;
			}
			if self.scenario.check {
				chain::check().with_context(|| format!("after session {}", session - 1))?;
			}
			self.next_block();
		}
		self.take_everything()?;
		chain::check()?;
		ensure!(chain::issued() == issued, "money was made or lost");
		self.account_for_everything()
	}

	fn next_block(&mut self) {
		for event in chain::next_block() {
			if let Event::AuditAssigned { supplier, units, .. } = event {
				if let Some(identity) = self.cast.identity(supplier) {
					self.drawn.entry(identity).or_default().audit = Some(units);
				}
			}
			if let Some((identity, slashed)) = self.ledger.note(&self.cast, &event) {
				*self.lost.entry(identity).or_default() += slashed;
			}
		}
	}

	/// What applications ask for in a session, of the suppliers that they have drawn.
	fn demand(&self, session: SessionIndex, duties: &mut Duties) -> Result<()> {
		let Some(terms) = self.scenario.policy.relays else { return Ok(()) };
		let round = Rounds::<Runtime>::get(session, SERVICE);
		let slots = round.map_or(0, |round| round.members.slots);
		if self.cast.applications.is_empty() || slots == 0 {
			return Ok(());
		}
		let seed = seed_of(session)?;
		for (application, known) in (0..).zip(&self.cast.applications) {
			// Two ranks can fall to the same supplier, which then serves both parts.
			let mut drawn = BTreeMap::<u32, Asked>::new();
			for rank in 0..terms.suppliers {
				let slot = assigned_slot::<H>(&seed, SERVICE, application, rank, slots);
				let Some(identity) = self.occupant(slot, session) else { continue };
				let extra = u64::from(rank) < known.units % u64::from(terms.suppliers);
				let part = known.units / u64::from(terms.suppliers) + u64::from(extra);
				let own = known.owner.is_some();
				let asked =
					drawn.entry(identity).or_insert(Asked { application, rank, units: 0, own });
				asked.units = if own { known.units } else { asked.units + part };
			}
			let owner = known.owner.map(|owner| owner as usize);
			for (identity, asked) in drawn {
				let serves = owner.is_none() || self.cast.player_of(identity) == owner;
				if serves && asked.units > 0 {
					duties.entry(identity).or_default().asked.push(asked);
				}
			}
		}
		Ok(())
	}

	fn occupant(&self, slot: u32, session: SessionIndex) -> Option<u32> {
		self.cast.identity((*Slots::<Runtime>::get(SERVICE, slot)?.at(session))?)
	}

	/// Takes down what the oracle says once `session` is settled.
	fn listen(&mut self, session: SessionIndex) {
		let Some(mut report) = CapacityOracle::report(SERVICE) else { return };
		if let Some(record) = report.history.pop().filter(|record| record.session == session) {
			self.oracle.push(Said {
				reported: report.capacity_reported,
				verified: report.capacity_verified,
				verified_low: report.capacity_verified_low,
				record,
			});
		}
	}
}

pub(super) fn seed_of(session: SessionIndex) -> Result<Seed> {
	let known = Sessions::<Runtime>::get(session).context("a session is gone")?;
	known.seed.context("a session has no seed")
}

/// The chain has refused what it must not.
pub(super) fn refused(what: &'static str) -> impl Fn(sp_runtime::DispatchError) -> anyhow::Error {
	move |error| anyhow!("{what} is refused by the chain: {error:?}")
}

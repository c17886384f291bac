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
	assigned_unit, Balance, Ranks, Seed, SessionIndex, SessionRecord, StandardWork, Units,
};
use indicatif::ProgressBar;
use pallet_capacity_oracle::{Bids, Rounds, Sessions, Slots};
use std::collections::BTreeMap;

/// What came of one run.
pub struct Run {
	pub cast: Cast,
	pub accounts: Vec<Account>,
	/// What the oracle said after each settled session but the last.
	pub oracle: Vec<Said>,
	/// Sessions without audits.
	pub skipped: u32,
	/// Sessions audited at a lower rate than the policy's, as money was short.
	pub thinned: u32,
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
	/// Stake that was lost and not filled up again, by identity.
	pub(super) lost: BTreeMap<u32, Lost>,
	/// What was added to the service's money.
	pub(super) refilled: Balance,
	oracle: Vec<Said>,
}

/// Stake that was lost, and the session in which it is filled up again.
pub(super) struct Lost {
	pub(super) amount: Balance,
	pub(super) until: SessionIndex,
}

/// By identity, so that those of one supplier come together.
pub(super) type Duties = BTreeMap<u32, Duty>;

/// Plays a scenario once. `bar` counts sessions.
pub fn play(scenario: &Scenario, replica: u32, bar: &ProgressBar) -> Result<Run> {
	let seed = scenario.seed_of(replica);
	let cast = Cast::of(scenario, seed)?;
	let money = scenario.funds(cast.bid(), cast.true_capacity())?;
	let mut chain = chain::genesis(scenario.policy, cast.accounts(scenario)?, money, seed);
	let StandardWork::Synthetic(work) = scenario.policy.work;
	let mut world = World {
		scenario,
		ledger: Ledger::new(scenario, cast.players.len()),
		workshop: Workshop::new(work),
		drawn: Duties::new(),
		asked: Duties::new(),
		pending: Vec::new(),
		lost: BTreeMap::new(),
		refilled: 0,
		oracle: Vec::new(),
		cast,
	};
	chain.execute(|| world.play(bar))?;
	let World { cast, ledger, oracle, .. } = world;
	let (skipped, thinned) = (ledger.skipped, ledger.thinned);
	Ok(Run { cast, skipped, thinned, accounts: ledger.into_accounts(), oracle })
}

impl World<'_> {
	fn play(&mut self, bar: &ProgressBar) -> Result<()> {
		let (last, issued, money) = (self.scenario.sessions, chain::issued(), chain::money());
		self.open_applications()?;
		self.join(1)?;
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
				self.refill(money)?;
				bar.inc(1);
			}
			if session < last {
				self.join(session + 1)?;
			}
			if session == last {
				self.leave()?;
			}
			if self.scenario.check {
				chain::check().with_context(|| format!("after session {}", session - 1))?;
			}
			self.next_block();
			self.next_block();
		}
		self.take_everything()?;
		chain::check()?;
		ensure!(chain::issued() == issued, "money was made or lost");
		self.account_for_everything(money)
	}

	fn next_block(&mut self) {
		for event in chain::next_block() {
			if let Event::AuditAssigned { supplier, units, .. } = event {
				if let Some(identity) = self.cast.identity(supplier) {
					self.drawn.entry(identity).or_default().audit = Some(units);
				}
			}
			if let Some((identity, slashed)) = self.ledger.note(&self.cast, &event) {
				let waits =
					self.cast.identities.get(identity as usize).map_or(0, |known| known.waits);
				let until = chain::session().saturating_add(waits);
				self.lost.entry(identity).or_insert(Lost { amount: 0, until }).amount += slashed;
			}
		}
	}

	/// What applications ask for in a session, of the suppliers that they have drawn.
	fn demand(&self, session: SessionIndex, duties: &mut Duties) -> Result<()> {
		let Some(terms) = self.scenario.policy.relays else { return Ok(()) };
		let round = Rounds::<Runtime>::get(session, SERVICE);
		let units = round.map_or(0, |round| round.members.units);
		if self.cast.applications.is_empty() || units == 0 {
			return Ok(());
		}
		let (seed, ranges) = (seed_of(session)?, self.ranges(session)?);
		for (application, known) in (0..).zip(&self.cast.applications) {
			// Several draws can fall to the same bid, which then serves all their parts.
			let mut drawn = BTreeMap::<u32, (Vec<u8>, Units)>::new();
			for rank in 0..terms.suppliers {
				let unit = assigned_unit::<H>(&seed, SERVICE, application, rank, units);
				let Some(identity) = holder(&ranges, unit) else { continue };
				let extra = u64::from(rank) < known.units % u64::from(terms.suppliers);
				let part = known.units / u64::from(terms.suppliers) + u64::from(extra);
				let (ranks, asked) = drawn.entry(identity).or_default();
				ranks.push(rank);
				*asked += part;
			}
			let owner = known.owner.map(|owner| owner as usize);
			for (identity, (ranks, parts)) in drawn {
				let ranks = Ranks::of(terms.suppliers, |rank| ranks.contains(&rank));
				let own = owner.is_some();
				let units = if own { known.units } else { parts };
				let serves = !own || self.cast.player_of(identity) == owner;
				if serves && units > 0 {
					let asked = Asked { application, ranks, units, own };
					duties.entry(identity).or_default().asked.push(asked);
				}
			}
		}
		Ok(())
	}

	/// Where the range of units of each bid ends, in the order of the slots, and whose it is.
	fn ranges(&self, session: SessionIndex) -> Result<Vec<(Units, Option<u32>)>> {
		let round = Rounds::<Runtime>::get(session, SERVICE).context("a round is gone")?;
		let mut end = 0;
		let mut range = |slot| {
			let occupant = Slots::<Runtime>::get(SERVICE, slot)?.at(session).to_owned()?;
			let seat = *Bids::<Runtime>::get(SERVICE, occupant)?.seat.at(session);
			end += seat?.units;
			Some((end, self.cast.identity(occupant)))
		};
		let ranges = (0..round.members.slots).map(&mut range).collect::<Option<Vec<_>>>();
		ranges.context("slots are not dense")
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

/// Whose range a unit lies in.
fn holder(ranges: &[(Units, Option<u32>)], unit: Units) -> Option<u32> {
	ranges.get(ranges.partition_point(|(end, _)| *end <= unit))?.1
}

pub(super) fn seed_of(session: SessionIndex) -> Result<Seed> {
	let known = Sessions::<Runtime>::get(session).context("a session is gone")?;
	known.seed.context("a session has no seed")
}

/// The chain has refused what it must not.
pub(super) fn refused(what: &'static str) -> impl Fn(sp_runtime::DispatchError) -> anyhow::Error {
	move |error| anyhow!("{what} is refused by the chain: {error:?}")
}

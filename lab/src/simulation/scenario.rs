use super::{chain, strategies::Audited, Population};
use anyhow::{ensure, Context, Result};
use capacity_economics::{Confidence, FixedU128, Perquintill};
use capacity_protocol::{
	Balance, PenaltyBasis, Policy, PriceList, RelayTerms, Selection, Slashing, StandardWork,
	Synthetic, Units,
};
use serde::Serialize;

/// What one compute unit costs, in money: so much that rounding does not show.
pub const COST: Balance = 1_000_000;

/// What is played.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scenario {
	pub population: Population,
	/// The suppliers of each strategy have these capacities in turn, in units of the reference capacity.
	pub capacities: Vec<f64>,
	/// Spread of the capacities about that: the standard deviation of their logarithm. 0: none.
	pub spread: f64,
	/// Sessions, two at least.
	pub sessions: u32,
	/// Runs with seeds of their own, pooled.
	pub replicas: u32,
	/// Everything random follows from it.
	pub seed: u64,
	/// The stake behind a bid, as a multiple of its minimum. With 2 and more a failed audit leaves enough for
	/// the next, and claims of two sessions have collateral at once.
	pub stakes: u32,
	/// Check the whole state after every session, not only at the end.
	pub check: bool,
	/// The service. It is created whether or not it makes truth best.
	pub policy: Policy<StandardWork>,
	/// Applications that ask for relays, if the policy has terms for them.
	pub applications: u32,
	/// Units that each application asks for in a session, of all its suppliers together.
	pub demand: Units,
	/// In place of that: what all applications together ask for, as a share of all bids.
	pub load: Option<f64>,
	/// What the service has for audits, and is filled up to after each session, in what one audit of every
	/// supplier's true capacity costs. None: as much as it could ever need.
	pub money: Option<f64>,
}

impl Default for Scenario {
	/// A hundred suppliers, almost half of which lie, under a policy that makes truth best.
	fn default() -> Self {
		Self {
			population: default_population(),
			capacities: vec![1.0],
			spread: 0.0,
			sessions: 1_000,
			replicas: 1,
			seed: 1,
			stakes: 3,
			check: false,
			policy: reference_policy(),
			applications: 0,
			demand: 60,
			load: None,
			money: None,
		}
	}
}

fn default_population() -> Population {
	use super::{strategies::*, Group};
	let group = |strategy, suppliers| Group { strategy, suppliers, capacity: None };
	Population(vec![
		group(Strategy::Honest(Honest), 50),
		group(Strategy::Splitting(Splitting { delivered: 1, bids: 2 }), 10),
		group(Strategy::Splitting(Splitting { delivered: 1, bids: 5 }), 10),
		group(Strategy::Splitting(Splitting { delivered: 2, bids: 9 }), 10),
		group(Strategy::Overreporting(Overreporting { factor: 2.0 }), 10),
		group(Strategy::Silent(Silent), 5),
		group(Strategy::Outage(Outage { probability: 0.02, moment: Moment::Work }), 5),
	])
}

/// The documents' example: ρ = 2 and S = 8, at a rate somewhat above ε* = 1/9, as whoever settles its own
/// failed audit gets a tenth back. The reference capacity can be divided by 1 to 6.
pub fn reference_policy() -> Policy<StandardWork> {
	Policy {
		work: Synthetic { steps: 1 }.into(),
		cost: COST,
		margin: FixedU128::from_u32(1),
		reference: 60,
		curvature: FixedU128::from_u32(2),
		stake_factor: FixedU128::from_u32(8),
		audit_rate: Perquintill::from_rational(125u64, 1_000u64),
		selection: Selection::Independent,
		quorum: Perquintill::zero(),
		slashing: Slashing::Full,
		minimum_bid: 1,
		maximum_bid: 600,
		openings: 4,
		relays: None,
	}
}

/// Relays at twice their cost, of which the owner gets a tenth and the pot a twentieth; one claim in ten is
/// proven, and all that are worth 60 units.
pub fn relay_terms() -> RelayTerms {
	RelayTerms {
		suppliers: 5,
		price: 2 * COST,
		prices: PriceList::flat(1),
		owner_share: Perquintill::from_percent(10),
		pot_share: Perquintill::from_percent(5),
		threshold: 60 * 2 * COST,
		adapt_threshold: false,
		probability: Perquintill::from_percent(10),
		wanted_proofs: None,
		penalty: PenaltyBasis::Worth,
		confidence: Confidence::Mean,
		credit_relays: false,
		minimum_deposit: 2 * COST,
	}
}

impl Scenario {
	/// The same suppliers, under a policy that does not: S = 4, and a quarter of the rate ε* = 1/5.
	pub fn lax() -> Self {
		let policy = Policy {
			stake_factor: FixedU128::from_u32(4),
			audit_rate: Perquintill::from_percent(5),
			..reference_policy()
		};
		Self { policy, ..Self::default() }
	}

	/// Whether it can be played.
	pub fn check(&self) -> Result<()> {
		ensure!(self.sessions >= 2, "at least two sessions are needed");
		ensure!(self.sessions < 1 << 24, "{} sessions are too many", self.sessions);
		ensure!(self.replicas > 0, "at least one replica is needed");
		ensure!(self.stakes > 0, "a bid needs its minimum stake at least once");
		ensure!(self.population.size() > 0, "nobody plays");
		ensure!(!self.capacities.is_empty(), "no capacity is given");
		ensure!(
			self.capacities.iter().all(|capacity| *capacity > 0.0 && capacity.is_finite()),
			"a capacity is more than nothing"
		);
		ensure!(self.spread >= 0.0 && self.spread < 10.0, "a spread is from 0 to 10");
		let positive = |value: Option<f64>| value.is_none_or(|value| value > 0.0 && value < 1e6);
		ensure!(positive(self.load), "a load is more than nothing");
		ensure!(positive(self.money), "money for audits is more than nothing");
		self.policy.check().map_err(|error| {
			anyhow::anyhow!("the chain refuses this policy whoever insists: {error:?}")
		})?;
		let asks = self.applications > 0 || self.population.own_applications();
		ensure!(!asks || self.policy.relays.is_some(), "applications need terms for relays");
		Ok(())
	}

	/// The private capacity of the supplier with this number among those of its strategy.
	/// `given`: that of all of them.
	pub(super) fn capacity(
		&self,
		given: Option<f64>,
		number: usize,
		luck: &mut fastrand::Rng,
	) -> Units {
		let median = given.unwrap_or_else(|| self.capacities[number % self.capacities.len()]);
		let base = median * self.policy.reference as f64;
		let factor = match self.spread {
			0.0 => 1.0,
			spread => (spread * normal(luck)).exp(),
		};
		((base * factor).round() as Units).clamp(self.policy.minimum_bid, self.policy.maximum_bid)
	}

	/// Whether the formulas say what audits bring.
	pub(super) fn is_predicted(&self) -> bool {
		let policy = &self.policy;
		policy.selection == Selection::Independent
			&& policy.slashing == Slashing::Full
			&& policy.quorum.is_zero()
			&& policy.relays.is_none()
			&& self.stakes > 1
	}

	/// Whether what suppliers gain depends on each other.
	pub(super) fn is_correlated(&self) -> bool {
		self.policy.selection == Selection::Joint || !self.policy.quorum.is_zero()
	}

	pub(super) fn audited(&self, capacity: Units) -> Audited<'_> {
		Audited { capacity, policy: &self.policy }
	}

	/// What each identity has at first, for a bid of `units` with so many stakes: enough to lose all it can
	/// in every session.
	pub(super) fn endowment(&self, units: Units, stakes: u32) -> Result<Balance> {
		let times = Balance::from(self.sessions) + 2 * Balance::from(stakes) + 4;
		let most =
			self.policy.stake(units).checked_mul(times).context("the stakes are too high")?;
		Ok(most.saturating_add(1_000))
	}

	/// What the service has for audits at first: by default enough for auditing all bids in every session,
	/// and any of them as often as the chain wants money for.
	pub(super) fn funds(&self, bids: Units, capacity: Units) -> Result<Balance> {
		let session = self.policy.payment_bound(bids);
		let all = session.checked_mul(Balance::from(self.sessions) + 64);
		let all = all.context("the rewards are too high")?.saturating_add(1_000);
		Ok(self.money.map_or(all, |sessions| self.budget(capacity, sessions)))
	}

	/// What refilling that takes at the most.
	pub(super) fn refills(&self, capacity: Units) -> Result<Balance> {
		let Some(sessions) = self.money else { return Ok(0) };
		let all = self.budget(capacity, sessions).checked_mul(Balance::from(self.sessions) + 8);
		all.context("the rewards are too high")
	}

	fn budget(&self, capacity: Units, sessions: f64) -> Balance {
		(self.policy.payment_bound(capacity) as f64 * sessions) as Balance
	}

	/// What each of its applications asks for, when there are bids of so many units.
	pub(super) fn asked(&self, bids: Units) -> Units {
		let share = |load: f64| (bids as f64 * load / f64::from(self.applications)).ceil() as Units;
		self.load.map_or(self.demand, share)
	}

	/// The deposit of an application that pays nothing.
	pub(super) fn least_deposit(&self) -> Balance {
		self.policy.relays.map_or(0, |terms| terms.minimum_deposit)
	}

	/// What an application pays in a session at the most, and what it puts in, if each of its suppliers
	/// claims so many units: far more than that, so that nobody is paid short.
	pub(super) fn purse(&self, units: Units) -> Result<(Balance, Balance)> {
		const PADDING: Balance = 64;
		let terms = self.policy.relays.context("applications need terms for relays")?;
		let limit = terms
			.worth(units.max(1))
			.checked_mul(PADDING * Balance::from(terms.suppliers))
			.context("the price is too high")?;
		let deposit = limit.checked_mul(Balance::from(self.sessions) + 8);
		Ok((limit, deposit.context("the price is too high")?.max(terms.minimum_deposit)))
	}

	/// The number that a run's randomness follows from.
	pub(super) fn seed_of(&self, replica: u32) -> u64 {
		use sum_trie::Hasher;
		let hash = chain::H::hash(&[b"run", &self.seed.to_le_bytes(), &replica.to_le_bytes()]);
		hash.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
	}
}

/// A draw from the standard normal distribution.
fn normal(luck: &mut fastrand::Rng) -> f64 {
	let (radius, angle) = (1.0 - luck.f64(), luck.f64());
	(-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_default_can_be_played_and_its_policy_makes_truth_best() {
		let scenario = Scenario::default();
		scenario.check().unwrap();
		assert!(scenario.policy.is_truthful(scenario.policy.reference));
		assert_eq!(scenario.population.size(), 100);
	}

	#[test]
	fn capacities_come_in_turn_and_spread_about_their_median() {
		let mut luck = fastrand::Rng::with_seed(1);
		let two = Scenario { capacities: vec![1.0, 0.5], ..Default::default() };
		let taken: Vec<_> = (0..3).map(|number| two.capacity(None, number, &mut luck)).collect();
		assert_eq!(taken, [60, 30, 60]);
		let spread = Scenario { spread: 0.5, ..Default::default() };
		let mut drawn: Vec<_> =
			(0..999).map(|number| spread.capacity(None, number, &mut luck)).collect();
		drawn.sort_unstable();
		// The median is the reference, and the sixth part lies one deviation below: 60 / e^0.5.
		assert!((54..=66).contains(&drawn[499]), "{}", drawn[499]);
		assert!((33..=40).contains(&drawn[158]), "{}", drawn[158]);
	}

	#[test]
	fn what_cannot_be_played_is_refused() {
		let fails = |scenario: Scenario| scenario.check().is_err();
		assert!(fails(Scenario { sessions: 1, ..Default::default() }));
		assert!(fails(Scenario { stakes: 0, ..Default::default() }));
		assert!(fails(Scenario { capacities: vec![0.0], ..Default::default() }));
		assert!(fails(Scenario { applications: 1, ..Default::default() }));
	}
}

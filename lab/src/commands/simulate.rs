use crate::{
	number::{decimal, probability, Float},
	simulation::{
		self, attacks, reference_policy, relay_terms, strategies, sweep, Known, Population,
		Scenario, COST,
	},
	Outcome, Progress, Values,
};
use anyhow::{bail, ensure, Context, Result};
use capacity_economics::{Confidence, FixedU128, Perquintill};
use capacity_protocol::{
	Balance, PenaltyBasis, Policy, PriceList, RelayTerms, Selection, Slashing, StandardWork,
	Synthetic, Units,
};
use std::str::FromStr;

/// Play many sessions on the chain itself, with suppliers that lie
///
/// Storage, hooks and calls are the pallet's; tries, claims and proofs are real. Only signatures are
/// cheap: a keyed hash. Gains are for a session, in units of the reward for one truthful audited bid of a
/// supplier's whole capacity, so that the truth gains the audit rate. Whoever is slashed fills its stake
/// up again and goes on. Policies that do not make truth best are played all the same, but not those
/// that the chain refuses whoever insists. The penalty for a missing proof is derived by the chain and
/// cannot be set: only a low --confidence makes it too small. A supplier can serve relays for its whole
/// capacity in a session, audits aside. Lists and ranges of --rate, --stake,
/// --curvature and --probability are played one policy after the other, with the same suppliers.
#[derive(Debug, clap::Args)]
pub struct Args {
	/// Suppliers by strategy, STRATEGY=NUMBER,... or "attacks": all of them
	#[arg(
		long,
		default_value = "honest=50,splitting:1x2=10,splitting:1x5=10,splitting:2x9=10,overreporting:2=10,silent=5,outage:0.02=5",
		long_help = format!("Suppliers by strategy, STRATEGY=NUMBER,... or \"attacks\": four of each attack that the \
		policy admits, beside forty honest ones, with demand for half of all bids. STRATEGY@K is played by \
		suppliers of K reference capacities, and compared with honest ones of that. Strategies: {}", strategies::SYNTAX)
	)]
	population: Players,
	/// Play a policy that has a name, of the same shape for --reference units: options that set a policy are not
	/// used, but those that are not about the policy are
	#[arg(long)]
	network: Option<Known>,
	/// Suppliers in all, in the population's proportions; by default as many as it says
	#[arg(long)]
	suppliers: Option<u32>,
	/// Capacities that suppliers of each strategy have in turn, in reference capacities
	#[arg(long, default_value = "1")]
	capacity: Values,
	/// Spread of the capacities: standard deviation of their logarithm, 0 for none
	#[arg(long, default_value_t = 0.0)]
	spread: f64,
	/// Sessions to play, 2 at least
	#[arg(long, default_value_t = 1_000)]
	sessions: u32,
	/// Runs with seeds of their own, pooled; they use all processors
	#[arg(long, default_value_t = 1)]
	replicas: u32,
	/// Everything random follows from it
	#[arg(long, default_value_t = 1)]
	seed: u64,
	/// Check the whole state of the chain after every session, not only at the end
	#[arg(long)]
	check: bool,
	#[command(flatten)]
	audits: Audits,
	#[command(flatten)]
	relays: Relays,
}

/// Who plays.
#[derive(Clone, Debug)]
enum Players {
	/// All attacks, as far as the policy admits them.
	Attacks,
	Given(Population),
}

impl FromStr for Players {
	type Err = anyhow::Error;

	fn from_str(text: &str) -> Result<Self> {
		match text {
			"attacks" => Ok(Self::Attacks),
			_ => text.parse().map(Self::Given),
		}
	}
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Audits")]
struct Audits {
	/// ε: the probability that a bid is audited in a session
	#[arg(long, value_name = "VALUES", default_value = "0.125")]
	rate: Values,
	/// ρ: the curvature of the reward, 1 (linear) to 16
	#[arg(long, value_name = "VALUES", default_value = "2")]
	curvature: Values,
	/// S: the stake of a bid up to the reference capacity, in rewards for the reference capacity
	#[arg(long, value_name = "VALUES", default_value = "8")]
	stake: Values,
	/// The reward for the reference capacity, as a multiple of what its work costs
	#[arg(long, default_value = "1", value_parser = decimal)]
	margin: FixedU128,
	/// Stake that suppliers put in, as a multiple of the minimum
	#[arg(long, default_value_t = 3)]
	stakes: u32,
	/// The reference capacity, in compute units; many take longer to play
	#[arg(long, default_value_t = 60)]
	reference: Units,
	/// The smallest bid, in compute units
	#[arg(long, default_value_t = 1)]
	minimum_bid: Units,
	/// The largest bid, in compute units; ten reference capacities by default
	#[arg(long)]
	maximum_bid: Option<Units>,
	/// Hashes of one compute unit
	#[arg(long, default_value_t = 1)]
	steps: u32,
	/// k: positions that a proof opens
	#[arg(long, default_value_t = 4)]
	openings: u32,
	/// What a failed audit costs: all of its stake, or the share that is missing
	#[arg(long, default_value = "full", value_parser = ["full", "proportional"])]
	slashing: String,
	/// Whether bids are drawn each by itself, or all at once
	#[arg(long, default_value = "independent", value_parser = ["independent", "joint"])]
	selection: String,
	/// What the service has for audits, and is filled up to after each session, in what one audit of every
	/// supplier's true capacity costs; by default as much as it could ever need
	#[arg(long)]
	money: Option<f64>,
	/// The share of the audited units that must be delivered for anyone to be paid
	#[arg(long, default_value = "0", value_parser = probability)]
	quorum: Perquintill,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Relays")]
struct Relays {
	/// Applications that ask for relays; 0: audits only [default: 0, with attacks 60]
	#[arg(long)]
	applications: Option<u32>,
	/// Units that each application asks for in a session, of all its suppliers together
	#[arg(long, default_value_t = 60)]
	demand: Units,
	/// In place of --demand: what all applications together ask for, as a share of all bids. Where demand is
	/// scarce, below 1, whoever declares more gets more relays [with attacks 0.5]
	#[arg(long)]
	load: Option<f64>,
	/// Suppliers that each application draws for a session
	#[arg(long, default_value_t = 5)]
	draws: u8,
	/// Price of a unit, as a multiple of what its work costs [default: 2, with attacks 1.2]
	#[arg(long, value_parser = decimal)]
	price: Option<FixedU128>,
	/// Units of a request
	#[arg(long, default_value_t = 1)]
	request: u32,
	/// The service owner's share of what applications pay
	#[arg(long, default_value = "0.1", value_parser = probability)]
	owner_share: Perquintill,
	/// The pot's share of what applications pay
	#[arg(long, default_value = "0.05", value_parser = probability)]
	pot_share: Perquintill,
	/// p: the probability that a claim below the threshold must be proven
	#[arg(long, value_name = "VALUES", default_value = "0.1")]
	probability: Values,
	/// R: a claim of so many units must always be proven
	#[arg(long, default_value_t = 60)]
	threshold: Units,
	/// What the penalty outweighs: the mean number of false claims before one is found out, or a quantile,
	/// such as 0.95
	#[arg(long, default_value = "mean", value_parser = confidence)]
	confidence: Confidence,
	/// The penalty is that of a claim at the threshold, whatever a claim is worth
	#[arg(long)]
	flat_penalty: bool,
	/// Proofs that the chain wants in a session: the probability rises while there are fewer
	#[arg(long)]
	wanted_proofs: Option<u32>,
	/// Relays count towards audits
	#[arg(long)]
	credit_relays: bool,
}

fn confidence(text: &str) -> Result<Confidence> {
	match text {
		"mean" => Ok(Confidence::Mean),
		_ => probability(text).map(Confidence::Quantile),
	}
}

pub fn run(args: &Args, progress: Progress) -> Result<Outcome> {
	let mut scenarios = args.scenarios(progress)?;
	if let [(_, scenario)] = scenarios.as_slice() {
		let report = simulation::run(scenario, progress)?;
		return Outcome::new(&report, report.text(), report.figures());
	}
	// Only what differs is told.
	for name in NAMES {
		let values = scenarios.iter().map(|(at, _)| at.iter().find(|known| known.0 == name));
		let values: Vec<_> = values.map(|known| known.map(|known| known.1)).collect();
		if values.iter().all(|value| *value == values[0]) {
			scenarios.iter_mut().for_each(|(at, _)| at.retain(|known| known.0 != name));
		}
	}
	let steps = sweep::sweep(scenarios, progress)?;
	Outcome::new(&steps, sweep::text(&steps), sweep::figure(&steps).into_iter().collect())
}

/// What can be a list or a range.
const NAMES: [&str; 4] = ["curvature", "stake", "rate", "probability"];

/// One of each.
#[derive(Clone, Copy)]
struct Point {
	curvature: FixedU128,
	stake: FixedU128,
	rate: Perquintill,
	probability: Perquintill,
}

impl Args {
	/// A scenario for each combination of what can be a list, and the values of those.
	fn scenarios(&self, progress: Progress) -> Result<Vec<sweep::Setting>> {
		if let Some(network) = self.network {
			let policy = network.policy(self.audits.reference, progress)?;
			return Ok(vec![(Vec::new(), self.scenario(policy)?)]);
		}
		let (audits, mut scenarios) = (&self.audits, Vec::new());
		let (rates, probabilities) =
			(audits.rate.probabilities()?, self.relays.probability.probabilities()?);
		for curvature in audits.curvature.all() {
			for stake in audits.stake.all() {
				for rate in &rates {
					for probability in &probabilities {
						let (curvature, stake) = (*curvature, *stake);
						let point =
							Point { curvature, stake, rate: *rate, probability: *probability };
						let values =
							[curvature.float(), stake.float(), rate.float(), probability.float()];
						let at = NAMES.into_iter().zip(values).collect();
						scenarios.push((at, self.scenario(self.policy(point)?)?));
					}
				}
			}
		}
		Ok(scenarios)
	}

	/// With terms for relays if anybody may ask for some.
	fn policy(&self, point: Point) -> Result<Policy<StandardWork>> {
		let own = match &self.population {
			Players::Attacks => true,
			Players::Given(population) => population.own_applications(),
		};
		let relays = match own || self.applications() > 0 {
			true => Some(self.relays.terms(point, self.attacks())?),
			false => None,
		};
		Ok(Policy { relays, ..self.audits.policy(point)? })
	}

	fn attacks(&self) -> bool {
		matches!(self.population, Players::Attacks)
	}

	fn applications(&self) -> u32 {
		self.relays.applications.unwrap_or(if self.attacks() { 60 } else { 0 })
	}

	fn scenario(&self, policy: Policy<StandardWork>) -> Result<Scenario> {
		let population = match &self.population {
			Players::Attacks => attacks(&policy, 4)?,
			Players::Given(population) => population.clone(),
		};
		Ok(Scenario {
			population: match self.suppliers {
				Some(size) => population.scaled(size)?,
				None => population,
			},
			capacities: self.capacity.all().iter().map(|capacity| capacity.float()).collect(),
			spread: self.spread,
			sessions: self.sessions,
			replicas: self.replicas,
			seed: self.seed,
			stakes: self.audits.stakes,
			check: self.check,
			policy,
			applications: self.applications(),
			demand: self.relays.demand,
			load: self.relays.load.or(self.attacks().then_some(0.5)),
			money: self.audits.money,
		})
	}
}

impl Audits {
	fn policy(&self, point: Point) -> Result<Policy<StandardWork>> {
		let stake_factor = product(point.stake, self.margin).context("the stake is too high")?;
		let maximum = self.maximum_bid.or_else(|| self.reference.checked_mul(10));
		ensure!(self.steps > 0, "a unit takes one hash at least");
		Ok(Policy {
			work: Synthetic { steps: self.steps }.into(),
			margin: self.margin,
			reference: self.reference,
			curvature: point.curvature,
			stake_factor,
			audit_rate: point.rate,
			selection: match self.selection.as_str() {
				"joint" => Selection::Joint,
				_ => Selection::Independent,
			},
			quorum: self.quorum,
			slashing: match self.slashing.as_str() {
				"proportional" => Slashing::Proportional,
				_ => Slashing::Full,
			},
			minimum_bid: self.minimum_bid,
			maximum_bid: maximum.context("the reference capacity is too large")?,
			openings: self.openings,
			..reference_policy()
		})
	}
}

impl Relays {
	fn terms(&self, point: Point, attacks: bool) -> Result<RelayTerms> {
		let usual = if attacks { FixedU128::from_rational(6, 5) } else { FixedU128::from_u32(2) };
		let price = product(self.price.unwrap_or(usual), FixedU128::from_inner(COST));
		let price = price.context("the price is too high")?;
		let price: Balance = price.into_inner();
		if price == 0 {
			bail!("relays need a price");
		}
		let threshold = price.checked_mul(self.threshold.into());
		Ok(RelayTerms {
			suppliers: self.draws,
			price,
			prices: PriceList::flat(self.request),
			owner_share: self.owner_share,
			pot_share: self.pot_share,
			threshold: threshold.context("the threshold is too high")?,
			probability: point.probability,
			wanted_proofs: self.wanted_proofs,
			penalty: match self.flat_penalty {
				true => PenaltyBasis::Threshold,
				false => PenaltyBasis::Worth,
			},
			confidence: self.confidence,
			credit_relays: self.credit_relays,
			minimum_deposit: price,
			..relay_terms()
		})
	}
}

/// Of two fixed-point numbers, rounded down.
fn product(a: FixedU128, b: FixedU128) -> Option<FixedU128> {
	use sp_runtime::traits::CheckedMul;
	a.checked_mul(&b)
}

//! What a network is, what is wanted of its policy, and where it is looked for.

use crate::number::Float;
use anyhow::{ensure, Result};
use capacity_economics::{Confidence, FixedU128, Perquintill};
use capacity_protocol::{Balance, Units};
use serde::{Serialize, Serializer};

/// The smallest units of the chain's token in one unit of money.
pub const MONEY: Balance = 1_000_000_000_000;

/// The largest amount that fits into a number of JSON, in the smallest units.
const MOST: Balance = u64::MAX as Balance;

/// A network, and what is wanted of its policy. Amounts are in the smallest units of the token
/// ([`MONEY`]), printed as money; "session costs" are what the reference capacity costs its owner in
/// one session.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wish {
	/// `C`, in compute units per session.
	pub reference: Units,
	/// What running the reference capacity for one session costs.
	#[serde(serialize_with = "money")]
	pub capacity_cost: Balance,
	/// `κ`: the largest supplier that must be deterred, as a multiple of `C`. The largest bid.
	#[serde(serialize_with = "float")]
	pub largest: FixedU128,
	/// The smallest bid, as a share of `C`.
	#[serde(serialize_with = "float")]
	pub smallest: FixedU128,
	/// Capacities of the suppliers, as multiples of `C`, equally many of each.
	#[serde(serialize_with = "floats")]
	pub sizes: Vec<FixedU128>,
	pub suppliers: u32,
	pub sessions_per_year: f64,
	/// What capital costs in a year, as a share of it.
	pub interest: f64,
	/// The probability that an honest supplier is away when it must answer.
	pub outage: f64,
	/// The 95th percentile of what claims are worth. One claim in twenty is worth more, and one in
	/// twenty of those more than twice as much, and so on.
	#[serde(serialize_with = "money")]
	pub claim: Balance,
	/// Claims of a session, in the whole network. None: the service has no relays.
	pub claims: u32,
	/// Claims that one supplier has open at once.
	pub open: u32,
	/// Price of a unit of relays, as a multiple of the cost of a unit of work.
	#[serde(serialize_with = "float")]
	pub price: FixedU128,
	#[serde(serialize_with = "share")]
	pub owner_share: Perquintill,
	#[serde(serialize_with = "share")]
	pub pot_share: Perquintill,
	/// The share of an audit's units that relays stand in for.
	#[serde(serialize_with = "share")]
	pub organic: Perquintill,
	/// Money per byte on chain.
	pub byte_price: f64,
	/// The most proofs that the chain wants in a session, on average.
	pub most_proofs: Option<f64>,
	/// Bytes of a proof, whatever it opens; measured on a real one if not given.
	pub proof_bytes: Option<f64>,
	/// Leaves of the claim whose proof is measured.
	pub leaves: u32,
	/// The audit rate is at least this multiple of the least one.
	pub safety: f64,
	/// How many false claims a penalty outweighs.
	pub confidence: Confidence,
	/// A proof finds a fake share of this size ...
	#[serde(serialize_with = "share")]
	pub fake: Perquintill,
	/// ... with at least this probability.
	#[serde(serialize_with = "share")]
	pub detection: Perquintill,
	/// The most that a supplier of capacity `C` locks, in session costs.
	pub most_stake: Option<f64>,
	/// The least that honest suppliers are left with, as a share of what running the network costs:
	/// rewards for audits, less what capital and outages cost them.
	pub least_gain: Option<f64>,
	/// What the chain gives of a penalty to whoever settles. A liar may settle its own claim, so the
	/// chain judges a policy by what is left.
	#[serde(serialize_with = "share")]
	pub settler_share: Perquintill,
	/// Searched: `ρ`.
	#[serde(serialize_with = "floats")]
	pub curvatures: Vec<FixedU128>,
	/// Searched: `σ`.
	#[serde(serialize_with = "floats")]
	pub stakes: Vec<FixedU128>,
	/// Searched: the margin.
	#[serde(serialize_with = "floats")]
	pub margins: Vec<FixedU128>,
	/// Searched: `p`.
	#[serde(serialize_with = "shares")]
	pub probabilities: Vec<Perquintill>,
	/// Searched: `R`, as a multiple of [`Wish::claim`].
	#[serde(serialize_with = "floats")]
	pub thresholds: Vec<FixedU128>,
	/// Searched: `k`.
	pub openings: Vec<u32>,
}

impl Wish {
	/// Refuses what contradicts itself, in words that say what to do.
	pub fn check(&self) -> Result<()> {
		let one = FixedU128::from_u32(1);
		ensure!(self.reference > 0, "--reference: a capacity of no units cannot be compared with");
		ensure!(
			self.unit_cost() > 0,
			"--capacity-cost: one of {} units costs less than the smallest unit of the token; \
			lower --reference",
			self.reference
		);
		ensure!(self.largest >= one, "--largest is below C; let C be the largest supplier instead");
		ensure!(
			self.smallest <= one && self.units(self.smallest) > 0,
			"--smallest is more than 0 and at most 1 (times C), and at least one unit"
		);
		ensure!(!self.sizes.is_empty(), "--sizes: at least one supplier is needed");
		for size in &self.sizes {
			ensure!(
				(self.smallest..=self.largest).contains(size),
				"--sizes: a supplier of {} C is not between --smallest ({}) and --largest ({})",
				size.float(),
				self.smallest.float(),
				self.largest.float()
			);
		}
		ensure!(self.suppliers > 0, "--suppliers: at least one is needed");
		ensure!(self.sessions_per_year > 0.0, "--sessions-per-year must be more than 0");
		ensure!((0.0..=1.0).contains(&self.outage), "--outage is a probability, 0 to 1");
		ensure!(
			self.claims <= self.suppliers,
			"--claims-per-session: a supplier makes one claim in a session, whoever pays for it, so \
			{} suppliers make no {} claims",
			self.suppliers,
			self.claims
		);
		ensure!(self.open > 0, "--open-claims: a supplier has at least one claim open");
		ensure!(self.leaves > 0, "--leaves: an empty claim has no proof");
		ensure!(self.safety >= 1.0, "--safety below 1 would not deter");
		ensure!(
			self.margins.iter().all(|margin| *margin > FixedU128::default()),
			"--margin must be more than 0: without it the truth earns nothing"
		);
		let most = self.thresholds.iter().map(|multiple| self.threshold(*multiple)).max();
		ensure!(
			self.claims == 0 || (self.claim > 0 && most.unwrap_or(0) <= MOST),
			"--claim and --threshold: R must be more than 0 and at most {} money",
			MOST / MONEY
		);
		Ok(())
	}

	/// Cost of one compute unit, rounded to the nearest.
	pub fn unit_cost(&self) -> Balance {
		let reference = Balance::from(self.reference.max(1));
		self.capacity_cost.saturating_add(reference / 2) / reference
	}

	/// A multiple of `C`, in compute units, rounded down.
	pub fn units(&self, multiple: FixedU128) -> Units {
		Units::try_from(times(self.reference.into(), multiple)).unwrap_or(Units::MAX)
	}

	/// `R`, given as a multiple of the 95th percentile of claims.
	pub fn threshold(&self, multiple: FixedU128) -> Balance {
		times(self.claim, multiple)
	}

	/// What the suppliers are on average, as a multiple of `C`.
	pub(crate) fn mean_size(&self) -> f64 {
		self.sizes.iter().map(|size| size.float()).sum::<f64>() / self.sizes.len() as f64
	}

	/// What running a supplier's capacity for one session costs on average, in money.
	pub(crate) fn operating_cost(&self) -> f64 {
		self.mean_size() * in_money(self.capacity_cost)
	}

	/// Claims of one supplier in one session.
	pub(crate) fn claim_rate(&self) -> f64 {
		f64::from(self.claims) / f64::from(self.suppliers)
	}

	/// What a year's interest on one unit of money is in a session.
	pub(crate) fn session_interest(&self) -> f64 {
		self.interest / self.sessions_per_year
	}
}

/// An amount of the token as money.
pub(crate) fn in_money(amount: Balance) -> f64 {
	amount as f64 / MONEY as f64
}

/// A multiple of a whole number, rounded down and saturated.
pub(crate) fn times(value: Balance, multiple: FixedU128) -> Balance {
	use sp_runtime::FixedPointNumber;
	multiple.saturating_mul_int(value)
}

fn money<S: Serializer>(amount: &Balance, to: S) -> Result<S::Ok, S::Error> {
	in_money(*amount).serialize(to)
}

pub(crate) fn float<S: Serializer>(value: &FixedU128, to: S) -> Result<S::Ok, S::Error> {
	value.float().serialize(to)
}

pub(crate) fn share<S: Serializer>(value: &Perquintill, to: S) -> Result<S::Ok, S::Error> {
	value.float().serialize(to)
}

fn floats<S: Serializer>(values: &[FixedU128], to: S) -> Result<S::Ok, S::Error> {
	to.collect_seq(values.iter().map(|value| value.float()))
}

fn shares<S: Serializer>(values: &[Perquintill], to: S) -> Result<S::Ok, S::Error> {
	to.collect_seq(values.iter().map(|value| value.float()))
}

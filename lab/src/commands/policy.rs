use crate::{
	number::{decimal, probability, Float},
	policy::{figure, search, text, Network, Wish},
	Outcome, Progress, Values,
};
use anyhow::{Context, Result};
use capacity_economics::{Confidence, FixedU128, Perquintill};
use capacity_protocol::{Balance, Units};
use clap::Args as Arguments;

/// The cheapest policy under which lying does not pay.
///
/// Says what to choose for ε, ρ, σ, the margin, p, R and k, given what a network is and what is wanted.
/// Whether a policy deters is decided by the functions that the chain asks; what it costs is the sum of
/// four parts, as shares of what running the network's capacity costs in a session: audits (ε times cost
/// and reward), capital (interest on what suppliers lock), proofs on chain (proofs × bytes × price), and
/// what honest suppliers lose in outages. How to measure capacity is left to the designer, and matters:
/// where suppliers are larger than C, rates must be high, so try C as large as the largest.
///
/// Money is any unit; policies count it in 10⁻¹² of it. A "session cost" is what the reference capacity C
/// costs its owner in one session (--capacity-cost). --json has the policy as create_service takes it.
#[derive(Debug, Arguments)]
pub struct Args {
	/// Take the defaults from a network with plausible numbers, in dollars
	///
	/// Every option can still be set. Claims are given by their 95th percentile, one per supplier and
	/// session. A byte on the network's own chain costs 10⁻⁶ dollars.
	#[arg(long, value_enum)]
	network: Option<Network>,
	#[command(flatten)]
	suppliers: Suppliers,
	#[command(flatten)]
	relays: Relays,
	#[command(flatten)]
	wanted: Wanted,
	#[command(flatten)]
	searched: Searched,
}

#[derive(Debug, Arguments)]
#[command(next_help_heading = "What the network is")]
struct Suppliers {
	/// Reference capacity C, in compute units per session [default: 10000]
	#[arg(long)]
	reference: Option<Units>,
	/// Money that running C for one session costs [default: 1]
	#[arg(long, value_parser = money)]
	capacity_cost: Option<Balance>,
	/// κ: the largest supplier that must be deterred, as a multiple of C; the largest bid [default: 1]
	#[arg(long, value_parser = decimal)]
	largest: Option<FixedU128>,
	/// Smallest bid, as a share of C [default: 0.1]
	#[arg(long, value_parser = decimal)]
	smallest: Option<FixedU128>,
	/// Capacities of the suppliers, as multiples of C, equally many of each [default: 1, and the largest]
	#[arg(long)]
	sizes: Option<Values>,
	/// Suppliers, each with one bid [default: 1000]
	#[arg(long)]
	suppliers: Option<u32>,
	/// Sessions in a year [default: 8760, of an hour each]
	#[arg(long, value_parser = number)]
	sessions_per_year: Option<f64>,
	/// What capital costs, as a share of it in a year [default: 10%]
	#[arg(long, value_parser = fraction)]
	interest: Option<f64>,
	/// Probability that an honest supplier is away when it must answer [default: 0]
	#[arg(long, value_parser = fraction)]
	outage: Option<f64>,
}

#[derive(Debug, Arguments)]
#[command(next_help_heading = "Relays, and what the chain costs")]
struct Relays {
	/// The 95th percentile of what claims are worth, in money. Beyond it each further such amount is one
	/// twentieth as frequent [default: 1]
	#[arg(long, value_parser = money)]
	claim: Option<Balance>,
	/// Claims in a session, in the whole network, at most one per supplier; 0 for a service without relays
	/// [default: one per supplier]
	#[arg(long)]
	claims_per_session: Option<u32>,
	/// Claims that a supplier has open at once [default: 2]
	#[arg(long)]
	open_claims: Option<u32>,
	/// Price of a unit of relays, as a multiple of the cost of a unit [default: 1]
	#[arg(long, value_parser = decimal)]
	price: Option<FixedU128>,
	/// The service owner's share of each payment [default: 10%]
	#[arg(long, value_parser = probability)]
	owner_share: Option<Perquintill>,
	/// The pot's share of each payment [default: 5%]
	#[arg(long, value_parser = probability)]
	pot_share: Option<Perquintill>,
	/// Share of an audit's units that relays stand in for, so that the protocol need not pay their cost;
	/// more than 0 lets relays count towards audits, which the chain admits only where the pot's share of
	/// the price is at least the margin [default: 0]
	#[arg(long, value_parser = probability)]
	organic: Option<Perquintill>,
	/// Money per byte on chain [default: 0]
	#[arg(long, value_parser = number)]
	byte_price: Option<f64>,
	/// Most proofs in a session, on average [default: a tenth of the claims, or no limit if bytes have a
	/// price]
	#[arg(long, value_parser = number)]
	most_proofs: Option<f64>,
	/// Bytes of a proof [default: measured on a real one of as many openings]
	#[arg(long, value_parser = number)]
	proof_bytes: Option<f64>,
	/// Relays in the claim of which a proof is measured [default: 10000]
	#[arg(long)]
	leaves: Option<u32>,
}

#[derive(Debug, Arguments)]
#[command(next_help_heading = "What is wanted")]
struct Wanted {
	/// The audit rate is at least this multiple of the least rate that deters [default: 1.1]
	#[arg(long, value_parser = number)]
	safety: Option<f64>,
	/// How many false claims a penalty outweighs: their mean, or their quantile: mean, 0.95 [default: mean]
	#[arg(long, value_parser = confidence)]
	confidence: Option<Confidence>,
	/// A fake share of a claim that a proof must find ... [default: 10%]
	#[arg(long, value_parser = probability)]
	fake: Option<Perquintill>,
	/// ... with at least this probability. 0 is enough to deter: the penalty does that with one opening
	/// [default: 80%]
	#[arg(long, value_parser = probability)]
	detection: Option<Perquintill>,
	/// Most that a supplier of capacity C can be asked to lock, in session costs [default: no limit]
	#[arg(long, value_parser = number)]
	most_stake: Option<f64>,
	/// Least that honest suppliers are left with, as a share of what running the network costs: rewards for
	/// audits, less what capital and outages cost them; relays come on top [default: no limit]
	#[arg(long, value_parser = fraction)]
	least_gain: Option<f64>,
	/// What the chain gives of a penalty to whoever settles, the liar perhaps; the chain judges a policy by
	/// the rest of the stake [default: 10%]
	#[arg(long, value_parser = probability)]
	settler_share: Option<Perquintill>,
}

#[derive(Debug, Arguments)]
#[command(next_help_heading = "Where it is looked for")]
struct Searched {
	/// Curvatures ρ of the reward [default: 1.1..3:20]
	#[arg(long)]
	curvature: Option<Values>,
	/// Stakes σ of a bid of C, in session costs [default: 1..1000x31]
	#[arg(long)]
	stake: Option<Values>,
	/// Margins, as multiples of the cost. Smaller ones are cheaper; what keeps suppliers is --least-gain
	/// [default: 1]
	#[arg(long)]
	margin: Option<Values>,
	/// Probabilities p of a proof [default: 0.001..1x31]
	#[arg(long)]
	probability: Option<Values>,
	/// Thresholds R, as multiples of --claim [default: 1,1.5,2,2.5,3,4]
	#[arg(long)]
	threshold: Option<Values>,
	/// Openings k of a proof; the sample chain admits up to 64, or 60 with relays [default: 1,4,16,32]
	#[arg(long)]
	openings: Option<Values>,
}

pub fn run(args: &Args, progress: Progress) -> Result<Outcome> {
	let found = search(&args.wish()?, progress)?;
	let (text, figure) = (text(&found), figure(&found, "lab policy"));
	Outcome::new(&found, text, vec![figure])
}

impl Args {
	fn wish(&self) -> Result<Wish> {
		let mut wish = self.network.map_or_else(Wish::default, Wish::of);
		self.suppliers.put(&mut wish, self.network.is_none());
		self.relays.put(&mut wish, self.suppliers.suppliers, self.network.is_none());
		self.wanted.put(&mut wish);
		self.searched.put(&mut wish)?;
		Ok(wish)
	}
}

/// Takes over what is given.
fn set<T: Clone>(to: &mut T, from: &Option<T>) {
	if let Some(from) = from {
		to.clone_from(from);
	}
}

impl Suppliers {
	fn put(&self, wish: &mut Wish, plain: bool) {
		set(&mut wish.reference, &self.reference);
		set(&mut wish.capacity_cost, &self.capacity_cost);
		set(&mut wish.largest, &self.largest);
		set(&mut wish.smallest, &self.smallest);
		set(&mut wish.suppliers, &self.suppliers);
		set(&mut wish.sessions_per_year, &self.sessions_per_year);
		set(&mut wish.interest, &self.interest);
		set(&mut wish.outage, &self.outage);
		let one = FixedU128::from_u32(1);
		if plain && wish.largest > one {
			wish.sizes = vec![one, wish.largest];
		}
		set(&mut wish.sizes, &self.sizes.as_ref().map(|sizes| sizes.all().to_vec()));
	}
}

impl Relays {
	fn put(&self, wish: &mut Wish, suppliers: Option<u32>, plain: bool) {
		set(&mut wish.claim, &self.claim);
		set(&mut wish.claims, &self.claims_per_session.or(suppliers));
		set(&mut wish.open, &self.open_claims);
		set(&mut wish.price, &self.price);
		set(&mut wish.owner_share, &self.owner_share);
		set(&mut wish.pot_share, &self.pot_share);
		set(&mut wish.organic, &self.organic);
		set(&mut wish.byte_price, &self.byte_price);
		set(&mut wish.leaves, &self.leaves);
		wish.proof_bytes = self.proof_bytes.or(wish.proof_bytes);
		let usual = match plain {
			true if wish.byte_price > 0.0 || wish.claims == 0 => None,
			true => Some(f64::from(wish.claims) / 10.0),
			false => wish.most_proofs,
		};
		wish.most_proofs = self.most_proofs.or(usual);
	}
}

impl Wanted {
	fn put(&self, wish: &mut Wish) {
		set(&mut wish.safety, &self.safety);
		set(&mut wish.confidence, &self.confidence);
		set(&mut wish.fake, &self.fake);
		set(&mut wish.detection, &self.detection);
		set(&mut wish.settler_share, &self.settler_share);
		wish.most_stake = self.most_stake.or(wish.most_stake);
		wish.least_gain = self.least_gain.or(wish.least_gain);
	}
}

impl Searched {
	fn put(&self, wish: &mut Wish) -> Result<()> {
		let all = |values: &Option<Values>| values.as_ref().map(|values| values.all().to_vec());
		set(&mut wish.curvatures, &all(&self.curvature));
		set(&mut wish.stakes, &all(&self.stake));
		set(&mut wish.margins, &all(&self.margin));
		set(&mut wish.thresholds, &all(&self.threshold));
		if let Some(values) = &self.probability {
			wish.probabilities = values.probabilities().context("--probability")?;
		}
		if let Some(values) = &self.openings {
			let integers = values.integers().context("--openings")?.into_iter();
			let openings = integers.map(|k| u32::try_from(k).context("--openings: too many"));
			wish.openings = openings.collect::<Result<_>>()?;
		}
		Ok(())
	}
}

/// An amount of money, in the smallest units.
fn money(text: &str) -> Result<Balance> {
	// From 18 digits to 12.
	Ok(decimal(text)?.into_inner() / 1_000_000)
}

fn number(text: &str) -> Result<f64> {
	Ok(decimal(text)?.float())
}

/// A share that may be more than the whole; `20%` is 0.2.
fn fraction(text: &str) -> Result<f64> {
	match text.strip_suffix('%') {
		Some(text) => Ok(number(text)? / 100.0),
		None => number(text),
	}
}

fn confidence(text: &str) -> Result<Confidence> {
	if text == "mean" {
		return Ok(Confidence::Mean);
	}
	let level = probability(text).context("write mean, or a probability such as 0.95")?;
	Ok(Confidence::Quantile(level))
}

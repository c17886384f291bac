use crate::{
	audits::{
		cost_lines, cost_map,
		map::{self, OnChain, Point},
		schedule::MOST,
		spelling, Capacities, Schedule,
	},
	number::{decimal, Float},
	outcome::table,
	Figure, Outcome, Progress, Values,
};
use anyhow::Result;
use capacity_economics::FixedU128;
use serde::Serialize;

/// Up to so many places get a line of their own, with the lie that decides and the chain's verdict.
const FEW: usize = 40;

/// Most columns of a matrix.
const COLUMNS: usize = 12;

/// Most rows of a matrix.
const ROWS: usize = 40;

/// How often bids must be audited so that nobody gains by lying, and what that costs
///
/// A supplier can report too much, under many identities. The least audit rate ε* is the one above
/// which one true bid is its best answer. At ε* some lie is level with the truth, and just below it
/// pays: N bids of α = 1/m of the capacity, of which m can be delivered. The protocol then pays
/// ε*·(1 + margin·κ^(ρ−1)) of what the supplier's whole capacity costs, which is 2ε* by default.
///
/// By default all suppliers have one unit of capacity, as in "Capacity oracles", where cost and reward
/// of the truth are 1 and every bid has the stake S. With --schedule or --capacity the chain's own curve
/// and stake hold, for suppliers of any capacity κ, in multiples of the reference capacity C, also
/// without bound: inf. Beside it stands what a stake would need that grows like the cost, σ·max(b, C).
/// With --rate, it is also said up to which capacity such a policy is truthful. `--curvature
/// 1.1..3:100 --stake 0..32:100` is the document's heat map.
#[derive(Debug, clap::Args)]
pub struct Args {
	/// Curvature ρ of the reward, from 1 (linear) to 16
	#[arg(long, value_name = "VALUES", default_value = "1.5,2,2.5,3")]
	curvature: Values,
	/// Stake S of a bid, in rewards of one unit of capacity; with --schedule, the stake factor σ
	#[arg(long, value_name = "VALUES", default_value = "2,4,8,16,32")]
	stake: Values,
	/// Take the chain's curve r = margin·cost·C·(b/C)^ρ and its stake σ·max(r(b), r(C))
	#[arg(long)]
	schedule: bool,
	/// Capacity κ of a supplier, in reference capacities C, or inf [default, with --schedule: 1,2,4,10,inf]
	#[arg(long, value_name = "VALUES")]
	capacity: Option<Capacities>,
	/// Reward of a bid of C, as a share of the cost of its work; needs --schedule or --capacity
	#[arg(long, value_name = "SHARE", default_value = "1", value_parser = decimal)]
	margin: FixedU128,
	/// Smallest bid, as a share of C, 0 for none; needs --schedule or --capacity
	#[arg(long, value_name = "SHARE", default_value = "0", value_parser = decimal)]
	minimum_bid: FixedU128,
	/// Audit rates ε between 0 and 1: say up to which capacity such a policy is truthful
	#[arg(long, value_name = "VALUES")]
	rate: Option<Values>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
	least_rates: Vec<Point>,
	policies: Vec<Reach>,
}

/// Up to which capacity a policy is truthful.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reach {
	curvature: f64,
	stake: f64,
	rate: f64,
	truthful_up_to: f64,
}

impl Args {
	fn common(&self) -> Schedule {
		let one = FixedU128::from_u32(1);
		let Self { margin, minimum_bid, .. } = *self;
		Schedule { curvature: one, stake: one, margin, minimum_bid }
	}

	/// The capacities that are compared; none in the unit-capacity model.
	fn capacities(&self) -> Result<Option<Capacities>> {
		match &self.capacity {
			None if self.schedule => "1,2,4,10,inf".parse().map(Some),
			given => Ok(given.clone()),
		}
	}

	fn points(&self, progress: Progress) -> Result<Vec<Point>> {
		let (curvatures, stakes) = (self.curvature.all(), self.stake.all());
		let count = curvatures.len() * stakes.len();
		let chain = |count| if count <= FEW { OnChain::Asked } else { OnChain::Skipped };
		let Some(capacities) = self.capacities()? else {
			return map::unit(curvatures, stakes, chain(count), progress);
		};
		let chain = chain(count * capacities.all().len());
		map::schedule(curvatures, stakes, capacities.all(), self.common(), chain, progress)
	}

	fn policies(&self) -> Result<Vec<Reach>> {
		let mut found = Vec::new();
		let rates = self.rate.as_ref().map(Values::probabilities).transpose()?.unwrap_or_default();
		for curvature in self.curvature.all() {
			for stake in self.stake.all() {
				let policy = Schedule { curvature: *curvature, stake: *stake, ..self.common() };
				for rate in &rates {
					found.push(Reach {
						curvature: curvature.float(),
						stake: stake.float(),
						rate: rate.float(),
						truthful_up_to: policy.truthful_up_to(*rate)?,
					});
				}
			}
		}
		Ok(found)
	}

	/// The command that makes this again.
	fn line(&self, capacities: &Option<Capacities>) -> String {
		let spelled = spelling::values;
		let (curvature, stake) = (spelled(&self.curvature), spelled(&self.stake));
		let mut line = format!("lab audit-rate --curvature {curvature} --stake {stake}");
		if let Some(capacities) = capacities {
			let (margin, minimum) = (self.margin.float(), self.minimum_bid.float());
			line += &format!(" --capacity {}", capacities.spelled());
			line += &format!(" --margin {margin} --minimum-bid {minimum}");
		}
		line
	}

	fn figure(&self, points: &[Point], capacities: &Option<Capacities>) -> Option<Figure> {
		let line = self.line(capacities);
		let both = |point: &Point| format!("ρ = {}, σ = {}", point.curvature, point.stake);
		if capacities.as_ref().is_some_and(|capacities| capacities.all().len() > 1) {
			let bounded: Vec<_> =
				points.iter().filter(|point| point.capacity.is_finite()).cloned().collect();
			let along = (
				"capacity κ, in reference capacities",
				(|point| point.capacity) as fn(&Point) -> f64,
			);
			return Some(cost_lines(&bounded, along, both, &line));
		}
		let by_stake =
			("stake S, in rewards of a truthful bid", (|point| point.stake) as fn(&Point) -> f64);
		let by_curvature =
			("curvature ρ of the reward", (|point| point.curvature) as fn(&Point) -> f64);
		match (self.curvature.all().len(), self.stake.all().len()) {
			(1, 1) => None,
			(8.., 8..) if capacities.is_none() => Some(cost_map(points, &line)),
			(curvatures, stakes) if stakes >= curvatures => Some(cost_lines(
				points,
				by_stake,
				|point| format!("ρ = {}", point.curvature),
				&line,
			)),
			_ => Some(cost_lines(
				points,
				by_curvature,
				|point| format!("S = {}", point.stake),
				&line,
			)),
		}
	}
}

pub fn run(args: &Args, progress: Progress) -> Result<Outcome> {
	let found = Found { least_rates: args.points(progress)?, policies: args.policies()? };
	let capacities = args.capacities()?;
	let figures = args.figure(&found.least_rates, &capacities).into_iter().collect();
	let text = text(args, &found, capacities.as_ref());
	Outcome::new(&found, text, figures)
}

fn text(args: &Args, found: &Found, capacities: Option<&Capacities>) -> String {
	let points = &found.least_rates;
	let mut parts = Vec::new();
	let scheduled = capacities.is_some();
	let capacities = capacities.map_or(1, |capacities| capacities.all().len());
	if capacities > 1 {
		parts.push(sizes(points, capacities));
	}
	if args.curvature.all().len() > 1 && args.stake.all().len() > 1 && capacities == 1 {
		parts.push(matrix(points, args.stake.all().len()));
	}
	if points.len() <= FEW || parts.is_empty() {
		parts.push(list(scheduled, points));
	}
	let bounds = points.iter().filter(|point| !point.decided);
	if let Some(worst) = bounds.clone().max_by(|a, b| a.curvature.total_cmp(&b.curvature)) {
		parts.push(format!(
			"≤: {} of {} rates need more splits or bids than are searched, up to ρ = {}; they are upper \
			bounds.\n",
			bounds.count(),
			points.len(),
			worst.curvature
		));
	}
	if !found.policies.is_empty() {
		parts.push(reach(&found.policies));
	}
	parts.join("\n")
}

fn bound(point: &Point, value: String) -> String {
	if point.decided {
		value
	} else {
		format!("≤{value}")
	}
}

/// Costs by curvature and stake; of many only some, with both ends.
fn matrix(points: &[Point], stakes: usize) -> String {
	let some = |count: usize, most: usize| -> Vec<usize> {
		let shown = count.min(most);
		(0..shown).map(|step| step * (count - 1) / (shown - 1).max(1)).collect()
	};
	let rows: Vec<&[Point]> = points.chunks(stakes).collect();
	let (down, across) = (some(rows.len(), ROWS), some(stakes, COLUMNS));
	let header = ["cost: ρ \\ S".to_owned()]
		.into_iter()
		.chain(across.iter().map(|column| rounded(points[*column].stake)));
	let cells = down.iter().map(|row| {
		let points = across.iter().map(|column| &rows[*row][*column]);
		let costs = points.map(|point| bound(point, format!("{:.4}", point.cost)));
		[rounded(rows[*row][0].curvature)].into_iter().chain(costs)
	});
	let drawn = table(header, cells);
	if down.len() < rows.len() || across.len() < stakes {
		return format!("{drawn}Some of {} places; --json has all.\n", points.len());
	}
	drawn
}

/// Least rates by capacity: under the schedule, and under a stake that grows like the cost.
fn sizes(points: &[Point], capacities: usize) -> String {
	let some = &points[..capacities.min(COLUMNS)];
	let heading = |stake: &str| {
		let first = [format!("ε*, stake like {stake}: ρ"), "σ".into()];
		first.into_iter().chain(some.iter().map(|point| format!("κ = {}", bounded(point.capacity))))
	};
	let drawn = |stake: &str, rate: &dyn Fn(&Point) -> String| {
		let rows = points.chunks(capacities).take(ROWS).map(|row| {
			let first = [rounded(row[0].curvature), rounded(row[0].stake)];
			first.into_iter().chain(row.iter().take(COLUMNS).map(rate))
		});
		table(heading(stake), rows)
	};
	let like_reward = drawn("reward", &|point| bound(point, format!("{:.4}", point.least_rate)));
	let like_cost = |point: &Point| point.like_cost.map_or("-".into(), |rate| format!("{rate:.4}"));
	format!("{like_reward}\n{}", drawn("cost", &like_cost))
}

/// A number that may have no bound.
fn bounded(value: f64) -> String {
	if value.is_finite() {
		rounded(value)
	} else {
		"∞".into()
	}
}

fn list(capacity: bool, points: &[Point]) -> String {
	let chain = points.iter().any(|point| point.on_chain.is_some());
	let mut header = vec!["ρ", if capacity { "σ" } else { "S" }];
	header.extend(capacity.then_some("κ"));
	header.extend(["ε*", "cost", "N", "α"]);
	header.extend(chain.then_some("ε* on chain"));
	let row = |point: &Point| {
		let mut row = vec![rounded(point.curvature), rounded(point.stake)];
		row.extend(capacity.then(|| bounded(point.capacity)));
		row.push(bound(point, format!("{:.6}", point.least_rate)));
		row.push(match point.cost {
			cost if cost.is_finite() => bound(point, format!("{cost:.4}")),
			_ => "∞".into(),
		});
		row.extend(match point.binding {
			Some(lie) => [lie.identities.to_string(), share(lie.split)],
			None => ["any".into(), "ever less".into()],
		});
		row.extend(point.on_chain.map(|rate| format!("{rate:.6}")));
		row
	};
	table(header, points.iter().map(row))
}

fn reach(policies: &[Reach]) -> String {
	let spoken = |value: f64| match value {
		0.0 => "nobody".to_owned(),
		value if value >= MOST => format!("more than {MOST}"),
		value => format!("{value:.4}"),
	};
	let row = |policy: &Reach| {
		let Reach { curvature, stake, rate, truthful_up_to } = *policy;
		[rounded(curvature), rounded(stake), rounded(rate), spoken(truthful_up_to)]
	};
	table(["ρ", "σ", "ε", "truthful up to κ"], policies.iter().map(row))
}

fn share(split: u32) -> String {
	match split {
		1 => "1".into(),
		split => format!("1/{split}"),
	}
}

/// At most four digits behind the point.
fn rounded(value: f64) -> String {
	let text = format!("{value:.4}");
	text.trim_end_matches('0').trim_end_matches('.').into()
}

#[cfg(test)]
#[path = "../audits/tests/commands.rs"]
mod tests;

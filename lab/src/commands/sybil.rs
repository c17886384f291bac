use crate::{
	audits::{
		concentration_figure, map, spelling,
		utility::{self, Sizes},
		utility_figure, Concentration,
	},
	number::{decimal, Float},
	outcome::table,
	Outcome, Progress, Values,
};
use anyhow::{Context, Result};
use capacity_economics::{FixedU128, Game, Perquintill};

/// What a supplier gains by reporting too much under many identities
///
/// A supplier of unit capacity places N bids of α = 1/m. X of them are audited, each with probability
/// ε; it delivers m at the most, is paid α^ρ for each, and loses the stake S for every other one. Its
/// expected utility is U(N, α) = α^ρ·E[min(X, m)] − S·E[max(X − m, 0)], and ε if it tells the truth.
/// The defaults are the example of "Capacity oracles", at a rate that is too low and at twice that.
///
/// With --linear, rewards are linear, and N bids report so much that on average --expected is
/// allocated. The more bids, the closer the allocation is to its mean, so that ever less is lost, and
/// the reward stays a multiple of that of the truth: no stake is enough. `--curvature 1 --split
/// 1,10,100,1000` shows the best N for ever smaller bids.
#[derive(Debug, clap::Args)]
pub struct Args {
	/// Curvature ρ of the reward, from 1 (linear)
	#[arg(long, value_name = "NUMBER", default_value = "2", value_parser = decimal, conflicts_with = "linear")]
	curvature: FixedU128,
	/// Stake S of a bid, in rewards of a truthful bid [default: 50; with --linear, 8]
	#[arg(long, value_name = "NUMBER", value_parser = decimal)]
	stake: Option<FixedU128>,
	/// Audit rates ε, between 0 and 1 [default: 0.017,0.034; with --linear, 0.5]
	#[arg(long, value_name = "VALUES")]
	rate: Option<Values>,
	/// Bids m that can be delivered: each is 1/m of the capacity
	#[arg(long, value_name = "VALUES", default_value = "1..8:8", conflicts_with = "linear")]
	split: Values,
	/// Identities N, one for each bid [default: 1..100:100; with --linear, 10,100,1000,10000]
	#[arg(long, value_name = "VALUES")]
	identities: Option<Values>,
	/// Linear rewards: how the allocation of many small bids concentrates
	#[arg(long)]
	linear: bool,
	/// Capacity allocated on average, as a share of the true one, with --linear
	#[arg(long, value_name = "SHARE", default_value = "0.97", value_parser = decimal, requires = "linear")]
	expected: FixedU128,
}

impl Args {
	fn stake(&self) -> FixedU128 {
		self.stake.unwrap_or(FixedU128::from_u32(if self.linear { 8 } else { 50 }))
	}

	fn rates(&self) -> Result<(Values, Vec<Perquintill>)> {
		let default = if self.linear { "0.5" } else { "0.017,0.034" };
		let values = self.rate.clone().map_or_else(|| default.parse(), Ok)?;
		let rates = values.probabilities()?;
		Ok((values, rates))
	}

	fn identities(&self) -> Result<(Values, Vec<u32>)> {
		let default = if self.linear { "10,100,1000,10000" } else { "1..100:100" };
		let values = self.identities.clone().map_or_else(|| default.parse(), Ok)?;
		let identities = small(&values)?;
		Ok((values, identities))
	}

	/// The command that makes this again.
	fn line(&self) -> Result<String> {
		let (rates, identities) =
			(spelling::values(&self.rates()?.0), spelling::values(&self.identities()?.0));
		let (curvature, expected) = (self.curvature.float(), self.expected.float());
		let first = if self.linear {
			format!("--linear --expected {expected}")
		} else {
			format!("--curvature {curvature} --split {}", spelling::values(&self.split))
		};
		let stake = self.stake().float();
		Ok(format!("lab sybil {first} --stake {stake} --rate {rates} --identities {identities}"))
	}
}

pub fn run(args: &Args, _progress: Progress) -> Result<Outcome> {
	if args.linear {
		return linear(args);
	}
	map::checked(args.curvature)?;
	let game = Game::unit(args.curvature, args.stake());
	let (splits, (_, identities)) = (small(&args.split)?, args.identities()?);
	let at = |rate: &Perquintill| utility::sizes(&game, *rate, &splits, &identities);
	let found: Vec<Sizes> = args.rates()?.1.iter().map(at).collect::<Result<_>>()?;
	let text: Vec<String> = found.iter().map(described).collect();
	let (curvature, stake) = (args.curvature.float(), args.stake().float());
	let figure = utility_figure(&found, curvature, stake, &args.line()?);
	Outcome::new(&found, text.join("\n"), vec![figure])
}

fn described(sizes: &Sizes) -> String {
	let rate = sizes.rate;
	let row = |bids: &utility::Bids| {
		let (split, utility) = (bids.split, bids.best_utility);
		let size = if split == 1 { "1".into() } else { format!("1/{split}") };
		let (best, reported) = (bids.best_identities, f64::from(bids.best_identities));
		let [over, value, compared] = [reported / f64::from(split), utility, utility / rate]
			.map(|value| format!("{value:.4}"));
		[size, best.to_string(), over, value, compared]
	};
	let drawn = table(
		["α", "best N", "reported", "utility", "of the truth's"],
		sizes.sizes.iter().map(row),
	);
	let (best, utility) = (sizes.best, sizes.best_utility);
	let verdict = match (best.identities > best.split, sizes.exhaustive) {
		(true, all) => format!(
			"the best {} {} bids of 1/{}: {utility:.4}, {:.2} times the truth",
			if all { "of all is" } else { "that was found is" },
			best.identities,
			best.split,
			utility / rate
		),
		(false, true) => "the truth is best: one bid of everything".into(),
		(false, false) => {
			"nothing better than the truth was found, but not all was searched".into()
		}
	};
	format!("ε = {rate}: {verdict}\n{drawn}")
}

fn linear(args: &Args) -> Result<Outcome> {
	let (expected, stake) = (args.expected.float(), args.stake().float());
	let (rates, identities) = (args.rates()?.1, args.identities()?.1);
	let mut found = Vec::new();
	for rate in rates {
		for count in &identities {
			found.push(Concentration::new(*count, expected, rate.float(), stake)?);
		}
	}
	let row = |found: &Concentration| {
		[
			found.identities.to_string(),
			found.rate.to_string(),
			format!("{:.4}", found.reported),
			format!("{:.4}", found.mean),
			format!("{:.4}", found.deviation),
			format!("{:.3} %", 100.0 * found.overload),
			format!("{:.4}", found.utility),
			format!("{:.4}", found.utility - found.rate),
		]
	};
	let header =
		["N", "ε", "reported", "mean", "deviation", "P(> 1)", "utility", "more than the truth"];
	let text = table(header, found.iter().map(row));
	let line = args.line()?;
	let rows = found.chunks(identities.len());
	let several = rows.len() > 1;
	let drawn = rows.map(|found| {
		let mut figure = concentration_figure(found, &line);
		if several {
			figure.name += &format!("-{}", found[0].rate);
		}
		figure
	});
	Outcome::new(&found, text, drawn.collect())
}

/// Whole numbers from one.
fn small(values: &Values) -> Result<Vec<u32>> {
	let count = |value: u64| {
		u32::try_from(value).ok().filter(|value| *value > 0).with_context(|| {
			format!("{value} is not a number of bids, which is from 1 to {}", u32::MAX)
		})
	};
	values.integers()?.into_iter().map(count).collect()
}

//! What came of a scenario.

use super::{
	chain::SettlerShare,
	ledger::{batch_lengths, Account, Counts},
	stats::{Estimate, Interval},
	world::{Run, Said},
	Scenario,
};
use serde::Serialize;

/// What came of all runs of a scenario together.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
	pub scenario: Scenario,
	/// Bids of all suppliers of one run.
	pub bids: u32,
	/// Whether the chain calls the policy truthful for a supplier of the reference capacity, one that
	/// may settle its own failed audits.
	pub truthful_at_reference: bool,
	pub strategies: Vec<StrategyReport>,
	pub oracle: Oracle,
	/// The first run, session by session.
	pub moments: Vec<Moment>,
}

/// How those fared that play one strategy. Gains are for a session, in units of the reward for one
/// truthful audited bid of a supplier's whole capacity, so that the truth gains `ε` by its audits.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StrategyReport {
	pub strategy: String,
	/// Suppliers of one run, and their bids.
	pub suppliers: u32,
	pub bids: u32,
	/// What is paid less what is slashed, and less what the work cost, with a 95 % confidence interval.
	pub gain: Interval,
	/// What the formulas say it is, where they can.
	pub predicted: Option<f64>,
	/// What is gained beyond honest suppliers, if there are any to compare with.
	pub advantage: Option<Interval>,
	pub verdict: Verdict,
	/// Of the gain: for audits, from relays, and what own applications paid.
	pub parts: Parts,
	/// Over all its suppliers, sessions and runs.
	pub counts: Counts,
}

/// What a gain consists of, each in the units of the gain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parts {
	pub audits_paid: f64,
	pub audits_slashed: f64,
	pub relays_earned: f64,
	pub relays_slashed: f64,
	pub paid_itself: f64,
	/// What of that came back as the owner's share.
	pub owned: f64,
	pub work: f64,
}

/// Whether a strategy pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
	/// It is honesty.
	Honest,
	GainsMore,
	NoMore,
	Undecided,
	/// Nobody was honest.
	NothingToCompare,
}

impl Verdict {
	fn of(advantage: Option<Interval>) -> Self {
		match advantage {
			None => Self::NothingToCompare,
			Some(advantage) if advantage.low > 0.0 => Self::GainsMore,
			Some(advantage) if advantage.high <= 0.0 => Self::NoMore,
			Some(_) => Self::Undecided,
		}
	}

	/// In words.
	pub fn words(&self) -> &'static str {
		match self {
			Self::Honest => "the truth",
			Self::GainsMore => "gains more than honesty",
			Self::NoMore => "no more than honesty",
			Self::Undecided => "undecided",
			Self::NothingToCompare => "nobody to compare with",
		}
	}
}

/// How right the oracle was, and what it cost. Shares are of the true capacity.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Oracle {
	/// Units that can be counted on, in one run.
	pub true_capacity: f64,
	/// What is reported beyond that, as a share of it.
	pub reported_error: f64,
	/// What the oracle verified beyond that, once its history was full: on average, at the worst, and at
	/// the end.
	pub verified_error: f64,
	pub verified_error_worst: f64,
	pub verified_error_last: f64,
	/// How often the lower bound was above the truth. It is one-sided, at 95 %.
	pub low_above_truth: f64,
	/// What the pot paid for audits, as a share of what the true capacity costs to run.
	pub paid: f64,
	/// What it got back by slashing, as such a share.
	pub slashed: f64,
	/// What the formula says it pays if all tell the truth and have the reference capacity: `ε · 2` for a
	/// margin of one.
	pub paid_by_formula: f64,
	/// Sessions that had to do without audits.
	pub skipped: u32,
	/// Sessions that were audited at less than the policy's rate, as money was short.
	pub thinned: u32,
}

/// The oracle after one settled session.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moment {
	pub session: u32,
	pub reported: u64,
	pub verified: u64,
	pub verified_low: u64,
	pub true_capacity: u64,
}

impl Report {
	pub(super) fn of(scenario: &Scenario, runs: &[Run]) -> Self {
		let groups = scenario.population.0.len();
		let samples: Vec<_> = (0..groups).map(|group| sample(scenario, runs, group)).collect();
		let judged = scenario.policy.judged(SettlerShare::get());
		Self {
			bids: runs.first().map_or(0, |run| run.cast.identities.len() as u32),
			truthful_at_reference: judged.is_truthful(judged.reference),
			strategies: (0..groups)
				.map(|group| strategy(scenario, runs, group, &samples))
				.collect(),
			oracle: oracle(scenario, runs),
			moments: runs.first().map(moments).unwrap_or_default(),
			scenario: scenario.clone(),
		}
	}
}

/// Gains of the suppliers of a group, each in units of its own reward: one by one if there are many,
/// by parts of the run if there are few. If gains depend on each other: all suppliers together, by parts.
fn sample(scenario: &Scenario, runs: &[Run], group: usize) -> Vec<f64> {
	const MANY: usize = 30;
	let lengths = batch_lengths(scenario.sessions);
	let mut sample = Vec::new();
	let suppliers: usize = runs.iter().map(|run| of_group(run, group).count()).sum();
	for run in runs {
		let gains = of_group(run, group).map(|(reward, account)| {
			let parts = account.batches.iter().zip(&lengths);
			parts
				.map(|(gain, length)| *gain as f64 / reward / f64::from(*length))
				.collect::<Vec<_>>()
		});
		let gains: Vec<_> = gains.collect();
		if scenario.is_correlated() {
			for part in 0..lengths.len() {
				let sum: f64 = gains.iter().filter_map(|parts| parts.get(part)).sum();
				sample.push(sum / gains.len().max(1) as f64);
			}
		} else if suppliers < MANY {
			sample.extend(gains.into_iter().flatten());
		} else {
			let weighted = |parts: Vec<f64>| {
				let gain =
					parts.iter().zip(&lengths).map(|(gain, length)| gain * f64::from(*length));
				gain.sum::<f64>() / f64::from(scenario.sessions)
			};
			sample.extend(gains.into_iter().map(weighted));
		}
	}
	sample
}

/// The reward and the account of each supplier of a group.
fn of_group(run: &Run, group: usize) -> impl Iterator<Item = (f64, &Account)> {
	let players = run.cast.players.iter().zip(&run.accounts);
	players
		.filter(move |(player, _)| player.group == group)
		.map(|(player, account)| (player.reward, account))
}

/// What honest suppliers gain: as those of the same capacity did here, or all, if none has that, or by the
/// formula where nobody was honest.
fn honesty(scenario: &Scenario, samples: &[Vec<f64>], capacity: Option<f64>) -> Option<Estimate> {
	let groups = scenario.population.0.iter().zip(samples);
	let honest = || groups.clone().filter(|(group, _)| group.strategy.is_honest());
	let alike = honest().any(|(group, _)| group.capacity == capacity);
	let honest: Vec<_> = honest()
		.filter(|(group, _)| !alike || group.capacity == capacity)
		.flat_map(|(_, sample)| sample.iter().copied())
		.collect();
	match honest.is_empty() {
		false => Some(Estimate::of(&honest)),
		true if scenario.is_predicted() => {
			Some(Estimate::exact(scenario.audited(scenario.policy.reference).rate()))
		}
		true => None,
	}
}

fn strategy(
	scenario: &Scenario,
	runs: &[Run],
	group: usize,
	samples: &[Vec<f64>],
) -> StrategyReport {
	let known = &scenario.population.0[group];
	let honest = honesty(scenario, samples, known.capacity);
	let gain = Estimate::of(&samples[group]);
	let is_honest = known.strategy.is_honest();
	let advantage = honest.filter(|_| !is_honest).map(|honest| gain.minus(&honest).interval());
	let players = runs.first().map(|run| &run.cast.players);
	let bids = players.into_iter().flatten().filter(|player| player.group == group);
	StrategyReport {
		strategy: known.to_string(),
		suppliers: known.suppliers,
		bids: bids.map(|player| player.identities.len() as u32).sum(),
		gain: gain.interval(),
		predicted: predicted(scenario, runs, group),
		advantage,
		verdict: if is_honest { Verdict::Honest } else { Verdict::of(advantage) },
		parts: parts(scenario, runs, group),
		counts: counts(runs, group),
	}
}

fn predicted(scenario: &Scenario, runs: &[Run], group: usize) -> Option<f64> {
	if !scenario.is_predicted() {
		return None;
	}
	let players = runs.iter().flat_map(|run| &run.cast.players);
	let gains: Option<Vec<_>> = players
		.filter(|player| player.group == group)
		.map(|player| player.strategy.play().predicted(&scenario.audited(player.capacity)))
		.collect();
	let gains = gains.filter(|gains| !gains.is_empty())?;
	Some(gains.iter().sum::<f64>() / gains.len() as f64)
}

fn parts(scenario: &Scenario, runs: &[Run], group: usize) -> Parts {
	let mut parts = Parts::default();
	let suppliers: Vec<_> = runs.iter().flat_map(|run| of_group(run, group)).collect();
	let count = suppliers.len();
	for (reward, account) in suppliers {
		let share = |money: f64| money / reward / f64::from(scenario.sessions) / count as f64;
		let units = account.counts.audit_units + account.counts.relay_units;
		parts.audits_paid += share(account.audits_paid as f64);
		parts.audits_slashed += share(account.audits_slashed as f64);
		parts.relays_earned += share(account.relays_earned as f64);
		parts.relays_slashed += share(account.relays_slashed as f64);
		parts.paid_itself += share(account.paid_itself as f64);
		parts.owned += share(account.owned as f64);
		parts.work += share(units as f64 * scenario.policy.cost as f64);
	}
	parts
}

fn counts(runs: &[Run], group: usize) -> Counts {
	let accounts = runs.iter().flat_map(|run| of_group(run, group));
	accounts.fold(Counts::default(), |sum, (_, account)| sum.plus(&account.counts))
}

fn oracle(scenario: &Scenario, runs: &[Run]) -> Oracle {
	/// Sessions that the chain's history remembers.
	const HISTORY: usize = 32;
	let (mut reported, mut verified, mut worst, mut last) = (Vec::new(), Vec::new(), 0.0f64, 0.0);
	let (mut above, mut paid, mut slashed, mut sessions) = (0usize, 0.0, 0.0, 0usize);
	for run in runs {
		let truth = run.cast.true_capacity() as f64;
		let error = |units: u64| units as f64 / truth - 1.0;
		let full = if run.oracle.len() > HISTORY { HISTORY } else { 0 };
		for said in run.oracle.iter().skip(full) {
			let wrong = error(said.verified);
			reported.push(error(said.reported));
			verified.push(wrong);
			worst = if wrong.abs() > worst.abs() { wrong } else { worst };
			above += usize::from(said.verified_low as f64 > truth);
		}
		last += run.oracle.last().map_or(0.0, |said| error(said.verified)) / runs.len() as f64;
		let cost = truth * scenario.policy.cost as f64;
		sessions += run.oracle.len();
		paid += run.oracle.iter().map(|said| said.record.paid as f64).sum::<f64>() / cost;
		slashed += run.oracle.iter().map(|said| said.record.slashed as f64).sum::<f64>() / cost;
	}
	let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
	let audited = scenario.audited(scenario.policy.reference);
	Oracle {
		true_capacity: runs.first().map_or(0.0, |run| run.cast.true_capacity() as f64),
		reported_error: mean(&reported),
		verified_error: mean(&verified),
		verified_error_worst: worst,
		verified_error_last: last,
		low_above_truth: above as f64 / verified.len() as f64,
		paid: paid / sessions as f64,
		slashed: slashed / sessions as f64,
		paid_by_formula: audited.rate() * (1.0 + 1.0 / audited.work()),
		skipped: runs.iter().map(|run| run.skipped).sum(),
		thinned: runs.iter().map(|run| run.thinned).sum(),
	}
}

fn moments(run: &Run) -> Vec<Moment> {
	let true_capacity = run.cast.true_capacity();
	let moment = |said: &Said| Moment {
		session: said.record.session,
		reported: said.reported,
		verified: said.verified,
		verified_low: said.verified_low,
		true_capacity,
	};
	run.oracle.iter().map(moment).collect()
}

//! A report for people: tables, sentences and figures.

use super::{Interval, Report, Scenario, StrategyReport};
use crate::{
	figure::{Axis, Layer, Panel},
	number::Float,
	outcome::table,
	Figure,
};

/// The columns of [`gains_row`].
pub const GAINS: [&str; 8] = [
	"strategy",
	"suppliers",
	"bids",
	"gain a session",
	"95 % interval",
	"by formula",
	"beyond honesty",
	"verdict",
];

/// How a strategy fared.
pub fn gains_row(known: &StrategyReport) -> [String; GAINS.len()] {
	[
		known.strategy.clone(),
		known.suppliers.to_string(),
		known.bids.to_string(),
		number(known.gain.mean),
		interval(&known.gain),
		known.predicted.map(number).unwrap_or_default(),
		known.advantage.as_ref().map(interval).unwrap_or_default(),
		known.verdict.words().to_string(),
	]
}

impl Report {
	/// Tables and what they say.
	pub fn text(&self) -> String {
		format!("{}\n{}\n{}", self.gains(), self.deeds(), self.sentences())
	}

	fn gains(&self) -> String {
		table(GAINS, self.strategies.iter().map(gains_row))
	}

	fn deeds(&self) -> String {
		let header = [
			"strategy",
			"audits",
			"delivered",
			"failed",
			"passed over",
			"claims",
			"proofs asked",
			"given",
			"refused",
			"forfeited",
			"paid",
			"slashed",
			"work",
			"relays served",
		];
		let rows = self.strategies.iter().map(|known| {
			let (counts, parts) = (&known.counts, &known.parts);
			[
				known.strategy.clone(),
				counts.audits.to_string(),
				counts.delivered.to_string(),
				counts.failed.to_string(),
				counts.passed_over.to_string(),
				counts.claims.to_string(),
				counts.proofs_required.to_string(),
				counts.proofs_given.to_string(),
				counts.proofs_refused.to_string(),
				counts.forfeited.to_string(),
				number(parts.audits_paid + parts.relays_earned + parts.owned - parts.paid_itself),
				number(parts.audits_slashed + parts.relays_slashed),
				number(parts.work),
				counts.relay_units.to_string(),
			]
		});
		table(header, rows)
	}

	fn sentences(&self) -> String {
		let (scenario, oracle) = (&self.scenario, &self.oracle);
		let mut lines = vec![
			format!(
				"{} suppliers with {} bids, {} sessions, {} run{}, seed {}. Gains, payments and work are \
				 for a session, in rewards for one truthful audited bid of the whole capacity.",
				scenario.population.size(),
				self.bids,
				scenario.sessions,
				scenario.replicas,
				if scenario.replicas == 1 { "" } else { "s" },
				scenario.seed,
			),
			format!(
				"The policy {} for a supplier of the reference capacity, by the chain's own judgement.",
				if self.truthful_at_reference { "makes truth best" } else { "does not make truth best" },
			),
			format!(
				"True capacity {} units; reported {} on average, verified {} ({} at the worst, {} at the \
				 end); the lower bound was above the truth in {} of sessions.",
				oracle.true_capacity,
				percent(oracle.reported_error),
				percent(oracle.verified_error),
				percent(oracle.verified_error_worst),
				percent(oracle.verified_error_last),
				plain(oracle.low_above_truth),
			),
			format!(
				"The pot paid {} of what the true capacity costs to run, and got {} back; among honest \
				 suppliers of the reference capacity it pays {} (2ε for a margin of 1).",
				plain(oracle.paid),
				plain(oracle.slashed),
				plain(oracle.paid_by_formula),
			),
		];
		if oracle.skipped > 0 {
			lines.push(format!("{} sessions had no audits.", oracle.skipped));
		}
		if oracle.thinned > 0 {
			lines.push(format!(
				"{} sessions were audited at less than the policy's rate, as money was short.",
				oracle.thinned
			));
		}
		lines
			.push("Every account holds what it should, and no money was made or lost.".to_string());
		lines.join("\n") + "\n"
	}

	/// What the strategies gain, and what the oracle said.
	pub fn figures(&self) -> Vec<Figure> {
		vec![gains(&[(String::new(), self)]), self.oracle_figure()]
	}

	fn gains_panel(&self, title: &str) -> Panel {
		let mut layers: Vec<_> = (1..).zip(&self.strategies).map(intervals).collect();
		let honest = self.strategies.iter().find(|known| known.strategy == "honest");
		if let Some(honest) = honest {
			layers.push(Layer::Level { label: "honest".to_string(), y: honest.gain.mean });
		}
		let predicted: Vec<_> = (1..)
			.zip(&self.strategies)
			.filter_map(|(at, known): (u32, _)| Some((f64::from(at), known.predicted?)))
			.collect();
		if !predicted.is_empty() {
			layers.push(Layer::Dots { label: "by formula".to_string(), points: predicted });
		}
		let count = self.strategies.len() as f64;
		Panel {
			title: title.to_string(),
			x: Axis::linear("strategy").from(0.5, count + 0.5),
			y: Axis::linear("gain a session, in rewards for the truth"),
			layers,
		}
	}

	/// What makes this report again, but for what concerns relays.
	fn command(&self) -> String {
		let Scenario { policy, sessions, seed, .. } = &self.scenario;
		format!(
			"`lab simulate --population {} --rate {} --stake {} --sessions {sessions} --seed {seed}`",
			population(self),
			policy.audit_rate.float(),
			policy.stake_factor.float() / policy.margin.float(),
		)
	}

	/// What the oracle said, session by session.
	pub fn oracle_figure(&self) -> Figure {
		let line = |label: &str, value: fn(&super::Moment) -> u64| Layer::Line {
			label: label.to_string(),
			points: self
				.moments
				.iter()
				.map(|moment| (f64::from(moment.session), value(moment) as f64))
				.collect(),
		};
		Figure {
			name: "simulation-oracle".to_string(),
			title: "What the oracle says".to_string(),
			caption: format!(
				"Capacity reported, and verified by the audits of the last 32 sessions, with its lower bound, \
				 against what can be counted on. Made with {}.",
				self.command(),
			),
			panels: vec![Panel {
				title: String::new(),
				x: Axis::linear("session"),
				y: Axis::linear("compute units a session"),
				layers: vec![
					line("reported", |moment| moment.reported),
					line("verified", |moment| moment.verified),
					line("lower bound", |moment| moment.verified_low),
					Layer::Level { label: "true".to_string(), y: self.oracle.true_capacity },
				],
			}],
		}
	}
}

/// What strategies gain, one panel for each report, with its title.
pub fn gains(reports: &[(String, &Report)]) -> Figure {
	let commands: Vec<_> = reports.iter().map(|(_, report)| report.command()).collect();
	Figure {
		name: "simulation-gains".to_string(),
		title: "What strategies gain on the chain".to_string(),
		caption: format!(
			"Mean gain of a supplier in a session, with its 95 % confidence interval, on the chain itself. \
			 Made with {}.",
			commands.join(" and "),
		),
		panels: reports.iter().map(|(title, report)| report.gains_panel(title)).collect(),
	}
}

fn intervals((at, known): (u32, &StrategyReport)) -> Layer {
	let Interval { low, mean, high } = known.gain;
	Layer::Intervals {
		label: known.strategy.clone(),
		points: vec![(f64::from(at), low, mean, high)],
	}
}

fn population(report: &Report) -> String {
	let groups = &report.scenario.population.0;
	let group = |group: &super::Group| format!("{group}={}", group.suppliers);
	groups.iter().map(group).collect::<Vec<_>>().join(",")
}

fn number(value: f64) -> String {
	match value.abs() {
		small if small < 0.00005 => "0".to_string(),
		small if small < 1.0 => format!("{value:.4}"),
		small if small < 100.0 => format!("{value:.2}"),
		_ => format!("{value:.0}"),
	}
}

fn interval(interval: &Interval) -> String {
	format!("{} to {}", number(interval.low), number(interval.high))
}

fn plain(share: f64) -> String {
	format!("{:.1} %", share * 100.0)
}

fn percent(share: f64) -> String {
	format!("{:+.1} %", share * 100.0)
}

mod attacks;
mod audits;
mod relays;
mod runs;
mod state;
mod sweeps;

use super::*;
use crate::Progress;
use capacity_economics::{FixedU128, Perquintill};
use capacity_protocol::{Policy, RelayTerms, StandardWork};

fn played(scenario: &Scenario) -> Report {
	run(scenario, Progress::Hidden).unwrap()
}

fn population(text: &str) -> Population {
	text.parse().unwrap()
}

/// ρ = 2, this stake and this rate.
fn policy(stake: u32, rate: f64) -> Policy<StandardWork> {
	Policy {
		stake_factor: FixedU128::from_u32(stake),
		audit_rate: Perquintill::from_float(rate),
		..reference_policy()
	}
}

/// No audits; one opening, and all of a payment for the supplier, as in the theorem of section 5.2.
fn relaying(terms: RelayTerms) -> Policy<StandardWork> {
	Policy { relays: Some(terms), openings: 1, ..policy(8, 0.0) }
}

fn of<'a>(report: &'a Report, strategy: &str) -> &'a StrategyReport {
	report.strategies.iter().find(|known| known.strategy == strategy).unwrap()
}

/// No further from the mean than one and a half times its 95 % confidence interval: 99.7 %.
fn agrees(interval: Interval, value: f64) -> bool {
	(interval.mean - value).abs() <= 1.5 * (interval.high - interval.mean)
}

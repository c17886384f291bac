//! How a supplier behaves: what it bids, what it does about what it is asked for.

mod colluding;
mod honest;
mod outage;
mod overreporting;
mod padding;
mod silent;
mod splitting;

pub use colluding::Colluding;
pub use honest::Honest;
pub use outage::{Moment, Outage};
pub use overreporting::Overreporting;
pub use padding::Padding;
pub use silent::Silent;
pub use splitting::Splitting;

use anyhow::{bail, ensure, Context, Result};
use capacity_protocol::{ApplicationIndex, Policy, StandardWork, Units};
use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};

/// How to write a [`Strategy`], for help texts.
pub const SYNTAX: &str = "honest | splitting:MxN (N bids of 1/M of the capacity, of which it can \
deliver M) | overreporting:F (one bid of F times the capacity) | silent (bids, never delivers) | \
padding:f (the share f of its relay claims is made up) | outage:q (down with probability q, in time to \
claim nothing) | crash:q (down with probability q after it has claimed) | colluding:UxA (A \
applications of its own sign U units for it that nobody served)";

/// One of the strategies, with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Strategy {
	Honest(Honest),
	Splitting(Splitting),
	Overreporting(Overreporting),
	Silent(Silent),
	Padding(Padding),
	Outage(Outage),
	Colluding(Colluding),
}

/// What a supplier is asked for in one session, under one of its identities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Duty {
	/// Units of an audit: the whole bid.
	pub audit: Option<Units>,
	/// Relays.
	pub asked: Vec<Asked>,
}

/// What one application asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
	pub application: ApplicationIndex,
	pub rank: u8,
	pub units: Units,
	/// Whether the application is the supplier's own.
	pub own: bool,
}

/// What a supplier does about a duty. By default nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
	/// Units of the audit that it computes.
	pub audit: Units,
	/// What it claims of applications, in the order of their numbers.
	pub relays: Vec<Claimed>,
	/// Whether it tries to prove what it has claimed.
	pub proves: bool,
}

/// Relays claimed of one application.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claimed {
	pub application: ApplicationIndex,
	pub rank: u8,
	/// Units that the application signed.
	pub signed: Units,
	/// Units that nobody signed.
	pub made_up: Units,
	/// Whether the signed units were asked for and served, which is work.
	pub served: bool,
}

/// What a supplier knows when it decides.
pub struct Hand<'a> {
	/// Units that it can deliver in a session.
	pub capacity: Units,
	pub policy: &'a Policy<StandardWork>,
	pub luck: &'a mut fastrand::Rng,
}

/// A supplier's audits, for formulas. All gains are in rewards for its whole capacity.
pub struct Audited<'a> {
	pub capacity: Units,
	pub policy: &'a Policy<StandardWork>,
}

impl Audited<'_> {
	/// The reward for a bid of the whole capacity, in money.
	pub fn reward(&self) -> f64 {
		reward(self.policy, self.capacity)
	}

	/// What an audit of `bid` puts at risk.
	pub fn stake(&self, bid: Units) -> f64 {
		self.policy.audit_stake(bid) as f64 / self.reward()
	}

	/// What the work of the whole capacity costs.
	pub fn work(&self) -> f64 {
		(self.policy.cost as f64 * self.capacity as f64) / self.reward()
	}

	/// The audit rate.
	pub fn rate(&self) -> f64 {
		self.policy.audit_rate.deconstruct() as f64 / 1e18
	}
}

/// What an audit of a bid pays beyond its cost.
pub fn reward(policy: &Policy<StandardWork>, units: Units) -> f64 {
	policy.payment(units) as f64 - policy.cost as f64 * units as f64
}

/// A way to behave.
pub trait Play {
	/// The bids that it places, one for each identity.
	fn bids(&self, capacity: Units) -> Vec<Units>;

	/// What it does about the duties that its identities have in a session, in their order.
	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer>;

	/// Units of its capacity that anybody can count on.
	fn true_capacity(&self, capacity: Units) -> Units {
		capacity
	}

	/// How many applications of its own it has, and how many units each of them signs in a session for
	/// each identity that may serve it.
	fn applications(&self) -> (u32, Units) {
		(0, 0)
	}

	/// What its audits bring in a session, by the formulas, where they are independent, all stakes are
	/// free, and a failed one loses all of its stake.
	fn predicted(&self, audited: &Audited) -> Option<f64>;
}

impl Answer {
	/// All that is asked for.
	pub fn honest(duty: &Duty, policy: &Policy<StandardWork>) -> Self {
		let relays: Vec<_> =
			duty.asked.iter().filter(|asked| !asked.own).map(Claimed::served).collect();
		let credited = match policy.relays {
			Some(terms) if terms.credit_relays => relays.iter().map(|claimed| claimed.signed).sum(),
			_ => 0,
		};
		Self { audit: duty.audit.unwrap_or(0).saturating_sub(credited), relays, proves: true }
	}
}

impl Claimed {
	/// As asked for.
	pub fn served(asked: &Asked) -> Self {
		let Asked { application, rank, units, .. } = *asked;
		Self { application, rank, signed: units, made_up: 0, served: true }
	}
}

/// Every duty for itself.
fn each(duties: &[Duty], answer: impl FnMut(&Duty) -> Answer) -> Vec<Answer> {
	duties.iter().map(answer).collect()
}

impl Strategy {
	pub fn play(&self) -> &dyn Play {
		match self {
			Self::Honest(way) => way,
			Self::Splitting(way) => way,
			Self::Overreporting(way) => way,
			Self::Silent(way) => way,
			Self::Padding(way) => way,
			Self::Outage(way) => way,
			Self::Colluding(way) => way,
		}
	}

	/// Whether it is what others are compared with.
	pub fn is_honest(&self) -> bool {
		matches!(self, Self::Honest(_))
	}
}

impl fmt::Display for Strategy {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Honest(_) => write!(f, "honest"),
			Self::Splitting(way) => write!(f, "splitting:{}x{}", way.delivered, way.bids),
			Self::Overreporting(way) => write!(f, "overreporting:{}", way.factor),
			Self::Silent(_) => write!(f, "silent"),
			Self::Padding(way) => write!(f, "padding:{}", way.share),
			Self::Outage(Outage { probability, moment: Moment::Work }) => {
				write!(f, "outage:{probability}")
			}
			Self::Outage(Outage { probability, moment: Moment::Proof }) => {
				write!(f, "crash:{probability}")
			}
			Self::Colluding(way) => write!(f, "colluding:{}x{}", way.units, way.applications),
		}
	}
}

impl FromStr for Strategy {
	type Err = anyhow::Error;

	fn from_str(text: &str) -> Result<Self> {
		let (name, parameter) = text.split_once(':').unwrap_or((text, ""));
		let number = || parameter.parse::<f64>().ok().filter(|number| number.is_finite());
		let share = || number().filter(|share| (0.0..=1.0).contains(share));
		let known = match name {
			"honest" => parameter.is_empty().then_some(Self::Honest(Honest)),
			"silent" => parameter.is_empty().then_some(Self::Silent(Silent)),
			"splitting" => pair(parameter)
				.map(|(delivered, bids)| Self::Splitting(Splitting { delivered, bids })),
			"overreporting" => number()
				.filter(|factor| *factor > 0.0)
				.map(|factor| Self::Overreporting(Overreporting { factor })),
			"padding" => share().map(|share| Self::Padding(Padding { share })),
			"outage" => share()
				.map(|probability| Self::Outage(Outage { probability, moment: Moment::Work })),
			"crash" => share()
				.map(|probability| Self::Outage(Outage { probability, moment: Moment::Proof })),
			"colluding" => pair(parameter).map(|(units, applications)| {
				Self::Colluding(Colluding { units: units.into(), applications })
			}),
			_ => bail!("{name:?} is no strategy; write {SYNTAX}"),
		};
		let known = known.with_context(|| format!("{text:?} cannot be read; write {SYNTAX}"))?;
		if let Self::Splitting(Splitting { delivered, bids }) = known {
			ensure!(bids >= delivered, "{text}: there are fewer bids than can be delivered");
		}
		Ok(known)
	}
}

/// `5x44`, neither of them zero.
fn pair(text: &str) -> Option<(u32, u32)> {
	let (first, second) = text.split_once('x')?;
	let number = |text: &str| text.parse().ok().filter(|number| *number > 0);
	Some((number(first)?, number(second)?))
}

impl Serialize for Strategy {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(self)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn strategies_are_written_as_they_are_read() {
		for text in [
			"honest",
			"splitting:5x44",
			"overreporting:2.5",
			"silent",
			"padding:0.2",
			"outage:0.02",
			"crash:1",
			"colluding:10x2",
		] {
			assert_eq!(text.parse::<Strategy>().unwrap().to_string(), text);
		}
	}

	#[test]
	fn what_is_no_strategy_is_refused() {
		for text in [
			"",
			"honesty",
			"honest:1",
			"splitting",
			"splitting:5",
			"splitting:0x3",
			"splitting:5x3",
			"overreporting:0",
			"padding:1.5",
			"outage:x",
			"colluding:0x1",
		] {
			assert!(text.parse::<Strategy>().is_err(), "{text}");
		}
	}
}

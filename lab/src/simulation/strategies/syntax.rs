//! Strategies by name: how they are written and read.

use super::{
	Colluding, Declaring, Diluting, FakingAudits, Honest, Lingering, Mixed, Moment, Outage,
	Outbidding, Overreporting, Padding, Play, Resting, SelfServing, Shirking, Silent, Splitting,
};
use anyhow::{bail, ensure, Context, Result};
use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};

/// How to write a [`Strategy`], for help texts.
pub const SYNTAX: &str = "honest | splitting:MxN (N bids of 1/M of the capacity, of which it can \
deliver M; with M = N: in pieces) | overreporting:F (one bid of F times the capacity) | mixed (2 to 8 \
bids of random sizes up to the capacity, of which it delivers what brings most) | mixed:A+B+... (bids of \
these shares of the capacity) | declaring:F (declares F times the capacity for more relays) | resting \
(two bids on one machine, joined one session apart, with the least stake) | lingering:F (as declaring, with the least stake, which it fills up only when nothing more could be lost) | outbidding:N (N bids of the \
capacity, more than the service's money can audit) | silent (bids, never delivers) | shirking:f (fakes \
the share f of its audits) | faking-audits:B (fakes audits beside B units of each of its own \
applications) | padding:f (the share f of its relay claims is made up) | diluting:UxB (makes up U units \
of an honest application beside B units of each of its own, which cannot pay) | diluting-paid:UxB \
(which pay) | self-serving:N (N bids of the capacity; answers audits that are too many with relays of \
its own applications; owns the service) | outage:q (down with probability q, in time to claim nothing) | \
crash:q (down with probability q after it has claimed) | colluding:UxA (A applications of its own sign \
U units for it that nobody served)";

/// One of the strategies, with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Strategy {
	Honest(Honest),
	Splitting(Splitting),
	Overreporting(Overreporting),
	Mixed(Mixed),
	Declaring(Declaring),
	Resting(Resting),
	Lingering(Lingering),
	Outbidding(Outbidding),
	Silent(Silent),
	Shirking(Shirking),
	FakingAudits(FakingAudits),
	Padding(Padding),
	Diluting(Diluting),
	SelfServing(SelfServing),
	Outage(Outage),
	Colluding(Colluding),
}

impl Strategy {
	pub fn play(&self) -> &dyn Play {
		match self {
			Self::Honest(way) => way,
			Self::Splitting(way) => way,
			Self::Overreporting(way) => way,
			Self::Mixed(way) => way,
			Self::Declaring(way) => way,
			Self::Resting(way) => way,
			Self::Lingering(way) => way,
			Self::Outbidding(way) => way,
			Self::Silent(way) => way,
			Self::Shirking(way) => way,
			Self::FakingAudits(way) => way,
			Self::Padding(way) => way,
			Self::Diluting(way) => way,
			Self::SelfServing(way) => way,
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
			Self::Mixed(way) => way.fmt(f),
			Self::Declaring(way) => write!(f, "declaring:{}", way.factor),
			Self::Resting(_) => write!(f, "resting"),
			Self::Lingering(way) => write!(f, "lingering:{}", way.declared.factor),
			Self::Outbidding(way) => write!(f, "outbidding:{}", way.bids),
			Self::Silent(_) => write!(f, "silent"),
			Self::Shirking(way) => write!(f, "shirking:{}", way.share),
			Self::FakingAudits(way) => write!(f, "faking-audits:{}", way.beside),
			Self::Padding(way) => write!(f, "padding:{}", way.share),
			Self::Diluting(Diluting { made_up, beside, pays }) => {
				let name = if *pays { "diluting-paid" } else { "diluting" };
				write!(f, "{name}:{made_up}x{beside}")
			}
			Self::SelfServing(way) => write!(f, "self-serving:{}", way.bids),
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
		let count = || parameter.parse::<u32>().ok().filter(|count| *count > 0);
		let alone = |strategy| parameter.is_empty().then_some(strategy);
		let declared = || {
			let factor = number().filter(|factor| (1.0..=16.0).contains(factor))?;
			Some(Declaring { factor })
		};
		let diluting = |pays| {
			pair(parameter).map(|(made_up, beside)| {
				Self::Diluting(Diluting { made_up: made_up.into(), beside: beside.into(), pays })
			})
		};
		let known = match name {
			"honest" => alone(Self::Honest(Honest)),
			"silent" => alone(Self::Silent(Silent)),
			"resting" => alone(Self::Resting(Resting)),
			"splitting" => pair(parameter)
				.map(|(delivered, bids)| Self::Splitting(Splitting { delivered, bids })),
			"overreporting" => number()
				.filter(|factor| *factor > 0.0)
				.map(|factor| Self::Overreporting(Overreporting { factor })),
			"mixed" if parameter.is_empty() => Some(Self::Mixed(Mixed::RANDOM)),
			"mixed" => portfolio(parameter).map(Self::Mixed),
			"declaring" => declared().map(Self::Declaring),
			"lingering" => declared().map(|declared| Self::Lingering(Lingering { declared })),
			"outbidding" => count().map(|bids| Self::Outbidding(Outbidding { bids })),
			"shirking" => share().map(|share| Self::Shirking(Shirking { share })),
			"faking-audits" => {
				count().map(|beside| Self::FakingAudits(FakingAudits { beside: beside.into() }))
			}
			"padding" => share().map(|share| Self::Padding(Padding { share })),
			"diluting" => diluting(false),
			"diluting-paid" => diluting(true),
			"self-serving" => count().map(|bids| Self::SelfServing(SelfServing { bids })),
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

/// `1+0.5`.
fn portfolio(text: &str) -> Option<Mixed> {
	let shares: Option<Vec<f64>> = text.split('+').map(|share| share.parse().ok()).collect();
	Mixed::of(&shares?)
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
			"mixed",
			"mixed:1+0.5+0.25",
			"declaring:1.5",
			"resting",
			"lingering:2",
			"outbidding:20",
			"silent",
			"shirking:0.1",
			"faking-audits:200",
			"padding:0.2",
			"diluting:20x200",
			"diluting-paid:20x200",
			"self-serving:2",
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
			"mixed:0+1",
			"mixed:1+1+1+1+1+1+1+1+1",
			"declaring:0.5",
			"resting:2",
			"outbidding:0",
			"shirking:2",
			"faking-audits",
			"padding:1.5",
			"diluting:20",
			"self-serving:0",
			"outage:x",
			"colluding:0x1",
		] {
			assert!(text.parse::<Strategy>().is_err(), "{text}");
		}
	}
}

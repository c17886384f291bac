//! Capacities of suppliers, and how they are written.

use crate::{
	number::{decimal, Float},
	Values,
};
use anyhow::Result;
use capacity_economics::FixedU128;
use std::{fmt, str::FromStr};

/// What a supplier can do in a session, in reference capacities `C`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity {
	/// `κ`.
	Times(FixedU128),
	/// More than any bound: what the games of ever larger suppliers tend to.
	Unbounded,
}

impl Capacity {
	/// `κ`, which may be infinite.
	pub fn float(self) -> f64 {
		match self {
			Self::Times(kappa) => kappa.float(),
			Self::Unbounded => f64::INFINITY,
		}
	}
}

impl fmt::Display for Capacity {
	fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
		match self {
			Self::Times(kappa) => write!(to, "{}", kappa.float()),
			Self::Unbounded => write!(to, "inf"),
		}
	}
}

/// One capacity, or more: [`Values`], and `inf` anywhere in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacities(Vec<Capacity>);

impl Capacities {
	/// In the order given; never empty.
	pub fn all(&self) -> &[Capacity] {
		&self.0
	}

	/// As somebody would type them.
	pub(crate) fn spelled(&self) -> String {
		self.0.iter().map(Capacity::to_string).collect::<Vec<_>>().join(",")
	}
}

impl FromStr for Capacities {
	type Err = anyhow::Error;

	fn from_str(text: &str) -> Result<Self> {
		if text.contains("..") {
			let values: Values = text.parse()?;
			return Ok(Self(values.all().iter().copied().map(Capacity::Times).collect()));
		}
		let one = |part: &str| match part.trim() {
			"inf" | "∞" => Ok(Capacity::Unbounded),
			number => decimal(number).map(Capacity::Times),
		};
		Ok(Self(text.split(',').map(one).collect::<Result<_>>()?))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_list_may_end_without_bound() {
		let capacities: Capacities = "1, 2.5,inf".parse().unwrap();
		let floats: Vec<_> = capacities.all().iter().map(|capacity| capacity.float()).collect();
		assert_eq!(floats, [1.0, 2.5, f64::INFINITY]);
		assert_eq!(capacities.spelled(), "1,2.5,inf");
		assert_eq!("1..2:3".parse::<Capacities>().unwrap().spelled(), "1,1.5,2");
		assert!("1,infinite".parse::<Capacities>().is_err());
	}
}

//! What a comment asks for: `name(argument=value, ...)`, and behind it perhaps `unit=GB`.

use super::{quantities, shown::UNITS};
use crate::number::{decimal, Float};
use anyhow::{bail, ensure, Context, Result};
use capacity_economics::{FixedU128, Perquintill};
use std::{fmt, str::FromStr};

/// A quantity with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
	name: String,
	arguments: Arguments,
	unit: Option<String>,
}

/// Named values, as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments(Vec<(String, String)>);

impl Expression {
	/// What the number is counted in, if not in ones.
	pub fn unit(&self) -> Option<&str> {
		self.unit.as_deref()
	}

	/// What the code gives.
	pub fn value(&self) -> Result<f64> {
		let known = || {
			let names: Vec<_> = quantities::all().map(|quantity| quantity.name).collect();
			format!("{:?} is no quantity; known are {}", self.name, names.join(", "))
		};
		let found = quantities::all().find(|quantity| quantity.name == self.name);
		let quantity = found.with_context(known)?;
		for (name, _) in &self.arguments.0 {
			let takes = quantity.arguments.iter().any(|known| known.trim_end_matches('?') == name);
			ensure!(takes, "{} takes no {name}, but {}", self.name, quantity.arguments.join(", "));
		}
		for name in quantity.arguments.iter().filter(|name| !name.ends_with('?')) {
			ensure!(self.arguments.has(name), "{} needs {name}", self.name);
		}
		(quantity.compute)(&self.arguments)
	}
}

impl Arguments {
	/// Whether there is such an argument.
	pub fn has(&self, name: &str) -> bool {
		self.0.iter().any(|(known, _)| known == name)
	}

	pub fn text(&self, name: &str) -> Result<&str> {
		let found = self.0.iter().find(|(known, _)| known == name);
		found.map(|(_, value)| value.as_str()).with_context(|| format!("{name} is missing"))
	}

	/// A decimal, exactly.
	pub fn decimal(&self, name: &str) -> Result<FixedU128> {
		decimal(self.text(name)?).with_context(|| format!("{name} is wrong"))
	}

	pub fn float(&self, name: &str) -> Result<f64> {
		Ok(self.decimal(name)?.float())
	}

	pub fn probability(&self, name: &str) -> Result<Perquintill> {
		crate::number::probability(self.text(name)?).with_context(|| format!("{name} is wrong"))
	}

	/// A whole number.
	pub fn integer<T: TryFrom<u64>>(&self, name: &str) -> Result<T> {
		let text = self.text(name)?;
		let whole = text.parse::<u64>().ok().and_then(|value| T::try_from(value).ok());
		whole.with_context(|| format!("{name} must be a whole number, not {text}"))
	}
}

impl FromStr for Expression {
	type Err = anyhow::Error;

	fn from_str(text: &str) -> Result<Self> {
		let how = || format!("{text:?} cannot be read; write name(argument=value, ...)");
		let (name, rest) = text.split_once('(').with_context(how)?;
		let (inside, behind) = rest.split_once(')').with_context(how)?;
		let pair = |part: &str| -> Result<(String, String)> {
			let (name, value) = part.split_once('=').with_context(how)?;
			let (name, value) = (name.trim(), value.trim());
			ensure!(!name.is_empty() && !value.is_empty(), how());
			Ok((name.into(), value.into()))
		};
		let parts = inside.split(',').filter(|_| !inside.trim().is_empty());
		let arguments = parts.map(pair).collect::<Result<Vec<_>>>()?;
		for (index, (name, _)) in arguments.iter().enumerate() {
			ensure!(
				arguments[..index].iter().all(|(other, _)| other != name),
				"{name} stands twice"
			);
		}
		let unit = match behind.trim() {
			"" => None,
			behind => match pair(behind)? {
				(key, unit) if key == "unit" && UNITS.iter().any(|(name, _)| *name == unit) => {
					Some(unit)
				}
				_ => {
					let names: Vec<_> = UNITS.iter().map(|(name, _)| *name).collect();
					bail!("behind an expression only unit= is known, of {}", names.join(", "))
				}
			},
		};
		let name = name.trim();
		ensure!(!name.is_empty(), how());
		Ok(Self { name: name.into(), arguments: Arguments(arguments), unit })
	}
}

impl fmt::Display for Expression {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		let pairs: Vec<_> = self.arguments.0.iter().map(|(k, v)| format!("{k}={v}")).collect();
		write!(f, "{}({})", self.name, pairs.join(", "))
	}
}

use super::Strategy;
use anyhow::{ensure, Context, Result};
use serde::Serialize;
use std::{fmt, str::FromStr};

/// Suppliers, by how they behave.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Population(pub Vec<Group>);

/// Suppliers that behave alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Group {
	pub strategy: Strategy,
	/// The capacity of each, in units of the reference capacity, if it is not the scenario's.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub capacity: Option<f64>,
	/// How many there are. Each may have many identities.
	pub suppliers: u32,
}

impl Population {
	/// All of one kind.
	pub fn of(strategy: Strategy, suppliers: u32) -> Self {
		Self(vec![Group { strategy, suppliers, capacity: None }])
	}

	/// Whether anybody has applications of its own.
	pub fn own_applications(&self) -> bool {
		self.0.iter().any(|group| group.strategy.play().own(1).applications > 0)
	}

	/// Suppliers in all.
	pub fn size(&self) -> u32 {
		self.0.iter().map(|group| group.suppliers).sum()
	}

	/// As many suppliers in these proportions, none of the groups without any.
	pub fn scaled(&self, size: u32) -> Result<Self> {
		let (before, groups) = (u64::from(self.size()), self.0.len() as u32);
		ensure!(size >= groups, "{size} suppliers are fewer than there are strategies");
		let share = |part: u32| u64::from(part) * u64::from(size) / before.max(1);
		let mut scaled = self.clone();
		for group in &mut scaled.0 {
			group.suppliers = (share(group.suppliers) as u32).max(1);
		}
		// What rounding has left or taken is the largest group's.
		let others = |scaled: &Self, largest: usize| -> u32 {
			let rest = scaled.0.iter().enumerate().filter(|(index, _)| *index != largest);
			rest.map(|(_, group)| group.suppliers).sum()
		};
		let largest = (0..scaled.0.len()).max_by_key(|index| self.0[*index].suppliers);
		if let Some(largest) = largest {
			let rest = size.checked_sub(others(&scaled, largest)).filter(|rest| *rest > 0);
			scaled.0[largest].suppliers =
				rest.context("too few suppliers for these proportions")?;
		}
		Ok(scaled)
	}
}

impl FromStr for Population {
	type Err = anyhow::Error;

	fn from_str(text: &str) -> Result<Self> {
		let group = |part: &str| {
			let (strategy, suppliers) = part.trim().split_once('=').unwrap_or((part.trim(), "1"));
			let suppliers: u32 = suppliers
				.parse()
				.with_context(|| format!("{suppliers:?} is no number of suppliers"))?;
			ensure!(suppliers > 0, "{part}: a strategy without suppliers");
			let (strategy, capacity) = match strategy.split_once('@') {
				Some((strategy, capacity)) => (strategy, Some(multiple(capacity)?)),
				None => (strategy, None),
			};
			Ok(Group { strategy: strategy.parse()?, capacity, suppliers })
		};
		let groups: Vec<_> = text.split(',').map(group).collect::<Result<_>>()?;
		let total: u64 = groups.iter().map(|group: &Group| u64::from(group.suppliers)).sum();
		ensure!(total < 1 << 24, "{total} suppliers are too many");
		Ok(Self(groups))
	}
}

/// Of the reference capacity.
fn multiple(text: &str) -> Result<f64> {
	let capacity = text.parse().ok().filter(|capacity: &f64| *capacity > 0.0 && *capacity < 1e6);
	capacity.with_context(|| format!("{text:?} is no multiple of the reference capacity"))
}

impl fmt::Display for Group {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		self.strategy.fmt(f)?;
		self.capacity.map_or(Ok(()), |capacity| write!(f, "@{capacity}"))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn population(text: &str) -> Population {
		text.parse().unwrap()
	}

	fn sizes(population: &Population) -> Vec<u32> {
		population.0.iter().map(|group| group.suppliers).collect()
	}

	#[test]
	fn groups_are_named_with_their_sizes() {
		let known = population("honest=70, splitting:5x44=10,silent");
		assert_eq!(sizes(&known), [70, 10, 1]);
		assert_eq!(known.size(), 81);
		assert_eq!(known.0[1].strategy.to_string(), "splitting:5x44");
		for text in ["", "honest=x", "honest=0", "=3", "honest@0=1", "honest@x"] {
			assert!(text.parse::<Population>().is_err(), "{text}");
		}
	}

	#[test]
	fn a_group_can_have_a_capacity_of_its_own() {
		let known = population("honest@4=10,splitting:1x2@0.5=3,silent");
		let capacities: Vec<_> = known.0.iter().map(|group| group.capacity).collect();
		assert_eq!(capacities, [Some(4.0), Some(0.5), None]);
		assert_eq!(known.0[1].to_string(), "splitting:1x2@0.5");
	}

	#[test]
	fn proportions_are_kept_and_the_size_is_exact() {
		let known = population("honest=70,splitting:5x44=10,silent=20");
		assert_eq!(sizes(&known.scaled(1_000).unwrap()), [700, 100, 200]);
		assert_eq!(sizes(&known.scaled(13).unwrap()), [10, 1, 2]);
		assert_eq!(sizes(&known.scaled(3).unwrap()), [1, 1, 1]);
		assert!(known.scaled(2).is_err());
	}
}

//! Every attack at once, beside honest suppliers.

use super::{strategies::Hand, Group, Population};
use anyhow::Result;
use capacity_protocol::{Policy, StandardWork};

/// What suppliers of the reference capacity try.
const USUAL: &[&str] = &[
	"splitting:1x2",
	"splitting:5x9",
	"splitting:4x4",
	"overreporting:2",
	"mixed",
	"mixed:1+0.5",
	"declaring:1.5",
	"declaring:2",
	"declaring:4",
	"resting",
	"lingering:2",
	"outbidding:8",
	"silent",
	"shirking:0.02",
	"shirking:0.2",
	"shirking:1",
	"faking-audits:200",
	"padding:0.05",
	"padding:0.5",
	"padding:1",
	"diluting:20x200",
	"diluting-paid:20x200",
	"self-serving:2",
	"colluding:20x50",
];

/// What larger ones try.
const LARGE: &[&str] = &["splitting:1x2", "splitting:4x5", "mixed", "declaring:2", "resting"];

/// Capacities of larger ones, in reference capacities.
const CAPACITIES: &[f64] = &[2.0, 4.0, 10.0];

/// `each` suppliers of every attack, of any capacity, whose bids the policy admits, and ten times as many
/// honest ones of each of these capacities.
pub fn attacks(policy: &Policy<StandardWork>, each: u32) -> Result<Population> {
	let mut groups = Vec::new();
	for capacity in std::iter::once(None).chain(CAPACITIES.iter().copied().map(Some)) {
		let honest = group("honest", capacity, each.saturating_mul(10))?;
		if !admits(policy, &honest) {
			continue;
		}
		groups.push(honest);
		let names = if capacity.is_none() { USUAL } else { LARGE };
		for name in names {
			let attack = group(name, capacity, each)?;
			if admits(policy, &attack) {
				groups.push(attack);
			}
		}
	}
	Ok(Population(groups))
}

fn group(name: &str, capacity: Option<f64>, suppliers: u32) -> Result<Group> {
	Ok(Group { strategy: name.parse()?, capacity, suppliers })
}

/// Whether the policy admits all its bids.
fn admits(policy: &Policy<StandardWork>, group: &Group) -> bool {
	let mut luck = fastrand::Rng::with_seed(1);
	let capacity = (group.capacity.unwrap_or(1.0) * policy.reference as f64).round() as u64;
	let mut hand = Hand { capacity, spare: capacity, policy, luck: &mut luck };
	policy.admits(capacity)
		&& group.strategy.play().bids(&mut hand).into_iter().all(|units| policy.admits(units))
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::simulation::reference_policy;

	fn names(policy: &Policy<StandardWork>) -> Vec<String> {
		attacks(policy, 2).unwrap().0.iter().map(ToString::to_string).collect()
	}

	#[test]
	fn every_attack_is_one_that_the_policy_admits() {
		let all = names(&reference_policy());
		assert_eq!(all.len(), 1 + USUAL.len() + CAPACITIES.len() * (1 + LARGE.len()));
		assert!(all.contains(&"splitting:4x5@10".to_owned()));
		let narrow = Policy { minimum_bid: 20, maximum_bid: 60, ..reference_policy() };
		let admitted = names(&narrow);
		assert!(admitted.contains(&"declaring:2".to_owned()));
		for refused in ["splitting:4x4", "overreporting:2", "honest@2", "mixed@2"] {
			assert!(!admitted.contains(&refused.to_owned()), "{refused}");
		}
	}
}

//! Policies that have a name, on the scale of a simulation.

use super::{reference_policy, relay_terms, COST};
use crate::{
	policy::{self, Network, Wish},
	Progress,
};
use anyhow::{Context, Result};
use capacity_economics::{FixedU128, Perquintill};
use capacity_protocol::{Balance, Policy, RelayTerms, StandardWork, Units};

/// A policy by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Known {
	/// That of the sample chain's first service
	Development,
	/// The cheapest that `lab policy` finds for 20 suppliers who know each other
	Small,
	/// The same for 10,000 suppliers of RPC relays
	Open,
	/// The same for 200 suppliers of AI inference
	Hardware,
}

impl Known {
	/// The policy for a reference capacity of so many compute units, of which each costs [`COST`].
	pub fn policy(self, reference: Units, progress: Progress) -> Result<Policy<StandardWork>> {
		let of = |network| -> Result<_> {
			Ok(policy::search(&Wish::of(network), progress)?.best.policy)
		};
		let policy = match self {
			Self::Development => development(),
			Self::Small => of(Network::Small)?,
			Self::Open => of(Network::Open)?,
			Self::Hardware => of(Network::Hardware)?,
		};
		scaled(&policy, reference).context("the policy cannot be scaled")
	}
}

/// In amounts of which a unit of work costs one thousand.
fn development() -> Policy<StandardWork> {
	const UNIT: Balance = 1_000;
	Policy {
		cost: UNIT,
		reference: 10_000,
		curvature: FixedU128::from_u32(2),
		stake_factor: FixedU128::from_u32(10),
		audit_rate: Perquintill::from_percent(20),
		minimum_bid: 1_000,
		maximum_bid: 20_000,
		openings: 16,
		relays: Some(RelayTerms {
			price: UNIT,
			threshold: 10_000 * UNIT,
			minimum_deposit: 1_000 * UNIT,
			..relay_terms()
		}),
		..reference_policy()
	}
}

/// The same policy for a reference capacity of so many units, of which each costs [`COST`]: what is not a
/// number of units or of money stays as it is, and a unit of synthetic work is one hash.
pub fn scaled(policy: &Policy<StandardWork>, reference: Units) -> Option<Policy<StandardWork>> {
	let units = |units: Units, round: fn(f64) -> f64| {
		round(units as f64 * reference as f64 / policy.reference as f64) as Units
	};
	let (cost, old, new) = (policy.cost, policy.reference.into(), reference.into());
	let price = |price: Balance| price.checked_mul(COST)?.checked_div(cost);
	let worth = |worth: Balance| {
		let of_reference = worth.checked_mul(new)?.checked_div(old)?;
		of_reference.checked_mul(COST)?.checked_div(cost)
	};
	let relays = match policy.relays {
		Some(terms) => Some(RelayTerms {
			price: price(terms.price)?,
			threshold: worth(terms.threshold)?,
			minimum_deposit: price(terms.price)?,
			..terms
		}),
		None => None,
	};
	Some(Policy {
		work: reference_policy().work,
		cost: COST,
		reference,
		minimum_bid: units(policy.minimum_bid, f64::ceil).max(1),
		maximum_bid: units(policy.maximum_bid, f64::floor),
		relays,
		..*policy
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn on_another_scale_a_policy_is_the_same() {
		let (large, small) = (development(), scaled(&development(), 60).unwrap());
		assert_eq!((small.minimum_bid, small.reference, small.maximum_bid), (6, 60, 120));
		let ratio = |policy: &Policy<StandardWork>, part: f64| {
			part / (policy.cost as f64 * policy.reference as f64)
		};
		for (of_large, of_small) in [
			(large.stake(10_000), small.stake(60)),
			(large.stake(20_000), small.stake(120)),
			(large.payment(5_000), small.payment(30)),
			(large.relays.unwrap().worth(10_000), small.relays.unwrap().worth(60)),
		] {
			let difference = ratio(&large, of_large as f64) - ratio(&small, of_small as f64);
			assert!(difference.abs() < 1e-6, "{of_large} {of_small}");
		}
		small.check().unwrap();
	}
}

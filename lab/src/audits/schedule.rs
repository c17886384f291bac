//! A policy as the chain keeps it: its own reward curve and stake schedule, for suppliers of any
//! capacity.

use crate::number::Float;
use anyhow::{ensure, Result};
use capacity_economics::{Curve, FixedU128, Game, Incentives, Perquintill, Relays, StakeSchedule};

/// Units of the reference capacity `C`. Any number will do; this many let capacities be given as
/// decimals.
const REFERENCE: u64 = 1_000_000_000;

/// The largest capacity looked at, in reference capacities.
pub const MOST: f64 = 1e6;

/// What all suppliers of a service have in common. Capacities are shares of `C`.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
	/// `ρ`, from 1.
	pub curvature: FixedU128,
	/// `σ`: the stake of a bid of `C`, as a multiple of the cost of its work.
	pub stake: FixedU128,
	/// What a bid of `C` earns beyond its cost, as a share of that cost.
	pub margin: FixedU128,
	/// The smallest bid; zero for none.
	pub minimum_bid: FixedU128,
}

impl Schedule {
	/// The game of a supplier of a capacity.
	pub fn game(&self, capacity: FixedU128) -> Result<Game> {
		let units = units(capacity)?;
		let incentives = self.incentives(Perquintill::zero())?;
		ensure!(units > 0, "a capacity must be above zero");
		ensure!(
			units >= incentives.min_bid,
			"a capacity of {} is below the minimum bid of {}: such a supplier cannot bid",
			capacity.float(),
			self.minimum_bid.float()
		);
		Ok(incentives.game(units))
	}

	/// The largest capacity up to which the policy is truthful at a rate, as the chain decides it.
	/// Nothing if lying pays for everybody; [`MOST`] if it pays for nobody below.
	pub fn truthful_up_to(&self, rate: Perquintill) -> Result<f64> {
		let most = (MOST * REFERENCE as f64) as u64;
		Ok(self.incentives(rate)?.truthful_up_to(most) as f64 / REFERENCE as f64)
	}

	/// What the protocol pays in expectation for each session, at a rate and for each unit of a
	/// supplier's capacity, as a share of the cost of its work: `ε · (1 + margin · κ^(ρ−1))`.
	pub fn cost(&self, capacity: FixedU128, rate: Perquintill) -> Result<f64> {
		let (curve, units) = (self.incentives(rate)?.curve, units(capacity)?);
		Ok(rate.float() * curve.payment(units) as f64 / curve.cost_of(units) as f64)
	}

	fn incentives(&self, rate: Perquintill) -> Result<Incentives> {
		let curve = Curve {
			// Large enough that rounding is not seen.
			cost: 1_000_000_000,
			margin: self.margin,
			reference: REFERENCE,
			curvature: self.curvature,
		};
		let wrong = |error| anyhow::anyhow!("the chain refuses this curve: {error:?}");
		curve.check().map_err(wrong)?;
		ensure!(self.margin > FixedU128::from_u32(0), "a margin must be above zero");
		let stake = StakeSchedule { factor: self.stake };
		Ok(Incentives {
			curve,
			stake,
			rate,
			min_bid: units(self.minimum_bid)?,
			relays: Relays::default(),
		})
	}
}

fn units(capacity: FixedU128) -> Result<u64> {
	ensure!(capacity.float() <= MOST, "a capacity is at most {MOST} times C");
	Ok((capacity.into_inner() / (1_000_000_000_000_000_000 / u128::from(REFERENCE))) as u64)
}

//! A policy as the chain keeps it: its own reward curve and stake schedule, for suppliers of any
//! capacity.

use super::{least_rate, Capacity, LeastRate};
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
	/// `σ`: the stake of a bid of `C`, as a multiple of its reward.
	pub stake: FixedU128,
	/// What a bid of `C` earns beyond its cost, as a share of that cost.
	pub margin: FixedU128,
	/// The smallest bid; zero for none.
	pub minimum_bid: FixedU128,
}

impl Schedule {
	/// Linear rewards as large as the cost, no stake, bids of any size.
	pub fn plain() -> Self {
		let (none, one) = (FixedU128::from_u32(0), FixedU128::from_u32(1));
		Self { curvature: one, stake: none, margin: one, minimum_bid: none }
	}

	/// The game of a supplier of a capacity. Without bound, of one that may bid as little as it likes.
	pub fn game(&self, capacity: Capacity) -> Result<Game> {
		let incentives = self.incentives(Perquintill::zero())?;
		match capacity {
			Capacity::Times(kappa) => Ok(incentives.game(self.bidding(kappa)?)),
			Capacity::Unbounded => Ok(incentives.unbounded_game()),
		}
	}

	/// `ε*` for a supplier of a capacity.
	pub fn least_rate(&self, capacity: Capacity) -> Result<LeastRate> {
		Ok(least_rate(&self.game(capacity)?))
	}

	/// `ε*` if the stake grew like the cost, `σ · margin · cost · max(b, C)`: an earlier form of the schedule.
	/// Without bound only certain audits would do.
	pub fn least_rate_like_cost(&self, capacity: Capacity) -> Result<Perquintill> {
		let Capacity::Times(kappa) = capacity else { return Ok(Perquintill::one()) };
		let incentives = self.incentives(Perquintill::zero())?;
		let game = incentives.game_with_stake_like_cost(self.bidding(kappa)?);
		Ok(least_rate(&game).rate)
	}

	/// The largest capacity up to which the policy is truthful at a rate, as the chain decides it.
	/// Nothing if lying pays for everybody; [`MOST`] if it pays for nobody below.
	pub fn truthful_up_to(&self, rate: Perquintill) -> Result<f64> {
		let most = (MOST * REFERENCE as f64) as u64;
		Ok(self.incentives(rate)?.truthful_up_to(most) as f64 / REFERENCE as f64)
	}

	/// What the protocol pays in expectation for each session, at a rate and for each unit of a
	/// supplier's capacity, as a share of the cost of its work: `ε · (1 + margin · κ^(ρ−1))`.
	pub fn cost(&self, capacity: Capacity, rate: Perquintill) -> Result<f64> {
		let curve = self.incentives(rate)?.curve;
		let units = match capacity {
			Capacity::Times(kappa) => units(kappa)?,
			Capacity::Unbounded if self.curvature > FixedU128::from_u32(1) => {
				return Ok(f64::INFINITY)
			}
			Capacity::Unbounded => REFERENCE,
		};
		Ok(rate.float() * curve.payment(units) as f64 / curve.cost_of(units) as f64)
	}

	/// A capacity in units, if bids of it are admitted.
	fn bidding(&self, capacity: FixedU128) -> Result<u64> {
		let (units, least) = (units(capacity)?, units(self.minimum_bid)?);
		ensure!(units > 0, "a capacity must be above zero");
		ensure!(
			units >= least,
			"a capacity of {} is below the minimum bid of {}: such a supplier cannot bid",
			capacity.float(),
			self.minimum_bid.float()
		);
		Ok(units)
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
		let (min_bid, relays) = (units(self.minimum_bid)?, Relays::default());
		Ok(Incentives { curve, stake, rate, min_bid, relays })
	}
}

fn units(capacity: FixedU128) -> Result<u64> {
	ensure!(capacity.float() <= MOST, "a capacity is at most {MOST} times C, or inf");
	Ok((capacity.into_inner() / (1_000_000_000_000_000_000 / u128::from(REFERENCE))) as u64)
}

//! How a service is audited, and what follows from it (design section 4).

mod funds;
mod verdict;

pub use funds::DrawTerms;
pub use verdict::{Untruthful, LEAST_RATE_PRECISION};

use crate::{Balance, RelayTerms, Selection, TermsError, Units, Work};
use capacity_economics::{Curve, Incentives, Relays, StakeSchedule};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::{
	traits::{Saturating, Zero},
	FixedU128, PerThing, Perquintill,
};

/// What an audit that is not delivered in full costs.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum Slashing {
	/// The whole audit stake, however little is missing.
	Full,
	/// The share of it that is missing.
	Proportional,
}

/// How a service is audited (design section 4). Every variant of the mechanism is a policy:
///
/// - naive: `stake_factor` 0;
/// - joint audits: `selection` joint;
/// - fully correlated payments: joint, `quorum` 100 %;
/// - linear rewards: `curvature` 1.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Policy<W> {
	/// The kind of work.
	pub work: W,
	/// Public cost of one compute unit.
	pub cost: Balance,
	/// What an audited bid of the reference capacity earns beyond its cost, as a share of that cost.
	pub margin: FixedU128,
	/// Reference capacity `C`, in compute units per session.
	pub reference: Units,
	/// Curvature `ρ` of the reward, 1 (linear) or more.
	pub curvature: FixedU128,
	/// `σ`: what an audit puts at risk, as a multiple of what it earns a bid beyond its cost. A bid below the
	/// reference capacity risks as much as one of it.
	pub stake_factor: FixedU128,
	/// `ε`: the probability that a bid is audited in a session.
	pub audit_rate: Perquintill,
	/// Whether bids are drawn one by one or all at once.
	pub selection: Selection,
	/// The share of the allocated units that must be delivered for anyone to be paid.
	pub quorum: Perquintill,
	/// What an audit that is not delivered in full costs.
	pub slashing: Slashing,
	/// The smallest bid, in compute units per session.
	pub minimum_bid: Units,
	/// The largest bid, in compute units per session.
	pub maximum_bid: Units,
	/// `k`: the positions of a claim that a proof must open.
	pub openings: u32,
	/// How relays are paid and proven; none where the service has none.
	pub relays: Option<RelayTerms>,
}

/// Why a policy cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyError {
	/// The reference capacity is zero, or the curvature out of range.
	Curve(capacity_economics::Error),
	/// The smallest bid is zero, or larger than the largest.
	BidRange,
	/// No position would be opened.
	NoOpenings,
	/// A payment or a stake for the largest bid is more than can be counted.
	TooDear,
	/// The terms of relays do not make sense.
	Relays(TermsError),
	/// Relays are to count towards audits, but the pot's share of a unit's price is less than what an
	/// audit pays for a unit beyond its cost: relays that nobody served would pay.
	CreditTooCheap,
}

impl<W: Work> Policy<W> {
	/// Checks that the numbers make sense.
	pub fn check(&self) -> Result<(), PolicyError> {
		self.curve().check().map_err(PolicyError::Curve)?;
		if self.minimum_bid.is_zero() || self.minimum_bid > self.maximum_bid {
			return Err(PolicyError::BidRange);
		}
		if self.openings.is_zero() {
			return Err(PolicyError::NoOpenings);
		}
		// Half the range is left for sums.
		const LIMIT: Balance = Balance::MAX >> 32;
		let largest = self.payment_bound(self.maximum_bid).max(self.stake(self.maximum_bid));
		if largest > LIMIT {
			return Err(PolicyError::TooDear);
		}
		if let Some(relays) = &self.relays {
			relays.check().map_err(PolicyError::Relays)?;
			if relays.credit_relays && relays.fee() < self.highest_margin() {
				return Err(PolicyError::CreditTooCheap);
			}
		}
		Ok(())
	}
}

impl<W> Policy<W> {
	/// Whether a bid of `units` is neither too small nor too large.
	pub fn admits(&self, units: Units) -> bool {
		(self.minimum_bid..=self.maximum_bid).contains(&units)
	}

	/// Paid for an audit that is delivered in full: `b·cost + r(b)`, rounded down.
	pub fn payment(&self, units: Units) -> Balance {
		self.curve().payment(units)
	}

	/// The most that audits of bids that add up to `units` can cost, rounded up.
	pub fn payment_bound(&self, units: Units) -> Balance {
		self.curve().payment_bound(units, self.maximum_bid)
	}

	/// What an audit of a bid puts at risk: `σ · max(r(b), r(C))`, rounded up.
	pub fn audit_stake(&self, units: Units) -> Balance {
		self.stake_schedule().stake(&self.curve(), units)
	}

	/// The least stake behind a bid: what an audit puts at risk, and what a claim at the threshold
	/// does (section 6).
	pub fn stake(&self, units: Units) -> Balance {
		let relays = self.relays.map_or(0, |relays| relays.stake());
		self.audit_stake(units).saturating_add(relays)
	}

	/// What the largest audit pays for a unit beyond its cost, rounded up; smaller ones pay less.
	fn highest_margin(&self) -> Balance {
		let units = Balance::from(self.maximum_bid);
		// The reward was rounded down.
		let reward = self
			.payment(self.maximum_bid)
			.saturating_sub(self.cost.saturating_mul(units))
			.saturating_add(1);
		reward.div_ceil(units.max(1))
	}

	/// The policy by what a failed audit costs at the least, which is what decides whether truth is best:
	/// whoever settles it may be its supplier, and gets `settler_share` of the stake back.
	pub fn judged(&self, settler_share: Perquintill) -> Self
	where
		W: Copy,
	{
		let lost = settler_share.left_from_one().mul_floor(self.stake_factor.into_inner());
		Self { stake_factor: FixedU128::from_inner(lost), ..*self }
	}

	fn curve(&self) -> Curve {
		Curve {
			cost: self.cost,
			margin: self.margin,
			reference: self.reference,
			curvature: self.curvature,
		}
	}

	fn stake_schedule(&self) -> StakeSchedule {
		StakeSchedule { factor: self.stake_factor }
	}

	/// What its audits and relays make worth doing, where bids are drawn one by one and the whole stake is
	/// slashed.
	pub fn incentives(&self) -> Incentives {
		Incentives {
			curve: self.curve(),
			stake: self.stake_schedule(),
			rate: self.audit_rate,
			min_bid: self.minimum_bid,
			relays: self.relays.map_or(Relays::default(), |terms| Relays {
				profit: self.relay_profit(&terms),
				credited: terms.credit_relays.then_some(terms.fee()),
			}),
		}
	}

	/// What a supplier is left with of a unit's price beyond its cost, rounded up.
	fn relay_profit(&self, terms: &RelayTerms) -> Balance {
		let shares = terms.owner_share.saturating_add(terms.pot_share);
		shares.left_from_one().mul_ceil(terms.price).saturating_sub(self.cost)
	}
}

#[cfg(test)]
#[path = "policy/tests.rs"]
mod tests;

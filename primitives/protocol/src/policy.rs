use crate::{Balance, RelayTerms, Selection, TermsError, Units};
use capacity_economics::{Curve, Incentives, StakeSchedule};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::{traits::Zero, FixedU128, PerThing, Perquintill};

use crate::Work;

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
	/// `σ`: stake of a bid of the reference capacity, as a multiple of the cost of its work.
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

	/// What an audit of a bid puts at risk: `σ · cost · max(b, C)`, rounded up.
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

	/// Whether truth is best for a supplier of `capacity` units per session, in its bid and in its claims,
	/// as far as that can be decided; false where it cannot.
	///
	/// Where all bids are drawn at once, whoever reports too much fails for certain when it counts, at
	/// any rate; it only must have something to lose.
	pub fn is_truthful(&self, capacity: Units) -> bool {
		self.claims_are_true() && self.bids_are_true(capacity)
	}

	/// Whether inflating a claim of relays never pays, if there can be any.
	fn claims_are_true(&self) -> bool {
		self.relays.is_none_or(|relays| relays.deter())
	}

	fn bids_are_true(&self, capacity: Units) -> bool {
		match self.selection {
			Selection::Independent => self.incentives().is_truthful(capacity),
			Selection::Joint => self.correlated_loss(),
		}
	}

	/// The largest capacity, up to the largest bid, for which truth is best; zero if there is none.
	pub fn truthful_up_to(&self) -> Units {
		match self.selection {
			_ if !self.claims_are_true() => 0,
			Selection::Independent => self.incentives().truthful_up_to(self.maximum_bid),
			Selection::Joint if self.correlated_loss() => self.maximum_bid,
			Selection::Joint => 0,
		}
	}

	/// The smallest audit rate that makes truth best for a supplier of the reference capacity.
	pub fn least_rate(&self) -> Perquintill {
		match self.selection {
			Selection::Independent => {
				let stake = self.incentives().effective_stake(self.reference, 1);
				capacity_economics::audit_rate(self.curvature, stake)
			}
			Selection::Joint => Perquintill::zero(),
		}
	}

	fn correlated_loss(&self) -> bool {
		!self.margin.is_zero()
			&& !self.audit_rate.is_zero()
			&& (!self.stake_factor.is_zero() || self.quorum == Perquintill::one())
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

	/// What its audits make worth doing, where bids are drawn one by one and the whole stake is slashed.
	pub fn incentives(&self) -> Incentives {
		Incentives {
			curve: self.curve(),
			stake: self.stake_schedule(),
			rate: self.audit_rate,
			min_bid: self.minimum_bid,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{StandardWork, Synthetic};

	fn policy() -> Policy<StandardWork> {
		Policy {
			work: Synthetic { steps: 8 }.into(),
			cost: 1_000,
			margin: FixedU128::from_u32(1),
			reference: 100,
			curvature: FixedU128::from_u32(2),
			stake_factor: FixedU128::from_u32(8),
			audit_rate: Perquintill::from_rational(1_111u64, 10_000),
			selection: Selection::Independent,
			quorum: Perquintill::zero(),
			slashing: Slashing::Full,
			minimum_bid: 10,
			maximum_bid: 400,
			openings: 16,
			relays: None,
		}
	}

	#[test]
	fn every_broken_policy_is_named() {
		let fails = |policy: Policy<StandardWork>| policy.check().unwrap_err();
		assert_eq!(policy().check(), Ok(()));
		assert_eq!(
			fails(Policy { reference: 0, ..policy() }),
			PolicyError::Curve(capacity_economics::Error::ZeroReference)
		);
		assert_eq!(
			fails(Policy { curvature: FixedU128::from_rational(1, 2), ..policy() }),
			PolicyError::Curve(capacity_economics::Error::CurvatureOutOfRange)
		);
		assert_eq!(fails(Policy { minimum_bid: 0, ..policy() }), PolicyError::BidRange);
		assert_eq!(fails(Policy { minimum_bid: 401, ..policy() }), PolicyError::BidRange);
		assert_eq!(fails(Policy { openings: 0, ..policy() }), PolicyError::NoOpenings);
		assert_eq!(fails(Policy { cost: Balance::MAX / 400, ..policy() }), PolicyError::TooDear);
	}

	#[test]
	fn the_reference_bid_is_paid_and_staked_as_the_formulas_say() {
		assert_eq!(policy().payment(100), 100_000 + 100_000);
		assert_eq!(policy().payment(200), 200_000 + 400_000);
		assert_eq!(policy().audit_stake(10), 800_000);
		assert_eq!(policy().stake(10), 800_000);
		assert_eq!(policy().stake(200), 1_600_000);
	}

	/// The seed's table, ρ = 2 and S = 8: the protocol pays 2ε* = 0.2222.
	#[test]
	fn at_the_least_rate_truth_is_best_for_the_reference() {
		let least = policy().least_rate();
		let percent = least.deconstruct() as f64 / 1e16;
		assert!((11.085..11.135).contains(&percent), "{percent}");
		let above = Policy { audit_rate: least + Perquintill::from_percent(1), ..policy() };
		let below = Policy { audit_rate: least - Perquintill::from_percent(1), ..policy() };
		assert!(above.is_truthful(100) && !below.is_truthful(100));
		assert!(above.truthful_up_to() >= 100);
	}

	#[test]
	fn joint_audits_deter_at_any_rate_if_there_is_something_to_lose() {
		let joint = Policy {
			selection: Selection::Joint,
			audit_rate: Perquintill::from_percent(1),
			..policy()
		};
		assert!(joint.is_truthful(400));
		let naive = Policy { stake_factor: FixedU128::from_u32(0), ..joint };
		assert!(!naive.is_truthful(400));
		assert!(Policy { quorum: Perquintill::one(), ..naive }.is_truthful(400));
	}
}

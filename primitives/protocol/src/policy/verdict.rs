//! Whether truth is best under a policy, for whom, and why not (design sections 4 and 4.3).

use super::Policy;
use crate::{Balance, Selection, Units};
use capacity_economics::{Incentives, Relays};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::{traits::Zero, Perquintill};

/// How closely a chain looks for the least audit rate: to a sixty-fourth, in some ten verdicts.
pub const LEAST_RATE_PRECISION: Perquintill = Perquintill::from_parts(15_625_000_000_000_000);

/// Why truth is not called best under a policy. The first reason that is found, in this order.
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
pub enum Untruthful {
	/// A claim of relays that nobody served gains more than its penalty costs (section 5.2).
	ClaimsPay,
	/// Audits never happen, or earn nothing beyond their cost.
	NothingEarned,
	/// Faking a part of an audit that could be delivered gains.
	ShirkingPays,
	/// Answering audits with relays of one's own gains, as they count towards audits.
	CreditPays,
	/// Declaring more than there is gains in audits, under one identity or many. Or that cannot be
	/// excluded within the limits of the search.
	OverreportingPays,
	/// Declaring more than there is loses in audits, but gains more in relays. Or that cannot be excluded
	/// within the limits of the search.
	RelaysPay,
	/// A supplier of more than the largest bid has to split what it has.
	BeyondLargestBid,
}

impl<W> Policy<W> {
	/// Whether truth is best for every supplier whose capacity can be bid for: in its bid, in its audits and
	/// in its claims, as far as that can be decided. A policy is judged by what a failed audit costs at the
	/// least, see [`Policy::judged`].
	///
	/// Where all bids are drawn at once, whoever reports too much fails for certain when it counts, at
	/// any rate; it only must have something to lose.
	pub fn verdict(&self) -> Result<(), Untruthful> {
		self.verdict_up_to(self.maximum_bid)
	}

	/// Whether truth is best for every supplier of up to `capacity` units per session: false above the
	/// largest bid.
	pub fn is_truthful(&self, capacity: Units) -> bool {
		self.verdict_up_to(capacity).is_ok()
	}

	fn verdict_up_to(&self, capacity: Units) -> Result<(), Untruthful> {
		self.sound()?;
		let incentives = self.incentives();
		if !incentives.full_delivery_pays(self.openings, capacity) {
			return Err(Untruthful::ShirkingPays);
		}
		self.bids_are_true(&incentives, capacity)?;
		if capacity > self.maximum_bid {
			return Err(Untruthful::BeyondLargestBid);
		}
		Ok(())
	}

	/// What does not depend on a supplier's capacity.
	fn sound(&self) -> Result<(), Untruthful> {
		if self.relays.is_some_and(|relays| !relays.deter()) {
			return Err(Untruthful::ClaimsPay);
		}
		if self.margin.is_zero() || self.cost.is_zero() || self.audit_rate.is_zero() {
			return Err(Untruthful::NothingEarned);
		}
		if !self.incentives().credit_is_safe(self.maximum_bid) {
			return Err(Untruthful::CreditPays);
		}
		Ok(())
	}

	fn bids_are_true(&self, incentives: &Incentives, capacity: Units) -> Result<(), Untruthful> {
		match self.selection {
			Selection::Independent if incentives.is_truthful(capacity) => Ok(()),
			Selection::Independent => {
				let relays = Relays { profit: 0, ..incentives.relays };
				let audits = Incentives { relays, ..*incentives };
				let by_relays = incentives.relays.profit > 0 && audits.is_truthful(capacity);
				Err(if by_relays { Untruthful::RelaysPay } else { Untruthful::OverreportingPays })
			}
			Selection::Joint if !self.something_to_lose() => Err(Untruthful::OverreportingPays),
			Selection::Joint if incentives.joint_audits_outweigh_relays() => Ok(()),
			Selection::Joint => Err(Untruthful::RelaysPay),
		}
	}

	/// The largest capacity, up to the largest bid, up to which truth is best for all; zero if there is none.
	/// Where relays earn a profit, it may be lower by a thousandth.
	pub fn truthful_up_to(&self) -> Units {
		if self.sound().is_err() || self.maximum_bid < self.minimum_bid {
			return 0;
		}
		let incentives = self.incentives();
		let delivered = self.delivered_up_to(&incentives);
		match self.selection {
			Selection::Independent => incentives.truthful_up_to(delivered),
			Selection::Joint if self.bids_are_true(&incentives, delivered).is_ok() => delivered,
			Selection::Joint => 0,
		}
	}

	/// The largest bid up to which every audit that can be delivered best is; zero if none.
	fn delivered_up_to(&self, incentives: &Incentives) -> Units {
		let pays = |capacity| incentives.full_delivery_pays(self.openings, capacity);
		let (mut low, mut high) = (self.minimum_bid, self.maximum_bid);
		if pays(high) {
			return high;
		}
		if !pays(low) {
			return 0;
		}
		for _ in 0..Units::BITS {
			let middle = low.saturating_add(high.saturating_sub(low) >> 1);
			if middle == low {
				break;
			}
			if pays(middle) {
				low = middle;
			} else {
				high = middle;
			}
		}
		low
	}

	/// The smallest audit rate under which truth is best for every supplier whose capacity can be bid for.
	/// None if there is no such rate.
	///
	/// Rounded up, by no more than the share `precision` of it. Takes about `log₂ (ln(1/ε)/precision)`
	/// verdicts, ten at a sixty-fourth, and 128 at the most.
	pub fn least_rate(&self, precision: Perquintill) -> Option<Perquintill>
	where
		W: Copy,
	{
		const MOST_VERDICTS: u32 = 126;
		let truthful = |parts| {
			let audit_rate = Perquintill::from_parts(parts);
			Self { audit_rate, ..*self }.verdict().is_ok()
		};
		let mut high = Perquintill::one().deconstruct();
		if !truthful(high) {
			return None;
		}
		let mut low = match self.selection {
			Selection::Independent => {
				self.incentives().second_bid_rate(self.maximum_bid).deconstruct()
			}
			Selection::Joint => 1,
		};
		if truthful(low) {
			return Some(Perquintill::from_parts(low));
		}
		for _ in 0..MOST_VERDICTS {
			if high.saturating_sub(low) <= precision.mul_floor(high).max(1) {
				break;
			}
			// On a logarithmic scale.
			let middle = u128::from(low).saturating_mul(high.into()).isqrt();
			let middle = u64::try_from(middle).unwrap_or(high).clamp(low.saturating_add(1), high);
			if middle == high {
				break;
			}
			if truthful(middle) {
				high = middle;
			} else {
				low = middle;
			}
		}
		Some(Perquintill::from_parts(high))
	}

	/// Whether a supplier that fails a joint audit has anything to lose.
	fn something_to_lose(&self) -> bool {
		let all = Balance::from(self.maximum_bid);
		let reward = self.curve().reward(self.maximum_bid);
		let relays = self.incentives().relays.credited;
		let own_relays_cost = relays.is_none_or(|fee| fee.saturating_mul(all) > reward);
		let failing_costs = !self.stake_factor.is_zero() || self.quorum == Perquintill::one();
		own_relays_cost && failing_costs
	}
}

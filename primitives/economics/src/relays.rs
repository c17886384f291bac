//! What relays add to what a lie about capacity can bring, and what outweighs it (sections 4 and 4.3 of the
//! design).

use crate::{number::mul_div, Incentives};
use sp_arithmetic::{traits::Zero, PerThing, Rounding};

/// What relays add to what a lie about capacity can bring (section 4). By default nothing.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	Eq,
	PartialEq,
	codec::Decode,
	codec::DecodeWithMemTracking,
	codec::Encode,
	codec::MaxEncodedLen,
	scale_info::TypeInfo,
)]
pub struct Relays {
	/// What a supplier is left with of the price of one compute unit, beyond its cost, in balance.
	pub profit: u128,
	/// Where relays count towards audits, what a unit of relays that a supplier makes up costs it, in
	/// balance: the fee that leaves the hands of supplier, application and service owner (section 4.3).
	pub credited: Option<u128>,
}

impl Relays {
	/// The profit that a policy is judged with: a quarter more than there is, rounded up.
	///
	/// The searches are about bids of one size. Without relays no others were found to be better. With
	/// relays some are: of two bids that make up the capacity, the smaller one placed twice. They ask for up
	/// to a tenth more than bids of one size, where the reward is nearly linear and the smallest bid leaves
	/// no finer choice, and no portfolio is known that asks for an eighth.
	pub fn judged(&self) -> u128 {
		self.profit.saturating_add(self.profit.div_ceil(4))
	}
}

impl Incentives {
	/// Whether bids that are larger than what their supplier has lose more in audits than all relays can
	/// bring, for every capacity `c` up to `largest`, in compute units: `c · profit ≤ ε · S(c)`. So it is for
	/// whoever is too small for the smallest bid, and has nothing true to say.
	///
	/// `S(c)/c` falls up to the reference capacity and does not after it, so that the bid nearest to it decides.
	pub(crate) fn bids_beyond_capacity_lose(&self, largest: u64) -> bool {
		let bid = self.nearest_to_reference(largest);
		let gain = self.relays.judged().checked_mul(bid.into());
		let lost = self.rate.mul_floor(self.stake.stake(&self.curve, bid));
		gain.is_some_and(|gain| gain <= lost)
	}

	/// Whether small bids beside a true one lose more in audits than they bring with relays, for every
	/// capacity `c` up to `largest`, in compute units:
	///
	/// ```text
	/// profit · c·x/(c + x) + ε·(1 − ε) · r(x) ≤ ε² · S(x)
	/// ```
	///
	/// A small bid `x` is delivered while the true one is not drawn, and lost while both are. One is the
	/// worst number, as what relays bring is concave in it; the largest capacity is, and the `x` nearest to the
	/// reference capacity: below, the stake is the same and the left side grows, and above, the audits
	/// grow faster than what relays bring.
	pub(crate) fn bids_beside_the_truth_lose(&self, largest: u64) -> bool {
		let bid = self.nearest_to_reference(largest);
		let (capacity, size) = (u128::from(largest.max(bid)), u128::from(bid));
		let sum = capacity.saturating_add(size);
		let more = self
			.relays
			.judged()
			.checked_mul(size)
			.and_then(|gain| mul_div(gain, capacity, sum, Rounding::Up));
		let (rate, miss) = (self.rate, self.rate.left_from_one());
		let earned = rate.mul_ceil(miss.mul_ceil(self.curve.reward(bid)));
		let lost = rate.mul_floor(rate.mul_floor(self.stake.stake(&self.curve, bid)));
		more.and_then(|more| more.checked_add(earned)).is_some_and(|gain| gain <= lost)
	}

	/// Whether audits that draw all bids at once deter every lie about capacity, as far as relays go:
	/// `profit · C ≤ ε · S(C)`.
	///
	/// Whoever declares `d` more than it has fails bids of at least `d` when all are drawn, which have
	/// at least `d · S(C)/C` at stake, and gains no more than `d · profit` from relays. This holds for bids of
	/// any sizes.
	pub fn joint_audits_outweigh_relays(&self) -> bool {
		let Relays { profit, credited } = self.relays;
		let gain = profit.checked_mul(self.curve.reference.into());
		let lost = self.rate.mul_floor(self.stake.stake(&self.curve, self.curve.reference));
		profit.is_zero() || (credited.is_none() && gain.is_some_and(|gain| gain <= lost))
	}

	/// Whether own relays are never worth making up in place of work, where relays are credited and bids
	/// up to `largest` are admitted: the fee for a unit is at least what one more unit of the largest bid
	/// earns, `fee · b ≥ ρ · r(b)`.
	///
	/// `r(b) − r(c) ≤ fee · (b − c)` for all `c < b`, or a supplier of `c` would bid `b` and answer what it
	/// cannot do with its own relays. As `r` is convex, its slope at the largest bid decides.
	pub fn credit_is_safe(&self, largest: u64) -> bool {
		let Some(fee) = self.relays.credited else { return true };
		let slope = self.bent(self.curve.reward(largest));
		let fees = fee.checked_mul(largest.into());
		fees.zip(slope).is_some_and(|(fees, slope)| fees >= slope)
	}

	/// The reference capacity, or the admitted bid up to `largest` that is nearest to it.
	fn nearest_to_reference(&self, largest: u64) -> u64 {
		self.curve.reference.min(largest).max(self.min_bid).max(1)
	}
}

#[cfg(test)]
#[path = "tests/relays.rs"]
mod tests;

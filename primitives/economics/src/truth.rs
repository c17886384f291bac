//! Whether truth is best, and for whom (sections 4 and 8 of the design).

use crate::{
	game::Limits,
	search::{MAX_STEPS, MOST_RELAYS},
	Incentives,
};
use sp_arithmetic::traits::Zero;

/// The most searches of one verdict, where relays earn a profit. Without, there is one.
pub const MAX_SEARCHES: u32 = 64;

/// The most steps of all searches of one verdict together.
pub const MAX_VERDICT_STEPS: u32 = 2 * MAX_STEPS;

/// Capacities are not told apart by less than this part of them, where relays earn a profit.
const LEAST_INTERVAL: u64 = 1_024;

/// What a verdict may still take.
struct Budget {
	searches: u32,
	steps: u32,
}

impl Budget {
	const FULL: Self = Self { searches: MAX_SEARCHES, steps: MAX_VERDICT_STEPS };
}

/// What is known before any search.
enum Outlook {
	/// The same for every capacity.
	Known(bool),
	/// To be searched.
	Open,
}

impl Incentives {
	/// Whether one bid of its whole capacity is the best that a supplier can do, for every supplier up to
	/// this capacity, in compute units.
	///
	/// Errs on the side of `false`. A policy is never called truthful if a supplier could gain more
	/// than 2⁻⁴⁹ of the reward for its whole capacity by lying; it may be called untruthful if lying
	/// loses less than 2⁻³⁹, or if that cannot be decided within [`crate::MAX_SPLIT`] splits,
	/// [`crate::MAX_IDENTITIES`] bids, [`MAX_SEARCHES`] and [`MAX_VERDICT_STEPS`]. Bids of any real size are
	/// considered, which can only make the attack look better than it is.
	///
	/// - Without audits, or without a margin, the truth earns nothing: `false`.
	/// - Without stake, reports that are too high cost nothing: `false`, unless all bids are audited.
	/// - With a linear curve only the minimum bid or the number of splits bounds the attack.
	/// - With a curvature below one, pieces earn more than the whole: `false`.
	/// - Below the minimum bid no bid can be delivered, and audits of any can only lose its stake.
	/// - Where relays earn a profit, what a lie brings with them counts, with [`crate::Relays::judged`]. The
	///   game is then not the same for small suppliers and large ones, and all sizes are looked at, in
	///   intervals.
	/// - Where relays are credited and earn a profit: `false`. A unit more declared brings the profit, and
	///   costs no more than the fee for a unit, if it is audited.
	pub fn is_truthful(&self, capacity: u64) -> bool {
		match self.outlook(capacity) {
			Outlook::Known(truthful) => truthful,
			Outlook::Open => {
				let mut budget = Budget::FULL;
				// Most lies that pay do so for the largest or the smallest supplier.
				self.nothing_pays(capacity, capacity, &mut budget)
					&& (self.relays.profit == 0
						|| (self.nothing_pays(self.least(), self.least(), &mut budget)
							&& self.proven(capacity, budget) == capacity))
			}
		}
	}

	/// The largest capacity up to `most`, in compute units, up to which the policy is truthful; zero
	/// if it is not even for a supplier of the minimum bid, or if that is above `most`.
	///
	/// Decided as [`Incentives::is_truthful`] is, at most 66 times; where relays earn a profit, in the
	/// searches of one verdict, and down by up to a thousandth.
	pub fn truthful_up_to(&self, most: u64) -> u64 {
		let least = self.least();
		if least > most || !self.is_truthful(least) {
			return 0;
		}
		if self.is_truthful(most) {
			return most;
		}
		let relays = self.relays.profit > 0;
		let outweighed =
			|most| self.bids_beyond_capacity_lose(most) && self.bids_beside_the_truth_lose(most);
		if relays && outweighed(most) {
			return self.proven(most, Budget::FULL);
		}
		// What is decided for a capacity is decided for all up to it.
		let holds = |capacity| {
			if relays {
				outweighed(capacity)
			} else {
				self.is_truthful(capacity)
			}
		};
		let (mut low, mut high) = (least, most);
		for _ in 0..u64::BITS {
			let width = high.saturating_sub(low);
			if width <= 1 {
				break;
			}
			let middle = low.saturating_add(width >> 1);
			if holds(middle) {
				low = middle;
			} else {
				high = middle;
			}
		}
		if relays {
			self.proven(low, Budget::FULL)
		} else {
			low
		}
	}

	fn least(&self) -> u64 {
		self.min_bid.max(1)
	}

	fn outlook(&self, capacity: u64) -> Outlook {
		let unsound = self.curve.check().is_err();
		let unpaid = self.curve.reward(self.curve.reference) == 0;
		let relays = self.relays.profit > 0;
		if unsound || unpaid || self.rate.is_zero() || (relays && self.relays.credited.is_some()) {
			return Outlook::Known(false);
		}
		if self.rate.is_one() {
			return Outlook::Known(self.joint_audits_outweigh_relays());
		}
		if self.stake.factor.is_zero() || (relays && !self.bids_beyond_capacity_lose(capacity)) {
			return Outlook::Known(false);
		}
		if capacity < self.least() {
			return Outlook::Known(true);
		}
		if relays && !self.bids_beside_the_truth_lose(capacity) {
			return Outlook::Known(false);
		}
		Outlook::Open
	}

	/// Whether no supplier between these capacities gains by lying.
	fn nothing_pays(&self, low: u64, high: u64, budget: &mut Budget) -> bool {
		let game = self.game_between(low, high);
		if budget.searches == 0 || game.relays >= MOST_RELAYS {
			return false;
		}
		let limits = Limits { steps: MAX_STEPS.min(budget.steps), ..Limits::CHAIN };
		let (truthful, steps) = game.is_truthful(self.rate, limits);
		budget.searches = budget.searches.saturating_sub(1);
		budget.steps = budget.steps.saturating_sub(steps);
		truthful
	}

	/// The capacity up to which nothing pays as far as the budget goes, at most `most`; zero if that is not
	/// known for any. From the smallest bid up, in intervals that are halved where they are too wide to
	/// tell, and doubled after that, on a logarithmic scale.
	fn proven(&self, most: u64, mut budget: Budget) -> u64 {
		let (mut low, mut high, mut proven) = (self.least(), most, 0);
		for _ in 0..MAX_SEARCHES {
			if self.nothing_pays(low, high, &mut budget) {
				proven = high;
				if high >= most {
					break;
				}
				let wider = |from: u128| {
					let scaled = from.saturating_mul(high.into());
					scaled.checked_div(low.into()).unwrap_or(u128::MAX)
				};
				let next = u64::try_from(wider(wider(high.into()))).unwrap_or(u64::MAX);
				low = high.saturating_add(1);
				high = next.clamp(low, most);
			} else {
				if high.saturating_sub(low) <= low / LEAST_INTERVAL {
					break;
				}
				let middle = u128::from(low).saturating_mul(high.into()).isqrt();
				high = u64::try_from(middle).unwrap_or(high).clamp(low, high.saturating_sub(1));
			}
		}
		proven
	}
}

#[cfg(test)]
#[path = "tests/truth.rs"]
mod tests;

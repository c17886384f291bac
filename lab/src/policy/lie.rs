//! The lie that earns most under a policy where the truth earns more.

use capacity_economics::{Limits, MAX_IDENTITIES, MAX_SPLIT};
use capacity_protocol::{Policy, StandardWork, Units};
use rayon::prelude::*;
use serde::Serialize;

use super::wish::in_money;

/// The best of all reports that promise more than there is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lie {
	/// `N`: the bids it places.
	pub identities: u32,
	/// `m`: how many of them it can deliver; each is one `m`-th of its capacity.
	pub split: u32,
	/// What it gains in a session, in money. Less than nothing if every lie loses.
	pub gain: f64,
	/// What the truth gains, in money.
	pub truth: f64,
}

impl Lie {
	/// The best lie of a supplier of this capacity, in compute units. The policy is as the chain
	/// judges it. None where no bid is small enough, or everyone is always audited.
	pub(super) fn best(policy: &Policy<StandardWork>, capacity: Units) -> Option<Self> {
		let incentives = policy.incentives();
		if policy.audit_rate.deconstruct() == 0 || policy.audit_rate.is_one() {
			return None;
		}
		let game = incentives.game(capacity);
		let splits = capacity.checked_div(policy.minimum_bid)?.min(MAX_SPLIT.into()) as u32;
		let best = |split: u32| {
			let value = |identities: u32| {
				game.utility(identities, split, incentives.rate, Limits::CHAIN)
					.map_or(i128::MIN, |value| value.into_inner())
			};
			let identities = peak(split + 1, MAX_IDENTITIES, value);
			(value(identities), identities, split)
		};
		let (most, identities, split) = (1..=splits).into_par_iter().map(best).max_by(|a, b| {
			// Of lies that gain the same the simpler one.
			(a.0, b.2).cmp(&(b.0, a.2))
		})?;
		let reward = policy.payment(capacity) - policy.cost * u128::from(capacity);
		let reward = in_money(reward);
		Some(Self {
			identities,
			split,
			gain: most as f64 / 1e18 * reward,
			truth: policy.audit_rate.deconstruct() as f64 / 1e18 * reward,
		})
	}
}

/// Where a unimodal function is largest.
fn peak(from: u32, to: u32, value: impl Fn(u32) -> i128) -> u32 {
	let rises = |at: u32| value(at + 1) > value(at);
	// In doubled steps, because values far out take longer.
	let (mut low, mut step) = (from, 1);
	while low + step < to && rises(low + step) {
		low += step;
		step *= 2;
	}
	let mut high = (low + step).min(to);
	while low < high {
		let middle = low + (high - low) / 2;
		if rises(middle) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	low
}

#[cfg(test)]
mod tests {
	use super::peak;

	#[test]
	fn a_peak_is_found_wherever_it_is() {
		for top in [3u32, 4, 5, 17, 99, 100] {
			let value = |at: u32| -i128::from(at.abs_diff(top));
			assert_eq!(peak(3, 100, value), top);
		}
	}
}

use super::{best_audits, Answer, Duty, Hand, Play};
use capacity_protocol::Units;
use std::fmt;

/// Most bids of a portfolio.
pub const MOST_BIDS: usize = 8;

/// Bids of different sizes. Of those that are audited it delivers what brings most, and lets the rest fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mixed {
	/// The bids, as shares of the capacity; none: each supplier has two to eight bids of random sizes up to
	/// its capacity.
	shares: Option<[f64; MOST_BIDS]>,
}

impl Mixed {
	/// A portfolio of random sizes.
	pub const RANDOM: Self = Self { shares: None };

	/// Bids of these shares of the capacity; none if there are too many, or one of them is nothing.
	pub fn of(shares: &[f64]) -> Option<Self> {
		let sound = shares.iter().all(|share| *share > 0.0 && share.is_finite());
		if shares.is_empty() || shares.len() > MOST_BIDS || !sound {
			return None;
		}
		let mut all = [0.0; MOST_BIDS];
		all.iter_mut().zip(shares).for_each(|(to, share)| *to = *share);
		Some(Self { shares: Some(all) })
	}
}

impl Play for Mixed {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		let Some(shares) = self.shares else {
			let least = hand.policy.minimum_bid.min(hand.capacity);
			let count = hand.luck.usize(2..=MOST_BIDS);
			return (0..count).map(|_| hand.luck.u64(least..=hand.capacity)).collect();
		};
		let shares = shares.into_iter().filter(|share| *share > 0.0);
		shares.map(|share| (hand.capacity as f64 * share).round() as Units).collect()
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		best_audits(hand, duties)
	}
}

impl fmt::Display for Mixed {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let Some(shares) = self.shares else { return f.write_str("mixed") };
		let shares = shares.iter().filter(|share| **share > 0.0).map(f64::to_string);
		write!(f, "mixed:{}", shares.collect::<Vec<_>>().join("+"))
	}
}

use super::{best_audits, Answer, Duty, Hand, Play};
use capacity_protocol::Units;

/// Declares `x` times its capacity to get more relays: bids of its whole capacity, and one of what is left.
/// It serves relays with what it has, and delivers of its audits what brings most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Declaring {
	/// `x`: one or more.
	pub factor: f64,
}

impl Play for Declaring {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		let whole = hand.capacity;
		let mut left = (whole as f64 * self.factor).round() as Units;
		let mut bids = Vec::new();
		while left >= hand.policy.minimum_bid {
			bids.push(left.min(whole));
			left -= left.min(whole);
		}
		bids
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		best_audits(hand, duties)
	}
}

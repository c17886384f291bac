use super::{each, Answer, Audited, Duty, Hand, Play};
use capacity_economics::utility;
use capacity_protocol::Units;

/// Many identities: places so many bids of equal parts of its capacity, more than it can deliver. Of
/// those that are audited it delivers as many as it can, and lets the rest fail. It serves all relays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Splitting {
	/// `m`: the capacity is divided into so many parts.
	pub delivered: u32,
	/// `N`: so many bids of one part are placed.
	pub bids: u32,
}

impl Play for Splitting {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity / Units::from(self.delivered); self.bids as usize]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		let mut left = hand.capacity;
		each(duties, |duty| {
			let answer = Answer::honest(duty, hand);
			match left.checked_sub(answer.audit) {
				Some(rest) => {
					left = rest;
					answer
				}
				None => Answer { audit: 0, ..answer },
			}
		})
	}

	fn predicted(&self, audited: &Audited) -> Option<f64> {
		let Audited { capacity, policy } = audited;
		if capacity % Units::from(self.delivered) != 0 {
			return None;
		}
		let stake = policy.incentives().effective_stake(*capacity, self.delivered);
		let gain = utility(self.bids, self.delivered, policy.audit_rate, policy.curvature, stake);
		Some(gain.ok()?.into_inner() as f64 / 1e18)
	}
}

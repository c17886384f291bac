use super::{each, reward, Answer, Audited, Duty, Hand, Play};
use capacity_protocol::{Slashing, Units};

/// One bid of so many times its capacity. Its audits fail: it does no work for them, but where only what
/// is missing is slashed, in proportion, it delivers what it can.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overreporting {
	pub factor: f64,
}

impl Overreporting {
	fn bid(&self, capacity: Units) -> Units {
		(capacity as f64 * self.factor).round() as Units
	}
}

impl Play for Overreporting {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![self.bid(hand.capacity)]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		each(duties, |duty| {
			let answer = Answer::honest(duty, hand);
			let audit = match hand.policy.slashing {
				_ if answer.audit <= hand.capacity => answer.audit,
				Slashing::Full => 0,
				Slashing::Proportional => hand.capacity,
			};
			Answer { audit, ..answer }
		})
	}

	fn predicted(&self, audited: &Audited) -> Option<f64> {
		let bid = self.bid(audited.capacity);
		let gain = match bid > audited.capacity {
			true => -audited.stake(bid),
			false => reward(audited.policy, bid) / audited.reward(),
		};
		Some(audited.rate() * gain)
	}
}

use super::{credits, each, Answer, Duty, Hand, Own, Play, OWN_APPLICATIONS};
use capacity_protocol::Units;

/// Bids its whole capacity several times, and owns applications and the service: of its audits it delivers
/// one, and answers those that are too many with relays that its own applications signed and nobody
/// served, where relays count towards audits. Otherwise they fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelfServing {
	pub bids: u32,
}

impl Play for SelfServing {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity; self.bids as usize]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		let mut left = hand.capacity;
		let credits = credits(hand.policy);
		each(duties, |duty| {
			let mut answer = Answer::honest(duty, hand);
			if let Some(rest) = left.checked_sub(answer.audit) {
				left = rest;
				return answer;
			}
			let mut missing = std::mem::take(&mut answer.audit);
			for asked in duty.asked.iter().filter(|asked| asked.own && credits) {
				let units = asked.units.min(missing);
				missing -= units;
				if units > 0 {
					answer.claim_own(asked, units);
				}
			}
			answer
		})
	}

	fn own(&self, capacity: Units) -> Own {
		Own { applications: OWN_APPLICATIONS, units: capacity, pays: true }
	}

	fn owns_service(&self) -> bool {
		true
	}
}

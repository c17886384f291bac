use super::{credits, each, Answer, Audited, Duty, Hand, Honest, Own, Play};
use capacity_protocol::Units;

/// Supplier and applications in one hand: whenever one of its own applications may use it, it claims
/// relays that were signed and never served. Where relays count towards audits, it answers with those
/// before it does any work. Beside that it is honest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colluding {
	/// Units that each application signs for each identity.
	pub units: Units,
	pub applications: u32,
}

impl Play for Colluding {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		let credits = credits(hand.policy);
		each(duties, |duty| {
			let mut answer = Answer::honest(duty, hand);
			for asked in duty.asked.iter().filter(|asked| asked.own) {
				answer.claim_own(asked, asked.units);
				if credits {
					answer.audit = answer.audit.saturating_sub(asked.units);
				}
			}
			answer
		})
	}

	fn own(&self, _capacity: Units) -> Own {
		Own { applications: self.applications, units: self.units, pays: true }
	}

	fn predicted(&self, audited: &Audited) -> Option<f64> {
		Honest.predicted(audited)
	}
}

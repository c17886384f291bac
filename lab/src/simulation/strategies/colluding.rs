use super::{each, Answer, Audited, Claimed, Duty, Hand, Honest, Play};
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
	fn bids(&self, capacity: Units) -> Vec<Units> {
		vec![capacity]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		let credits = hand.policy.relays.is_some_and(|terms| terms.credit_relays);
		each(duties, |duty| {
			let mut answer = Answer::honest(duty, hand.policy);
			for asked in duty.asked.iter().filter(|asked| asked.own) {
				answer.relays.push(Claimed { served: false, ..Claimed::served(asked) });
				if credits {
					answer.audit = answer.audit.saturating_sub(asked.units);
				}
			}
			answer.relays.sort_by_key(|claimed| claimed.application);
			answer
		})
	}

	fn applications(&self) -> (u32, Units) {
		(self.applications, self.units)
	}

	fn predicted(&self, audited: &Audited) -> Option<f64> {
		Honest.predicted(audited)
	}
}

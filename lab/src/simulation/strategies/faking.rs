use super::{each, Answer, Duty, Hand, Own, Play, OWN_APPLICATIONS};
use capacity_protocol::Units;

/// Hides a made-up audit: where it is audited and applications of its own may use it, it fakes all units of
/// the audit, and lists what those signed and nobody served beside them. They cannot pay. All else it
/// does honestly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FakingAudits {
	/// Units that each of its own applications signs.
	pub beside: Units,
}

impl Play for FakingAudits {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		each(duties, |duty| {
			let mut answer = Answer::honest(duty, hand);
			let own: Vec<_> = duty.asked.iter().filter(|asked| asked.own).collect();
			if duty.audit.is_some() && !own.is_empty() {
				answer.faked = std::mem::take(&mut answer.audit);
				own.into_iter().for_each(|asked| answer.claim_own(asked, self.beside));
			}
			answer
		})
	}

	fn own(&self, _capacity: Units) -> Own {
		Own { applications: OWN_APPLICATIONS, units: self.beside, pays: false }
	}
}

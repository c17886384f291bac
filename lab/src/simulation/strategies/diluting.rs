use super::{each, Answer, Duty, Hand, Own, Play, OWN_APPLICATIONS};
use capacity_protocol::Units;

/// Hides made-up relays: whenever applications of its own may use it, it lists what those signed and nobody
/// served, and beside it units of an honest application that nobody asked for. It proves the claim if
/// the openings miss what is made up, and is silent otherwise. All else it does honestly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diluting {
	/// Units that are made up, at the expense of one honest application.
	pub made_up: Units,
	/// Units that each of its own applications signs.
	pub beside: Units,
	/// Whether its own applications pay. If not, they cannot.
	pub pays: bool,
}

impl Play for Diluting {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		each(duties, |duty| {
			let mut answer = Answer::honest(duty, hand);
			let own: Vec<_> = duty.asked.iter().filter(|asked| asked.own).collect();
			let victim = answer.relays.first_mut().filter(|_| duty.audit.is_none());
			if let (Some(victim), false) = (victim, own.is_empty()) {
				victim.made_up = self.made_up;
				own.into_iter().for_each(|asked| answer.claim_own(asked, self.beside));
			}
			answer
		})
	}

	fn own(&self, _capacity: Units) -> Own {
		Own { applications: OWN_APPLICATIONS, units: self.beside, pays: self.pays }
	}
}

use super::{each, Answer, Audited, Duty, Hand, Play};
use capacity_protocol::Units;

/// Could deliver its audits in full, but fakes the share `f` of their units, and saves their work. It proves
/// the claim if the openings miss what is faked, and is silent otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shirking {
	pub share: f64,
}

impl Shirking {
	fn faked(&self, units: Units) -> Units {
		(units as f64 * self.share).round() as Units
	}
}

impl Play for Shirking {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		each(duties, |duty| {
			let mut answer = Answer::honest(duty, hand);
			answer.faked = self.faked(answer.audit);
			answer.audit -= answer.faked;
			answer
		})
	}

	/// Caught with `d = 1 − (1−f)^k`, it loses the stake, and has done the rest of the work in vain.
	fn predicted(&self, audited: &Audited) -> Option<f64> {
		let share = self.faked(audited.capacity) as f64 / audited.capacity as f64;
		let missed = (1.0 - share).powi(audited.policy.openings as i32);
		let work = audited.work();
		let paid = missed * (1.0 + work);
		let lost = (1.0 - missed) * audited.stake(audited.capacity);
		Some(audited.rate() * (paid - lost - (1.0 - share) * work))
	}
}

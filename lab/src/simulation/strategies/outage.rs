use super::{each, Answer, Audited, Duty, Hand, Play};
use capacity_protocol::Units;

/// Honest, but with some probability it is down for a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outage {
	pub probability: f64,
	pub moment: Moment,
}

/// When it goes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
	/// Before it has worked: there is nothing to claim.
	Work,
	/// After it has claimed: what it did cannot be proven.
	Proof,
}

impl Play for Outage {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		let down = hand.luck.f64() < self.probability;
		each(duties, |duty| match self.moment {
			Moment::Work if down => Answer::default(),
			_ => Answer { proves: !down, ..Answer::honest(duty, hand) },
		})
	}

	fn predicted(&self, audited: &Audited) -> Option<f64> {
		let loss = match self.moment {
			Moment::Work => audited.stake(audited.capacity),
			Moment::Proof => audited.stake(audited.capacity) + audited.work(),
		};
		Some(audited.rate() * (1.0 - self.probability - self.probability * loss))
	}
}

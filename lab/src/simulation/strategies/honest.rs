use super::{each, Answer, Audited, Duty, Hand, Play};
use capacity_protocol::Units;

/// Bids what it can do, and does what it is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Honest;

impl Play for Honest {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		each(duties, |duty| Answer::honest(duty, hand))
	}

	fn predicted(&self, audited: &Audited) -> Option<f64> {
		Some(audited.rate())
	}
}

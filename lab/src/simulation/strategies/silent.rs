use super::{each, Answer, Audited, Duty, Hand, Play};
use capacity_protocol::Units;

/// Bids a capacity that it does not have: never claims anything, and saves the work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Silent;

impl Play for Silent {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity]
	}

	fn true_capacity(&self, _capacity: Units) -> Units {
		0
	}

	fn answer(&self, _hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		each(duties, |_| Answer::default())
	}

	fn predicted(&self, audited: &Audited) -> Option<f64> {
		Some(-audited.rate() * audited.stake(audited.capacity))
	}
}

use super::{best_audits, Answer, Duty, Hand, Play};
use capacity_protocol::Units;

/// Bids its whole capacity many times, so that the service's money does not pay for auditing all of it, with
/// the least stake behind each. Of its audits it delivers what it can.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outbidding {
	pub bids: u32,
}

impl Play for Outbidding {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity; self.bids as usize]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		best_audits(hand, duties)
	}

	fn stakes(&self) -> Option<u32> {
		Some(1)
	}
}

use super::{best_audits, Answer, Duty, Hand, Play};
use capacity_protocol::{SessionIndex, Units};

/// Two bids on one machine, joined one session apart, with the least stake behind each: while one is
/// audited, the other is to rest. If both are audited at once, it delivers one of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resting;

impl Play for Resting {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity; 2]
	}

	fn joins(&self, bid: usize) -> SessionIndex {
		1 + bid as SessionIndex
	}

	fn stakes(&self) -> Option<u32> {
		Some(1)
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		best_audits(hand, duties)
	}
}

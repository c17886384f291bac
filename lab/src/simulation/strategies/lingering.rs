use super::{best_audits, Answer, Declaring, Duty, Hand, Play};
use capacity_protocol::Units;

/// Declares `x` times its capacity, with the least stake behind each bid, and does not fill it up before all
/// audits are settled that had none: those have nothing more to lose. Meanwhile it serves relays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lingering {
	pub declared: Declaring,
}

impl Play for Lingering {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		self.declared.bids(hand)
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		best_audits(hand, duties)
	}

	fn stakes(&self) -> Option<u32> {
		Some(1)
	}

	fn waits(&self) -> u32 {
		1
	}
}

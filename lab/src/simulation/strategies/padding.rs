use super::{each, Answer, Audited, Claimed, Duty, Hand, Honest, Play};
use capacity_protocol::Units;

/// Serves what it is asked for, and adds relays that nobody asked for until they are the share `f` of what
/// it claims; with a share of one it serves nothing and claims as much. It proves a claim if the
/// openings miss what is made up, and is silent otherwise. A session with an audit, whose claim always
/// has to be proven, it plays honestly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Padding {
	pub share: f64,
}

impl Play for Padding {
	fn bids(&self, hand: &mut Hand) -> Vec<Units> {
		vec![hand.capacity]
	}

	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
		each(duties, |duty| {
			let mut answer = Answer::honest(duty, hand);
			if duty.audit.is_none() {
				self.pad(&mut answer.relays);
			}
			answer
		})
	}

	fn predicted(&self, audited: &Audited) -> Option<f64> {
		Honest.predicted(audited)
	}
}

impl Padding {
	fn pad(&self, relays: &mut [Claimed]) {
		if self.share >= 1.0 {
			for claimed in relays {
				claimed.made_up = std::mem::take(&mut claimed.signed);
			}
			return;
		}
		let honest: Units = relays.iter().map(|claimed| claimed.signed).sum();
		if let Some(first) = relays.first_mut() {
			first.made_up = (honest as f64 * self.share / (1.0 - self.share)).round() as Units;
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_protocol::Ranks;

	fn padded(share: f64) -> (Units, Units) {
		let claimed = |application| Claimed {
			application,
			ranks: Ranks::NONE,
			signed: 6,
			made_up: 0,
			served: true,
		};
		let mut relays = [claimed(0), claimed(1)];
		Padding { share }.pad(&mut relays);
		let sum = |part: fn(&Claimed) -> Units| relays.iter().map(part).sum();
		(sum(|claimed| claimed.signed), sum(|claimed| claimed.made_up))
	}

	#[test]
	fn the_share_is_that_of_the_whole_claim() {
		assert_eq!(padded(0.0), (12, 0));
		assert_eq!(padded(0.25), (12, 4));
		assert_eq!(padded(0.5), (12, 12));
		assert_eq!(padded(1.0), (0, 12));
	}
}

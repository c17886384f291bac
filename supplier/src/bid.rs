//! When to bid: a function of what the supplier wishes and of what the chain says.

use capacity_protocol::{Balance, StakeStatus, Units};

/// What the supplier wishes to bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
	/// Compute units per session.
	pub units: Units,
	/// What is to stand behind the bid when it is placed, if not the least.
	pub stake: Option<Balance>,
	/// Whether to bid again after the bid has left the draws, and to add stake when it runs short.
	pub rejoin: bool,
}

/// What to do about the bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BidAction {
	/// Bid, and add so much stake.
	Bid { add: Balance },
	/// Nothing: the bid is out of the draws, and the supplier has not asked to rejoin.
	StayOut,
	/// Nothing, although the stake is below the minimum: the bid leaves the draws when it is drawn.
	StayShort,
}

/// What to do, given the supplier's bid and the least stake for what it wishes. `left`: the bid was
/// last seen out of the draws, so that one which has been withdrawn since is not placed again.
pub fn decide_bid(
	wish: &Wish,
	status: Option<&StakeStatus>,
	left: bool,
	minimum: Balance,
) -> Option<BidAction> {
	let target = wish.stake.unwrap_or(minimum).max(minimum);
	let Some(status) = status else {
		return Some(match left && !wish.rejoin {
			true => BidAction::StayOut,
			false => BidAction::Bid { add: target },
		});
	};
	let bid = Some(BidAction::Bid { add: target.saturating_sub(status.stake) });
	match status.units_next {
		Some(units) if units != wish.units => bid,
		Some(_) if status.stake >= minimum => None,
		_ if wish.rejoin => bid,
		Some(_) => Some(BidAction::StayShort),
		None => Some(BidAction::StayOut),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const WISH: Wish = Wish { units: 200, stake: None, rejoin: false };

	fn status(units: Option<Units>, stake: Balance) -> StakeStatus {
		StakeStatus {
			units: None,
			units_next: units,
			stake,
			at_risk: 0,
			minimum: 2_000,
			withdrawable: 0,
		}
	}

	#[test]
	fn without_a_bid_one_is_placed() {
		let bid = |add| Some(BidAction::Bid { add });
		assert_eq!(decide_bid(&WISH, None, false, 2_000), bid(2_000));
		let more = Wish { stake: Some(6_000), ..WISH };
		assert_eq!(decide_bid(&more, None, false, 2_000), bid(6_000));
		let less = Wish { stake: Some(1), ..WISH };
		assert_eq!(decide_bid(&less, None, false, 2_000), bid(2_000));
	}

	#[test]
	fn a_bid_in_order_is_left_alone() {
		assert_eq!(decide_bid(&WISH, Some(&status(Some(200), 2_000)), false, 2_000), None);
		// Slashed, but still enough: what was asked for when it was placed is not asked for again.
		let more = Wish { stake: Some(6_000), ..WISH };
		assert_eq!(decide_bid(&more, Some(&status(Some(200), 2_000)), false, 2_000), None);
	}

	#[test]
	fn a_bid_of_another_size_is_changed() {
		let known = status(Some(100), 1_500);
		assert_eq!(
			decide_bid(&WISH, Some(&known), false, 2_000),
			Some(BidAction::Bid { add: 500 })
		);
		let known = status(Some(400), 4_000);
		assert_eq!(decide_bid(&WISH, Some(&known), false, 2_000), Some(BidAction::Bid { add: 0 }));
	}

	#[test]
	fn nobody_rejoins_unasked() {
		let (out, short) = (status(None, 0), status(Some(200), 1_900));
		assert_eq!(decide_bid(&WISH, Some(&out), false, 2_000), Some(BidAction::StayOut));
		assert_eq!(decide_bid(&WISH, Some(&short), false, 2_000), Some(BidAction::StayShort));
		assert_eq!(decide_bid(&WISH, None, true, 2_000), Some(BidAction::StayOut));
		let wish = Wish { rejoin: true, ..WISH };
		let bid = Some(BidAction::Bid { add: 2_000 });
		assert_eq!(decide_bid(&wish, None, true, 2_000), bid);
		assert_eq!(
			decide_bid(&wish, Some(&out), false, 2_000),
			Some(BidAction::Bid { add: 2_000 })
		);
		assert_eq!(
			decide_bid(&wish, Some(&short), false, 2_000),
			Some(BidAction::Bid { add: 100 })
		);
	}
}

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

/// What must stand behind a bid of the size that is wished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
	/// The least with which it stays in the draws.
	pub to_stay: Balance,
	/// The least with which it can be placed: not less, as what open claims put at risk does not stand
	/// behind its audits.
	pub to_bid: Balance,
}

/// What is known beside what the chain says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
	/// The bid was last seen out of the draws: one which has been withdrawn since is not placed again.
	pub left: bool,
	/// More stake is wished for than was placed before.
	pub raised: bool,
}

/// What to do, given the supplier's bid and the stake that is needed for what it wishes.
pub fn decide_bid(
	wish: &Wish,
	status: Option<&StakeStatus>,
	past: Past,
	needed: Needed,
) -> Option<BidAction> {
	let target = wish.stake.unwrap_or(0).max(needed.to_bid);
	let Some(status) = status else {
		return Some(match past.left && !wish.rejoin {
			true => BidAction::StayOut,
			false => BidAction::Bid { add: target },
		});
	};
	let bid = Some(BidAction::Bid { add: target.saturating_sub(status.stake) });
	match status.units_next {
		Some(units) if units != wish.units => bid,
		Some(_) if past.raised && status.stake < target => bid,
		Some(_) if status.stake >= needed.to_stay => None,
		_ if wish.rejoin => bid,
		Some(_) => Some(BidAction::StayShort),
		None => Some(BidAction::StayOut),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const WISH: Wish = Wish { units: 200, stake: None, rejoin: false };
	const SEEN: Past = Past { left: false, raised: false };
	const LEFT: Past = Past { left: true, raised: false };
	const NEEDED: Needed = Needed { to_stay: 2_000, to_bid: 2_000 };

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
		assert_eq!(decide_bid(&WISH, None, SEEN, NEEDED), bid(2_000));
		let more = Wish { stake: Some(6_000), ..WISH };
		assert_eq!(decide_bid(&more, None, SEEN, NEEDED), bid(6_000));
		let less = Wish { stake: Some(1), ..WISH };
		assert_eq!(decide_bid(&less, None, SEEN, NEEDED), bid(2_000));
	}

	#[test]
	fn a_bid_in_order_is_left_alone() {
		assert_eq!(decide_bid(&WISH, Some(&status(Some(200), 2_000)), SEEN, NEEDED), None);
		// Slashed, but still enough: what was asked for when it was placed is not asked for again.
		let more = Wish { stake: Some(6_000), ..WISH };
		assert_eq!(decide_bid(&more, Some(&status(Some(200), 2_000)), SEEN, NEEDED), None);
	}

	#[test]
	fn a_bid_of_another_size_is_changed() {
		let known = status(Some(100), 1_500);
		assert_eq!(
			decide_bid(&WISH, Some(&known), SEEN, NEEDED),
			Some(BidAction::Bid { add: 500 })
		);
		let known = status(Some(400), 4_000);
		assert_eq!(decide_bid(&WISH, Some(&known), SEEN, NEEDED), Some(BidAction::Bid { add: 0 }));
	}

	#[test]
	fn more_stake_is_added_when_it_is_asked_for_anew() {
		let raised = Past { raised: true, left: false };
		let more = Wish { stake: Some(6_000), ..WISH };
		let known = status(Some(200), 2_000);
		let add = decide_bid(&more, Some(&known), raised, NEEDED);
		assert_eq!(add, Some(BidAction::Bid { add: 4_000 }));
		assert_eq!(decide_bid(&more, Some(&status(Some(200), 6_000)), raised, NEEDED), None);
		// But not behind a bid that has left.
		let left = status(None, 2_000);
		assert_eq!(decide_bid(&more, Some(&left), raised, NEEDED), Some(BidAction::StayOut));
	}

	#[test]
	fn claims_that_are_open_need_stake_beside_that_of_the_bid() {
		// An audit has taken a part, and what is left is bound by claims.
		let needed = Needed { to_stay: 2_000, to_bid: 2_700 };
		let decided = |wish, stake| decide_bid(wish, Some(&status(Some(200), stake)), SEEN, needed);
		assert_eq!(decided(&WISH, 2_400), None, "it can stay as it is");
		let rejoin = Wish { rejoin: true, ..WISH };
		assert_eq!(decided(&rejoin, 2_400), None);
		assert_eq!(decided(&rejoin, 1_500), Some(BidAction::Bid { add: 1_200 }));
		let larger = Wish { units: 300, ..WISH };
		assert_eq!(decided(&larger, 2_400), Some(BidAction::Bid { add: 300 }));
	}

	#[test]
	fn nobody_rejoins_unasked() {
		let (out, short) = (status(None, 0), status(Some(200), 1_900));
		assert_eq!(decide_bid(&WISH, Some(&out), SEEN, NEEDED), Some(BidAction::StayOut));
		assert_eq!(decide_bid(&WISH, Some(&short), SEEN, NEEDED), Some(BidAction::StayShort));
		assert_eq!(decide_bid(&WISH, None, LEFT, NEEDED), Some(BidAction::StayOut));
		let wish = Wish { rejoin: true, ..WISH };
		let bid = Some(BidAction::Bid { add: 2_000 });
		assert_eq!(decide_bid(&wish, None, LEFT, NEEDED), bid);
		assert_eq!(
			decide_bid(&wish, Some(&out), SEEN, NEEDED),
			Some(BidAction::Bid { add: 2_000 })
		);
		assert_eq!(
			decide_bid(&wish, Some(&short), SEEN, NEEDED),
			Some(BidAction::Bid { add: 100 })
		);
	}
}

//! What one bid's stake stands behind, without a chain around it.

use super::*;
use proptest::prelude::*;

fn with(stake: Balance) -> Bid {
	Bid { stake, ..Bid::default() }
}

#[test]
fn an_audit_puts_what_it_asks_for_at_risk_or_what_there_is() {
	let mut bid = with(100);
	assert_eq!(bid.open_audit(1, 60), 60);
	assert_eq!(bid.open_audit(2, 250), 100);
	assert_eq!((bid.at_risk(), bid.stake), (100, 100));
	bid.relays_at_risk = 0;
	let mut claiming = Bid { relays_at_risk: 70, ..with(100) };
	assert_eq!(claiming.open_audit(1, 60), 30, "relays and audits never share stake");
	assert_eq!(claiming.at_risk(), 100);
}

#[test]
fn the_largest_penalty_stands_for_all_before_it() {
	let mut bid = with(100);
	for (session, wanted) in [(1, 40), (2, 90), (3, 50), (4, 50)] {
		bid.open_audit(session, wanted);
	}
	let open = |session, at_risk| OpenAudit { session, at_risk };
	assert_eq!(bid.audits[..], [open(2, 90), open(4, 50)]);
	bid.close_audits(1, 5);
	assert_eq!(bid.audits_at_risk(), 90);
	bid.close_audits(2, 5);
	assert_eq!(bid.audits_at_risk(), 50);
	bid.close_audits(4, 5);
	assert_eq!(bid.at_risk(), 0);
}

/// A list that would be too long keeps stake for longer than it must, never for less long.
#[test]
fn more_steps_than_there_is_room_for_keep_the_stake_of_the_last() {
	let mut bid = with(100);
	for session in 1..=8 {
		bid.open_audit(session, 100 - 10 * Balance::from(session));
	}
	assert_eq!(bid.audits.len() as u32, MAX_OPEN_AUDITS);
	assert_eq!(bid.audits.last(), Some(&OpenAudit { session: 8, at_risk: 60 }));
	bid.close_audits(7, 9);
	assert_eq!(bid.audits_at_risk(), 60);
	bid.close_audits(8, 9);
	assert_eq!(bid.audits_at_risk(), 0);
}

/// The last entry then stands for audits from before a failure and from after it.
#[test]
fn stake_that_is_kept_for_longer_is_never_more_than_there_is() {
	let mut bid = with(100);
	for (session, wanted) in [(1, 100), (2, 95), (3, 90), (4, 85)] {
		bid.open_audit(session, wanted);
	}
	assert_eq!(bid.fail_audit(1, 100, 100, 4), 100);
	bid.stake += 40;
	for (session, wanted) in [(5, 30), (6, 20)] {
		bid.open_audit(session, wanted);
		assert!(bid.at_risk() <= bid.stake, "{bid:?}");
	}
	bid.close_audits(3, 6);
	assert!((30..=40).contains(&bid.at_risk()), "{bid:?}");
}

#[test]
fn what_one_audit_has_taken_no_other_takes_again() {
	let mut bid = with(100);
	bid.open_audit(1, 100);
	bid.open_audit(2, 100);
	assert_eq!(bid.fail_audit(1, 70, 100, 2), 70);
	bid.close_audits(1, 2);
	assert_eq!((bid.stake, bid.at_risk(), bid.deficit_in(2)), (30, 30, 70));
	assert_eq!(bid.fail_audit(2, 100, 100, 2), 30);
	assert_eq!((bid.stake, bid.deficit_in(2)), (0, 100));
	assert_eq!(bid.deficit_in(3), 0, "later audits are drawn with other stake");
}

/// The one from before concerns no audit that is still open: the second failure is not charged for it.
#[test]
fn a_deficit_that_is_over_is_not_carried_on() {
	let mut bid = with(100);
	bid.open_audit(1, 100);
	bid.fail_audit(1, 100, 100, 1);
	bid.close_audits(1, 1);
	bid.stake += 60;
	assert_eq!((bid.deficit_in(1), bid.deficit_in(2)), (100, 0));
	bid.open_audit(2, 60);
	bid.open_audit(3, 60);
	assert_eq!(bid.fail_audit(2, 60, 60, 3), 60);
	bid.close_audits(2, 3);
	assert_eq!((bid.deficit_in(3), bid.at_risk()), (60, 0));
}

/// Whoever could add stake once it knows how its later audits go would have them paid, or lose nothing.
#[test]
fn stake_beside_it_makes_up_for_nothing_that_was_taken() {
	for unneeded in [0, 100] {
		let mut bid = with(100 + unneeded);
		bid.open_audit(1, 100);
		bid.open_audit(2, 100);
		assert_eq!(bid.fail_audit(1, 100, 100, 2), 100);
		bid.close_audits(1, 2);
		bid.stake += 100;
		assert_eq!((bid.at_risk(), bid.deficit_in(2)), (0, 100));
	}
}

/// However many audits have failed meanwhile: those that are drawn after the first is settled can lose again.
#[test]
fn failures_that_cost_nothing_spare_no_later_audit() {
	let mut bid = with(300);
	(1..=3).for_each(|session| assert_eq!(bid.open_audit(session, 100), 100));
	let fail = |bid: &mut Bid, session, current| {
		let slashed = bid.fail_audit(session, 100, 100, current);
		bid.close_audits(session, current);
		slashed
	};
	assert_eq!(fail(&mut bid, 1, 2), 100);
	assert_eq!(fail(&mut bid, 2, 3), 0);
	assert_eq!(fail(&mut bid, 3, 4), 100);
	assert_eq!(bid.stake, 100);
}

#[test]
fn what_is_free_for_relays_is_what_audits_leave() {
	let bid = Bid { relays_at_risk: 20, ..with(200) };
	assert_eq!((bid.free_for_relays(100), bid.free_for_relays(190)), (80, 0));
}

/// Something that happens to a bid.
#[derive(Clone, Debug)]
enum Change {
	/// A session starts, in which the bid is drawn.
	Draw {
		wanted: Balance,
	},
	/// A session starts without that.
	Pass,
	/// The oldest session is settled; so many percent of an audit in it were missed.
	Settle {
		missed: u8,
	},
	Add {
		amount: Balance,
	},
	/// Claims put at risk what they may, and are settled: a part of it is slashed.
	Claim {
		wanted: Balance,
	},
	Claimed {
		slashed: u8,
	},
	/// All is withdrawn that nothing needs.
	Withdraw,
}

fn changes() -> impl Strategy<Value = Change> {
	prop_oneof![
		4 => (0u128..300).prop_map(|wanted| Change::Draw { wanted }),
		1 => Just(Change::Pass),
		4 => prop_oneof![Just(0u8), Just(100u8), 0u8..=100]
			.prop_map(|missed| Change::Settle { missed }),
		2 => (0u128..200).prop_map(|amount| Change::Add { amount }),
		2 => (0u128..200).prop_map(|wanted| Change::Claim { wanted }),
		2 => (0u8..=100).prop_map(|slashed| Change::Claimed { slashed }),
		1 => Just(Change::Withdraw),
	]
}

/// A bid, and what a plain list of its audits says.
struct Game {
	bid: Bid,
	current: SessionIndex,
	settled: SessionIndex,
	/// Audits that are not settled: their sessions, and what they put at risk.
	open: Vec<(SessionIndex, Balance)>,
	/// Whether its list has been full. It may then keep more than is needed.
	full: bool,
}

impl Game {
	fn play(&mut self, change: &Change) {
		match *change {
			Change::Draw { wanted } => {
				self.current += 1;
				let at_risk = self.bid.open_audit(self.current, wanted);
				assert!(at_risk <= wanted);
				self.open.push((self.current, at_risk));
			}
			Change::Pass => self.current += 1,
			Change::Settle { missed } if self.settled < self.current => self.settle(missed),
			Change::Settle { .. } => {}
			Change::Add { amount } => self.bid.stake += amount,
			Change::Claim { wanted } => {
				let free = self.bid.free_for_relays(self.bid.audits_at_risk());
				self.bid.relays_at_risk += wanted.min(free);
			}
			Change::Claimed { slashed } => {
				let penalty = self.bid.relays_at_risk * Balance::from(slashed) / 100;
				self.bid.stake -= penalty;
				self.bid.relays_at_risk = 0;
			}
			Change::Withdraw => self.bid.stake = self.bid.at_risk(),
		}
	}

	fn settle(&mut self, missed: u8) {
		self.settled += 1;
		let of_session = self.open.iter().position(|(session, _)| *session == self.settled);
		let Some((session, at_risk)) = of_session.map(|index| self.open.remove(index)) else {
			return;
		};
		let missed = at_risk * Balance::from(missed) / 100;
		if missed > 0 {
			let before = (self.bid.stake, self.bid.deficit_in(session));
			let slashed = self.bid.fail_audit(session, missed, at_risk, self.current);
			assert_eq!(slashed, missed.min(at_risk.saturating_sub(before.1)));
			assert_eq!(self.bid.stake, before.0 - slashed);
		}
		self.bid.close_audits(session, self.current);
	}

	/// What every open audit can still lose is there, beside what relays can; and no more is kept than
	/// the list has room to tell apart.
	fn holds(&mut self) {
		let left = |(session, at_risk): &(SessionIndex, Balance)| {
			at_risk.saturating_sub(self.bid.deficit_in(*session))
		};
		let needed = self.open.iter().map(left).max().unwrap_or(0);
		assert!(self.bid.at_risk() <= self.bid.stake, "{:?}", self.bid);
		assert!(self.bid.audits_at_risk() >= needed, "{:?}: {:?}", self.bid, self.open);
		self.full |= self.bid.audits.len() as u32 == MAX_OPEN_AUDITS;
		if !self.full {
			assert_eq!(self.bid.audits_at_risk(), needed, "{:?}: {:?}", self.bid, self.open);
		}
		if self.open.is_empty() {
			assert_eq!(self.bid.audits_at_risk(), 0);
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
	#[test]
	fn never_more_is_at_risk_than_there_is(
		stake in 0u128..400, steps in prop::collection::vec(changes(), 1..60),
	) {
		let mut game = Game { bid: with(stake), current: 0, settled: 0, open: Vec::new(), full: false };
		for step in &steps {
			game.play(step);
			game.holds();
		}
	}
}

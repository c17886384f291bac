//! Many identities, each overreporting.

use super::*;
use std::ops::RangeInclusive;

/// Somebody with one machine and as many bids as it likes.
struct Player {
	bids: RangeInclusive<AccountId>,
	units: Units,
	worked: Units,
}

/// What a machine does in a session: the reference capacity.
const CAPACITY: Units = 20;

impl Player {
	/// Bids `units` with each identity, with stake enough for a long game.
	fn joins(bids: RangeInclusive<AccountId>, units: Units) -> Self {
		for who in bids.clone() {
			assert_ok!(CapacityOracle::bid(signed(who), 0, units, 60_000));
		}
		Self { bids, units, worked: 0 }
	}

	/// Answers as many of its audits as its machine can do.
	fn claims(&mut self, session: SessionIndex) {
		let mut left = CAPACITY;
		for who in self.bids.clone() {
			if duty(who, session).is_some() && self.units <= left {
				commit(who, session, Units::MAX);
				left -= self.units;
				self.worked += self.units;
			}
		}
	}

	fn proves(&self, session: SessionIndex) {
		for who in self.bids.clone() {
			if duty(who, session).is_some_and(|told| told.committed.is_some()) {
				assert_ok!(prove(who, session, proof_of(who, session, Units::MAX)));
			}
		}
	}

	/// What it has earned, less what the work has cost it.
	fn gain(&self) -> i128 {
		let earned = self.bids.clone().map(|who| wealth(who) as i128 - ENDOWMENT as i128);
		earned.sum::<i128>() - (self.worked as u128 * policy().cost) as i128
	}
}

/// Plays 150 sessions of four suppliers with the same machine. One bids what it can do, one twice
/// that; one bids it under two names, one half of it under four. Returns what they gain.
fn play(policy: Policy<StandardWork>) -> [i128; 4] {
	let mut gains = [0; 4];
	on_chain(policy, || {
		let mut players = [
			Player::joins(1..=1, CAPACITY),
			Player::joins(2..=2, 2 * CAPACITY),
			Player::joins(3..=4, CAPACITY),
			Player::joins(5..=8, CAPACITY / 2),
		];
		for session in 1..=150 {
			run_to(claims_open(session));
			players.iter_mut().for_each(|player| player.claims(session));
			run_to(seed_of(session));
			players.iter().for_each(|player| player.proves(session));
		}
		run_to(due(150) + 2);
		gains = players.map(|player| player.gain());
	});
	gains
}

fn audited() -> Policy<StandardWork> {
	Policy { audit_rate: Perquintill::from_percent(30), maximum_bid: 40, ..policy() }
}

/// Section 4: a flat stake for each bid, convex rewards, and a rate above ε*.
#[test]
fn many_identities_that_overreport_earn_less_than_one_that_does_not() {
	assert!(audited().is_truthful(40), "this is what the policy promises");
	let [honest, boaster, doubled, split] = play(audited());
	assert!(honest > 0);
	for liar in [boaster, doubled, split] {
		assert!(liar < 0, "{liar} against {honest}");
	}
}

/// Without the stake the same lie pays: it is the stake that stops it.
#[test]
fn many_identities_pay_where_nothing_is_at_stake() {
	let naive = Policy { stake_factor: FixedU128::from_u32(0), ..audited() };
	assert!(!naive.is_truthful(CAPACITY));
	let [honest, _, doubled, _] = play(naive);
	assert!(doubled > honest, "{doubled} against {honest}");
}

/// Section 4: the minimum bid bounds the number of pieces, and each piece has the stake of a whole.
#[test]
fn many_identities_cannot_be_small_ones_with_little_stake() {
	on_chain(audited(), || {
		assert_noop!(CapacityOracle::bid(signed(1), 0, 4, 60_000), Fault::BidOutOfRange);
		assert_noop!(CapacityOracle::bid(signed(1), 0, 5, 1_999), Fault::StakeTooSmall);
		for piece in 1..=4 {
			join(piece, 5);
		}
		join(5, 20);
		let stake = |who| bid_of(who).stake;
		assert_eq!((1..=4).map(stake).sum::<Balance>(), 4 * stake(5));
	});
}

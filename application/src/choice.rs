//! Whom to ask: of two that are picked at random, rather the one that is likely to answer sooner.
//! Suppliers are picked in proportion to the draws of the session that fell to them, which are as many as
//! their capacity is worth.

use crate::spending::Room;
use std::{
	sync::atomic::{AtomicU64, Ordering},
	time::Duration,
};

use crate::supplier::Standing;

/// Somebody who could be asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
	/// The application's draws that fell to it.
	pub draws: u32,
	pub standing: Standing,
	pub room: Room,
}

/// Chooses one of the candidates; none stands for somebody who must not be asked.
///
/// Those that do not rest and are sure to be paid come first; then those that are not sure to be paid.
/// If all of them rest, the one whose rest is over first is asked nevertheless.
pub fn choose(candidates: &[Option<Candidate>], dice: &Dice) -> Option<usize> {
	let able = || {
		candidates
			.iter()
			.enumerate()
			.filter_map(|(index, candidate)| candidate.map(|candidate| (index, candidate)))
			.filter(|(_, candidate)| candidate.room != Room::None)
	};
	for room in [Room::Within, Room::Beyond] {
		let ready: Vec<_> = able()
			.filter(|(_, c)| c.room == room && c.standing.rest == Duration::ZERO)
			.flat_map(|(index, c)| (0..c.draws).map(move |_| (index, c.standing.cost)))
			.collect();
		if let Some(index) = better_of_two(&ready, dice) {
			return Some(index);
		}
	}
	able().min_by_key(|(_, candidate)| candidate.standing.rest).map(|(index, _)| index)
}

/// Of two entries, one for each draw, the supplier that is to be asked.
fn better_of_two(ready: &[(usize, f64)], dice: &Dice) -> Option<usize> {
	let first = dice.below(ready.len())?;
	let second = match dice.below(ready.len().saturating_sub(1)) {
		None => first,
		Some(second) if second >= first => second.saturating_add(1),
		Some(second) => second,
	};
	let (first, second) = (ready.get(first)?, ready.get(second)?);
	Some(if dice.chance(odds(first.1, second.1)) { first.0 } else { second.0 })
}

/// How likely the first of two is chosen, given what they cost. Of two that are about equal each gets
/// about half, so that one does not stand idle; one that takes twice as long gets a fifth. What is
/// slow now is thus still measured now and then.
fn odds(first: f64, second: f64) -> f64 {
	let (first, second) = (first * first, second * second);
	let both = first + second;
	if both > 0.0 {
		second / both
	} else {
		0.5
	}
}

/// Numbers that are random enough to spread load.
#[derive(Debug)]
pub struct Dice(AtomicU64);

impl Dice {
	/// Dice that fall the same way after the same seed.
	pub fn new(seed: u64) -> Self {
		Self(AtomicU64::new(seed))
	}

	/// 64 random bits, by the generator that is known as SplitMix64.
	pub fn roll(&self) -> u64 {
		const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
		let mut bits = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
		bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		bits ^ (bits >> 31)
	}

	/// A number below `end`.
	pub fn below(&self, end: usize) -> Option<usize> {
		let product = u128::from(self.roll()).checked_mul(end as u128)?;
		(end > 0).then_some((product >> 64) as usize)
	}

	/// True with this probability.
	pub fn chance(&self, probability: f64) -> bool {
		((self.roll() >> 11) as f64) < probability * (1u64 << 53) as f64
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn candidate(cost: f64, rest: u64, room: Room) -> Option<Candidate> {
		let standing = Standing { cost, rest: Duration::from_secs(rest) };
		Some(Candidate { draws: 1, standing, room })
	}

	/// How often each is chosen.
	fn counts(candidates: &[Option<Candidate>]) -> Vec<u32> {
		let dice = Dice::new(1);
		let mut counts = vec![0; candidates.len()];
		for _ in 0..3_000 {
			counts[choose(candidates, &dice).unwrap()] += 1;
		}
		counts
	}

	fn ready(cost: f64) -> Option<Candidate> {
		candidate(cost, 0, Room::Within)
	}

	#[test]
	fn load_is_spread_and_the_slow_get_little_of_it() {
		let counts = counts(&[ready(1.0), ready(1.0), ready(9.0)]);
		assert!(counts[0] > 1_200 && counts[1] > 1_200, "{counts:?}");
		// One in 82 of the two thousand draws that it is in.
		assert!((1..80).contains(&counts[2]), "{counts:?}");
	}

	#[test]
	fn load_is_spread_in_proportion_to_draws() {
		let with = |draws| ready(1.0).map(|candidate| Candidate { draws, ..candidate });
		// 3,000 requests: 1,800 and 600 and 600, standard deviation 27 at the most.
		let counts = counts(&[with(3), with(1), with(1), with(0)]);
		assert!((1_690..1_910).contains(&counts[0]), "{counts:?}");
		assert!((500..700).contains(&counts[1]) && counts[3] == 0, "{counts:?}");
	}

	#[test]
	fn of_two_that_are_about_equal_none_stands_idle() {
		let counts = counts(&[ready(1.0), ready(1.1)]);
		assert!(counts[1] > 1_000, "{counts:?}");
	}

	#[test]
	fn a_slow_one_is_used_when_the_others_are_busy() {
		let counts = counts(&[ready(18.0), ready(9.0)]);
		assert!(counts[1] > 2_200 && counts[0] > 400, "four to one: {counts:?}");
	}

	#[test]
	fn whoever_costs_nothing_yet_is_tried() {
		assert_eq!(counts(&[ready(0.5), ready(0.0)]), [0, 3_000]);
		let both = counts(&[ready(0.0), ready(0.0)]);
		assert!(both[0] > 1_000 && both[1] > 1_000, "{both:?}");
	}

	#[test]
	fn whoever_rests_or_may_not_be_paid_is_avoided() {
		let fine = candidate(50.0, 0, Room::Within);
		let unsure = candidate(1.0, 0, Room::Beyond);
		let resting = candidate(1.0, 5, Room::Within);
		let unpaid = candidate(1.0, 0, Room::None);
		assert_eq!(counts(&[unsure, resting, unpaid, fine]), [0, 0, 0, 3_000]);
		assert_eq!(counts(&[unsure, resting, unpaid]), [3_000, 0, 0]);
	}

	#[test]
	fn if_all_rest_the_one_that_has_rested_most_is_asked() {
		let resting = |rest| candidate(1.0, rest, Room::Within);
		assert_eq!(choose(&[resting(9), resting(3), resting(5)], &Dice::new(1)), Some(1));
	}

	#[test]
	fn nobody_is_asked_who_cannot_be_paid_or_must_not_be_asked() {
		let unpaid = candidate(1.0, 0, Room::None);
		assert_eq!(choose(&[unpaid, None], &Dice::new(1)), None);
		assert_eq!(choose(&[], &Dice::new(1)), None);
		assert_eq!(counts(&[None, candidate(9.0, 0, Room::Within)]), [0, 3_000]);
	}

	#[test]
	fn chances_are_what_they_say() {
		let dice = Dice::new(7);
		let happened = |probability| (0..10_000).filter(|_| dice.chance(probability)).count();
		assert_eq!((happened(0.0), happened(1.0)), (0, 10_000));
		// 1,000, standard deviation 30.
		assert!((850..1_150).contains(&happened(0.1)));
	}
}

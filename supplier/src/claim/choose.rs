//! Which applications a claim lists: those that can pay, as many as there is stake for.

use super::Entry;
use capacity_protocol::{Balance, Payable};
use std::cmp::Reverse;

/// What was served to an application, and whether it can pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
	pub entry: Entry,
	pub worth: Balance,
	/// Nothing of it can be paid.
	pub unpaid: bool,
}

impl Offer {
	/// What the chain says about the application's money decides; none if it does not know it.
	pub fn new(entry: Entry, worth: Balance, payable: Option<Payable>) -> Self {
		let unpaid = payable.is_none_or(|money| money.part == 0 && money.claimed >= money.total);
		Self { entry, worth, unpaid }
	}
}

/// What is claimed and what is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
	/// In the order of the applications.
	pub taken: Vec<Entry>,
	/// What they are worth.
	pub worth: Balance,
	/// Applications left out because nothing of what they owe can be paid, and what it would be worth.
	pub unpaid: (usize, Balance),
	/// Applications left out because stake is missing, or the list would be too long.
	pub left_out: (usize, Balance),
	/// Stake that is missing for all of them.
	pub missing: Balance,
}

/// Chooses the most valuable applications for which there is stake: `risk` is what a claim of some
/// worth puts at risk, `free` the stake that is free for it, and `most` how long a list can be.
pub fn choose(
	mut offers: Vec<Offer>,
	risk: impl Fn(Balance) -> Balance,
	free: Balance,
	most: usize,
) -> Choice {
	offers.sort_by_key(|offer| (Reverse(offer.worth), offer.entry.application));
	let mut choice = Choice::default();
	let mut whole: Balance = 0;
	for offer in offers {
		if offer.unpaid {
			add(&mut choice.unpaid, offer.worth);
			continue;
		}
		whole = whole.saturating_add(offer.worth);
		let with = choice.worth.saturating_add(offer.worth);
		if choice.taken.len() < most && risk(with) <= free {
			choice.worth = with;
			choice.taken.push(offer.entry);
		} else {
			add(&mut choice.left_out, offer.worth);
		}
	}
	if choice.left_out.0 > 0 {
		choice.missing = risk(whole).saturating_sub(free);
	}
	choice.taken.sort_by_key(|entry| entry.application);
	choice
}

fn add(to: &mut (usize, Balance), worth: Balance) {
	*to = (to.0.saturating_add(1), to.1.saturating_add(worth));
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_protocol::Ranks;
	use sum_trie::{Blake2b256, Hasher};

	fn offer(application: u32, worth: Balance) -> Offer {
		let entry = Entry { application, ranks: Ranks::of(1, |_| true), units: worth as u64 };
		Offer { entry, worth, unpaid: false }
	}

	fn taken(choice: &Choice) -> Vec<u32> {
		choice.taken.iter().map(|entry| entry.application).collect()
	}

	#[test]
	fn with_enough_stake_all_are_claimed_in_order() {
		let offers = vec![offer(7, 10), offer(2, 30), offer(5, 20)];
		let choice = choose(offers, |worth| worth * 9, 540, 10);
		assert_eq!((taken(&choice), choice.worth), (vec![2, 5, 7], 60));
		assert_eq!((choice.missing, choice.left_out, choice.unpaid), (0, (0, 0), (0, 0)));
	}

	#[test]
	fn the_least_valuable_are_left_out_where_stake_is_missing() {
		let offers = vec![offer(7, 10), offer(2, 30), offer(5, 20)];
		let choice = choose(offers, |worth| worth * 9, 539, 10);
		assert_eq!((taken(&choice), choice.worth), (vec![2, 5], 50));
		assert_eq!((choice.missing, choice.left_out), (1, (1, 10)));
	}

	#[test]
	fn one_that_is_too_dear_does_not_keep_the_others_out() {
		let choice = choose(vec![offer(0, 100), offer(1, 10)], |worth| worth * 9, 100, 10);
		assert_eq!((taken(&choice), choice.missing), (vec![1], 890));
	}

	#[test]
	fn whoever_cannot_pay_anything_is_left_out() {
		let money = |total, part, claimed| Some(Payable { total, part, claimed });
		let entry = offer(0, 1).entry;
		assert!(Offer::new(entry, 5, None).unpaid, "it is not known");
		assert!(Offer::new(entry, 5, money(0, 0, 0)).unpaid);
		assert!(Offer::new(entry, 5, money(3, 0, 3)).unpaid);
		assert!(!Offer::new(entry, 5, money(3, 0, 2)).unpaid, "a part of it may be paid");
		assert!(!Offer::new(entry, 5, money(100, 10, 900)).unpaid, "each has its part");

		let poor = Offer { unpaid: true, ..offer(1, 50) };
		let choice = choose(vec![offer(0, 5), poor], |worth| worth, 5, 10);
		assert_eq!((taken(&choice), choice.unpaid, choice.missing), (vec![0], (1, 50), 0));
	}

	#[test]
	fn a_list_is_as_long_as_the_chain_takes() {
		let offers = (0..10).map(|index| offer(index, 10 + Balance::from(index))).collect();
		let choice = choose(offers, |worth| worth, 1_000, 3);
		assert_eq!((taken(&choice), choice.missing), (vec![7, 8, 9], 0));
		assert_eq!(choice.left_out.0, 7);
	}

	#[test]
	fn where_the_risk_is_the_same_for_any_worth_all_or_none_fit() {
		let offers = || vec![offer(0, 1), offer(1, 2)];
		assert_eq!(taken(&choose(offers(), |_| 500, 500, 10)), [0, 1]);
		let none = choose(offers(), |_| 500, 499, 10);
		assert_eq!((taken(&none), none.missing), (vec![], 1));
	}

	#[test]
	fn what_is_claimed_never_needs_more_stake_than_there_is() {
		for case in 0..1_000u32 {
			let random = Blake2b256::hash(&[&case.to_le_bytes()]);
			let (count, free) = (usize::from(random[0] % 31), u128::from(random[1]) * 80);
			let worths: Vec<u128> =
				random.iter().take(count).map(|byte| u128::from(*byte) * 4 + 1).collect();
			let offers = (0..).zip(&worths).map(|(index, worth)| offer(index, *worth)).collect();
			let choice = choose(offers, |worth| worth * 3, free, 100);
			assert!(choice.worth * 3 <= free);
			assert_eq!(choice.worth + choice.left_out.1, worths.iter().sum::<u128>());
			assert_eq!(choice.missing == 0, choice.left_out.0 == 0);
			let taken = taken(&choice);
			let fits = |index: &u32| (choice.worth + worths[*index as usize]) * 3 <= free;
			let mut left = (0..worths.len() as u32).filter(|index| !taken.contains(index));
			assert!(!left.any(|index| fits(&index)), "something that was left out would still fit");
		}
	}
}

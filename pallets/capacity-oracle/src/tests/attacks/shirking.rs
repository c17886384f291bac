//! Audits of which a share is made up. Section 4: the stake outweighs what faking saves, or the verdict
//! says that it does not.

use super::*;

/// A policy, by its stake and its largest bid, and how a supplier answers.
struct Case {
	title: &'static str,
	stake_factor: FixedU128,
	openings: u32,
	seeds: u64,
	/// What the supplier bids, and what of it is work.
	bid: Units,
	done: Units,
}

impl Case {
	fn policy(&self) -> Policy<StandardWork> {
		let Self { stake_factor, openings, bid, .. } = *self;
		Policy { stake_factor, openings, maximum_bid: bid.max(20), ..policy() }
	}

	/// What an audit brings of which so many of `units` are work, less what that has cost.
	fn answered(&self, units: Units, done: Units) -> Vec<i128> {
		let mut gains = Vec::new();
		on_rich_chain(self.policy(), 10_000_000, || {
			join(1, units);
			run_to(claims_open(1));
			let delivery = Delivery::new(1, 1, Some(done), &[]);
			assert_ok!(delivery.claim());
			let before = owned(&[1]);
			gains = over_seeds(self.seeds, || {
				run_to(seed_of(1));
				delivery.prove();
				run_to(due(1));
				owned(&[1]) - before - (Balance::from(done) * policy().cost) as i128
			});
		});
		gains
	}

	/// Beside somebody who has as large a machine, and does the whole audit.
	fn beside_who_could(&self) -> Gains {
		Gains::new(
			self.title,
			self.answered(self.bid, self.bid),
			self.answered(self.bid, self.done),
		)
	}

	/// Beside somebody who has no more than the work that is done, and bids that.
	fn beside_who_could_not(&self) -> Gains {
		Gains::new(
			self.title,
			self.answered(self.done, self.done),
			self.answered(self.bid, self.done),
		)
	}

	fn verdict(&self) -> Result<(), Untruthful> {
		self.policy().judged(SettlerShare::get()).verdict()
	}
}

fn tenths(factor: u128) -> FixedU128 {
	FixedU128::from_rational(factor, 10)
}

/// Whoever is able to deliver gains nothing: what is found out has cost the work that was done, too.
#[test]
fn by_somebody_who_could_deliver() {
	for case in [
		Case {
			title: "4 of 20 units made up by who could do them, 1 opening",
			stake_factor: tenths(100),
			openings: 1,
			seeds: 400,
			bid: 20,
			done: 16,
		},
		Case {
			title: "4 of 20 units made up by who could do them, 4 openings",
			stake_factor: tenths(100),
			openings: 4,
			seeds: 400,
			bid: 20,
			done: 16,
		},
		Case {
			title: "4 of 20 units made up by who could do them, 1 opening, stake of a tenth",
			stake_factor: tenths(2),
			openings: 1,
			seeds: 400,
			bid: 20,
			done: 16,
		},
	] {
		assert_no_gain(&case.beside_who_could());
	}
}

/// Whoever has less than it bids, and makes the rest up: 12 as 20, 300 as 400.
fn made_up(
	title: &'static str,
	openings: u32,
	stake_factor: u128,
	bid: Units,
	done: Units,
) -> Case {
	// With four openings it is clear enough.
	let seeds = if openings == 1 { 1_600 } else { 200 };
	Case { title, stake_factor: tenths(stake_factor), openings, seeds, bid, done }
}

/// A stake of a fifth of the reward was called truthful, and is not, whatever the rate: it pays.
#[test]
fn by_somebody_who_bids_more_than_it_has_for_too_little_stake() {
	let title = "12 units bid as 20, the rest made up, 1 opening, stake 0.2 (refused)";
	let twelve = made_up(title, 1, 2, 20, 12);
	assert_eq!(twelve.verdict(), Err(Untruthful::ShirkingPays));
	assert_pays(&twelve.beside_who_could_not());
}

/// At little more than the least stake that is called truthful for one opening, it does not pay.
#[test]
fn by_somebody_who_bids_more_than_it_has() {
	const LEAST: u128 = 23;
	let title = "12 units bid as 20, the rest made up, 1 opening, stake 2.3";
	let twelve = made_up(title, 1, LEAST, 20, 12);
	assert_eq!(made_up(title, 1, LEAST - 1, 20, 12).verdict(), Err(Untruthful::ShirkingPays));
	for case in [
		twelve,
		made_up("300 units bid as 400, the rest made up, 1 opening, stake 10", 1, 100, 400, 300),
		made_up("300 units bid as 400, the rest made up, 4 openings, stake 10", 4, 100, 400, 300),
	] {
		assert_eq!(case.verdict(), Ok(()), "{}", case.title);
		assert_no_gain(&case.beside_who_could_not());
	}
	let title = "12 units bid as 20, the rest made up, 4 openings, stake 0.2";
	assert_no_gain(&made_up(title, 4, 2, 20, 12).beside_who_could_not());
}

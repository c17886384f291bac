//! Bids that are split, or multiplied, for more relays. Section 6: draws fall to units, in exact proportion
//! to what bids declare. Section 4: what declaring more can bring in relays is part of the verdict.

use super::*;

const MACHINE: Units = 20;

/// So many units of demand, one from each of so many applications, and what a unit of work brings.
struct Market {
	demand: AccountId,
	policy: Policy<StandardWork>,
}

/// A supplier with one machine, beside others with one honest bid each.
struct Entrant {
	bids: std::ops::RangeInclusive<AccountId>,
	units: Units,
}

/// Applications have these accounts, from this one on.
const APPLICATIONS: AccountId = 101;

impl Market {
	fn opens(&self) -> Vec<ApplicationIndex> {
		let open = |account| {
			assert_ok!(Balances::transfer_keep_alive(signed(50), account, 1_500));
			open_application(account, 1_400, 1_400)
		};
		(APPLICATIONS..APPLICATIONS + self.demand).map(open).collect()
	}

	/// Who is asked in a session, and by whom: every application asks one supplier for one unit.
	fn asked(
		session: SessionIndex,
		applications: &[ApplicationIndex],
	) -> Vec<(AccountId, ApplicationIndex)> {
		let first = |index: &ApplicationIndex| Some((*drawn(session, *index).first()?, *index));
		applications.iter().filter_map(first).collect()
	}

	/// What an entrant gains in a session, by audits and by relays, and how many it is asked for; for each
	/// seed. Its machine does both its audits and its relays, each up to what it has.
	fn play(&self, others: u64, entrant: &Entrant, seeds: u64) -> (Vec<i128>, Vec<i128>) {
		let mut played = Vec::new();
		on_chain(self.policy, || {
			// Enough for claims above the threshold.
			let join = |who, units| {
				let stake = CapacityOracle::minimum_stake(0, units).unwrap() + 5_000;
				assert_ok!(CapacityOracle::bid(signed(who), 0, units, stake));
			};
			(1..=others).for_each(|who| join(who, MACHINE));
			entrant.bids.clone().for_each(|who| join(who, entrant.units));
			let applications = self.opens();
			let hand: Vec<_> = entrant.bids.clone().collect();
			let before = owned(&hand);
			played = over_seeds(seeds, || {
				run_to(claims_open(1));
				let asked = Self::asked(1, &applications);
				let mine = asked.into_iter().filter(|(who, _)| hand.contains(who));
				let mine: Vec<_> = mine.collect();
				let (mut audits, mut relays) = (MACHINE, MACHINE as usize);
				let mut claims = Vec::new();
				for who in &hand {
					let served: Vec<_> = mine
						.iter()
						.filter(|(by, _)| by == who)
						.map(|(_, index)| serve(*who, 1, *index, 1))
						.take(relays)
						.collect();
					relays -= served.len();
					let audit = duty(*who, 1).is_some() && entrant.units <= audits;
					if audit {
						audits -= entrant.units;
					}
					if audit || !served.is_empty() {
						let done = audit.then_some(Units::MAX);
						let delivery = Delivery::new(*who, 1, done, &served);
						assert_ok!(delivery.claim());
						claims.push(delivery);
					}
				}
				run_to(seed_of(1));
				claims.iter().for_each(|claim| assert!(claim.prove()));
				run_to(due(1) + 2);
				let done = 2 * MACHINE - audits - relays as Units;
				let cost = Balance::from(done) * self.policy.cost;
				(owned(&hand) - before - cost as i128, mine.len() as i128)
			});
		});
		played.into_iter().unzip()
	}
}

/// An application asks whom it has drawn first.
fn asking(price: Balance) -> RelayTerms {
	RelayTerms { suppliers: 1, price, minimum_deposit: 1_000, ..terms() }
}

/// Five machines; one of them is bid as one, or as four of a quarter.
#[test]
fn a_bid_split_for_more_relays() {
	let market = Market { demand: 40, policy: relaying(asking(2 * PRICE)) };
	let (whole, split) = (Entrant { bids: 5..=5, units: 20 }, Entrant { bids: 5..=8, units: 5 });
	let (honest, one) = market.play(4, &whole, 100);
	let (attack, four) = market.play(4, &split, 100);
	let title = "relays asked of 1 bid of 20, or of 4 of 5, out of 40";
	assert_no_gain(&Gains::new(title, one, four));
	let title = "money from 1 bid of 20, or from 4 of 5, profit 7 a unit, 40 units asked";
	assert_no_gain(&Gains::new(title, honest, attack));
}

/// Four machines, one of which is bid four times. At the worst demand the lie fills the machine, and the
/// truth does not.
fn multiplied(policy: Policy<StandardWork>, title: &'static str) -> Gains {
	let market = Market { demand: 35, policy };
	let (once, often) = (Entrant { bids: 4..=4, units: 20 }, Entrant { bids: 4..=7, units: 20 });
	let [honest, attack] = [once, often].map(|entrant| market.play(3, &entrant, 200).0);
	Gains::new(title, honest, attack)
}

/// At this rate audits alone are enough, for the reference stake.
fn by_audits_alone(price: Balance) -> Policy<StandardWork> {
	let audit_rate = Perquintill::from_rational(1_031u64, 10_000);
	Policy { audit_rate, maximum_bid: 20, ..relaying(asking(price)) }
}

/// Audited as seldom as a policy with this stake may.
fn least_audited(price: Balance, stake_factor: u32) -> Policy<StandardWork> {
	let stake_factor = FixedU128::from_u32(stake_factor);
	let always = Policy { audit_rate: Perquintill::one(), stake_factor, ..by_audits_alone(price) };
	let least = always.judged(SettlerShare::get()).least_rate(LEAST_RATE_PRECISION).unwrap();
	eprintln!("verdict | relays at {price}, stake of {stake_factor:?} rewards | {least:?}");
	Policy { audit_rate: least, ..always }
}

fn verdict(policy: Policy<StandardWork>) -> Result<(), Untruthful> {
	policy.judged(SettlerShare::get()).verdict()
}

#[test]
fn a_machine_bid_four_times_for_dear_relays() {
	let refused = by_audits_alone(100);
	assert_eq!(verdict(refused), Err(Untruthful::RelaysPay));
	let title = "1 machine bid 4 times, scarce demand, relays at 100 (refused)";
	assert_pays(&multiplied(refused, title));
	let title = "1 machine bid 4 times, scarce demand, relays at 100, stake 50, least rate";
	assert_no_gain(&multiplied(least_audited(100, 50), title));
}

#[test]
fn a_machine_bid_four_times_for_cheap_relays() {
	let refused = by_audits_alone(12);
	assert_eq!(verdict(refused), Err(Untruthful::RelaysPay));
	let title = "1 machine bid 4 times, scarce demand, relays at 12 (refused)";
	assert_no_gain(&multiplied(refused, title));
	let title = "1 machine bid 4 times, scarce demand, relays at 12, least rate";
	assert_no_gain(&multiplied(least_audited(12, 10), title));
}

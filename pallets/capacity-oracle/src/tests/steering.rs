//! The closed loop: the probability goes where the proofs are wanted, the threshold where the claims
//! are, both in bounds and from the next session on.

use super::*;

fn wanting(proofs: u32) -> Policy<StandardWork> {
	relaying(RelayTerms { wanted_proofs: Some(proofs), ..proven_at(10) })
}

fn probability(session: SessionIndex) -> Perquintill {
	*Services::<Test>::get(0).unwrap().probability.at(session)
}

#[test]
fn without_proofs_the_probability_doubles_until_all_are_proven() {
	on_chain(wanting(5), || {
		join(1, 20);
		run_to(due(1));
		let told = CapacityOracle::proof_status(0).unwrap();
		assert_eq!(told.lowest_probability, Perquintill::from_percent(10));
		run_to(due(8));
		assert_eq!(CapacityOracle::proof_status(0).unwrap().probability, Perquintill::one());
	});
}

#[test]
fn a_step_is_at_the_most_a_factor_of_two_and_holds_from_the_next_session_on() {
	on_chain(wanting(5), || {
		join(1, 20);
		run_to(due(1) - 1);
		let at = CurrentSession::<Test>::get();
		assert_eq!(probability(at + 1), Perquintill::zero(), "the least that is safe holds");
		next_block();
		assert_eq!(CurrentSession::<Test>::get(), at);
		assert_eq!(probability(at), Perquintill::zero());
		assert_eq!(probability(at + 1), Perquintill::from_percent(20));
		assert!(events().contains(&Event::ProofsSteered {
			service: 0,
			from: at + 1,
			probability: Perquintill::from_percent(20),
			threshold: 1_000,
		}));
	});
}

#[test]
fn the_running_session_keeps_its_probability() {
	on_chain(wanting(5), || {
		join(1, 20);
		run_to(start_of(4));
		let fixed = relay_session(4).probability;
		run_to(start_of(5));
		assert_eq!(Rounds::<Test>::get(4, 0).unwrap().probability, fixed);
		assert!(relay_session(5).probability >= fixed);
	});
}

#[test]
fn steering_can_be_switched_off() {
	on_chain(relaying(proven_at(10)), || {
		join(1, 20);
		run_to(due(5));
		let told = CapacityOracle::proof_status(0).unwrap();
		assert_eq!(told.probability_next, Perquintill::from_percent(10));
	});
}

#[test]
fn the_threshold_follows_the_claims_where_it_is_let() {
	let adapting = RelayTerms { adapt_threshold: true, ..proven_at(10) };
	for (terms, expected) in [(adapting, 224), (proven_at(10), 1_000)] {
		on_chain(relaying(terms), || {
			join(1, 20);
			ClaimSizes::<Test>::mutate(0, |sizes| (0..200).for_each(|_| sizes.add(200)));
			run_to(due(1) + 1);
			let told = CapacityOracle::proof_status(0).unwrap();
			assert_eq!(told.recommended_threshold, Some(224));
			assert_eq!(told.threshold_next, expected);
			run_to(start_of(4));
			assert_eq!(relay_session(4).threshold, expected);
		});
	}
}

#[test]
fn claims_are_counted_by_worth() {
	on_chain(relaying(seldom_proven()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 40)]));
		run_to(due(1));
		assert_eq!(CapacityOracle::proof_status(0).unwrap().claims, [(448, 1)]);
	});
}

/// A hundred claims in every session, of which as many are drawn for proof as the probability of the session
/// says. Sessions are settled with `delay` more sessions of delay than usual. Returns the probabilities of
/// so many sessions from 1 on.
fn steered(from: u64, wanted: u32, delay: u64, sessions: SessionIndex) -> Vec<f64> {
	let mut seen = Vec::new();
	let start = RelayTerms { wanted_proofs: Some(wanted), threshold: 100, ..proven_at(1) };
	on_chain(relaying(start), || {
		let first = Perquintill::from_percent(from);
		Services::<Test>::mutate(0, |known| {
			if let Some(known) = known {
				known.probability = Timeline::always(first);
			}
		});
		let schedule = Schedule { proofs: 3 + 10 * delay as u32, ..SCHEDULE };
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), schedule));
		join(1, 20);
		for session in 1..=sessions {
			run_to(start_of(session) + 1);
			let probability = Rounds::<Test>::get(session, 0).unwrap().probability;
			seen.push(probability.deconstruct() as f64 / 1e18);
			Rounds::<Test>::mutate(session, 0, |round| {
				if let Some(round) = round {
					round.relays.drawn = round.probability.mul_floor(100u64) as u32;
				}
			});
		}
	});
	seen
}

/// With the latest probability in place of the settled session's, steps add up and it swings between
/// half and double for ever. From both sides it settles where a hundred claims make ten proofs.
#[test]
fn steering_settles_whatever_the_delay() {
	for delay in [0, 1, 2] {
		for from in [2, 80] {
			let seen = steered(from, 10, delay, 30);
			let late = &seen[20..];
			assert!(
				late.iter().all(|p| (0.09..=0.11).contains(p)),
				"from {from} % with {delay} more sessions of delay: {seen:?}"
			);
		}
	}
}

/// Section 6.1: claims that nobody pays for move no threshold. Sizes are counted by what was paid.
#[test]
fn unpaid_claims_do_not_move_the_threshold() {
	let adapting = RelayTerms { adapt_threshold: true, suppliers: 20, ..proven_at(100) };
	on_chain(relaying(adapting), || {
		for who in [1, 2, 3] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 50_000));
		}
		// It can pay for one unit of each draw.
		let index = open_application(11, 9_000, 200);
		run_to(start_of(1));
		let served = [serve(1, 1, index, 200)];
		run_to(claims_open(1));
		assert_ok!(claim_served(1, 1, &served));
		run_to(seed_of(1));
		assert_ok!(prove_served(1, 1, &served));
		run_to(due(1) + 1);
		assert_eq!(application(index).paid, 200);
		let told = CapacityOracle::proof_status(0).unwrap();
		assert_eq!(told.claims, [(224, 1)], "200 of 2,000 were paid");
	});
}

#[test]
fn forfeited_claims_and_claims_on_nothing_do_not_move_the_threshold() {
	on_chain(relaying(RelayTerms { suppliers: 20, ..proven_at(100) }), || {
		let index = three_and_one(3_000);
		let spent = open_application(12, 100, 0);
		run_to(start_of(2));
		let free_of_charge = [serve(1, 2, spent, 90)];
		run_to(claims_open(2));
		assert_ok!(claim_served(1, 2, &free_of_charge));
		assert_ok!(claim_served(2, 2, &[made_up(2, 2, index, 90)]));
		run_to(seed_of(2));
		assert_ok!(prove_served(1, 2, &free_of_charge));
		run_to(due(2) + 1);
		assert_eq!(CapacityOracle::report(0).unwrap().relays.claims, 2);
		assert_eq!(CapacityOracle::proof_status(0).unwrap().claims, []);
	});
}

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

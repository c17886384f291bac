//! Claims that are never paid, to move the threshold or the probability. Section 6.1: sizes are counted by
//! what was paid, and proofs that the threshold asks for steer nothing.

use super::*;

const HONEST: AccountId = 11;
const OWN: AccountId = 12;

/// Every application draws every supplier; the threshold follows the claims.
fn adapting() -> Policy<StandardWork> {
	relaying(RelayTerms { suppliers: Ranks::MOST, adapt_threshold: true, ..seldom_proven() })
}

/// Where the threshold is after so many sessions, each with an honest claim of `honest` units, and one
/// of `own` units for each of the attacker's bids; and what these have gained.
fn moved(past: u32, honest: Units, bids: AccountId, own: Units, sessions: u32) -> (Balance, i128) {
	let mut played = None;
	on_chain(adapting(), || {
		let attackers: Vec<_> = (13..13 + bids).filter(|who| *who != OWNER).collect();
		join(1, 80);
		attackers.iter().for_each(|who| join(*who, 20));
		let payer = open_application(HONEST, 90_000, 90_000);
		let sham = open_application(OWN, 100, 0);
		let worth = Balance::from(honest) * PRICE;
		ClaimSizes::<Test>::mutate(0, |sizes| (0..past).for_each(|_| sizes.add(worth)));
		let hand: Vec<_> = attackers.iter().copied().chain([OWN]).collect();
		let before = owned(&hand);
		for session in 1..=sessions {
			run_to(claims_open(session));
			let mut claims = vec![(1, [serve(1, session, payer, honest)])];
			let assigned = attackers.iter().filter(|who| ranks(**who, session, sham).is_some());
			claims.extend(assigned.map(|who| (*who, [serve(*who, session, sham, own)])));
			for (who, served) in &claims {
				assert_ok!(claim_served(*who, session, served));
			}
			run_to(seed_of(session));
			for (who, served) in &claims {
				if duty(*who, session).unwrap().proof_required == Some(true) {
					assert_ok!(prove_served(*who, session, served));
				}
			}
		}
		run_to(due(sessions) + 8);
		let threshold = CapacityOracle::proof_status(0).unwrap().threshold_next;
		played = Some((threshold, owned(&hand) - before));
	});
	played.unwrap()
}

/// Two hundred honest claims of 100 have been made. One bid claims 1,000 each session, twelve times,
/// from an application that may spend nothing.
#[test]
fn a_threshold_is_not_raised_for_nothing() {
	let (alone, _) = moved(200, 10, 0, 0, 12);
	let (raised, gain) = moved(200, 10, 1, 100, 12);
	eprintln!(
		"threshold | raised by 12 claims that are never paid | {alone} | {raised} | cost {gain}"
	);
	assert_eq!((alone, gain), (112, 0));
	assert_eq!(raised, alone);
}

/// Twenty-seven bids claim one unit each, in four sessions, beside one honest claim of 400.
#[test]
fn a_threshold_is_not_lowered_for_nothing() {
	let (alone, _) = moved(0, 40, 0, 0, 4);
	let (lowered, gain) = moved(0, 40, 28, 1, 4);
	eprintln!(
		"threshold | lowered by 108 claims that are never paid | {alone} | {lowered} | cost {gain}"
	);
	assert_eq!((alone, gain), (1_000, 0));
	assert_eq!(lowered, alone);
}

/// Where the probability is after so many sessions. An honest claim of five units in each is below the
/// threshold of ten; the others are at it.
fn steered(bids: AccountId, sessions: u32) -> (Perquintill, i128) {
	let wanting = RelayTerms {
		suppliers: Ranks::MOST,
		threshold: 10 * PRICE,
		wanted_proofs: Some(2),
		..proven_at(10)
	};
	let mut played = None;
	on_chain(relaying(wanting), || {
		let attackers: Vec<_> = (13..13 + bids).collect();
		[1].iter().chain(&attackers).for_each(|who| join(*who, 20));
		let payer = open_application(HONEST, 90_000, 90_000);
		let sham = open_application(OWN, 100, 0);
		let hand: Vec<_> = attackers.iter().copied().chain([OWN]).collect();
		let before = owned(&hand);
		for session in 1..=sessions {
			run_to(claims_open(session));
			let mut claims = vec![(1, [serve(1, session, payer, 5)])];
			let assigned = attackers.iter().filter(|who| ranks(**who, session, sham).is_some());
			claims.extend(assigned.map(|who| (*who, [serve(*who, session, sham, 10)])));
			for (who, served) in &claims {
				assert_ok!(claim_served(*who, session, served));
			}
			run_to(seed_of(session));
			for (who, served) in &claims {
				if duty(*who, session).unwrap().proof_required == Some(true) {
					assert_ok!(prove_served(*who, session, served));
				}
			}
		}
		run_to(due(sessions) + 4);
		let probability = CapacityOracle::proof_status(0).unwrap().probability_next;
		played = Some((probability, owned(&hand) - before));
	});
	played.unwrap()
}

/// Claims at the threshold are proven whatever the probability is.
#[test]
fn a_probability_is_not_lowered_for_nothing() {
	let ((alone, _), (lowered, gain)) = (steered(0, 8), steered(8, 8));
	eprintln!("probability | lowered by 8 claims a session that are never paid | {alone:?} | {lowered:?} | cost {gain}");
	assert_eq!((alone, gain), (Perquintill::one(), 0));
	assert_eq!(lowered, alone);
}

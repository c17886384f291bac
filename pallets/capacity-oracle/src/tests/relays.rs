//! Relays: who may serve whom, what a claim lists, what it risks, and who is paid.

use super::*;

#[test]
fn who_serves_whom_is_known_from_the_seed_and_checked_without_a_record() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(1_000);
		let mut drawn = 0;
		for told in CapacityOracle::assignments(0, 1, index) {
			let seat = CapacityOracle::seat(0, 1, told.supplier).unwrap();
			assert_eq!(seat.slot, told.slot);
			assert!(told.ranks.iter().all(|rank| seat.holds(unit_of(1, index, rank))));
			drawn += told.ranks.count();
		}
		assert_eq!(drawn, 5, "each draw has fallen to somebody");
		assert_eq!(Claims::<Test>::iter().count(), 0);
	});
}

/// 60 units at 10 each: the owner gets a tenth of 600, the pot a twentieth, the supplier the rest.
#[test]
fn a_claim_that_need_not_be_proven_is_paid() {
	on_chain(relaying(seldom_proven()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		let served = [serve(who, 1, index, 60)];
		run_to(claims_open(1));
		let (before, pot) = (free(who), free(CapacityOracle::pot_account()));
		assert_ok!(claim_served(who, 1, &served));
		run_to(seed_of(1));
		assert_eq!(duty(who, 1).unwrap().proof_required, Some(false));
		assert!(duty(who, 1).unwrap().positions.is_empty());
		run_to(due(1));
		assert_eq!(free(who) - before, 510);
		assert_eq!(free(OWNER) - ENDOWMENT, 60);
		assert_eq!(free(CapacityOracle::pot_account()) - pot, 30);
		assert_eq!((application(index).paid, application(index).deposit), (600, 29_400));
		assert!(events().contains(&Event::RelaysPaid {
			session: 1,
			service: 0,
			supplier: who,
			units: 60,
			worth: 600,
			paid: 600,
			earned: 510,
		}));
	});
}

#[test]
fn a_claim_at_the_threshold_is_always_proven_and_then_paid() {
	on_chain(relaying(seldom_proven()), || {
		let index = three_and_one(6_000);
		let who = drawn(1, index)[0];
		let served = [serve(who, 1, index, 100)];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &served));
		run_to(seed_of(1));
		assert_eq!(duty(who, 1).unwrap().proof_required, Some(true));
		let info = prove_served(who, 1, &served).unwrap();
		assert_eq!(info.pays_fee, frame_support::dispatch::Pays::No);
		run_to(due(1));
		assert_eq!(application(index).paid, 1_000);
	});
}

#[test]
fn a_required_proof_that_is_missing_forfeits_the_claim_and_slashes_the_penalty() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 100)]));
		let before = (free(who), application(index).deposit);
		run_to(due(1));
		assert_eq!(bid_of(who).stake, 4_000 - 2_000);
		assert_eq!((free(who), application(index).deposit), before);
		assert!(events().contains(&Event::ClaimForfeited {
			session: 1,
			service: 0,
			supplier: who,
			units: 100,
			worth: 1_000,
			slashed: 2_000,
			settler: None,
		}));
	});
}

#[test]
fn one_claim_serves_many_applications() {
	on_chain(relaying(seldom_proven()), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		let all: Vec<_> = (11..31).map(|who| open_application(who, 5_000, 1_000)).collect();
		run_to(start_of(1));
		let mine: Vec<_> = all.iter().filter(|index| ranks(2, 1, **index).is_some()).collect();
		let served: Vec<_> = mine.iter().map(|index| serve(2, 1, **index, 5)).collect();
		assert!(served.len() > 5, "two in three are drawn");
		run_to(claims_open(1));
		assert_ok!(claim_served(2, 1, &served));
		assert_eq!(Claims::<Test>::iter().count(), 1);
		run_to(seed_of(1));
		if duty(2, 1).unwrap().proof_required == Some(true) {
			assert_ok!(prove_served(2, 1, &served));
		}
		run_to(due(1));
		for index in mine {
			assert_eq!(application(*index).paid, 50);
		}
	});
}

/// The offset of an opening says whose relay it must show.
#[test]
fn relays_of_a_generous_application_cannot_be_charged_to_another() {
	on_chain(relaying(seldom_proven()), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		let all: Vec<_> = (11..31).map(|who| open_application(who, 9_000, 3_000)).collect();
		run_to(start_of(1));
		let mine: Vec<_> = all.iter().filter(|index| ranks(2, 1, **index).is_some()).collect();
		let generous = serve(2, 1, *mine[0], 99);
		let victim = serve(2, 1, *mine[1], 1);
		run_to(claims_open(1));
		let root = relay_trie(&[generous.clone(), victim.clone()]).root();
		let lie = payers([(generous.index, generous.ranks, 1), (victim.index, victim.ranks, 99)]);
		let lie: PayersOf<Test> = lie.collect::<Vec<_>>().try_into().unwrap();
		assert_ok!(claim_list(2, 1, root, lie));
		run_to(seed_of(1));
		assert_noop!(
			prove_served(2, 1, &[generous, victim]),
			Fault::InvalidProof(ProofError::OtherPayer)
		);
	});
}

#[test]
fn a_list_must_name_who_drew_the_supplier() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		let good = serve(who, 1, index, 5);
		run_to(claims_open(1));
		let root = relay_trie(std::slice::from_ref(&good)).root();
		let listed = |index, ranks, units| -> PayersOf<Test> {
			payers([(index, ranks, units)]).collect::<Vec<_>>().try_into().unwrap()
		};
		let claim = |list| claim_list(who, 1, root, list);
		let seat = CapacityOracle::seat(0, 1, who).unwrap();
		let elsewhere = (1..200).find(|index| seat.holds(unit_of(1, *index, 0)));
		assert_noop!(claim(listed(elsewhere.unwrap(), only(0), 5)), Fault::UnknownApplication);
		assert_noop!(claim(listed(index, good.ranks, 0)), Fault::InvalidPayers);
		assert_noop!(claim(listed(index, good.ranks, 4)), Fault::CommitmentOutOfRange);
		assert_noop!(claim(listed(index, good.ranks, 6)), Fault::CommitmentOutOfRange);
		let stranger = claim_list(9, 1, root, listed(index, good.ranks, 5));
		assert_noop!(stranger, Fault::NoOpenClaim);
		assert_ok!(claim(listed(index, good.ranks, 5)));
	});
}

/// Whoever bids from the next session on is in no draw of this one.
#[test]
fn a_newcomer_was_drawn_by_nobody() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		join(4, 20);
		run_to(claims_open(1));
		let list: PayersOf<Test> =
			payers([(index, only(0), 1)]).collect::<Vec<_>>().try_into().unwrap();
		let root = sum_trie::Root { digest: [1; 32], sum: 1, count: 1 };
		assert_noop!(claim_list(4, 1, root, list), Fault::NotAssigned);
	});
}

/// At p = 1/2 a claim risks twice its worth; the minimum stake has 2,000 for that.
#[test]
fn the_claim_too_many_is_refused_and_says_what_is_missing() {
	on_chain(relaying(terms()), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		let index = open_application(11, 30_000, 3_000);
		run_to(claims_open(1));
		let twice = |who: &AccountId| ranks(*who, 2, index).is_some();
		let who = drawn(1, index).into_iter().find(twice).expect("somebody is drawn twice");
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 70)]));
		assert_eq!(bid_of(who).relays_at_risk, 1_400);
		// Keep the first claim open while the next session's is made.
		Lookback::set(6);
		run_to(claims_open(2));
		let more = serve(who, 2, index, 50);
		let told =
			CapacityOracle::claim_terms(0, 2, who, list(std::slice::from_ref(&more))).unwrap();
		assert_eq!((told.worth, told.at_risk, told.free, told.missing), (500, 1_000, 600, 400));
		let missing = Shortfall::from(400u128);
		assert_noop!(claim_served(who, 2, &[more]), Fault::CollateralMissing(missing));
		assert_ok!(claim_served(who, 2, &[serve(who, 2, index, 30)]));
		assert_eq!(bid_of(who).relays_at_risk, 2_000);
		// The audit's part of the stake stays untouched.
		assert_eq!(bid_of(who).free_for_relays(0), 2_000);
	});
}

#[test]
fn a_shortfall_is_rounded_up_to_what_an_error_can_carry() {
	for amount in [0, 1, 65_535, 65_536, 65_537, 1_000_000_007, u128::MAX / 3, u128::MAX] {
		let told = Balance::from(Shortfall::from(amount));
		assert!(told >= amount && told - amount <= amount >> 15, "{amount}: {told}");
	}
	assert_eq!(Balance::from(Shortfall::from(200)), 200);
}

#[test]
fn a_claim_can_be_replaced_and_taken_back_while_its_window_is_open() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 50)]));
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 30)]));
		assert_eq!((bid_of(who).relays_at_risk, bid_of(who).open_claims), (600, 1));
		assert_eq!(application(index).reserved(), 300);
		assert_ok!(CapacityOracle::withdraw_claim(signed(who), 1, 0));
		assert_eq!((bid_of(who).relays_at_risk, bid_of(who).open_claims), (0, 0));
		assert_eq!(application(index).reserved(), 0);
		assert_noop!(CapacityOracle::withdraw_claim(signed(who), 1, 0), Fault::NoOpenClaim);
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 20)]));
		run_to(seed_of(1));
		assert_noop!(claim_served(who, 1, &[serve(who, 1, index, 9)]), Fault::ClaimsClosed);
		assert_noop!(CapacityOracle::withdraw_claim(signed(who), 1, 0), Fault::ClaimsClosed);
	});
}

/// An application that can pay 90 in a session: each of the five that it draws can count on 18.
#[test]
fn an_application_is_never_charged_more_than_it_said() {
	on_chain(relaying(seldom_proven()), || {
		let index = three_and_one(90);
		let told = CapacityOracle::payable(0, 1, index).unwrap();
		assert_eq!((told.total, told.part, told.claimed), (90, 18, 0));
		let suppliers = drawn(1, index);
		let served: Vec<_> = suppliers.iter().map(|who| serve(*who, 1, index, 8)).collect();
		run_to(claims_open(1));
		for (who, part) in suppliers.iter().zip(&served) {
			assert_ok!(claim_served(*who, 1, std::slice::from_ref(part)));
		}
		let claims = suppliers.len() as Balance;
		assert_eq!(CapacityOracle::payable(0, 1, index).unwrap().claimed, 80 * claims);
		run_to(seed_of(1));
		for (who, part) in suppliers.iter().zip(&served) {
			if duty(*who, 1).unwrap().proof_required == Some(true) {
				assert_ok!(prove_served(*who, 1, std::slice::from_ref(part)));
			}
		}
		run_to(due(1));
		assert!(claims > 1, "one supplier alone would not claim too much");
		assert!((88..=90).contains(&application(index).paid), "all of it, but for rounding");
		let short = events().iter().filter(|e| matches!(e, Event::PaidShort { .. })).count();
		assert_eq!(short as Balance, claims);
	});
}

#[test]
fn what_an_earlier_session_may_still_take_is_not_promised_again() {
	on_chain(relaying(terms()), || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		// Enough for one session and a half.
		let index = open_application(11, 150, 100);
		run_to(start_of(2));
		assert_eq!(CapacityOracle::payable(0, 1, index).unwrap().total, 100);
		assert_eq!(CapacityOracle::payable(0, 2, index).unwrap().total, 50);
		// Nothing was claimed for session 1: it is there again.
		run_to(start_of(2) + 4);
		assert_eq!(CapacityOracle::payable(0, 2, index).unwrap().total, 100);
	});
}

#[test]
fn a_void_session_charges_nobody() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 40)]));
		Lookback::set(40);
		run_to(seed_of(1) + 8);
		assert!(Claims::<Test>::iter_prefix(1).next().is_none());
		assert_eq!((application(index).paid, application(index).reserved()), (0, 0));
		assert_eq!((bid_of(who).stake, bid_of(who).at_risk()), (4_000, 0));
	});
}

#[test]
fn whoever_settles_a_forfeited_claim_gets_its_share() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[pad(serve(who, 1, index, 10), 90)]));
		run_to(due(1) - 1);
		run_unsettled_to(due(1));
		let before = free(9);
		assert_ok!(CapacityOracle::settle(signed(9), 1, 0, who));
		assert_eq!(free(9) - before, 200);
		assert_eq!(bid_of(who).stake, 4_000 - 2_000 - 200, "on top of the penalty");
	});
}

#[test]
fn a_claim_that_need_not_be_proven_cannot_be() {
	on_chain(relaying(seldom_proven()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		let served = [serve(who, 1, index, 5)];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &served));
		run_to(seed_of(1));
		let proof = relay_trie(&served).open(&[0, 1]).unwrap();
		assert_noop!(prove(who, 1, codec::Encode::encode(&proof)), Fault::ProofNotRequired);
	});
}

#[test]
fn the_report_counts_relays() {
	on_chain(relaying(seldom_proven()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[serve(who, 1, index, 40)]));
		run_to(due(1) + 1);
		let told = CapacityOracle::report(0).unwrap().relays;
		assert_eq!((told.claims, told.claimed, told.settled, told.paid), (1, 40, 40, 400));
	});
}

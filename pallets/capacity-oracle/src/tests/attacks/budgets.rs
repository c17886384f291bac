//! Applications that would rather not pay, and suppliers that would rather be paid more.

use super::*;

/// A supplier's part is as large as its budget divided by the draws; here everybody is drawn.
fn shared() -> RelayTerms {
	RelayTerms { suppliers: 20, ..terms() }
}

fn three_suppliers() {
	for who in [1, 2, 3] {
		join(who, 20);
	}
}

/// Everybody who must shows what it served.
fn all_prove(session: SessionIndex, served: &[(AccountId, Served)]) {
	for (who, part) in served {
		if duty(*who, session).unwrap().proof_required == Some(true) {
			assert_ok!(prove_served(*who, session, std::slice::from_ref(part)));
		}
	}
}

/// What the three suppliers gain meanwhile.
fn gains(play: impl FnOnce()) -> [i128; 3] {
	let owned = || [1, 2, 3].map(|who| wealth(who) as i128);
	let before = owned();
	play();
	let after = owned();
	[0, 1, 2].map(|who| after[who] - before[who])
}

/// Whatever draw a supplier names, it cannot list the application any more.
fn is_not_served(session: SessionIndex, (who, part): &(AccountId, Served)) {
	let refused: Vec<_> = (0..shared().suppliers)
		.map(|rank| {
			let late = Served { ranks: only(rank), ..part.clone() };
			claim_served(*who, session, &[late]).unwrap_err().error
		})
		.collect();
	let known = [Fault::UnknownApplication, Fault::NotAssigned].map(Into::into);
	assert!(refused.iter().all(|error| known.contains(error)), "{refused:?}");
	assert!(refused.contains(&known[0]), "it would have been drawn");
}

/// Section 6, the application's side: what a supplier was told when it served is paid, though the
/// application has money for one session and a half, closes, and asks for as much as ever meanwhile.
#[test]
fn an_application_that_empties_itself_pays_the_parts_it_promised() {
	on_chain(relaying(shared()), || {
		three_suppliers();
		let index = open_application(11, 6_000, 4_000);
		for session in [1, 2] {
			run_unsettled_to(start_of(session));
			let told = CapacityOracle::payable(0, session, index).unwrap();
			assert_eq!(told.part, [200, 100][session as usize - 1]);
		}
		// All that is not on hold is taken away; what is, cannot be.
		assert_ok!(Balances::transfer_allow_death(signed(11), 50, free(11) - 10));
		assert_ok!(CapacityOracle::close_application(signed(11), 0));
		assert_noop!(CapacityOracle::reclaim_deposit(signed(11), 0), Fault::DepositInUse);
		let mut paid = 0;
		let mut served = Vec::new();
		for (session, units) in [(1, 20), (2, 10)] {
			run_unsettled_to(claims_open(session));
			let claims = [1, 2, 3].map(|who| (who, serve(who, session, index, units)));
			for (who, part) in &claims {
				assert_ok!(claim_served(*who, session, std::slice::from_ref(part)));
			}
			paid += 3 * Balance::from(units) * PRICE;
			served.push((session, claims));
			run_unsettled_to(seed_of(session));
			let (session, claims) = served.last().unwrap();
			all_prove(*session, claims);
		}
		run_to(claims_open(3));
		assert_eq!(application(index).paid, paid, "all of it");
		served
			.iter()
			.for_each(|(_, claims)| claims.iter().for_each(|claim| is_not_served(3, claim)));
		assert_ok!(CapacityOracle::reclaim_deposit(signed(11), 0));
		assert_eq!(free(11), 10 + 6_000 - paid);
	});
}

/// Section 3, rule 3: a limit holds from the next session on, however often it is set, and even where
/// the claims of the session come after that.
#[test]
fn a_lower_limit_does_not_reach_back() {
	on_chain(relaying(shared()), || {
		three_suppliers();
		let index = open_application(11, 50_000, 10_000);
		run_to(start_of(1));
		let served = [1, 2, 3].map(|who| (who, serve(who, 1, index, 50)));
		assert_ok!(CapacityOracle::deposit(signed(11), 0, 0, Some(0)));
		run_to(claims_open(1));
		assert_ok!(CapacityOracle::deposit(signed(11), 0, 0, Some(0)));
		for (who, part) in &served {
			assert_ok!(claim_served(*who, 1, std::slice::from_ref(part)));
		}
		run_to(seed_of(1));
		all_prove(1, &served);
		run_to(due(1));
		assert_eq!(application(index).paid, 3 * 500);
		assert_eq!(CapacityOracle::payable(0, 2, index).unwrap().total, 0);
	});
}

/// Section 6: who claims too much takes nobody's part, whether it is found out or not.
#[test]
fn a_supplier_that_claims_too_much_takes_nobodys_part() {
	for (fakes, probability) in [(80, 999), (3_000, 999), (80, 500)] {
		let probability = Perquintill::from_rational(probability, 1_000u64);
		on_chain(relaying(RelayTerms { probability, ..shared() }), || {
			three_suppliers();
			// Each of twenty draws can count on 100: ten units.
			let index = open_application(11, 20_000, 2_000);
			run_to(start_of(1));
			let (liar, honest) = (1, [2, 3]);
			// A claim above the threshold risks all that it is worth.
			assert_ok!(CapacityOracle::bid(signed(liar), 0, 20, 40_000));
			let claims = honest.map(|who| (who, serve(who, 1, index, 10)));
			run_to(claims_open(1));
			assert_ok!(claim_served(liar, 1, &[made_up(liar, 1, index, fakes)]));
			for (who, part) in &claims {
				assert_ok!(claim_served(*who, 1, std::slice::from_ref(part)));
			}
			run_to(seed_of(1));
			all_prove(1, &claims);
			let [_, earned @ ..] = gains(|| run_to(due(1)));
			assert_eq!(earned, [85, 85], "their parts, less the shares");
			assert!(application(index).paid <= 2_000);
		});
	}
}

/// The same with claims so large that they can hardly be counted, one of them taken back. A price at
/// which they cannot be counted may be refused.
#[test]
fn a_claim_beyond_counting_takes_nobodys_part() {
	for price in [1 << 50, 1 << 70, Balance::MAX] {
		let dear = relaying(RelayTerms { suppliers: 20, price, ..proven_at(100) });
		if dear.check().is_ok() {
			on_chain(dear, one_of_three_is_honest);
		}
	}
}

fn one_of_three_is_honest() {
	three_suppliers();
	let index = open_application(11, 20_000, 2_000);
	run_to(start_of(1));
	let [one, two, honest] = [1, 2, 3];
	let served = [serve(honest, 1, index, 1)];
	run_to(claims_open(1));
	let claim_all = |who| {
		let entry = payers([(index, ranks(who, 1, index).unwrap(), Units::MAX)]);
		let root = sum_trie::Root { digest: [1; 32], sum: Units::MAX, count: 1 };
		claim_list(who, 1, root, entry.collect::<Vec<_>>().try_into().unwrap())
	};
	// Whether they are accepted is not the matter.
	let _ = (claim_all(one), claim_all(two));
	assert_ok!(claim_served(honest, 1, &served));
	let _ = CapacityOracle::withdraw_claim(signed(two), 1, 0);
	run_to(seed_of(1));
	assert_ok!(prove_served(honest, 1, &served));
	let [.., earned] = gains(|| run_to(due(1)));
	assert!(earned >= 85, "its part, less the shares: {earned}");
}

/// Section 6: a claim names the draws that fell to its supplier; another's are of no use.
#[test]
fn an_application_cannot_be_listed_by_whom_it_did_not_draw() {
	on_chain(relaying(RelayTerms { suppliers: 1, ..terms() }), || {
		three_suppliers();
		let index = open_application(11, 3_000, 3_000);
		run_to(start_of(1));
		let drawn = drawn(1, index)[0];
		let served = serve(drawn, 1, index, 10);
		run_to(claims_open(1));
		for other in (1..=3).filter(|who| *who != drawn) {
			for ranks in [Ranks::NONE, only(0), only(1), only(63), Ranks::of(64, |_| true)] {
				let stolen = Served { ranks, ..served.clone() };
				assert_noop!(claim_served(other, 1, &[stolen]), Fault::NotAssigned);
			}
		}
		assert_ok!(claim_served(drawn, 1, &[served]));
	});
}

/// Section 3, rule 4: an application is served until its last session, and in none after it.
#[test]
fn a_closed_application_is_charged_for_its_last_session_only() {
	on_chain(relaying(shared()), || {
		three_suppliers();
		let index = open_application(11, 50_000, 10_000);
		run_to(start_of(1));
		assert_ok!(CapacityOracle::close_application(signed(11), 0));
		let served = [1, 2, 3].map(|who| (who, serve(who, 1, index, 20)));
		run_to(start_of(2));
		assert!(CapacityOracle::assignments(0, 2, index).is_empty());
		assert_eq!(CapacityOracle::payable(0, 2, index), None);
		for (who, part) in &served {
			assert_ok!(claim_served(*who, 1, std::slice::from_ref(part)));
		}
		run_to(seed_of(1));
		all_prove(1, &served);
		run_to(claims_open(2));
		served.iter().for_each(|claim| is_not_served(2, claim));
		assert_eq!(application(index).paid, 3 * 200);
		assert_ok!(CapacityOracle::reclaim_deposit(signed(11), 0));
		assert_eq!(free(11), ENDOWMENT - 600);
	});
}

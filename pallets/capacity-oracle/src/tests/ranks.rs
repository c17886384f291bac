//! A claim's entry names the draws by which its supplier may serve the application (design section 6).

use super::*;

/// Applications draw as often as they can; the supplier has served the application.
fn often() -> Policy<StandardWork> {
	relaying(RelayTerms { suppliers: 20, ..terms() })
}

fn listed(index: ApplicationIndex, ranks: Ranks, units: Units) -> PayersOf<Test> {
	payers([(index, ranks, units)]).collect::<Vec<_>>().try_into().unwrap()
}

fn claim(
	who: AccountId,
	index: ApplicationIndex,
	ranks: Ranks,
	units: Units,
) -> sp_runtime::DispatchResult {
	let root = sum_trie::Root { digest: [1; 32], sum: units, count: 1 };
	claim_list(who, 1, root, listed(index, ranks, units)).bare()
}

/// At the claims of session 1: the supplier, its application and the draws that fell to it.
fn at_the_claims() -> (AccountId, ApplicationIndex, Ranks) {
	let index = three_and_one(2_000);
	run_to(claims_open(1));
	(1, index, ranks(1, 1, index).unwrap())
}

#[test]
fn every_draw_falls_to_exactly_one_supplier() {
	on_chain(often(), || {
		let index = three_and_one(2_000);
		let of = [1, 2, 3].map(|who| ranks(who, 1, index).unwrap());
		assert_eq!(of.iter().map(|ranks| ranks.count()).sum::<u32>(), 20);
		for rank in 0..20 {
			assert_eq!(of.iter().filter(|ranks| ranks.contains(rank)).count(), 1);
		}
	});
}

#[test]
fn a_draw_that_fell_to_another_is_refused() {
	on_chain(often(), || {
		let (who, index, mine) = at_the_claims();
		let other = (0..20).find(|rank| !mine.contains(*rank)).unwrap();
		assert_noop!(claim(who, index, only(other), 5), Fault::NotAssigned);
		// Not even beside those that are its own.
		let both = Ranks::of(20, |rank| mine.contains(rank) || rank == other);
		assert_noop!(claim(who, index, both, 5), Fault::NotAssigned);
	});
}

#[test]
fn an_entry_without_a_draw_is_refused() {
	on_chain(often(), || {
		let (who, index, _) = at_the_claims();
		assert_noop!(claim(who, index, Ranks::NONE, 5), Fault::NotAssigned);
	});
}

/// Draws beyond those that applications have would fall to somebody as well, but there are none.
#[test]
fn a_draw_that_does_not_exist_is_refused() {
	on_chain(often(), || {
		let (who, index, _) = at_the_claims();
		let seat = CapacityOracle::seat(0, 1, who).unwrap();
		let would_be = (20..Ranks::MOST).filter(|rank| seat.holds(unit_of(1, index, *rank)));
		let would_be: Vec<_> = would_be.collect();
		assert!(!would_be.is_empty());
		for rank in would_be {
			assert_noop!(claim(who, index, only(rank), 5), Fault::NotAssigned);
		}
	});
}

/// An application that can pay 2,000 in a session has 100 for each of its twenty draws, and each draw that
/// is named can be counted on.
#[test]
fn a_supplier_can_count_on_the_part_of_each_draw_that_it_names() {
	on_chain(often(), || {
		let (who, index, mine) = at_the_claims();
		assert!(mine.count() > 1);
		let certain = |ranks: Ranks| {
			let told = CapacityOracle::claim_terms(0, 1, who, listed(index, ranks, 100)).unwrap();
			assert_eq!(told.worth, 1_000);
			told.certain
		};
		let one = only(mine.iter().next().unwrap());
		assert_eq!(certain(one), 100);
		assert_eq!(certain(mine), 100 * Balance::from(mine.count()).min(10));
	});
}

/// Whatever is named when the claim is made is what its settlement goes by.
#[test]
fn a_claim_by_one_draw_is_paid_that_part_where_others_claim_theirs() {
	on_chain(often(), || {
		let index = three_and_one(2_000);
		let mine = [1, 2, 3].map(|who| ranks(who, 1, index).unwrap());
		run_to(claims_open(1));
		// The first names one draw only; all claim twice what the application can pay.
		let named = [only(mine[0].iter().next().unwrap()), mine[1], mine[2]];
		for (who, ranks) in (1..).zip(named) {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 9_000));
			assert_ok!(claim(who, index, ranks, 400));
		}
		let budget = *application(index).budget(1).unwrap();
		assert_eq!((budget.total, budget.part, budget.claims), (2_000, 100, 3));
		let within: u32 = named.iter().map(|ranks| ranks.count()).sum();
		assert_eq!(budget.within, 100 * Balance::from(within));
		let paid = named.map(|ranks| budget.payable(4_000, ranks.count()));
		assert!(paid[0] >= 100 && paid[0] < 100 * Balance::from(mine[0].count()));
		assert!(paid.iter().sum::<Balance>() <= 2_000);
		// They are made up.
		run_to(due(1));
		assert_eq!(application(index).paid, 0);
	});
}

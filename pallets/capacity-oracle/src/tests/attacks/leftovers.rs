//! An application that takes back what it has left beyond the parts that it has promised: a limit of the
//! mechanism. A supplier can count on its parts (section 6) and serves more at its own risk.

use super::*;

const APPLICATION: AccountId = 11;
const HONEST: AccountId = 1;
/// A supplier in the application's hand.
const SHAM: AccountId = 2;
/// What the application is served by the honest supplier, all of which its budget could pay.
const SERVED: Units = 200;

/// What of its relays the honest supplier could count on; what it is paid for them, and what they cost the application and the sham
/// supplier together, which claims so many units of its own.
fn paid(sham: Units) -> (Balance, [i128; 2]) {
	let mut paid = (0, [0; 2]);
	on_chain(relaying(RelayTerms { suppliers: 20, ..terms() }), || {
		for (who, units) in [(HONEST, 20), (SHAM, 80), (3, 80)] {
			assert_ok!(CapacityOracle::bid(signed(who), 0, units, 90_000));
		}
		let index = open_application(APPLICATION, 4_000, 4_000);
		run_to(start_of(1));
		let told = CapacityOracle::payable(0, 1, index).unwrap();
		assert_eq!((told.total, told.part, told.claimed), (4_000, 200, 0));
		let hand = [APPLICATION, SHAM];
		let before = [owned(&[HONEST]), owned(&hand)];
		let served = [serve(HONEST, 1, index, SERVED)];
		run_to(claims_open(1));
		let honest = Delivery::new(HONEST, 1, None, &served);
		let list = list(&served);
		let certain = CapacityOracle::claim_terms(0, 1, HONEST, list).unwrap().certain;
		assert_ok!(honest.claim());
		// In the last block of the window.
		run_to(seed_of(1) - 1);
		let mut claims = vec![honest];
		if sham > 0 {
			let own = Delivery::new(SHAM, 1, None, &[serve(SHAM, 1, index, sham)]);
			assert_ok!(own.claim());
			claims.push(own);
		}
		run_to(seed_of(1));
		claims.iter().for_each(|claim| assert!(claim.prove()));
		run_to(due(1));
		paid = (certain, [owned(&[HONEST]) - before[0], owned(&hand) - before[1]]);
	});
	paid
}

/// All of it was signed, is proven, and pays the shares of owner and pot. The honest supplier gets what it
/// could count on, and of what it has served beyond that as much as is left when both ask for it.
#[test]
fn an_application_pays_itself_what_others_have_earned() {
	let ((certain, [whole, honest]), (_, [short, attack])) = (paid(0), paid(4_000));
	eprintln!("gains | honest supplier of 200 units at 10 | {whole} | {short}, {certain} certain");
	assert!(terms().split(certain).supplier as i128 <= short && short < whole);
	let title = "200 relays served beyond what is certain, own supplier claims 4,000";
	assert_pays(&Gains::new(title, vec![honest], vec![attack]));
}

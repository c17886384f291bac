//! Choosing a claim, a key or a seed after the fact.

use super::*;
use sp_core::Pair;

fn session(index: SessionIndex) -> Session {
	Sessions::<Test>::get(index).unwrap()
}

/// Section 3, rules 1 and 2: a claim is made, replaced and withdrawn while its window is open, and its
/// seed is one that nobody could know until after that.
#[test]
fn a_claim_cannot_be_chosen_after_its_seed() {
	for lookback in [0, 3, 5] {
		on_chain(relaying(terms()), || {
			let index = three_and_one(3_000);
			let [early, late, ..] = drawn(1, index)[..] else { panic!("two are drawn") };
			let mine = |who, units| [serve(who, 1, index, units)];
			let (first, last) = (mine(early, 50), mine(late, 50));
			let other = mine(early, 20);
			Lookback::set(lookback);
			run_to(claims_open(1));
			assert_ok!(claim_served(early, 1, &first));
			while System::block_number() < seed_of(1) - 1 {
				assert_eq!(session(1).proof_seed, None);
				next_block();
			}
			assert_ok!(claim_served(late, 1, &last));
			run_to(seed_of(1));
			while Sessions::<Test>::contains_key(1) {
				// A seed that was taken now could be known `lookback` blocks ago.
				let known_since = System::block_number() - lookback;
				assert!(session(1).proof_seed.is_none() || known_since >= seed_of(1));
				assert_noop!(claim_served(early, 1, &other), Fault::ClaimsClosed);
				assert_noop!(claim_served(3, 1, &other), Fault::ClaimsClosed);
				for who in [early, late] {
					let withdrawn = CapacityOracle::withdraw_claim(signed(who), 1, 0);
					assert_noop!(withdrawn, Fault::ClaimsClosed);
				}
				next_block();
			}
			assert_noop!(claim_served(early, 1, &other), Fault::UnknownSession);
			assert!(System::block_number() >= due(1) + lookback);
		});
	}
}

/// The same, where full blocks keep the window open for longer.
#[test]
fn a_claim_cannot_be_chosen_after_its_seed_by_filling_blocks() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let who = drawn(1, index)[0];
		let served = [serve(who, 1, index, 50)];
		run_to(claims_open(1));
		let mut last_claim = 0;
		while session(1).proof_seed.is_none() {
			if claim_served(who, 1, &served).is_ok() {
				last_claim = System::block_number();
			}
			if !System::block_number().is_multiple_of(3) {
				fill_block();
			}
			next_block();
		}
		assert!(last_claim > seed_of(1) && System::block_number() > last_claim);
		assert_noop!(claim_served(who, 1, &served), Fault::ClaimsClosed);
	});
}

/// Section 3, rule 4: a key that is removed later still stands for what it has signed. Its number is
/// not given to another while that matters.
#[test]
fn a_key_removed_later_does_not_break_what_was_signed() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(6_000);
		let [one, two, ..] = drawn(1, index)[..] else { panic!("two are drawn") };
		let served = [one, two].map(|who| [serve(who, 1, index, 100)]);
		assert_ok!(CapacityOracle::remove_key(signed(11), 0, 0));
		assert_ok!(CapacityOracle::add_key(signed(11), 0, [3; 32]));
		run_to(claims_open(1));
		for (who, served) in [one, two].into_iter().zip(&served) {
			assert_ok!(claim_served(who, 1, served));
		}
		assert_ok!(CapacityOracle::add_key(signed(11), 0, [4; 32]));
		run_to(seed_of(1));
		assert_ok!(prove_served(one, 1, &served[0]));
		assert_ok!(CapacityOracle::add_key(signed(11), 0, [5; 32]));
		run_to(due(1) - 1);
		assert_ok!(prove_served(two, 1, &served[1]));
		run_to(due(1));
		assert_eq!(application(index).paid, 2_000);
	});
}

/// Section 3, rule 4: a key signs from the next session on. What it signs before that counts for nothing,
/// even where it is valid by the time of the proof.
#[test]
fn a_key_added_later_does_not_make_what_was_signed_before() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(6_000);
		let who = drawn(1, index)[0];
		let signer = signing_key(99);
		assert_ok!(CapacityOracle::add_key(signed(11), 0, signer.public().0));
		let mut served = serve(who, 1, index, 100);
		for (nonce, leaf) in served.leaves.iter_mut().enumerate() {
			let draft = Draft::new(who, 1, index, nonce as u64);
			*leaf = Draft { key: 1, signer: signer.clone(), ..draft }.leaf();
		}
		run_to(claims_open(1));
		assert_ok!(claim_served(who, 1, &[served.clone()]));
		run_to(seed_of(1));
		let not_signed = Fault::InvalidProof(ProofError::NotSigned);
		assert_noop!(prove_served(who, 1, &[served]), not_signed);
	});
}

/// What a seed decided stays decided, whoever makes the next blocks.
#[test]
fn a_seed_is_taken_once() {
	on_chain(relaying(terms()), || {
		let index = three_and_one(3_000);
		let suppliers = drawn(1, index);
		run_to(claims_open(1));
		for who in &suppliers {
			assert_ok!(claim_served(*who, 1, &[serve(*who, 1, index, 60)]));
		}
		run_to(seed_of(1));
		let decided = || {
			let of = |who: &AccountId| {
				let told = duty(*who, 1).unwrap();
				(told.proof_required, told.positions)
			};
			(session(1).seed, session(1).proof_seed, suppliers.iter().map(of).collect::<Vec<_>>())
		};
		let at_first = decided();
		assert!(at_first.1.is_some());
		while System::block_number() < due(1) - 1 {
			Entropy::mutate(|entropy| *entropy += 1);
			next_block();
			assert_eq!(decided(), at_first);
		}
	});
}

/// What a block author can do where the source is not a VRF: withhold its block, and get another seed.
/// Each seed frees a fabricated claim with probability 1 − p only, and each further one by itself; so a
/// block withheld is worth one redraw, and nobody has more tries than blocks.
#[test]
fn a_block_author_that_withholds_a_block_gets_one_other_draw() {
	on_chain(relaying(RelayTerms { suppliers: 20, ..terms() }), || {
		let index = three_and_one(9_000);
		run_to(claims_open(1));
		for who in [1, 2, 3] {
			assert_ok!(claim_served(who, 1, &[made_up(who, 1, index, 50)]));
		}
		let seeds = 400;
		let free = over_seeds(seeds, || {
			run_to(seed_of(1));
			[1, 2, 3].iter().filter(|who| duty(**who, 1).unwrap().positions.is_empty()).count()
		});
		let share = |freed| free.iter().filter(|free| **free >= freed).count() * 100 / free.len();
		// 7/8, 1/2 and 1/8; standard deviations up to 2.5.
		let (one, two, three) = (share(1), share(2), share(3));
		assert!((80..95).contains(&one) && (42..58).contains(&two), "{one} %, {two} %");
		assert!((7..19).contains(&three), "{three} %: all three with one seed");
	});
}

//! Whatever suppliers and time do, in whatever order: the invariants hold, no money is made or lost,
//! and honesty is never punished.

mod relays;

use super::*;
use proptest::prelude::*;

/// Something that happens. Suppliers are `1..=6`; the first two answer all their audits.
#[derive(Clone, Debug)]
enum Move {
	Bid {
		who: AccountId,
		units: Units,
		more: Balance,
	},
	Leave {
		who: AccountId,
	},
	Withdraw {
		who: AccountId,
	},
	Suspend {
		who: AccountId,
	},
	/// Commits to the duties of a liar, of which this many units were done.
	Commit {
		who: AccountId,
		honest: Units,
	},
	/// Shows them, whatever comes of it.
	Prove {
		who: AccountId,
		honest: Units,
	},
	Settle {
		who: AccountId,
	},
	Policy {
		cost: Balance,
		slashing: Slashing,
		quorum: u64,
	},
	Blocks(u8),
	BusyBlocks(u8),
	Randomness {
		lookback: u64,
	},
	EmptyFund {
		share: u8,
	},
	Fund {
		amount: Balance,
	},
}

const HONEST: [AccountId; 2] = [1, 2];

fn moves() -> impl Strategy<Value = Move> {
	let liar = 3u64..=6;
	prop_oneof![
		3 => (1u64..=6, 5u64..=80, 0u128..9_000)
			.prop_map(|(who, units, more)| Move::Bid { who, units, more }),
		1 => (1u64..=6).prop_map(|who| Move::Leave { who }),
		1 => (1u64..=6).prop_map(|who| Move::Withdraw { who }),
		1 => liar.clone().prop_map(|who| Move::Suspend { who }),
		3 => (liar.clone(), 0u64..80).prop_map(|(who, honest)| Move::Commit { who, honest }),
		3 => (liar.clone(), 0u64..80).prop_map(|(who, honest)| Move::Prove { who, honest }),
		1 => liar.prop_map(|who| Move::Settle { who }),
		1 => (1u128..20, any::<bool>(), 0u64..60).prop_map(|(cost, full, quorum)| Move::Policy {
			cost,
			slashing: if full { Slashing::Full } else { Slashing::Proportional },
			quorum,
		}),
		8 => (1u8..8).prop_map(Move::Blocks),
		1 => (1u8..4).prop_map(Move::BusyBlocks),
		1 => (0u64..7).prop_map(|lookback| Move::Randomness { lookback }),
		1 => (0u8..=100).prop_map(|share| Move::EmptyFund { share }),
		1 => (0u128..90_000).prop_map(|amount| Move::Fund { amount }),
	]
}

fn play(step: &Move) {
	match *step {
		Move::Bid { who, units, more } => {
			let _ = CapacityOracle::bid(signed(who), 0, units, more);
		}
		Move::Leave { who } => {
			let _ = CapacityOracle::leave(signed(who), 0);
		}
		Move::Withdraw { who } => {
			let _ = CapacityOracle::withdraw(signed(who), 0);
		}
		Move::Suspend { who } => {
			let _ = CapacityOracle::suspend(signed(9), 0, who);
		}
		Move::Commit { who, honest } => {
			for told in CapacityOracle::duties(0, who) {
				let root = trie(&told, honest).root();
				let _ = claim(who, told.session, root);
			}
		}
		Move::Prove { who, honest } => {
			for told in CapacityOracle::duties(0, who) {
				if !told.positions.is_empty() {
					let proof = trie(&told, honest).open(&told.positions).unwrap();
					let _ = prove(who, told.session, codec::Encode::encode(&proof));
				}
			}
		}
		Move::Settle { who } => {
			for session in 0..=CurrentSession::<Test>::get() {
				let _ = CapacityOracle::settle(signed(9), session, 0, who);
			}
		}
		Move::Policy { cost, slashing, quorum } => {
			let quorum = Perquintill::from_percent(quorum);
			let changed = Policy { cost, slashing, quorum, ..policy() };
			assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, changed, true));
		}
		Move::Blocks(count) => (0..count).for_each(|_| honest_block()),
		Move::BusyBlocks(count) => {
			for _ in 0..count {
				fill_block();
				honest_block();
			}
		}
		Move::Randomness { lookback } => Lookback::set(lookback),
		Move::EmptyFund { share } => {
			// As if audits had cost it.
			let free = Funds::<Test>::get(0).free;
			leave_in_fund(0, free * Balance::from(100 - share) / 100);
		}
		Move::Fund { amount } => {
			let _ = CapacityOracle::fund(signed(50), 0, amount);
		}
	}
}

/// A block in which the honest answer whatever they are asked.
fn honest_block() {
	next_block();
	for who in HONEST {
		for told in CapacityOracle::duties(0, who) {
			match told.stage {
				Stage::Claiming if told.committed.is_none() => {
					// Where the chain has not come to it yet, in the next block.
					let root = trie(&told, Units::MAX).root();
					let _ = claim(who, told.session, root);
				}
				Stage::Proving if told.committed.is_some() && !told.proven => {
					let proof = trie(&told, Units::MAX).open(&told.positions).unwrap();
					assert_ok!(prove(who, told.session, codec::Encode::encode(&proof)));
				}
				_ => {}
			}
		}
	}
}

fn worth(who: AccountId) -> Balance {
	free(who) + Bids::<Test>::get(0, who).map_or(0, |bid| bid.stake)
}

proptest! {
	#[test]
	fn nothing_is_made_or_lost_and_the_honest_never_lose(
		steps in prop::collection::vec(moves(), 1..60),
	) {
		let half = Policy { audit_rate: Perquintill::from_percent(50), ..policy() };
		chain_with(half).execute_with(|| {
			let issued = Balances::total_issuance();
			let mut rich = HONEST.map(worth);
			for step in &steps {
				play(step);
				check_state();
				assert_eq!(Balances::total_issuance(), issued);
				for (who, before) in HONEST.into_iter().zip(rich.iter_mut()) {
					assert!(worth(who) >= *before, "{who} was honest and lost in {step:?}");
					*before = worth(who);
				}
			}
			// Everybody can leave with what is theirs, whatever went on.
			Lookback::set(0);
			for who in 1..=6 {
				let _ = CapacityOracle::leave(signed(who), 0);
			}
			(0..60).for_each(|_| honest_block());
			for who in 1..=6 {
				let _ = CapacityOracle::withdraw(signed(who), 0);
				assert!(Bids::<Test>::get(0, who).is_none(), "{who} cannot leave");
			}
			check_state();
			assert_eq!(Balances::total_issuance(), issued);
			assert_eq!(Funds::<Test>::get(0).set_aside, 0);
		});
	}
}

//! The same with applications. Suppliers `1..=6`, of which the first two are honest: they claim what they
//! were asked to do and what they served, and prove it when they must. Applications `11..=13` come, ask,
//! and go.

mod world;

use super::super::*;
use proptest::prelude::*;
use world::{Habit, World};

pub(super) const HONEST: [AccountId; 2] = [1, 2];
pub(super) const SUPPLIERS: std::ops::RangeInclusive<AccountId> = 1..=6;
pub(super) const APPLICATIONS: std::ops::RangeInclusive<AccountId> = 11..=13;
/// A method that weighs nine units.
pub(super) const HEAVY: MethodId = [9; 4];

/// Something that happens.
#[derive(Clone, Debug)]
enum Move {
	Bid {
		who: AccountId,
		units: Units,
		more: Balance,
	},
	Leave(AccountId),
	Withdraw(AccountId),
	Suspend(AccountId),
	Deposit {
		who: AccountId,
		amount: Balance,
		limit: Option<Balance>,
	},
	AddKey {
		who: AccountId,
		key: u8,
	},
	RemoveKey {
		who: AccountId,
		number: u8,
	},
	Close(AccountId),
	Reclaim(AccountId),
	/// An application sends requests to every supplier that it has drawn.
	Ask {
		who: AccountId,
		requests: u8,
		method: MethodId,
	},
	/// A liar changes its habit.
	Lie {
		who: AccountId,
		habit: Habit,
	},
	/// A liar claims so many units of every application, without as much as a trie.
	Fabricate {
		who: AccountId,
		units: Units,
	},
	TakeBack(AccountId),
	/// An honest supplier makes the claim again that it has made.
	ClaimAgain(AccountId),
	Settle(AccountId),
	Policy(Box<Policy<StandardWork>>),
	Owner(Option<AccountId>),
	Blocks(u8),
	BusyBlocks(u8),
	/// Blocks without room for settlement.
	TightBlocks(u8),
	Randomness(u64),
	EmptyFund(u8),
	Fund(Balance),
}

fn policies() -> impl Strategy<Value = Policy<StandardWork>> {
	let terms = (
		(1u8..6, 1u128..40, 1u32..3, 0u64..30, 0u64..20),
		(50u128..2_000, any::<bool>(), 20u64..=100, prop::option::of(0u32..6)),
		(any::<bool>(), any::<bool>(), any::<bool>()),
	);
	let terms = terms.prop_map(|(paid, proven, (flat, quantile, credit_relays))| {
		let (suppliers, price, usual, owner, pot) = paid;
		let (threshold, adapt_threshold, percent, wanted_proofs) = proven;
		let mut prices = PriceList::flat(usual);
		prices.methods[3] = MethodPrice { method: HEAVY, units: 9 };
		RelayTerms {
			suppliers,
			// What the guard of credited relays asks for.
			price: if credit_relays { price * 100 } else { price },
			minimum_deposit: price * 100,
			prices,
			owner_share: Perquintill::from_percent(owner),
			pot_share: Perquintill::from_percent(pot),
			threshold,
			adapt_threshold,
			wanted_proofs,
			penalty: if flat { PenaltyBasis::Threshold } else { PenaltyBasis::Worth },
			confidence: match quantile {
				true => Confidence::Quantile(Perquintill::from_percent(90)),
				false => Confidence::Mean,
			},
			credit_relays,
			..proven_at(percent)
		}
	});
	let audits = (1u128..20, any::<bool>(), 0u64..60, 0u64..=100);
	(prop::option::weighted(0.9, terms), audits).prop_map(|(relays, audits)| {
		let (cost, full, quorum, rate) = audits;
		let mut made = Policy {
			cost,
			slashing: if full { Slashing::Full } else { Slashing::Proportional },
			quorum: Perquintill::from_percent(quorum),
			audit_rate: Perquintill::from_percent(rate),
			relays,
			..policy()
		};
		if let (Err(PolicyError::CreditTooCheap), Some(terms)) = (made.check(), &mut made.relays) {
			terms.credit_relays = false;
		}
		made
	})
}

fn moves() -> impl Strategy<Value = Move> {
	let (anyone, liar, application) = (SUPPLIERS, 3u64..=6, APPLICATIONS);
	let amount = || 0u128..6_000;
	let methods = prop::sample::select(vec![[0; 4], HEAVY]);
	prop_oneof![
		3 => (anyone.clone(), 5u64..=80, 0u128..12_000)
			.prop_map(|(who, units, more)| Move::Bid { who, units, more }),
		1 => anyone.clone().prop_map(Move::Leave),
		1 => anyone.clone().prop_map(Move::Withdraw),
		1 => anyone.prop_map(Move::Suspend),
		2 => (application.clone(), amount(), prop::option::of(amount()))
			.prop_map(|(who, amount, limit)| Move::Deposit { who, amount, limit }),
		1 => (application.clone(), 0u8..6).prop_map(|(who, key)| Move::AddKey { who, key }),
		1 => (application.clone(), 0u8..3)
			.prop_map(|(who, number)| Move::RemoveKey { who, number }),
		1 => application.clone().prop_map(Move::Close),
		1 => application.clone().prop_map(Move::Reclaim),
		8 => (application, 1u8..4, methods)
			.prop_map(|(who, requests, method)| Move::Ask { who, requests, method }),
		3 => (liar.clone(), 0u64..60, 0u64..80, any::<bool>()).prop_map(
			|(who, fakes, honest, shows)| Move::Lie { who, habit: Habit { fakes, honest, shows } },
		),
		1 => (liar.clone(), 1u64..1_000_000)
			.prop_map(|(who, units)| Move::Fabricate { who, units }),
		1 => liar.clone().prop_map(Move::TakeBack),
		1 => (1u64..=2).prop_map(Move::ClaimAgain),
		1 => SUPPLIERS.prop_map(Move::Settle),
		2 => policies().prop_map(|policy| Move::Policy(Box::new(policy))),
		1 => prop::sample::select(vec![None, Some(OWNER), Some(1), Some(77)])
			.prop_map(Move::Owner),
		10 => (1u8..8).prop_map(Move::Blocks),
		1 => (1u8..4).prop_map(Move::BusyBlocks),
		1 => (1u8..8).prop_map(Move::TightBlocks),
		1 => (0u64..7).prop_map(Move::Randomness),
		1 => (0u8..=100).prop_map(Move::EmptyFund),
		1 => (0u128..90_000).prop_map(Move::Fund),
	]
}

fn play(world: &mut World, step: &Move) {
	match step.clone() {
		Move::Bid { who, units, more } => {
			let _ = CapacityOracle::bid(signed(who), 0, units, more);
		}
		Move::Leave(who) => {
			let _ = CapacityOracle::leave(signed(who), 0);
		}
		Move::Withdraw(who) => {
			let _ = CapacityOracle::withdraw(signed(who), 0);
		}
		Move::Suspend(who) => {
			let _ = CapacityOracle::suspend(signed(9), 0, who);
		}
		Move::Deposit { who, amount, limit } => {
			let _ = CapacityOracle::deposit(signed(who), 0, amount, limit);
		}
		Move::AddKey { who, key } => {
			let _ = CapacityOracle::add_key(signed(who), 0, world::public(key));
		}
		Move::RemoveKey { who, number } => {
			let _ = CapacityOracle::remove_key(signed(who), 0, number);
		}
		Move::Close(who) => {
			let _ = CapacityOracle::close_application(signed(who), 0);
		}
		Move::Reclaim(who) => {
			let _ = CapacityOracle::reclaim_deposit(signed(who), 0);
		}
		Move::Ask { who, requests, method } => world.ask(who, requests, method),
		Move::Lie { who, habit } => world.change_habit(who, habit),
		Move::Fabricate { who, units } => world.fabricate(who, units),
		Move::TakeBack(who) => {
			let last = CurrentSession::<Test>::get() - 1;
			let _ = CapacityOracle::withdraw_claim(signed(who), last, 0);
		}
		Move::ClaimAgain(who) => world.claim_honestly(who),
		Move::Settle(who) => {
			for session in 0..=CurrentSession::<Test>::get() {
				let _ = CapacityOracle::settle(signed(9), session, 0, who);
				world.observe();
			}
		}
		Move::Policy(policy) => {
			assert_ok!(CapacityOracle::set_policy(RuntimeOrigin::root(), 0, *policy, true));
		}
		Move::Owner(owner) => {
			assert_ok!(CapacityOracle::set_owner(RuntimeOrigin::root(), 0, owner));
		}
		Move::Blocks(count) => (0..count).for_each(|_| world.block(next_block)),
		Move::BusyBlocks(count) => {
			for _ in 0..count {
				fill_block();
				world.block(next_block);
			}
		}
		Move::TightBlocks(count) => {
			(0..count).for_each(|_| world.block(|| run_unsettled_to(System::block_number() + 1)))
		}
		Move::Randomness(lookback) => Lookback::set(lookback),
		Move::EmptyFund(share) => {
			let free = Funds::<Test>::get(0).free;
			leave_in_fund(0, free * Balance::from(100 - share) / 100);
		}
		Move::Fund(amount) => {
			let _ = CapacityOracle::fund(signed(50), 0, amount);
		}
	}
	world.observe();
}

/// Everybody goes, and takes along what is theirs.
fn everybody_leaves(world: &mut World) {
	Lookback::set(0);
	for who in SUPPLIERS {
		let _ = CapacityOracle::leave(signed(who), 0);
	}
	for who in APPLICATIONS {
		let _ = CapacityOracle::close_application(signed(who), 0);
	}
	(0..60).for_each(|_| world.block(next_block));
	for who in SUPPLIERS {
		let _ = CapacityOracle::withdraw(signed(who), 0);
		assert!(Bids::<Test>::get(0, who).is_none(), "{who} cannot leave");
	}
	for who in APPLICATIONS {
		let _ = CapacityOracle::reclaim_deposit(signed(who), 0);
		assert_eq!(CapacityOracle::application_index(0, who), None, "{who} cannot leave");
		assert_eq!(free(who) + world.paid_by(who), ENDOWMENT);
	}
	assert_eq!(Claims::<Test>::iter().count() + Payers::<Test>::iter().count(), 0);
	assert_eq!(Applications::<Test>::iter().count(), 0, "nor a budget of any");
	assert_eq!(Funds::<Test>::get(0).set_aside, 0);
	assert!(SUPPLIERS.chain(APPLICATIONS).all(|who| free(who) == wealth(who)));
	world.is_settled();
	check_state();
}

/// `PROPTEST_CASES` says otherwise.
fn cases() -> ProptestConfig {
	let mut config = ProptestConfig::default();
	if std::env::var_os("PROPTEST_CASES").is_none() {
		config.cases = 64;
	}
	config
}

proptest! {
	#![proptest_config(cases())]
	#[test]
	fn with_applications_nothing_is_made_or_lost_and_the_honest_are_paid(
		steps in prop::collection::vec(moves(), 1..80), first in policies(),
	) {
		chain_with(Policy { relays: first.relays.or(Some(terms())), ..first }).execute_with(|| {
			let issued = Balances::total_issuance();
			for who in SUPPLIERS {
				let _ = CapacityOracle::bid(signed(who), 0, 20, 30_000);
			}
			for (who, key) in APPLICATIONS.zip(0..) {
				assert_ok!(CapacityOracle::deposit(signed(who), 0, 20_000, Some(2_000)));
				assert_ok!(CapacityOracle::add_key(signed(who), 0, world::public(key)));
			}
			let mut world = World::default();
			run_to(start_of(1));
			world.observe();
			for step in &steps {
				play(&mut world, step);
				check_state();
				assert_eq!(Balances::total_issuance(), issued);
			}
			everybody_leaves(&mut world);
			assert_eq!(Balances::total_issuance(), issued);
		});
	}
}

//! The list of slots and the tree of units over it, against a plain list of (supplier, units) for each
//! session (design section 6).

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Everybody can bid anything: neither stake nor money is in the way.
fn free_bids() -> Policy<StandardWork> {
	let policy = Policy { stake_factor: FixedU128::from_u32(0), maximum_bid: 1_000, ..policy() };
	Policy { audit_rate: Perquintill::zero(), relays: Some(drawn_often()), ..policy }
}

/// An application draws so often that its assignments say much.
fn drawn_often() -> RelayTerms {
	RelayTerms { suppliers: Ranks::MOST, threshold: 1, ..proven_at(100) }
}

fn bid(who: AccountId, units: Units) {
	let stake = match Bids::<Test>::get(0, who) {
		Some(_) => 0,
		None => CapacityOracle::minimum_stake(0, units).unwrap(),
	};
	assert_ok!(CapacityOracle::bid(signed(who), 0, units, stake));
}

fn leave(who: AccountId) {
	assert_ok!(CapacityOracle::leave(signed(who), 0));
}

/// The bids in the order of their slots.
type List = Vec<(AccountId, Units)>;

/// What the chain's list does, without slots or sums: whoever leaves is replaced by the last.
#[derive(Default)]
struct Model {
	/// The lists of the sessions so far, and of the next.
	sessions: BTreeMap<SessionIndex, List>,
}

impl Model {
	fn next(&mut self) -> &mut List {
		let next = CurrentSession::<Test>::get() + 1;
		let latest = self.sessions.range(..=next).next_back().map(|(_, list)| list.clone());
		self.sessions.entry(next).or_insert_with(|| latest.unwrap_or_default())
	}

	fn bid(&mut self, who: AccountId, units: Units) {
		let list = self.next();
		match list.iter_mut().find(|(known, _)| *known == who) {
			Some(entry) => entry.1 = units,
			None => list.push((who, units)),
		}
	}

	fn leave(&mut self, who: AccountId) {
		let list = self.next();
		let slot = list.iter().position(|(known, _)| *known == who).unwrap();
		list.swap_remove(slot);
	}

	fn bids(&self, who: AccountId) -> bool {
		let latest = self.sessions.values().next_back();
		latest.is_some_and(|list| list.iter().any(|(known, _)| *known == who))
	}

	fn at(&self, session: SessionIndex) -> List {
		let latest = self.sessions.range(..=session).next_back();
		latest.map(|(_, list)| list.clone()).unwrap_or_default()
	}

	/// The chain says the same of the last, the running and the next session.
	fn holds(&self) {
		let current = CurrentSession::<Test>::get();
		for session in current.saturating_sub(1)..=current + 1 {
			let list = self.at(session);
			let mut start = 0;
			for (slot, (who, units)) in list.iter().enumerate() {
				let slot = slot as Slot;
				let expected = SeatStatus { slot, start, units: *units };
				assert_eq!(CapacityOracle::seat(0, session, *who), Some(expected));
				for unit in [start, start + units / 2, start + units - 1] {
					assert_eq!(CapacityOracle::slot_of_unit(0, session, unit), slot);
				}
				start += units;
			}
			let members = *Services::<Test>::get(0).unwrap().members.at(session);
			assert_eq!(members, Members { slots: list.len() as u32, units: start });
			for who in 1..=12 {
				let seated = CapacityOracle::seat(0, session, who).is_some();
				assert_eq!(seated, list.iter().any(|(known, _)| *known == who));
			}
		}
		self.assigns(current);
	}

	/// The draws of an application fall to whom a walk along the list finds.
	fn assigns(&self, session: SessionIndex) {
		if CapacityOracle::relay_session(0, session).is_none() {
			return;
		}
		let mut told: Vec<_> = CapacityOracle::assignments(0, session, 0)
			.iter()
			.flat_map(|told| told.ranks.iter().map(|rank| (rank, told.supplier)))
			.collect();
		told.sort();
		let walked: Vec<_> = (0..Ranks::MOST)
			.map(|rank| (rank, owner(&self.at(session), unit_of(session, 0, rank))))
			.collect();
		assert_eq!(told, walked);
	}
}

/// Whose unit it is.
fn owner(list: &[(AccountId, Units)], unit: Units) -> AccountId {
	let mut end = 0;
	let holds = |(_, units): &&(AccountId, Units)| {
		end += units;
		unit < end
	};
	list.iter().find(holds).unwrap().0
}

#[derive(Clone, Debug)]
enum Move {
	Bid(AccountId, Units),
	Leave(AccountId),
	Blocks(u8),
}

fn moves() -> impl Strategy<Value = Move> {
	prop_oneof![
		4 => (1u64..=12, 5u64..=1_000).prop_map(|(who, units)| Move::Bid(who, units)),
		2 => (1u64..=12).prop_map(Move::Leave),
		3 => (1u8..15).prop_map(Move::Blocks),
	]
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
	#[test]
	fn ranges_and_assignments_are_those_of_a_plain_list(
		steps in prop::collection::vec(moves(), 1..60),
	) {
		on_chain(free_bids(), || {
			open_application(31, 1_000, 100);
			let mut model = Model::default();
			for step in &steps {
				match *step {
					Move::Bid(who, units) => {
						bid(who, units);
						model.bid(who, units);
					}
					Move::Leave(who) if model.bids(who) => {
						leave(who);
						model.leave(who);
					}
					Move::Leave(_) => {}
					Move::Blocks(count) => run_to(System::block_number() + u64::from(count)),
				}
				model.holds();
			}
		});
	}
}

/// To whom the draws of an application fall if these bid, in this order, with the same seeds. The pieces
/// of the second are accounts from 20 on.
fn draws(bids: &[(AccountId, Units)]) -> Vec<AccountId> {
	let mut found = Vec::new();
	on_chain(free_bids(), || {
		bids.iter().for_each(|(who, units)| bid(*who, *units));
		open_application(31, 1_000, 100);
		run_to(start_of(1));
		let list = bids.to_vec();
		Model { sessions: [(1, list.clone())].into() }.holds();
		found = (0..Ranks::MOST).map(|rank| owner(&list, unit_of(1, 0, rank))).collect();
	});
	found
}

/// Section 11: splitting a bid gains no assignments. A draw falls to the same unit, whoever stands where.
#[test]
fn a_bid_in_pieces_is_assigned_what_the_whole_is() {
	let whole = draws(&[(1, 30), (2, 60), (3, 30)]);
	let pieces = draws(&[(1, 30), (20, 25), (21, 5), (22, 30), (3, 30)]);
	let owners: Vec<_> = pieces.iter().map(|who| if *who >= 20 { 2 } else { *who }).collect();
	assert_eq!(owners, whole);
	let of_second = whole.iter().filter(|who| **who == 2).count();
	assert!((20..45).contains(&of_second), "about half of 64: {of_second}");
}

/// Draws follow capacity: who bids half of it all is drawn half of the times. Of 200 seeds with 64 draws the
/// mean is 6,400, its standard deviation 57.
#[test]
fn relays_come_in_proportion_to_what_is_bid() {
	let (mut large, all) = (0, 200 * u32::from(Ranks::MOST));
	on_chain(free_bids(), || {
		[(1, 10), (2, 40), (3, 30)].into_iter().for_each(|(who, units)| bid(who, units));
		open_application(31, 1_000, 100);
		let drawn = over_seeds(200, || {
			run_to(start_of(1));
			ranks(2, 1, 0).map_or(0, Ranks::count)
		});
		large = drawn.into_iter().sum();
	});
	assert!(large.abs_diff(all / 2) < 250, "{large} of {all}");
}

#[test]
fn sessions_that_are_over_have_no_seats() {
	on_chain(free_bids(), || {
		bid(1, 20);
		run_to(start_of(3));
		assert_eq!(CapacityOracle::seat(0, 1, 1), None);
		assert!([2, 3, 4].iter().all(|session| CapacityOracle::seat(0, *session, 1).is_some()));
		assert_eq!(CapacityOracle::seat(0, 5, 1), None);
	});
}

/// Where its settlement is late, a session is known for longer than who stood where in it.
#[test]
fn sessions_that_wait_for_their_settlement_have_no_assignments() {
	on_chain(free_bids(), || {
		bid(1, 20);
		open_application(31, 1_000, 100);
		run_to(start_of(1));
		leave(1);
		bid(2, 20);
		run_unsettled_to(start_of(2));
		assert_eq!(drawn(1, 0), [1]);
		assert_eq!(drawn(2, 0), [2]);
		bid(3, 20);
		run_unsettled_to(start_of(3));
		leave(2);
		run_unsettled_to(start_of(4));
		assert!(CapacityOracle::relay_session(0, 1).is_some());
		assert!(drawn(1, 0).is_empty() && drawn(2, 0).is_empty());
		assert!(!drawn(3, 0).is_empty());
	});
}

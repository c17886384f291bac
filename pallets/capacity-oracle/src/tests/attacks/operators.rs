//! Somebody with one machine and as many bids as it likes, and what one of them commits to.

use super::*;
use frame_support::{
	dispatch::DispatchResultWithPostInfo,
	traits::{
		fungible::Mutate,
		tokens::{Fortitude, Precision, Preservation},
	},
};
use std::collections::BTreeMap;
use sum_trie::{Blake2b256, Trie};

/// As [`on_chain`], where everybody has `money` more, and so has the service for its audits.
pub fn on_rich_chain(policy: Policy<StandardWork>, money: Balance, test: impl FnOnce()) {
	let endow = || {
		for who in 1..=ACCOUNTS {
			assert_ok!(Balances::mint_into(&who, money));
		}
		assert_ok!(CapacityOracle::fund(signed(ACCOUNTS), 0, money));
	};
	on_prepared_chain(policy, endow, test);
}

/// As [`on_chain`], where the service has no more than `money` for its audits.
pub fn on_poor_chain(policy: Policy<StandardWork>, money: Balance, test: impl FnOnce()) {
	let impoverish = || {
		let (pot, excess) = (CapacityOracle::pot_account(), POT - money);
		let (whole, polite) = (Precision::Exact, Fortitude::Polite);
		assert_ok!(Balances::burn_from(&pot, excess, Preservation::Preserve, whole, polite));
		Funds::<Test>::mutate(0, |fund| fund.free -= excess);
	};
	on_prepared_chain(policy, impoverish, test);
}

fn on_prepared_chain(policy: Policy<StandardWork>, prepare: impl FnOnce(), test: impl FnOnce()) {
	chain_with(policy).execute_with(|| {
		prepare();
		let issued = Balances::total_issuance();
		test();
		check_state();
		assert_eq!(Balances::total_issuance(), issued, "money was made or lost");
	});
}

/// All that these accounts own.
pub fn owned(hand: &[AccountId]) -> i128 {
	hand.iter().map(|who| wealth(*who) as i128).sum()
}

/// What one supplier commits to in a session: an answer to its audit, and relays.
pub struct Delivery {
	who: AccountId,
	session: SessionIndex,
	trie: Trie<Blake2b256>,
	list: PayersOf<Test>,
}

impl Delivery {
	/// The audit is answered with `done` units of work, and made up ones for the rest of it; or not at
	/// all.
	pub fn new(
		who: AccountId,
		session: SessionIndex,
		done: Option<Units>,
		served: &[Served],
	) -> Self {
		let mut all = done.map_or(Vec::new(), |done| leaves(&duty(who, session).unwrap(), done));
		all.extend(served.iter().flat_map(|part| part.leaves.clone()));
		Self { who, session, trie: Trie::build(all).unwrap(), list: list(served) }
	}

	pub fn claim(&self) -> DispatchResultWithPostInfo {
		claim_list(self.who, self.session, self.trie.root(), self.list.clone())
	}

	/// Whether it is not settled.
	pub fn is_open(&self) -> bool {
		Claims::<Test>::contains_key(self.session, (0, self.who))
	}

	/// Opens what must be opened, if anything. Whether nothing was refused.
	pub fn prove(&self) -> bool {
		let told = duty(self.who, self.session).filter(|told| !told.positions.is_empty());
		told.is_none_or(|told| {
			let opened = self.trie.open(&told.positions).unwrap();
			prove(self.who, self.session, codec::Encode::encode(&opened)).is_ok()
		})
	}
}

/// Somebody who answers as many of its audits as its machine can do, the dearest first.
pub struct Operator {
	bids: Vec<(ServiceId, AccountId)>,
	/// Compute units that its machine does in a session.
	machine: Units,
	done: BTreeMap<SessionIndex, Units>,
	before: i128,
}

impl Operator {
	/// With bids for the first service.
	pub fn new(bids: impl IntoIterator<Item = AccountId>, machine: Units) -> Self {
		Self::with_bids(bids.into_iter().map(|who| (0, who)), machine)
	}

	pub fn with_bids(
		bids: impl IntoIterator<Item = (ServiceId, AccountId)>,
		machine: Units,
	) -> Self {
		let bids: Vec<_> = bids.into_iter().collect();
		let mut operator = Self { bids, machine, done: BTreeMap::new(), before: 0 };
		operator.before = owned(&operator.accounts());
		operator
	}

	/// Bids `units` with each identity, with the least stake.
	pub fn joins(self, units: Units) -> Self {
		for (service, who) in &self.bids {
			let stake = CapacityOracle::minimum_stake(*service, units).unwrap();
			assert_ok!(CapacityOracle::bid(signed(*who), *service, units, stake));
		}
		self
	}

	pub fn accounts(&self) -> Vec<AccountId> {
		let mut accounts: Vec<_> = self.bids.iter().map(|(_, who)| *who).collect();
		accounts.sort();
		accounts.dedup();
		accounts
	}

	/// Does whatever can be done in this block.
	pub fn act(&mut self) {
		let mut duties = Vec::new();
		for (service, who) in &self.bids {
			if Bids::<Test>::get(service, who).is_some_and(|bid| bid.open_claims > 0) {
				let told = CapacityOracle::duties(*service, *who);
				duties.extend(told.into_iter().map(|duty| (*service, *who, duty)));
			}
		}
		let lost = |duty: &Duty<StandardWork>| {
			duty.audit.as_ref().map_or(0, |audit| audit.payment + audit.at_risk)
		};
		duties.sort_by_key(|(.., duty)| core::cmp::Reverse(lost(duty)));
		for (service, who, duty) in duties {
			match duty.stage {
				Stage::Claiming if duty.committed.is_none() => self.commit(service, who, &duty),
				Stage::Proving if !duty.positions.is_empty() => {
					let opened = trie(&duty, Units::MAX).open(&duty.positions).unwrap();
					let proof = codec::Encode::encode(&opened).try_into().unwrap();
					assert_ok!(CapacityOracle::prove(signed(who), duty.session, service, proof));
				}
				_ => {}
			}
		}
	}

	fn commit(&mut self, service: ServiceId, who: AccountId, duty: &Duty<StandardWork>) {
		// One that the chain has not come to yet cannot be answered.
		let drawn = Claims::<Test>::contains_key(duty.session, (service, who));
		let Some(audit) = duty.audit.as_ref().filter(|_| drawn) else { return };
		let done = self.done.entry(duty.session).or_default();
		if *done + audit.task.units > self.machine {
			return;
		}
		*done += audit.task.units;
		let root = trie(duty, Units::MAX).root();
		let none = Default::default();
		assert_ok!(CapacityOracle::claim(signed(who), duty.session, service, root, none));
	}

	/// What it has been paid, less what it has lost and what the work has cost it.
	pub fn gain(&self) -> i128 {
		owned(&self.accounts()) - self.before - self.cost()
	}

	/// What the work has cost it.
	pub fn cost(&self) -> i128 {
		(self.done.values().sum::<Units>() as u128 * policy().cost) as i128
	}

	/// Leaves the draws with all of its bids.
	pub fn leaves(&self) {
		for (service, who) in &self.bids {
			// A bid can have left, or been suspended.
			let _ = CapacityOracle::leave(signed(*who), *service);
		}
	}
}

/// Plays until `block`; all of them act in each block.
pub fn play_to(block: u64, operators: &mut [&mut Operator]) {
	while System::block_number() < block {
		next_block();
		operators.iter_mut().for_each(|operator| operator.act());
	}
}

/// What an operator gains from session 1 alone, with each of so many seeds. Its bids have joined.
pub fn over_audits(seeds: u64, operator: impl Fn() -> Operator) -> Vec<i128> {
	run_to(start_of(1) - 1);
	over_seeds(seeds, || {
		let mut operator = operator();
		play_to(start_of(1), &mut [&mut operator]);
		operator.leaves();
		play_to(due(1) + 8, &mut [&mut operator]);
		operator.gain()
	})
}

//! What is always true (design section 10).

#![cfg(any(test, feature = "try-runtime"))]

use crate::{pallet::*, types::*};
use alloc::{collections::BTreeMap, vec::Vec};
use capacity_protocol::{list_units, shares, ApplicationIndex, Balance, ServiceId, SessionIndex};
use frame_support::{
	ensure,
	traits::{
		fungible::{Inspect, InspectHold},
		Get,
	},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant over the whole state.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_stake()?;
		Self::check_slots()?;
		Self::check_claims()?;
		Self::check_applications()?;
		Self::check_pot()?;
		Self::check_sessions()
	}

	/// For every supplier: stake on hold is its bids' stake, and the collateral of its relay claims and
	/// the stake of one audit are together not more.
	fn check_stake() -> Result<(), TryRuntimeError> {
		let mut stakes = BTreeMap::<T::AccountId, Balance>::new();
		for (_, supplier, bid) in Bids::<T>::iter() {
			ensure!(bid.at_risk() <= bid.stake, "more at risk than there is stake");
			let stake = stakes.entry(supplier).or_default();
			*stake = stake.saturating_add(bid.stake);
		}
		for (supplier, stake) in stakes {
			let held = T::Currency::balance_on_hold(&HoldReason::Stake.into(), &supplier);
			ensure!(held == stake, "stake on hold differs from the bids' stake");
		}
		Ok(())
	}

	/// Slots are dense, a bid knows its slot, and the list's size and sum are right; now and in the
	/// next session.
	fn check_slots() -> Result<(), TryRuntimeError> {
		let current = CurrentSession::<T>::get();
		ensure!(
			Services::<T>::iter_keys().count() as u32 == ServiceCount::<T>::get(),
			"services are numbered without gaps"
		);
		for (service, known) in Services::<T>::iter() {
			for session in [current, current.saturating_add(1)] {
				Self::check_list(service, session, known.members.at(session))?;
			}
		}
		Ok(())
	}

	fn check_list(
		service: ServiceId,
		session: SessionIndex,
		members: &Members,
	) -> Result<(), TryRuntimeError> {
		let (mut seats, mut units) = (0u32, 0u64);
		for (supplier, bid) in Bids::<T>::iter_prefix(service) {
			if let Some(seat) = bid.seat.at(session) {
				seats = seats.saturating_add(1);
				units = units.saturating_add(seat.units);
				ensure!(seat.slot < members.slots, "a bid's slot is outside the list");
				let occupant = Slots::<T>::get(service, seat.slot);
				let occupant = occupant.and_then(|slot| slot.at(session).clone());
				ensure!(occupant == Some(supplier), "a bid's slot belongs to another");
			}
		}
		ensure!(seats == members.slots, "the list has gaps");
		ensure!(units == members.units, "the reported capacity is not the sum of the bids");
		for bid in Bids::<T>::iter_prefix_values(service) {
			let Some(seat) = *bid.seat.at(session) else { continue };
			let range = Self::range_of(service, session, seat);
			let last = range.start.saturating_add(seat.units).saturating_sub(1);
			for unit in [range.start, last] {
				let slot = Self::slot_of_unit(service, session, unit);
				ensure!(slot == seat.slot, "a unit is found in another's range");
			}
			ensure!(last < members.units, "a range is outside the sum of the bids");
		}
		let taken =
			Slots::<T>::iter_prefix(service).filter(|(_, slot)| slot.at(session).is_some()).count();
		ensure!(taken as u32 == members.slots, "a slot is taken by no bid");
		Ok(())
	}

	/// Every open claim is in the bucket of a session that is not settled, and is counted in its bid
	/// and its round.
	fn check_claims() -> Result<(), TryRuntimeError> {
		let mut of_bid = BTreeMap::<(ServiceId, T::AccountId), OfBid>::new();
		let mut of_round = BTreeMap::<(SessionIndex, ServiceId), Balance>::new();
		let mut lists = 0usize;
		for (session, (service, supplier), claim) in Claims::<T>::iter() {
			ensure!(session >= SettlementCursor::<T>::get(), "a settled session has open claims");
			ensure!(Sessions::<T>::contains_key(session), "a claim is in no session");
			ensure!(Rounds::<T>::contains_key(session, service), "a claim is in no round");
			ensure!(claim.audit.is_some() || claim.commitment.is_some(), "a claim of nothing");
			if let Some(commitment) = claim.commitment {
				let payers = Payers::<T>::get(session, (service, &supplier));
				let asked = claim.audit.map_or(0, |audit| audit.units);
				ensure!(list_units(&payers) == Some(commitment.relays), "a list miscounts units");
				ensure!(payers.len() as u32 == commitment.payers, "a list is not the claim's");
				ensure!(commitment.synthetic() <= asked, "a commitment is too large");
				lists = lists.saturating_add(usize::from(!payers.is_empty()));
			}
			let known = of_bid.entry((service, supplier)).or_default();
			known.claims = known.claims.saturating_add(1);
			known.audits.extend(claim.audit.map(|audit| (session, audit.at_risk)));
			let relays = claim.commitment.map_or(0, |known| known.at_risk);
			known.relays = known.relays.saturating_add(relays);
			let promised = of_round.entry((session, service)).or_default();
			*promised = promised.saturating_add(claim.audit.map_or(0, |audit| audit.payment));
		}
		ensure!(Payers::<T>::iter().count() == lists, "a list belongs to no claim");
		for (service, supplier, bid) in Bids::<T>::iter() {
			let counted = of_bid.remove(&(service, supplier)).unwrap_or_default();
			let known = (bid.open_claims, bid.relays_at_risk);
			ensure!((counted.claims, counted.relays) == known, "a bid miscounts its claims");
			let covered = |(session, at_risk): &(SessionIndex, Balance)| {
				bid.audits.iter().any(|open| open.session >= *session && open.at_risk >= *at_risk)
			};
			ensure!(counted.audits.iter().all(covered), "no stake stands behind an audit");
			ensure!(
				bid.audits.is_empty() == counted.audits.is_empty(),
				"a bid keeps stake for audits that are settled"
			);
		}
		ensure!(of_bid.is_empty(), "a claim belongs to no bid");
		let mut set_aside = BTreeMap::<ServiceId, Balance>::new();
		for (session, service, round) in Rounds::<T>::iter() {
			let all = set_aside.entry(service).or_default();
			*all = all.saturating_add(round.set_aside);
			let promised = of_round.remove(&(session, service)).unwrap_or_default();
			ensure!(round.set_aside >= promised, "a round cannot pay what it promised");
		}
		for (service, fund) in Funds::<T>::iter() {
			let all = set_aside.remove(&service).unwrap_or_default();
			ensure!(all == fund.set_aside, "what is set aside is not what rounds may cost");
		}
		ensure!(set_aside.values().all(|all| *all == 0), "a round has money of no service");
		Ok(())
	}

	/// For every application: what it has paid and what it has left is what it put in; what is left is on
	/// hold; and its budgets are those of the claims that list it.
	fn check_applications() -> Result<(), TryRuntimeError> {
		let mut listed =
			BTreeMap::<(ServiceId, ApplicationIndex, SessionIndex), (u32, Balance)>::new();
		for (session, (service, _), payers) in Payers::<T>::iter() {
			let terms = Rounds::<T>::get(session, service).and_then(|round| round.policy.relays);
			let terms = terms.ok_or("a list in a round without relays")?;
			for share in shares(&payers, 0) {
				let (claims, worth) =
					listed.entry((service, share.application, session)).or_default();
				*claims = claims.saturating_add(1);
				*worth = worth.saturating_add(terms.worth(share.units));
			}
		}
		let mut deposits = BTreeMap::<T::AccountId, Balance>::new();
		for (service, index, application) in Applications::<T>::iter() {
			let accounted = application.deposit.checked_add(application.paid);
			ensure!(accounted == Some(application.deposited), "an application's money is lost");
			ensure!(application.reserved() <= application.deposit, "more is reserved than is left");
			let known = ApplicationIndices::<T>::get(service, &application.account);
			ensure!(known == Some(index), "an application's account does not know it");
			for budget in &application.budgets {
				let open = listed.remove(&(service, index, budget.session));
				let (claims, worth) = open.ok_or("a budget without claims")?;
				ensure!(claims == budget.claims, "a budget miscounts its claims");
				let claimed = budget.within.saturating_add(budget.beyond);
				ensure!(worth <= claimed, "a budget has claims that it does not know");
			}
			let deposit = deposits.entry(application.account).or_default();
			*deposit = deposit.saturating_add(application.deposit);
		}
		ensure!(listed.is_empty(), "a claim is in no budget");
		for (account, deposit) in deposits {
			let held = T::Currency::balance_on_hold(&HoldReason::Deposit.into(), &account);
			ensure!(held == deposit, "deposits on hold differ from what applications have");
		}
		let indices = ApplicationIndices::<T>::iter().count();
		ensure!(indices == Applications::<T>::iter().count(), "an account knows no application");
		Ok(())
	}

	/// The pot never owes more than it holds, and is alive wherever it can be asked to pay.
	fn check_pot() -> Result<(), TryRuntimeError> {
		let owed = Funds::<T>::iter_values().map(|fund| fund.total());
		let owed = owed.fold(0, Balance::saturating_add);
		ensure!(owed <= Self::pot_holds(), "services have more than the pot holds");
		let alive =
			T::Currency::total_balance(&Self::pot_account()) >= T::Currency::minimum_balance();
		ensure!(alive || ServiceCount::<T>::get() == 0, "the pot cannot receive small payments");
		Ok(())
	}

	/// Cursors are in order, and a session passes from one to the next.
	fn check_sessions() -> Result<(), TryRuntimeError> {
		let current = CurrentSession::<T>::get();
		ensure!(SettlementCursor::<T>::get() <= SeedCursor::<T>::get(), "settled before its seed");
		ensure!(SeedCursor::<T>::get() <= current, "a seed for a session to come");
		for (index, session) in Sessions::<T>::iter() {
			ensure!(
				(SettlementCursor::<T>::get()..=current).contains(&index),
				"a session is kept for too long"
			);
			let seeded = index < SeedCursor::<T>::get();
			ensure!(session.due.is_some() == seeded, "a session is due when its seed is decided");
			ensure!(
				session.proof_seed.is_none() || Self::tick() >= session.claims_close(),
				"a seed was taken while claims could change"
			);
		}
		let drawing = DrawProgress::<T>::get();
		if let Some(cursor) = drawing {
			ensure!(Sessions::<T>::contains_key(cursor.session), "a draw for no session");
		}
		let undrawn: Vec<_> = Rounds::<T>::iter()
			.filter(|(_, _, round)| !round.is_drawn())
			.map(|(session, _, _)| session)
			.collect();
		ensure!(
			undrawn.len() as u32 == drawing.map_or(0, |cursor| cursor.open)
				&& undrawn.iter().all(|session| drawing.is_some_and(|c| c.session == *session)),
			"a draw does not know which services are left"
		);
		for (_, history) in History::<T>::iter() {
			ensure!(history.len() as u32 <= T::HistoryLength::get(), "history is too long");
		}
		Ok(())
	}
}

/// What the open claims of one bid come to.
#[derive(Default)]
struct OfBid {
	claims: u32,
	audits: Vec<(SessionIndex, Balance)>,
	relays: Balance,
}

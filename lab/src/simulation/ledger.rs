//! Who has earned and lost what, by what the chain says has happened.

use super::{
	cast::Cast,
	chain::{AccountId, Event},
	Scenario,
};
use capacity_protocol::{ApplicationIndex, Balance, RelayTerms, SessionIndex, Units};
use serde::Serialize;
use std::collections::HashMap;

/// Parts of a run that are looked at one by one where there are few suppliers.
pub const BATCHES: u32 = 30;

/// What has happened to suppliers. Added up over identities, sessions and suppliers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
	/// Audits that were assigned.
	pub audits: u64,
	/// Of those, delivered in full and paid.
	pub delivered: u64,
	/// Delivered in full, but not paid: the session missed its payment quorum, or the stake was taken.
	pub unpaid: u64,
	/// Not delivered in full, and slashed.
	pub failed: u64,
	/// Bids that were drawn, but not audited: without stake or without money for it.
	pub passed_over: u64,
	/// Bids, first ones and later ones, for whose audits there was no money.
	pub refused_bids: u64,
	/// Claims made.
	pub claims: u64,
	/// Claims that the chain did not take.
	pub refused_claims: u64,
	/// Of the claims, those that had to be proven.
	pub proofs_required: u64,
	/// Of those, the ones that were.
	pub proofs_given: u64,
	/// Proofs that the chain refused: openings that had hit something made up.
	pub proofs_refused: u64,
	/// Claims of relays that were paid.
	pub relays_paid: u64,
	/// Claims of relays that were forfeited, as their proof was missing.
	pub forfeited: u64,
	/// Units of audits that were computed.
	pub audit_units: Units,
	/// Units of relays that were served.
	pub relay_units: Units,
	/// Units that were claimed, though nobody had computed, served or even signed them.
	pub false_units: Units,
}

impl Counts {
	/// Both together.
	pub fn plus(&self, other: &Self) -> Self {
		Self {
			audits: self.audits + other.audits,
			delivered: self.delivered + other.delivered,
			unpaid: self.unpaid + other.unpaid,
			failed: self.failed + other.failed,
			passed_over: self.passed_over + other.passed_over,
			refused_bids: self.refused_bids + other.refused_bids,
			claims: self.claims + other.claims,
			refused_claims: self.refused_claims + other.refused_claims,
			proofs_required: self.proofs_required + other.proofs_required,
			proofs_given: self.proofs_given + other.proofs_given,
			proofs_refused: self.proofs_refused + other.proofs_refused,
			relays_paid: self.relays_paid + other.relays_paid,
			forfeited: self.forfeited + other.forfeited,
			audit_units: self.audit_units + other.audit_units,
			relay_units: self.relay_units + other.relay_units,
			false_units: self.false_units + other.false_units,
		}
	}
}

/// What one supplier got and gave, in money.
#[derive(Clone, Debug, Default)]
pub struct Account {
	pub audits_paid: Balance,
	pub audits_slashed: Balance,
	pub relays_earned: Balance,
	pub relays_slashed: Balance,
	/// Paid by its own applications.
	pub paid_itself: Balance,
	/// What of that came back as the service owner's share, if that is in the same hand.
	pub owned: Balance,
	pub counts: Counts,
	/// What it gained, by parts of the run, less what its work cost.
	pub batches: Vec<i128>,
}

impl Account {
	/// What its accounts have more than at first.
	pub fn net(&self) -> i128 {
		let got = self.audits_paid + self.relays_earned;
		let given = self.audits_slashed + self.relays_slashed + self.paid_itself;
		got as i128 - given as i128
	}
}

/// All suppliers' accounts.
pub struct Ledger {
	accounts: Vec<Account>,
	sessions: u32,
	batches: u32,
	cost: Balance,
	/// What open claims ask of their supplier's own applications.
	own: HashMap<(SessionIndex, AccountId), Balance>,
	terms: Option<RelayTerms>,
	/// Sessions that had no audits though there were bids.
	pub skipped: u32,
	/// Sessions that were audited at less than the policy's rate.
	pub thinned: u32,
	/// Of what applications paid, what suppliers did not get.
	pub shares: Balance,
}

impl Ledger {
	pub fn new(scenario: &Scenario, suppliers: usize) -> Self {
		let batches = BATCHES.min(scenario.sessions);
		let account = Account { batches: vec![0; batches as usize], ..Default::default() };
		Self {
			accounts: vec![account; suppliers],
			sessions: scenario.sessions,
			batches,
			cost: scenario.policy.cost,
			own: HashMap::new(),
			terms: scenario.policy.relays,
			skipped: 0,
			thinned: 0,
			shares: 0,
		}
	}

	pub fn accounts(&self) -> &[Account] {
		&self.accounts
	}

	pub fn into_accounts(self) -> Vec<Account> {
		self.accounts
	}

	/// What happened to a supplier, to be changed.
	pub fn counts(&mut self, player: usize) -> Option<&mut Counts> {
		self.accounts.get_mut(player).map(|account| &mut account.counts)
	}

	/// A supplier has worked.
	pub fn worked(&mut self, player: usize, session: SessionIndex, audit: Units, relays: Units) {
		let cost = (self.cost * Balance::from(audit + relays)) as i128;
		self.book(player, session, -cost, |account| {
			account.counts.audit_units += audit;
			account.counts.relay_units += relays;
		});
	}

	/// A claim asks so much of its supplier's own applications.
	pub fn asks_itself(&mut self, session: SessionIndex, who: AccountId, worth: Balance) {
		self.own.insert((session, who), worth);
	}

	/// Takes down what has happened. Returns what stake an identity has lost by it.
	pub fn note(&mut self, cast: &Cast, event: &Event) -> Option<(u32, Balance)> {
		match *event {
			Event::AuditAssigned { supplier, .. } => {
				self.counts_of(cast, supplier)?.audits += 1;
			}
			Event::AuditPassedOver { supplier, .. } => {
				self.counts_of(cast, supplier)?.passed_over += 1;
			}
			Event::AuditsSkipped { .. } => self.skipped += 1,
			Event::AuditsThinned { .. } => self.thinned += 1,
			Event::AuditPaid { session, supplier, payment, .. } => {
				self.book(player(cast, supplier)?, session, payment as i128, |account| {
					account.audits_paid += payment;
					account.counts.delivered += 1;
				});
			}
			Event::AuditUnpaid { supplier, .. } => {
				self.counts_of(cast, supplier)?.unpaid += 1;
			}
			Event::AuditFailed { session, supplier, slashed, .. } => {
				self.book(player(cast, supplier)?, session, -(slashed as i128), |account| {
					account.audits_slashed += slashed;
					account.counts.failed += 1;
				});
				return Some((cast.identity(supplier)?, slashed));
			}
			Event::PaidShort { session, application, supplier, worth, paid, .. }
				if is_own(cast, application, supplier) =>
			{
				if let Some(own) = self.own.get_mut(&(session, supplier)) {
					*own -= worth - paid;
				}
			}
			Event::RelaysPaid { session, supplier, paid, earned, .. } => {
				self.shares += paid - earned;
				let own = self.own.remove(&(session, supplier)).unwrap_or(0);
				let player = player(cast, supplier)?;
				let owns = cast.players.get(player)?.strategy.play().owns_service();
				let owned = match self.terms.filter(|_| owns) {
					Some(terms) => terms.split(own).owner,
					None => 0,
				};
				let gain = (earned + owned) as i128 - own as i128;
				self.book(player, session, gain, |account| {
					account.relays_earned += earned;
					account.paid_itself += own;
					account.owned += owned;
					account.counts.relays_paid += 1;
				});
			}
			Event::ClaimForfeited { session, supplier, slashed, .. } => {
				self.own.remove(&(session, supplier));
				self.book(player(cast, supplier)?, session, -(slashed as i128), |account| {
					account.relays_slashed += slashed;
					account.counts.forfeited += 1;
				});
				return Some((cast.identity(supplier)?, slashed));
			}
			_ => {}
		}
		None
	}

	fn counts_of(&mut self, cast: &Cast, supplier: AccountId) -> Option<&mut Counts> {
		self.counts(player(cast, supplier)?)
	}

	fn book(
		&mut self,
		player: usize,
		session: SessionIndex,
		gain: i128,
		change: impl FnOnce(&mut Account),
	) {
		let batch = batch_of(session, self.sessions, self.batches);
		if let Some(account) = self.accounts.get_mut(player) {
			change(account);
			if let Some(sum) = account.batches.get_mut(batch) {
				*sum += gain;
			}
		}
	}
}

/// The part of the run that a session lies in. Sessions are counted from one.
fn batch_of(session: SessionIndex, sessions: u32, batches: u32) -> usize {
	let done = u64::from(session.saturating_sub(1).min(sessions.saturating_sub(1)));
	(done * u64::from(batches) / u64::from(sessions.max(1))) as usize
}

/// How many sessions lie in each part.
pub fn batch_lengths(sessions: u32) -> Vec<u32> {
	let batches = BATCHES.min(sessions);
	let mut lengths = vec![0; batches as usize];
	for session in 1..=sessions {
		if let Some(length) = lengths.get_mut(batch_of(session, sessions, batches)) {
			*length += 1;
		}
	}
	lengths
}

fn player(cast: &Cast, supplier: AccountId) -> Option<usize> {
	cast.player_of(cast.identity(supplier)?)
}

fn is_own(cast: &Cast, application: ApplicationIndex, supplier: AccountId) -> bool {
	let owner = cast.applications.get(application as usize).and_then(|known| known.owner);
	owner.is_some() && owner.map(|owner| owner as usize) == player(cast, supplier)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn every_session_is_in_one_part() {
		for sessions in [2, 29, 30, 31, 100, 1_000] {
			let lengths = batch_lengths(sessions);
			assert_eq!(lengths.iter().sum::<u32>(), sessions);
			let (least, most) = (lengths.iter().min().unwrap(), lengths.iter().max().unwrap());
			assert!(*least > 0 && most - least <= 1, "{lengths:?}");
		}
	}
}

//! A bid, and the stake behind it: one for all of its audits, and collateral for each claim from
//! applications.

use crate::types::Seat;
use capacity_protocol::{Balance, SessionIndex, Timeline};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Maximum number of entries for a bid's open audits; see [`Bid::audits`].
pub const MAX_OPEN_AUDITS: u32 = 4;

/// What the audits of a bid that are open until `session` is settled put at risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct OpenAudit {
	pub session: SessionIndex,
	pub at_risk: Balance,
}

/// What failed audits have taken of the stake behind all audits of a bid. Stake that is added makes up for
/// none of it: whoever could add it once it knows how a later audit goes would do so only where that pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Deficit {
	/// The last session that had started when one of them was settled. Later ones have stake of their own.
	pub until: SessionIndex,
	pub amount: Balance,
}

/// A supplier's bid for one service, and the stake behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Bid {
	/// Its place in the draws; none before it joins and after it leaves.
	pub seat: Timeline<Option<Seat>>,
	/// On hold.
	pub stake: Balance,
	/// The largest penalties among its open audits: those that no later audit of the bid outweighs, in
	/// the order of their sessions. One stake stands behind all audits of a bid, so the first entry says
	/// what they need together.
	pub audits: BoundedVec<OpenAudit, ConstU32<MAX_OPEN_AUDITS>>,
	/// What failed audits have taken of that. While there is anything, neither audits nor relays are paid up
	/// to the session in it.
	pub deficit: Option<Deficit>,
	/// The penalties of its open claims from applications.
	pub relays_at_risk: Balance,
	/// Claims not yet settled.
	pub open_claims: u32,
}

impl Bid {
	/// Stake that stands behind its open audits.
	pub fn audits_at_risk(&self) -> Balance {
		let left = self.audits.iter().map(|open| self.left_of(open.session, open.at_risk));
		// Entries that stand for several audits can ask for more than any of them, and than there is.
		left.fold(0, Balance::max).min(self.stake.saturating_sub(self.relays_at_risk))
	}

	/// What open claims can take of the stake; never more than there is.
	pub fn at_risk(&self) -> Balance {
		self.audits_at_risk().saturating_add(self.relays_at_risk)
	}

	/// Stake that is free for claims from applications, if audits need `audits` of it.
	pub fn free_for_relays(&self, audits: Balance) -> Balance {
		self.stake.saturating_sub(audits).saturating_sub(self.relays_at_risk)
	}

	/// What failed audits have taken of the stake behind an audit in `session`.
	pub fn deficit_in(&self, session: SessionIndex) -> Balance {
		let deficit = self.deficit.filter(|deficit| session <= deficit.until);
		deficit.map_or(0, |deficit| deficit.amount)
	}

	/// What an audit in `session`, which put `at_risk` at risk, can still lose.
	fn left_of(&self, session: SessionIndex, at_risk: Balance) -> Balance {
		at_risk.saturating_sub(self.deficit_in(session))
	}

	/// What an audit in `session` can put at risk: `wanted`, or what there is.
	pub fn available_for_audit(&self, session: SessionIndex, wanted: Balance) -> Balance {
		let there_is = self.stake.saturating_sub(self.relays_at_risk);
		wanted.min(there_is.saturating_add(self.deficit_in(session)))
	}

	/// Puts stake behind an audit in `session`, which is not before that of any other: `wanted`, or what
	/// there is. Returns how much.
	pub fn open_audit(&mut self, session: SessionIndex, wanted: Balance) -> Balance {
		let at_risk = self.available_for_audit(session, wanted);
		while self.audits.last().is_some_and(|last| last.at_risk <= at_risk) {
			self.audits.pop();
		}
		if let Err(audit) = self.audits.try_push(OpenAudit { session, at_risk }) {
			// More steps down than there are entries: the last one stands for both.
			if let Some(last) = self.audits.last_mut() {
				last.session = audit.session;
			}
		}
		at_risk
	}

	/// Takes an audit that failed `missed` of what it put at risk, as far as that is left. Returns what is to
	/// be slashed; `current` is the running session.
	pub fn fail_audit(
		&mut self,
		session: SessionIndex,
		missed: Balance,
		at_risk: Balance,
		current: SessionIndex,
	) -> Balance {
		let slashed = missed.min(self.left_of(session, at_risk));
		self.stake = self.stake.saturating_sub(slashed);
		// One that had nothing left to lose is no reason to spare later ones.
		if slashed > 0 {
			// A deficit from before this audit was drawn concerns none that is still open.
			let amount = self.deficit_in(session).saturating_add(slashed);
			self.deficit = Some(Deficit { until: current, amount });
		}
		slashed
	}

	/// Frees what audits up to `session` needed: they are settled. A deficit is over when neither an open
	/// audit nor one that can still be drawn in the running session falls into its time.
	pub fn close_audits(&mut self, session: SessionIndex, current: SessionIndex) {
		self.audits.retain(|audit| audit.session > session);
		let first = self.audits.first().map_or(current, |audit| audit.session.min(current));
		self.deficit = self.deficit.filter(|deficit| first <= deficit.until);
	}
}

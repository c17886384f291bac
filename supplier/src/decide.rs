//! What to do about a duty: a function of what the chain says and of what this supplier has, so
//! that a restart, a reorganisation, a lost connection or a lost transaction needs no care of its
//! own. Whatever happened, the next block is looked at in the same way.

use crate::claim::{Contents, Part};
use capacity_protocol::{Duty, Stage, Tick};
use codec::{Decode, Encode};
use sum_trie::Root;

/// Blocks that a transaction is given before it is taken for lost.
const RETRY_AFTER: u32 = 3;
/// After so many refusals the pause does not grow any more.
const MOST_DOUBLINGS: u32 = 6;

/// How far this supplier is with an audit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Work {
	/// There is none, or it is not to be answered.
	#[default]
	Nothing,
	/// Nobody works on it in this process; parts of it may be in the store.
	Idle,
	Working,
	/// All of it is in the store.
	Done,
}

/// How far this supplier is with the relays of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Relays {
	/// None were served, and none will be.
	#[default]
	Nothing,
	/// They can still be served.
	Open {
		/// There are some already.
		any: bool,
		/// It is time to close the session.
		due: bool,
	},
	/// None is taken any more; the last are being recorded.
	Closing,
	/// These are all.
	Closed,
}

/// What this supplier has for a duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
	pub audit: Work,
	pub relays: Relays,
	/// A trie is being built.
	pub building: bool,
	/// The last one that was built: what is in it, and what it is to be committed to with.
	pub built: Option<(Contents, Root)>,
	/// What is in the claim that the chain has, if this supplier knows.
	pub committed: Option<Contents>,
	/// Its trie is at hand.
	pub can_open: bool,
}

/// The last transaction of a kind for a duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Attempt {
	/// The best block when it was made.
	pub block: u32,
	/// It is known that it did not get anywhere.
	pub lost: bool,
	/// How often the chain has refused one.
	pub refused: u32,
}

impl Attempt {
	/// The next one after `before`.
	pub fn next(before: Option<Self>, block: u32) -> Self {
		Self { block, lost: false, refused: before.map_or(0, |before| before.refused) }
	}

	/// Whether it is too early for another one. The chain may have gone back behind it.
	pub fn holds(&self, block: u32) -> bool {
		let pause = match (self.lost, self.refused) {
			(true, _) => 1,
			(false, refused) => RETRY_AFTER << refused.min(MOST_DOUBLINGS),
		};
		(self.block..self.block.saturating_add(pause)).contains(&block)
	}
}

/// The last transactions for a duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Attempts {
	pub claim: Option<Attempt>,
	pub proof: Option<Attempt>,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
	/// Do the audit's work, or what is missing of it.
	Work,
	/// Stop working: it is of no use any more.
	Stop,
	/// Take no more relays of the session.
	Close,
	/// Build a trie with this in it.
	Build(Contents),
	/// Build the trie of the claim that the chain has.
	Rebuild,
	/// Commit to this.
	Claim(Root),
	/// Open the claim.
	Prove,
}

/// After so many refusals a claim is made without relays, so that the audit is not lost.
const REFUSALS: u32 = 2;

/// What to do about a duty at the best block `now`, where the clock shows `tick`.
pub fn decide<W>(
	duty: &Duty<W>,
	progress: &Progress,
	attempts: &Attempts,
	now: u32,
	tick: Tick,
) -> Vec<Action> {
	let claim = match duty.stage {
		Stage::Working => None,
		Stage::Claiming => claim(duty, progress, attempts, now, tick),
		Stage::AwaitingSeed | Stage::Proving => prove(duty, progress, attempts, now),
		Stage::Settling => None,
	};
	let work = match progress.audit {
		Work::Idle => work_is_of_use(duty, progress).then_some(Action::Work),
		Work::Working => (!work_is_of_use(duty, progress)).then_some(Action::Stop),
		Work::Nothing | Work::Done => None,
	};
	let close = matches!(progress.relays, Relays::Open { due: true, .. }).then_some(Action::Close);
	[close, claim, work].into_iter().flatten().collect()
}

/// Towards a claim, while its window is open.
fn claim<W>(
	duty: &Duty<W>,
	progress: &Progress,
	attempts: &Attempts,
	now: u32,
	tick: Tick,
) -> Option<Action> {
	let refused = attempts.claim.map_or(0, |attempt| attempt.refused);
	let wanted = wanted(progress, is_late(duty, tick), refused >= REFUSALS)?;
	match progress.built {
		Some((contents, root)) if contents == wanted => {
			let news = root.sum > 0 && duty.committed != Some(root);
			(news && is_free(attempts.claim, now)).then_some(Action::Claim(root))
		}
		_ if progress.building => None,
		// It was made before a restart.
		_ if progress.committed == Some(wanted) => Some(Action::Rebuild),
		_ => Some(Action::Build(wanted)),
	}
}

/// What is to be claimed now, if anything.
fn wanted(progress: &Progress, late: bool, without_relays: bool) -> Option<Contents> {
	let relays = progress.relays == Relays::Closed;
	match (progress.audit, progress.relays) {
		(Work::Done, _) if without_relays => Some(Contents { audit: Part::Whole, relays: false }),
		// Relays may still come. If they do, a second claim takes the place of the first.
		(Work::Done, Relays::Open { any: true, .. } | Relays::Closing) => None,
		(Work::Done, _) => Some(Contents { audit: Part::Whole, relays }),
		(Work::Nothing, Relays::Closed) => Some(Contents { audit: Part::Nothing, relays }),
		(Work::Idle | Work::Working, Relays::Closed) if late => {
			Some(Contents { audit: Part::Done, relays })
		}
		_ => None,
	}
}

/// Towards a proof, once nothing about the claim can change any more.
fn prove<W>(duty: &Duty<W>, progress: &Progress, attempts: &Attempts, now: u32) -> Option<Action> {
	if !is_to_be_opened(duty) {
		return None;
	}
	let built = progress.built.map(|(contents, _)| contents);
	if progress.can_open {
		let asked = duty.stage == Stage::Proving
			&& duty.proof_required == Some(true)
			&& !duty.positions.is_empty();
		(asked && is_free(attempts.proof, now)).then_some(Action::Prove)
	} else if progress.building {
		None
	} else if progress.committed.is_some() {
		Some(Action::Rebuild)
	} else {
		// The store does not know it, but may have all that is in it.
		let whole = wanted(progress, false, false).filter(|wanted| built != Some(*wanted));
		whole.map(Action::Build)
	}
}

/// Whether the claim may still have to be opened.
fn is_to_be_opened<W>(duty: &Duty<W>) -> bool {
	duty.committed.is_some() && !duty.proven && duty.proof_required != Some(false)
}

/// Whether the work can still be committed to, or is needed to open what was committed to before.
fn work_is_of_use<W>(duty: &Duty<W>, progress: &Progress) -> bool {
	match duty.stage {
		Stage::Working | Stage::Claiming => true,
		Stage::AwaitingSeed | Stage::Proving => {
			is_to_be_opened(duty) && !progress.can_open && progress.committed.is_none()
		}
		Stage::Settling => false,
	}
}

fn is_free(attempt: Option<Attempt>, now: u32) -> bool {
	!attempt.is_some_and(|attempt| attempt.holds(now))
}

/// Whether a claim must be made now, whatever is not done yet.
pub fn is_late<W>(duty: &Duty<W>, tick: Tick) -> bool {
	is_short(duty.claims_open, duty.claims_close, tick)
}

/// Whether only few ticks are left in which a claim can be made: three, or a third of the window.
pub fn is_short(open: Tick, close: Tick, tick: Tick) -> bool {
	let few = (close.saturating_sub(open) / 3).clamp(1, 3);
	// What is sent now is in the next block at the earliest.
	close.saturating_sub(tick.saturating_add(1)) <= few
}

#[cfg(test)]
mod tests;

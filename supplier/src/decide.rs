//! What to do about a duty: a function of what the chain says and of what this supplier has, so
//! that a restart, a reorganisation, a lost connection or a lost transaction needs no care of its
//! own. Whatever happened, the next block is looked at in the same way.

use capacity_protocol::{Duty, Stage};
use codec::{Decode, Encode};
use sum_trie::Root;

/// Blocks that a transaction is given before it is taken for lost.
const RETRY_AFTER: u32 = 3;
/// After so many refusals the pause does not grow any more.
const MOST_DOUBLINGS: u32 = 6;

/// How far this supplier is with the work of a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
	/// Nobody works on it in this process; parts of it may be in the store.
	Idle,
	Working,
	/// All of it is done, and this is what to commit to.
	Done(Root),
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
	/// Do the work, or what is missing of it.
	Work,
	/// Stop working: it is of no use any more.
	Stop,
	/// Commit to this.
	Claim(Root),
	/// Open the claim.
	Prove,
}

/// What to do about a duty at the best block `now`, if anything.
pub fn decide<W>(
	duty: &Duty<W>,
	progress: Progress,
	attempts: &Attempts,
	now: u32,
) -> Option<Action> {
	let free = |attempt: Option<Attempt>| !attempt.is_some_and(|attempt| attempt.holds(now));
	match progress {
		Progress::Idle => work_is_of_use(duty).then_some(Action::Work),
		Progress::Working => (!work_is_of_use(duty)).then_some(Action::Stop),
		Progress::Done(root) => match duty.stage {
			Stage::Claiming if duty.committed != Some(root) && free(attempts.claim) => {
				Some(Action::Claim(root))
			}
			Stage::Proving
				if duty.committed == Some(root)
					&& !duty.proven && !duty.positions.is_empty()
					&& free(attempts.proof) =>
			{
				Some(Action::Prove)
			}
			_ => None,
		},
	}
}

/// Whether the work can still be committed to, or is needed to open what was committed to before.
fn work_is_of_use<W>(duty: &Duty<W>) -> bool {
	match duty.stage {
		Stage::Working | Stage::Claiming => true,
		Stage::AwaitingSeed | Stage::Proving => duty.committed.is_some() && !duty.proven,
		Stage::Settling => false,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_protocol::Task;

	const OURS: Root = Root { digest: [1; 32], sum: 20, count: 20 };
	const OTHER: Root = Root { digest: [2; 32], sum: 20, count: 20 };
	const NEVER: Attempts = Attempts { claim: None, proof: None };
	const DONE: Progress = Progress::Done(OURS);

	fn duty(stage: Stage) -> Duty<()> {
		Duty {
			session: 5,
			work: (),
			task: Task { seed: [7; 32], units: 20 },
			stage,
			claims_open: 60,
			claims_close: 64,
			committed: None,
			positions: vec![],
			proofs_close: None,
			proven: false,
			payment: 400,
			at_risk: 2_000,
		}
	}

	fn committed(stage: Stage, root: Root) -> Duty<()> {
		let positions = if stage == Stage::Proving { vec![3, 9] } else { vec![] };
		Duty { committed: Some(root), positions, ..duty(stage) }
	}

	fn at(block: u32) -> Option<Attempt> {
		Some(Attempt { block, ..Attempt::default() })
	}

	#[test]
	fn work_starts_as_soon_as_the_audit_is_known() {
		assert_eq!(decide(&duty(Stage::Working), Progress::Idle, &NEVER, 50), Some(Action::Work));
		assert_eq!(decide(&duty(Stage::Working), Progress::Working, &NEVER, 50), None);
		assert_eq!(decide(&duty(Stage::Working), DONE, &NEVER, 50), None);
	}

	#[test]
	fn work_goes_on_while_claims_can_be_made() {
		assert_eq!(decide(&duty(Stage::Claiming), Progress::Idle, &NEVER, 60), Some(Action::Work));
		assert_eq!(decide(&duty(Stage::Claiming), Progress::Working, &NEVER, 60), None);
	}

	#[test]
	fn work_stops_when_it_cannot_be_claimed_any_more() {
		for stage in [Stage::AwaitingSeed, Stage::Proving, Stage::Settling] {
			assert_eq!(decide(&duty(stage), Progress::Working, &NEVER, 70), Some(Action::Stop));
			assert_eq!(decide(&duty(stage), Progress::Idle, &NEVER, 70), None);
			assert_eq!(decide(&duty(stage), DONE, &NEVER, 70), None, "the window is closed");
		}
	}

	#[test]
	fn done_work_is_committed_to_when_the_window_opens() {
		let claim = Some(Action::Claim(OURS));
		assert_eq!(decide(&duty(Stage::Claiming), DONE, &NEVER, 60), claim);
		assert_eq!(decide(&committed(Stage::Claiming, OURS), DONE, &NEVER, 60), None);
		assert_eq!(decide(&committed(Stage::Claiming, OTHER), DONE, &NEVER, 60), claim);
	}

	#[test]
	fn a_claim_is_not_made_twice_while_it_is_under_way() {
		let attempts = Attempts { claim: at(60), ..NEVER };
		for now in 60..63 {
			assert_eq!(decide(&duty(Stage::Claiming), DONE, &attempts, now), None);
		}
	}

	#[test]
	fn a_transaction_that_nobody_saw_again_is_repeated() {
		let attempts = Attempts { claim: at(60), ..NEVER };
		let claim = Some(Action::Claim(OURS));
		assert_eq!(decide(&duty(Stage::Claiming), DONE, &attempts, 63), claim);
	}

	#[test]
	fn a_transaction_known_to_be_lost_is_repeated_with_the_next_block() {
		let lost = Attempt { block: 60, lost: true, refused: 0 };
		let attempts = Attempts { claim: Some(lost), ..NEVER };
		assert_eq!(decide(&duty(Stage::Claiming), DONE, &attempts, 60), None);
		let claim = Some(Action::Claim(OURS));
		assert_eq!(decide(&duty(Stage::Claiming), DONE, &attempts, 61), claim);
	}

	#[test]
	fn a_reorganisation_that_takes_the_commitment_away_is_answered() {
		let attempts = Attempts { claim: at(60), ..NEVER };
		assert_eq!(decide(&committed(Stage::Claiming, OURS), DONE, &attempts, 62), None);
		// The chain that is best now is one block shorter, and does not have it.
		assert_eq!(decide(&duty(Stage::Claiming), DONE, &attempts, 61), None);
		let claim = Some(Action::Claim(OURS));
		assert_eq!(decide(&duty(Stage::Claiming), DONE, &attempts, 63), claim);
		// The new chain may even end before the first attempt.
		assert_eq!(decide(&duty(Stage::Claiming), DONE, &attempts, 59), claim);
	}

	#[test]
	fn what_was_committed_to_is_proven_when_the_seed_is_known() {
		let awaiting = committed(Stage::AwaitingSeed, OURS);
		assert_eq!(decide(&awaiting, DONE, &NEVER, 65), None);
		let proving = committed(Stage::Proving, OURS);
		assert_eq!(decide(&proving, DONE, &NEVER, 66), Some(Action::Prove));
		let attempts = Attempts { claim: at(60), proof: at(66) };
		assert_eq!(decide(&proving, DONE, &attempts, 68), None);
		assert_eq!(decide(&proving, DONE, &attempts, 69), Some(Action::Prove));
		let proven = Duty { proven: true, positions: vec![], ..proving };
		assert_eq!(decide(&proven, DONE, &NEVER, 67), None);
	}

	#[test]
	fn a_reorganisation_that_takes_the_proof_away_is_answered() {
		let attempts = Attempts { claim: at(60), proof: at(66) };
		let proving = committed(Stage::Proving, OURS);
		assert_eq!(decide(&proving, DONE, &attempts, 70), Some(Action::Prove));
	}

	#[test]
	fn what_another_hand_has_committed_to_cannot_be_proven() {
		assert_eq!(decide(&committed(Stage::Proving, OTHER), DONE, &NEVER, 66), None);
	}

	#[test]
	fn after_a_restart_the_work_is_resumed_whenever_it_is_needed() {
		for stage in [Stage::AwaitingSeed, Stage::Proving] {
			let duty = committed(stage, OURS);
			assert_eq!(decide(&duty, Progress::Idle, &NEVER, 66), Some(Action::Work));
			assert_eq!(decide(&duty, Progress::Working, &NEVER, 66), None);
		}
		let proven = Duty { proven: true, ..committed(Stage::Proving, OURS) };
		assert_eq!(decide(&proven, Progress::Idle, &NEVER, 66), None);
	}

	#[test]
	fn refused_transactions_are_repeated_less_and_less() {
		let refused = |refused| Attempts {
			proof: Some(Attempt { block: 66, lost: false, refused }),
			..NEVER
		};
		let proving = committed(Stage::Proving, OURS);
		assert_eq!(decide(&proving, DONE, &refused(1), 71), None);
		assert_eq!(decide(&proving, DONE, &refused(1), 72), Some(Action::Prove));
		assert_eq!(decide(&proving, DONE, &refused(3), 89), None);
		assert_eq!(decide(&proving, DONE, &refused(3), 90), Some(Action::Prove));
		// Never so rarely that the block number overflows.
		assert_eq!(decide(&proving, DONE, &refused(u32::MAX), 66 + 3 * 64), Some(Action::Prove));
	}
}

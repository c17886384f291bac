use super::*;
use capacity_protocol::{AuditDuty, Task};

const OURS: Root = Root { digest: [1; 32], sum: 20, count: 20 };
const OTHER: Root = Root { digest: [2; 32], sum: 20, count: 20 };
const NEVER: Attempts = Attempts { claim: None, proof: None };

const AUDIT: Contents = Contents { audit: Part::Whole, relays: false };
const RELAYS: Contents = Contents { audit: Part::Nothing, relays: true };
const BOTH: Contents = Contents { audit: Part::Whole, relays: true };
const PART: Contents = Contents { audit: Part::Done, relays: true };

/// An audited session whose claims are open from tick 60 to 70.
fn duty(stage: Stage) -> Duty<()> {
	Duty {
		session: 5,
		audit: Some(AuditDuty {
			work: (),
			task: Task { seed: [7; 32], units: 20 },
			payment: 400,
			at_risk: 2_000,
		}),
		relays: None,
		stage,
		claims_open: 60,
		claims_close: 70,
		committed: None,
		proof_required: None,
		positions: vec![],
		proofs_close: None,
		proven: false,
	}
}

fn committed(stage: Stage, root: Root) -> Duty<()> {
	let proving = stage == Stage::Proving;
	let positions = if proving { vec![3, 9] } else { vec![] };
	let proof_required = proving.then_some(true);
	Duty { committed: Some(root), positions, proof_required, ..duty(stage) }
}

fn audit(audit: Work) -> Progress {
	Progress { audit, ..Progress::default() }
}

fn relays(relays: Relays) -> Progress {
	Progress { relays, ..Progress::default() }
}

fn both(audit: Work, relays: Relays) -> Progress {
	Progress { audit, relays, ..Progress::default() }
}

fn built(contents: Contents, progress: Progress) -> Progress {
	Progress { built: Some((contents, OURS)), ..progress }
}

/// The audit is done, its trie is built.
fn done() -> Progress {
	built(AUDIT, audit(Work::Done))
}

/// And it is what the chain has.
fn openable() -> Progress {
	Progress { committed: Some(AUDIT), can_open: true, ..done() }
}

const fn open(any: bool, due: bool) -> Relays {
	Relays::Open { any, due }
}

fn at(block: u32) -> Option<Attempt> {
	Some(Attempt { block, ..Attempt::default() })
}

/// At the first tick of the claim window.
fn decided(duty: &Duty<()>, progress: &Progress) -> Vec<Action> {
	decide(duty, progress, &NEVER, 50, 60)
}

fn decided_after(
	duty: &Duty<()>,
	progress: &Progress,
	attempts: Attempts,
	now: u32,
) -> Vec<Action> {
	decide(duty, progress, &attempts, now, 60)
}

#[test]
fn work_starts_as_soon_as_the_audit_is_known() {
	assert_eq!(decided(&duty(Stage::Working), &audit(Work::Idle)), [Action::Work]);
	assert_eq!(decided(&duty(Stage::Working), &audit(Work::Working)), []);
	assert_eq!(decided(&duty(Stage::Working), &audit(Work::Done)), []);
}

#[test]
fn work_goes_on_while_claims_can_be_made() {
	assert_eq!(decided(&duty(Stage::Claiming), &audit(Work::Idle)), [Action::Work]);
	assert_eq!(decided(&duty(Stage::Claiming), &audit(Work::Working)), []);
}

#[test]
fn work_stops_when_it_cannot_be_claimed_any_more() {
	for stage in [Stage::AwaitingSeed, Stage::Proving, Stage::Settling] {
		assert_eq!(decided(&duty(stage), &audit(Work::Working)), [Action::Stop]);
		assert_eq!(decided(&duty(stage), &audit(Work::Idle)), []);
		assert_eq!(decided(&duty(stage), &done()), [], "the window is closed");
	}
}

#[test]
fn done_work_is_built_and_committed_to_when_the_window_opens() {
	let claiming = duty(Stage::Claiming);
	assert_eq!(decided(&claiming, &audit(Work::Done)), [Action::Build(AUDIT)]);
	let building = Progress { building: true, ..audit(Work::Done) };
	assert_eq!(decided(&claiming, &building), []);
	assert_eq!(decided(&claiming, &done()), [Action::Claim(OURS)]);
	assert_eq!(decided(&committed(Stage::Claiming, OURS), &done()), []);
	assert_eq!(decided(&committed(Stage::Claiming, OTHER), &done()), [Action::Claim(OURS)]);
}

#[test]
fn an_empty_claim_is_not_made() {
	let nothing = Progress { built: Some((RELAYS, Root::EMPTY)), ..relays(Relays::Closed) };
	assert_eq!(decided(&duty(Stage::Claiming), &nothing), []);
}

#[test]
fn a_claim_is_not_made_twice_while_it_is_under_way() {
	for now in 60..63 {
		let attempts = Attempts { claim: at(60), ..NEVER };
		assert_eq!(decided_after(&duty(Stage::Claiming), &done(), attempts, now), []);
	}
}

#[test]
fn a_transaction_that_nobody_saw_again_is_repeated() {
	let attempts = Attempts { claim: at(60), ..NEVER };
	let repeated = decided_after(&duty(Stage::Claiming), &done(), attempts, 63);
	assert_eq!(repeated, [Action::Claim(OURS)]);
}

#[test]
fn a_transaction_known_to_be_lost_is_repeated_with_the_next_block() {
	let lost = Attempt { block: 60, lost: true, refused: 0 };
	let attempts = Attempts { claim: Some(lost), ..NEVER };
	assert_eq!(decided_after(&duty(Stage::Claiming), &done(), attempts, 60), []);
	let repeated = decided_after(&duty(Stage::Claiming), &done(), attempts, 61);
	assert_eq!(repeated, [Action::Claim(OURS)]);
}

#[test]
fn a_reorganisation_that_takes_the_commitment_away_is_answered() {
	let attempts = Attempts { claim: at(60), ..NEVER };
	let decided = |duty: &Duty<()>, now| decided_after(duty, &done(), attempts, now);
	assert_eq!(decided(&committed(Stage::Claiming, OURS), 62), []);
	// The chain that is best now is one block shorter, and does not have it.
	assert_eq!(decided(&duty(Stage::Claiming), 61), []);
	assert_eq!(decided(&duty(Stage::Claiming), 63), [Action::Claim(OURS)]);
	// The new chain may even end before the first attempt.
	assert_eq!(decided(&duty(Stage::Claiming), 59), [Action::Claim(OURS)]);
}

#[test]
fn what_was_committed_to_is_proven_when_the_seed_is_known() {
	assert_eq!(decided(&committed(Stage::AwaitingSeed, OURS), &openable()), []);
	let proving = committed(Stage::Proving, OURS);
	assert_eq!(decided(&proving, &openable()), [Action::Prove]);
	let attempts = Attempts { claim: at(60), proof: at(66) };
	assert_eq!(decided_after(&proving, &openable(), attempts, 68), []);
	assert_eq!(decided_after(&proving, &openable(), attempts, 69), [Action::Prove]);
	let proven = Duty { proven: true, positions: vec![], ..proving };
	assert_eq!(decided(&proven, &openable()), []);
}

#[test]
fn a_claim_that_need_not_be_proven_is_waited_for() {
	let spared =
		Duty { proof_required: Some(false), positions: vec![], ..committed(Stage::Proving, OURS) };
	assert_eq!(decided(&spared, &openable()), []);
	// Not even its trie is needed.
	let restarted = Progress { committed: Some(RELAYS), ..relays(Relays::Closed) };
	assert_eq!(decided(&spared, &restarted), []);
	let undecided = Duty { proof_required: None, ..committed(Stage::Proving, OURS) };
	assert_eq!(decided(&undecided, &openable()), []);
}

#[test]
fn what_another_hand_has_committed_to_cannot_be_proven() {
	assert_eq!(decided(&committed(Stage::Proving, OTHER), &done()), []);
}

#[test]
fn after_a_restart_a_claim_is_built_again_from_what_the_store_knows_of_it() {
	for stage in [Stage::AwaitingSeed, Stage::Proving] {
		let duty = committed(stage, OURS);
		for contents in [AUDIT, RELAYS, BOTH, PART] {
			let restarted =
				Progress { committed: Some(contents), ..both(Work::Idle, Relays::Closed) };
			assert_eq!(decided(&duty, &restarted), [Action::Rebuild]);
			let building = Progress { building: true, ..restarted };
			assert_eq!(decided(&duty, &building), []);
		}
	}
	let proven = Duty { proven: true, ..committed(Stage::Proving, OURS) };
	let restarted = Progress { committed: Some(AUDIT), ..audit(Work::Idle) };
	assert_eq!(decided(&proven, &restarted), []);
}

#[test]
fn with_an_empty_store_the_work_is_done_again_to_prove_it() {
	for stage in [Stage::AwaitingSeed, Stage::Proving] {
		let duty = committed(stage, OURS);
		assert_eq!(decided(&duty, &audit(Work::Idle)), [Action::Work]);
		assert_eq!(decided(&duty, &audit(Work::Working)), []);
		assert_eq!(decided(&duty, &audit(Work::Done)), [Action::Build(AUDIT)]);
	}
}

#[test]
fn refused_transactions_are_repeated_less_and_less() {
	let proving = committed(Stage::Proving, OURS);
	let decided = |refused, now| {
		let proof = Some(Attempt { block: 66, lost: false, refused });
		decided_after(&proving, &openable(), Attempts { proof, ..NEVER }, now)
	};
	assert_eq!(decided(1, 71), []);
	assert_eq!(decided(1, 72), [Action::Prove]);
	assert_eq!(decided(3, 89), []);
	assert_eq!(decided(3, 90), [Action::Prove]);
	// Never so rarely that the block number overflows.
	assert_eq!(decided(u32::MAX, 66 + 3 * 64), [Action::Prove]);
}

/// A session without an audit.
fn unaudited(stage: Stage) -> Duty<()> {
	Duty { audit: None, ..duty(stage) }
}

#[test]
fn relays_are_claimed_once_none_can_come_any_more() {
	let claiming = unaudited(Stage::Claiming);
	assert_eq!(decided(&unaudited(Stage::Working), &relays(open(true, false))), []);
	assert_eq!(decided(&claiming, &relays(open(true, false))), []);
	assert_eq!(decided(&claiming, &relays(open(true, true))), [Action::Close]);
	assert_eq!(decided(&claiming, &relays(Relays::Closing)), []);
	assert_eq!(decided(&claiming, &relays(Relays::Closed)), [Action::Build(RELAYS)]);
	let ready = built(RELAYS, relays(Relays::Closed));
	assert_eq!(decided(&claiming, &ready), [Action::Claim(OURS)]);
	let made = Duty { committed: Some(OURS), ..claiming };
	assert_eq!(decided(&made, &ready), []);
}

#[test]
fn a_claim_made_before_a_restart_is_not_made_anew() {
	let made = Duty { committed: Some(OURS), ..unaudited(Stage::Claiming) };
	let restarted = Progress { committed: Some(RELAYS), ..relays(Relays::Closed) };
	assert_eq!(decided(&made, &restarted), [Action::Rebuild]);
	assert_eq!(decided(&made, &built(RELAYS, restarted)), []);
}

#[test]
fn an_audit_without_relays_is_claimed_as_soon_as_the_window_opens() {
	let claiming = duty(Stage::Claiming);
	let quiet = both(Work::Done, open(false, false));
	assert_eq!(decided(&claiming, &quiet), [Action::Build(AUDIT)]);
	assert_eq!(decided(&claiming, &built(AUDIT, quiet)), [Action::Claim(OURS)]);
	// Then one is asked for after all.
	let late = built(AUDIT, both(Work::Done, open(true, false)));
	let made = committed(Stage::Claiming, OURS);
	assert_eq!(decided(&made, &late), []);
	let closed = built(AUDIT, both(Work::Done, Relays::Closed));
	assert_eq!(decided(&made, &closed), [Action::Build(BOTH)]);
	let ready = Progress { built: Some((BOTH, OTHER)), ..closed };
	assert_eq!(decided(&made, &ready), [Action::Claim(OTHER)]);
}

#[test]
fn audit_and_relays_are_one_claim() {
	let claiming = duty(Stage::Claiming);
	assert_eq!(decided(&claiming, &both(Work::Done, open(true, false))), []);
	assert_eq!(decided(&claiming, &both(Work::Done, Relays::Closing)), []);
	assert_eq!(decided(&claiming, &both(Work::Done, Relays::Closed)), [Action::Build(BOTH)]);
}

#[test]
fn relays_wait_for_the_audit_while_there_is_time() {
	let claiming = duty(Stage::Claiming);
	let working = both(Work::Working, Relays::Closed);
	assert_eq!(decide(&claiming, &working, &NEVER, 50, 65), []);
	assert_eq!(decide(&claiming, &working, &NEVER, 50, 66), [Action::Build(PART)]);
	// Another audit keeps the cores busy, and this one has not even begun.
	let idle = both(Work::Idle, Relays::Closed);
	assert_eq!(decide(&claiming, &idle, &NEVER, 50, 66), [Action::Build(PART), Action::Work]);
	let ready = built(PART, working);
	assert_eq!(decide(&claiming, &ready, &NEVER, 50, 66), [Action::Claim(OURS)]);
	// It is done just in time: a better claim takes the place of the first.
	let done = built(PART, both(Work::Done, Relays::Closed));
	assert_eq!(decide(&claiming, &done, &NEVER, 50, 67), [Action::Build(BOTH)]);
}

#[test]
fn an_audit_that_is_not_done_is_not_claimed_without_relays() {
	let working = both(Work::Working, Relays::Nothing);
	assert_eq!(decide(&duty(Stage::Claiming), &working, &NEVER, 50, 68), []);
}

#[test]
fn a_session_is_closed_while_work_goes_on_or_starts() {
	let due = both(Work::Idle, open(true, true));
	assert_eq!(decided(&duty(Stage::Claiming), &due), [Action::Close, Action::Work]);
}

#[test]
fn relays_that_the_chain_refuses_do_not_cost_the_audit() {
	let claiming = duty(Stage::Claiming);
	let ready = built(BOTH, both(Work::Done, Relays::Closed));
	let decided = |refused| {
		let claim = Some(Attempt { block: 60, lost: true, refused });
		decided_after(&claiming, &ready, Attempts { claim, ..NEVER }, 61)
	};
	assert_eq!(decided(1), [Action::Claim(OURS)]);
	assert_eq!(decided(2), [Action::Build(AUDIT)]);
}

#[test]
fn the_last_ticks_are_three_or_a_third_of_the_window() {
	// Claims are accepted at ticks 60 to 69: after tick 65, four are left.
	assert!(!is_short(60, 70, 65));
	assert!(is_short(60, 70, 66));
	assert!(is_short(60, 70, 80));
	// Of a short window, 60 to 63, one.
	assert!(!is_short(60, 64, 61));
	assert!(is_short(60, 64, 62));
	assert!(is_short(60, 61, 59));
}

//! Audits that are worked on in the claim window, too: a bid means what can be delivered from the session's
//! seed to the close of its claims. Where every bid is audited in every session that is what can be done in
//! a session, as each audit takes the time of the next. At lower rates two in a row are seldom: then a bid of
//! session and claim window together is delivered most times. Whoever wants to know what is there in a
//! session alone keeps claim windows short beside it.

use super::*;

/// What a machine does in a block: twenty units in a session.
const SPEED: Units = 2;
const SESSIONS: u32 = 40;

/// A task, how much of it is done, and whether it has been committed to.
struct Job {
	duty: Duty<StandardWork>,
	done: Units,
	committed: bool,
}

/// What a machine gains that bids `units`, and works on the oldest task until its claims close.
fn bidding(units: Units) -> (i128, OracleReport) {
	let mut played = None;
	on_chain(Policy { maximum_bid: 40, ..policy() }, || {
		join(1, units);
		let (mut jobs, mut worked) = (Vec::<Job>::new(), 0);
		while System::block_number() < start_of(SESSIONS) {
			next_block();
			for duty in CapacityOracle::duties(0, 1) {
				if jobs.iter().all(|job| job.duty.session != duty.session) {
					jobs.push(Job { duty, done: 0, committed: false });
				}
			}
			let now = System::block_number() as u32;
			let mut left = SPEED;
			for job in jobs.iter_mut().filter(|job| now < job.duty.claims_close) {
				let asked = job.duty.audit.as_ref().unwrap().task.units;
				let more = left.min(asked - job.done);
				(left, job.done, worked) = (left - more, job.done + more, worked + more);
				if !job.committed && job.done == asked && now >= job.duty.claims_open {
					commit(1, job.duty.session, Units::MAX);
					job.committed = true;
				}
			}
			for duty in CapacityOracle::duties(0, 1) {
				if !duty.positions.is_empty() {
					assert_ok!(prove(1, duty.session, proof_of(1, duty.session, Units::MAX)));
				}
			}
		}
		let cost = Balance::from(worked) * policy().cost;
		let gain = owned(&[1]) - ENDOWMENT as i128 - cost as i128;
		played = Some((gain, CapacityOracle::report(0).unwrap()));
	});
	played.unwrap()
}

/// A session has ten blocks, the claim window four: in one audit alone a machine does fourteen blocks' work.
#[test]
fn a_bid_of_what_can_be_done_until_claims_close() {
	let ((honest, _), (attack, report)) = (bidding(20), bidding(28));
	let OracleReport { capacity_reported, capacity_verified, slashed, .. } = report;
	eprintln!("report | 20 units a session bid as 28 | {capacity_reported} | {capacity_verified}");
	assert!(capacity_verified < 28 && slashed > 0, "{capacity_verified}");
	let title = "20 units a session bid as 28, done in the claim window, 40 sessions";
	assert_no_gain(&Gains::new(title, vec![honest], vec![attack]));
}

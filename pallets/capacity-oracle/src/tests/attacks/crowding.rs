//! Bids that nobody could pay the audits of.

use super::*;

const MACHINE: Units = 20;
const SESSIONS: u32 = 20;
/// What the pot has: enough for the audits of the honest for a long time.
const LITTLE: Balance = 50_000;
/// The bids of somebody without any machine, each as large as can be.
const CROWD: std::ops::RangeInclusive<AccountId> = 11..=23;

/// What three honest suppliers and the crowd gain, and the report when the crowd has been there for
/// three sessions, and for all.
fn play(crowded: bool) -> ([i128; 2], [OracleReport; 2]) {
	let mut played = None;
	on_chain(policy(), || {
		let excess = POT - LITTLE;
		let pot = CapacityOracle::pot_account();
		assert_ok!(Balances::force_transfer(RuntimeOrigin::root(), pot, 50, excess));
		// One machine each.
		let mut honest: Vec<_> =
			(1..=3).map(|who| Operator::new([who], MACHINE).joins(MACHINE)).collect();
		let mut crowd = Operator::new(CROWD, 0);
		let mut play_to = |block, crowd: &mut Operator| {
			let mut all: Vec<_> = honest.iter_mut().chain([crowd]).collect();
			operators::play_to(block, &mut all);
		};
		play_to(start_of(5), &mut crowd);
		if crowded {
			crowd = crowd.joins(80);
		}
		play_to(start_of(8), &mut crowd);
		let early = CapacityOracle::report(0).unwrap();
		play_to(start_of(SESSIONS), &mut crowd);
		let late = CapacityOracle::report(0).unwrap();
		let gains = [honest.iter().map(Operator::gain).sum(), crowd.gain()];
		played = Some((gains, [early, late]));
	});
	played.unwrap()
}

/// Audits are switched off as soon as the pot could not pay all bids at once: the honest earn nothing any
/// more, and whoever crowds them out risks nothing; what it bids is called verified for a while.
#[test]
fn audits_are_bid_away() {
	let ([before, _], _) = play(false);
	let ([after, crowd], [early, late]) = play(true);
	let told = |report: &OracleReport| (report.capacity_reported, report.capacity_verified);
	eprintln!(
		"report | audits bid away | 60 of 1,100 units exist | {:?} | {:?}",
		told(&early),
		told(&late)
	);
	eprintln!("gains | 3 honest suppliers, 20 sessions | {before} | {after}");
	let title = "audits bid away by 13 bids of 80 without a machine, 15 sessions";
	let gains = Gains::over_nothing(title, vec![crowd]);
	assert_no_gain(&gains);
	assert_eq!(crowd, 0, "nothing is risked either");
	assert!(after < before / 2, "{after} in place of {before}");
	assert_eq!(told(&early), (1_100, 1_100), "all is called verified");
}

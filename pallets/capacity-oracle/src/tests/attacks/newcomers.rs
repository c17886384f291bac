//! Capacity that nobody has looked at yet. Section 8: verified is what was in sessions that were audited.

use super::*;

/// Three honest suppliers have always delivered. Somebody joins with more than all of them.
#[test]
fn a_newcomer_is_not_verified_before_it_is_audited() {
	let mut verified = Vec::new();
	for joins in [false, true] {
		on_chain(policy(), || {
			let mut honest: Vec<_> =
				(1..=3).map(|who| Operator::new([who], 20).joins(20)).collect();
			let mut all: Vec<_> = honest.iter_mut().collect();
			play_to(start_of(6) - 1, &mut all);
			if joins {
				join(4, 80);
			}
			next_block();
			verified.push(CapacityOracle::report(0).unwrap().capacity_verified);
		});
	}
	eprintln!("report | newcomer of 80 without a machine beside 60 | {verified:?}");
	assert_eq!(verified, [60, 60]);
}

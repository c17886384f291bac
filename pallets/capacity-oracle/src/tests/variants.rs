//! The variants of design section 4, each a policy of the same code.

use super::*;

fn play(policy: Policy<StandardWork>, then: impl FnOnce()) {
	on_chain(policy, || {
		for who in [1, 2, 3] {
			join(who, 20);
		}
		run_to(claims_open(1));
		then();
	});
}

fn gain(who: AccountId) -> i128 {
	(free(who) + bid_of(who).stake) as i128 - ENDOWMENT as i128
}

fn answer(who: AccountId, units: usize) {
	let told = duty(who, 1).unwrap();
	let done: Vec<_> = leaves(&told, Units::MAX).into_iter().take(units).collect();
	let trie = sum_trie::Trie::<sum_trie::Blake2b256>::build(done).unwrap();
	assert_ok!(claim(who, 1, trie.root()));
}

fn show(who: AccountId, units: usize) {
	let told = duty(who, 1).unwrap();
	let done: Vec<_> = leaves(&told, Units::MAX).into_iter().take(units).collect();
	let trie = sum_trie::Trie::<sum_trie::Blake2b256>::build(done).unwrap();
	assert_ok!(prove(who, 1, codec::Encode::encode(&trie.open(&told.positions).unwrap())));
}

/// The first two deliver what is given here, the third nothing.
fn deliver_units(units: [usize; 2]) {
	for (who, units) in [1, 2].into_iter().zip(units) {
		answer(who, units);
	}
	run_to(seed_of(1));
	for (who, units) in [1, 2].into_iter().zip(units) {
		show(who, units);
	}
	run_to(due(1));
}

#[test]
fn naive_lies_cost_nothing() {
	let naive = Policy { stake_factor: FixedU128::from_u32(0), ..policy() };
	play(naive, || {
		deliver_units([20, 10]);
		assert_eq!([1, 2, 3].map(gain), [400, 0, 0]);
	});
}

#[test]
fn proportional_slashing_takes_the_missing_share_rounded_up() {
	play(Policy { slashing: Slashing::Proportional, ..policy() }, || {
		deliver_units([20, 13]);
		assert_eq!([1, 2, 3].map(gain), [400, -700, -2_000]);
	});
	let odd = Policy { slashing: Slashing::Proportional, cost: 7, reference: 3, ..policy() };
	play(odd, || {
		let at_risk = odd.audit_stake(20);
		assert!(at_risk * 3 % 20 > 0, "which is no whole number");
		deliver_units([17, 13]);
		let share = |missing: Balance| -((at_risk * missing).div_ceil(20) as i128);
		assert_eq!([1, 2, 3].map(gain), [3, 7, 20].map(share));
	});
}

#[test]
fn a_missed_quorum_pays_nobody_and_slashes_only_the_guilty() {
	let quorum = |percent| Policy { quorum: Perquintill::from_percent(percent), ..policy() };
	play(quorum(67), || {
		deliver_units([20, 20]);
		assert_eq!([1, 2, 3].map(gain), [0, 0, -2_000]);
		assert!(events().contains(&Event::AuditUnpaid {
			session: 1,
			service: 0,
			supplier: 1,
			reason: UnpaidReason::Quorum
		}));
	});
	play(quorum(66), || {
		deliver_units([20, 20]);
		assert_eq!([1, 2, 3].map(gain), [400, 400, -2_000]);
	});
}

#[test]
fn linear_rewards_pay_pieces_as_much_as_the_whole() {
	let linear = Policy { curvature: FixedU128::from_u32(1), ..policy() };
	assert_eq!(linear.payment(5) * 4, linear.payment(20));
	assert!(policy().payment(5) * 4 < policy().payment(20));
}

#[test]
fn joint_audits_draw_everybody_or_nobody() {
	let joint = Policy {
		selection: Selection::Joint,
		audit_rate: Perquintill::from_percent(40),
		..policy()
	};
	on_chain(joint, || {
		for who in 1..=9 {
			assert_ok!(CapacityOracle::bid(signed(who), 0, 20, 60_000));
		}
		let mut drawn = Vec::new();
		for session in 1..30 {
			run_to(start_of(session + 1) - 1);
			drawn.push(Claims::<Test>::iter_prefix(session).count());
		}
		assert!(drawn.iter().all(|count| [0, 9].contains(count)), "{drawn:?}");
		let sessions = drawn.iter().filter(|count| **count == 9).count();
		assert!((4..22).contains(&sessions), "{drawn:?}");
	});
}

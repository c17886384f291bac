use super::*;
use crate::{Confidence, Fund, PenaltyBasis, PriceList, StandardWork, Synthetic};
use capacity_economics::{cost_bound, PAYMENTS_IN_FUND};
use proptest::prelude::*;

const PRECISION: Perquintill = Perquintill::from_parts(1_000_000_000_000_000);

fn policy() -> Policy<StandardWork> {
	Policy {
		work: Synthetic { steps: 8 }.into(),
		cost: 1_000,
		margin: FixedU128::from_u32(1),
		reference: 100,
		curvature: FixedU128::from_u32(2),
		stake_factor: FixedU128::from_u32(10),
		audit_rate: Perquintill::from_rational(104u64, 1_000),
		selection: Selection::Independent,
		quorum: Perquintill::zero(),
		slashing: Slashing::Full,
		minimum_bid: 10,
		maximum_bid: 400,
		openings: 16,
		relays: None,
	}
}

/// Relays at this price, of which 85 % are the supplier's. Claims are worth less than they put at risk.
fn terms(price: Balance) -> RelayTerms {
	RelayTerms {
		suppliers: 5,
		price,
		prices: PriceList::flat(1),
		owner_share: Perquintill::from_percent(10),
		pot_share: Perquintill::from_percent(5),
		threshold: 100_000,
		adapt_threshold: false,
		probability: Perquintill::from_percent(10),
		wanted_proofs: None,
		penalty: PenaltyBasis::Worth,
		confidence: Confidence::Mean,
		credit_relays: false,
		minimum_deposit: 1_000,
	}
}

/// Money that no audit holds.
fn free(amount: Balance) -> Fund {
	Fund { free: amount, set_aside: 0 }
}

fn with(relays: RelayTerms) -> Policy<StandardWork> {
	Policy { relays: Some(relays), ..policy() }
}

#[test]
fn every_broken_policy_is_named() {
	let fails = |policy: Policy<StandardWork>| policy.check().unwrap_err();
	assert_eq!(policy().check(), Ok(()));
	assert_eq!(
		fails(Policy { reference: 0, ..policy() }),
		PolicyError::Curve(capacity_economics::Error::ZeroReference)
	);
	assert_eq!(
		fails(Policy { curvature: FixedU128::from_rational(1, 2), ..policy() }),
		PolicyError::Curve(capacity_economics::Error::CurvatureOutOfRange)
	);
	assert_eq!(fails(Policy { minimum_bid: 0, ..policy() }), PolicyError::BidRange);
	assert_eq!(fails(Policy { minimum_bid: 401, ..policy() }), PolicyError::BidRange);
	assert_eq!(fails(Policy { openings: 0, ..policy() }), PolicyError::NoOpenings);
	assert_eq!(fails(Policy { cost: Balance::MAX / 400, ..policy() }), PolicyError::TooDear);
}

#[test]
fn bids_are_paid_and_staked_as_the_formulas_say() {
	assert_eq!(policy().payment(100), 100_000 + 100_000);
	assert_eq!(policy().payment(200), 200_000 + 400_000);
	assert_eq!(policy().audit_stake(10), 1_000_000);
	assert_eq!(policy().stake(10), 1_000_000);
	assert_eq!(policy().stake(200), 4_000_000);
}

/// ρ = 2 and σ = 10: 0.1031 for every size from twice the reference on.
#[test]
fn one_rate_makes_truth_best_for_every_size_that_can_be_bid() {
	let least = policy().least_rate(PRECISION).unwrap();
	let percent = least.deconstruct() as f64 / 1e16;
	assert!((10.305..10.325).contains(&percent), "{percent}");
	for largest in [200, 1_000, 1_000_000] {
		let wide = Policy { maximum_bid: largest, ..policy() };
		assert_eq!(wide.least_rate(PRECISION), Some(least));
		let at = |parts| Policy { audit_rate: Perquintill::from_parts(parts), ..wide };
		let parts = least.deconstruct();
		assert_eq!(at(parts).verdict(), Ok(()));
		assert_eq!(at(parts).truthful_up_to(), largest);
		let below = at(parts - parts / 500);
		assert_eq!(below.verdict(), Err(Untruthful::OverreportingPays));
		assert!(below.is_truthful(100) && below.truthful_up_to() < 200);
	}
	// Nobody needs more than the seed's 1/11 up to the reference.
	let small = Policy { maximum_bid: 100, ..policy() }.least_rate(PRECISION).unwrap();
	assert_eq!(small.deconstruct(), 90_909_090_909_090_910);
}

#[test]
fn a_coarse_least_rate_is_above_a_fine_one() {
	let [fine, coarse] =
		[PRECISION, Perquintill::from_percent(5)].map(|by| policy().least_rate(by).unwrap());
	let ratio = coarse.deconstruct() as f64 / fine.deconstruct() as f64;
	assert!((1.0..1.06).contains(&ratio), "{ratio}");
}

#[test]
fn who_has_more_than_the_largest_bid_must_split_and_is_not_spoken_for() {
	assert!(policy().is_truthful(400) && !policy().is_truthful(401));
	assert_eq!(policy().truthful_up_to(), 400);
}

#[test]
fn a_policy_under_which_audits_earn_nothing_is_named() {
	let nothing = Err(Untruthful::NothingEarned);
	let zero = FixedU128::from_u32(0);
	assert_eq!(Policy { margin: zero, ..policy() }.verdict(), nothing);
	assert_eq!(Policy { audit_rate: Perquintill::zero(), ..policy() }.verdict(), nothing);
	assert_eq!(Policy { margin: zero, ..policy() }.least_rate(PRECISION), None);
	assert_eq!(Policy { margin: zero, ..policy() }.truthful_up_to(), 0);
}

#[test]
fn a_stake_that_lets_parts_of_an_audit_be_faked_is_named_at_any_rate() {
	// At the reference S = 10 · margin · cost is less than the cost and a twentieth for the curvature.
	let thin = Policy { margin: FixedU128::from_rational(1, 20), openings: 1, ..policy() };
	assert_eq!(thin.verdict(), Err(Untruthful::ShirkingPays));
	assert_eq!(thin.least_rate(PRECISION), None);
	// A bid of 48 costs 48, earns 1.152, and has 50 at stake; one of 49 is not outweighed.
	assert_eq!(thin.truthful_up_to(), 48);
	assert!(thin.is_truthful(48) && !thin.is_truthful(49));
	assert_eq!(Policy { openings: 3, ..thin }.verdict(), Ok(()));
}

#[test]
fn relays_with_a_profit_ask_for_more_than_audits_alone() {
	// A unit of relays costs what it brings: nothing to gain by more of them.
	assert_eq!(with(terms(1_170)).verdict(), Ok(()));
	let cheap = with(terms(1_190));
	let dear = with(terms(1_800));
	let by = |policy: Policy<StandardWork>| policy.least_rate(PRECISION);
	assert_eq!(with(terms(1_170)).least_rate(PRECISION), policy().least_rate(PRECISION));
	assert_eq!(dear.verdict(), Err(Untruthful::RelaysPay));
	assert!(by(policy()) < by(cheap) && by(cheap) < by(dear), "{:?} {:?}", by(cheap), by(dear));
	let enough = Policy { audit_rate: by(dear).unwrap(), ..dear };
	assert_eq!((enough.verdict(), enough.truthful_up_to()), (Ok(()), 400));
	// No rate is enough where relays bring more than all that is at stake.
	assert_eq!(by(with(terms(100_000))), None);
}

#[test]
fn credited_relays_must_cost_more_than_one_more_unit_of_an_audit_earns() {
	let credited = |price, pot_share| {
		let pot_share = Perquintill::from_percent(pot_share);
		with(RelayTerms { credit_relays: true, pot_share, minimum_deposit: price, ..terms(price) })
	};
	// The largest bid earns 4,000 for a unit beyond its cost, and 8,000 for its last unit.
	let check = credited(8_002, 50);
	assert_eq!((check.check(), check.verdict()), (Ok(()), Err(Untruthful::CreditPays)));
	// Dearer ones leave a profit, for which more may be declared than there is.
	let often = Policy { audit_rate: Perquintill::from_percent(60), ..credited(16_000, 50) };
	assert_eq!(often.verdict(), Err(Untruthful::RelaysPay));
	let safe = credited(9_500, 85);
	assert_eq!((safe.check(), safe.verdict()), (Ok(()), Err(Untruthful::OverreportingPays)));
	let often = Policy { audit_rate: safe.least_rate(PRECISION).unwrap(), ..safe };
	assert_eq!(often.verdict(), Ok(()));
	assert!(often.audit_rate > policy().audit_rate);
}

#[test]
fn claims_that_pay_are_the_first_reason() {
	let half = Confidence::Quantile(Perquintill::from_percent(50));
	let lax = with(RelayTerms { confidence: half, ..terms(1_000) });
	assert_eq!(lax.verdict(), Err(Untruthful::ClaimsPay));
	assert_eq!((lax.truthful_up_to(), lax.least_rate(PRECISION)), (0, None));
}

#[test]
fn joint_audits_deter_at_any_rate_if_there_is_something_to_lose() {
	let joint = Policy {
		selection: Selection::Joint,
		audit_rate: Perquintill::from_percent(1),
		..policy()
	};
	assert!(joint.is_truthful(400));
	assert_eq!(joint.least_rate(PRECISION), Some(Perquintill::from_parts(1)));
	let naive = Policy { stake_factor: FixedU128::from_u32(0), ..joint };
	assert!(!naive.is_truthful(400));
	assert!(Policy { quorum: Perquintill::one(), ..naive }.is_truthful(400));
	// Relays may bring a hundredth of the stake, 100 a unit, and no more.
	let relays = |price| Policy { relays: Some(terms(price)), ..joint };
	assert_eq!(relays(1_294).verdict(), Ok(()));
	assert_eq!(relays(1_300).verdict(), Err(Untruthful::RelaysPay));
}

#[test]
fn a_failed_audit_is_judged_by_what_is_lost() {
	let judged = policy().judged(Perquintill::from_percent(10));
	assert_eq!(judged.stake_factor, FixedU128::from_u32(9));
	assert!(judged.least_rate(PRECISION) > policy().least_rate(PRECISION));
}

#[test]
fn all_bids_are_drawn_at_the_audit_rate_while_their_money_is_there() {
	// Ten bids of the reference cost 2,000,000 together; as many units in the largest bids 5,000,000, and
	// one for rounding.
	let terms = policy().draw_terms(free(5_000_001), 1_000);
	assert_eq!((terms.rate, terms.largest), (policy().audit_rate, 400));
	assert_eq!(terms.set_aside, 5_000_001);
	// Of ten thousand times as many, no more is set aside than they are likely to cost.
	let all = policy().payment_bound(10_000_000);
	assert_eq!(all, 50_000_000_001);
	let terms = policy().draw_terms(free(all), 10_000_000);
	assert_eq!((terms.rate, terms.largest), (policy().audit_rate, 400));
	let bound = cost_bound(policy().audit_rate.mul_ceil(all), policy().payment(400));
	assert_eq!(terms.set_aside, bound);
	assert!(bound < 6_000_000_000, "{bound}");
	// A little more than that is enough.
	let enough = policy().draw_terms(free(bound + 1), 10_000_000);
	assert!(enough.rate >= policy().audit_rate - Perquintill::from_parts(100));
}

#[test]
fn the_rate_is_lowered_to_what_can_be_paid() {
	let fund = 32 * policy().payment(400);
	assert!(policy().affords(fund, 400) && !policy().affords(fund - 1, 400));
	let terms = policy().draw_terms(free(fund), 10_000_000);
	assert_eq!(terms.largest, 400);
	// 9.98 payments of 2,000,000 in 50,000,000,000.
	let expected = 9.97873 * 2_000_000.0 / 50_000_000_000.0;
	assert!((terms.rate.deconstruct() as f64 / 1e18 / expected - 1.0).abs() < 1e-5, "{terms:?}");
	assert!(terms.set_aside <= fund && terms.set_aside >= fund - 10);
}

#[test]
fn bids_that_the_fund_cannot_afford_are_left_out() {
	let fund = 32 * policy().payment(100);
	let terms = policy().draw_terms(free(fund), 10_000_000);
	assert_eq!(terms.largest, 100);
	assert!(terms.rate > Perquintill::zero());
	assert_eq!(
		policy().draw_terms(free(32 * policy().payment(10) - 1), 1_000_000),
		DrawTerms::default()
	);
	// Unless all there are can be paid at once: one of the smallest.
	let single = policy().draw_terms(free(policy().payment_bound(10)), 10);
	assert_eq!((single.largest, single.rate), (400, policy().audit_rate));
}

#[test]
fn what_earlier_audits_hold_lowers_the_rate_and_leaves_nobody_out() {
	let payment = policy().payment(400);
	let [all, part] = [40, 20].map(|payments| {
		let held = (40 - payments) * payment;
		policy().draw_terms(Fund { free: payments * payment, set_aside: held }, 10_000_000)
	});
	assert_eq!((all.largest, part.largest), (400, 400));
	assert!(part.rate < all.rate && part.rate > Perquintill::zero());
	let held = Fund { free: 9 * payment, set_aside: 31 * payment };
	assert_eq!(policy().draw_terms(held, 10_000_000), DrawTerms::default());
}

#[test]
fn a_joint_draw_keeps_the_share_of_the_bids_that_can_be_paid() {
	let joint = Policy { selection: Selection::Joint, ..policy() };
	let all = joint.payment_bound(10_000_000);
	let terms = joint.draw_terms(free(all), 10_000_000);
	assert_eq!((terms.rate, terms.set_aside), (Perquintill::one(), all));
	let fund = 10_000_000_000;
	let thinned = joint.draw_terms(free(fund), 10_000_000);
	assert!(thinned.rate < Perquintill::from_percent(20));
	assert!(thinned.rate > Perquintill::from_percent(16), "{thinned:?}");
	assert!(thinned.set_aside <= fund);
}

proptest! {
	#[test]
	fn a_draw_costs_no_more_than_there_is_and_never_ends(
		fund in 0u128..1 << 70,
		units in 1u64..1_000_000_000_000,
		more in 0u64..1_000_000_000_000,
		joint in any::<bool>(),
	) {
		let selection = if joint { Selection::Joint } else { Selection::Independent };
		let policy = Policy { selection, ..policy() };
		let terms = policy.draw_terms(free(fund), units);
		prop_assert!(terms.set_aside <= fund);
		prop_assert_eq!(terms.rate.is_zero(), terms.largest == 0);
		if policy.affords(fund, policy.minimum_bid) {
			prop_assert!(terms.rate > Perquintill::zero());
			prop_assert!(terms.largest >= policy.minimum_bid);
		}
		if terms.largest > 0 {
			let largest = policy.payment(terms.largest);
			let mean = terms.rate * policy.payment_bound(units);
			prop_assert!(mean <= fund + 1 || policy.payment_bound(units) <= fund || terms.largest < 400);
			// A fund for less than 32 payments may only be drawn on where it pays for all at once.
			let all = policy.payment_bound(units) <= fund;
			prop_assert!(all || largest * u128::from(PAYMENTS_IN_FUND) <= fund);
			let rest = policy.draw_terms(free(fund), units.saturating_add(more));
			prop_assert!(rest.rate <= terms.rate);
			prop_assert!(rest.largest <= terms.largest);
		}
	}

	#[test]
	fn a_larger_fund_never_lowers_the_rate_by_more_than_a_step(
		fund in 600_000u128..1 << 40,
		more in 1u128..1 << 40,
		units in 1u64..1_000_000_000,
	) {
		let [less, more] = [fund, fund + more].map(|fund| policy().draw_terms(free(fund), units));
		let parts = |terms: DrawTerms| u128::from(terms.rate.deconstruct());
		prop_assert!(more.largest >= less.largest);
		// A unit more in the largest bid costs up to a tenth more.
		prop_assert!(parts(more) + parts(less) / 8 >= parts(less));
	}
}

use super::*;
use crate::Values;
use capacity_economics::Perquintill;

fn values(text: &str) -> Vec<FixedU128> {
	text.parse::<Values>().unwrap().all().to_vec()
}

#[test]
fn points_come_by_curvature_then_stake_and_cost_twice_the_rate() {
	let (curvatures, stakes) = (values("1.5,2"), values("2,8,32"));
	let points = unit(&curvatures, &stakes, OnChain::Asked, Progress::Hidden).unwrap();
	let places: Vec<_> = points.iter().map(|point| (point.curvature, point.stake)).collect();
	assert_eq!(places, [(1.5, 2.0), (1.5, 8.0), (1.5, 32.0), (2.0, 2.0), (2.0, 8.0), (2.0, 32.0)]);
	assert!((points[4].cost - 2.0 / 9.0).abs() < 1e-12);
	for point in &points {
		assert_eq!(point.cost, 2.0 * point.least_rate);
		assert!((point.on_chain.unwrap() - point.least_rate).abs() < 1e-11);
	}
}

#[test]
fn costs_fall_with_stake_and_curvature() {
	let (curvatures, stakes) = (values("1.2..3:7"), values("0.5..32x7"));
	let points = unit(&curvatures, &stakes, OnChain::Skipped, Progress::Hidden).unwrap();
	for row in points.chunks(7) {
		assert!(row.windows(2).all(|pair| pair[1].cost <= pair[0].cost + 1e-11));
	}
	assert!(points.iter().zip(&points[7..]).all(|(a, b)| b.cost <= a.cost + 1e-11));
}

#[test]
fn the_reference_capacity_plays_the_unit_game() {
	let (curvatures, stakes) = (values("1.4,2"), values("3,8"));
	let plain = unit(&curvatures, &stakes, OnChain::Skipped, Progress::Hidden).unwrap();
	let one = FixedU128::from_u32(1);
	let (common, at) = (Schedule::plain(), [Capacity::Times(one)]);
	let skipped = OnChain::Skipped;
	let own = schedule(&curvatures, &stakes, &at, common, skipped, Progress::Hidden).unwrap();
	for (plain, own) in plain.iter().zip(&own) {
		assert!((plain.least_rate - own.least_rate).abs() < 1e-12);
		assert!((plain.cost - own.cost).abs() < 1e-8);
		assert!((plain.least_rate - own.like_cost.unwrap()).abs() < 1e-12);
	}
}

#[test]
fn a_policy_at_the_least_rate_reaches_that_capacity_and_no_further() {
	let (two, ten) = (FixedU128::from_u32(2), FixedU128::from_u32(10));
	let minimum_bid = FixedU128::from_rational(1, 4);
	let policy = Schedule { curvature: two, stake: ten, minimum_bid, ..Schedule::plain() };
	// From one and a half times the reference on, this stake deters everybody at one rate.
	for capacity in values("0.5,0.8,1.2") {
		let (skipped, at) = (OnChain::Skipped, [Capacity::Times(capacity)]);
		let found = schedule(&[two], &[ten], &at, policy, skipped, Progress::Hidden).unwrap();
		let rate = Perquintill::from_parts(((found[0].least_rate + 1e-9) * 1e18) as u64);
		let reach = policy.truthful_up_to(rate).unwrap();
		assert!((reach - capacity.float()).abs() < 1e-6, "{reach} {capacity:?}");
	}
}

#[test]
fn a_curve_that_is_not_convex_is_refused() {
	for curvature in ["0.9", "17"] {
		let curvatures = values(curvature);
		assert!(unit(&curvatures, &values("8"), OnChain::Skipped, Progress::Hidden).is_err());
	}
}

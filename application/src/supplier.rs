//! How a supplier has been doing: what it is busy with, how fast it is, whether it fails.

use crate::locked;
use capacity_oracle_client::AccountId32;
use std::{
	sync::{Arc, Mutex},
	time::{Duration, Instant},
};

/// The rest after a first failure. Each further one doubles it.
const FIRST_REST: Duration = Duration::from_millis(500);
/// The longest rest; also that of a supplier whose answer was wrong.
const LONGEST_REST: Duration = Duration::from_secs(60);
/// The rest of a supplier that is in another session for the moment.
const SHORT_REST: Duration = Duration::from_millis(500);
/// How much of the average the last answer makes up.
const LAST: f64 = 0.2;
/// In so many seconds an average counts for half as much: whoever was slow is tried again.
const HALVING: f64 = 5.0;
/// How long a supplier is taken to need that has not answered yet, in seconds. That holds from its
/// second request on: one is always worth a try.
const UNKNOWN: f64 = 1.0;

/// A supplier, over all sessions. Whoever asks it holds an [`Underway`] meanwhile.
#[derive(Debug)]
pub struct Supplier {
	pub account: AccountId32,
	health: Mutex<Health>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Health {
	underway: u32,
	/// In seconds, averaged, and when it was measured last.
	latency: Option<(f64, Instant)>,
	/// Since the last answer.
	failures: u32,
	rests_until: Option<Instant>,
	answered: u64,
	failed: u64,
}

/// How a supplier stands when it is to be chosen or not.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
	/// How long one more request may take: requests under way times the average latency, in seconds.
	pub cost: f64,
	/// How long it still rests after a failure.
	pub rest: Duration,
}

/// What a supplier has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Record {
	pub answered: u64,
	pub failed: u64,
	/// In seconds, averaged.
	pub latency: Option<f64>,
}

impl Supplier {
	/// A supplier of which nothing is known.
	pub fn new(account: AccountId32) -> Self {
		Self { account, health: Mutex::default() }
	}

	/// A request to it begins.
	pub fn begin(self: &Arc<Self>) -> Underway {
		let mut health = locked(&self.health);
		health.underway = health.underway.saturating_add(1);
		Underway(self.clone())
	}

	/// It has answered.
	pub fn answered(&self, now: Instant, took: Duration) {
		let mut health = locked(&self.health);
		let took = took.as_secs_f64();
		let mean = health.latency.map_or(took, |(mean, _)| mean + LAST * (took - mean));
		health.latency = Some((mean, now));
		(health.failures, health.rests_until) = (0, None);
		health.answered = health.answered.saturating_add(1);
	}

	/// It has failed: it rests, longer with each failure in a row. Requests that were under way when
	/// it began to rest say nothing new. Returns whether a rest has begun.
	pub fn failed(&self, now: Instant) -> bool {
		let mut health = locked(&self.health);
		health.failed = health.failed.saturating_add(1);
		if health.rests_until.is_some_and(|until| until > now) {
			return false;
		}
		let rest = FIRST_REST.saturating_mul(1u32.checked_shl(health.failures).unwrap_or(u32::MAX));
		health.failures = health.failures.saturating_add(1);
		health.rests_until = now.checked_add(rest.min(LONGEST_REST));
		true
	}

	/// Its answer was not what it must be: it rests as long as anybody.
	pub fn misbehaved(&self, now: Instant) {
		let mut health = locked(&self.health);
		health.failed = health.failed.saturating_add(1);
		health.failures = health.failures.saturating_add(1);
		health.rests_until = now.checked_add(LONGEST_REST);
	}

	/// It is not ready yet, or not any more: a moment's rest, without blame.
	pub fn not_ready(&self, now: Instant) {
		let mut health = locked(&self.health);
		health.rests_until = health.rests_until.max(now.checked_add(SHORT_REST));
	}

	/// How it stands at this time.
	pub fn standing(&self, now: Instant) -> Standing {
		let Health { underway, latency, rests_until, .. } = *locked(&self.health);
		let latency = match latency {
			Some((mean, then)) => {
				let age = now.saturating_duration_since(then).as_secs_f64();
				mean * 0.5f64.powf(age / HALVING)
			}
			None if underway == 0 => 0.0,
			None => UNKNOWN,
		};
		let rest = rests_until.map(|until| until.saturating_duration_since(now));
		Standing {
			cost: f64::from(underway.saturating_add(1)) * latency,
			rest: rest.unwrap_or_default(),
		}
	}

	/// What it has done so far.
	pub fn record(&self) -> Record {
		let Health { answered, failed, latency, .. } = *locked(&self.health);
		Record { answered, failed, latency: latency.map(|(mean, _)| mean) }
	}
}

/// A request that is under way.
#[derive(Debug)]
pub struct Underway(Arc<Supplier>);

impl Drop for Underway {
	fn drop(&mut self) {
		let mut health = locked(&self.0.health);
		health.underway = health.underway.saturating_sub(1);
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn supplier() -> Arc<Supplier> {
		Arc::new(Supplier::new(AccountId32([1; 32])))
	}

	const SECOND: Duration = Duration::from_secs(1);

	#[test]
	fn what_is_under_way_counts_until_it_is_over() {
		let (supplier, now) = (supplier(), Instant::now());
		supplier.answered(now, SECOND);
		let (one, two) = (supplier.begin(), supplier.begin());
		assert_eq!(supplier.standing(now).cost, 3.0);
		drop(one);
		assert_eq!(supplier.standing(now).cost, 2.0);
		drop(two);
		assert_eq!(supplier.standing(now).cost, 1.0);
	}

	#[test]
	fn the_average_follows_the_last_answers() {
		let (supplier, now) = (supplier(), Instant::now());
		supplier.answered(now, SECOND);
		supplier.answered(now, 2 * SECOND);
		assert!((supplier.standing(now).cost - 1.2).abs() < 1e-9);
		(0..50).for_each(|_| supplier.answered(now, 2 * SECOND));
		assert!((supplier.standing(now).cost - 2.0).abs() < 1e-4);
	}

	#[test]
	fn whoever_was_slow_is_tried_again_some_day() {
		let (supplier, now) = (supplier(), Instant::now());
		supplier.answered(now, 8 * SECOND);
		assert_eq!(supplier.standing(now).cost, 8.0);
		assert_eq!(supplier.standing(now + 5 * SECOND).cost, 4.0);
		assert_eq!(supplier.standing(now + 15 * SECOND).cost, 1.0);
	}

	#[test]
	fn of_whom_nothing_is_known_is_given_one_request_to_try() {
		let (supplier, now) = (supplier(), Instant::now());
		assert_eq!(supplier.standing(now).cost, 0.0);
		let _first = supplier.begin();
		assert!(supplier.standing(now).cost > 1.0);
	}

	#[test]
	fn each_failure_in_a_row_doubles_the_rest() {
		let (supplier, mut now) = (supplier(), Instant::now());
		let mut rests = Vec::new();
		for _ in 0..40 {
			assert!(supplier.failed(now));
			let rest = supplier.standing(now).rest;
			rests.push(rest);
			now += rest;
		}
		assert_eq!(rests[..3], [FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST]);
		assert_eq!(rests[39], LONGEST_REST);
	}

	#[test]
	fn many_requests_that_fail_together_are_one_failure() {
		let (supplier, now) = (supplier(), Instant::now());
		assert!(supplier.failed(now));
		assert!(!supplier.failed(now));
		assert_eq!(supplier.standing(now).rest, FIRST_REST);
		assert_eq!(supplier.record().failed, 2);
	}

	#[test]
	fn an_answer_ends_the_rest() {
		let (supplier, now) = (supplier(), Instant::now());
		supplier.failed(now);
		supplier.answered(now, SECOND);
		assert_eq!(supplier.standing(now).rest, Duration::ZERO);
		supplier.failed(now);
		assert_eq!(supplier.standing(now).rest, FIRST_REST, "it begins anew");
	}

	#[test]
	fn a_wrong_answer_costs_the_longest_rest_and_another_session_hardly_any() {
		let (wrong, late, now) = (supplier(), supplier(), Instant::now());
		wrong.misbehaved(now);
		assert_eq!(wrong.standing(now).rest, LONGEST_REST);
		late.not_ready(now);
		assert_eq!(late.standing(now).rest, SHORT_REST);
		assert_eq!(late.record().failed, 0);
		wrong.not_ready(now);
		assert_eq!(wrong.standing(now).rest, LONGEST_REST, "that does not shorten it");
	}
}

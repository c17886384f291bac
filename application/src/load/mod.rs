//! Puts suppliers under load, and measures them.

mod figures;
mod report;

pub use figures::Figures;
pub use report::Measured;

use crate::{locked, rpc::Question, Reason, Relayer, Unanswered};
use anyhow::Result;
use indicatif::ProgressBar;
use std::{
	future::Future,
	sync::{
		atomic::{AtomicU64, Ordering},
		Arc, Mutex,
	},
	time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// What load to make.
#[derive(Clone, Debug)]
pub struct Plan {
	pub requests: u64,
	/// Requests under way at once, at the most.
	pub concurrency: usize,
	/// Requests per second; as many as go if left out.
	pub rate: Option<f64>,
	pub question: Question,
}

impl Plan {
	/// When a request is due, after the start, if that is not as soon as it can be made.
	fn due(&self, number: u64) -> Option<Duration> {
		Duration::try_from_secs_f64(number as f64 / self.rate?).ok()
	}
}

struct Run {
	plan: Plan,
	relayer: Arc<Relayer>,
	bar: ProgressBar,
	start: Instant,
	next: AtomicU64,
	figures: Mutex<Figures>,
}

/// Makes the load, until it is done or `stopped`, or no more can be served.
pub async fn load(
	relayer: Arc<Relayer>,
	plan: Plan,
	bar: ProgressBar,
	stopped: impl Future<Output = ()>,
) -> Result<Measured> {
	let workers = plan.concurrency.max(1);
	bar.reset();
	let run = Arc::new(Run {
		plan,
		bar,
		start: Instant::now(),
		next: AtomicU64::new(0),
		figures: Mutex::new(Figures::new()?),
		relayer: relayer.clone(),
	});
	let mut tasks = JoinSet::new();
	(0..workers).for_each(|_| drop(tasks.spawn(worker(run.clone()))));
	tokio::select! {
		_ = async { while tasks.join_next().await.is_some() {} } => {}
		() = stopped => tasks.shutdown().await,
	}
	let took = run.start.elapsed();
	run.bar.finish_and_clear();
	relayer.compared().await;
	let figures = std::mem::replace(&mut *locked(&run.figures), Figures::new()?);
	Ok(Measured { figures, took, counters: relayer.counters() })
}

async fn worker(run: Arc<Run>) {
	loop {
		let number = run.next.fetch_add(1, Ordering::Relaxed);
		if number >= run.plan.requests {
			return;
		}
		// A request that is made late, as all workers are busy, has waited since it was due.
		let due = match run.plan.due(number) {
			Some(due) => run.start + due,
			None => Instant::now(),
		};
		if due > Instant::now() {
			tokio::time::sleep_until(due.into()).await;
		}
		let answer = run.relayer.ask(&run.plan.question).await;
		let over = answer.as_ref().err().is_some_and(ends);
		locked(&run.figures).add(answer, due.elapsed());
		run.bar.inc(1);
		if over {
			// Nor would any other request be served.
			run.next.store(run.plan.requests, Ordering::Relaxed);
			return;
		}
	}
}

fn ends(unanswered: &Unanswered) -> bool {
	matches!(unanswered.reason, Reason::NotServed(_) | Reason::CannotPay { .. })
}

#[cfg(test)]
mod tests {
	use super::*;

	fn plan(rate: Option<f64>) -> Plan {
		let question = Question::new("a", &serde_json::json!([]));
		Plan { requests: 10, concurrency: 2, rate, question }
	}

	#[test]
	fn a_rate_says_when_each_request_is_due() {
		assert_eq!(plan(Some(4.0)).due(6), Some(Duration::from_millis(1_500)));
		assert_eq!(plan(None).due(6), None);
	}
}

//! Doing the work of a task on all cores, piece by piece, each piece saved as it is done.

use crate::{
	lie::Plan,
	store::{Key, Store, UnitResult},
};
use anyhow::Result;
use capacity_protocol::{Synthetic, Task, Units};
use rayon::{prelude::*, ThreadPool};
use std::{
	ops::Range,
	sync::atomic::{AtomicBool, Ordering},
	time::{Duration, Instant},
};
use sum_trie::{Blake2b256, Trie};

/// What the chain hashes with.
pub type ClaimTrie = Trie<Blake2b256>;

/// How much time one piece should take: what is lost if the process is killed.
const PIECE: Duration = Duration::from_millis(500);

/// One task to work on.
pub struct Job {
	pub key: Key,
	pub work: Synthetic,
	pub task: Task,
	pub plan: Plan,
}

impl Job {
	/// Does what the store does not have yet. False if it was told to stop before the end. `progress`
	/// is told how many units are done so far, those from the store included.
	pub fn run(
		&self,
		store: &Store,
		pool: &ThreadPool,
		stop: &AtomicBool,
		progress: impl Fn(Units),
	) -> Result<bool> {
		let missing = store.missing(&self.key, self.plan.done)?;
		let left: Units = missing.iter().map(|range| range.end - range.start).sum();
		let mut done = self.plan.done.saturating_sub(left);
		let mut size = pool.current_num_threads() as Units;
		for mut range in missing {
			while !range.is_empty() {
				progress(done);
				if stop.load(Ordering::Relaxed) {
					return Ok(false);
				}
				let piece = range.start..range.end.min(range.start.saturating_add(size));
				range.start = piece.end;
				let begun = Instant::now();
				let results = self.piece(pool, piece.clone());
				size = next_size(size, begun.elapsed());
				store.save(&self.key, piece.start, &results)?;
				done = done.saturating_add(piece.end - piece.start);
			}
		}
		progress(done);
		Ok(true)
	}

	fn piece(&self, pool: &ThreadPool, units: Range<Units>) -> Vec<UnitResult> {
		let one = |unit| {
			let content = self.work.unit::<Blake2b256>(&self.task, unit);
			// The unit's number comes first; the store knows it anyway.
			content.last_chunk::<32>().copied().unwrap_or_default()
		};
		pool.install(|| units.into_par_iter().map(one).collect())
	}
}

/// How many units the next piece should have, after one of `size` took `time`.
fn next_size(size: Units, time: Duration) -> Units {
	if time < PIECE / 2 {
		size.saturating_mul(2)
	} else if time > PIECE * 2 {
		(size / 2).max(1)
	} else {
		size
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::lie::Lie;
	use std::sync::Mutex;

	const TASK: Task = Task { seed: [9; 32], units: 50 };
	const WORK: Synthetic = Synthetic { steps: 3 };
	const KEY: Key = Key { session: 1, seed: TASK.seed };

	fn store(dir: &tempfile::TempDir) -> Store {
		Store::open(dir.path(), &[1; 32]).unwrap()
	}

	fn job(lie: Option<Lie>) -> Job {
		Job { key: KEY, work: WORK, task: TASK, plan: Plan::new(TASK.units, lie).unwrap() }
	}

	fn pool() -> ThreadPool {
		rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap()
	}

	/// The root of what the store has.
	fn root(store: &Store, job: &Job) -> sum_trie::Root {
		let results = store.results(&KEY, job.plan.done).unwrap();
		let leaves = job.plan.leaves(&TASK.seed, &results);
		ClaimTrie::build(leaves).unwrap().root()
	}

	fn honest() -> sum_trie::Root {
		ClaimTrie::build(WORK.leaves::<Blake2b256>(&TASK).collect()).unwrap().root()
	}

	#[test]
	fn what_is_done_is_what_the_chain_expects() {
		let dir = tempfile::tempdir().unwrap();
		let (store, stop) = (store(&dir), AtomicBool::new(false));
		let seen = Mutex::new(Vec::new());
		let progress = |done| seen.lock().unwrap().push(done);
		assert!(job(None).run(&store, &pool(), &stop, progress).unwrap());
		assert_eq!(root(&store, &job(None)), honest());
		let seen = seen.into_inner().unwrap();
		assert_eq!((seen.first(), seen.last()), (Some(&0), Some(&50)));
		assert!(seen.is_sorted());
	}

	#[test]
	fn a_job_that_was_stopped_goes_on_where_it_was() {
		let dir = tempfile::tempdir().unwrap();
		let stop = AtomicBool::new(false);
		let stop_soon = |done| stop.store(done > 5, Ordering::Relaxed);
		assert!(!job(None).run(&store(&dir), &pool(), &stop, stop_soon).unwrap());

		let store = store(&dir);
		let missing = store.missing(&KEY, 50).unwrap();
		assert!(missing[0].start > 5 && missing[0].end == 50, "{missing:?}");
		// What was saved is not done again: put something wrong there, and it stays.
		store.save(&KEY, 0, &[[0xee; 32]; 2]).unwrap();
		let first = Mutex::new(None);
		let note = |done| {
			first.lock().unwrap().get_or_insert(done);
		};
		assert!(job(None).run(&store, &pool(), &AtomicBool::new(false), note).unwrap());
		assert_eq!(first.into_inner().unwrap(), Some(missing[0].start));
		assert_ne!(root(&store, &job(None)), honest());
	}

	#[test]
	fn liars_do_no_more_than_they_must() {
		let dir = tempfile::tempdir().unwrap();
		let (store, stop) = (store(&dir), AtomicBool::new(false));
		let (fakes, overbid) = (job(Some(Lie::Fakes(0.5))), job(Some(Lie::Overbid(2.0))));
		fakes.run(&store, &pool(), &stop, |_| ()).unwrap();
		assert_eq!(root(&store, &fakes).sum, 50);
		assert_eq!(store.missing(&KEY, 50).unwrap(), [25..50]);
		overbid.run(&store, &pool(), &stop, |_| ()).unwrap();
		assert_eq!(root(&store, &overbid).sum, 25);
	}

	#[test]
	fn pieces_grow_until_they_take_their_time() {
		assert_eq!(next_size(4, PIECE / 10), 8);
		assert_eq!(next_size(4, PIECE), 4);
		assert_eq!(next_size(4, PIECE * 3), 2);
		assert_eq!(next_size(1, PIECE * 3), 1);
	}
}

//! How much of a task is really done: all of it, unless this supplier is to lie.

use capacity_protocol::{Seed, Synthetic, Units};
use codec::{Decode, Encode};
use std::str::FromStr;
use sum_trie::{Blake2b256, Hasher, Leaf};

/// A way to cheat, to see what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lie {
	/// Bids, and never answers an audit.
	Silent,
	/// Bids so many times what it delivers.
	Overbid(f64),
	/// Makes up this share of what it commits to.
	Fakes(f64),
	/// Claims so many times the relays that it served.
	Pads(f64),
	/// Makes up a tenth of what it served, and hides that among real relays of an application of its
	/// own: so many times as many as it served.
	Dilutes(f64),
}

impl FromStr for Lie {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let (kind, number) = match text.split_once('=') {
			Some((kind, number)) => {
				let parsed = number.parse::<f64>().map_err(|_| format!("{number} is no number"))?;
				(kind, Some(parsed))
			}
			None => (text, None),
		};
		match (kind, number) {
			("silent", None) => Ok(Self::Silent),
			("overbid", Some(times)) if times >= 1.0 && times.is_finite() => {
				Ok(Self::Overbid(times))
			}
			("overbid", _) => Err("give how many times too much it bids, like overbid=2.0".into()),
			("fakes", Some(share)) if (0.0..=1.0).contains(&share) => Ok(Self::Fakes(share)),
			("fakes", _) => Err("give the share that is made up, like fakes=0.5".into()),
			("pads", Some(times)) if times >= 1.0 && times.is_finite() => Ok(Self::Pads(times)),
			("pads", _) => {
				Err("give how many times the relays served it claims, like pads=2.0".into())
			}
			("dilutes", Some(times)) if times > 0.0 && times.is_finite() => {
				Ok(Self::Dilutes(times))
			}
			("dilutes", _) => {
				Err("give how many times the relays served it adds of an application of \
			                       its own, like dilutes=2.0"
					.into())
			}
			_ => {
				Err("it is silent, overbid=TIMES, fakes=SHARE, pads=TIMES or dilutes=TIMES".into())
			}
		}
	}
}

/// What is to be done of an audit's task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Plan {
	/// Units that are really done: the first ones.
	pub done: Units,
	/// Units that are committed to; what is not done of them is made up.
	pub claimed: Units,
}

impl Plan {
	/// What to do of a task of `units`; none if there will be no answer at all.
	pub fn new(units: Units, lie: Option<Lie>) -> Option<Self> {
		let share = |share: f64| ((units as f64 * share).floor() as Units).min(units);
		match lie {
			None | Some(Lie::Pads(_) | Lie::Dilutes(_)) => {
				Some(Self { done: units, claimed: units })
			}
			Some(Lie::Silent) => None,
			Some(Lie::Overbid(times)) => {
				let done = share(1.0 / times).max(1).min(units);
				Some(Self { done, claimed: done })
			}
			Some(Lie::Fakes(fakes)) => Some(Self { done: share(1.0 - fakes), claimed: units }),
		}
	}

	/// What can be committed to when only the first `units` are done.
	pub fn cut(&self, units: Units) -> Self {
		let done = units.min(self.done);
		Self { done, claimed: done }
	}

	/// The leaves to commit to, given the seed of the task and the results of what was done.
	pub fn leaves(&self, seed: &Seed, results: &[[u8; 32]]) -> Vec<Leaf> {
		let made_up = |unit: Units| Blake2b256::hash(&[b"made up", seed, &unit.to_le_bytes()]);
		(0..self.claimed)
			.map(|unit| {
				let done = results.get(unit as usize).filter(|_| unit < self.done).copied();
				let result = done.unwrap_or_else(|| made_up(unit));
				Leaf {
					path: Synthetic::path::<Blake2b256>(unit),
					value: [&unit.to_le_bytes()[..], &result].concat(),
					weight: 1,
				}
			})
			.collect()
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_protocol::{Task, Work, WorkError};

	const WORK: Synthetic = Synthetic { steps: 3 };
	const TASK: Task = Task { seed: [9; 32], units: 20 };

	fn results() -> Vec<[u8; 32]> {
		(0..TASK.units)
			.map(|unit| WORK.unit::<Blake2b256>(&TASK, unit)[8..].try_into().unwrap())
			.collect()
	}

	fn leaves(lie: Option<Lie>) -> Vec<Leaf> {
		Plan::new(TASK.units, lie).unwrap().leaves(&TASK.seed, &results())
	}

	/// How many leaves the chain would accept, and how many not.
	fn checked(leaves: &[Leaf]) -> (usize, usize) {
		let good =
			leaves.iter().filter(|leaf| match WORK.check::<Blake2b256>(&TASK, &leaf.value) {
				Ok((path, weight)) => {
					assert_eq!((path, weight), (leaf.path, leaf.weight));
					true
				}
				Err(error) => {
					assert_eq!(error, WorkError::WrongResult);
					false
				}
			});
		let good = good.count();
		(good, leaves.len() - good)
	}

	#[test]
	fn the_honest_do_all_of_it() {
		assert_eq!(checked(&leaves(None)), (20, 0));
		let expected: Vec<_> = WORK.leaves::<Blake2b256>(&TASK).collect();
		assert_eq!(leaves(None), expected);
	}

	#[test]
	fn the_silent_do_nothing() {
		assert_eq!(Plan::new(20, Some(Lie::Silent)), None);
	}

	#[test]
	fn overbidders_commit_to_what_they_did() {
		assert_eq!(checked(&leaves(Some(Lie::Overbid(2.0)))), (10, 0));
		assert_eq!(checked(&leaves(Some(Lie::Overbid(3.0)))), (6, 0));
		assert_eq!(checked(&leaves(Some(Lie::Overbid(1e9)))), (1, 0), "a claim is never empty");
		assert_eq!(checked(&leaves(Some(Lie::Overbid(1.0)))), (20, 0));
	}

	#[test]
	fn whoever_lies_about_relays_does_its_audits() {
		assert_eq!(checked(&leaves(Some(Lie::Pads(2.0)))), (20, 0));
		assert_eq!(checked(&leaves(Some(Lie::Dilutes(2.0)))), (20, 0));
	}

	#[test]
	fn what_is_cut_short_has_nothing_made_up_in_it() {
		let plan = Plan::new(20, Some(Lie::Fakes(0.5))).unwrap();
		assert_eq!(plan.cut(4), Plan { done: 4, claimed: 4 });
		assert_eq!(plan.cut(15), Plan { done: 10, claimed: 10 });
		assert_eq!(checked(&plan.cut(4).leaves(&TASK.seed, &results())), (4, 0));
	}

	#[test]
	fn fakers_commit_to_everything() {
		assert_eq!(checked(&leaves(Some(Lie::Fakes(0.5)))), (10, 10));
		assert_eq!(checked(&leaves(Some(Lie::Fakes(1.0)))), (0, 20));
		assert_eq!(checked(&leaves(Some(Lie::Fakes(0.0)))), (20, 0));
	}

	#[test]
	fn lies_are_read_and_misread_in_words() {
		assert_eq!("silent".parse(), Ok(Lie::Silent));
		assert_eq!("overbid=2.0".parse(), Ok(Lie::Overbid(2.0)));
		assert_eq!("fakes=0.5".parse(), Ok(Lie::Fakes(0.5)));
		assert_eq!("pads=3".parse(), Ok(Lie::Pads(3.0)));
		assert_eq!("dilutes=0.5".parse(), Ok(Lie::Dilutes(0.5)));
		let wrong = ["", "big", "silent=1", "overbid", "overbid=0.5", "fakes=2", "fakes=x"];
		for wrong in
			wrong.into_iter().chain(["pads", "pads=0.9", "pads=inf", "dilutes", "dilutes=0"])
		{
			assert!(wrong.parse::<Lie>().is_err(), "{wrong}");
		}
	}
}

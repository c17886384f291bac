//! The work itself: the leaves of audits and relays, and the tries over them.

use super::{
	chain::{AccountId, KeyedHash, H, SERVICE},
	strategies::Claimed,
};
use capacity_protocol::{
	task_seed, Relay, RelayContext, RelayRequest, RelayTerms, Seed, SigningKey, Synthetic, Task,
	Units,
};
use codec::Encode;
use std::collections::HashMap;
use sum_trie::{Leaf, Path};

/// Makes leaves. Knows the paths of audits by heart, which are the same for everybody.
pub struct Workshop {
	work: Synthetic,
	/// For so many units of audit, the paths of all, in order, and which unit each is.
	paths: HashMap<Units, Vec<(Path, Units)>>,
}

impl Workshop {
	pub fn new(work: Synthetic) -> Self {
		Self { work, paths: HashMap::new() }
	}

	/// Computes the first `done` units of an audit of `units`, and makes up the next `faked` ones.
	pub fn audit(
		&mut self,
		seed: &Seed,
		supplier: AccountId,
		units: Units,
		done: Units,
		faked: Units,
	) -> Vec<Leaf> {
		let task =
			Task { seed: supplier.using_encoded(|who| task_seed::<H>(seed, SERVICE, who)), units };
		let shown = done.saturating_add(faked);
		let paths = self.paths.entry(shown).or_insert_with(|| {
			let mut paths: Vec<_> =
				(0..shown).map(|index| (Synthetic::path::<H>(index), index)).collect();
			paths.sort_unstable();
			paths
		});
		let leaf = |(path, index): &(Path, Units)| Leaf {
			path: *path,
			value: match *index < done {
				true => self.work.unit::<H>(&task, *index).to_vec(),
				false => [0; 32].to_vec(),
			},
			weight: 1,
		};
		paths.iter().map(leaf).collect()
	}
}

/// The relays of one entry of a claim: requests that the application signed with `key`, and some that look
/// like it. Returns what they weigh: the units of the entry, less what is no whole request.
pub fn relays(
	seed: &Seed,
	supplier: AccountId,
	key: &SigningKey,
	claimed: &Claimed,
	terms: &RelayTerms,
	leaves: &mut Vec<Leaf>,
) -> Weighed {
	let application = claimed.application;
	let context =
		supplier.using_encoded(|who| RelayContext::new::<H>(seed, SERVICE, who, application));
	let weight = Units::from(terms.prices.usual.max(1));
	let (signed, made_up) = (claimed.signed / weight, claimed.made_up / weight);
	for nonce in 0..signed + made_up {
		let request = RelayRequest { method: [0; 4], nonce, payload: [7; 32] };
		let digest = context.digest::<H>(&request);
		let signature = match nonce < signed {
			true => KeyedHash::sign(&digest, key),
			false => [0; 64],
		};
		let relay = Relay { application, key: 0, request, signature, response: [8; 32] };
		leaves.push(Leaf {
			path: Relay::path(application, &digest),
			value: relay.encode(),
			weight,
		});
	}
	Weighed { signed: signed * weight, made_up: made_up * weight }
}

/// Units of relays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighed {
	pub signed: Units,
	pub made_up: Units,
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::simulation::{chain::signing_key, relay_terms};
	use capacity_protocol::{Ranks, RelayTask, Relaying, Work};
	use sum_trie::{Hasher, Trie};

	#[test]
	fn audits_are_those_of_the_protocol() {
		let work = Synthetic { steps: 3 };
		let seed = [5; 32];
		let task =
			Task { seed: 9u64.using_encoded(|who| task_seed::<H>(&seed, SERVICE, who)), units: 20 };
		let whole = Trie::<H>::build(work.leaves::<H>(&task).collect()).unwrap();
		let mut workshop = Workshop::new(work);
		let made = Trie::<H>::build(workshop.audit(&seed, 9, 20, 20, 0)).unwrap();
		assert_eq!(made.root(), whole.root());
		let part = workshop.audit(&seed, 9, 20, 7, 0);
		assert_eq!(part.len(), 7);
		assert!(part.iter().all(|leaf| whole.get(&leaf.path) == Some(leaf)));
		let faked = workshop.audit(&seed, 9, 20, 12, 8);
		assert!(faked.iter().all(|leaf| whole.get(&leaf.path).is_some()));
		let right = faked.iter().filter(|leaf| whole.get(&leaf.path) == Some(leaf));
		assert_eq!(right.count(), 12);
	}

	#[test]
	fn of_relays_those_that_were_signed_pass() {
		let (seed, key) = ([5; 32], signing_key(4));
		let claimed =
			Claimed { application: 2, ranks: Ranks::NONE, signed: 5, made_up: 3, served: true };
		let mut leaves = Vec::new();
		let weighed = relays(&seed, 9, &key, &claimed, &relay_terms(), &mut leaves);
		assert_eq!(weighed, Weighed { signed: 5, made_up: 3 });
		let context = 9u64.using_encoded(|who| RelayContext::new::<H>(&seed, SERVICE, who, 2));
		let task = RelayTask { context, application: 2, keys: vec![Some(key)] };
		let relaying = Relaying::<KeyedHash>::new(relay_terms().prices);
		let passes =
			|leaf: &&Leaf| relaying.check::<H>(&task, &leaf.value) == Ok((leaf.path, leaf.weight));
		assert_eq!(leaves.iter().filter(passes).count(), 5);
		assert_eq!(Trie::<H>::build(leaves).unwrap().sum(), 8);
	}

	#[test]
	fn tasks_of_other_suppliers_are_other_work() {
		let mut workshop = Workshop::new(Synthetic { steps: 1 });
		let seed = [5; 32];
		let (one, other) = (workshop.audit(&seed, 1, 4, 4, 0), workshop.audit(&seed, 2, 4, 4, 0));
		assert!(one.iter().zip(&other).all(|(a, b)| a.path == b.path && a.value != b.value));
		assert_ne!(H::hash(&[&one[0].value]), H::hash(&[&other[0].value]));
	}
}

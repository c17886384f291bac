//! One session of a network: who serves whom, and the claims that follow.

use super::{document::Example, encoding};
use anyhow::{ensure, Result};
use capacity_protocol::{assigned_unit, payers, ApplicationIndex, Payer, Ranks, Units};
use serde::Serialize;
use sum_trie::Blake2b256;

/// Pairs of an application and a supplier that are drawn at the most: seconds of work.
const MOST: u64 = 20_000_000;

/// One session, in which every application uses all suppliers that are drawn for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
	/// Suppliers with something to claim: one claim each.
	pub claims: u64,
	/// Applications that the claims list, all together.
	pub entries: u64,
	/// Entries of the longest list.
	pub longest: u64,
	/// Bytes of all claims, as transactions.
	pub claim_bytes: u64,
}

impl Session {
	/// Applications of a usual claim: as many as on average, to the nearest.
	pub fn usual_list(&self) -> u32 {
		let claims = self.claims.max(1);
		((self.entries + claims / 2) / claims).max(1) as u32
	}
}

/// The list of a claim: its applications in order, with the draws and the units of each.
pub fn list(entries: impl IntoIterator<Item = (ApplicationIndex, Ranks, Units)>) -> Vec<Payer> {
	payers(entries).collect()
}

/// One draw by itself.
pub fn rank(rank: u8) -> Ranks {
	Ranks::of(rank.saturating_add(1), |of| of == rank)
}

/// Draws who serves whom as the chain does, and encodes every claim.
pub fn session(example: &Example, suppliers: u32, relays: u64) -> Result<Session> {
	ensure!(suppliers > 0, "a network has a supplier at least");
	ensure!(
		example.pairs() > 0,
		"a network has an application at least, and a supplier for each of them"
	);
	ensure!(
		example.pairs() <= MOST,
		"{} pairs of applications and suppliers are too many; stay below {MOST}",
		example.pairs()
	);
	let mut lists: Vec<Vec<(ApplicationIndex, Ranks, Units)>> =
		vec![Vec::new(); suppliers as usize];
	for application in 0..example.applications {
		// Suppliers alike: each has one unit.
		let drawn = |rank| {
			let all = suppliers.into();
			assigned_unit::<Blake2b256>(&[7; 32], 0, application, rank, all) as usize
		};
		for rank in 0..example.per_application {
			let supplier = drawn(rank);
			let Some(list) = lists.get_mut(supplier) else { continue };
			// Two draws can fall to the same supplier: then there is one entry.
			if list.last().is_none_or(|(last, ..)| *last != application) {
				let ranks = Ranks::of(example.per_application, |rank| drawn(rank) == supplier);
				list.push((application, ranks, relays));
			}
		}
	}
	let mut found = Session { claims: 0, entries: 0, longest: 0, claim_bytes: 0 };
	for entries in lists.into_iter().filter(|list| !list.is_empty()) {
		found.claims += 1;
		found.entries += entries.len() as u64;
		found.longest = found.longest.max(entries.len() as u64);
		let claim = encoding::claim(Default::default(), &list(entries));
		found.claim_bytes += encoding::transaction(claim) as u64;
	}
	Ok(found)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_supplier_claims_once_for_all_whom_it_serves() {
		let example = Example { applications: 300, per_application: 5, ..Example::default() };
		let many = session(&example, 1_000_000, 10).unwrap();
		// Hardly any supplier is drawn twice: each has one application.
		assert!(many.claims > 1_490 && many.entries > 1_490, "{many:?}");
		assert_eq!(many.usual_list(), 1);
		let few = session(&example, 10, 10).unwrap();
		assert_eq!(few.claims, 10);
		assert!((100..=150).contains(&few.usual_list()), "{few:?}");
		assert!(few.claim_bytes * 10 < many.claim_bytes);
	}

	#[test]
	fn one_supplier_is_everybodys_and_listed_once() {
		let example = Example { applications: 50, per_application: 5, ..Example::default() };
		let one = session(&example, 1, 10).unwrap();
		assert_eq!((one.claims, one.entries, one.longest), (1, 50, 50));
	}

	#[test]
	fn what_takes_too_long_or_is_nothing_is_refused() {
		let example = Example { applications: u32::MAX, ..Example::default() };
		assert!(session(&example, 10, 10).is_err());
		assert!(session(&Example::default(), 0, 10).is_err());
		assert!(session(&Example { applications: 0, ..Example::default() }, 5, 10).is_err());
	}
}

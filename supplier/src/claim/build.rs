//! The trie of a claim.

use super::{padding::padding, tally::weight, Entry};
use crate::{
	lie::Plan,
	store::{KeptSession, Key, RelayPath, UnitResult},
	work::ClaimTrie,
};
use anyhow::{ensure, Result};
use capacity_oracle_client::AccountId32;
use capacity_protocol::{Relay, ServiceId, Units};
use codec::Encode;
use std::collections::BTreeMap;
use sum_trie::{Leaf, Trie};

/// All that this supplier has for a claim.
pub struct Ingredients<'a> {
	pub key: Key,
	pub service: ServiceId,
	pub supplier: AccountId32,
	/// Results of the audit's units, from the first on.
	pub results: &'a [UnitResult],
	/// The session whose relays are claimed, if any are.
	pub session: Option<&'a KeptSession>,
	pub relays: &'a [(RelayPath, Relay)],
}

/// The trie of the units of the audit that `plan` says and of the relays of these applications.
pub fn build(
	ingredients: &Ingredients,
	plan: &Plan,
	entries: &[Entry],
	threads: usize,
) -> Result<ClaimTrie> {
	let mut leaves = plan.leaves(&ingredients.key.seed, ingredients.results);
	if let Some(session) = ingredients.session {
		leaves.extend(relay_leaves(ingredients, session, entries));
	}
	let trie = Trie::build_parallel(leaves, threads)?;
	let listed = plan.claimed.saturating_add(super::units(entries));
	ensure!(
		trie.sum() == listed,
		"the claim of session {} would list {listed} units and hold {}: relays are missing in the \
		 state directory",
		ingredients.key.session,
		trie.sum()
	);
	Ok(trie)
}

fn relay_leaves<'a>(
	ingredients: &'a Ingredients,
	session: &'a KeptSession,
	entries: &'a [Entry],
) -> impl Iterator<Item = Leaf> + 'a {
	let mut served: BTreeMap<_, Units> = entries.iter().map(|e| (e.application, 0)).collect();
	let mut leaves = Vec::with_capacity(ingredients.relays.len());
	for (path, relay) in ingredients.relays {
		let Some(units) = served.get_mut(&relay.application) else { continue };
		let weight = weight(session, relay);
		*units = units.saturating_add(weight);
		leaves.push(Leaf { path: *path, value: relay.encode(), weight });
	}
	// Only a list that lies has more than was served.
	let made_up = entries.iter().flat_map(move |entry| {
		let served = served.get(&entry.application).copied().unwrap_or(0);
		let more = entry.units.saturating_sub(served);
		let Ingredients { service, supplier, .. } = ingredients;
		padding(session, *service, supplier, entry.application, more)
	});
	leaves.into_iter().chain(made_up)
}

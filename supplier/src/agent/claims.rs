//! How far this process is with each claim, and the claims that it makes.

use super::{words, Agent, Transaction};
use crate::{
	claim::{Commitment, Contents},
	store::Key,
	work::ClaimTrie,
};
use anyhow::Result;
use capacity_oracle_client::{Block, Call};
use serde_json::Value as Json;
use std::{
	collections::{hash_map::Entry, HashMap},
	sync::Arc,
};
use sum_trie::Root;

/// How far this process is with the claim of one duty.
#[derive(Default)]
pub(super) struct Case {
	/// All of the audit is in the store.
	pub worked: bool,
	/// A trie is being built.
	pub building: bool,
	/// The block at which one could not be built.
	pub failed: Option<u32>,
	/// The last one that was built.
	pub built: Option<(Contents, Root)>,
	tries: HashMap<[u8; 32], Arc<ClaimTrie>>,
	/// What claims are made of that were, or may have been, made.
	commitments: Vec<Commitment>,
}

impl Case {
	/// Whether none is to be built now.
	pub fn is_building(&self, block: u32) -> bool {
		self.building || self.failed == Some(block)
	}

	pub fn commitment(&self, root: &Root) -> Option<&Commitment> {
		self.commitments.iter().find(|commitment| commitment.root == *root)
	}

	pub fn trie(&self, root: &Root) -> Option<Arc<ClaimTrie>> {
		self.tries.get(&root.digest).cloned()
	}

	/// Takes in what was built.
	pub fn add(&mut self, commitment: Commitment, trie: Arc<ClaimTrie>) {
		self.built = Some((commitment.contents, commitment.root));
		self.tries.insert(commitment.root.digest, trie);
		if self.commitment(&commitment.root).is_none() {
			self.commitments.push(commitment);
		}
	}

	/// Frees the memory of what need not be opened. Should a reorganisation change that, it is built
	/// again.
	pub fn drop_tries(&mut self) {
		self.tries = HashMap::new();
	}

	/// Has the claim built anew before the next attempt.
	pub fn reconsider(&mut self) -> bool {
		let relays = self.built.is_some_and(|(contents, _)| contents.relays);
		if relays {
			self.built = None;
		}
		relays
	}
}

impl Agent {
	/// How far this process is with a claim; what the store knows at first.
	pub(super) fn case(&mut self, key: Key) -> Result<&mut Case> {
		match self.cases.entry(key) {
			Entry::Occupied(case) => Ok(case.into_mut()),
			Entry::Vacant(place) => {
				let commitments = self.store.commitments(&key)?;
				Ok(place.insert(Case { commitments, ..Case::default() }))
			}
		}
	}

	/// Claims what was built.
	pub(super) fn claim(&mut self, key: Key, root: Root, block: Block) -> Result<()> {
		let known = self.cases.get(&key).and_then(|case| case.commitment(&root));
		let Some(commitment) = known else { return Ok(()) };
		let price = self.served.get(&key).map(|served| served.kept.terms.terms);
		let worth = price.map_or(0, |terms| terms.worth(commitment.relay_units()));
		let (text, fields) = words::claimed(commitment, worth, &self.token);
		let payers = commitment.payers();
		let call = Call::claim(key.session, self.service, root, &payers);
		self.send(Transaction::Claim(key), call, block, text, fields)
	}

	/// After the chain has refused it: whether what was claimed is to be considered anew.
	pub(super) fn reconsider(&mut self, what: Transaction) -> bool {
		let Transaction::Claim(key) = what else { return false };
		self.cases.get_mut(&key).is_some_and(Case::reconsider)
	}

	/// Counts what is in a block now.
	pub(super) fn count_sent(&self, what: Transaction, fields: &Json) {
		let Some(gateway) = &self.gateway else { return };
		let metrics = gateway.metrics();
		match what {
			Transaction::Claim(_) => {
				metrics.claims.inc();
				metrics.units_claimed.inc_by(fields["relays"].as_u64().unwrap_or(0));
				let worth = fields["worth"].as_str().and_then(|worth| worth.parse().ok());
				metrics.worth_claimed.inc_by(worth.unwrap_or(0.0));
			}
			Transaction::Proof(_) => metrics.proofs.inc(),
			Transaction::Bid | Transaction::Announcement => {}
		}
	}
}

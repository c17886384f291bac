//! What a claim is made of: an audit's units and the relays of applications, in one trie.

mod build;
mod choose;
mod dilution;
mod padding;
mod tally;

pub use build::{build, Ingredients};
pub use choose::{choose, Choice, Offer};
pub use dilution::{dilution, OwnApplication};
pub use padding::padded;
pub use tally::{ranks, tally};

use crate::lie::Plan;
use capacity_protocol::{payers, ApplicationIndex, Payer, Ranks, Units};
use codec::{Decode, Encode};
use sum_trie::Root;

/// How much of an audit a claim has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Part {
	#[default]
	Nothing,
	/// What was done when there was no more time.
	Done,
	/// All that is to be claimed of it.
	Whole,
}

/// What a claim has in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Contents {
	pub audit: Part,
	pub relays: bool,
}

/// What one application is to pay for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
	pub application: ApplicationIndex,
	/// The draws by which this supplier may serve it.
	pub ranks: Ranks,
	pub units: Units,
}

/// What a claim commits to, so that the same trie can be built again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Commitment {
	pub root: Root,
	pub contents: Contents,
	/// Of the audit.
	pub plan: Plan,
	/// In the order of the applications.
	pub entries: Vec<Entry>,
}

impl Commitment {
	/// The list of payers that goes with the claim.
	pub fn payers(&self) -> Vec<Payer> {
		list(&self.entries)
	}

	/// Compute units that applications are to pay for.
	pub fn relay_units(&self) -> Units {
		units(&self.entries)
	}
}

/// The list of payers of these entries.
pub fn list(entries: &[Entry]) -> Vec<Payer> {
	payers(entries.iter().map(|entry| (entry.application, entry.ranks, entry.units))).collect()
}

/// Compute units of these entries together.
pub fn units(entries: &[Entry]) -> Units {
	entries.iter().fold(0, |sum, entry| sum.saturating_add(entry.units))
}

#[cfg(test)]
pub(crate) mod tests;

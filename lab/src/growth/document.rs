//! The arithmetic of "Probabilistic Proofs": why proofs for everything are too many.

use anyhow::{Context, Result};
use serde::Serialize;

/// The document's example: a proof for every pair of an application and one of its suppliers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Example {
	pub applications: u32,
	/// Suppliers of an application in a session.
	pub per_application: u8,
	/// Sessions of a day.
	pub sessions: u64,
	/// Bytes of a proof.
	pub proof_bytes: u64,
}

impl Default for Example {
	fn default() -> Self {
		Self { applications: 10_000, per_application: 20, sessions: 24, proof_bytes: 1_000 }
	}
}

impl Example {
	/// Pairs of an application and a supplier in a session.
	pub fn pairs(&self) -> u64 {
		u64::from(self.applications) * u64::from(self.per_application)
	}

	pub fn proofs_per_day(&self) -> Result<u64> {
		self.pairs().checked_mul(self.sessions).context("more proofs than can be counted")
	}

	pub fn bytes_per_day(&self) -> Result<u64> {
		let proofs = self.proofs_per_day()?;
		proofs.checked_mul(self.proof_bytes).context("more bytes than can be counted")
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_documents_network_grows_by_4_8_gb_a_day_and_1_75_tb_a_year() {
		let example = Example::default();
		assert_eq!(example.proofs_per_day().unwrap(), 4_800_000);
		assert_eq!(example.bytes_per_day().unwrap(), 4_800_000_000);
		assert_eq!(example.bytes_per_day().unwrap() * 365, 1_752_000_000_000);
	}
}

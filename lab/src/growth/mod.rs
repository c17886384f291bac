//! What claims and proofs add to the chain in a day, and what checking them takes (sections 5.1 and 6
//! of the design).

pub mod document;
pub mod encoding;
pub mod figure;
pub mod network;
pub mod served;
pub mod timing;

use crate::{number::Float, Progress};
use anyhow::{ensure, Result};
use capacity_economics::Perquintill;
use document::Example;
use network::Session;
use serde::Serialize;
use served::Proven;
use timing::Timing;

/// What is asked of [`measure`].
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
	/// Applications, suppliers of each of them in a session, sessions of a day, bytes of a proof.
	pub example: Example,
	/// Suppliers of the network, over which the applications are drawn.
	pub suppliers: u32,
	/// Relays of one application by one supplier in a session.
	pub relays: u64,
	pub openings: Vec<u32>,
	pub probabilities: Vec<Perquintill>,
	/// Shares of the claims that are worth the threshold or more, and always proven.
	pub above: Vec<Perquintill>,
}

impl Default for Setting {
	/// The example of the document on probabilistic proofs.
	fn default() -> Self {
		let per_mille = [1_000u64, 500, 250, 100, 10, 1];
		Self {
			example: Example::default(),
			suppliers: 100_000,
			relays: 1_000,
			openings: vec![16],
			probabilities: per_mille.map(|p| Perquintill::from_rational(p, 1_000)).to_vec(),
			above: [0, 5].map(Perquintill::from_percent).to_vec(),
		}
	}
}

/// What one way to claim and prove adds to the chain: sizes of its transactions, signature and all.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Way {
	pub name: String,
	/// Places at which a proof opens its claim.
	pub openings: u32,
	pub claims_per_day: u64,
	/// Bytes of all claims of a day.
	pub claim_bytes_per_day: u64,
	/// Hashes of all claims of a day: one for each application that a claim lists.
	pub claim_hashes_per_day: u64,
	/// Relays of a claim.
	pub relays: u64,
	pub proof: Proven,
}

/// A day on chain.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Day {
	pub way: String,
	pub openings: u32,
	pub probability: f64,
	/// The share of claims that are always proven.
	pub above: f64,
	pub claims: f64,
	pub proofs: f64,
	/// How many times fewer proofs there are than claims: `1/p` where no claim is above the threshold.
	pub scale: f64,
	pub claim_bytes: f64,
	pub proof_bytes: f64,
	pub bytes: f64,
	pub hashes: f64,
	/// Signatures of relays and of transactions.
	pub signatures: f64,
	/// On this machine.
	pub seconds: f64,
}

impl Way {
	/// What it adds in a day where this share of claims is proven always, and others with this
	/// probability.
	pub fn day(&self, probability: f64, above: f64, timing: &Timing) -> Day {
		let claims = self.claims_per_day as f64;
		let share = above + (1.0 - above) * probability;
		let proofs = claims * share;
		let (claim_bytes, proof_bytes) =
			(self.claim_bytes_per_day as f64, proofs * self.proof.bytes);
		let hashes = self.claim_hashes_per_day as f64 + proofs * self.proof.hashes;
		// Every transaction is signed, too.
		let signatures = claims + proofs * (1.0 + self.proof.signatures);
		Day {
			way: self.name.clone(),
			openings: self.openings,
			probability,
			above,
			claims,
			proofs,
			scale: 1.0 / share,
			claim_bytes,
			proof_bytes,
			bytes: claim_bytes + proof_bytes,
			hashes,
			signatures,
			seconds: hashes * timing.hash + signatures * timing.signature,
		}
	}
}

/// Everything that `lab growth` finds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
	/// The document's own arithmetic.
	pub document: Example,
	pub document_proofs_per_day: u64,
	pub document_bytes_per_day: u64,
	/// One session of the network, drawn as on chain.
	pub session: Session,
	pub ways: Vec<Way>,
	pub days: Vec<Day>,
	pub timing: Timing,
}

/// A claim for each pair of application and supplier, with the proof of the leaf closest to a path: as in
/// the document, in our encodings.
pub const PAIRS: &str = "a claim for each pair";
/// A claim for each supplier, opened at positions of its weight.
pub const SUPPLIERS: &str = "a claim for each supplier";

/// Draws a session of the network, encodes its claims, builds tries and proofs, and counts.
pub fn measure(setting: &Setting, progress: Progress) -> Result<Found> {
	let Setting { example, suppliers, relays, .. } = setting;
	ensure!(!setting.openings.contains(&0), "a proof has an opening at least");
	ensure!(*relays > 0, "a claim has a relay at least");
	ensure!(
		!setting.probabilities.contains(&Perquintill::from_parts(0)),
		"a probability of zero deters nobody; give one above 0"
	);
	ensure!(example.sessions > 0, "a day has a session at least");
	let bar = progress.bar(2 + setting.openings.len() as u64, "claims and proofs");
	let session = network::session(example, *suppliers, *relays)?;
	let sessions = example.sessions;
	bar.inc(1);

	// What is drawn twice for one application is one pair.
	let pair =
		encoding::claim(Default::default(), &network::list([(0, network::rank(0), *relays)]));
	let mut ways = vec![Way {
		name: PAIRS.into(),
		openings: 1,
		claims_per_day: session.entries * sessions,
		claim_bytes_per_day: session.entries * sessions * encoding::transaction(pair) as u64,
		claim_hashes_per_day: session.entries * sessions,
		relays: *relays,
		proof: served::closest(*relays)?,
	}];
	bar.inc(1);
	let applications = session.usual_list();
	for openings in &setting.openings {
		ways.push(Way {
			name: SUPPLIERS.into(),
			openings: *openings,
			claims_per_day: session.claims * sessions,
			claim_bytes_per_day: session.claim_bytes * sessions,
			claim_hashes_per_day: session.entries * sessions,
			relays: relays * u64::from(applications),
			proof: served::opened(applications, *relays, *openings)?,
		});
		bar.inc(1);
	}
	bar.finish_and_clear();

	let timing = timing::measure()?;
	let mut days = Vec::new();
	for way in &ways {
		for above in &setting.above {
			for p in &setting.probabilities {
				days.push(way.day(p.float(), above.float(), &timing));
			}
		}
	}
	Ok(Found {
		document: *example,
		document_proofs_per_day: example.proofs_per_day()?,
		document_bytes_per_day: example.bytes_per_day()?,
		session,
		ways,
		days,
		timing,
	})
}

#[cfg(test)]
mod tests;

//! Challenges, drawn and answered as on chain, and by path.

use super::adversary::{resolve, Padded};
use anyhow::{bail, Context, Result};
use capacity_protocol::{claim_seed, positions, Seed};
use codec::Encode;
use serde::Serialize;
use sum_trie::{Blake2b256, Hasher, Limits, Multiproof, Path, VerifyError, MAX_DEPTH};

/// How a challenge says which leaf is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Challenge {
	/// By a position of the claim's weight, as on this chain.
	Position,
	/// By a path: the leaf closest to it.
	Path,
}

impl Challenge {
	pub const ALL: [Self; 2] = [Self::Position, Self::Path];

	pub fn name(self) -> &'static str {
		match self {
			Self::Position => "position",
			Self::Path => "path",
		}
	}
}

/// The seed of a claim in one of many sessions.
pub fn seed(experiment: u64, session: u32) -> Seed {
	let proof_seed = Blake2b256::hash(&[b"padding sessions", &experiment.to_le_bytes()]);
	claim_seed::<Blake2b256>(&proof_seed, session, 0, b"supplier")
}

/// Whether a supplier with this claim is caught: the proof that it can make is refused.
pub fn caught(
	claim: &Padded,
	challenge: Challenge,
	claim_seed: &Seed,
	openings: u32,
) -> Result<bool> {
	match challenge {
		Challenge::Position => by_position(claim, claim_seed, openings),
		Challenge::Path => by_path(claim, claim_seed, openings),
	}
}

/// Everything as on chain: draw, open, encode, decode, verify.
fn by_position(claim: &Padded, claim_seed: &Seed, openings: u32) -> Result<bool> {
	let root = claim.trie.root();
	let places = positions::<Blake2b256>(claim_seed, openings, 0, root.sum);
	let bytes = claim.trie.open(&places).context("positions are in the claim")?.encode();
	let limits = Limits { max_leaves: openings, max_depth: MAX_DEPTH as u16, max_value_len: 33 };
	let proof = Multiproof::decode_bounded(&bytes, &limits).context("the proof is well-formed")?;
	match proof.verify::<Blake2b256, _>(&root, &places, |_, value| resolve(value)) {
		Ok(()) => Ok(false),
		Err(VerifyError::Resolver(())) => Ok(true),
		Err(other) => bail!("an honest opening was refused: {other:?}"),
	}
}

/// The same for the leaf closest to each of some paths: the format's other proof.
fn by_path(claim: &Padded, claim_seed: &Seed, openings: u32) -> Result<bool> {
	let root = claim.trie.root();
	for index in 0..openings {
		let path: Path = Blake2b256::hash(&[b"path", claim_seed, &index.to_le_bytes()]);
		let proof = claim.trie.prove_closest(&path).context("a claim has leaves")?;
		proof.verify::<Blake2b256>(&root, &path).context("an honest opening was refused")?;
		if resolve(&proof.leaf.value).is_err() {
			return Ok(true);
		}
	}
	Ok(false)
}

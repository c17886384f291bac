//! How many positions a proof opens, and how many bytes that takes.

use super::Wish;
use crate::number::Float;
use anyhow::{bail, Result};
use capacity_economics::{detection, Perquintill};
use capacity_protocol::{positions, Relay};
use codec::Encode;
use serde::Serialize;
use sum_trie::{Blake2b256, Hasher, Leaf, Trie};

/// Proofs of which the length is averaged.
const SAMPLES: u32 = 16;

/// `k`, and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Opening {
	/// `k`: the positions that a proof opens.
	pub openings: u32,
	/// The probability that a proof finds the fake share that is asked about.
	#[serde(serialize_with = "super::wish::share")]
	pub detection: Perquintill,
	/// Bytes of a proof.
	pub bytes: f64,
}

impl Opening {
	/// The least number of openings searched that finds the fake share often enough. More would only
	/// lengthen proofs: the penalty deters with one.
	pub(super) fn least(wish: &Wish) -> Result<Self> {
		let finds = |openings: u32| detection(wish.fake, openings);
		let enough = |openings: &u32| *openings > 0 && finds(*openings) >= wish.detection;
		let Some(openings) = wish.openings.iter().copied().filter(enough).min() else {
			let nearest = (1..1 << 20).find(enough);
			let most = wish.openings.iter().copied().max().unwrap_or(0);
			bail!(
				"--detection {} of a fake share of {} cannot be met: {most} openings find it with \
				probability {:.4}{}",
				wish.detection.float(),
				wish.fake.float(),
				finds(most).float(),
				nearest.map_or(String::new(), |k| format!(", and it takes {k}; see --openings"))
			);
		};
		let bytes = match wish.proof_bytes {
			Some(bytes) => bytes,
			None => measured(wish.leaves, openings)?,
		};
		Ok(Self { openings, detection: finds(openings), bytes })
	}
}

/// The length of a proof of `openings` positions in a claim of `leaves` relays, on average.
fn measured(leaves: u32, openings: u32) -> Result<f64> {
	let relay = |index: u32| {
		let path = Blake2b256::hash(&[b"relay", &index.to_le_bytes()]);
		Leaf { path, value: vec![0; Relay::LENGTH], weight: 1 }
	};
	let trie = Trie::<Blake2b256>::build((0..leaves).map(relay).collect())?;
	let mut bytes = 0usize;
	for sample in 0..SAMPLES {
		let seed = Blake2b256::hash(&[b"sample", &sample.to_le_bytes()]);
		let drawn = positions::<Blake2b256>(&seed, openings, 0, trie.root().sum);
		bytes += trie.open(&drawn)?.encoded_size();
	}
	Ok(bytes as f64 / f64::from(SAMPLES))
}

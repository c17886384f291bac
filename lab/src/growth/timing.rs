//! How long a hash and a signature take on this machine.

use super::served::Sr25519;
use anyhow::{ensure, Result};
use capacity_protocol::Signatures;
use serde::Serialize;
use sp_core::{sr25519, Pair};
use std::{hint::black_box, time::Instant};
use sum_trie::{Blake2b256, Hasher};

/// Seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
	/// Of a Blake2-256 hash of an inner node.
	pub hash: f64,
	/// Of checking an sr25519 signature.
	pub signature: f64,
	/// How the laboratory was built: `release` or `dev`.
	pub profile: &'static str,
}

/// Takes some hundredths of a second.
pub fn measure() -> Result<Timing> {
	let hash = {
		let runs = 20_000u32;
		let mut node = [1u8; 113];
		let begun = Instant::now();
		for _ in 0..runs {
			let digest = Blake2b256::hash(&[black_box(&node)]);
			node[..32].copy_from_slice(&digest);
		}
		black_box(node);
		begun.elapsed().as_secs_f64() / f64::from(runs)
	};
	let signature = {
		let runs = 200u32;
		let pair = sr25519::Pair::from_seed(&[3; 32]);
		let (message, key) = ([4; 32], pair.public().0);
		let signature = pair.sign(&message).0;
		let begun = Instant::now();
		let valid = (0..runs).filter(|_| Sr25519::verify(black_box(&signature), &message, &key));
		ensure!(valid.count() == runs as usize, "a signature does not hold");
		begun.elapsed().as_secs_f64() / f64::from(runs)
	};
	let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
	Ok(Timing { hash, signature, profile })
}

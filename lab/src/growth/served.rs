//! Real claims of real relays, and their proofs, checked as the chain checks them.

use super::{encoding, network};
use anyhow::{anyhow, ensure, Context, Result};
use capacity_protocol::{
	claim_seed, positions, shares, ApplicationIndex, Payer, PriceList, Relay, RelayContext,
	RelayRequest, RelayTask, Relaying, RequestSignature, Seed, Signatures, SigningKey, Work,
};
use codec::Encode;
use serde::Serialize;
use sp_core::{sr25519, Pair};
use sum_trie::{Blake2b256 as H, Hasher, Leaf, Limits, Multiproof, Path, Trie, MAX_DEPTH};

/// Relays of a claim at the most: seconds of work.
const MOST: u64 = 2_000_000;
/// Claims over which the sizes of proofs are averaged, because each is opened elsewhere.
const CLAIMS: u32 = 8;
const SESSION: Seed = [7; 32];
const SUPPLIER: &[u8] = &[5; 32];

/// Applications sign as accounts do.
pub struct Sr25519;

impl Signatures for Sr25519 {
	fn verify(signature: &RequestSignature, message: &[u8; 32], key: &SigningKey) -> bool {
		let signature = sr25519::Signature::from_raw(*signature);
		sr25519::Pair::verify(&signature, message, &sr25519::Public::from_raw(*key))
	}
}

/// What a proof takes, on average.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proven {
	/// Of its transaction.
	pub bytes: f64,
	/// To verify it: those of the trie, of the relays' digests, and of the positions.
	pub hashes: f64,
	/// Of relays.
	pub signatures: f64,
}

impl Proven {
	fn average(of: &[Self]) -> Self {
		let mean = |what: fn(&Self) -> f64| of.iter().map(what).sum::<f64>() / of.len() as f64;
		let (bytes, hashes) = (mean(|proof| proof.bytes), mean(|proof| proof.hashes));
		Self { bytes, hashes, signatures: mean(|proof| proof.signatures) }
	}
}

/// A relay that was served, and what its application signs.
struct Served {
	path: Path,
	digest: [u8; 32],
	relay: Relay,
}

fn key(application: ApplicationIndex) -> sr25519::Pair {
	sr25519::Pair::from_seed(&H::hash(&[b"application", &application.to_le_bytes()]))
}

fn context(application: ApplicationIndex) -> RelayContext {
	RelayContext::new::<H>(&SESSION, 0, SUPPLIER, application)
}

/// `relays` of each application in the order of their paths, without signatures.
fn serve(applications: u32, relays: u64) -> Result<Vec<Served>> {
	let all = u64::from(applications).saturating_mul(relays);
	ensure!(
		all <= MOST,
		"a claim of {all} relays is too large to be built here; stay below {MOST}"
	);
	let mut served = Vec::new();
	for application in 0..applications {
		let context = context(application);
		for nonce in 0..relays {
			let payload = H::hash(&[b"payload", &nonce.to_le_bytes()]);
			let request = RelayRequest { method: [0; 4], nonce, payload };
			let digest = context.digest::<H>(&request);
			let response = H::hash(&[b"response", &digest]);
			let relay = Relay { application, key: 0, request, signature: [0; 64], response };
			served.push(Served { path: Relay::path(application, &digest), digest, relay });
		}
	}
	served.sort_unstable_by_key(|served| served.path);
	Ok(served)
}

fn build(served: &[Served]) -> Result<Trie<H>> {
	let leaf =
		|served: &Served| Leaf { path: served.path, value: served.relay.encode(), weight: 1 };
	Trie::build(served.iter().map(leaf).collect()).context("no two relays have one path")
}

/// Makes the proofs of claims of so many applications with so many relays each, and checks them as the
/// chain does.
pub fn opened(applications: u32, relays: u64, openings: u32) -> Result<Proven> {
	let mut served = serve(applications, relays)?;
	let list = network::list((0..applications).map(|index| (index, network::rank(0), relays)));
	let one = |claim| {
		let seed = claim_seed::<H>(&[9; 32], claim, 0, SUPPLIER);
		let places = positions::<H>(&seed, openings, 0, served.len() as u64);
		// Each has weight one, so that a position is a place in the order of paths. To sign those that
		// are opened is enough, and much faster.
		for place in &places {
			let served = served.get_mut(*place as usize).context("positions are in the claim")?;
			served.relay.signature = key(served.relay.application).sign(&served.digest).0;
		}
		let trie = build(&served)?;
		let proof = trie.open(&places).context("positions are in the claim")?;
		check(&trie, &places, &proof, &list)
	};
	let proofs = (0..CLAIMS).map(one).collect::<Result<Vec<_>>>()?;
	Ok(Proven::average(&proofs))
}

/// Decodes and verifies a proof, and counts what that takes.
fn check(trie: &Trie<H>, places: &[u64], proof: &Multiproof, list: &[Payer]) -> Result<Proven> {
	let openings = places.len() as u32;
	let limits = Limits {
		max_leaves: openings,
		max_depth: MAX_DEPTH as u16,
		max_value_len: Relay::LENGTH as u32,
	};
	let proof = Multiproof::decode_bounded(&proof.encode(), &limits)
		.map_err(|error| anyhow!("an honest proof cannot be read: {error:?}"))?;
	let shares: Vec<_> = shares(list, 0).collect();
	let work = Relaying::<Sr25519>::new(PriceList::flat(1));
	let mut leaves = 0u32;
	let resolve = |offset: u64, content: &[u8]| {
		leaves += 1;
		let after = shares.partition_point(|share| share.start <= offset);
		let share = &shares[after.saturating_sub(1)];
		let keys = vec![Some(key(share.application).public().0)];
		let application = share.application;
		let task = RelayTask { context: context(application), application, keys };
		work.check::<H>(&task, content)
	};
	proof
		.verify::<H, _>(&trie.root(), places, resolve)
		.map_err(|error| anyhow!("an honest proof was refused: {error:?}"))?;
	// For each relay its context and its digest; for each position one, after the claim's seed.
	let hashes = proof.hashes() + 2 * leaves + openings + 1;
	let bytes = encoding::transaction(encoding::prove(&proof)) as f64;
	Ok(Proven { bytes, hashes: hashes.into(), signatures: leaves.into() })
}

/// Makes the proofs of the leaf closest to a path for claims of one application, and checks them. Such a
/// claim needs no prefix in its paths.
pub fn closest(relays: u64) -> Result<Proven> {
	let mut served = serve(1, relays)?;
	served.iter_mut().for_each(|served| served.path = served.digest);
	let trie = build(&served)?;
	let one = |claim: u32| -> Result<_> {
		let challenge: Path = H::hash(&[b"closest", &claim.to_le_bytes()]);
		let proof = trie.prove_closest(&challenge).context("a claim has relays")?;
		proof.verify::<H>(&trie.root(), &challenge).context("an honest proof was refused")?;
		// The way up, the leaf, the relay's context and digest, and the challenge.
		let hashes = proof.depth() as f64 + 4.0;
		let bytes = encoding::transaction(encoding::prove_bytes(proof.encode())) as f64;
		Ok(Proven { bytes, hashes, signatures: 1.0 })
	};
	let proofs = (0..32 * CLAIMS).map(one).collect::<Result<Vec<_>>>()?;
	Ok(Proven::average(&proofs))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn sixteen_openings_of_ten_thousand_relays_take_7_2_kb() {
		let proof = opened(1, 10_000, 16).unwrap();
		let call = proof.bytes - 107.0;
		assert!((7_150.0..7_300.0).contains(&call), "{proof:?}");
		// A position may be drawn twice.
		assert!((15.5..=16.0).contains(&proof.signatures), "{proof:?}");
	}

	#[test]
	fn one_opening_is_about_a_closest_leaf() {
		let (one, closest) = (opened(1, 1_000, 1).unwrap(), closest(1_000).unwrap());
		// 32 bits of prefix are hashed, but take no bytes to speak of.
		let further = one.hashes - closest.hashes;
		assert!((27.0..37.0).contains(&further), "{one:?} {closest:?}");
		assert!(one.bytes < closest.bytes, "numbers are compact, and the path is not sent");
		assert_eq!((one.signatures, closest.signatures), (1.0, 1.0));
	}

	#[test]
	fn relays_of_many_applications_are_checked_in_their_ranges() {
		let proof = opened(20, 10, 8).unwrap();
		assert!(proof.signatures <= 8.0 && proof.signatures > 7.0, "{proof:?}");
	}

	#[test]
	fn claims_that_are_too_large_are_refused() {
		assert!(opened(u32::MAX, 10, 1).is_err());
		assert!(closest(MOST + 1).is_err());
	}
}

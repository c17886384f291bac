//! Claims with a fake part, as an adversary would build them: real tries.

use crate::number::Float;
use anyhow::{ensure, Context, Result};
use capacity_economics::Perquintill;
use serde::Serialize;
use sum_trie::{Blake2b256, Hasher, Leaf, Path, Trie};

/// Where the fake part of a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Strategy {
	/// Fakes that look like honest leaves: each of weight one, at a path of its own.
	Spread,
	/// One leaf that claims all the fake weight.
	Fat,
	/// A subtree under one long prefix, with an honest leaf beside the way at every bit of it. Making
	/// one honest path that shares `n` bits with a prefix takes about `2^n` hashes.
	Corner,
}

impl Strategy {
	pub const ALL: [Self; 3] = [Self::Spread, Self::Fat, Self::Corner];

	pub fn name(self) -> &'static str {
		match self {
			Self::Spread => "spread",
			Self::Fat => "one fat leaf",
			Self::Corner => "a corner",
		}
	}
}

/// Units of a claim at the most: a second of work.
const MOST: u64 = 1_000_000;

/// A claim of which a part cannot be shown.
pub struct Padded {
	pub trie: Trie<Blake2b256>,
	/// The fake share of its weight, rounded down.
	pub share: Perquintill,
	/// The share of the path space whose closest leaf is fake.
	pub cell: f64,
}

/// What a leaf contains: whether there was any work, and its path, which the content of a relay
/// would say by its hash.
fn leaf(honest: bool, path: Path, weight: u64) -> Leaf {
	let mut value = vec![u8::from(honest)];
	value.extend(path);
	Leaf { path, value, weight }
}

/// The path and weight of a leaf that was worked for; none for a fake.
pub(super) fn resolve(value: &[u8]) -> Result<(Path, u64), ()> {
	match value.split_first() {
		Some((1, path)) => Ok((path.try_into().map_err(|_| ())?, 1)),
		_ => Err(()),
	}
}

/// A path that nobody has chosen.
fn path(kind: &[u8], index: u64) -> Path {
	Blake2b256::hash(&[b"padding", kind, &index.to_le_bytes()])
}

/// `path` below the first `bits` of `prefix`, the last of which is turned round if asked for.
fn below(prefix: &Path, bits: u32, turned: bool, mut path: Path) -> Path {
	let mut copied = 0;
	for (to, from) in path.iter_mut().zip(prefix) {
		let here = (bits - copied).min(8);
		let mask = !0xffu8.checked_shr(here).unwrap_or(0);
		*to = (*from & mask) | (*to & !mask);
		copied += here;
		if copied == bits {
			if turned && here > 0 {
				*to ^= 0x80 >> (here - 1);
			}
			break;
		}
	}
	path
}

/// A claim of so many units, about `share` of which are fake; what is honest stands in leaves of weight
/// one. A corner has a prefix of `bits`, which takes as many of the honest leaves.
pub fn pad(units: u64, share: Perquintill, strategy: Strategy, bits: u32) -> Result<Padded> {
	ensure!(units <= MOST, "{units} units are too many to be built here; stay below {MOST}");
	ensure!(bits <= 128, "a prefix of more than 128 bits is no corner but a point");
	let fake = (units as f64 * share.float()).round() as u64;
	let honest = units.saturating_sub(fake);
	ensure!(honest > 0, "a claim that is all fake is always found; give a share below 1");
	let guards = if strategy == Strategy::Corner { u64::from(bits) } else { 0 };
	ensure!(
		honest > guards,
		"a corner of {bits} bits takes {bits} honest leaves beside it, and {honest} are left; use more \
		 units, a smaller share, or fewer bits"
	);

	let corner = path(b"corner", 0);
	let mut leaves: Vec<_> =
		(guards..honest).map(|index| leaf(true, path(b"honest", index), 1)).collect();
	leaves.extend((0..guards).map(|index| {
		let turned = below(&corner, index as u32 + 1, true, path(b"guard", index));
		leaf(true, turned, 1)
	}));
	let fakes: Vec<_> = match strategy {
		_ if fake == 0 => Vec::new(),
		Strategy::Spread => (0..fake).map(|index| leaf(false, path(b"fake", index), 1)).collect(),
		Strategy::Fat => vec![leaf(false, path(b"fake", 0), fake)],
		Strategy::Corner => (0..fake)
			.map(|index| leaf(false, below(&corner, bits, false, path(b"fake", index)), 1))
			.collect(),
	};
	let paths: Vec<_> = fakes.iter().map(|leaf| leaf.path).collect();
	leaves.extend(fakes);
	let trie = Trie::build(leaves).context("the paths of a claim must differ")?;
	let cell = paths.iter().map(|path| cell(&trie, path)).sum::<Result<f64>>()?;
	Ok(Padded { share: Perquintill::from_rational(fake, trie.sum().max(1)), trie, cell })
}

/// The share of all paths whose closest leaf is this one: a half for each parting on its way.
fn cell(trie: &Trie<Blake2b256>, path: &Path) -> Result<f64> {
	let proof = trie.prove_closest(path).context("a claim has leaves")?;
	let partings = proof.side_nodes.iter().filter(|side| !side.is_empty()).count();
	Ok((-(partings as f64)).exp2())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn padded(strategy: Strategy) -> Padded {
		pad(400, Perquintill::from_percent(25), strategy, 12).unwrap()
	}

	#[test]
	fn the_fake_share_is_what_was_asked_for_wherever_it_stands() {
		for strategy in Strategy::ALL {
			let claim = padded(strategy);
			assert_eq!((claim.trie.sum(), claim.share), (400, Perquintill::from_percent(25)));
			let fake: u64 = claim
				.trie
				.leaves()
				.filter(|leaf| resolve(&leaf.value).is_err())
				.map(|leaf| leaf.weight)
				.sum();
			assert_eq!(fake, 100);
		}
	}

	#[test]
	fn nothing_is_fake_where_nothing_was_asked_for() {
		let claim = pad(50, Perquintill::zero(), Strategy::Fat, 12).unwrap();
		assert_eq!((claim.trie.sum(), claim.cell), (50, 0.0));
	}

	#[test]
	fn a_corner_is_as_narrow_as_its_prefix_is_long() {
		let claim = padded(Strategy::Corner);
		assert!((claim.cell * 4_096.0 - 1.0).abs() < 1e-9, "{}", claim.cell);
		let spread = padded(Strategy::Spread).cell;
		assert!((0.15..0.35).contains(&spread), "{spread}");
		assert!(padded(Strategy::Fat).cell < 0.02);
	}

	#[test]
	fn the_cells_of_all_leaves_cover_the_paths() {
		for strategy in Strategy::ALL {
			let claim = padded(strategy);
			let all: f64 =
				claim.trie.leaves().map(|leaf| cell(&claim.trie, &leaf.path).unwrap()).sum();
			assert!((all - 1.0).abs() < 1e-9, "{all}");
		}
	}

	#[test]
	fn what_cannot_be_built_is_said() {
		assert!(pad(10, Perquintill::one(), Strategy::Spread, 1).is_err());
		assert!(pad(0, Perquintill::zero(), Strategy::Spread, 1).is_err());
		assert!(pad(20, Perquintill::from_percent(50), Strategy::Corner, 10).is_err());
		assert!(pad(1 << 30, Perquintill::from_percent(90), Strategy::Fat, 10).is_err());
	}
}

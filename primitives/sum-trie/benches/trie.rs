//! What the trie costs, beside the hashes that it cannot do without.

use codec::Encode;
use criterion::{criterion_group, criterion_main, BatchSize, Criterion, Throughput};
use std::{hint::black_box, time::Duration};
use sum_trie::{Blake2b256, Hasher, Leaf, Limits, Path, Trie};

const VALUE_LEN: usize = 40;
const INNER_PREIMAGE: [u8; 113] = [1; 113];
const LEAF_PREIMAGE: [u8; 49 + VALUE_LEN] = [0; 49 + VALUE_LEN];

fn leaf(index: u64) -> Leaf {
	let path = Blake2b256::hash(&[&index.to_le_bytes()]);
	let mut value = path.to_vec();
	value.extend(index.to_le_bytes());
	Leaf { path, value, weight: weight(&path) }
}

fn weight(path: &Path) -> u64 {
	1 + u64::from(path[31])
}

/// What a verifier makes of a value.
fn resolve(value: &[u8]) -> Result<(Path, u64), ()> {
	let path: Path = value.get(..32).and_then(|path| path.try_into().ok()).ok_or(())?;
	Ok((path, weight(&path)))
}

fn leaves(count: u64) -> Vec<Leaf> {
	(0..count).map(leaf).collect()
}

/// Positions spread over a trie, the same in each run.
fn positions(count: u64, sum: u64) -> Vec<u64> {
	(0..count)
		.map(|index| {
			let draw = Blake2b256::hash(&[b"position", &index.to_le_bytes()]);
			u64::from_le_bytes(draw[..8].try_into().expect("8 bytes")) % sum
		})
		.collect()
}

fn bare_hashes(leaves: u64, inner: u64) {
	for _ in 0..leaves {
		black_box(Blake2b256::hash(&[black_box(&LEAF_PREIMAGE)]));
	}
	for _ in 0..inner {
		black_box(Blake2b256::hash(&[black_box(&INNER_PREIMAGE)]));
	}
}

/// The inner nodes of a trie, single-child nodes included.
fn inner_nodes(trie: &Trie<Blake2b256>) -> u64 {
	let paths: Vec<Path> = trie.leaves().map(|leaf| leaf.path).collect();
	let shared = |a: &Path, b: &Path| {
		let at = a.iter().zip(b).position(|(a, b)| a != b).expect("paths differ");
		at as u64 * 8 + u64::from((a[at] ^ b[at]).leading_zeros())
	};
	// A path adds the prefixes that it does not share with the one before, down to the depth at
	// which it is alone.
	let alike: Vec<u64> = paths.windows(2).map(|pair| shared(&pair[0], &pair[1])).collect();
	let mut inner = alike.first().map_or(0, |first| first + 1);
	for (index, before) in alike.iter().enumerate() {
		inner += alike.get(index + 1).map_or(0, |after| after.saturating_sub(*before));
	}
	inner
}

fn build(c: &mut Criterion) {
	let mut group = c.benchmark_group("build");
	for count in [10_000, 100_000, 1_000_000] {
		let leaves = leaves(count);
		let inner = inner_nodes(&Trie::build(leaves.clone()).expect("paths differ"));
		if count > 10_000 {
			group.sample_size(10).measurement_time(Duration::from_secs(8));
		}
		group.throughput(Throughput::Elements(count));
		group.bench_function(format!("{count}"), |b| {
			b.iter_batched(|| leaves.clone(), Trie::<Blake2b256>::build, BatchSize::LargeInput)
		});
		group.bench_function(format!("{count} on two threads"), |b| {
			let build = |leaves| Trie::<Blake2b256>::build_parallel(leaves, 2);
			b.iter_batched(|| leaves.clone(), build, BatchSize::LargeInput)
		});
		group.bench_function(format!("{count}, bare hashes"), |b| {
			b.iter(|| bare_hashes(count, inner))
		});
	}
	group.finish();
}

fn insert(c: &mut Criterion) {
	let mut group = c.benchmark_group("insert");
	let built = Trie::<Blake2b256>::build(leaves(100_000)).expect("paths differ");
	let mut trie = built.clone();
	let mut next = 100_000;
	group.throughput(Throughput::Elements(1));
	group.bench_function("one by one into 100000", |b| {
		b.iter(|| {
			next += 1;
			trie.insert(leaf(next))
		})
	});
	group.sample_size(10).throughput(Throughput::Elements(10_000));
	group.bench_function("10000 at once into 100000", |b| {
		b.iter_batched(
			|| (built.clone(), (100_000..110_000).map(leaf).collect::<Vec<_>>()),
			|(mut trie, leaves)| {
				trie.insert_all(leaves).expect("the sum is small");
				trie
			},
			BatchSize::LargeInput,
		)
	});
	group.finish();
}

fn open(c: &mut Criterion) {
	let trie = Trie::<Blake2b256>::build(leaves(100_000)).expect("paths differ");
	for k in [1, 4, 16, 64] {
		let proof = trie.open(&positions(k, trie.sum())).expect("positions are in range");
		println!(
			"opening {k} of 100000 leaves: {} bytes, {} of them values; {} hashes",
			proof.encode().len(),
			proof.values().map(<[u8]>::len).sum::<usize>(),
			proof.hashes(),
		);
	}

	let positions = positions(16, trie.sum());
	let proof = trie.open(&positions).expect("positions are in range");
	let bytes = proof.encode();
	let limits = Limits { max_leaves: 16, max_depth: 256, max_value_len: VALUE_LEN as u32 };
	let opened = proof.values().len() as u64;
	let root = trie.root();

	let mut group = c.benchmark_group("16 openings of 100000 leaves");
	group.bench_function("open", |b| b.iter(|| trie.open(black_box(&positions))));
	group.bench_function("decode", |b| {
		b.iter(|| sum_trie::Multiproof::decode_bounded(black_box(&bytes), &limits))
	});
	group.bench_function("verify", |b| {
		b.iter(|| {
			proof.verify::<Blake2b256, _>(black_box(&root), &positions, |_, value| resolve(value))
		})
	});
	group.bench_function("verify, bare hashes", |b| {
		b.iter(|| bare_hashes(opened, u64::from(proof.hashes()) - opened))
	});
	group.finish();
}

criterion_group!(benches, build, insert, open);
criterion_main!(benches);

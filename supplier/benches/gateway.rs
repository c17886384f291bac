//! How many relays a second the gateway serves, and how much longer an answer takes through it: real
//! HTTP over loopback, a backend that does next to nothing, every relay on disk before its answer.
//!
//! Clients, gateway and backend share this machine, and requests are signed beforehand. `RELAYS` and
//! `CONCURRENCY` (such as `1,16,64`) in the environment change how many are sent.

#[path = "../tests/common/mod.rs"]
mod common;

use capacity_oracle_client::relay::{to_header, REQUEST};
use common::{Asked, World};
use futures::{stream, StreamExt};
use std::time::{Duration, Instant};

/// A request as it is sent.
struct Ready {
	header: String,
	body: String,
}

/// How one kind of traffic went.
struct Measured {
	whole: Duration,
	/// Of each answer, the shortest first.
	times: Vec<Duration>,
}

impl Measured {
	fn rate(&self) -> f64 {
		self.times.len() as f64 / self.whole.as_secs_f64()
	}

	/// In milliseconds.
	fn percentile(&self, percent: usize) -> f64 {
		let index = (self.times.len() * percent / 100).min(self.times.len() - 1);
		self.times[index].as_secs_f64() * 1e3
	}
}

fn setting(name: &str, usual: &str) -> Vec<usize> {
	let text = std::env::var(name).unwrap_or_else(|_| usual.into());
	let numbers = text.split(',').map(|number| number.trim().parse());
	numbers.collect::<Result<_, _>>().unwrap_or_else(|_| panic!("{name} is no list of numbers"))
}

#[tokio::main]
async fn main() {
	let relays = setting("RELAYS", "20000")[0];
	let cores = std::thread::available_parallelism().map_or(0, |cores| cores.get());
	println!("{relays} relays for each line, {cores} cores for clients, gateway and backend\n");
	println!(
		"{:>10}  {:>10}  {:>10}  {:>20}  {:>20}  {:>20}  {:>11}",
		"concurrent",
		"direct/s",
		"relays/s",
		"direct p50/p99 ms",
		"relay p50/p99 ms",
		"added p50/p99 ms",
		"relays/write"
	);
	for concurrent in setting("CONCURRENCY", "1,16,64,256") {
		line(relays, concurrent).await;
	}
}

/// Measures with so many requests at a time, against a state directory of its own.
async fn line(relays: usize, concurrent: usize) {
	let dir = tempfile::tempdir().expect("a temporary directory");
	let world = World::start(dir.path()).await;
	let ready: Vec<_> = (0..relays as u64)
		.map(|nonce| {
			let asked = Asked::new((nonce % 10) as u32, nonce, "eth_getBalance");
			Ready { header: to_header(&asked.signed), body: asked.body }
		})
		.collect();
	// Connections are made, and applications known, before it counts.
	let warm = Asked::new(0, u64::MAX, "eth_getBalance");
	world.ask(&warm).await.expect("an answer");
	let direct = measure(&world, &world.backend.url, &ready, concurrent).await;
	let metrics = world.gateway.metrics();
	let before = metrics.commit_relays.get_sample_count();
	let relayed = measure(&world, &world.url, &ready, concurrent).await;
	let writes = metrics.commit_relays.get_sample_count() - before;
	assert_eq!(world.recorded().len(), relays + 1, "every answered relay is in the store");
	let added = |percent| relayed.percentile(percent) - direct.percentile(percent);
	let both = |low: f64, high: f64| format!("{low:.2} / {high:.2}");
	println!(
		"{concurrent:>10}  {:>10.0}  {:>10.0}  {:>20}  {:>20}  {:>20}  {:>11.1}",
		direct.rate(),
		relayed.rate(),
		both(direct.percentile(50), direct.percentile(99)),
		both(relayed.percentile(50), relayed.percentile(99)),
		both(added(50), added(99)),
		relays as f64 / writes as f64
	);
	world.end().await;
}

async fn measure(world: &World, url: &str, ready: &[Ready], concurrent: usize) -> Measured {
	let begun = Instant::now();
	let mut times: Vec<_> = stream::iter(ready)
		.map(|ready| {
			let request = world.client.post(url).header(REQUEST, &ready.header);
			let request = request.body(ready.body.clone());
			// Each on any core.
			let sent = tokio::spawn(async move {
				let begun = Instant::now();
				let response = request.send().await.expect("an answer");
				assert!(response.status().is_success());
				response.bytes().await.expect("its body");
				begun.elapsed()
			});
			async move { sent.await.expect("no panic") }
		})
		.buffer_unordered(concurrent)
		.collect()
		.await;
	let whole = begun.elapsed();
	times.sort_unstable();
	Measured { whole, times }
}

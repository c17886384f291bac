//! Many at once.

use super::*;
use futures::{stream, StreamExt};
use std::collections::HashSet;

#[tokio::test(flavor = "multi_thread")]
async fn every_answered_relay_is_in_the_store_exactly_once() {
	const RELAYS: u64 = 600;
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	// Each is asked for twice, at about the same time.
	let all = stream::iter((0..2 * RELAYS).map(|number| {
		let (world, nonce) = (&world, number / 2);
		async move {
			let asked = Asked::new((nonce % 10) as u32, nonce, "echo");
			(asked.path(), world.ask(&asked).await.is_ok())
		}
	}));
	let asked: Vec<_> = all.buffer_unordered(64).collect().await;
	let answered: Vec<_> = asked.iter().filter(|(_, ok)| *ok).map(|(path, _)| *path).collect();
	let different: HashSet<_> = answered.iter().collect();
	assert_eq!(answered.len() as u64, RELAYS, "each once");
	assert_eq!(different.len(), answered.len());

	let relays = world.store.relays(&key(SESSION, &SEED)).unwrap();
	assert_eq!(relays.iter().map(|(path, _)| path).collect::<HashSet<_>>(), different);
	assert_eq!(relays.len(), answered.len());
	assert!(relays.is_sorted_by_key(|(path, _)| *path));
	// One write takes many.
	let writes = world.gateway.metrics().commit_relays.get_sample_count();
	assert!(writes < RELAYS, "{writes} writes");
}

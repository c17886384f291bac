//! A session is closed in the gateway first; then nothing comes that could not be claimed.

use super::*;
use std::{sync::atomic::Ordering, time::Duration};

async fn until_seen(world: &World, requests: u64) {
	while world.backend.seen.load(Ordering::SeqCst) < requests {
		tokio::time::sleep(Duration::from_millis(5)).await;
	}
}

#[tokio::test]
async fn what_is_in_flight_is_waited_for_and_nothing_else_is_let_in() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let waits = Asked::new(1, 1, "wait");
	let asked = world.ask(&waits);
	let closed = async {
		until_seen(&world, 1).await;
		let closing = world.gateway.close(key(SESSION, &SEED));
		let others = async {
			let mut nonce = 10;
			// It can take a moment until it is shut.
			while world.ask(&Asked::new(1, nonce, "echo")).await.is_ok() {
				nonce += 1;
			}
			let refused = world.refusal(&Asked::new(1, 9, "echo")).await;
			assert_eq!(refused.code, "wrong-session");
			assert!(!world.store.session(&key(SESSION, &SEED)).unwrap().unwrap().closed);
			world.backend.turns.add_permits(1);
			nonce - 10
		};
		let (closed, others) = futures::future::join(closing, others).await;
		closed.unwrap();
		// As soon as it is closed, all is there.
		assert_eq!(world.recorded().len() as u64, 1 + others);
	};
	let (answer, ()) = futures::future::join(asked, closed).await;
	answer.unwrap();
	assert!(world.store.session(&key(SESSION, &SEED)).unwrap().unwrap().closed);
}

#[tokio::test]
async fn what_comes_too_late_is_neither_recorded_nor_answered() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let waits = Asked::new(1, 1, "wait");
	let asked = world.ask(&waits);
	let closed = async {
		until_seen(&world, 1).await;
		// The backend takes longer than a session that is to be closed can wait.
		world.gateway.close(key(SESSION, &SEED)).await.unwrap();
		assert_eq!(world.recorded(), []);
		world.backend.turns.add_permits(1);
	};
	let (answer, ()) = futures::future::join(asked, closed).await;
	assert_eq!(answer.unwrap_err().code, "wrong-session");
	assert_eq!(world.recorded(), []);
	assert_eq!(world.gateway.has_relays(&key(SESSION, &SEED)), Some(false));
}

#[tokio::test]
async fn a_session_stays_closed_after_a_restart() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	world.ask(&Asked::new(1, 1, "echo")).await.unwrap();
	world.gateway.close(key(SESSION, &SEED)).await.unwrap();
	world.end().await;

	let world = World::start(dir.path()).await;
	assert_eq!(world.refusal(&Asked::new(1, 2, "echo")).await.code, "wrong-session");
	assert_eq!(world.recorded().len(), 1);
	assert_eq!(world.gateway.has_relays(&key(SESSION, &SEED)), Some(true));
}

#[tokio::test]
async fn the_next_session_is_open_while_the_last_is_closed() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let next = session(SESSION + 1, [1; 32], 1);
	world.gateway.open(key(SESSION + 1, &[1; 32]), next).await.unwrap();
	world.gateway.follow(&[key(SESSION, &SEED), key(SESSION + 1, &[1; 32])]);
	world.ask(&Asked::new(1, 1, "echo")).await.unwrap();
	world.gateway.close(key(SESSION, &SEED)).await.unwrap();
	assert_eq!(world.refusal(&Asked::new(1, 2, "echo")).await.code, "wrong-session");
	let later = Asked::new(1, 2, "echo").but(|signed| signed.session = SESSION + 1);
	// Open, but this is signed for the other seed.
	assert_eq!(world.refusal(&later).await.code, "not-signed");
}

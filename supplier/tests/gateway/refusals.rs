//! Every way in which a request is refused, and that nothing of it is recorded.

use super::*;
use capacity_oracle_client::relay::to_header;
use std::time::Duration;

/// One gateway for requests that must be refused.
async fn refused(asked: Asked) -> Refused {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let refused = world.refusal(&asked).await;
	assert_eq!(world.recorded(), []);
	refused
}

fn ask() -> Asked {
	Asked::new(1, 1, "echo")
}

#[tokio::test]
async fn what_is_no_relay_is_a_bad_request() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	for header in [None, Some("zz".into()), Some("00".into())] {
		let refused = world.post(header, &ask()).await.unwrap_err();
		assert_eq!((refused.code.as_str(), refused.nonce), ("bad-request", None));
	}
	let long = Asked::with_body(1, 1, "echo", " ".repeat(5 << 20));
	let refused = world.post(Some(to_header(&long.signed)), &long).await.unwrap_err();
	assert_eq!(refused.code, "bad-request");
	assert_eq!(
		world.gateway.metrics().refusals(capacity_oracle_supplier::gateway::Code::BadRequest),
		4
	);
}

#[tokio::test]
async fn another_services_request_is_a_bad_request() {
	let refused = refused(ask().but(|signed| signed.service = 4)).await;
	assert_eq!(refused.code, "bad-request");
	assert!(refused.message.contains("service 3"), "{}", refused.message);
}

#[tokio::test]
async fn a_body_that_was_not_signed_is_a_bad_request() {
	let other = Asked { body: Asked::new(1, 2, "echo").body, ..ask() };
	assert_eq!(refused(other).await.code, "bad-request");
}

#[tokio::test]
async fn a_dear_method_is_not_served_as_a_cheap_one() {
	let cheap = ask().signed.request.method;
	let dear = Asked::new(1, 1, DEAR).but(|signed| signed.request.method = cheap);
	assert_eq!(refused(dear).await.code, "bad-request");
}

#[tokio::test]
async fn sessions_that_are_not_open_are_wrong() {
	for session in [SESSION - 1, SESSION + 1] {
		assert_eq!(
			refused(ask().but(|signed| signed.session = session)).await.code,
			"wrong-session"
		);
	}
}

#[tokio::test]
async fn a_request_for_another_chains_session_is_not_signed() {
	assert_eq!(refused(ask().sign(&[8; 32])).await.code, "not-signed");
}

#[tokio::test]
async fn whom_the_draw_gave_to_others_is_not_served() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	// Of a million units, five draws hardly ever fall to the first.
	world.open(session(SESSION, [1; 32], 1_000_000)).await;
	let refused = world.refusal(&ask().sign(&[1; 32])).await;
	assert_eq!(refused.code, "not-assigned");
	assert_eq!(world.known.asked.load(std::sync::atomic::Ordering::SeqCst), 0, "of the chain");
}

#[tokio::test]
async fn who_is_no_application_is_not_served() {
	assert_eq!(refused(Asked::new(77, 1, "echo")).await.code, "not-assigned");
}

#[tokio::test]
async fn applications_are_served_from_their_first_session_to_their_last() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let change = |application, from, until| {
		let mut standing = standing(100);
		(standing.status.from, standing.status.until) = (from, until);
		world.known.applications.lock().unwrap().insert(application, standing);
	};
	change(1, SESSION + 1, None);
	change(2, 0, Some(SESSION));
	change(3, SESSION, Some(SESSION + 1));
	assert_eq!(world.refusal(&Asked::new(1, 1, "echo")).await.code, "not-assigned");
	assert_eq!(world.refusal(&Asked::new(2, 1, "echo")).await.code, "not-assigned");
	world.ask(&Asked::new(3, 1, "echo")).await.unwrap();
}

#[tokio::test]
async fn keys_sign_from_their_first_session_to_their_last() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	let mut changed = standing(100);
	let usual = changed.status.keys[0];
	changed.status.keys = vec![
		capacity_protocol::KeyStatus { from: SESSION + 1, ..usual },
		capacity_protocol::KeyStatus { number: 1, until: Some(SESSION), ..usual },
		capacity_protocol::KeyStatus { number: 2, from: SESSION, ..usual },
	];
	world.known.applications.lock().unwrap().insert(1, changed);
	for (number, signs) in [(0, false), (1, false), (2, true), (3, false)] {
		let asked = ask().but(|signed| signed.key = number);
		match signs {
			true => drop(world.ask(&asked).await.unwrap()),
			false => assert_eq!(world.refusal(&asked).await.code, "not-signed"),
		}
	}
}

#[tokio::test]
async fn what_another_has_signed_is_not_served() {
	let mut forged = ask();
	forged.signed.signature[5] ^= 1;
	assert_eq!(refused(forged).await.code, "not-signed");
}

#[tokio::test]
async fn batches_and_subscriptions_are_unsupported() {
	let batch = format!("[{}]", ask().body);
	assert_eq!(refused(Asked::with_body(1, 1, "echo", batch)).await.code, "unsupported");
	assert_eq!(refused(Asked::new(1, 1, "eth_subscribe")).await.code, "unsupported");
}

#[tokio::test]
async fn the_same_request_is_served_once() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	world.ask(&ask()).await.unwrap();
	assert_eq!(world.refusal(&ask()).await.code, "already-served");
	// Nor at the same time.
	let waits = Asked::new(1, 2, "wait");
	let both = futures::future::join(world.ask(&waits), async {
		while world.backend.seen.load(std::sync::atomic::Ordering::SeqCst) < 2 {
			tokio::time::sleep(Duration::from_millis(5)).await;
		}
		let second = world.refusal(&waits).await;
		world.backend.turns.add_permits(1);
		second
	});
	let (first, second) = both.await;
	first.unwrap();
	assert_eq!(second.code, "already-served");
	assert_eq!(world.recorded().len(), 2);
}

#[tokio::test]
async fn nobody_is_served_more_than_it_can_pay() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	world.known.applications.lock().unwrap().insert(1, standing(2 * u128::from(DEAR_UNITS) + 1));
	for nonce in 0..2 {
		world.ask(&Asked::new(1, nonce, DEAR)).await.unwrap();
	}
	let refused = world.refusal(&Asked::new(1, 2, DEAR)).await;
	assert_eq!(refused.code, "cannot-pay");
	assert!(refused.message.contains("only 1 more"), "{}", refused.message);
	// What fails costs nothing.
	assert_eq!(world.refusal(&Asked::new(1, 3, "fail")).await.code, "backend");
	world.ask(&Asked::new(1, 4, "echo")).await.unwrap();
	assert_eq!(world.refusal(&Asked::new(1, 5, "echo")).await.code, "cannot-pay");
	world.ask(&Asked::new(2, 6, DEAR)).await.unwrap();
}

#[tokio::test]
async fn more_requests_than_there_is_room_for_are_told_to_wait() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start_with(dir.path(), 1).await;
	let waits = Asked::new(1, 1, "wait");
	let both = futures::future::join(world.ask(&waits), async {
		while world.backend.seen.load(std::sync::atomic::Ordering::SeqCst) < 1 {
			tokio::time::sleep(Duration::from_millis(5)).await;
		}
		let refused = world.refusal(&Asked::new(1, 2, "echo")).await;
		world.backend.turns.add_permits(1);
		refused
	});
	let (first, refused) = both.await;
	first.unwrap();
	assert_eq!(refused.code, "busy");
	// The same request is served when there is room.
	world.ask(&Asked::new(1, 2, "echo")).await.unwrap();
}

#[tokio::test]
async fn what_the_backend_does_not_answer_is_no_relay() {
	let dir = tempfile::tempdir().unwrap();
	let world = World::start(dir.path()).await;
	for (nonce, method) in [(1, "fail"), (2, "limit"), (3, "garbage")] {
		assert_eq!(world.refusal(&Asked::new(1, nonce, method)).await.code, "backend", "{method}");
	}
	assert_eq!(world.recorded(), []);
}

#[tokio::test]
async fn a_backend_that_is_away_is_said_to_be() {
	let dir = tempfile::tempdir().unwrap();
	let mut backend = common::Backend::start().await;
	// Nobody listens at the port of a listener that is gone.
	let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
	backend.url = format!("http://{}", gone.local_addr().unwrap());
	drop(gone);
	let world = World::start_before(dir.path(), 10, backend).await;
	assert_eq!(world.refusal(&ask()).await.code, "backend");
	assert_eq!(world.recorded(), []);
}

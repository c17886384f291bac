//! The process is killed in the middle of traffic: no relay that was answered is lost.

use super::*;
use capacity_oracle_client::relay::{payload_hash, to_header, REQUEST};
use capacity_oracle_supplier::store::RelayStore;
use std::{
	collections::HashMap,
	io::{BufRead, BufReader, Write},
	path::Path,
	process::{Child, Command, Stdio},
};
use tokio::task::JoinSet;

/// Says to this executable that it is the process to be killed, and where its state is.
const STATE: &str = "SUPPLIER_TEST_STATE";
const LISTENS: &str = "listens at ";

/// Not a test of its own: the process that the test below kills.
#[tokio::test(flavor = "multi_thread")]
async fn the_process_to_be_killed() {
	let Ok(dir) = std::env::var(STATE) else { return };
	let world = World::start(Path::new(&dir)).await;
	let mut out = std::io::stdout();
	writeln!(out, "{LISTENS}{}", world.url).unwrap();
	out.flush().unwrap();
	std::future::pending::<()>().await;
}

fn start(dir: &Path) -> (Child, String) {
	let mut child = Command::new(std::env::current_exe().unwrap())
		.args(["--exact", "power::the_process_to_be_killed", "--nocapture"])
		.env(STATE, dir)
		.stdout(Stdio::piped())
		.spawn()
		.unwrap();
	let lines = BufReader::new(child.stdout.take().unwrap()).lines();
	let said = |line: std::io::Result<String>| {
		line.ok()?.split_once(LISTENS).map(|(_, url)| url.to_owned())
	};
	let url = lines.into_iter().find_map(said).expect("the process says where it listens");
	(child, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_relay_that_was_answered_is_lost_when_the_process_is_killed() {
	let dir = tempfile::tempdir().unwrap();
	let mut answered = HashMap::new();
	// Again with what the first has left behind.
	for round in 0..3u64 {
		let (mut child, url) = start(dir.path());
		let client = reqwest::Client::builder().no_proxy().build().unwrap();
		let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
		let mut tasks = JoinSet::new();
		for task in 0..16u64 {
			let (client, url, tell) = (client.clone(), url.clone(), tell.clone());
			tasks.spawn(async move {
				for number in 0.. {
					let nonce = (round << 40) | (task << 20) | number;
					let asked = Asked::new((task % 10) as u32, nonce, "echo");
					let request = client.post(&url).header(REQUEST, to_header(&asked.signed));
					let Ok(response) = request.body(asked.body.clone()).send().await else { break };
					assert!(response.status().is_success());
					let Ok(body) = response.bytes().await else { break };
					tell.send((asked.path(), asked.signed.answered(payload_hash(&body)))).unwrap();
				}
			});
		}
		drop(tell);
		let mut count = 0;
		while let Some((path, relay)) = told.recv().await {
			answered.insert(path, relay);
			count += 1;
			if count == 200 {
				// The signal that no process can catch.
				child.kill().unwrap();
			}
		}
		assert!(count >= 200);
		child.wait().unwrap();
		while let Some(ended) = tasks.join_next().await {
			ended.unwrap();
		}

		let store = RelayStore::open(dir.path()).unwrap();
		let stored: HashMap<_, _> =
			store.relays(&key(SESSION, &SEED)).unwrap().into_iter().collect();
		let lost = answered.iter().filter(|(path, relay)| stored.get(*path) != Some(*relay));
		assert_eq!(lost.count(), 0, "of {} that were answered", answered.len());
		// What was recorded and not answered can only be what was in flight.
		assert!(stored.len() <= answered.len() + 16 * (round as usize + 1));
	}
}

use crate::common::alone;
use anyhow::{ensure, Result};
use capacity_oracle_localnet::Process;
use std::{
	path::Path,
	time::{Duration, Instant},
};

const LOOK: Duration = Duration::from_millis(100);

/// Runs `localnet run`, ends it in some way, and sees what is left of it.
async fn ends(end: impl AsyncFnOnce(&mut Process)) -> Result<()> {
	let _alone = alone().await;
	let dir = tempfile::tempdir()?;
	let state = dir.path().join("network");
	let line = format!(
		"run --port 0 --endpoint-port 0 --sealing 300 --units 1000 --dir {}",
		state.display()
	);
	let arguments: Vec<_> = line.split(' ').map(str::to_owned).collect();
	let log = dir.path().join("log");
	let mut localnet = Process::start(Path::new(env!("CARGO_BIN_EXE_localnet")), &arguments, &log)?;

	let deadline = Instant::now() + Duration::from_secs(60);
	let url = loop {
		ensure!(Instant::now() < deadline, "it does not start:\n{}", localnet.last_words());
		tokio::time::sleep(LOOK).await;
		let said = std::fs::read_to_string(&log)?;
		let Some(url) = said.split_whitespace().find(|word| word.starts_with("ws://")) else {
			continue;
		};
		let lines = running(&state, url);
		if lines.len() == 3 && ["--dev", "run", "serve"].iter().all(|a| has(&lines, a)) {
			break url.to_owned();
		}
	};
	let said = std::fs::read_to_string(&log)?;
	assert!(said.contains("https://polkadot.js.org/apps/?rpc=ws://127.0.0.1:"), "{said}");
	assert!(said.contains("curl http://127.0.0.1:"), "{said}");
	end(&mut localnet).await;
	let deadline = Instant::now() + Duration::from_secs(10);
	while !running(&state, &url).is_empty() {
		ensure!(Instant::now() < deadline, "its processes are still there");
		tokio::time::sleep(LOOK).await;
	}
	Ok(())
}

/// The command lines of all processes that were told to keep their state in `dir`, or to use the node
/// at `url`: a node, a supplier and an application.
fn running(dir: &Path, url: &str) -> Vec<String> {
	let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
	let line = |directory: &Path| {
		let line = std::fs::read(directory.join("cmdline")).unwrap_or_default();
		String::from_utf8_lossy(&line).into_owned()
	};
	let lines = processes.flatten().map(|process| line(&process.path()));
	let marks = [&dir.display().to_string(), url].map(str::to_owned);
	let ours =
		|line: &String| !line.contains("localnet") && marks.iter().any(|mark| line.contains(mark));
	lines.filter(ours).collect()
}

fn has(lines: &[String], argument: &str) -> bool {
	lines.iter().any(|line| line.split('\0').any(|given| given == argument))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_is_left_of_a_network_that_is_killed() -> Result<()> {
	ends(async |localnet| localnet.kill()).await
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_is_left_of_a_network_that_is_stopped() -> Result<()> {
	ends(async |localnet| {
		localnet.stop().await;
		assert!(localnet.last_words().contains("Good bye"));
	})
	.await
}

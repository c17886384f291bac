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
	let line = format!("run --port 0 --sealing 300 --units 1000 --dir {}", state.display());
	let arguments: Vec<_> = line.split(' ').map(str::to_owned).collect();
	let log = dir.path().join("log");
	let mut localnet = Process::start(Path::new(env!("CARGO_BIN_EXE_localnet")), &arguments, &log)?;

	let deadline = Instant::now() + Duration::from_secs(60);
	while running(&state) < 2 {
		ensure!(Instant::now() < deadline, "it does not start:\n{}", localnet.last_words());
		tokio::time::sleep(LOOK).await;
	}
	let said = std::fs::read_to_string(&log)?;
	assert!(said.contains("https://polkadot.js.org/apps/?rpc=ws://127.0.0.1:"), "{said}");
	end(&mut localnet).await;
	let deadline = Instant::now() + Duration::from_secs(10);
	while running(&state) > 0 {
		ensure!(Instant::now() < deadline, "its processes are still there");
		tokio::time::sleep(LOOK).await;
	}
	Ok(())
}

/// How many processes were told to keep their state in `dir`, of which there is a node and a supplier.
fn running(dir: &Path) -> usize {
	let Ok(processes) = std::fs::read_dir("/proc") else { return 0 };
	let named = |directory: &Path| {
		let line = std::fs::read(directory.join("cmdline")).unwrap_or_default();
		let line = String::from_utf8_lossy(&line).into_owned();
		!line.contains("localnet") && line.contains(&dir.display().to_string())
	};
	processes.flatten().filter(|process| named(&process.path())).count()
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

//! One node with a development chain of its own.

use crate::{binary, Process, Sealing};
use anyhow::{bail, Context, Result};
use std::{
	path::{Path, PathBuf},
	time::{Duration, Instant},
};

/// How long a node may take until it answers: it makes a database and compiles the runtime.
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(50);

/// What the node writes before the address at which it answers.
const ANSWERS_AT: &str = "Running JSON-RPC server: addr=127.0.0.1:";

pub struct Node {
	program: PathBuf,
	sealing: Sealing,
	base: PathBuf,
	log: PathBuf,
	port: u16,
	process: Option<Process>,
}

impl Node {
	/// Starts a node that keeps its chain and its log in `dir`. It answers at `port`, or at another one
	/// if that is taken or 0.
	pub async fn start(dir: &Path, sealing: Sealing, port: u16) -> Result<Self> {
		let mut node = Self {
			program: binary::node()?,
			sealing,
			base: dir.join("node"),
			log: dir.join("node.log"),
			port,
			process: None,
		};
		node.port = node.launch().await?;
		Ok(node)
	}

	/// Where it answers.
	pub fn url(&self) -> String {
		format!("ws://127.0.0.1:{}", self.port)
	}

	/// Where it answers requests over HTTP.
	pub fn http(&self) -> String {
		format!("http://127.0.0.1:{}", self.port)
	}

	pub fn port(&self) -> u16 {
		self.port
	}

	pub fn log(&self) -> &Path {
		&self.log
	}

	/// Ends it as a power cut would. Its chain stays.
	pub fn kill(&mut self) {
		self.process = None;
	}

	/// Starts it again, with the same chain and at the same address.
	pub async fn restart(&mut self) -> Result<()> {
		self.kill();
		let port = self.launch().await?;
		if port != self.port {
			bail!("the node cannot have its port {} again: somebody else has it", self.port);
		}
		Ok(())
	}

	/// Fails if the process has ended by itself.
	pub fn check(&mut self) -> Result<()> {
		let Some(process) = &mut self.process else { return Ok(()) };
		match process.ended() {
			Some(status) => {
				bail!("the node has ended ({status}). Its last words:\n{}", process.last_words())
			}
			None => Ok(()),
		}
	}

	/// Starts the process and waits until it says where it answers.
	async fn launch(&mut self) -> Result<u16> {
		let said_before = self.said().len();
		self.process = Some(Process::start(&self.program, &self.arguments(), &self.log)?);
		let deadline = Instant::now() + PATIENCE;
		loop {
			if let Some(port) = self.said().get(said_before..).and_then(port_in) {
				return Ok(port);
			}
			self.check()?;
			if Instant::now() > deadline {
				bail!(
					"the node did not answer for two minutes; see its log {}",
					self.log.display()
				);
			}
			tokio::time::sleep(LOOK).await;
		}
	}

	fn said(&self) -> String {
		std::fs::read_to_string(&self.log).unwrap_or_default()
	}

	fn arguments(&self) -> Vec<String> {
		let base = self.base.display();
		// All states are kept: whoever looks back finds what was there.
		let line = format!(
			"--dev --sealing {} --rpc-port {} --listen-addr /ip4/127.0.0.1/tcp/0 --no-prometheus \
			 --no-telemetry --state-pruning archive --blocks-pruning archive",
			self.sealing, self.port
		);
		let mut arguments: Vec<_> = line.split(' ').map(str::to_owned).collect();
		arguments.extend(["--base-path".into(), base.to_string()]);
		arguments
	}

	/// Has it seal `blocks` blocks, one after the other.
	pub async fn seal(&self, blocks: u32) -> Result<()> {
		let rpc = self.rpc().await?;
		for _ in 0..blocks {
			let parameters = subxt::rpcs::rpc_params![true, true, Option::<String>::None];
			let _: serde_json::Value = rpc
				.request("engine_createBlock", parameters)
				.await
				.context("the node would not seal a block")?;
		}
		Ok(())
	}

	/// A connection for requests of any kind.
	pub async fn rpc(&self) -> Result<subxt::rpcs::RpcClient> {
		let url = self.url();
		subxt::rpcs::RpcClient::from_insecure_url(&url)
			.await
			.with_context(|| format!("the node does not answer at {url}"))
	}
}

fn port_in(said: &str) -> Option<u16> {
	let (_, address) = said.split_once(ANSWERS_AT)?;
	let end = address.find(|c: char| !c.is_ascii_digit())?;
	address[..end].parse().ok()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_port_is_the_one_that_the_node_names() {
		assert_eq!(port_in(&format!("x\ntime {ANSWERS_AT}36731,[::1]:33805\ny")), Some(36731));
		assert_eq!(port_in(&format!("{ANSWERS_AT}367")), None, "the line is not complete yet");
		assert_eq!(port_in("nothing"), None);
	}
}

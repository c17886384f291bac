//! One supplier: its wishes, its key, its state directory, its process.

use crate::{binary, port, process::ask, Node, Process, SERVICE};
use anyhow::{bail, Context, Result};
use capacity_oracle_client::{AccountId32, Keypair};
use capacity_protocol::Units;
use std::path::{Path, PathBuf};
use subxt_signer::SecretUri;

/// What a supplier is to do.
#[derive(Clone, Debug)]
pub struct Plan {
	/// One of the development chain's rich: `Bob` has the key `//Bob`.
	pub name: String,
	/// Compute units to bid per session.
	pub units: Units,
	/// What is to stand behind the bid, as the agent reads it; the least if nothing is said.
	pub stake: Option<String>,
	/// How it is to cheat, as the agent reads it.
	pub lie: Option<String>,
	/// Cores to work on; all if nothing is said.
	pub threads: Option<usize>,
	/// Whether it serves relays, with the node to answer them.
	pub serves: bool,
}

impl Plan {
	/// An honest supplier.
	pub fn honest(name: &str, units: Units) -> Self {
		Self { name: name.into(), units, stake: None, lie: None, threads: None, serves: false }
	}

	/// A supplier that cheats.
	pub fn liar(name: &str, units: Units, lie: &str) -> Self {
		Self { lie: Some(lie.into()), ..Self::honest(name, units) }
	}

	/// With more stake than the bid needs.
	pub fn with_stake(self, stake: &str) -> Self {
		Self { stake: Some(stake.into()), ..self }
	}

	/// On so many cores only.
	pub fn on_cores(self, threads: usize) -> Self {
		Self { threads: Some(threads), ..self }
	}

	/// Serving relays as well.
	pub fn serving(self) -> Self {
		Self { serves: true, ..self }
	}

	/// Its key as a path from the development chain's secret.
	pub fn path(&self) -> String {
		format!("//{}", self.name)
	}

	pub fn key(&self) -> Result<Keypair> {
		dev_key(&self.name)
	}

	pub fn account(&self) -> Result<AccountId32> {
		Ok(self.key()?.public_key().to_account_id())
	}
}

/// The key `//name` of the development chain.
pub fn dev_key(name: &str) -> Result<Keypair> {
	let bad = || format!("\"//{name}\" is no key");
	let uri: SecretUri = format!("//{name}").parse().with_context(bad)?;
	Keypair::from_uri(&uri).with_context(bad)
}

/// A supplier of a network, whether its process runs or not.
pub struct Supplier {
	plan: Plan,
	program: PathBuf,
	state: PathBuf,
	log: PathBuf,
	/// Where it serves relays.
	port: Option<u16>,
	process: Option<Process>,
}

impl Supplier {
	pub fn new(dir: &Path, plan: Plan) -> Result<Self> {
		let name = plan.name.to_lowercase();
		Ok(Self {
			program: binary::supplier()?,
			state: dir.join(&name),
			log: dir.join(format!("{name}.log")),
			port: plan.serves.then(|| port::free(0)).transpose()?,
			process: None,
			plan,
		})
	}

	pub fn plan(&self) -> &Plan {
		&self.plan
	}

	pub fn log(&self) -> &Path {
		&self.log
	}

	/// Where it serves relays, if it does.
	pub fn endpoint(&self) -> Option<String> {
		self.port.map(|port| format!("http://127.0.0.1:{port}"))
	}

	pub fn start(&mut self, node: &Node) -> Result<()> {
		if self.process.is_none() {
			self.process = Some(Process::start(&self.program, &self.arguments(node), &self.log)?);
		}
		Ok(())
	}

	/// Ends it as a power cut would. Its state directory stays.
	pub fn kill(&mut self) {
		self.process = None;
	}

	pub async fn stop(&mut self) {
		if let Some(mut process) = self.process.take() {
			process.stop().await;
		}
	}

	/// Makes a call with the supplier's program.
	pub async fn tell(&self, node: &Node, command: &str) -> Result<String> {
		let (url, key, service) = (node.url(), self.plan.path(), SERVICE.to_string());
		ask(&self.program, &[command, "--url", &url, "--key", &key, "--service", &service]).await
	}

	/// Fails if the process has ended by itself.
	pub fn check(&mut self) -> Result<()> {
		let Some(process) = &mut self.process else { return Ok(()) };
		match process.ended() {
			Some(status) => bail!(
				"the supplier {} has ended ({status}). Its last words:\n{}",
				self.plan.name,
				process.last_words()
			),
			None => Ok(()),
		}
	}

	fn arguments(&self, node: &Node) -> Vec<String> {
		let plan = &self.plan;
		let mut arguments: Vec<String> = ["run", "--url", &node.url()].map(str::to_owned).into();
		let mut give = |option: &str, value: String| arguments.extend([option.into(), value]);
		give("--key", plan.path());
		give("--service", SERVICE.to_string());
		give("--units", plan.units.to_string());
		give("--state", self.state.display().to_string());
		if let Some(stake) = &plan.stake {
			give("--stake", stake.clone());
		}
		if let Some(lie) = &plan.lie {
			give("--lie", lie.clone());
		}
		if let Some(threads) = plan.threads {
			give("--threads", threads.to_string());
		}
		if let Some((port, endpoint)) = self.port.zip(self.endpoint()) {
			give("--backend", node.http());
			give("--listen", format!("127.0.0.1:{port}"));
			give("--endpoint", endpoint);
		}
		arguments
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn names_stand_for_the_keys_of_the_development_chain() {
		let bob = subxt_signer::sr25519::dev::bob().public_key().to_account_id();
		assert_eq!(Plan::honest("Bob", 1).account().unwrap(), bob);
		assert_eq!(Plan::honest("Bob", 1).path(), "//Bob");
	}
}

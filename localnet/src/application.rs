//! One application: its account, its program, and its process if it answers clients.

use crate::{binary, load::Loading, port, process::ask, Load, Node, Process, SERVICE};
use anyhow::{bail, Result};
use std::{
	future::Future,
	path::{Path, PathBuf},
};

/// What the program writes before the address at which it answers.
const ANSWERS_AT: &str = "answering at ";

/// An application of a network. Its account is one of the development chain's rich.
pub struct Application {
	name: String,
	program: PathBuf,
	dir: PathBuf,
	/// How often it has sent requests by itself.
	loads: u32,
	/// Where it answers clients, and the process that does.
	endpoint: Option<(u16, Process)>,
}

impl Application {
	/// An application that keeps its logs in `dir`.
	pub fn new(dir: &Path, name: &str) -> Result<Self> {
		let program = binary::application()?;
		Ok(Self { name: name.into(), program, dir: dir.into(), loads: 0, endpoint: None })
	}

	/// Its key as a path from the development chain's secret.
	pub fn path(&self) -> String {
		format!("//{}", self.name)
	}

	/// Makes a call with the application's program, such as `deposit 100`. Returns what it says.
	pub fn tell(
		&self,
		node: &Node,
		command: &[&str],
	) -> impl Future<Output = Result<String>> + 'static {
		let (url, service) = (node.url(), SERVICE.to_string());
		let options = ["--url", &url, "--key", &self.path(), "--service", &service];
		let arguments: Vec<_> =
			command.iter().chain(&options).map(|part| part.to_string()).collect();
		let program = self.program.clone();
		async move { ask(&program, &arguments).await }
	}

	/// Begins to send requests.
	pub fn load(&mut self, node: &Node, load: &Load) -> Result<Loading> {
		self.loads += 1;
		let log = self.log(&format!("load-{}", self.loads));
		let mut arguments = self.arguments("load", node);
		arguments.extend(load.arguments());
		Loading::start(&self.program, &arguments, &log)
	}

	/// Answers clients, at `port` or at another one if that is taken or 0, from when the application is
	/// served. Returns the address.
	pub fn serve(&mut self, node: &Node, wanted: u16) -> Result<String> {
		let port = port::free(wanted)?;
		let mut arguments = self.arguments("serve", node);
		arguments.extend(["--listen".into(), format!("127.0.0.1:{port}")]);
		let process = Process::start(&self.program, &arguments, &self.log("endpoint"))?;
		self.endpoint = Some((port, process));
		Ok(format!("http://127.0.0.1:{port}"))
	}

	/// Whether clients are answered.
	pub fn answers(&self) -> bool {
		self.endpoint.as_ref().is_some_and(|(_, process)| process.said().contains(ANSWERS_AT))
	}

	/// Asks it to answer no more clients.
	pub async fn stop(&mut self) {
		if let Some((_, mut process)) = self.endpoint.take() {
			process.stop().await;
		}
	}

	/// Fails if a process has ended by itself.
	pub fn check(&mut self) -> Result<()> {
		let Some((_, process)) = &mut self.endpoint else { return Ok(()) };
		match process.ended() {
			Some(status) => bail!(
				"the application {} answers no more ({status}). Its last words:\n{}",
				self.name,
				process.last_words()
			),
			None => Ok(()),
		}
	}

	fn arguments(&self, command: &str, node: &Node) -> Vec<String> {
		let (url, service) = (node.url(), SERVICE.to_string());
		[command, "--wait", "--url", &url, "--key", &self.path(), "--service", &service]
			.map(str::to_owned)
			.into()
	}

	fn log(&self, what: &str) -> PathBuf {
		self.dir.join(format!("{}-{what}.log", self.name.to_lowercase()))
	}
}

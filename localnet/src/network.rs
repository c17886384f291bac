//! A node, its suppliers and its applications.

use crate::{
	load::Loading,
	supplier::{dev_key, Supplier},
	Application, Load, Node, Plan, Sealing, SERVICE,
};
use anyhow::{Context, Result};
use capacity_oracle_client::{Call, Chain, Submitted};
use capacity_protocol::{Policy, StandardWork};
use std::{
	collections::BTreeMap,
	future::Future,
	path::{Path, PathBuf},
};
use tempfile::TempDir;

/// What a network is to be like.
pub struct Builder {
	sealing: Sealing,
	port: u16,
	dir: Option<PathBuf>,
}

impl Builder {
	/// When blocks are sealed. Each second if nothing is said.
	pub fn sealing(self, sealing: Sealing) -> Self {
		Self { sealing, ..self }
	}

	/// Where the node is to answer, if that port is free. Any port if nothing is said.
	pub fn port(self, port: u16) -> Self {
		Self { port, ..self }
	}

	/// Where chain, states and logs are to be kept. If nothing is said they are removed in the end.
	pub fn dir(self, dir: Option<PathBuf>) -> Self {
		Self { dir, ..self }
	}

	/// Starts the node.
	pub async fn start(self) -> Result<Network> {
		let dir = Dir::new(self.dir)?;
		let node = Node::start(dir.path(), self.sealing, self.port).await?;
		let chain = Chain::connect(&node.url()).await?;
		Ok(Network { applications: BTreeMap::new(), suppliers: BTreeMap::new(), node, chain, dir })
	}
}

/// A node, its suppliers and its applications. All of them end when this is dropped.
pub struct Network {
	applications: BTreeMap<String, Application>,
	suppliers: BTreeMap<String, Supplier>,
	node: Node,
	chain: Chain,
	// The last field: it is removed when nobody writes to it any more.
	dir: Dir,
}

impl Network {
	pub fn builder() -> Builder {
		Builder { sealing: Sealing::every(1_000), port: 0, dir: None }
	}

	pub fn node(&self) -> &Node {
		&self.node
	}

	/// A client, which finds the node again when it was restarted.
	pub fn chain(&self) -> &Chain {
		&self.chain
	}

	/// Where chain, states and logs are.
	pub fn dir(&self) -> &Path {
		self.dir.path()
	}

	/// Adds a supplier and starts it.
	pub fn add(&mut self, plan: Plan) -> Result<()> {
		let mut supplier = Supplier::new(self.dir.path(), plan)?;
		supplier.start(&self.node)?;
		self.suppliers.insert(supplier.plan().name.clone(), supplier);
		Ok(())
	}

	/// Starts a supplier again that was killed or stopped, with the state that it had.
	pub fn start(&mut self, name: &str) -> Result<()> {
		let (supplier, node) = self.supplier_and_node(name)?;
		supplier.start(node)
	}

	/// Ends a supplier as a power cut would.
	pub fn kill(&mut self, name: &str) -> Result<()> {
		self.supplier(name)?.kill();
		Ok(())
	}

	/// Asks a supplier to stop.
	pub async fn stop(&mut self, name: &str) -> Result<()> {
		self.supplier(name)?.stop().await;
		Ok(())
	}

	/// Asks all suppliers to stop.
	pub async fn stop_suppliers(&mut self) {
		for supplier in self.suppliers.values_mut() {
			supplier.stop().await;
		}
	}

	/// Makes a call in the name of a supplier with its program, `leave` or `withdraw`. Returns what the
	/// program says.
	pub async fn tell(&mut self, name: &str, command: &str) -> Result<String> {
		let (supplier, node) = self.supplier_and_node(name)?;
		supplier.tell(node, command).await
	}

	/// Makes a call in the name of an application with its program, such as `deposit 100`. Returns what
	/// the program says.
	pub fn tell_application(
		&mut self,
		name: &str,
		command: &[&str],
	) -> impl Future<Output = Result<String>> + 'static {
		let told = self.application(name).map(|(known, node)| known.tell(node, command));
		async move { told?.await }
	}

	/// Has an application send requests, once it is served.
	pub fn load(&mut self, name: &str, load: &Load) -> Result<Loading> {
		let (application, node) = self.application(name)?;
		application.load(node, load)
	}

	/// Has an application answer clients, at `port` or at another one if that is taken or 0, from when
	/// it is served. Returns the address.
	pub fn serve(&mut self, name: &str, port: u16) -> Result<String> {
		let (application, node) = self.application(name)?;
		application.serve(node, port)
	}

	/// Whether an application answers clients.
	pub fn answers(&self, name: &str) -> bool {
		self.applications.get(name).is_some_and(Application::answers)
	}

	/// What a supplier has said.
	pub fn said(&mut self, name: &str) -> Result<String> {
		Ok(std::fs::read_to_string(self.supplier(name)?.log()).unwrap_or_default())
	}

	fn supplier(&mut self, name: &str) -> Result<&mut Supplier> {
		self.supplier_and_node(name).map(|(supplier, _)| supplier)
	}

	fn supplier_and_node(&mut self, name: &str) -> Result<(&mut Supplier, &Node)> {
		let supplier = self.suppliers.get_mut(name);
		Ok((supplier.with_context(|| format!("there is no supplier {name}"))?, &self.node))
	}

	/// The application with this name; any account can be one.
	fn application(&mut self, name: &str) -> Result<(&mut Application, &Node)> {
		use std::collections::btree_map::Entry;
		let application = match self.applications.entry(name.into()) {
			Entry::Occupied(known) => known.into_mut(),
			Entry::Vacant(new) => new.insert(Application::new(self.dir.path(), name)?),
		};
		Ok((application, &self.node))
	}

	/// Ends the node as a power cut would.
	pub fn kill_node(&mut self) {
		self.node.kill();
	}

	/// Starts the node again, with the chain that it had.
	pub async fn restart_node(&mut self) -> Result<()> {
		self.node.restart().await
	}

	/// Has the node seal `blocks` blocks, one after the other.
	pub async fn seal(&self, blocks: u32) -> Result<()> {
		self.node.seal(blocks).await
	}

	/// Fails if a process has ended that should run.
	pub fn check(&mut self) -> Result<()> {
		self.node.check()?;
		self.suppliers.values_mut().try_for_each(Supplier::check)?;
		self.applications.values_mut().try_for_each(Application::check)
	}

	/// Makes a call in the name of the chain's administrator.
	pub async fn administer(&self, call: Call) -> Result<Submitted> {
		Ok(self.chain.submit(&dev_key("Alice")?, call).await?)
	}

	/// The policy of the next session.
	pub async fn policy(&self) -> Result<Policy<StandardWork>> {
		let service = self.chain.service(SERVICE).await?;
		Ok(service.context("this chain has no services")?.policy_next)
	}
}

/// A directory, which goes with the network if nobody has asked to keep it.
enum Dir {
	Kept(PathBuf),
	Temporary(Option<TempDir>, PathBuf),
}

impl Dir {
	fn new(dir: Option<PathBuf>) -> Result<Self> {
		let Some(dir) = dir else {
			let dir = TempDir::with_prefix("capacity-oracle-")?;
			let path = dir.path().to_owned();
			return Ok(Self::Temporary(Some(dir), path));
		};
		std::fs::create_dir_all(&dir)
			.with_context(|| format!("the directory {} cannot be made", dir.display()))?;
		Ok(Self::Kept(dir))
	}

	fn path(&self) -> &Path {
		match self {
			Self::Kept(path) | Self::Temporary(_, path) => path,
		}
	}
}

impl Drop for Dir {
	fn drop(&mut self) {
		// Whoever looks for the reason of a failed test needs the logs.
		if let (true, Self::Temporary(dir, path)) = (std::thread::panicking(), self) {
			dir.take().map(TempDir::keep);
			eprintln!("logs and states are kept in {}", path.display());
		}
	}
}

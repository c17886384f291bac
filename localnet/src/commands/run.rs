//! A development chain with honest suppliers at work, and an endpoint that they serve, to look at.

use super::settled;
use crate::{
	port,
	text::{exact, percent, thousands},
	Ledger, Network, Plan, Sealing, SERVICE,
};
use anyhow::{ensure, Context, Result};
use capacity_oracle_client::{describe, Chain, PALLET};
use capacity_protocol::{Balance, Grid, Policy, StandardWork, Tick, Units};
use std::path::PathBuf;
use tokio::task::JoinHandle;

/// Accounts of the development chain that suppliers can have. Alice is its administrator, Eve the
/// service's owner.
const NAMES: [&str; 3] = ["Bob", "Charlie", "Dave"];
/// Whose deposit pays for requests, and how much of it there is, in coins.
const APPLICATION: &str = "Ferdie";
const DEPOSIT: &str = "1000";

/// Claims at the threshold that a supplier's stake can back at a time, beside its audits: one session's
/// can be made while those of the two before are not settled.
const CLAIMS_BACKED: Balance = 3;

/// Events beside those of an ordinary session.
const REMARKABLE: [&str; 11] = [
	"AuditsSkipped",
	"AuditsThinned",
	"AuditPassedOver",
	"AuditUnpaid",
	"SessionVoided",
	"BidSuspended",
	"EndpointAnnounced",
	"Deposited",
	"Funded",
	"PaidShort",
	"ClaimForfeited",
];

/// Starts a development chain and honest suppliers that are audited and serve requests, and says what
/// happens, a line per session. Ctrl-C stops everything.
///
/// Requests go to an endpoint that signs them for an application and pays for them from its deposit;
/// the suppliers have them answered by the chain's own node.
#[derive(Clone, Debug, clap::Args)]
pub struct Run {
	/// When blocks are sealed: a number of milliseconds, `instant` (as soon as there is a transaction)
	/// or `manual` (by the RPC engine_createBlock).
	#[arg(long, value_name = "WHEN", default_value = "1000")]
	pub sealing: Sealing,
	/// Compute units that each supplier bids per session; the policy's reference capacity if left out.
	#[arg(long)]
	pub units: Option<Units>,
	/// Number of suppliers, up to three: //Bob, //Charlie and //Dave.
	#[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=3))]
	pub suppliers: u8,
	/// Where the node answers; another port is taken if this one is not free.
	#[arg(long, default_value_t = 9944)]
	pub port: u16,
	/// Where requests are answered that suppliers serve; another port is taken if this one is not free.
	#[arg(long, default_value_t = 8545)]
	pub endpoint_port: u16,
	/// Where chain, states and logs are kept; if left out they are removed in the end.
	#[arg(long)]
	pub dir: Option<PathBuf>,
}

/// Runs until it is dropped.
pub async fn run(options: Run) -> Result<()> {
	println!("Starting a development chain ...");
	let mut network = Network::builder()
		.sealing(options.sealing)
		.port(options.port)
		.dir(options.dir.clone())
		.start()
		.await?;
	let (chain, port) = (network.chain().clone(), network.node().port());
	let token = chain.token().await?;
	println!("\n  node      ws://127.0.0.1:{port}");
	println!("  explorer  https://polkadot.js.org/apps/?rpc=ws://127.0.0.1:{port}");
	let mut endpoint = match options.suppliers {
		0 => None,
		_ => Some(Endpoint::new(options.endpoint_port)?),
	};
	if let Some(endpoint) = &endpoint {
		println!("  requests  {}", endpoint.url());
	}
	println!("  logs      {}\n", network.dir().display());

	let policy = network.policy().await?;
	let units = options.units.unwrap_or(policy.reference);
	ensure!(
		policy.admits(units),
		"a bid is from {} to {} units, not {}",
		thousands(policy.minimum_bid),
		thousands(policy.maximum_bid),
		thousands(units)
	);
	let minimum = chain.minimum_stake(SERVICE, units).await?.context("there is no service")?;
	let claim = policy.relays.map_or(0, |terms| terms.stake());
	let more = claim.saturating_mul(CLAIMS_BACKED.saturating_sub(1));
	let stake = exact(minimum.saturating_add(more), &token);
	let plans: Vec<_> = NAMES[..options.suppliers.into()]
		.iter()
		.map(|name| Plan::honest(name, units).with_stake(&stake).serving())
		.collect();
	for plan in &plans {
		network.add(plan.clone())?;
		println!(
			"{} bids {} units per session, and serves requests",
			plan.path(),
			thousands(units)
		);
	}
	introduce(&policy, session_length(&chain).await?);
	if let Some(endpoint) = &mut endpoint {
		endpoint.open(&mut network);
	}

	let mut ledger = Ledger::with_applications(&chain, &plans, &[APPLICATION]).await?;
	loop {
		for seen in ledger.catch_up().await? {
			for event in &seen.events {
				if REMARKABLE.iter().any(|name| event.is_oracle(name)) {
					if let Some(text) = describe(event, &token) {
						println!("{text}");
					}
				}
			}
			for (_, line, _) in settled(&chain, &seen, &token).await? {
				println!("{line}");
			}
		}
		network.check()?;
		if let Some(endpoint) = &mut endpoint {
			endpoint.look(&mut network).await?;
		}
		tokio::time::sleep(std::time::Duration::from_millis(100)).await;
	}
}

/// Blocks of a session, if none is so full that it does not count.
async fn session_length(chain: &Chain) -> Result<Tick> {
	let grid: Option<Grid> = chain.best().await?.stored(PALLET, "SessionGrid", vec![]).await?;
	Ok(grid.context("the chain's clock stands still: it has no schedule")?.length)
}

/// What the lines that follow are about.
fn introduce(policy: &Policy<StandardWork>, session: Tick) {
	println!(
		"\nA session is {session} blocks. In each, a bid is audited with a probability of {}: the \
		 supplier\nmust do all the work that it bids, commit to it and prove it, and is paid; or it is \
		 slashed.\nRequests that it serves go into the same commitment, and are paid from the deposit of \
		 whoever\nsigned them.\n\nOne line per session, when it is settled (a session's end and about as much again \
		 after it\nhas begun). Ctrl-C stops everything.\n",
		percent(policy.audit_rate)
	);
}

/// Where requests are answered, once the application is served.
struct Endpoint {
	port: u16,
	stage: Stage,
}

enum Stage {
	Closed,
	/// The deposit is being made.
	Depositing(JoinHandle<Result<String>>),
	/// The program waits for the first session in which the application is served.
	Waiting,
	Told,
}

impl Endpoint {
	fn new(wanted: u16) -> Result<Self> {
		Ok(Self { port: port::free(wanted)?, stage: Stage::Closed })
	}

	fn url(&self) -> String {
		format!("http://127.0.0.1:{}", self.port)
	}

	/// Begins with the deposit.
	fn open(&mut self, network: &mut Network) {
		println!(
			"//{APPLICATION} pays for requests to {url} from its deposit, from the next session on. Try\n\n  \
			 curl {url} -H 'content-type: application/json' \\\n    -d \
			 '{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"system_health\",\"params\":[]}}'\n",
			url = self.url()
		);
		let deposit = network.tell_application(APPLICATION, &["deposit", DEPOSIT]);
		self.stage = Stage::Depositing(tokio::spawn(deposit));
	}

	/// Goes on as far as it is time to.
	async fn look(&mut self, network: &mut Network) -> Result<()> {
		match &mut self.stage {
			Stage::Depositing(deposit) if deposit.is_finished() => match deposit.await? {
				Ok(_) => {
					network.serve(APPLICATION, self.port)?;
					self.stage = Stage::Waiting;
				}
				Err(error) => {
					println!("requests are not answered: {error:#}");
					self.stage = Stage::Told;
				}
			},
			Stage::Waiting if network.answers(APPLICATION) => {
				println!("//{APPLICATION} is served: {} answers", self.url());
				self.stage = Stage::Told;
			}
			_ => {}
		}
		Ok(())
	}
}

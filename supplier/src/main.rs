//! The command line of a supplier's agent.

use anyhow::{Context, Result};
use capacity_oracle_client::{journal::Journal, read_key, AccountId32, Call, Chain, Keypair};
use capacity_oracle_supplier::{
	gateway::Terms, report, status, watch, Agent, Lie, Serving, Settings, Wish,
};
use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

/// Takes part, as a supplier of computing work, in a chain that audits capacity.
///
/// A supplier bids how much it can do per session, with stake behind the bid. Some sessions it is
/// audited: it must do as much work as it bids, commit to it, and prove the pieces that the chain
/// then draws. Whoever delivers is paid; whoever does not is slashed.
///
/// With a backend it also serves relays: requests that applications sign and pay for. It claims and
/// proves them together with its audits.
#[derive(Parser)]
#[command(version)]
struct Cli {
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// Bid, answer audits, and serve relays if there is a backend, until stopped.
	///
	/// All that matters is kept in the state directory: a supplier that is stopped, or killed, goes
	/// on where it was when it is started again. It also gets over a restart of its node, lost
	/// connections, lost transactions and reorganisations.
	Run(Run),
	/// Show a supplier's bid, its stake and its duties.
	Status(Status),
	/// Take the bid out of the draws from the next session on. Audits that are open must still be
	/// answered: keep `run` running, without --rejoin, until `status` shows no duties.
	Leave(Signed),
	/// Take back all stake that neither the bid nor an open audit or claim needs.
	Withdraw(Signed),
	/// Add to the service's money, from which its audits are paid. Anybody can, whether a supplier or
	/// not; nobody can take it back.
	Fund(Fund),
	/// Show what the oracle reports about a service.
	Report(Common),
	/// Print a line for each session as it is settled.
	Watch(Watch),
}

#[derive(Args)]
struct Common {
	/// Address of a node.
	#[arg(long, env = "SUPPLIER_URL", default_value = "ws://127.0.0.1:9944")]
	url: String,
	/// Number of the service.
	#[arg(long, default_value_t = 0)]
	service: u32,
}

#[derive(Args)]
struct Signed {
	#[command(flatten)]
	common: Common,
	/// The supplier's key: a file with its secret phrase, or a development key such as //Bob.
	#[arg(long, env = "SUPPLIER_KEY", hide_env_values = true)]
	key: String,
}

#[derive(Args)]
struct Fund {
	/// How much, in whole coins such as 1000 or 12.5.
	amount: String,
	#[command(flatten)]
	common: Common,
	/// The key of whoever pays: a file with its secret phrase, or a development key such as //Bob.
	#[arg(long, env = "SUPPLIER_KEY", hide_env_values = true)]
	key: String,
}

#[derive(Args)]
struct Run {
	#[command(flatten)]
	signed: Signed,
	/// Compute units to bid per session. Bid what this computer can really do between the start of a
	/// session and the end of its claim window, and no more.
	#[arg(long)]
	units: u64,
	/// Stake to place the bid with, in whole coins such as 5000 or 12.5; the least if left out. One
	/// part of it stands behind all audits of the bid, the rest behind the claims of relays that are
	/// not settled: with more, more of them can be open at once. If it is more than was asked for the
	/// last time, what is missing is added.
	#[arg(long)]
	stake: Option<String>,
	/// Bid again after the bid has left the draws, or was suspended, and add stake that is missing: what
	/// a failed audit takes is then added again each time.
	#[arg(long)]
	rejoin: bool,
	/// State directory, of this supplier and this chain only.
	#[arg(long, value_name = "DIR", default_value = "supplier-state")]
	state: PathBuf,
	/// Cores to work on; all if left out.
	#[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
	threads: usize,
	/// Address of a JSON-RPC server, such as http://127.0.0.1:8545, that answers what applications ask.
	/// Without one, no relays are served.
	#[arg(long, value_name = "URL")]
	backend: Option<String>,
	/// Address to serve relays at. There are also /health and /metrics.
	#[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8600")]
	listen: SocketAddr,
	/// URL at which applications find this supplier, to be announced on the chain: that of `--listen`
	/// as others see it, such as http://my.host:8600.
	#[arg(long, value_name = "URL", requires = "backend", value_parser = endpoint)]
	endpoint: Option<String>,
	/// Seconds that the backend has for an answer.
	#[arg(long, value_name = "SECONDS", default_value_t = 10)]
	patience: u64,
	/// Requests to serve at a time; more are told to try again.
	#[arg(long, value_name = "N", default_value_t = 512)]
	at_once: usize,
	/// Cheat, to see what becomes of it; this costs stake. `silent` bids and never answers an audit;
	/// `overbid=2.0` bids twice what it delivers; `fakes=0.5` makes up half of what it commits to of
	/// an audit; `pads=2.0` claims twice the relays that it served; `dilutes=2.0` makes up a tenth of
	/// what it served, and hides that among twice as many real relays of an application of its own,
	/// which is that of its own account (`application deposit` with the same key).
	#[arg(long, value_name = "HOW")]
	lie: Option<Lie>,
	/// Print a JSON object per line instead of sentences.
	#[arg(long)]
	json: bool,
}

#[derive(Args)]
struct Status {
	#[command(flatten)]
	common: Common,
	/// The supplier's key: a file with its secret phrase, or a development key such as //Bob.
	#[arg(long, env = "SUPPLIER_KEY", hide_env_values = true, required_unless_present = "address")]
	key: Option<String>,
	/// The supplier's address, in place of its key.
	#[arg(long)]
	address: Option<String>,
}

#[derive(Args)]
struct Watch {
	#[command(flatten)]
	common: Common,
	/// Print a JSON object per line instead of sentences.
	#[arg(long)]
	json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
	match start(Cli::parse().command).await {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("error: {error:#}");
			ExitCode::FAILURE
		}
	}
}

async fn start(command: Command) -> Result<()> {
	match command {
		Command::Run(arguments) => run(arguments).await,
		Command::Status(arguments) => {
			let who = match (&arguments.address, &arguments.key) {
				(Some(address), _) => address
					.parse::<AccountId32>()
					.ok()
					.with_context(|| format!("\"{address}\" is no address of an account"))?,
				(None, key) => account(&read_key(key.as_deref().unwrap_or_default())?),
			};
			let chain = Chain::connect(&arguments.common.url).await?;
			print!("{}", status(&chain, arguments.common.service, &who).await?);
			Ok(())
		}
		Command::Leave(arguments) => {
			submit(&arguments, Call::leave(arguments.common.service)).await
		}
		Command::Withdraw(arguments) => {
			submit(&arguments, Call::withdraw(arguments.common.service)).await
		}
		Command::Fund(Fund { amount, common, key }) => {
			let service = common.service;
			let amount = Chain::connect(&common.url).await?.token().await?.read(&amount)?;
			submit(&Signed { common, key }, Call::fund(service, amount)).await
		}
		Command::Report(common) => {
			let chain = Chain::connect(&common.url).await?;
			print!("{}", report(&chain, common.service).await?);
			Ok(())
		}
		Command::Watch(Watch { common, json }) => {
			let chain = Chain::connect(&common.url).await?;
			tokio::select! {
				result = watch(chain, common.service, Journal::new(json)) => result,
				_ = asked_to_stop() => Ok(()),
			}
		}
	}
}

async fn run(arguments: Run) -> Result<()> {
	let Run { signed: Signed { common, key }, .. } = &arguments;
	let signer = read_key(key)?;
	let chain = Chain::connect(&common.url).await?;
	let token = chain.token().await?;
	let stake = arguments.stake.as_deref().map(|stake| token.read(stake)).transpose()?;
	let settings = Settings {
		serving: serving(&arguments),
		service: common.service,
		wish: Wish { units: arguments.units, stake, rejoin: arguments.rejoin },
		lie: arguments.lie,
		threads: arguments.threads,
		state: arguments.state,
	};
	let (stop, stopped) = tokio::sync::watch::channel(false);
	tokio::spawn(async move {
		asked_to_stop().await;
		// Whoever asks twice does not want to wait.
		let _ = stop.send(true);
		asked_to_stop().await;
		std::process::exit(130);
	});
	Agent::run(chain, signer, settings, Journal::new(arguments.json), stopped).await
}

/// How relays are to be served, if there is a backend for them.
fn serving(arguments: &Run) -> Option<Serving> {
	let terms = Terms {
		service: arguments.signed.common.service,
		backend: arguments.backend.clone()?,
		timeout: Duration::from_secs(arguments.patience),
		most: arguments.at_once,
	};
	Some(Serving { listen: arguments.listen, endpoint: arguments.endpoint.clone(), terms })
}

/// Makes a call and prints what the oracle says to it.
async fn submit(arguments: &Signed, call: Call) -> Result<()> {
	let signer = read_key(&arguments.key)?;
	let chain = Chain::connect(&arguments.common.url).await?;
	let token = chain.token().await?;
	let submitted = chain.submit(&signer, call).await?;
	for event in &submitted.events {
		if let Some(text) = capacity_oracle_client::describe(event, &token) {
			println!("{text}");
		}
	}
	println!("fee: {}", token.show(submitted.fee));
	Ok(())
}

/// What can be announced as an endpoint.
fn endpoint(text: &str) -> Result<String, String> {
	const LONGEST: usize = 128;
	let url = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
	match url && text.len() <= LONGEST {
		true => Ok(text.to_owned()),
		false => Err(format!("it is a URL like http://my.host:8600, of {LONGEST} bytes at most")),
	}
}

fn account(key: &Keypair) -> AccountId32 {
	key.public_key().to_account_id()
}

/// Waits for an interrupt or a request to terminate.
async fn asked_to_stop() {
	let interrupted = tokio::signal::ctrl_c();
	#[cfg(unix)]
	{
		use tokio::signal::unix::{signal, SignalKind};
		if let Ok(mut terminate) = signal(SignalKind::terminate()) {
			tokio::select! {
				_ = interrupted => {},
				_ = terminate.recv() => {},
			}
			return;
		}
	}
	let _ = interrupted.await;
}

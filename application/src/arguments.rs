//! What the command line takes.

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;

/// Uses and pays for the relays of a service, from a deposit.
///
/// An application puts money on deposit. In each session the chain draws the suppliers that may serve
/// it. It signs every request for one of them; the signed requests are what the supplier is paid for,
/// after the session, from the deposit and up to the application's limit.
///
/// Begin with `application deposit`, then let `application serve` answer the JSON-RPC requests of
/// programs that know nothing of all this.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
	#[command(subcommand)]
	pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
	/// Put money on deposit. The first time, this makes the account an application, which is served
	/// from the next session on.
	Deposit(Deposit),
	/// Set the most that is paid in one session, from the next session on.
	Limit(Limit),
	/// Show and change the keys that may sign requests.
	#[command(subcommand)]
	Keys(KeyCommand),
	/// Show the deposit, the limit, the keys, and who serves in this session.
	Status(Who),
	/// Show who serves in this session, and what can be paid.
	Suppliers(Who),
	/// Be served no more from the next session on. What is signed until then is still paid.
	Close(Signed),
	/// Take back the deposit of a closed application, once its last session is settled.
	Reclaim(Signed),
	/// Make one request, and print the result.
	Call(Call),
	/// Answer JSON-RPC requests, over HTTP and web sockets, until stopped.
	///
	/// An existing client only changes its URL. Requests and batches are passed on as they come;
	/// each request becomes a relay and is paid. Subscriptions are refused: they cannot be paid by
	/// the request. GET /health says how it goes.
	Serve(Serve),
	/// Make many requests, and measure how suppliers do. They are paid like all others.
	Load(Load),
}

#[derive(Subcommand)]
pub enum KeyCommand {
	/// Show the keys.
	List(Who),
	/// Let a key sign requests from the next session on.
	Add(AddKey),
	/// Let a key sign no more from the next session on.
	Remove(RemoveKey),
}

#[derive(Args)]
pub struct Common {
	/// Address of a node.
	#[arg(long, env = "APPLICATION_URL", default_value = "ws://127.0.0.1:9944")]
	pub url: String,
	/// Number of the service.
	#[arg(long, default_value_t = 0)]
	pub service: u32,
}

#[derive(Args)]
pub struct Signed {
	#[command(flatten)]
	pub common: Common,
	/// The application's account key: a file with its secret phrase, or a development key such as
	/// //Dave.
	#[arg(long, env = "APPLICATION_KEY", hide_env_values = true)]
	pub key: String,
}

#[derive(Args)]
pub struct Who {
	#[command(flatten)]
	pub common: Common,
	/// The application's account key: a file with its secret phrase, or a development key such as
	/// //Dave.
	#[arg(
		long,
		env = "APPLICATION_KEY",
		hide_env_values = true,
		required_unless_present = "address"
	)]
	pub key: Option<String>,
	/// The address of the application's account, in place of its key.
	#[arg(long)]
	pub address: Option<String>,
}

#[derive(Args)]
pub struct Deposit {
	/// How much, in whole coins such as 1000 or 12.5.
	pub amount: String,
	/// The most that is paid in one session. A new application that names none pays a quarter of its
	/// deposit.
	#[arg(long, value_name = "AMOUNT")]
	pub limit: Option<String>,
	/// The key that signs requests, if it is not the account's own: an address, a public key in
	/// hexadecimal, a file with a secret phrase, or a development key. It is added by a transaction of
	/// its own.
	#[arg(long, value_name = "KEY")]
	pub sign_with: Option<String>,
	#[command(flatten)]
	pub signed: Signed,
}

#[derive(Args)]
pub struct Limit {
	/// How much, in whole coins such as 1000 or 12.5.
	pub amount: String,
	#[command(flatten)]
	pub signed: Signed,
}

#[derive(Args)]
pub struct AddKey {
	/// An address, a public key in hexadecimal, a file with a secret phrase, or a development key.
	#[arg(value_name = "KEY")]
	pub added: String,
	#[command(flatten)]
	pub signed: Signed,
}

#[derive(Args)]
pub struct RemoveKey {
	/// The key's number, as `keys list` shows it.
	pub number: u8,
	#[command(flatten)]
	pub signed: Signed,
}

/// How requests are signed and made.
#[derive(Args)]
pub struct Asking {
	#[command(flatten)]
	pub who: Who,
	/// The key that signs requests, if it is not the account's own: a file with its secret phrase, or
	/// a development key. With it, --address is enough and the account's key can stay elsewhere.
	#[arg(long, value_name = "KEY", env = "APPLICATION_SIGNING_KEY", hide_env_values = true)]
	pub signing_key: Option<String>,
	/// Wait for the first session in which the application is served.
	#[arg(long)]
	pub wait: bool,
	/// Suppliers that a request is tried with, one after the other.
	#[arg(long, value_name = "N", default_value_t = 3)]
	pub attempts: usize,
	/// Seconds that each of them may take.
	#[arg(long, value_name = "SECONDS", default_value_t = 20.0)]
	pub timeout: f64,
	/// The share of requests that a second supplier is asked, too, and paid for, to compare what they
	/// say: 0.01 is one in a hundred. Requests that write are never made twice.
	#[arg(long, value_name = "SHARE", default_value_t = 0.0)]
	pub cross_check: f64,
	/// The longest answer that is taken, in bytes.
	#[arg(long, value_name = "BYTES", default_value_t = 64 << 20)]
	pub max_answer: usize,
}

#[derive(Args)]
pub struct Call {
	/// The method, such as eth_blockNumber.
	pub method: String,
	/// Its parameters, as JSON.
	#[arg(default_value = "[]")]
	pub params: String,
	#[command(flatten)]
	pub asking: Asking,
}

#[derive(Args)]
pub struct Serve {
	#[command(flatten)]
	pub asking: Asking,
	/// Where to answer. Whoever reaches this address spends the deposit.
	#[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8545")]
	pub listen: SocketAddr,
	/// The longest request, or batch of requests, in bytes.
	#[arg(long, value_name = "BYTES", default_value_t = 4 << 20)]
	pub max_request: usize,
	/// A web page that may ask, such as https://app.example, or * for all; can be given several
	/// times. Without it only programs may.
	#[arg(long, value_name = "ORIGIN")]
	pub allow_origin: Vec<String>,
	/// Print a JSON object per line instead of sentences.
	#[arg(long)]
	pub json: bool,
}

#[derive(Args)]
pub struct Load {
	#[command(flatten)]
	pub asking: Asking,
	/// How many requests to make.
	#[arg(long, value_name = "N", default_value_t = 1_000)]
	pub requests: u64,
	/// Requests that are under way at once, at the most.
	#[arg(long, value_name = "N", default_value_t = 16)]
	pub concurrency: usize,
	/// Requests per second; as many as go if left out. Latencies then count from when a request was
	/// due.
	#[arg(long)]
	pub rate: Option<f64>,
	/// The method to ask for.
	#[arg(long, default_value = "system_health")]
	pub method: String,
	/// Its parameters.
	#[arg(long, value_name = "JSON", default_value = "[]")]
	pub params: String,
	/// Print the figures as JSON.
	#[arg(long)]
	pub json: bool,
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::CommandFactory;

	fn parsed(text: &str) -> Result<Cli, clap::Error> {
		Cli::try_parse_from(text.split(' '))
	}

	#[test]
	fn the_command_line_makes_sense() {
		Cli::command().debug_assert();
	}

	#[test]
	fn whoever_only_asks_needs_no_account_key() {
		assert!(parsed("application serve --signing-key //Bob --address 5F").is_ok());
		assert!(parsed("application call a [1] --key //Bob").is_ok());
		assert!(parsed("application deposit 5 --limit 1").is_err(), "money needs a key");
		assert!(parsed("application status").is_err(), "whose?");
	}
}

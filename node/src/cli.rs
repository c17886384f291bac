//! The command line.

use std::{str::FromStr, time::Duration};

use sc_cli::{
	ChainInfoCmd, CheckBlockCmd, ExportBlocksCmd, ExportChainSpecCmd, ImportBlocksCmd,
	KeySubcommand, PurgeChainCmd, RevertCmd, RunCmd, SubstrateCli,
};
use sc_service::ChainSpec;

use crate::chain_spec;

#[derive(Debug, clap::Parser)]
pub struct Cli {
	#[command(subcommand)]
	pub subcommand: Option<Subcommand>,

	/// When a development chain seals its blocks: instant, manual, or a number of milliseconds.
	///
	/// `instant` seals a block as soon as there is a transaction for it. `manual` seals none but
	/// those asked for with the RPC `engine_createBlock`, which the others answer too. A number
	/// seals a block each so many milliseconds, with or without transactions. Each block is
	/// finalised at once, and moves the chain's clock by one slot whatever the time is.
	///
	/// Needs --dev, and is 1000 where --dev is given alone. Without --dev the node takes part in
	/// Aura and GRANDPA; for a single such node, give --chain dev --alice --force-authoring.
	#[arg(long, value_name = "WHEN")]
	pub sealing: Option<Sealing>,

	#[command(flatten)]
	pub run: RunCmd,
}

impl Cli {
	/// How blocks are sealed on a development chain; `None` where consensus decides.
	pub fn sealing(&self) -> Result<Option<Sealing>, String> {
		match (self.run.shared_params.dev, self.sealing) {
			(true, chosen) => Ok(Some(chosen.unwrap_or_default())),
			(false, None) => Ok(None),
			(false, Some(_)) => {
				Err("--sealing is for a development chain: give --dev as well, or \
				leave --sealing out to take part in Aura and GRANDPA"
					.into())
			}
		}
	}
}

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"Capacity Oracle Node".into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn description() -> String {
		"A node of the capacity oracle chain: a development chain on its own with --dev, or a \
		 validator or full node of a network"
			.into()
	}

	fn author() -> String {
		env!("CARGO_PKG_AUTHORS").into()
	}

	fn support_url() -> String {
		"the repository this node was built from".into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
		Ok(Box::new(chain_spec::load(id)?))
	}
}

#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
	/// Write the chain spec of a chain, which other nodes can be started from.
	ExportChainSpec(ExportChainSpecCmd),

	/// Make, show and insert keys.
	#[command(subcommand)]
	Key(KeySubcommand),

	/// Show the best and the finalised block of the database.
	ChainInfo(ChainInfoCmd),

	/// Execute a block of the database again.
	CheckBlock(CheckBlockCmd),

	/// Write blocks of the database to a file.
	ExportBlocks(ExportBlocksCmd),

	/// Add blocks from a file to the database.
	ImportBlocks(ImportBlocksCmd),

	/// Take the newest blocks that are not final out of the database.
	Revert(RevertCmd),

	/// Remove the database of a chain.
	PurgeChain(PurgeChainCmd),
}

/// When a development chain seals a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
	Instant,
	Manual,
	Interval(Duration),
}

impl Default for Sealing {
	fn default() -> Self {
		Self::Interval(Duration::from_secs(1))
	}
}

impl FromStr for Sealing {
	type Err = String;

	fn from_str(when: &str) -> Result<Self, String> {
		match when {
			"instant" => Ok(Self::Instant),
			"manual" => Ok(Self::Manual),
			_ => match when.parse() {
				Ok(0) => Err("a block cannot be sealed each 0 milliseconds: give 1 or more, or \
					`instant`"
					.into()),
				Ok(milliseconds) => Ok(Self::Interval(Duration::from_millis(milliseconds))),
				Err(_) => Err("give `instant`, `manual` or a number of milliseconds".into()),
			},
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn sealing(arguments: &[&str]) -> Result<Option<Sealing>, String> {
		Cli::try_from_iter([&["capacity-oracle"][..], arguments].concat())
			.map_err(|error| error.to_string())?
			.sealing()
	}

	fn each(milliseconds: u64) -> Sealing {
		Sealing::Interval(Duration::from_millis(milliseconds))
	}

	#[test]
	fn sealing_is_read() {
		assert_eq!(sealing(&["--dev", "--sealing", "instant"]), Ok(Some(Sealing::Instant)));
		assert_eq!(sealing(&["--dev", "--sealing", "manual"]), Ok(Some(Sealing::Manual)));
		assert_eq!(sealing(&["--sealing=100", "--dev"]), Ok(Some(each(100))));
		assert_eq!(sealing(&["--dev"]), Ok(Some(each(1000))));
		assert_eq!(sealing(&["--chain", "dev", "--alice"]), Ok(None));
		assert_eq!(sealing(&[]), Ok(None));
	}

	#[test]
	fn other_values_are_refused_in_words() {
		for value in ["", "Instant", "6s", "-1", "1.5", "18446744073709551616"] {
			let message = value.parse::<Sealing>().unwrap_err();
			assert!(message.contains("number of milliseconds"), "{value}: {message}");
			assert!(sealing(&["--dev", &format!("--sealing={value}")]).is_err(), "{value}");
		}
		assert!("0".parse::<Sealing>().unwrap_err().contains("1 or more"));
	}

	#[test]
	fn sealing_without_dev_is_refused_in_words() {
		for arguments in [&["--sealing", "instant"][..], &["--chain", "dev", "--sealing", "100"]] {
			assert!(sealing(arguments).unwrap_err().contains("give --dev as well"));
		}
	}
}

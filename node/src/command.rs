//! Does what the command line asks for.

use capacity_oracle_node::cli::{Cli, Subcommand};
use capacity_oracle_runtime::opaque::Block;
use sc_cli::{Result, SharedParams, SubstrateCli};
use sc_consensus::DefaultImportQueue;
use sc_service::Configuration;

use crate::{dev, parts::Parts, service};

pub fn run() -> Result<()> {
	let cli = Cli::from_args();
	match &cli.subcommand {
		None => run_node(&cli),
		Some(Subcommand::ExportChainSpec(cmd)) => cmd.run(cli.load_spec(&cmd.chain)?),
		Some(Subcommand::Key(cmd)) => cmd.run(&cli),
		Some(Subcommand::ChainInfo(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config))
		}
		Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let (parts, queue) = with_import_queue(&config, &cmd.shared_params)?;
			Ok((cmd.run(parts.client, queue), parts.task_manager))
		}),
		Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let parts = Parts::new(&config)?;
			Ok((cmd.run(parts.client, config.database), parts.task_manager))
		}),
		Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let (parts, queue) = with_import_queue(&config, &cmd.shared_params)?;
			Ok((cmd.run(parts.client, queue), parts.task_manager))
		}),
		Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let parts = Parts::new(&config)?;
			let revert = cmd.run(
				parts.client,
				parts.backend,
				Some(Box::new(|client, _, blocks| {
					Ok(sc_consensus_grandpa::revert::<Block, _>(client, blocks)?)
				})),
			);
			Ok((revert, parts.task_manager))
		}),
		Some(Subcommand::PurgeChain(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database))
		}
	}
}

fn run_node(cli: &Cli) -> Result<()> {
	let sealing = cli.sealing()?;
	cli.create_runner(&cli.run)?.run_node_until_exit(|config| async move {
		Ok(match sealing {
			Some(sealing) => dev::start(config, sealing)?,
			None => service::start(config)?,
		})
	})
}

fn with_import_queue(
	config: &Configuration,
	params: &SharedParams,
) -> Result<(Parts, DefaultImportQueue<Block>)> {
	let parts = Parts::new(config)?;
	let queue = if params.is_dev() {
		dev::import_queue(config, &parts)
	} else {
		service::import_queue(config, &parts)?
	};
	Ok((parts, queue))
}

//! The command line of an application.

mod arguments;
mod commands;

use arguments::{Cli, Command, KeyCommand};
use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
	match start(Cli::parse().command).await {
		Ok(code) => code,
		Err(error) => {
			eprintln!("error: {error:#}");
			ExitCode::FAILURE
		}
	}
}

async fn start(command: Command) -> anyhow::Result<ExitCode> {
	match command {
		Command::Deposit(arguments) => commands::deposit(arguments).await?,
		Command::Limit(arguments) => commands::limit(arguments).await?,
		Command::Keys(KeyCommand::List(who)) => commands::keys(who).await?,
		Command::Keys(KeyCommand::Add(arguments)) => commands::add_key(arguments).await?,
		Command::Keys(KeyCommand::Remove(arguments)) => commands::remove_key(arguments).await?,
		Command::Status(who) => commands::status(who).await?,
		Command::Suppliers(who) => commands::suppliers(who).await?,
		Command::Close(arguments) => commands::close(arguments).await?,
		Command::Reclaim(arguments) => commands::reclaim(arguments).await?,
		Command::Call(arguments) => return commands::call(arguments).await,
		Command::Serve(arguments) => commands::serve(arguments).await?,
		Command::Load(arguments) => return commands::load(arguments).await,
	}
	Ok(ExitCode::SUCCESS)
}

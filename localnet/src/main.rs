//! The command line of a network on one machine.

use anyhow::Result;
use capacity_oracle_localnet::commands::{demo, run, Demo, Run};
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use tokio::signal::unix::{signal, SignalKind};

/// Runs a chain that audits capacity and settles relays, its suppliers and an application that pays
/// them, on this machine.
///
/// All processes end with this one. The programs `capacity-oracle`, `supplier` and `application` are
/// those beside this one, or those that CAPACITY_ORACLE_NODE, CAPACITY_ORACLE_SUPPLIER and
/// CAPACITY_ORACLE_APPLICATION name.
#[derive(Parser)]
#[command(version)]
struct Cli {
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	Run(Run),
	Demo(Demo),
}

#[tokio::main]
async fn main() -> ExitCode {
	let command = Cli::parse().command;
	let runs = matches!(command, Command::Run(_));
	// Whatever is dropped here ends its processes.
	let outcome = tokio::select! {
		outcome = start(command) => outcome,
		_ = asked_to_stop() => {
			println!("\nStopped. Good bye.");
			return if runs { ExitCode::SUCCESS } else { ExitCode::FAILURE };
		},
	};
	match outcome {
		Ok(code) => code,
		Err(error) => {
			eprintln!("error: {error:#}");
			ExitCode::FAILURE
		}
	}
}

async fn start(command: Command) -> Result<ExitCode> {
	match command {
		Command::Run(options) => run(options).await.map(|()| ExitCode::SUCCESS),
		Command::Demo(options) => Ok(match demo(options).await? {
			true => ExitCode::SUCCESS,
			false => ExitCode::FAILURE,
		}),
	}
}

/// Waits for Ctrl-C, a request to terminate or the terminal's end.
async fn asked_to_stop() {
	let wait = |kind| async move {
		match signal(kind) {
			Ok(mut signal) => signal.recv().await,
			Err(_) => std::future::pending().await,
		}
	};
	tokio::select! {
		_ = wait(SignalKind::interrupt()) => {},
		_ = wait(SignalKind::terminate()) => {},
		_ = wait(SignalKind::hangup()) => {},
	}
}

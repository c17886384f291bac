//! The command line: one module for each subcommand, thin around the module that does the work.

pub mod audit_rate;
pub mod book;
pub mod figures;
pub mod growth;
pub mod padding;
pub mod penalty;
pub mod policy;
pub mod portfolio;
pub mod simulate;
pub mod sybil;
pub mod theorem;

use crate::{figure, Outcome, Progress};
use anyhow::Result;
use clap::{Parser, Subcommand};
use std::{ffi::OsString, io::IsTerminal, path::PathBuf, process::ExitCode};

/// What a choice of parameters does to a network, computed by the code that runs on chain.
///
/// Options take one value, a list or a range: 2 | 1,2,4 | 1.1..3:20 (20 values, evenly) | 1..1000x4 (4
/// values, each the same multiple of the one before).
#[derive(Debug, Parser)]
#[command(name = "lab", version)]
struct Cli {
	#[command(subcommand)]
	command: Command,
	/// Print everything that was found as JSON, and nothing else
	#[arg(long, global = true)]
	json: bool,
	/// Also draw the plot into this file; .svg and .png are known
	#[arg(long, global = true, value_name = "FILE")]
	plot: Vec<PathBuf>,
	/// No plots in the terminal
	#[arg(long, global = true)]
	tables: bool,
	/// No progress bars
	#[arg(long, global = true)]
	quiet: bool,
}

// One is made, once.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Subcommand)]
enum Command {
	AuditRate(audit_rate::Args),
	Sybil(sybil::Args),
	Portfolio(portfolio::Args),
	Penalty(penalty::Args),
	Theorem(theorem::Args),
	Padding(padding::Args),
	Growth(growth::Args),
	Policy(policy::Args),
	Simulate(simulate::Args),
	Figures(figures::Args),
	Book(book::Args),
}

impl Command {
	fn run(&self, progress: Progress) -> Result<Outcome> {
		match self {
			Self::AuditRate(args) => audit_rate::run(args, progress),
			Self::Sybil(args) => sybil::run(args, progress),
			Self::Portfolio(args) => portfolio::run(args, progress),
			Self::Penalty(args) => penalty::run(args, progress),
			Self::Theorem(args) => theorem::run(args, progress),
			Self::Padding(args) => padding::run(args, progress),
			Self::Growth(args) => growth::run(args, progress),
			Self::Policy(args) => policy::run(args, progress),
			Self::Simulate(args) => simulate::run(args, progress),
			Self::Figures(args) => figures::run(args, progress),
			Self::Book(args) => book::run(args, progress),
		}
	}
}

/// What a command line, beginning with `lab`, finds. Draws and prints nothing.
pub fn execute(line: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Outcome> {
	Cli::try_parse_from(line)?.command.run(Progress::Hidden)
}

/// The command: parses its arguments, runs, prints, draws.
pub fn main() -> ExitCode {
	let cli = Cli::parse();
	let done = cli.command.run(if cli.quiet { Progress::Hidden } else { Progress::Shown });
	match done.and_then(|outcome| show(&cli, &outcome)) {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("lab: {error:#}");
			ExitCode::FAILURE
		}
	}
}

fn show(cli: &Cli, outcome: &Outcome) -> Result<()> {
	for path in &cli.plot {
		figure::save(&outcome.figures, path)?;
	}
	if cli.json {
		println!("{}", serde_json::to_string_pretty(&outcome.json)?);
		return Ok(());
	}
	print!("{}", outcome.text);
	if !cli.tables && std::io::stdout().is_terminal() {
		for figure in &outcome.figures {
			println!("\n{}", figure::terminal::draw(figure));
		}
	}
	Ok(())
}

use crate::{
	book::{self, quantities, Report},
	outcome::table,
	Outcome, Progress,
};
use anyhow::{bail, Result};
use std::path::PathBuf;

/// Compare the book's numbers and outputs with the code
///
/// A number in a chapter can be followed by a comment that says where it comes from, such as
/// 0.2222<!--= cost(rho=2, stake=8) -->, and a console block whose first line is `$ lab ...` must be
/// what that command prints. Numbers are compared at the precision that is written.
#[derive(Debug, clap::Args)]
pub struct Args {
	#[command(subcommand)]
	action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
	/// List every number, output and link that is wrong, and fail if there is one
	Check(Paths),
	/// Put what the code gives into the chapters, and fail where it gives nothing
	Write(Paths),
	/// List what a comment can ask for
	Quantities,
}

#[derive(Debug, clap::Args)]
struct Paths {
	/// Folders of chapters, and single files
	#[arg(value_name = "PATH", default_values = ["docs/src", "README.md"])]
	paths: Vec<PathBuf>,
}

pub fn run(args: &Args, _progress: Progress) -> Result<Outcome> {
	match &args.action {
		Action::Check(paths) => {
			let report = book::check(&paths.paths)?;
			if !report.differences.is_empty() {
				bail!("{}\n{}", listed(&report, |_| true), counted(&report));
			}
			let text = format!("{}; all as the code gives them.\n", counted(&report));
			Outcome::new(&report, text, Vec::new())
		}
		Action::Write(paths) => {
			let report = book::write(&paths.paths)?;
			let left = listed(&report, |difference| !difference.mendable);
			let mended = listed(&report, |difference| difference.mendable);
			if !left.is_empty() {
				bail!("left as it is, because the code gives nothing for it:\n{left}");
			}
			let text = format!("{}.\nMended:\n{mended}", counted(&report));
			Outcome::new(&report, text, Vec::new())
		}
		Action::Quantities => {
			let all = quantities::all().map(|quantity| {
				let call = format!("{}({})", quantity.name, quantity.arguments.join(", "));
				(call, quantity.about)
			});
			let all: Vec<(String, &str)> = all.collect();
			let width = all.iter().map(|(call, _)| call.chars().count()).max().unwrap_or(0);
			let lines = all.iter().map(|(call, about)| format!("{call:width$}  {about}\n"));
			Outcome::new(&all, lines.collect(), Vec::new())
		}
	}
}

fn listed(report: &Report, which: impl Fn(&book::Difference) -> bool) -> String {
	let chosen = report.differences.iter().filter(|difference| which(difference));
	chosen.map(|difference| format!("{difference}\n")).collect()
}

fn counted(report: &Report) -> String {
	let rows = [[
		report.chapters.to_string(),
		report.numbers.to_string(),
		report.outputs.to_string(),
		report.differences.len().to_string(),
	]];
	table(["chapters", "numbers", "outputs", "differences"], rows).trim_end().into()
}

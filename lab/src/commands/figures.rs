use crate::{figures, outcome::table, Outcome, Progress};
use anyhow::Result;
use figures::Format;
use std::path::PathBuf;

/// Draw every figure of the book into files
///
/// The figures of both documents that this chain grew from, and some of our own, as SVG and PNG. Beside
/// them stands figures.md, with what each shows and the command that makes it again; it is left alone
/// when only some are drawn. The heat map is the one that takes long.
#[derive(Debug, clap::Args)]
pub struct Args {
	/// Folder to draw into; made if it is not there
	#[arg(long, default_value = "figures")]
	out: PathBuf,
	/// Names of the figures to draw, with commas between them; all if none is given
	#[arg(long, value_delimiter = ',', value_name = "NAME")]
	only: Vec<String>,
	/// Kinds of files, with commas between them
	#[arg(long, value_enum, value_delimiter = ',', default_value = "svg,png")]
	format: Vec<Format>,
}

pub fn run(args: &Args, progress: Progress) -> Result<Outcome> {
	let drawn = figures::draw(&args.only, progress)?;
	let written = figures::write(&drawn, &args.out, &args.format)?;
	// A few leave the index of all as it is.
	if args.only.is_empty() {
		figures::write_index(&written, &args.out)?;
	}
	let formats: Vec<_> = args.format.iter().map(ToString::to_string).collect();
	let rows = written.iter().map(|figure| [figure.name.clone(), figure.title.clone()]);
	let text = format!(
		"{}\nIn {}, as {}.\n",
		table(["figure", "title"], rows),
		args.out.display(),
		formats.join(" and ")
	);
	Outcome::new(&written, text, Vec::new())
}

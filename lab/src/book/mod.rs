//! The book's numbers and outputs are those of the code.
//!
//! In a chapter, a number is followed by a comment that nobody sees and that says where it comes
//! from: `0.2222<!--= cost(rho=2, stake=8) -->`. What it computes is compared with what is written,
//! at the precision that is written. A block of a console that begins with `$ lab` is run, and must
//! be what the command prints. [`quantities`] lists what a comment can ask for.

pub mod chapter;
pub mod expression;
pub mod links;
pub mod quantities;
pub mod shown;

use anyhow::{ensure, Context, Result};
use chapter::Lab;
use serde::Serialize;
use std::{
	fmt, fs, iter,
	path::{Path, PathBuf},
};

/// Where a chapter and the code do not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
	pub file: PathBuf,
	/// From 1.
	pub line: usize,
	/// What is written there.
	pub written: String,
	/// What the code gives, or why it gives nothing.
	pub code: String,
	/// Whether what the code gives can be put in its place.
	pub mendable: bool,
}

impl fmt::Display for Difference {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		let Self { file, line, written, code, .. } = self;
		write!(f, "{}:", file.display())?;
		if !written.contains('\n') && !code.contains('\n') {
			return write!(f, "{line}: written {written}, the code gives {code}");
		}
		// Of an output, the first line that differs; the first of all is the command.
		let pairs =
			written.lines().chain(iter::repeat("")).zip(code.lines().chain(iter::repeat("")));
		let lines = written.lines().count().max(code.lines().count());
		let mut different = (1..).zip(pairs).take(lines).filter(|(_, (old, new))| old != new);
		match different.next() {
			Some((at, (old, new))) => {
				let line = line + at;
				write!(f, "{line}: written `{old}`, the code gives `{new}`")?;
				write!(f, " ({} more lines differ)", different.count())
			}
			None => write!(f, "{line}: written with other empty lines than the code gives"),
		}
	}
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
	pub chapters: usize,
	pub numbers: usize,
	pub outputs: usize,
	pub differences: Vec<Difference>,
}

/// Compares all chapters of these folders and files with the code.
pub fn check(paths: &[PathBuf]) -> Result<Report> {
	let code = Lab::default();
	let mut report = Report::default();
	for file in chapters(paths)? {
		let text = read(&file)?;
		report.add(&file, chapter::read(&text, &code));
		report.differences.extend(links::broken(&file, &text));
	}
	Ok(report)
}

/// Puts what the code gives into all chapters of these folders and files, and says what was written
/// there before. What cannot be mended is left.
pub fn write(paths: &[PathBuf]) -> Result<Report> {
	let code = Lab::default();
	let mut report = Report::default();
	for file in chapters(paths)? {
		let text = read(&file)?;
		let found = chapter::read(&text, &code);
		if found.mended != text {
			fs::write(&file, &found.mended)
				.with_context(|| format!("{} cannot be written", file.display()))?;
		}
		report.add(&file, found);
	}
	Ok(report)
}

impl Report {
	fn add(&mut self, file: &Path, found: chapter::Found) {
		self.chapters += 1;
		self.numbers += found.numbers;
		self.outputs += found.outputs;
		let in_file = |difference: Difference| Difference { file: file.into(), ..difference };
		self.differences.extend(found.differences.into_iter().map(in_file));
	}
}

fn read(file: &Path) -> Result<String> {
	fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

/// The files that are given and the chapters of the folders, in the order of their names.
pub fn chapters(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
	let mut chapters = Vec::new();
	for path in paths {
		if path.is_file() {
			chapters.push(path.clone());
			continue;
		}
		let entries = fs::read_dir(path).with_context(|| {
			format!("{} is no folder of chapters; name one, such as docs/src", path.display())
		})?;
		let files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
		let is_chapter = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "md");
		let mut files: Vec<_> = files.into_iter().filter(is_chapter).collect();
		files.sort();
		chapters.extend(files);
	}
	ensure!(!chapters.is_empty(), "there are no chapters (files in .md) in these folders");
	Ok(chapters)
}

/// A difference in a text, before it is known in which file.
fn difference(text: &str, at: usize, written: &str, code: impl Into<String>) -> Difference {
	let line = text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1;
	let written = written.into();
	Difference { file: PathBuf::new(), line, written, code: code.into(), mendable: false }
}

#[cfg(test)]
#[path = "tests/mod.rs"]
mod tests;

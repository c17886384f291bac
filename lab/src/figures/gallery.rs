//! Figures in a folder, with an index that says how each was made.

use crate::{figure::save, Figure};
use anyhow::{Context, Result};
use serde::Serialize;
use std::{
	fmt, fs,
	path::{Path, PathBuf},
};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
	Svg,
	Png,
}

impl fmt::Display for Format {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		f.write_str(match self {
			Self::Svg => "svg",
			Self::Png => "png",
		})
	}
}

/// A figure that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
	pub name: String,
	pub title: String,
	pub caption: String,
	pub files: Vec<PathBuf>,
}

/// Writes figures into a folder, which is made if need be.
pub fn write(figures: &[Figure], folder: &Path, formats: &[Format]) -> Result<Vec<Written>> {
	fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
	let mut written = Vec::new();
	for figure in figures {
		let file = |format: &Format| folder.join(format!("{}.{format}", figure.name));
		let files: Vec<PathBuf> = formats.iter().map(file).collect();
		for file in &files {
			save(std::slice::from_ref(figure), file)?;
		}
		let Figure { name, title, caption, .. } = figure.clone();
		written.push(Written { name, title, caption, files });
	}
	Ok(written)
}

/// Writes `figures.md` beside figures: each with its title and its caption.
pub fn write_index(written: &[Written], folder: &Path) -> Result<()> {
	let path = folder.join("figures.md");
	fs::write(&path, index(written))
		.with_context(|| format!("{} cannot be written", path.display()))
}

fn index(written: &[Written]) -> String {
	let mut text = String::from("# Figures\n");
	for figure in written {
		let picture = figure.files.first().and_then(|file| file.file_name());
		let picture = picture.unwrap_or_default().to_string_lossy();
		let Written { title, caption, .. } = figure;
		text.push_str(&format!("\n## {title}\n\n![{title}]({picture})\n\n{caption}\n"));
	}
	text
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_folder_has_every_figure_and_says_how_it_was_made() {
		let folder = tempfile::tempdir().unwrap();
		let out = folder.path().join("new");
		let figure = crate::audits::linear_concentration().unwrap();
		let written =
			write(std::slice::from_ref(&figure), &out, &[Format::Svg, Format::Png]).unwrap();
		assert!(written[0].files.iter().all(|file| file.is_file()));
		write_index(&written, &out).unwrap();
		let index = fs::read_to_string(out.join("figures.md")).unwrap();
		assert!(index.contains(&figure.title) && index.contains(&figure.caption));
		assert!(index.contains("(linear-concentration.svg)"));
	}
}

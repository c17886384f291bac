//! Links between chapters, and the table of contents.

use super::{chapters, difference, Difference};
use anyhow::{Context, Result};
use std::{
	fs,
	path::{Path, PathBuf},
};

/// The table of contents of a book.
const CONTENTS: &str = "SUMMARY.md";

/// Relative links and pictures of a file whose target is not there, or not in the book where the
/// file is.
pub fn broken(file: &Path, text: &str) -> Vec<Difference> {
	let folder = file.parent().unwrap_or(Path::new("."));
	let in_book = folder.join(CONTENTS).is_file();
	let missing = |(at, target): (usize, &str)| {
		let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
		let target_file = if path.is_empty() { file.into() } else { folder.join(path) };
		let why = if !target_file.exists() {
			"no such file"
		} else if in_book && path.starts_with("..") {
			"a file outside of the book"
		} else if !anchor.is_empty() && !has_heading(&target_file, anchor) {
			"no such heading"
		} else {
			return None;
		};
		let found = difference(text, at, &format!("a link to {target}"), why);
		Some(Difference { file: file.into(), ..found })
	};
	links(text).into_iter().filter(|(_, target)| is_relative(target)).filter_map(missing).collect()
}

/// Chapters of a folder that its table of contents does not name.
pub fn unlisted(folder: &Path) -> Result<Vec<PathBuf>> {
	let summary = folder.join(CONTENTS);
	let text = fs::read_to_string(&summary)
		.with_context(|| format!("{} cannot be read", summary.display()))?;
	let listed: Vec<PathBuf> =
		links(&text).into_iter().map(|(_, target)| folder.join(target)).collect();
	let all = chapters(&[folder.into()])?.into_iter();
	Ok(all.filter(|chapter| *chapter != summary && !listed.contains(chapter)).collect())
}

fn is_relative(target: &str) -> bool {
	!target.contains("://") && !target.starts_with("mailto:")
}

/// The targets of all links and pictures, with their places. Code is left out.
fn links(text: &str) -> Vec<(usize, &str)> {
	let mut links = Vec::new();
	let (mut start, mut fenced) = (0, false);
	for line in text.split_inclusive('\n') {
		if line.trim_start().starts_with("```") {
			fenced = !fenced;
		}
		let mut at = 0;
		while let Some(open) = line[at..].find("](").map(|open| at + open + 2) {
			let Some(end) = line[open..].find([')', ' ']).map(|end| open + end) else {
				break;
			};
			let in_code = line[..open].matches('`').count() % 2 == 1 && line[end..].contains('`');
			if !fenced && !in_code {
				links.push((start + open, &line[open..end]));
			}
			at = end;
		}
		start += line.len();
	}
	links
}

/// Whether a file has a heading with this anchor.
fn has_heading(file: &Path, anchor: &str) -> bool {
	let Ok(text) = fs::read_to_string(file) else {
		return false;
	};
	let name = |heading: &str| -> String {
		let letters = heading.trim_start_matches('#').trim().chars();
		let kept = letters.filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
		kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect()
	};
	text.lines().filter(|line| line.starts_with('#')).any(|line| name(line) == anchor)
}

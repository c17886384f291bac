//! The book says what the code says.

use capacity_oracle_lab::{
	book::{self, links},
	figure::svg,
	figures, Progress,
};
use std::{
	fs,
	path::{Path, PathBuf},
};

/// Of the tree that is tested, which need not be the one that this was compiled in: several can share one
/// cache.
fn root() -> PathBuf {
	Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("..")
}

fn source() -> PathBuf {
	root().join("docs/src")
}

#[test]
fn numbers_outputs_and_links_are_those_of_the_code() {
	let report = book::check(&[source(), root().join("README.md")]).unwrap();
	let lines: Vec<_> = report.differences.iter().map(ToString::to_string).collect();
	assert!(
		lines.is_empty(),
		"{}\nlab book write puts the code's in their place",
		lines.join("\n")
	);
	assert!(report.numbers > 0 && report.chapters > 10);
}

#[test]
fn every_chapter_is_in_the_table_of_contents() {
	assert_eq!(links::unlisted(&source()).unwrap(), Vec::<PathBuf>::new());
}

/// Names of the drawings in the book's folder.
fn drawings() -> Vec<String> {
	let Ok(entries) = fs::read_dir(source().join("figures")) else {
		return Vec::new();
	};
	let files = entries.map(|entry| entry.unwrap().path());
	let drawings = files.filter(|file| file.extension().is_some_and(|ending| ending == "svg"));
	drawings.map(|file| file.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn figures_are_what_the_code_draws() {
	for figure in figures::draw(&drawings(), Progress::Hidden).unwrap() {
		let file = source().join("figures").join(format!("{}.svg", figure.name));
		let committed = fs::read_to_string(&file).unwrap();
		let drawn = svg::draw(&figure).unwrap();
		assert!(committed == drawn, "{} is not what is drawn now; make figures", figure.name);
	}
}

#[test]
fn every_figure_is_in_the_book() {
	let drawings = drawings();
	let chapters = book::chapters(&[source()]).unwrap();
	let text: String = chapters.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
	for name in figures::names() {
		assert!(
			drawings.iter().any(|drawing| drawing == name),
			"{name} is not drawn; make figures"
		);
		assert!(text.contains(&format!("figures/{name}.svg")), "no chapter shows {name}");
	}
}

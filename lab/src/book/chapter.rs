//! One chapter: its numbers and its outputs of the laboratory.

use super::{difference, expression::Expression, shown::Shown, Difference};
use crate::commands;
use anyhow::{anyhow, ensure, Result};
use std::{cell::RefCell, collections::HashMap};

/// What the text of a chapter is compared with.
pub trait Code {
	/// The value of an expression.
	fn value(&self, expression: &Expression) -> Result<f64>;
	/// What a command line, beginning with `lab`, prints.
	fn output(&self, line: &str) -> Result<String>;
}

/// The laboratory itself. Nothing is computed twice.
#[derive(Default)]
pub struct Lab {
	values: RefCell<HashMap<String, Result<f64, String>>>,
	outputs: RefCell<HashMap<String, Result<String, String>>>,
}

impl Code for Lab {
	fn value(&self, expression: &Expression) -> Result<f64> {
		let compute = || expression.value().map_err(|error| format!("{error:#}"));
		let mut known = self.values.borrow_mut();
		known.entry(expression.to_string()).or_insert_with(compute).clone().map_err(|e| anyhow!(e))
	}

	fn output(&self, line: &str) -> Result<String> {
		let run = || match commands::execute(line.split_whitespace()) {
			Ok(outcome) => Ok(outcome.text),
			Err(error) => Err(format!("{error:#}")),
		};
		let mut known = self.outputs.borrow_mut();
		known.entry(line.into()).or_insert_with(run).clone().map_err(|e| anyhow!(e))
	}
}

/// What a chapter has.
pub struct Found {
	pub numbers: usize,
	pub outputs: usize,
	pub differences: Vec<Difference>,
	/// The chapter with what the code gives.
	pub mended: String,
}

const COMMENT: &str = "<!--=";
const COMMENT_END: &str = "-->";
const FENCE: &str = "```";

/// Compares a chapter with the code.
pub fn read(text: &str, code: &impl Code) -> Found {
	let (numbers, outputs) = (0, 0);
	let mut found = Found { numbers, outputs, differences: Vec::new(), mended: String::new() };
	let mut at = 0;
	// Prose and fenced blocks take turns.
	while let Some(fence) = next_fence(text, at) {
		prose(text, at, fence.opens, code, &mut found);
		found.mended.push_str(&text[fence.opens..fence.inside]);
		let inside = &text[fence.inside..fence.closes];
		if fence.is_console && inside.starts_with("$ lab ") {
			output(text, fence.inside, inside, code, &mut found);
		} else {
			found.mended.push_str(inside);
		}
		at = fence.closes;
		let rest = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
		found.mended.push_str(&text[at..rest]);
		at = rest;
	}
	prose(text, at, text.len(), code, &mut found);
	found
}

struct Fence {
	opens: usize,
	inside: usize,
	closes: usize,
	is_console: bool,
}

/// The first fenced block from `at` on. One that is never closed ends with the text.
fn next_fence(text: &str, at: usize) -> Option<Fence> {
	let opens = line_from(text, at, |line| line.trim_start().starts_with(FENCE))?;
	let inside = text[opens..].find('\n').map_or(text.len(), |end| opens + end + 1);
	let is_fence = |line: &str| line.trim() == FENCE;
	let closes = line_from(text, inside, is_fence).unwrap_or(text.len());
	let is_console = text[opens..inside].trim() == "```console";
	Some(Fence { opens, inside, closes, is_console })
}

/// Where the first line from `at` on begins that is as wanted.
fn line_from(text: &str, at: usize, wanted: impl Fn(&str) -> bool) -> Option<usize> {
	let mut start = at;
	for line in text[at..].split_inclusive('\n') {
		if wanted(line) {
			return Some(start);
		}
		start += line.len();
	}
	None
}

/// Compares the numbers between two places.
fn prose(text: &str, from: usize, to: usize, code: &impl Code, found: &mut Found) {
	let mut at = from;
	while let Some(start) = text[at..to].find(COMMENT).map(|start| at + start) {
		found.numbers += 1;
		let Some(end) = text[start..to].find(COMMENT_END).map(|end| start + end) else {
			let written = text[start..to].lines().next().unwrap_or_default();
			found.differences.push(difference(
				text,
				start,
				written,
				"a comment that has no end, `-->`",
			));
			break;
		};
		let end_of_comment = end + COMMENT_END.len();
		let asked = text[start + COMMENT.len()..end].trim();
		let before = &text[at..start];
		match number(before, asked, code) {
			Ok((shown, value)) => {
				let mended = shown.with(value);
				let written = &before[shown.place.clone()];
				if mended != written {
					let mendable = Difference {
						mendable: true,
						..difference(text, start, written, format!("{mended} = {asked}"))
					};
					found.differences.push(mendable);
				}
				found.mended.push_str(&before[..shown.place.start]);
				found.mended.push_str(&mended);
				found.mended.push_str(&before[shown.place.end..]);
			}
			Err(error) => {
				let written = before.rsplit(char::is_whitespace).next().unwrap_or_default();
				let code = format!("nothing for {asked}: {error:#}");
				found.differences.push(difference(text, start, written, code));
				found.mended.push_str(before);
			}
		}
		found.mended.push_str(&text[start..end_of_comment]);
		at = end_of_comment;
	}
	found.mended.push_str(&text[at..to]);
}

/// The number at the end of a text, and what the code gives for it.
fn number(before: &str, asked: &str, code: &impl Code) -> Result<(Shown, f64)> {
	let expression: Expression = asked.parse()?;
	let shown = Shown::before(before, expression.unit())?;
	let value = code.value(&expression)?;
	ensure!(value.is_finite(), "{value} is no number that can be written");
	Ok((shown, value))
}

/// Compares one block of a console.
fn output(text: &str, at: usize, inside: &str, code: &impl Code, found: &mut Found) {
	found.outputs += 1;
	let (line, written) = inside.split_once('\n').unwrap_or((inside, ""));
	let command = line.trim_start_matches('$').trim();
	match code.output(command) {
		Ok(printed) => {
			let (printed, trimmed) = (tidy(&printed), tidy(written));
			if printed != trimmed {
				let found_here = difference(text, at, &trimmed, printed.clone());
				found.differences.push(Difference { mendable: true, ..found_here });
				found.mended.push_str(&format!("{line}\n{printed}"));
			} else {
				found.mended.push_str(inside);
			}
		}
		Err(error) => {
			found.differences.push(difference(text, at, line, format!("no output: {error}")));
			found.mended.push_str(inside);
		}
	}
}

/// Without spaces at the ends of lines and without empty lines at both ends.
fn tidy(text: &str) -> String {
	let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
	let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
	let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
	lines[first..last].iter().map(|line| format!("{line}\n")).collect()
}

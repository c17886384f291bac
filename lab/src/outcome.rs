//! What a command has found: for people, and for programs.

use crate::Figure;
use anyhow::Result;
use comfy_table::{presets, CellAlignment, Table};
use serde::Serialize;

/// What a command has found.
pub struct Outcome {
	/// Everything, for `--json`.
	pub json: serde_json::Value,
	/// Tables and sentences.
	pub text: String,
	/// The plots.
	pub figures: Vec<Figure>,
}

impl Outcome {
	/// `found` is printed whole by `--json`.
	pub fn new(found: &impl Serialize, text: String, figures: Vec<Figure>) -> Result<Self> {
		Ok(Self { json: serde_json::to_value(found)?, text, figures })
	}
}

/// Columns as wide as they need to be; all but the first to the right.
pub fn table(
	header: impl IntoIterator<Item = impl Into<String>>,
	rows: impl IntoIterator<Item = impl IntoIterator<Item = String>>,
) -> String {
	let mut table = Table::new();
	table.load_style(presets::NOTHING).set_header(header.into_iter().map(Into::<String>::into));
	for row in rows {
		table.add_row(row);
	}
	for (index, column) in table.column_iter_mut().enumerate() {
		column.set_padding((0, 2));
		if index > 0 {
			column.set_cell_alignment(CellAlignment::Right);
		}
	}
	table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn columns_line_up() {
		let rows = [["0.5".to_owned(), "1".into()], ["0.01".into(), "99".into()]];
		assert_eq!(table(["p", "E[K]"], rows), "p     E[K]\n0.5      1\n0.01    99\n");
	}
}

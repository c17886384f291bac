//! Plain tables.

/// Columns as wide as they need to be; all but the first to the right.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
	let header: Vec<String> = header.iter().map(|cell| cell.to_string()).collect();
	let all = || std::iter::once(&header).chain(rows);
	let width = |column: usize| {
		all().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
	};
	let mut text = String::new();
	for row in all() {
		let mut line = String::new();
		for (column, cell) in row.iter().enumerate() {
			let space = width(column).saturating_sub(cell.chars().count());
			let padding = " ".repeat(space);
			match column {
				0 => line.extend([cell.as_str(), &padding]),
				_ => line.extend(["  ", &padding, cell]),
			}
		}
		text.push_str(line.trim_end());
		text.push('\n');
	}
	text
}

/// Names and values, one pair a line.
pub fn pairs(rows: &[(&str, String)]) -> String {
	let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
	rows.iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn values_line_up() {
		assert_eq!(pairs(&[("a", "1".into()), ("bcd", "2".into())]), "a    1\nbcd  2\n");
	}

	#[test]
	fn columns_line_up() {
		let rows = [vec!["1".to_owned(), "20 CAP".to_owned()], vec!["123".into(), "…".into()]];
		assert_eq!(table(&["no", "paid"], &rows), "no     paid\n1    20 CAP\n123       …\n");
	}
}

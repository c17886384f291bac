//! Where the programs are that a network runs.

use anyhow::{bail, Context, Result};
use std::path::{Path, PathBuf};

/// The node's program.
pub fn node() -> Result<PathBuf> {
	find("capacity-oracle", "CAPACITY_ORACLE_NODE")
}

/// The supplier's program.
pub fn supplier() -> Result<PathBuf> {
	find("supplier", "CAPACITY_ORACLE_SUPPLIER")
}

/// The program of applications.
pub fn application() -> Result<PathBuf> {
	find("application", "CAPACITY_ORACLE_APPLICATION")
}

/// The program that the variable names, or the one beside this program.
fn find(name: &str, variable: &str) -> Result<PathBuf> {
	if let Some(path) = std::env::var_os(variable).map(PathBuf::from) {
		if !path.is_file() {
			bail!("{variable} names {}, but there is no such file", path.display());
		}
		return Ok(path);
	}
	let own = std::env::current_exe().context("this program does not know where it is")?;
	let path = beside(&own, name);
	if !path.is_file() {
		bail!(
			"the program `{name}` is not at {}: build it with `cargo build --release`, or name it \
			 with {variable}",
			path.display()
		);
	}
	Ok(path)
}

/// Tests are one directory further down.
fn beside(own: &Path, name: &str) -> PathBuf {
	let mut dir = own.parent().unwrap_or(Path::new("."));
	if dir.ends_with("deps") {
		dir = dir.parent().unwrap_or(dir);
	}
	dir.join(name)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn programs_are_beside_this_one_and_above_tests() {
		let found = |own| beside(Path::new(own), "supplier");
		assert_eq!(found("t/release/localnet"), Path::new("t/release/supplier"));
		assert_eq!(found("t/release/deps/x-1"), Path::new("t/release/supplier"));
	}
}

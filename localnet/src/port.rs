//! Ports to listen at.

use anyhow::{Context, Result};
use std::net::{Ipv4Addr, TcpListener};

/// `wanted` if it is free, or another port that is.
pub fn free(wanted: u16) -> Result<u16> {
	let listen = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
	let listener = listen(wanted).or_else(|_| listen(0)).context("there is no free port")?;
	Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_port_that_is_taken_is_not_given_away() {
		let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
		let port = taken.local_addr().unwrap().port();
		let other = free(port).unwrap();
		assert!(other != port && other != 0);
		assert_eq!(free(other).unwrap(), other);
	}
}

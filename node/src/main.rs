//! The node of the capacity oracle chain.

mod command;
mod dev;
mod parts;
mod rpc;
mod service;

use std::process::ExitCode;

fn main() -> ExitCode {
	match command::run() {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			// The log is written late: past it, the error would stand above what led to it.
			if log::log_enabled!(log::Level::Error) {
				log::error!("Error: {error}");
			} else {
				eprintln!("Error: {error}");
			}
			ExitCode::FAILURE
		}
	}
}

use capacity_oracle_lab::commands;
use std::process::ExitCode;

fn main() -> ExitCode {
	commands::main()
}

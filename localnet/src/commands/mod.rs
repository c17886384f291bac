//! What the program `localnet` does.

mod demo;
mod run;

pub use demo::{demo, Demo};
pub use run::{run, Run};

use crate::{text::session_line, Seen, SERVICE};
use anyhow::Result;
use capacity_oracle_client::{Chain, Token};
use capacity_protocol::{OracleReport, SessionIndex};

/// For each session that a block settles, a line and what the oracle reported then.
async fn settled(
	chain: &Chain,
	seen: &Seen,
	token: &Token,
) -> Result<Vec<(SessionIndex, String, OracleReport)>> {
	let mut lines = Vec::new();
	let settled = seen.events.iter().filter(|event| event.is_oracle("SessionSettled"));
	for session in settled.filter_map(|event| event.session()) {
		if let Some(report) = chain.at(seen.block.hash).await?.report(SERVICE).await? {
			lines.push((session, session_line(session, &report, token), report));
		}
	}
	Ok(lines)
}

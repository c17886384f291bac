//! The demonstration, in two acts: who gains by audits, and who gains by relays.

mod audits;
mod outcome;
mod relays;

use crate::{Network, Sealing};
use anyhow::{bail, Result};
use capacity_protocol::SessionIndex;
use std::path::{Path, PathBuf};

/// Shows who gains and who loses, in two acts, each with a chain of its own and a line per session.
///
/// First, audits: an honest supplier, one that bids twice what it delivers, and one that bids and
/// stays silent. Then, relays: an application sends real requests through three suppliers. One of them
/// claims twice what it served, another hides a few made-up requests among many of its own.
///
/// Succeeds if the honest gained, all others lost, and all money is accounted for.
#[derive(Clone, Debug, clap::Args)]
pub struct Demo {
	/// Sessions to watch in the first act; more, if not all three were audited by then.
	#[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..))]
	pub sessions: SessionIndex,
	/// Sessions in which requests are sent in the second act; more, if whoever lies was not caught by
	/// then.
	#[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
	pub relay_sessions: SessionIndex,
	/// One act only.
	#[arg(long)]
	pub only: Option<Act>,
	/// A block each so many milliseconds. Suppliers must do their work within some thirty blocks.
	#[arg(long, value_name = "MILLISECONDS", default_value = "200")]
	pub sealing: Sealing,
	/// Where chains, states and logs are kept; if left out they are removed in the end.
	#[arg(long)]
	pub dir: Option<PathBuf>,
}

/// A part of the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Act {
	Audits,
	Relays,
}

/// Whether it came out as it should.
pub async fn demo(options: Demo) -> Result<bool> {
	if !matches!(options.sealing, Sealing::Every(_)) {
		bail!(
			"the demonstration needs blocks that come by themselves: give a number of milliseconds"
		);
	}
	let shown = |act| options.only.is_none_or(|only| only == act);
	let mut well = true;
	if shown(Act::Audits) {
		outcome::title("Audits: who really has the capacity that it bids?");
		well &= audits::show(start(&options, "audits").await?, options.sessions).await?;
	}
	if shown(Act::Relays) {
		outcome::title("Relays: who is paid for requests that nobody made?");
		well &= relays::show(start(&options, "relays").await?, options.relay_sessions).await?;
	}
	Ok(well)
}

async fn start(options: &Demo, act: &str) -> Result<Network> {
	println!("Starting a chain with a block each {} ms ...", options.sealing);
	let dir = options.dir.as_deref().map(|dir: &Path| dir.join(act));
	Network::builder().sealing(options.sealing).dir(dir).start().await
}

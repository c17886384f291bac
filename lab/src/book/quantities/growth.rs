//! Bytes on chain.

use super::{quantity, Arguments, Quantity};
use crate::{
	growth::{
		document::Example, encoding, measure, network, served, Day, Setting, PAIRS, SUPPLIERS,
	},
	Progress,
};
use anyhow::{Context, Result};
use capacity_economics::Perquintill;

const NETWORK: &[&str] = &["applications?", "suppliers?", "sessions?", "bytes?"];
const DAY: &[&str] = &["p", "above?", "openings?", "pairs?"];

pub(super) const ALL: &[Quantity] = &[
	quantity("document_growth", NETWORK, "bytes of proofs a day, as the document counts", |of| {
		Ok(example(of)?.bytes_per_day()? as f64)
	}),
	quantity("document_proofs", NETWORK, "proofs a day, as the document counts", |of| {
		Ok(example(of)?.proofs_per_day()? as f64)
	}),
	quantity("growth", DAY, "bytes a day of the document's network, in our encodings", |of| {
		Ok(day(of)?.bytes)
	}),
	quantity("growth_proofs", DAY, "of which are proofs", |of| Ok(day(of)?.proof_bytes)),
	quantity("growth_claims", DAY, "of which are claims", |of| Ok(day(of)?.claim_bytes)),
	quantity(
		"growth_scale",
		DAY,
		"claims for each proof, with those that are always proven",
		|of| Ok(day(of)?.scale),
	),
	quantity("claim_bytes", &["applications", "units?"], "bytes of the call that claims", |of| {
		let units = if of.has("units") { of.integer("units")? } else { 1_000 };
		let applications: u32 = of.integer("applications")?;
		let list = network::list((0..applications).map(|index| (index, network::rank(0), units)));
		Ok(encoding::claim(Default::default(), &list).len() as f64)
	}),
	quantity("proof_bytes", &["openings", "relays"], "bytes of the call that proves", |of| {
		let proven = served::opened(1, of.integer("relays")?, of.integer("openings")?)?;
		let bytes = proven.bytes;
		// What stands around a call of about this length.
		let around = encoding::transaction(vec![0; bytes as usize]) - bytes as usize;
		Ok(bytes - around as f64)
	}),
];

fn example(of: &Arguments) -> Result<Example> {
	let mut example = Example::default();
	if of.has("applications") {
		example.applications = of.integer("applications")?;
	}
	if of.has("suppliers") {
		example.per_application = of.integer("suppliers")?;
	}
	if of.has("sessions") {
		example.sessions = of.integer("sessions")?;
	}
	if of.has("bytes") {
		example.proof_bytes = of.integer("bytes")?;
	}
	Ok(example)
}

/// A day in which every supplier makes one claim; with `pairs`, one for each of its applications.
fn day(of: &Arguments) -> Result<Day> {
	let above = if of.has("above") { of.probability("above")? } else { Perquintill::zero() };
	let openings = if of.has("openings") { of.integer("openings")? } else { 16 };
	let setting = Setting {
		openings: vec![openings],
		probabilities: vec![of.probability("p")?],
		above: vec![above],
		..Setting::default()
	};
	let found = measure(&setting, Progress::Hidden)?;
	let way = if of.has("pairs") { PAIRS } else { SUPPLIERS };
	let day = found.days.into_iter().find(|day| day.way == way);
	day.context("nobody claims anything")
}

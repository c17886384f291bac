use crate::{
	growth::{document::Example, figure, measure, Day, Found, Setting, Way},
	outcome::table,
	proofs::text::{amount, chosen_percent, number},
	Outcome, Progress, Values,
};
use anyhow::Result;

/// Bytes and verification a day for a network, with proofs for all claims and for some
///
/// Draws who serves whom in one session as the chain does, encodes every claim, builds claims of real
/// relays, opens and verifies them, and counts. Two ways to claim are compared, in the same encodings:
/// one claim for each pair of application and supplier, with a proof of the leaf closest to a path, as in
/// "Probabilistic Proofs"; and one for each supplier, with a list of applications, opened at k positions of
/// its weight. The defaults are that document's example. What is counted is in blocks: in the state a claim
/// is only until it is settled, and a proof never.
#[derive(Debug, clap::Args)]
pub struct Args {
	/// Applications of the service
	#[arg(long, value_name = "COUNT", default_value_t = 10_000)]
	applications: u32,
	/// Suppliers that an application uses in a session, at most 255
	#[arg(long, value_name = "COUNT", default_value_t = 20)]
	per_application: u8,
	/// Suppliers of the service
	#[arg(long, value_name = "COUNT", default_value_t = 100_000)]
	suppliers: u32,
	/// Sessions of a day
	#[arg(long, value_name = "COUNT", default_value_t = 24)]
	sessions: u64,
	/// Relays of one application by one supplier in a session
	#[arg(long, value_name = "COUNT", default_value_t = 1_000)]
	relays: u64,
	/// Places k at which a supplier's claim is opened; one is enough to deter, more to catch
	#[arg(long, value_name = "VALUES", default_value = "16")]
	openings: Values,
	/// Probability p that a claim below the threshold must be proven
	#[arg(long, value_name = "VALUES", default_value = "1,0.5,0.25,0.1,0.01,0.001")]
	probability: Values,
	/// Share of claims at or above the threshold, which are always proven; 0.05 if the threshold is the
	/// 95th percentile
	#[arg(long, value_name = "VALUES", default_value = "0,0.05")]
	above: Values,
	/// Bytes of a proof, for the document's own arithmetic
	#[arg(long, value_name = "BYTES", default_value_t = 1_000)]
	proof_bytes: u64,
}

pub fn run(args: &Args, progress: Progress) -> Result<Outcome> {
	let openings = args.openings.integers()?.into_iter().map(u32::try_from);
	let setting = Setting {
		example: Example {
			applications: args.applications,
			per_application: args.per_application,
			sessions: args.sessions,
			proof_bytes: args.proof_bytes,
		},
		suppliers: args.suppliers,
		relays: args.relays,
		openings: openings.collect::<Result<_, _>>()?,
		probabilities: args.probability.probabilities()?,
		above: args.above.probabilities()?,
	};
	let found = measure(&setting, progress)?;
	let text = text(&found);
	let figure = figure::growth(&found);
	Outcome::new(&found, text, vec![figure])
}

/// `4.8 GB`, in thousands.
fn bytes(count: f64) -> String {
	let units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
	match units.iter().find(|(size, _)| count >= *size) {
		Some((size, unit)) => format!("{:.2} {unit}", count / size),
		None => format!("{count:.0} B"),
	}
}

fn duration(seconds: f64) -> String {
	match seconds {
		s if s >= 7_200.0 => format!("{:.1} h", s / 3_600.0),
		s if s >= 120.0 => format!("{:.1} min", s / 60.0),
		s => format!("{s:.1} s"),
	}
}

fn text(found: &Found) -> String {
	let Example { applications, per_application, sessions, proof_bytes } = found.document;
	let year = found.document_bytes_per_day as f64 * 365.0;
	let mut text = format!(
		"The document: {} applications × {per_application} suppliers × {sessions} sessions × {} bytes = \
		 {} a day, {} a year: {} proofs a day.\nOne session here: {} claims that list {} applications, \
		 the longest {}.\n\n",
		amount(applications.into(), 0),
		amount(proof_bytes as f64, 0),
		bytes(found.document_bytes_per_day as f64),
		bytes(year),
		amount(found.document_proofs_per_day as f64, 0),
		amount(found.session.claims as f64, 0),
		amount(found.session.entries as f64, 0),
		amount(found.session.longest as f64, 0),
	);
	let way = |way: &Way| {
		[
			way.name.clone(),
			way.openings.to_string(),
			amount(way.claim_bytes_per_day as f64 / way.claims_per_day.max(1) as f64, 1),
			amount(way.relays as f64, 0),
			amount(way.proof.bytes, 0),
			amount(way.proof.hashes, 1),
			amount(way.proof.signatures, 1),
		]
	};
	text += "What is sent: bytes of transactions, hashes and relays' signatures of a proof\n\n";
	let header = ["way", "k", "claim", "relays", "proof", "hashes", "signatures"];
	text += &table(header, found.ways.iter().map(way));

	let day = |day: &Day| {
		[
			day.way.clone(),
			day.openings.to_string(),
			chosen_percent(day.above),
			number(day.probability),
			amount(day.claims, 0),
			amount(day.proofs, 0),
			format!("÷ {}", amount(day.scale, 1)),
			bytes(day.claim_bytes),
			bytes(day.proof_bytes),
			bytes(day.bytes),
		]
	};
	let header = [
		"way",
		"k",
		"always",
		"p",
		"claims",
		"proofs",
		"proofs fall",
		"claims take",
		"proofs take",
		"a day",
	];
	text += &format!("\nA day on chain\n\n{}", table(header, found.days.iter().map(day)));

	let checked = |day: &Day| {
		[
			day.way.clone(),
			day.openings.to_string(),
			chosen_percent(day.above),
			number(day.probability),
			amount(day.hashes, 0),
			amount(day.signatures, 0),
			duration(day.seconds),
		]
	};
	let header = ["way", "k", "always", "p", "hashes", "signatures", "time"];
	text += &format!(
		"\nChecking it: those of transactions included, at {:.0} ns for a hash and {:.0} µs for a \
		 signature here, one thread, {} build\n\n{}",
		found.timing.hash * 1e9,
		found.timing.signature * 1e6,
		found.timing.profile,
		table(header, found.days.iter().map(checked)),
	);
	text
}

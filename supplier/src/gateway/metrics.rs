//! What a Prometheus server asks for.

use super::refusal::Code;
use anyhow::Result;
use prometheus::{
	core::Collector, exponential_buckets, Counter, Encoder, Histogram, HistogramOpts, IntCounter,
	IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

/// All figures of one gateway.
pub struct Metrics {
	registry: Registry,
	/// Relays answered.
	pub served: IntCounter,
	/// Compute units of them.
	pub units: IntCounter,
	refused: IntCounterVec,
	/// Requests being served.
	pub in_flight: IntGauge,
	/// The newest session in which relays are served.
	pub session: IntGauge,
	/// Applications asked for on the chain.
	pub lookups: IntCounter,
	/// Seconds from the request to the answer.
	pub relay_seconds: Histogram,
	/// Of those, until the backend has answered.
	pub backend_seconds: Histogram,
	/// Of those, until the relay is on disk.
	pub record_seconds: Histogram,
	/// Relays that one write put on disk.
	pub commit_relays: Histogram,
	/// Seconds that the write took.
	pub commit_seconds: Histogram,
	/// Claims in a block.
	pub claims: IntCounter,
	/// Proofs in a block.
	pub proofs: IntCounter,
	/// Compute units of relays claimed.
	pub units_claimed: IntCounter,
	/// What they are worth, in the smallest unit of money.
	pub worth_claimed: Counter,
	/// Of what applications paid, this supplier's share.
	pub earned: Counter,
	/// Worth of claims that were forfeited.
	pub forfeited: Counter,
}

impl Metrics {
	pub fn new() -> Result<Self> {
		let registry = Registry::new();
		let all = Registering(&registry);
		let codes = IntCounterVec::new(
			Opts::new("supplier_relays_refused_total", "Requests refused, by code."),
			&["code"],
		)?;
		Code::ALL.iter().for_each(|code| drop(codes.with_label_values(&[code.name()])));
		// From a tenth of a millisecond to thirteen seconds.
		let seconds = || exponential_buckets(1e-4, 2.0, 18);
		let sizes = || exponential_buckets(1.0, 2.0, 13);
		Ok(Self {
			served: all.count("supplier_relays_served_total", "Relays answered.")?,
			units: all.count("supplier_units_served_total", "Compute units answered.")?,
			refused: all.add(codes)?,
			in_flight: all.gauge("supplier_requests_in_flight", "Requests being served.")?,
			session: all.gauge("supplier_session", "Newest session with relays.")?,
			lookups: all.count("supplier_lookups_total", "Applications asked for on the chain.")?,
			relay_seconds: all.histogram(
				"supplier_relay_seconds",
				"From request to answer.",
				seconds()?,
			)?,
			backend_seconds: all.histogram(
				"supplier_backend_seconds",
				"Until the backend has answered.",
				seconds()?,
			)?,
			record_seconds: all.histogram(
				"supplier_record_seconds",
				"Until the relay is on disk.",
				seconds()?,
			)?,
			commit_relays: all.histogram(
				"supplier_commit_relays",
				"Relays that one write puts on disk.",
				sizes()?,
			)?,
			commit_seconds: all.histogram(
				"supplier_commit_seconds",
				"How long one write takes.",
				seconds()?,
			)?,
			claims: all.count("supplier_claims_total", "Claims in a block.")?,
			proofs: all.count("supplier_proofs_total", "Proofs in a block.")?,
			units_claimed: all.count("supplier_units_claimed_total", "Units of relays claimed.")?,
			worth_claimed: all.sum("supplier_worth_claimed_total", "Worth of relays claimed.")?,
			earned: all.sum("supplier_earned_total", "This supplier's share of payments.")?,
			forfeited: all.sum("supplier_forfeited_total", "Worth of claims forfeited.")?,
			registry,
		})
	}

	/// Counts a refusal.
	pub fn refuse(&self, code: Code) {
		self.refused.with_label_values(&[code.name()]).inc();
	}

	/// How often a request was refused with this code.
	pub fn refusals(&self, code: Code) -> u64 {
		self.refused.with_label_values(&[code.name()]).get()
	}

	/// All figures, in Prometheus' text format.
	pub fn text(&self) -> Result<String> {
		let mut text = Vec::new();
		TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
		Ok(String::from_utf8(text)?)
	}
}

/// Makes figures that are registered.
struct Registering<'a>(&'a Registry);

impl Registering<'_> {
	fn add<C: Collector + Clone + 'static>(&self, collector: C) -> Result<C> {
		self.0.register(Box::new(collector.clone()))?;
		Ok(collector)
	}

	fn count(&self, name: &str, help: &str) -> Result<IntCounter> {
		self.add(IntCounter::new(name, help)?)
	}

	fn sum(&self, name: &str, help: &str) -> Result<Counter> {
		self.add(Counter::new(name, help)?)
	}

	fn gauge(&self, name: &str, help: &str) -> Result<IntGauge> {
		self.add(IntGauge::new(name, help)?)
	}

	fn histogram(&self, name: &str, help: &str, buckets: Vec<f64>) -> Result<Histogram> {
		self.add(Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets))?)
	}
}

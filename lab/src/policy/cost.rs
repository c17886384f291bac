//! What a policy costs a network.

use super::{audits::Audit, relays::Proving, Wish};
use serde::Serialize;

/// What a policy costs in one session, part by part, as shares of what running the whole network's
/// capacity costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
	/// Paid by the protocol for audits: `ε · (b·cost + r(b))`.
	pub audits: f64,
	/// Interest on what suppliers lock for audits.
	pub audit_capital: f64,
	/// Interest on what suppliers lock for claims.
	pub relay_capital: f64,
	/// Bytes of proofs.
	pub chain: f64,
	/// Stake that honest suppliers lose because they were away in an audit.
	pub audit_outages: f64,
	/// Stake and pay that they lose because they were away when a claim had to be proven.
	pub relay_outages: f64,
	/// All of it.
	pub total: f64,
}

impl Cost {
	pub(super) fn new(wish: &Wish, audit: &Audit, proving: &Proving, proof_bytes: f64) -> Self {
		let whole = wish.operating_cost();
		let rate = rate(audit);
		let interest = wish.session_interest();
		let proofs = proofs(wish, audit, proving) / f64::from(wish.suppliers);
		// A claim must be proven because its supplier is audited, because it is drawn, or because it
		// is large.
		let drawn = rate + (1.0 - rate) * proving.probability;
		let usual = (1.0 - proving.above) * drawn * proving.usual_loss;
		let claims = wish.claim_rate() * (usual + proving.above * proving.largest_loss);
		let mut cost = Self {
			audits: rate * audit.payment / whole,
			audit_capital: interest * audit.stake / whole,
			relay_capital: interest * f64::from(wish.open) * proving.stake / whole,
			chain: proofs * proof_bytes * wish.byte_price / whole,
			audit_outages: wish.outage * rate * audit.stake / whole,
			relay_outages: wish.outage * claims / whole,
			total: 0.0,
		};
		let parts = [cost.audits, cost.capital(), cost.chain, cost.outages()];
		cost.total = parts.iter().sum();
		cost
	}

	/// Interest on all that suppliers lock.
	pub fn capital(&self) -> f64 {
		self.audit_capital + self.relay_capital
	}

	/// All that honest suppliers lose because they were away.
	pub fn outages(&self) -> f64 {
		self.audit_outages + self.relay_outages
	}
}

/// Proofs of the network in a session, on average: of audits, and of claims that are drawn or large.
pub(super) fn proofs(wish: &Wish, audit: &Audit, proving: &Proving) -> f64 {
	let rate = rate(audit);
	let required = proving.above + (1.0 - proving.above) * proving.probability;
	f64::from(wish.suppliers) * rate + f64::from(wish.claims) * (1.0 - rate) * required
}

/// What a supplier of capacity `C` locks, in session costs.
pub(super) fn locked(wish: &Wish, audit: &Audit, proving: &Proving) -> f64 {
	let claims = f64::from(wish.open) * proving.stake;
	audit.locked + claims / super::wish::in_money(wish.capacity_cost)
}

fn rate(audit: &Audit) -> f64 {
	use crate::number::Float;
	audit.policy.audit_rate.float()
}

//! One way of auditing together with one way of proving relays.

use super::{
	audits::Audit,
	cost::{locked, proofs},
	opening::Opening,
	relays::Proving,
	Cost, Wish,
};
use crate::number::Float;
use capacity_economics::{FixedU128, Perquintill};
use capacity_protocol::{Balance, Policy, StandardWork};
use serde::Serialize;

/// A policy that deters, and what it costs.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
	/// `ρ`.
	#[serde(serialize_with = "super::wish::float")]
	pub curvature: FixedU128,
	#[serde(serialize_with = "super::wish::float")]
	pub margin: FixedU128,
	/// `σ`: at stake for an audit of a bid of `C`, in what it earns there.
	#[serde(serialize_with = "super::wish::float")]
	pub stake: FixedU128,
	/// The least audit rate that deters everybody who can bid.
	#[serde(serialize_with = "super::wish::share")]
	pub least_rate: Perquintill,
	/// `ε`: the audit rate, with the safety that was asked for.
	#[serde(serialize_with = "super::wish::share")]
	pub audit_rate: Perquintill,
	/// `R`, in money.
	pub threshold: Option<f64>,
	/// `p`.
	pub probability: Option<f64>,
	/// What a supplier of capacity `C` locks for audits and open claims, in session costs.
	pub locked: f64,
	/// Proofs of the network in a session, on average.
	pub proofs: f64,
	pub cost: Cost,
	/// What honest suppliers are left with in a session, as a share of what running the network's
	/// capacity costs: rewards for audits, less what capital and outages cost them. What relays earn
	/// comes on top.
	pub supplier_gain: f64,
	#[serde(skip)]
	pub(super) policy: Policy<StandardWork>,
}

impl Candidate {
	pub(super) fn new(wish: &Wish, audit: &Audit, proving: &Proving, opening: &Opening) -> Self {
		let in_money = |amount: Balance| super::wish::in_money(amount);
		let cost = Cost::new(wish, audit, proving, opening.bytes);
		let work = audit.policy.audit_rate.float() * (1.0 - wish.organic.float());
		Self {
			curvature: audit.policy.curvature,
			margin: audit.policy.margin,
			stake: audit.policy.stake_factor,
			least_rate: audit.least,
			audit_rate: audit.policy.audit_rate,
			threshold: proving.terms.map(|terms| in_money(terms.threshold)),
			probability: proving.terms.map(|_| proving.probability),
			locked: locked(wish, audit, proving),
			proofs: proofs(wish, audit, proving),
			cost,
			supplier_gain: cost.audits - work - cost.capital() - cost.outages(),
			policy: Policy { openings: opening.openings, relays: proving.terms, ..audit.policy },
		}
	}

	/// Whether no more is locked than a supplier can be asked for.
	pub(super) fn affordable(&self, wish: &Wish) -> bool {
		wish.most_stake.is_none_or(|most| self.locked <= most)
	}

	/// Whether honest suppliers are left with enough.
	pub(super) fn rewards(&self, wish: &Wish) -> bool {
		wish.least_gain.is_none_or(|least| self.supplier_gain >= least)
	}

	/// Whether there are no more proofs than the chain wants.
	pub(super) fn fits(&self, wish: &Wish) -> bool {
		wish.most_proofs.is_none_or(|most| self.proofs <= most)
	}
}

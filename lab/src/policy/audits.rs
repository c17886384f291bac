//! The audit side of candidates: for each curvature, margin and stake the least rate under which
//! truth is best for everyone who is admitted.

use super::{relays, wish::in_money, Wish};
use crate::{number::Float, Progress};
use anyhow::{bail, Result};
use capacity_economics::{FixedU128, Perquintill};
use capacity_protocol::{
	Policy, PolicyError, RelayTerms, Selection, Slashing, StandardWork, Synthetic,
};
use rayon::prelude::*;

/// Hashes in a unit of synthetic work.
const STEPS: u32 = 1_000;

/// Halvings of the audit rate: rates below 2⁻²⁰ are not looked at.
const HALVINGS: u32 = 20;

/// Bisections after that: the rate is exact to 2⁻¹⁶ of itself.
const BISECTIONS: u32 = 16;

/// One way of auditing, at the least rate that deters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Audit {
	/// With the rate that is wanted, without relays.
	pub policy: Policy<StandardWork>,
	/// The least rate that is truthful for all that can be bid.
	pub least: Perquintill,
	/// Paid for an audit on average, beyond what relays stand in for, in money.
	pub payment: f64,
	/// At stake on average, in money.
	pub stake: f64,
	/// At stake for a bid of the reference capacity, in session costs.
	pub locked: f64,
}

/// All of them, in the order of stakes, then of margins, then of curvatures.
pub(super) fn all(wish: &Wish, openings: u32, progress: Progress) -> Result<Vec<Audit>> {
	let ways: Vec<_> = wish
		.margins
		.iter()
		.flat_map(|margin| wish.curvatures.iter().map(|curvature| (*margin, *curvature)))
		.collect();
	let terms = relays::terms(wish, Perquintill::one(), wish.claim);
	if let Some(error) = ways.iter().find_map(|way| draft(wish, *way).check().err()) {
		bail!("a policy that is searched is refused by the chain: {error:?}; see --curvature");
	}
	let admitted: Vec<_> =
		ways.iter().copied().filter(|way| creditable(wish, *way, terms)).collect();
	if admitted.is_empty() {
		bail!(too_cheap(wish, &ways, terms));
	}

	let bar = progress.bar((admitted.len() * wish.stakes.len()) as u64, "audit rates");
	let mut stakes = wish.stakes.clone();
	stakes.sort_unstable();
	let rows: Vec<Vec<Audit>> = admitted
		.par_iter()
		.map(|way| {
			// The more is at stake, the lower the rate may be.
			let mut known = Perquintill::one();
			let mut row = Vec::new();
			for stake in &stakes {
				let policy = Policy { stake_factor: *stake, ..draft(wish, *way) };
				// What relays bring does not depend on how they are proven.
				let judged =
					Policy { openings, relays: terms, ..policy }.judged(wish.settler_share);
				let least = least_rate(&judged, known);
				bar.inc(1);
				if let Some(least) = least {
					known = least;
					row.push(Audit::new(wish, policy, least));
				}
			}
			row
		})
		.collect();
	bar.finish_and_clear();
	let mut all: Vec<_> = rows.into_iter().flatten().collect();
	all.sort_by_key(|audit| audit.policy.stake_factor);
	Ok(all)
}

impl Audit {
	fn new(wish: &Wish, policy: Policy<StandardWork>, least: Perquintill) -> Self {
		let one = Perquintill::one().deconstruct();
		let rate = (least.deconstruct() as f64 * wish.safety).ceil() as u64;
		let policy = Policy { audit_rate: Perquintill::from_parts(rate.min(one)), ..policy };
		let sizes = || wish.sizes.iter().map(|size| wish.units(*size));
		let mean = |sum: f64| sum / wish.sizes.len() as f64;
		let free = |units: u64| wish.organic.float() * in_money(policy.cost * u128::from(units));
		Self {
			policy,
			least,
			payment: mean(sizes().map(|b| in_money(policy.payment(b)) - free(b)).sum()),
			stake: mean(sizes().map(|b| in_money(policy.audit_stake(b))).sum()),
			locked: policy.audit_stake(wish.reference) as f64 / wish.capacity_cost as f64,
		}
	}
}

/// What all candidates have in common, without stake, rate and relays.
fn draft(wish: &Wish, (margin, curvature): (FixedU128, FixedU128)) -> Policy<StandardWork> {
	Policy {
		work: Synthetic { steps: STEPS }.into(),
		cost: wish.unit_cost(),
		margin,
		reference: wish.reference,
		curvature,
		stake_factor: FixedU128::default(),
		audit_rate: Perquintill::one(),
		selection: Selection::Independent,
		quorum: Perquintill::zero(),
		slashing: Slashing::Full,
		minimum_bid: wish.units(wish.smallest),
		maximum_bid: wish.units(wish.largest),
		openings: 1,
		relays: None,
	}
}

/// The least rate at which truth is best for all that can be bid, at most `known`, at which it is. None
/// if even auditing everyone does not make it best.
fn least_rate(policy: &Policy<StandardWork>, known: Perquintill) -> Option<Perquintill> {
	let truthful = |parts: u64| {
		let rate = Perquintill::from_parts(parts);
		Policy { audit_rate: rate, ..*policy }.verdict().is_ok()
	};
	let mut high = Perquintill::one().deconstruct();
	if !truthful(high) {
		return None;
	}
	// The same rates are tried whatever is known, so that equal policies get equal rates.
	for _ in 0..HALVINGS {
		let half = high / 2;
		if half < known.deconstruct() && !truthful(half) {
			break;
		}
		high = half;
	}
	let mut low = high / 2;
	for _ in 0..BISECTIONS {
		let middle = low + (high - low) / 2;
		if middle >= known.deconstruct() || truthful(middle) {
			high = middle;
		} else {
			low = middle;
		}
	}
	Some(Perquintill::from_parts(high))
}

/// Whether relays may count towards these audits, if that is wanted.
fn creditable(wish: &Wish, way: (FixedU128, FixedU128), terms: Option<RelayTerms>) -> bool {
	let policy = Policy { relays: terms, ..draft(wish, way) };
	policy.check() != Err(PolicyError::CreditTooCheap)
}

fn too_cheap(wish: &Wish, ways: &[(FixedU128, FixedU128)], terms: Option<RelayTerms>) -> String {
	let flattest = ways.iter().map(|way| way.1).min().unwrap_or_default();
	let (mut low, mut high) = (0, ways.iter().map(|way| way.0.into_inner()).max().unwrap_or(0));
	while high - low > 1_000_000_000_000 {
		let middle = low + (high - low) / 2;
		match creditable(wish, (FixedU128::from_inner(middle), flattest), terms) {
			true => low = middle,
			false => high = middle,
		}
	}
	format!(
		"--organic {} cannot be met: relays count towards audits only if the pot's share of a unit's \
		price is at least what the largest audit pays for a unit beyond its cost, or relays that \
		nobody served would pay. With --price {}, --pot-share {} and --curvature {} the margin may be \
		{:.4} at the most",
		wish.organic.float(),
		wish.price.float(),
		wish.pot_share.float(),
		flattest.float(),
		low as f64 / 1e18
	)
}

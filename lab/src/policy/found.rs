//! The search itself.

use super::{audits, candidate::Candidate, opening::Opening, refusal::Nearest, relays, Lie, Wish};
use crate::Progress;
use anyhow::{anyhow, ensure, Result};
use capacity_economics::Perquintill;
use capacity_protocol::{Policy, StandardWork, Units};
use serde::Serialize;

/// To which the least rate is found for the verdict.
const PRECISION: Perquintill = Perquintill::from_parts(1_000_000_000_000_000);

/// What a search has found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
	pub wish: Wish,
	/// The cheapest policy.
	pub best: Best,
	/// The cheapest policy for each stake `σ` that can meet the wish, the lowest stake first.
	pub stakes: Vec<Candidate>,
	/// Policies that were compared.
	pub compared: u64,
}

/// A policy in full.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Best {
	/// As `create_service` takes it.
	pub policy: Policy<StandardWork>,
	/// Its parameters and its cost as numbers.
	#[serde(flatten)]
	pub candidate: Candidate,
	pub opening: Opening,
	pub verdict: Verdict,
	/// The least stake behind a bid of the reference capacity, in money.
	pub minimum_stake: f64,
	/// The lie of the largest supplier that earns most.
	pub lie: Option<Lie>,
}

/// What the view `policy_verdict` says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
	/// For a supplier of the largest capacity that can be bid, and all smaller ones.
	pub truthful: bool,
	/// The largest capacity for which truth is best, up to the largest bid, in compute units.
	pub truthful_up_to: Units,
	/// The least rate at which it is truthful for all that can be bid, to a thousandth.
	#[serde(serialize_with = "super::wish::share")]
	pub least_rate: Perquintill,
}

/// The cheapest policy that meets a wish, and the cheapest for each stake. Refused with the reason if
/// there is none.
pub fn search(wish: &Wish, progress: Progress) -> Result<Found> {
	wish.check()?;
	let opening = Opening::least(wish)?;
	let provings = relays::all(wish)?;
	let audits = audits::all(wish, opening.openings, progress)?;

	let mut nearest = Nearest::default();
	let mut stakes: Vec<Candidate> = Vec::new();
	for audit in &audits {
		for proving in &provings {
			let candidate = Candidate::new(wish, audit, proving, &opening);
			if !(candidate.affordable(wish) && candidate.fits(wish) && candidate.rewards(wish)) {
				nearest.see(wish, &candidate);
				continue;
			}
			match stakes.last_mut().filter(|best| best.stake == candidate.stake) {
				Some(best) if candidate.cost.total < best.cost.total => *best = candidate,
				Some(_) => (),
				None => stakes.push(candidate),
			}
		}
	}
	// Of equally cheap ones the one with the lowest stake.
	let cheapest = stakes.iter().min_by(|a, b| a.cost.total.total_cmp(&b.cost.total));
	let cheapest = *cheapest.ok_or_else(|| anyhow!(nearest.refusal(wish)))?;
	Ok(Found {
		wish: wish.clone(),
		best: Best::new(wish, cheapest, opening)?,
		stakes,
		compared: audits.len() as u64 * provings.len() as u64,
	})
}

impl Best {
	fn new(wish: &Wish, candidate: Candidate, opening: Opening) -> Result<Self> {
		let policy = candidate.policy;
		policy.check().map_err(|error| anyhow!("the chain refuses the policy: {error:?}"))?;
		let judged = policy.judged(wish.settler_share);
		let truthful = judged.is_truthful(policy.maximum_bid);
		ensure!(truthful, "the chain does not call the policy truthful with the safety wanted");
		Ok(Self {
			policy,
			verdict: Verdict {
				truthful,
				truthful_up_to: judged.truthful_up_to(),
				least_rate: judged.least_rate(PRECISION).unwrap_or(Perquintill::one()),
			},
			minimum_stake: super::wish::in_money(policy.stake(wish.reference)),
			lie: Lie::best(&judged, policy.maximum_bid),
			candidate,
			opening,
		})
	}
}

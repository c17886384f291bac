//! What a padded claim gains.

use super::{
	adversary::{Padded, Strategy},
	challenge::Challenge,
};
use crate::number::Float;
use anyhow::{anyhow, Result};
use capacity_economics::{detection, expected_escapes, Perquintill};
use serde::Serialize;

/// What padding gains over an honest claim, in the claim's worth, where it is caught with
/// probability `caught` if a proof is asked for.
///
/// With the penalty `R·(1−p)/p` that is `f − p·d·(1 + S/R) = f − d`, whatever `p` is.
pub fn gain(share: f64, caught: f64) -> f64 {
	share - caught
}

/// What padding gains where the proof is certain and `penalty`, in the claim's worth, is lost on top.
pub fn gain_if_certain(share: f64, caught: f64, penalty: f64) -> f64 {
	share - caught * (1.0 + penalty)
}

/// How many openings make padding of a claim worth the threshold lose, where a proof is certain: what
/// it risks is then `R·(1−p)/p`, with the `p` of smaller claims.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeastOpenings {
	pub challenge: Challenge,
	pub strategy: Strategy,
	/// The fake share of the weight.
	pub share: f64,
	/// The least number of openings at which padding gains nothing; none where even 2³² are too few.
	pub openings: Option<u32>,
	/// What padding gains with one opening, in the claim's worth.
	pub gain_with_one: f64,
}

/// See [`LeastOpenings`].
pub fn least_openings(
	claim: &Padded,
	challenge: Challenge,
	strategy: Strategy,
	probability: Perquintill,
) -> Result<LeastOpenings> {
	let penalty = expected_escapes(probability)
		.map_err(|_| anyhow!("a probability of zero deters nobody; give one above 0"))?
		.float();
	let share = claim.share.float();
	// By path all detections are powers of what the cell leaves, by position of what the share does.
	let caught = |openings| match challenge {
		Challenge::Position => detection(claim.share, openings).float(),
		Challenge::Path => -(f64::from(openings) * (-claim.cell).ln_1p()).exp_m1(),
	};
	let deters = |openings| gain_if_certain(share, caught(openings), penalty) <= 1e-15;
	let (mut low, mut high) = (0, u32::MAX);
	let openings = deters(high).then(|| {
		while high - low > 1 {
			let middle = low + (high - low) / 2;
			if deters(middle) {
				high = middle;
			} else {
				low = middle;
			}
		}
		high
	});
	let gain_with_one = gain_if_certain(share, caught(1), penalty);
	Ok(LeastOpenings { challenge, strategy, share, openings, gain_with_one })
}

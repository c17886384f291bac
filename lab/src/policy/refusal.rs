//! Why no policy meets a wish, and which comes nearest.

use super::{Candidate, Wish};
use crate::number::Float;

/// Keeps the nearest of the candidates that are refused.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nearest {
	/// The least locked by a candidate with few enough proofs.
	stake: Option<Candidate>,
	/// The fewest proofs of a candidate that locks little enough.
	proofs: Option<Candidate>,
	/// The least locked, and the fewest proofs, whatever the other is.
	least_stake: Option<Candidate>,
	/// The most that suppliers are left with within both limits.
	gain: Option<Candidate>,
	fewest_proofs: Option<Candidate>,
}

impl Nearest {
	pub(super) fn see(&mut self, wish: &Wish, candidate: &Candidate) {
		keep(&mut self.least_stake, candidate, |it| it.locked);
		keep(&mut self.fewest_proofs, candidate, |it| it.proofs);
		if candidate.fits(wish) {
			keep(&mut self.stake, candidate, |it| it.locked);
		}
		if candidate.affordable(wish) {
			keep(&mut self.proofs, candidate, |it| it.proofs);
		}
		if candidate.affordable(wish) && candidate.fits(wish) {
			keep(&mut self.gain, candidate, |it| -it.supplier_gain);
		}
	}

	/// In words.
	pub(super) fn refusal(&self, wish: &Wish) -> String {
		let stake = wish.most_stake.unwrap_or(f64::INFINITY);
		let proofs = wish.most_proofs.unwrap_or(f64::INFINITY);
		let locks =
			|it: &Candidate| format!("{:.1} session costs are locked ({})", it.locked, of(it));
		let proves = |it: &Candidate| {
			format!("{:.1} proofs are required in a session ({})", it.proofs, of(it))
		};
		if let (Some(least), Some(most)) = (wish.least_gain, self.gain) {
			return format!(
				"--least-gain {least} cannot be met: honest suppliers are left with {:.5} at the most \
				({}). A larger --margin or a smaller --stake leaves them more",
				most.supplier_gain,
				of(&most)
			);
		}
		let few = if proofs.is_finite() { "with so few proofs " } else { "" };
		let little = if stake.is_finite() { "with so little locked " } else { "" };
		match (self.stake, self.proofs, self.least_stake, self.fewest_proofs) {
			(Some(a), Some(b), ..) => format!(
				"--most-stake {stake} and --most-proofs {proofs} cannot be met together. With so few \
				proofs at least {}; with so little locked at least {}",
				locks(&a),
				proves(&b)
			),
			(Some(a), None, ..) => format!(
				"--most-stake {stake} cannot be met: {few}at least {}. Raise it, or let --stake begin \
				lower",
				locks(&a)
			),
			(None, Some(b), ..) => format!(
				"--most-proofs {proofs} cannot be met: {little}at least {}. Raise it, or search more \
				of --stake, --probability and --threshold",
				proves(&b)
			),
			(None, None, Some(a), Some(b)) => format!(
				"neither --most-stake {stake} nor --most-proofs {proofs} can be met: at least {}, and \
				at least {}",
				locks(&a),
				proves(&b)
			),
			_ => "nothing was searched that deters: give --margin, --curvature or --stake more values"
				.into(),
		}
	}
}

fn keep(best: &mut Option<Candidate>, candidate: &Candidate, key: impl Fn(&Candidate) -> f64) {
	if best.as_ref().is_none_or(|best| key(candidate) < key(best)) {
		*best = Some(*candidate);
	}
}

/// The parameters that matter for both limits.
fn of(candidate: &Candidate) -> String {
	let relays = match (candidate.threshold, candidate.probability) {
		(Some(threshold), Some(probability)) => {
			format!(", R = {threshold:.4}, p = {probability:.4}")
		}
		_ => String::new(),
	};
	format!(
		"ρ = {:.3}, margin = {:.3}, σ = {:.3}, ε = {:.5}{relays}",
		candidate.curvature.float(),
		candidate.margin.float(),
		candidate.stake.float(),
		candidate.audit_rate.float()
	)
}

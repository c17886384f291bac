//! What a search has found, in tables and sentences.

use super::{wish::in_money, Best, Candidate, Found, Wish};
use crate::{number::Float, outcome::table};
use capacity_economics::{Confidence, FixedU128};
use std::fmt::Write;

/// Rows of the table of stakes.
const ROWS: usize = 9;

/// The cheapest policy in full, what it costs, what it deters, and what other stakes would cost.
pub fn text(found: &Found) -> String {
	let Found { wish, best, stakes, compared } = found;
	let mut text = format!("The cheapest of {compared} policies\n\n");
	text += &parameters(wish, best);
	text += "\nWhat it costs in a session\n\n";
	text += &costs(wish, &best.candidate);
	text.push('\n');
	text += &deterrence(wish, best);
	text += &ends(wish, &best.candidate);
	text +=
		"\nThe cheapest policy for some stakes; costs, and what suppliers are left with, in % of running the network's capacity\n\n";
	text + &others(stakes, best)
}

fn parameters(wish: &Wish, best: &Best) -> String {
	let policy = &best.policy;
	let row = |name: &str, value: String| [name.into(), value];
	let money = |amount: u128| digits(in_money(amount));
	let mut rows = vec![
		row("curvature ρ", digits(policy.curvature.float())),
		row("stake σ, × what a bid earns in an audit", digits(policy.stake_factor.float())),
		row("margin, × cost", digits(policy.margin.float())),
		row("audit rate ε, of bids in a session", percent(policy.audit_rate.float())),
		row("reference C, units per session", policy.reference.to_string()),
		row("smallest bid, units per session", policy.minimum_bid.to_string()),
		row("largest bid, units per session", policy.maximum_bid.to_string()),
		row("cost, money per unit", money(policy.cost)),
		row("openings k of a proof", policy.openings.to_string()),
	];
	if let Some(relays) = &policy.relays {
		let confidence = match relays.confidence {
			Confidence::Mean => "mean".into(),
			Confidence::Quantile(level) => percent(level.float()),
		};
		rows.extend([
			row("threshold R, money", money(relays.threshold)),
			row("probability p, of claims below R", percent(relays.probability.float())),
			row("confidence of the penalty", confidence),
			row("price, money per unit of relays", money(relays.price)),
			row("stake for a claim at R, money", money(relays.stake())),
		]);
	}
	let locked = best.candidate.locked;
	let open = wish.open;
	rows.extend([
		row("least stake for a bid of C, money", digits(best.minimum_stake)),
		row(
			&format!("locked by a supplier of C with {open} claims open, money"),
			digits(in_money(wish.capacity_cost) * locked),
		),
		row("the same, session costs", digits(locked)),
		row("proofs in a session, on average", digits(best.candidate.proofs)),
		row("length of a proof, bytes", format!("{:.0}", best.opening.bytes)),
	]);
	table(["parameter", "value"], rows)
}

fn costs(wish: &Wish, candidate: &Candidate) -> String {
	let whole = wish.operating_cost() * f64::from(wish.suppliers);
	let cost = &candidate.cost;
	let row = |name: &str, part: f64| [name.into(), percent(part), digits(part * whole)];
	table(
		["", "of running the network", "money"],
		[
			row("audits, paid by the protocol", cost.audits),
			row("capital locked for audits", cost.audit_capital),
			row("capital locked for claims", cost.relay_capital),
			row("proofs on chain", cost.chain),
			row("outages: stake lost in audits", cost.audit_outages),
			row("outages: claims not proven", cost.relay_outages),
			row("together", cost.total),
		],
	)
}

fn deterrence(wish: &Wish, best: &Best) -> String {
	let verdict = &best.verdict;
	let mut text = format!(
		"The chain's verdict: truth is best up to a capacity of {} units, {} C. The rate is {} × the \
		least one, {}, for bids of {} C and more.\n",
		verdict.truthful_up_to,
		digits(verdict.truthful_up_to as f64 / wish.reference as f64),
		digits(best.candidate.audit_rate.float() / best.candidate.least_rate.float()),
		percent(best.candidate.least_rate.float()),
		digits(wish.smallest.float()),
	);
	if let Some(lie) = &best.lie {
		let _ = writeln!(
			text,
			"The lie that comes closest, for a supplier of {} C: {} bids of 1/{} of its capacity gain \
			{} money in a session, {} of the {} that the truth gains.",
			digits(wish.largest.float()),
			lie.identities,
			lie.split,
			digits(lie.gain),
			percent(lie.gain / lie.truth),
			digits(lie.truth),
		);
	}
	let _ = writeln!(
		text,
		"A proof finds a fake share of {} with probability {}. Honest suppliers are left with {} of \
		what running them costs, before relays.",
		percent(wish.fake.float()),
		percent(best.opening.detection.float()),
		percent(best.candidate.supplier_gain),
	);
	text
}

/// Says where a better policy may lie beyond what was searched.
fn ends(wish: &Wish, candidate: &Candidate) -> String {
	let threshold = candidate.threshold.map(|it| it / in_money(wish.claim.max(1)));
	let largest = |values: &[FixedU128]| values.iter().max().map(|value| value.float());
	let at_end =
		|value: f64, end: Option<f64>| end.is_some_and(|end| (value / end - 1.0).abs() < 1e-9);
	let least = wish.probabilities.iter().min().map(|value| value.float());
	let ends = [
		("--curvature", at_end(candidate.curvature.float(), largest(&wish.curvatures))),
		("--stake", at_end(candidate.stake.float(), largest(&wish.stakes))),
		("--threshold", threshold.is_some_and(|it| at_end(it, largest(&wish.thresholds)))),
		("--probability", candidate.probability.is_some_and(|it| it < 1.0 && at_end(it, least))),
	];
	let ends: Vec<_> = ends.into_iter().filter(|end| end.1).map(|end| end.0).collect();
	match ends[..] {
		[] => String::new(),
		_ => format!(
			"At the end of what was searched, so that more may be cheaper: {}.\n",
			ends.join(", ")
		),
	}
}

fn others(stakes: &[Candidate], best: &Best) -> String {
	let chosen = |it: &Candidate| it.stake == best.candidate.stake;
	let last = stakes.len().saturating_sub(1);
	let shown = |at: usize| {
		let step = |row: usize| row * last / (ROWS - 1);
		(0..ROWS).any(|row| step(row) == at)
	};
	let rows = stakes.iter().enumerate().filter(|(at, it)| shown(*at) || chosen(it));
	let part = |share: f64| digits(100.0 * share);
	let optional = |value: Option<f64>| value.map_or("-".into(), digits);
	let rows = rows.map(|(_, it)| {
		let mark = if chosen(it) { " *" } else { "" };
		[
			format!("{}{mark}", digits(it.stake.float())),
			digits(it.locked),
			digits(it.curvature.float()),
			digits(it.margin.float()),
			percent(it.audit_rate.float()),
			optional(it.probability),
			optional(it.threshold),
			digits(it.proofs),
			part(it.cost.audits),
			part(it.cost.capital()),
			part(it.cost.chain),
			part(it.cost.outages()),
			part(it.cost.total),
			part(it.supplier_gain),
		]
	});
	table(
		[
			"σ",
			"locked",
			"ρ",
			"margin",
			"ε",
			"p",
			"R",
			"proofs",
			"audits",
			"capital",
			"chain",
			"outages",
			"total",
			"left to suppliers",
		],
		rows,
	)
}

/// Three digits that count.
fn digits(value: f64) -> String {
	if value == 0.0 || !value.is_finite() {
		return value.to_string();
	}
	let places = (2 - value.abs().log10().floor() as i32).max(0) as usize;
	let text = format!("{value:.places$}");
	match text.contains('.') {
		true => text.trim_end_matches('0').trim_end_matches('.').into(),
		false => text,
	}
}

fn percent(share: f64) -> String {
	format!("{} %", digits(100.0 * share))
}

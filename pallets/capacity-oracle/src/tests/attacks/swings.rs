//! Whether the probability of proofs settles, where what was seen in a session moves it some sessions
//! later. Section 6.1: a step starts from the probability under which its proofs were drawn.

use super::*;

/// Claims of each session.
const CLAIMS: u128 = 100;
const WANTED: u32 = 10;

fn percent(probability: Perquintill) -> f64 {
	probability.deconstruct() as f64 / 1e16
}

/// The probability of so many sessions, in percent. `delay` sessions have begun under older ones when
/// a session is settled.
fn steered(start: u64, delay: usize, sessions: usize) -> Vec<Perquintill> {
	let terms = RelayTerms { wanted_proofs: Some(WANTED), ..proven_at(1) };
	let mut drawn = vec![Perquintill::from_percent(start); delay + 1];
	while drawn.len() < sessions {
		let settled = drawn[drawn.len() - 1 - delay];
		let required = (settled * CLAIMS) as u32;
		drawn.push(terms.steered(settled, required));
	}
	drawn
}

/// Between which numbers of proofs it still swings after fifty sessions.
fn swing(start: u64, delay: usize) -> (f64, f64) {
	let played = steered(start, delay, 80);
	let shown: Vec<_> = played.iter().take(16).map(|p| format!("{:.0}", percent(*p))).collect();
	let last = played.iter().skip(50).map(|p| percent(*p));
	let swing = last.fold((100., 0.), |(low, high), p| (f64::min(low, p), f64::max(high, p)));
	eprintln!("swing | from {start} %, {delay} sessions late | {} | {swing:?}", shown.join(" "));
	swing
}

#[test]
fn the_probability_settles() {
	for delay in [0, 1, 2, 3] {
		for start in [1, 5, 20, 100] {
			let (low, high) = swing(start, delay);
			// To whole claims: 10.4 in a hundred are ten.
			let settled = 9.5..=10.5;
			assert!(
				settled.contains(&low) && settled.contains(&high),
				"{low} to {high}, {delay} sessions late, from {start}"
			);
		}
	}
}

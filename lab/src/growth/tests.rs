use super::*;
use crate::figure::Layer;
use std::sync::OnceLock;

fn found() -> &'static Found {
	static FOUND: OnceLock<Found> = OnceLock::new();
	FOUND.get_or_init(|| {
		let example = Example { applications: 500, ..Example::default() };
		let setting = Setting {
			example,
			suppliers: 1_000,
			relays: 100,
			openings: vec![1, 16],
			..Setting::default()
		};
		measure(&setting, Progress::Hidden).unwrap()
	})
}

fn day(way: &str, openings: u32, p: f64, above: f64) -> &'static Day {
	let wanted = |day: &&Day| {
		(day.way.as_str(), day.openings, day.probability, day.above) == (way, openings, p, above)
	};
	found().days.iter().find(wanted).unwrap()
}

#[test]
fn proofs_fall_2_4_10_100_and_1000_times() {
	for way in &found().ways {
		let (way, openings) = (way.name.as_str(), way.openings);
		let always = day(way, openings, 1.0, 0.0);
		assert_eq!(always.proofs, always.claims);
		for (p, scale) in [(0.5, 2.0), (0.25, 4.0), (0.1, 10.0), (0.01, 100.0), (0.001, 1_000.0)] {
			let day = day(way, openings, p, 0.0);
			assert!((day.scale - scale).abs() < 1e-9, "{day:?}");
			assert!((always.proof_bytes / day.proof_bytes - scale).abs() < 1e-6);
			assert_eq!(day.claim_bytes, always.claim_bytes);
		}
	}
}

#[test]
fn where_one_claim_in_twenty_is_above_the_threshold_proofs_fall_17_times_and_not_100() {
	let day = day(SUPPLIERS, 16, 0.01, 0.05);
	assert!((day.scale - 16.81).abs() < 0.01, "{}", day.scale);
	// However low p is, one claim in twenty remains.
	assert!(found().days.iter().all(|day| day.above == 0.0 || day.scale < 20.0));
}

#[test]
fn a_supplier_with_many_applications_makes_one_claim_and_one_proof() {
	let (pairs, suppliers) = (day(PAIRS, 1, 1.0, 0.0), day(SUPPLIERS, 1, 1.0, 0.0));
	assert_eq!(found().session.claims * 24, suppliers.claims as u64);
	assert_eq!(found().session.entries * 24, pairs.claims as u64);
	assert!(pairs.claims > 9.0 * suppliers.claims, "ten applications each");
	assert!(pairs.claim_bytes > 4.0 * suppliers.claim_bytes);
	assert!(pairs.proof_bytes > 5.0 * suppliers.proof_bytes);
}

#[test]
fn what_is_checked_is_what_was_sent() {
	let day = day(SUPPLIERS, 16, 1.0, 0.0);
	// Each claim and each proof is signed, and each proof opens relays.
	assert!(day.signatures > 17.0 * day.claims && day.signatures <= 18.0 * day.claims);
	assert!(day.hashes > 16.0 * day.proofs);
	assert!((day.bytes - day.claim_bytes - day.proof_bytes).abs() < 1e-6);
}

#[test]
fn the_figure_has_a_line_for_each_way_and_one_for_the_document() {
	let figure = figure::growth(found());
	assert!(figure.caption.contains("`lab growth`"));
	let layers = &figure.panels[0].layers;
	assert_eq!(layers.len(), 3 * 2 + 1);
	for layer in layers {
		let Layer::Line { points, .. } = layer else { panic!("{layer:?}") };
		assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
	}
}

#[test]
fn what_makes_no_sense_is_refused() {
	let no_openings = Setting { openings: vec![0], ..Setting::default() };
	let no_relays = Setting { relays: 0, ..Setting::default() };
	let never = Setting { probabilities: vec![Perquintill::from_parts(0)], ..Setting::default() };
	assert!(measure(&never, Progress::Hidden).is_err());
	assert!(measure(&no_openings, Progress::Hidden).is_err());
	assert!(measure(&no_relays, Progress::Hidden).is_err());
}

//! The binomial distribution in floating point.

/// Terms below this much of the largest are left out of a distribution.
const SMALLEST: f64 = 1e-18;

/// `P(X = k)` for `X ~ Binomial(count, rate)`, for all `k` for which it matters, in their order.
///
/// From the most likely `k` outwards, by the ratio of neighbours, and then divided by the sum: so
/// nothing underflows that counts.
pub(crate) fn binomial(count: u32, rate: f64) -> Vec<(u32, f64)> {
	let odds = rate / (1.0 - rate);
	let mode = (((f64::from(count) + 1.0) * rate).floor() as u32).min(count);
	let mut below = Vec::new();
	let mut term = 1.0;
	for hits in (0..mode).rev() {
		term *= f64::from(hits + 1) / f64::from(count - hits) / odds;
		if term < SMALLEST {
			break;
		}
		below.push((hits, term));
	}
	let mut terms: Vec<_> = below.into_iter().rev().collect();
	terms.push((mode, 1.0));
	term = 1.0;
	for hits in mode + 1..=count {
		term *= f64::from(count - hits + 1) / f64::from(hits) * odds;
		if term < SMALLEST {
			break;
		}
		terms.push((hits, term));
	}
	let sum: f64 = terms.iter().map(|(_, term)| term).sum();
	terms.iter_mut().for_each(|(_, term)| *term /= sum);
	terms
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn mean_and_deviation_are_those_of_the_distribution() {
		for (count, rate) in [(1, 0.3), (10, 0.97), (1_000, 0.001), (1_000_000, 0.4)] {
			let terms = binomial(count, rate);
			let mean: f64 = terms.iter().map(|(hits, chance)| f64::from(*hits) * chance).sum();
			let square = |(hits, chance): &(u32, f64)| (f64::from(*hits) - mean).powi(2) * chance;
			let variance: f64 = terms.iter().map(square).sum();
			let expected = f64::from(count) * rate;
			assert!((mean / expected - 1.0).abs() < 1e-9, "{count} {mean}");
			assert!(
				(variance / (expected * (1.0 - rate)) - 1.0).abs() < 1e-9,
				"{count} {variance}"
			);
		}
	}
}

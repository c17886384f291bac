//! Bids of different sizes: what a portfolio of them gains, and a search for one that gains more than the
//! truth (section 4 of the design).
//!
//! The chain's verdict is about bids of one size. That mixed sizes are no better is believed, and not
//! proven: here it is tried. For each draw the best subset that can be delivered is found among all of
//! them, so that the answer for one portfolio is exact, to the precision of floats.

use crate::Progress;
use fastrand::Rng;
use rayon::prelude::*;
use serde::Serialize;

/// The most bids of a portfolio: all subsets of each draw are looked at.
pub const MOST_BIDS: usize = 12;

/// Portfolios that are tried with one seed of their own.
const CHUNK: usize = 500;

/// Portfolios that are improved.
const KEPT: usize = 64;

/// Changes that are tried on each of those.
const CHANGES: usize = 4_000;

/// By this much more than a capacity bids may be delivered, for errors of floats.
const ROUNDING: f64 = 1e-12;

/// What a supplier plays against. Sizes are shares of its capacity, amounts rewards for a bid of all of it.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
	/// `ρ`.
	pub curvature: f64,
	/// `σ`.
	pub stake: f64,
	/// `κ`; none without bound.
	pub capacity: Option<f64>,
	/// `ε`.
	pub rate: f64,
}

/// Bids, and what they gain.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Portfolio {
	/// As shares of the capacity, the largest first.
	pub bids: Vec<f64>,
	/// What they gain in expectation, as a multiple of what the truth gains.
	pub of_truth: f64,
}

/// The best of many.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Search {
	pub stage: Stage,
	/// Random portfolios that were tried.
	pub tried: usize,
	/// The best of those that declare more than there is.
	pub best: Portfolio,
	/// What became of it, or of another of the best ones, by small changes.
	pub improved: Portfolio,
}

impl Stage {
	/// `r` and `S` of a bid.
	fn terms(&self, bid: f64) -> (f64, f64) {
		let reward = bid.powf(self.curvature);
		let floor = self.capacity.map_or(0.0, |capacity| capacity.powf(-self.curvature));
		(reward, self.stake * reward.max(floor))
	}

	/// What bids gain in expectation, with the best subset delivered whatever is drawn. At most
	/// [`MOST_BIDS`].
	pub fn utility(&self, bids: &[f64]) -> f64 {
		let sets = 1usize << bids.len().min(MOST_BIDS);
		// For each set of bids: its size, what its delivery changes, its probability as a draw, and the most
		// that delivering a part of it changes.
		let (mut sizes, mut worth) = (vec![0.0; sets], vec![0.0; sets]);
		let (mut chance, mut best) = (vec![1.0; sets], vec![0.0; sets]);
		let mut lost = 0.0;
		for (bit, bid) in bids.iter().take(MOST_BIDS).enumerate() {
			let (reward, stake) = self.terms(*bid);
			lost += self.rate * stake;
			for set in 0..1 << bit {
				let with = set | 1 << bit;
				sizes[with] = sizes[set] + bid;
				worth[with] = worth[set] + reward + stake;
				chance[with] = chance[set] * self.rate;
				chance[set] *= 1.0 - self.rate;
			}
		}
		let mut utility = -lost;
		for set in 1..sets {
			if sizes[set] <= 1.0 + ROUNDING {
				best[set] = worth[set];
			} else {
				let members = (0..bids.len()).filter(|bit| set & (1 << bit) != 0);
				best[set] = members.map(|bit| best[set & !(1 << bit)]).fold(0.0, f64::max);
			}
			utility += chance[set] * best[set];
		}
		utility
	}

	fn portfolio(&self, mut bids: Vec<f64>) -> Portfolio {
		bids.sort_by(|a, b| b.total_cmp(a));
		let of_truth = self.utility(&bids) / self.rate;
		Portfolio { bids, of_truth }
	}

	/// The best of `count` random portfolios of up to `most` bids, and what it becomes by small changes. The
	/// same seed finds the same.
	pub fn search(&self, count: usize, most: usize, seed: u64, progress: Progress) -> Search {
		let most = most.clamp(2, MOST_BIDS);
		let chunks = count.div_ceil(CHUNK);
		let bar = progress.bar((chunks + KEPT) as u64, "portfolios");
		let tried = |chunk: usize| {
			let mut random = Rng::with_seed(seed.wrapping_add(chunk as u64));
			let size = CHUNK.min(count - chunk * CHUNK);
			let mut found: Vec<_> = (0..size)
				.map(|_| self.portfolio(self.random(most, &mut random)))
				.filter(|found| found.declares_too_much())
				.collect();
			keep(&mut found);
			bar.inc(1);
			found
		};
		let chunks: Vec<Vec<Portfolio>> = (0..chunks).into_par_iter().map(tried).collect();
		let mut found = chunks.concat();
		keep(&mut found);
		let improve = |(index, start): (usize, &Portfolio)| {
			let mut random = Rng::with_seed(seed ^ (index as u64) << 32);
			let better = self.improve(start.clone(), most, &mut random);
			bar.inc(1);
			better
		};
		let mut improved: Vec<_> = found.par_iter().enumerate().map(improve).collect();
		keep(&mut improved);
		bar.finish_and_clear();
		let first = |found: Vec<Portfolio>| found.into_iter().next();
		let best = first(found).unwrap_or_else(|| self.portfolio(vec![1.0, 1.0]));
		let improved = first(improved).unwrap_or_else(|| best.clone());
		Search { stage: *self, tried: count, best, improved }
	}

	/// Bids of every shape that has a reason: of any size, equal ones, parts of the whole that fit together,
	/// ones of the reference capacity, and mixtures.
	fn random(&self, most: usize, random: &mut Rng) -> Vec<f64> {
		let count = random.usize(2..=most);
		let reference = self.capacity.map(|capacity| 1.0 / capacity).filter(|size| *size < 1.0);
		let mut bids = Vec::with_capacity(count);
		let shape = random.u8(..6);
		let equal = 1.0 / f64::from(random.u32(1..=6));
		while bids.len() < count {
			let left = count - bids.len();
			match if shape == 5 { random.u8(..5) } else { shape } {
				0 => bids.push(random.f64()),
				1 => bids.push(equal),
				2 if left > 1 => {
					// Parts of the whole.
					let parts = random.usize(2..=left.min(4));
					let cuts: Vec<f64> = (0..parts).map(|_| 0.05 + random.f64()).collect();
					let sum: f64 = cuts.iter().sum();
					bids.extend(cuts.iter().map(|cut| cut / sum));
				}
				3 => bids.push(1.0 / f64::from(random.u32(1..=6))),
				4 => bids.push(reference.unwrap_or(1.0)),
				_ => bids.push(1.0),
			}
		}
		if random.bool() {
			for bid in &mut bids {
				*bid = (*bid * (1.0 + 0.1 * (random.f64() - 0.5))).clamp(1e-3, 1.0);
			}
		}
		bids
	}

	/// Small changes, each kept if it gains: of one bid by a little or to what is left beside some others,
	/// of two against each other, of a bid more or less.
	fn improve(&self, mut best: Portfolio, most: usize, random: &mut Rng) -> Portfolio {
		for step in 0..CHANGES {
			let mut bids = best.bids.clone();
			let scale = 0.3 * (1.0 - step as f64 / CHANGES as f64).powi(3) + 1e-7;
			let at = random.usize(..bids.len());
			let change = scale * (random.f64() - 0.5);
			match random.u8(..8) {
				0..=2 => bids[at] += change,
				3 => {
					let other = random.usize(..bids.len());
					bids[at] += change;
					bids[other] -= change;
				}
				4 => {
					let others: f64 = bids
						.iter()
						.enumerate()
						.filter(|(index, _)| *index != at && random.bool())
						.map(|(_, bid)| bid)
						.sum();
					bids[at] = 1.0 - others;
				}
				5 => bids[at] = bids[random.usize(..bids.len())],
				6 if bids.len() < most => bids.push(random.f64()),
				_ if bids.len() > 2 => {
					bids.swap_remove(at);
				}
				_ => bids[at] += change,
			}
			if bids.iter().any(|bid| !(1e-6..=1.0).contains(bid)) {
				continue;
			}
			let changed = self.portfolio(bids);
			if changed.declares_too_much() && changed.of_truth > best.of_truth {
				best = changed;
			}
		}
		best
	}
}

impl Portfolio {
	/// Whether its bids add up to more than the capacity by a thousandth at least: others are the truth, in
	/// pieces or but for a rounding error.
	pub fn declares_too_much(&self) -> bool {
		self.bids.iter().sum::<f64>() > 1.001
	}

	/// Whether it gains more than the truth, by more than the error of floats.
	pub fn beats_the_truth(&self) -> bool {
		self.of_truth > 1.0 + 1e-9
	}
}

/// The best ones, the best first.
fn keep(found: &mut Vec<Portfolio>) {
	found.sort_by(|a, b| b.of_truth.total_cmp(&a.of_truth));
	found.truncate(KEPT);
}

#[cfg(test)]
#[path = "tests/portfolio.rs"]
mod tests;

//! A claim with a fake share, as a game: what faking gains, decided in whole numbers. Floats are for
//! drawing.

use capacity_economics::{detection, Perquintill};
use sp_core::U256;

const ONE: u128 = 1_000_000_000_000_000_000;

/// What a challenge falls on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
	/// A position of the claim's weight, as on this chain: it finds a fake share `f` with `f`.
	Weight,
	/// The leaf closest to a path. All that is fake is one fat leaf beside so many honest ones.
	FatLeaf { honest: u64 },
	/// The leaf closest to a path. All that is fake stands under one prefix of so many bits.
	Corner { bits: u32 },
}

impl Challenge {
	/// The probability that one of `openings` challenges finds the fake share.
	pub fn detection(self, share: Perquintill, openings: u32) -> Perquintill {
		if share.is_zero() || share.is_one() {
			return detection(share, openings);
		}
		let hit = match self {
			Self::Weight => share,
			Self::FatLeaf { honest } => Perquintill::from_rational(1, honest.saturating_add(1)),
			Self::Corner { bits } => {
				Perquintill::from_parts(1u128.checked_shl(bits).map_or(0, |all| ONE / all) as u64)
			}
		};
		detection(hit, openings)
	}
}

/// How a claim is checked, and what is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
	pub challenge: Challenge,
	/// Whether the whole claim is lost with a failed proof.
	pub forfeits: bool,
	pub openings: u32,
}

/// What is played for: amounts are whole numbers of the smallest unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Game {
	/// `p`, above zero.
	pub probability: Perquintill,
	/// `R`, above zero.
	pub reward: u128,
	/// `S`.
	pub penalty: u128,
}

impl Game {
	/// What faking a share gains and loses, times 10³⁶.
	fn sides(&self, rule: Rule, share: Perquintill) -> (U256, U256) {
		let caught = rule.challenge.detection(share, rule.openings);
		let forfeited = if rule.forfeits { self.reward } else { 0 };
		let stake = U256::from(forfeited) + U256::from(self.penalty);
		(self.gained(share), self.rate(caught) * stake)
	}

	/// `f·R`, times 10³⁶.
	fn gained(&self, share: Perquintill) -> U256 {
		U256::from(share.deconstruct()) * U256::from(ONE) * U256::from(self.reward)
	}

	/// `p·d`, times 10³⁶.
	fn rate(&self, caught: Perquintill) -> U256 {
		U256::from(self.probability.deconstruct()) * U256::from(caught.deconstruct())
	}

	/// Whether faking this share gains anything at all.
	pub fn gains(&self, rule: Rule, share: Perquintill) -> bool {
		let (gained, lost) = self.sides(rule, share);
		gained > lost
	}

	/// What faking this share gains over an honest claim, in `R`.
	pub fn gain(&self, rule: Rule, share: Perquintill) -> f64 {
		let (gained, lost) = self.sides(rule, share);
		let size = |value: U256| {
			value.0.iter().rev().fold(0.0, |sum, limb| sum * 2f64.powi(64) + *limb as f64)
		};
		let difference = if gained > lost { size(gained - lost) } else { -size(lost - gained) };
		difference / 1e36 / self.reward as f64 + 0.0
	}

	/// The least penalty at which faking this share gains nothing; none where no penalty is enough.
	pub fn least_penalty(&self, rule: Rule, share: Perquintill) -> Option<u128> {
		let caught = rule.challenge.detection(share, rule.openings);
		let (gained, rate) = (self.gained(share), self.rate(caught));
		if gained.is_zero() {
			return Some(0);
		}
		if rate.is_zero() {
			return None;
		}
		let (whole, rest) = gained.div_mod(rate);
		let needed = if rest.is_zero() { whole } else { whole + U256::one() };
		let forfeited = if rule.forfeits { self.reward } else { 0 };
		u128::try_from(needed.saturating_sub(forfeited.into())).ok()
	}
}

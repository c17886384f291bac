//! A claim with a fake share, as a game: what faking gains, decided in whole numbers. Floats are for
//! drawing.

use capacity_economics::{detection, Perquintill};
use sp_core::U512;

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

/// What is lost with a failed proof, beside the penalty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forfeited {
	/// Nothing: the claim is still paid.
	Nothing,
	/// What is fake. The rest is forfeited as well, but costs nothing: its payers are the claimant's own,
	/// or cannot pay.
	Fakes,
	/// The whole claim, which others would have paid.
	Everything,
}

/// How a claim is checked, and what is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
	pub challenge: Challenge,
	pub forfeited: Forfeited,
	pub openings: u32,
}

/// What is played for: amounts are whole numbers of the smallest unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Game {
	/// `p'`, above zero.
	pub probability: Perquintill,
	/// `W`, above zero.
	pub worth: u128,
	/// `Q`.
	pub penalty: u128,
}

impl Game {
	/// What faking a share gains and loses, times 10⁵⁴.
	fn sides(&self, rule: Rule, share: Perquintill) -> (U512, U512) {
		let caught = rule.challenge.detection(share, rule.openings);
		let stake = self.forfeited(rule, share) + U512::from(self.penalty) * U512::from(ONE);
		(self.gained(share), self.rate(caught) * stake)
	}

	/// `f·W`, times 10⁵⁴.
	fn gained(&self, share: Perquintill) -> U512 {
		self.fakes(share) * U512::from(ONE) * U512::from(ONE)
	}

	/// `f·W`, times 10¹⁸.
	fn fakes(&self, share: Perquintill) -> U512 {
		U512::from(share.deconstruct()) * U512::from(self.worth)
	}

	/// What is lost of the claim, times 10¹⁸.
	fn forfeited(&self, rule: Rule, share: Perquintill) -> U512 {
		match rule.forfeited {
			Forfeited::Nothing => U512::zero(),
			Forfeited::Fakes => self.fakes(share),
			Forfeited::Everything => U512::from(self.worth) * U512::from(ONE),
		}
	}

	/// `p'·d`, times 10³⁶.
	fn rate(&self, caught: Perquintill) -> U512 {
		U512::from(self.probability.deconstruct()) * U512::from(caught.deconstruct())
	}

	/// Whether faking this share gains anything at all.
	pub fn gains(&self, rule: Rule, share: Perquintill) -> bool {
		let (gained, lost) = self.sides(rule, share);
		gained > lost
	}

	/// What faking this share gains over an honest claim, in `W`.
	pub fn gain(&self, rule: Rule, share: Perquintill) -> f64 {
		let (gained, lost) = self.sides(rule, share);
		let size = |value: U512| {
			value.0.iter().rev().fold(0.0, |sum, limb| sum * 2f64.powi(64) + *limb as f64)
		};
		let difference = if gained > lost { size(gained - lost) } else { -size(lost - gained) };
		difference / 1e54 / self.worth as f64 + 0.0
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
		let up = |value: U512, by: U512| {
			let (whole, rest) = value.div_mod(by);
			if rest.is_zero() {
				whole
			} else {
				whole + U512::one()
			}
		};
		// p'·d·(F + Q) ≥ f·W, all of it times 10¹⁸.
		let lost = self.forfeited(rule, share) * rate;
		let needed = up(gained.saturating_sub(lost), rate * U512::from(ONE));
		u128::try_from(needed).ok()
	}
}

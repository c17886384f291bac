//! Arithmetic that 128-bit fixed point cannot do: a real number with its own exponent, for
//! probabilities far below 10⁻³⁸, and the logarithm and power built on it.

use sp_arithmetic::{helpers_128bit::multiply_by_rational_with_rounding, FixedU128, Rounding};

/// Fraction bits of a logarithm returned by [`Real::log2`].
pub const LOG_BITS: u32 = 96;

/// The units in one of a [`FixedU128`] or a `Perquintill`.
pub(crate) const DECIMAL: u128 = 1_000_000_000_000_000_000;

/// ln 2 · 2¹²⁸, rounded down.
const LN_2: u128 = 0xB172_17F7_D1CF_79AB_C9E3_B398_03F2_F6AF;

/// Terms of the exponential series: the first one left out is below 2⁻¹⁰⁷ for arguments up to ln 2.
const EXP_TERMS: u32 = 26;

const TOP_BIT: u128 = 1 << 127;

/// `a · b / c` with the full product in between; `None` if `c` is zero or the result does not fit.
pub(crate) fn mul_div(a: u128, b: u128, c: u128, rounding: Rounding) -> Option<u128> {
	multiply_by_rational_with_rounding(a, b, c, rounding)
}

/// The 256-bit product of `a` and `b`, high half first.
fn mul_wide(a: u128, b: u128) -> (u128, u128) {
	const LOW: u128 = u64::MAX as u128;
	let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
	// No partial product or sum of carries exceeds 128 bits, so nothing wraps.
	let low = a0.wrapping_mul(b0);
	let left = a1.wrapping_mul(b0).wrapping_add(low >> 64);
	let right = a0.wrapping_mul(b1).wrapping_add(left & LOW);
	let high = a1.wrapping_mul(b1).wrapping_add(left >> 64).wrapping_add(right >> 64);
	(high, (right << 64) | (low & LOW))
}

/// `a · b / 2^shift` for `shift` of 1 to 127, rounded down and saturated.
pub(crate) fn mul_shift(a: u128, b: u128, shift: u32) -> u128 {
	let (high, low) = mul_wide(a, b);
	let Some(up) = 128u32.checked_sub(shift) else {
		return u128::MAX;
	};
	if high.checked_shr(shift).unwrap_or(0) != 0 {
		return u128::MAX;
	}
	high.checked_shl(up).unwrap_or(0) | low.checked_shr(shift).unwrap_or(0)
}

/// A non-negative real number `mantissa · 2^exponent`.
///
/// The mantissa of a number other than zero has its highest bit set. Unless said otherwise
/// operations round down, by a relative error below 2⁻¹²⁶, and the exponent saturates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Real {
	mantissa: u128,
	exponent: i32,
}

impl Real {
	/// Nothing.
	pub const ZERO: Self = Self { mantissa: 0, exponent: 0 };
	/// One.
	pub const ONE: Self = Self { mantissa: TOP_BIT, exponent: -127 };

	fn normalised(mantissa: u128, exponent: i32) -> Self {
		if mantissa == 0 {
			return Self::ZERO;
		}
		let up = mantissa.leading_zeros();
		Self {
			mantissa: mantissa.checked_shl(up).unwrap_or(0),
			exponent: exponent.saturating_sub_unsigned(up),
		}
	}

	/// An integer, exactly.
	pub fn from_integer(value: u128) -> Self {
		Self::normalised(value, 0)
	}

	/// `numerator / denominator`; `None` if the denominator is zero.
	pub fn from_ratio(numerator: u128, denominator: u128) -> Option<Self> {
		Self::from_integer(numerator).checked_div(Self::from_integer(denominator))
	}

	/// A fixed-point number.
	pub fn from_fixed(value: FixedU128) -> Self {
		Self::from_ratio(value.into_inner(), DECIMAL).unwrap_or(Self::ZERO)
	}

	/// Whether this is zero.
	pub fn is_zero(&self) -> bool {
		self.mantissa == 0
	}

	/// `self · other`.
	pub fn times(self, other: Self) -> Self {
		let (high, low) = mul_wide(self.mantissa, other.mantissa);
		let exponent = self.exponent.saturating_add(other.exponent);
		if high >= TOP_BIT {
			Self { mantissa: high, exponent: exponent.saturating_add(128) }
		} else if high == 0 {
			Self::ZERO
		} else {
			let mantissa = (high << 1) | (low >> 127);
			Self { mantissa, exponent: exponent.saturating_add(127) }
		}
	}

	/// `self · other`, rounded up.
	pub fn mul_up(self, other: Self) -> Self {
		self.times(other).next_up()
	}

	/// The next larger number; zero stays zero.
	fn next_up(self) -> Self {
		match (self.mantissa, self.mantissa.checked_add(1)) {
			(0, _) => self,
			(_, Some(mantissa)) => Self { mantissa, ..self },
			(_, None) => Self { mantissa: TOP_BIT, exponent: self.exponent.saturating_add(1) },
		}
	}

	/// `self / other`; `None` if `other` is zero.
	pub fn checked_div(self, other: Self) -> Option<Self> {
		let exponent = self.exponent.saturating_sub(other.exponent).saturating_sub(127);
		// Both mantissas lie within a factor of two of each other, so the quotient fits.
		let quotient = mul_div(self.mantissa, TOP_BIT, other.mantissa, Rounding::Down)?;
		Some(Self::normalised(quotient, exponent))
	}

	/// `self · numerator / denominator`; a zero denominator counts as one.
	///
	/// The relative error is below `2⁻¹²⁶ · max(denominator / numerator, 1)`.
	pub fn mul_ratio(self, numerator: u64, denominator: u64) -> Self {
		const LOW: u128 = u64::MAX as u128;
		let (numerator, denominator) = (u128::from(numerator), u128::from(denominator.max(1)));
		// The product has three limbs of 64 bits, divided one by one.
		let low = (self.mantissa & LOW).wrapping_mul(numerator);
		let high = (self.mantissa >> 64).wrapping_mul(numerator).wrapping_add(low >> 64);
		let divide = |dividend: u128| {
			let quotient = dividend.checked_div(denominator).unwrap_or(0);
			(quotient, dividend.wrapping_sub(quotient.wrapping_mul(denominator)))
		};
		let (top, rest) = divide(high >> 64);
		let (middle, rest) = divide((rest << 64) | (high & LOW));
		let (bottom, _) = divide((rest << 64) | (low & LOW));
		let value = (middle << 64) | bottom;
		if top == 0 {
			return Self::normalised(value, self.exponent);
		}
		let up = top.leading_zeros();
		let down = 128u32.saturating_sub(up);
		Self {
			mantissa: top.checked_shl(up).unwrap_or(0) | value.checked_shr(down).unwrap_or(0),
			exponent: self.exponent.saturating_add_unsigned(down),
		}
	}

	/// `self · 2^power`, exactly.
	pub fn shifted(self, power: i32) -> Self {
		if self.is_zero() {
			return self;
		}
		Self { exponent: self.exponent.saturating_add(power), ..self }
	}

	/// `self · (1 + 2^-bits)`, rounded down, for `bits` of 1 to 127.
	pub fn enlarged(self, bits: u32) -> Self {
		let more = self.mantissa.checked_shr(bits).unwrap_or(0);
		match self.mantissa.checked_add(more) {
			Some(mantissa) => Self { mantissa, ..self },
			None => Self {
				mantissa: (self.mantissa >> 1).saturating_add(more >> 1) | TOP_BIT,
				exponent: self.exponent.saturating_add(1),
			},
		}
	}

	/// `self · (1 - 2^-bits)`, rounded down, for `bits` of 1 to 127.
	pub fn reduced(self, bits: u32) -> Self {
		let less = self.mantissa.checked_shr(bits).unwrap_or(0).saturating_add(1);
		Self::normalised(self.mantissa.saturating_sub(less), self.exponent)
	}

	/// `self · 2^bits` as an integer, rounded down and saturated.
	pub fn to_fixed(self, bits: u32) -> u128 {
		let shift = self.exponent.saturating_add_unsigned(bits);
		let amount = shift.unsigned_abs();
		if self.is_zero() {
			0
		} else if shift > 0 {
			u128::MAX
		} else {
			self.mantissa.checked_shr(amount).unwrap_or(0)
		}
	}

	/// The integer part, saturated.
	pub fn floor(self) -> u128 {
		self.to_fixed(0)
	}

	/// The smallest integer not below, saturated.
	pub fn ceil(self) -> u128 {
		let floor = self.floor();
		if self.mantissa != 0 && Self::from_integer(floor) != self {
			floor.saturating_add(1)
		} else {
			floor
		}
	}

	/// Whether this is greater than `other`.
	pub fn exceeds(&self, other: &Self) -> bool {
		match (self.is_zero(), other.is_zero()) {
			(true, _) => false,
			(false, true) => true,
			_ => (self.exponent, self.mantissa) > (other.exponent, other.mantissa),
		}
	}

	/// The larger of two.
	pub fn max(self, other: Self) -> Self {
		if other.exceeds(&self) {
			other
		} else {
			self
		}
	}

	/// The smaller of two.
	pub fn min(self, other: Self) -> Self {
		if self.exceeds(&other) {
			other
		} else {
			self
		}
	}

	/// `self − other`, zero where that is negative. Rounded down, by less than 2⁻¹²⁶ of `self`.
	pub fn less(self, other: Self) -> Self {
		if !self.exceeds(&other) {
			return Self::ZERO;
		}
		if other.is_zero() {
			return self;
		}
		let apart = self.exponent.saturating_sub(other.exponent).unsigned_abs();
		let subtrahend = other.mantissa.checked_shr(apart).unwrap_or(0);
		let lost =
			u128::from(subtrahend.checked_shl(apart).is_none_or(|back| back != other.mantissa));
		let mantissa = self.mantissa.saturating_sub(subtrahend).saturating_sub(lost);
		Self::normalised(mantissa, self.exponent)
	}

	/// The binary logarithm with [`LOG_BITS`] fraction bits, `None` for zero.
	///
	/// Rounded down, by less than `2⁻⁹⁵`. Takes 96 squarings.
	pub fn log2(self) -> Option<i128> {
		if self.is_zero() {
			return None;
		}
		let mut bits = 0i128;
		let mut mantissa = self.mantissa;
		for _ in 0..LOG_BITS {
			let (high, low) = mul_wide(mantissa, mantissa);
			if high >= TOP_BIT {
				bits = (bits << 1) | 1;
				mantissa = high;
			} else {
				bits <<= 1;
				mantissa = (high << 1) | (low >> 127);
			}
		}
		let whole = i128::from(self.exponent.saturating_add(127));
		Some((whole << LOG_BITS) | bits)
	}

	/// `2^power`, with [`LOG_BITS`] fraction bits in `power`.
	///
	/// Rounded down, by a relative error below `2⁻¹⁰⁵`.
	pub fn exp2(power: i128) -> Self {
		let fraction = (power as u128) << 32;
		let (argument, _) = mul_wide(fraction, LN_2);
		let mut sum = TOP_BIT;
		for term in (1..=EXP_TERMS).rev() {
			let (product, _) = mul_wide(argument, sum);
			sum = TOP_BIT.saturating_add(product.checked_div(u128::from(term)).unwrap_or(0));
		}
		// 32 bits are left of a 128-bit number without its 96 fraction bits.
		let whole = (power >> LOG_BITS) as i32;
		Self { mantissa: sum, exponent: whole.saturating_sub(127) }
	}

	/// `self^power`, with `0⁰ = 1`.
	///
	/// The relative error, to either side, is below `(power + 2) · 2⁻⁹⁵` as long as the logarithm of
	/// the result is below 2³¹; above, the result saturates. Powers of two to an integer power, and
	/// `power = 1`, are exact.
	pub fn pow(self, power: FixedU128) -> Self {
		let raw = power.into_inner();
		if raw == 0 {
			return Self::ONE;
		}
		if raw == DECIMAL {
			return self;
		}
		let Some(log) = self.log2() else {
			return Self::ZERO;
		};
		let scaled = mul_div(log.unsigned_abs(), raw, DECIMAL, Rounding::Down)
			.and_then(|value| i128::try_from(value).ok())
			.unwrap_or(i128::MAX);
		Self::exp2(if log < 0 { scaled.saturating_neg() } else { scaled })
	}
}

#[cfg(test)]
#[path = "tests/number.rs"]
mod tests;

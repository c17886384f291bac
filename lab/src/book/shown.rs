//! A number as it is written in a text.

use anyhow::{bail, Result};
use std::ops::Range;

/// Units that are multiples of what the code counts in.
pub const UNITS: [(&str, f64); 8] = [
	("kB", 1e3),
	("MB", 1e6),
	("GB", 1e9),
	("TB", 1e12),
	("thousand", 1e3),
	("million", 1e6),
	("billion", 1e9),
	("percent", 0.01),
];

/// How a number is written, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
	/// Sign and digits.
	pub place: Range<usize>,
	/// Digits behind the point.
	digits: usize,
	/// Whether thousands are set apart, if it has any; unknown for a number that has none.
	apart: Option<bool>,
	/// The sign, if it has one.
	sign: Option<char>,
	/// What one stands for.
	unit: f64,
}

const SIGNS: [char; 3] = ['-', '−', '+'];

impl Shown {
	/// The number at the end of a text. A unit, `%` or `×` may stand behind it.
	pub fn before(text: &str, unit: Option<&str>) -> Result<Self> {
		let scale = unit.and_then(|unit| UNITS.iter().find(|(name, _)| *name == unit));
		let mut factor = scale.map_or(1.0, |(_, factor)| *factor);
		let mut rest = unstyled(text);
		if let Some(without) = unit.and_then(|unit| rest.strip_suffix(unit)) {
			rest = without.trim_end_matches([' ', '\u{a0}']);
		} else if let Some(without) = rest.strip_suffix('%') {
			rest = without.trim_end_matches([' ', '\u{a0}']);
			factor = 0.01;
		} else if let Some(without) = rest.strip_suffix(['×', 'x']) {
			rest = without.trim_end_matches([' ', '\u{a0}']);
		}
		let rest = unstyled(rest);
		let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
		let start = rest.trim_end_matches(is_part).len();
		let number = &rest[start..];
		let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
		if !is_number(whole, fraction) || number.ends_with('.') {
			bail!("there is no number before the comment");
		}
		let before = &rest[..start];
		// `3-5` is no negative number.
		let sign = before.chars().next_back().filter(|sign| SIGNS.contains(sign)).filter(|sign| {
			let earlier = before[..before.len() - sign.len_utf8()].chars().next_back();
			!earlier.is_some_and(char::is_alphanumeric)
		});
		let apart =
			if whole.contains(',') { Some(true) } else { (whole.len() > 3).then_some(false) };
		let from = start - sign.map_or(0, char::len_utf8);
		let digits = fraction.len();
		Ok(Self { place: from..start + number.len(), digits, apart, sign, unit: factor })
	}

	/// Another number, written in the same way and as precisely. Halves are rounded away from zero.
	pub fn with(&self, value: f64) -> String {
		let value = value / self.unit;
		let scale = 10f64.powi(self.digits as i32);
		// What lacks a half by less than floats can tell is one.
		let units = value.abs() * scale;
		let rounded = (units * (1.0 + 1e-12) + 0.5).floor();
		let text = format!("{rounded:0>width$.0}", width = self.digits + 1);
		let (whole, fraction) = text.split_at(text.len() - self.digits);
		let whole = match self.apart.unwrap_or(whole.len() > 3) {
			true => apart(whole),
			false => whole.into(),
		};
		let sign = match (value < 0.0 && rounded > 0.0, self.sign) {
			(true, Some('-')) => "-",
			(true, _) => "−",
			(false, Some('+')) => "+",
			(false, _) => "",
		};
		match fraction {
			"" => format!("{sign}{whole}"),
			fraction => format!("{sign}{whole}.{fraction}"),
		}
	}
}

/// Without the marks of bold, slanted and code text.
fn unstyled(text: &str) -> &str {
	text.trim_end_matches(['*', '_', '`'])
}

fn is_number(whole: &str, fraction: &str) -> bool {
	let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
	let mut groups = whole.split(',');
	let first = groups.next().unwrap_or_default();
	let grouped = !whole.contains(',') || first.len() <= 3;
	!first.is_empty()
		&& digits(first)
		&& grouped
		&& groups.all(|group| group.len() == 3 && digits(group))
		&& digits(fraction)
}

fn apart(whole: &str) -> String {
	let mut grouped = String::new();
	for (index, digit) in whole.chars().enumerate() {
		if index > 0 && (whole.len() - index).is_multiple_of(3) {
			grouped.push(',');
		}
		grouped.push(digit);
	}
	grouped
}

//! The chain's money, as people read and write it.

use anyhow::{bail, Result};
use capacity_protocol::Balance;
use serde_json::{Map, Value};

/// The name of the chain's money, and how many decimals one of it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
	pub symbol: String,
	pub decimals: u32,
}

/// Decimals that are shown.
const SHOWN: usize = 3;

/// Money without a name: amounts are in the smallest unit.
impl Default for Token {
	fn default() -> Self {
		Self { symbol: "units".into(), decimals: 0 }
	}
}

impl Token {
	/// What a node says about its chain. Without a name amounts are in the smallest unit.
	pub(crate) fn from_properties(properties: &Map<String, Value>) -> Self {
		// Chains with several kinds of money list them; the first pays the fees.
		let first = |name: &str| match properties.get(name) {
			Some(Value::Array(values)) => values.first().cloned(),
			other => other.cloned(),
		};
		let symbol = first("tokenSymbol").and_then(|symbol| symbol.as_str().map(str::to_owned));
		let decimals = first("tokenDecimals").and_then(|decimals| decimals.as_u64());
		match (symbol, decimals) {
			(Some(symbol), Some(decimals)) if decimals <= 30 => {
				Self { symbol, decimals: decimals as u32 }
			}
			_ => Self::default(),
		}
	}

	fn one(&self) -> Balance {
		10u128.pow(self.decimals)
	}

	/// An amount with three decimals and its name, `1,234.500 CAP`. More decimals where three would
	/// show nothing.
	pub fn show(&self, amount: Balance) -> String {
		let mut text = thousands(amount / self.one());
		let decimals = self.decimals as usize;
		if decimals > 0 {
			let fraction = format!("{:0decimals$}", amount % self.one());
			let mut shown = SHOWN.min(decimals);
			if amount < self.one() {
				let leading = fraction.len() - fraction.trim_start_matches('0').len();
				if amount > 0 && leading >= shown {
					shown = leading.saturating_add(SHOWN).min(decimals);
				}
			}
			text.push('.');
			text.push_str(&fraction[..shown]);
		}
		format!("{text} {}", self.symbol)
	}

	/// A difference, with its sign.
	pub fn show_change(&self, before: Balance, after: Balance) -> String {
		let sign = if after < before { '-' } else { '+' };
		format!("{sign}{}", self.show(after.abs_diff(before)))
	}

	/// The amount that `text` names: `12`, `1,000.5` or `0.25 CAP`.
	pub fn read(&self, text: &str) -> Result<Balance> {
		let decimals = self.decimals as usize;
		let number = text.trim();
		let number = number.strip_suffix(&self.symbol).unwrap_or(number).trim();
		let number = number.replace([',', '_'], "");
		let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
		let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
		if whole.is_empty() || !digits(whole) || !digits(fraction) {
			bail!("\"{text}\" is no amount: write it like 1000 or 12.5");
		}
		if fraction.len() > decimals {
			bail!("\"{text}\" has more than the {decimals} decimals of one {}", self.symbol);
		}
		let all = format!("{whole}{fraction:0<decimals$}");
		all.parse().or_else(|_| bail!("\"{text}\" is more money than can be counted"))
	}
}

/// A number with commas between its thousands.
pub fn thousands(number: u128) -> String {
	let digits = number.to_string();
	let mut text = String::new();
	for (index, digit) in digits.chars().enumerate() {
		if index > 0 && (digits.len() - index).is_multiple_of(3) {
			text.push(',');
		}
		text.push(digit);
	}
	text
}

#[cfg(test)]
mod tests {
	use super::*;

	fn cap() -> Token {
		Token { symbol: "CAP".into(), decimals: 12 }
	}

	#[test]
	fn amounts_are_shown_with_three_decimals() {
		let show = |amount| cap().show(amount);
		assert_eq!(show(400_000_000_000_000), "400.000 CAP");
		assert_eq!(show(1_234_567_800_000_000_000), "1,234,567.800 CAP");
		assert_eq!(show(0), "0.000 CAP");
	}

	#[test]
	fn small_amounts_show_what_they_are() {
		assert_eq!(cap().show(1_234_567_890), "0.001 CAP");
		assert_eq!(cap().show(123_456_789), "0.000123 CAP");
		assert_eq!(cap().show(1), "0.000000000001 CAP");
	}

	#[test]
	fn differences_have_a_sign() {
		let one = cap().one();
		assert_eq!(cap().show_change(3 * one, one), "-2.000 CAP");
		assert_eq!(cap().show_change(one, 3 * one), "+2.000 CAP");
	}

	#[test]
	fn what_is_read_is_what_was_written() {
		assert_eq!(cap().read("400").unwrap(), 400 * cap().one());
		assert_eq!(cap().read("1,000.5 CAP").unwrap(), 1_000_500_000_000_000);
		assert_eq!(cap().read("0.000000000001").unwrap(), 1);
	}

	#[test]
	fn what_is_no_amount_is_refused_in_words() {
		let refused = |text: &str| cap().read(text).unwrap_err().to_string();
		assert!(refused("many").contains("is no amount"));
		assert!(refused("-1").contains("is no amount"));
		assert!(refused(".5").contains("is no amount"));
		assert!(refused("0.0000000000001").contains("12 decimals"));
		assert!(refused(&"9".repeat(40)).contains("more money"));
	}

	#[test]
	fn a_chain_without_a_name_for_its_money_counts_units() {
		let token = Token::from_properties(&Map::new());
		assert_eq!(token.show(1_500), "1,500 units");
		assert_eq!(token.read("1500").unwrap(), 1_500);
	}

	#[test]
	fn properties_may_be_lists() {
		let properties = serde_json::json!({"tokenSymbol": ["CAP"], "tokenDecimals": [12]});
		assert_eq!(Token::from_properties(properties.as_object().unwrap()), cap());
	}
}

//! What both acts of the demonstration end with.

use crate::{text::exact, Books};
use capacity_oracle_client::Token;
use capacity_protocol::Balance;

/// Prints what an act is about.
pub fn title(text: &str) {
	println!("\n{text}\n{}\n", "═".repeat(text.chars().count()));
}

/// Where all money is.
pub fn money(books: &Books, genesis: Balance, now: Balance, token: &Token) -> String {
	let mut text = format!("Money: {} {} at first", exact(genesis, token), token.symbol);
	let mut add = |amount: Balance, sign: char, what: &str| {
		if amount > 0 {
			text += &format!(" {sign} {} {what}", exact(amount, token));
		}
	};
	add(books.minted, '+', "minted");
	add(books.fees, '−', "of fees, which are burnt");
	add(books.burnt.saturating_sub(books.fees), '−', "burnt otherwise");
	text + &format!(" = {} now.", exact(now, token))
}

/// Whether it came out as it should.
pub fn verdict(objections: &[String]) -> String {
	match objections {
		[] => "Honesty paid, lying did not, and every unit of money is accounted for.".into(),
		_ => format!("This is not as it should be:\n- {}", objections.join("\n- ")),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const CAP: Balance = 1_000_000_000_000;

	#[test]
	fn money_is_shown_to_the_last_unit() {
		let mut books = Books::default();
		(books.burnt, books.fees) = (7, 7);
		let cap = Token { symbol: "CAP".into(), decimals: 12 };
		assert_eq!(
			money(&books, CAP, CAP - 7, &cap),
			"Money: 1.000000000000 CAP at first − 0.000000000007 of fees, which are burnt = \
			 0.999999999993 now."
		);
	}

	#[test]
	fn a_verdict_names_every_objection() {
		assert!(verdict(&[]).starts_with("Honesty paid"));
		let said = verdict(&["one".into(), "two".into()]);
		assert_eq!(said, "This is not as it should be:\n- one\n- two");
	}
}

//! What the audits have shown.

use super::Actor;
use crate::{
	text::{self, signed, thousands},
	Standing,
};
use anyhow::Result;
use capacity_oracle_client::Token;
use capacity_protocol::{OracleReport, SessionIndex, Units};

/// A supplier, and how it stands in the end.
type End<'a> = (&'a Actor, Standing);

const HEAD: [&str; 9] =
	["supplier", "strategy", "bid", "drawn", "delivered", "paid", "slashed", "stake left", "gain"];

pub fn table(ends: &[End], token: &Token) -> String {
	let row = |(actor, standing): &End| {
		let entry = &standing.entry;
		vec![
			actor.plan.path(),
			actor.strategy.to_owned(),
			thousands(entry.bid),
			thousands(entry.drawn),
			format!("{} of {}", thousands(entry.delivered), thousands(entry.allocated)),
			token.show(entry.paid),
			token.show(entry.slashed),
			token.show(standing.stake),
			signed(standing.gain, token),
		]
	};
	text::table(&HEAD, &ends.iter().map(row).collect::<Vec<_>>())
}

/// What the oracle said about the three, beside what is true.
pub fn capacity(complete: Option<&(SessionIndex, OracleReport)>, truth: Units) -> String {
	let Some((session, report)) = complete else {
		return "No session was settled while all were in the draws.".into();
	};
	format!(
		"When session {session} was settled, the last with all of them in the draws: {}. The truth was {}.",
		text::capacity(report),
		thousands(truth)
	)
}

/// Why the demonstration has not shown what it should, if so.
pub fn objections(ends: &[End], books: Result<()>) -> Vec<String> {
	let mut objections = Vec::new();
	for (actor, standing) in ends {
		let name = actor.plan.path();
		match actor.honest {
			_ if standing.entry.drawn == 0 => objections.push(format!("{name} was never audited")),
			true if standing.entry.slashed > 0 => {
				objections.push(format!("{name} is honest, and was slashed"));
			}
			true if standing.gain <= 0 => {
				objections.push(format!("{name} is honest, and gained nothing"));
			}
			false if standing.gain >= 0 => {
				objections.push(format!("{name} lied, and lost nothing"))
			}
			_ => {}
		}
	}
	if let Err(error) = books {
		objections.push(format!("the books do not balance: {error:#}"));
	}
	objections
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{Entry, Plan};
	use capacity_protocol::Balance;

	const CAP: Balance = 1_000_000_000_000;

	fn cap() -> Token {
		Token { symbol: "CAP".into(), decimals: 12 }
	}

	fn honest() -> Actor {
		Actor { plan: Plan::honest("Bob", 2_000), honest: true, strategy: "delivers all of it" }
	}

	fn silent() -> Actor {
		Actor {
			plan: Plan::liar("Dave", 1_000, "silent"),
			honest: false,
			strategy: "delivers nothing",
		}
	}

	fn standing(paid: Balance, slashed: Balance) -> Standing {
		let entry = Entry {
			bid: 2_000,
			drawn: 1,
			allocated: 2_000,
			delivered: if paid > 0 { 2_000 } else { 0 },
			paid,
			slashed,
			..Entry::default()
		};
		Standing { stake: 60 * CAP - slashed, deposit: 0, owned: 0, gain: entry.gain(), entry }
	}

	#[test]
	fn the_table_says_who_gained() {
		let (honest, silent) = (honest(), silent());
		let ends = [(&honest, standing(4 * CAP, 0)), (&silent, standing(0, 20 * CAP))];
		let text = table(&ends, &cap());
		let row = text.lines().nth(2).unwrap();
		assert!(row.starts_with("//Bob") && row.ends_with("+4.000 CAP"), "{text}");
		assert!(row.contains("2,000 of 2,000") && row.contains("60.000 CAP"), "{text}");
		assert!(text.lines().nth(3).unwrap().ends_with("-20.000 CAP"), "{text}");
	}

	#[test]
	fn honest_gain_and_lies_that_lose_are_as_they_should_be() {
		let (honest, silent) = (honest(), silent());
		let good = [(&honest, standing(4 * CAP, 0)), (&silent, standing(0, 20 * CAP))];
		assert!(objections(&good, Ok(())).is_empty());
		let bad = [(&honest, standing(4 * CAP, CAP)), (&silent, standing(4 * CAP, 0))];
		let found = objections(&bad, Err(anyhow::anyhow!("one is missing")));
		assert_eq!(
			found,
			[
				"//Bob is honest, and was slashed",
				"//Dave lied, and lost nothing",
				"the books do not balance: one is missing"
			]
		);
	}

	#[test]
	fn who_was_never_audited_shows_nothing() {
		let honest = honest();
		let mut never = standing(0, 0);
		never.entry.drawn = 0;
		assert_eq!(objections(&[(&honest, never)], Ok(())), ["//Bob was never audited"]);
	}
}

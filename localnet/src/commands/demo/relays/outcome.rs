//! What the relays have shown.

use super::{watch::Served, Actor};
use crate::{
	books::Pot,
	text::{self, signed, thousands},
	Loaded, Standing,
};
use anyhow::Result;
use capacity_oracle_client::Token;
use capacity_protocol::{Balance, RelayTerms, Units};

/// A supplier, how it stands in the end, and what it served.
pub struct End<'a> {
	pub actor: &'a Actor,
	pub standing: Standing,
	pub served: Served,
}

const HEAD: [&str; 11] = [
	"supplier",
	"strategy",
	"served",
	"claimed",
	"claims",
	"to prove",
	"proven",
	"paid",
	"forfeited",
	"slashed",
	"gain",
];

pub fn table(ends: &[End], token: &Token) -> String {
	let row = |End { actor, standing, served }: &End| {
		let relays = &standing.entry.relays;
		vec![
			actor.plan.path(),
			actor.strategy.to_owned(),
			thousands(served.units),
			thousands(relays.claimed),
			thousands(relays.claims),
			thousands(relays.required),
			thousands(relays.proven),
			token.show(relays.paid),
			token.show(relays.forfeited),
			token.show(relays.slashed),
			signed(standing.gain, token),
		]
	};
	text::table(&HEAD, &ends.iter().map(row).collect::<Vec<_>>())
}

/// What the application asked for, got and paid.
pub fn application(
	name: &str,
	standing: &Standing,
	sent: &Loaded,
	ends: &[End],
	token: &Token,
) -> String {
	let answered: Units = ends.iter().map(|end| end.served.units).sum();
	format!(
		"//{name} sent {} requests, {} were answered: {} units. It has paid {}; {} of its deposit are left.",
		thousands(sent.answered + sent.unanswered),
		thousands(sent.answered),
		thousands(answered),
		token.show(standing.entry.deposits.charged),
		token.show(standing.deposit)
	)
}

/// Who got what of the payments.
pub fn shares(owner: &str, pot: &Pot, token: &Token) -> String {
	format!(
		"Of all that applications paid, suppliers got {}, the service's owner //{owner} {} and the pot {}.",
		token.show(pot.earned),
		token.show(pot.to_owner()),
		token.show(pot.kept())
	)
}

/// Why the demonstration has not shown what it should, if so.
pub fn objections(
	ends: &[End],
	application: &Standing,
	terms: &RelayTerms,
	books: Result<()>,
) -> Vec<String> {
	let mut objections: Vec<_> = ends.iter().flat_map(|end| about(end, terms)).collect();
	let paid: Balance = ends.iter().map(|end| end.standing.entry.relays.paid).sum();
	// Those that suppliers have themselves among them.
	let own = ends.iter().map(|end| end.standing.entry.deposits.charged).sum::<Balance>();
	let charged = application.entry.deposits.charged.saturating_add(own);
	if charged != paid {
		objections.push(format!("applications paid {charged}, but suppliers were paid {paid}"));
	}
	if ends.iter().any(|end| end.actor.dilutes && end.standing.entry.deposits.charged == 0) {
		objections.push("whoever dilutes did not list an application of its own".into());
	}
	if let Err(error) = books {
		objections.push(format!("the books do not balance: {error:#}"));
	}
	objections
}

fn about(end: &End, terms: &RelayTerms) -> Vec<String> {
	let (name, standing, served) = (end.actor.plan.path(), &end.standing, &end.served);
	let relays = &standing.entry.relays;
	let checks = match end.actor.honest {
		true => vec![
			(
				!(served.units..=served.at_most).contains(&relays.claimed),
				format!("served {} units, and claimed {}", served.units, relays.claimed),
			),
			(relays.paid != terms.worth(relays.claimed), "was not paid all that it claimed".into()),
			(relays.slashed > 0, "is honest, and was slashed".into()),
			(standing.gain <= 0, "is honest, and gained nothing".into()),
		],
		false => vec![
			(relays.claimed <= served.at_most, "was to lie, and claimed what it served".into()),
			(relays.slashed == 0, "lied, and was never caught".into()),
			(standing.gain >= 0, "lied, and lost nothing".into()),
		],
	};
	let wrong = checks.into_iter().filter(|(wrong, _)| *wrong);
	wrong.map(|(_, what)| format!("{name} {what}")).collect()
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{Deposits, Entry, Plan};
	use capacity_protocol::{Confidence, PenaltyBasis, PriceList, RelayRecord};
	use sp_arithmetic::Perquintill;

	const CAP: Balance = 1_000_000_000_000;

	fn cap() -> Token {
		Token { symbol: "CAP".into(), decimals: 12 }
	}

	fn terms() -> RelayTerms {
		RelayTerms {
			suppliers: 2,
			price: CAP / 100,
			prices: PriceList::flat(1),
			owner_share: Perquintill::from_percent(10),
			pot_share: Perquintill::from_percent(5),
			threshold: 40 * CAP,
			adapt_threshold: false,
			probability: Perquintill::from_percent(50),
			wanted_proofs: None,
			penalty: PenaltyBasis::Worth,
			confidence: Confidence::Mean,
			credit_relays: false,
			minimum_deposit: CAP,
		}
	}

	fn honest() -> Actor {
		let plan = Plan::honest("Bob", 1);
		Actor { plan, honest: true, dilutes: false, strategy: "claims what it served" }
	}

	fn liar() -> Actor {
		let plan = Plan::liar("Charlie", 1, "pads=2.0");
		Actor { plan, honest: false, dilutes: false, strategy: "claims twice what it served" }
	}

	fn diluting() -> Actor {
		let plan = Plan::liar("Dave", 1, "dilutes=2.0");
		Actor { plan, honest: false, dilutes: true, strategy: "hides lies among its own" }
	}

	fn standing(entry: Entry) -> Standing {
		Standing { stake: 0, deposit: 1_990 * CAP, owned: 0, gain: entry.gain(), entry }
	}

	fn end(actor: &Actor) -> End<'_> {
		let served = Served { units: 1_000, at_most: 1_000 };
		let relays = RelayRecord { claims: 2, required: 1, claimed: 1_000, ..Default::default() };
		let entry = match actor.honest {
			true => Entry {
				relays: RelayRecord { proven: 1, settled: 1_000, paid: 10 * CAP, ..relays },
				earned: 8 * CAP,
				..Entry::default()
			},
			false => Entry {
				relays: RelayRecord {
					claimed: 2_000,
					forfeited: 20 * CAP,
					slashed: 80 * CAP,
					..relays
				},
				..Entry::default()
			},
		};
		End { actor, standing: standing(entry), served }
	}

	fn application_after(charged: Balance) -> Standing {
		let deposits = Deposits { deposited: 2_000 * CAP, charged, ..Deposits::default() };
		standing(Entry { deposits, ..Entry::default() })
	}

	#[test]
	fn the_table_says_who_claimed_what_it_served() {
		let (honest, liar) = (honest(), liar());
		let text = table(&[end(&honest), end(&liar)], &cap());
		let row = |index| -> Vec<_> {
			let cells = text.lines().nth(index).unwrap().split("  ").map(str::trim);
			cells.filter(|cell| !cell.is_empty()).collect()
		};
		assert_eq!(row(2)[2..7], ["1,000", "1,000", "2", "1", "1"]);
		assert_eq!(row(3)[2..7], ["1,000", "2,000", "2", "1", "0"]);
		assert!(text.lines().nth(2).unwrap().ends_with("+8.000 CAP"), "{text}");
		assert!(text.lines().nth(3).unwrap().ends_with("-80.000 CAP"), "{text}");
	}

	#[test]
	fn the_application_sees_what_it_asked_for_and_what_it_paid() {
		let (honest, liar) = (honest(), liar());
		let sent = Loaded { answered: 900, unanswered: 1, ..Loaded::default() };
		let ends = [end(&honest), end(&liar)];
		assert_eq!(
			application("Ferdie", &application_after(10 * CAP), &sent, &ends, &cap()),
			"//Ferdie sent 901 requests, 900 were answered: 2,000 units. It has paid 10.000 CAP; \
			 1,990.000 CAP of its deposit are left."
		);
	}

	#[test]
	fn honest_pay_and_lies_that_are_caught_are_as_they_should_be() {
		let (honest, liar) = (honest(), liar());
		let found =
			|ends: &[End], charged| objections(ends, &application_after(charged), &terms(), Ok(()));
		assert!(found(&[end(&honest), end(&liar)], 10 * CAP).is_empty());
		let short = "applications paid 1, but suppliers were paid 10000000000000";
		assert_eq!(found(&[end(&honest)], 1), [short]);

		let mut bad = end(&honest);
		bad.served.units = 999;
		assert!(found(&[bad], 10 * CAP).is_empty(), "one may have been served without an answer");
		let mut bad = end(&honest);
		bad.served = Served { units: 999, at_most: 999 };
		bad.standing.entry.relays.slashed = 1;
		bad.standing.gain = 0;
		assert_eq!(
			found(&[bad], 10 * CAP),
			[
				"//Bob served 999 units, and claimed 1000",
				"//Bob is honest, and was slashed",
				"//Bob is honest, and gained nothing"
			]
		);
		let mut lucky = end(&liar);
		lucky.standing = standing(Entry {
			relays: RelayRecord { claimed: 1_000, ..RelayRecord::default() },
			..Entry::default()
		});
		assert_eq!(
			found(&[lucky], 0),
			[
				"//Charlie was to lie, and claimed what it served",
				"//Charlie lied, and was never caught",
				"//Charlie lied, and lost nothing"
			]
		);
	}

	#[test]
	fn whoever_dilutes_pays_a_part_of_it_itself() {
		let (honest, diluting) = (honest(), diluting());
		let mut diluted = end(&diluting);
		let found =
			|ends: &[End], charged| objections(ends, &application_after(charged), &terms(), Ok(()));
		assert_eq!(
			found(&[end(&honest), end(&diluting)], 10 * CAP),
			["whoever dilutes did not list an application of its own"]
		);
		diluted.standing.entry.deposits.charged = CAP;
		diluted.standing.entry.relays.paid = CAP;
		assert!(found(&[end(&honest), diluted], 10 * CAP).is_empty());
	}

	#[test]
	fn books_that_do_not_balance_are_named() {
		let found = objections(
			&[],
			&application_after(0),
			&terms(),
			Err(anyhow::anyhow!("one is missing")),
		);
		assert_eq!(found, ["the books do not balance: one is missing"]);
	}
}

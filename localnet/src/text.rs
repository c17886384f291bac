//! Numbers, sentences and tables, as people read them.

use capacity_oracle_client::Token;
use capacity_protocol::{Balance, OracleReport, RelayRecord, SessionIndex, SessionRecord};
use sp_arithmetic::Perquintill;

/// A number with commas between its thousands.
pub fn thousands(number: impl Into<u128>) -> String {
	let digits = number.into().to_string();
	let mut text = String::new();
	for (index, digit) in digits.chars().enumerate() {
		if index > 0 && (digits.len() - index) % 3 == 0 {
			text.push(',');
		}
		text.push(digit);
	}
	text
}

/// A number of things: `1 audit`, `2 audits`, `no audits`.
pub fn count(number: u32, thing: &str) -> String {
	match number {
		0 => format!("no {thing}s"),
		1 => format!("1 {thing}"),
		_ => format!("{} {thing}s", thousands(number)),
	}
}

/// A share, in percent.
pub fn percent(share: Perquintill) -> String {
	let tenths = (share.deconstruct() as f64 / 1e15).round() / 10.0;
	format!("{tenths} %")
}

/// An amount with all its decimals and without a name.
pub fn exact(amount: Balance, token: &Token) -> String {
	let one = 10u128.pow(token.decimals);
	let decimals = token.decimals as usize;
	match decimals {
		0 => thousands(amount),
		_ => format!("{}.{:0decimals$}", thousands(amount / one), amount % one),
	}
}

/// An amount with its sign.
pub fn signed(amount: i128, token: &Token) -> String {
	match amount < 0 {
		true => token.show_change(amount.unsigned_abs(), 0),
		false => token.show_change(0, amount.unsigned_abs()),
	}
}

/// What the oracle concludes: reported, verified, and at least how much.
pub fn capacity(report: &OracleReport) -> String {
	let reported = format!("capacity {} reported", thousands(report.capacity_reported));
	match report.allocated {
		0 => format!("{reported}, none verified yet"),
		_ => format!(
			"{reported}, {} verified (≥ {})",
			thousands(report.capacity_verified),
			thousands(report.capacity_verified_low)
		),
	}
}

/// One line about a session that is settled.
pub fn session_line(session: SessionIndex, report: &OracleReport, token: &Token) -> String {
	let record = report.history.iter().rev().find(|record| record.session == session);
	let Some(record) = record else {
		return format!("session {session} | no audits");
	};
	let start = format!(
		"session {session} | {} | {}",
		count(record.suppliers, "supplier"),
		capacity(report)
	);
	let line = format!("{start} | {}", audits(record, token));
	match record.relays.claims {
		0 => line,
		_ => format!("{line} | {}", relays(&record.relays, token)),
	}
}

/// What became of the claims from applications.
pub fn relays(record: &RelayRecord, token: &Token) -> String {
	let claims = format!("{}: {} units", count(record.claims, "claim"), thousands(record.claimed));
	let proofs = match record.required {
		0 => "no proof asked for".into(),
		required => format!("{} of {} given", record.proven, count(required, "proof")),
	};
	format!(
		"{claims}, {proofs} | paid {} | slashed {}",
		amount(record.paid, token),
		amount(record.slashed, token)
	)
}

fn amount(amount: Balance, token: &Token) -> String {
	match amount {
		0 => "0".into(),
		amount => token.show(amount),
	}
}

fn audits(record: &SessionRecord, token: &Token) -> String {
	if record.void {
		return "void: no seed could be had, nobody is paid and nobody slashed".into();
	}
	if record.rate.is_zero() {
		return "no audits".into();
	}
	if record.audits == 0 {
		return "nobody drawn".into();
	}
	format!(
		"{}: {} of {} units delivered | paid {} | slashed {}",
		count(record.audits, "audit"),
		thousands(record.delivered),
		thousands(record.allocated),
		amount(record.paid, token),
		amount(record.slashed, token)
	)
}

/// Rows below a head; every column as wide as it must be, words to the left and numbers to the right.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
	let width = |text: &str| text.chars().count();
	let widths: Vec<usize> = (0..head.len())
		.map(|column| {
			let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell));
			cells.chain([width(head[column])]).max().unwrap_or(0)
		})
		.collect();
	let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c));
	let numbers: Vec<bool> = (0..head.len())
		.map(|column| rows.iter().filter_map(|row| row.get(column)).all(|cell| is_number(cell)))
		.collect();
	let line = |cells: &[&str]| {
		let padded = cells.iter().zip(widths.iter().zip(&numbers)).map(|(cell, (wide, number))| {
			let space = " ".repeat(wide.saturating_sub(width(cell)));
			if *number {
				space + cell
			} else {
				cell.to_string() + &space
			}
		});
		padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
	};
	let rule: Vec<String> = widths.iter().map(|wide| "─".repeat(*wide)).collect();
	let mut text = line(head);
	text += &line(&rule.iter().map(String::as_str).collect::<Vec<_>>());
	for row in rows {
		text += &line(&row.iter().map(String::as_str).collect::<Vec<_>>());
	}
	text
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_protocol::Fund;

	fn cap() -> Token {
		Token { symbol: "CAP".into(), decimals: 12 }
	}

	#[test]
	fn numbers_have_commas_and_things_are_counted() {
		assert_eq!(thousands(1_234_567u64), "1,234,567");
		assert_eq!(thousands(999u32), "999");
		assert_eq!(count(0, "audit"), "no audits");
		assert_eq!(count(1, "audit"), "1 audit");
		assert_eq!(count(1_000, "audit"), "1,000 audits");
	}

	#[test]
	fn shares_are_percentages() {
		assert_eq!(percent(Perquintill::from_percent(20)), "20 %");
		assert_eq!(percent(Perquintill::from_rational(1_114u64, 10_000)), "11.1 %");
	}

	#[test]
	fn exact_amounts_lose_nothing() {
		assert_eq!(exact(1_234_000_000_000_007, &cap()), "1,234.000000000007");
		assert_eq!(exact(5, &Token { symbol: "units".into(), decimals: 0 }), "5");
		assert_eq!(
			cap().read(&exact(1_234_000_000_000_007, &cap())).unwrap(),
			1_234_000_000_000_007
		);
	}

	#[test]
	fn gains_have_a_sign() {
		assert_eq!(signed(-1_500_000_000_000, &cap()), "-1.500 CAP");
		assert_eq!(signed(2_000_000_000_000, &cap()), "+2.000 CAP");
	}

	fn report(record: SessionRecord) -> OracleReport {
		OracleReport {
			service: 0,
			capacity_reported: 10_000,
			suppliers: 1,
			audits: 1,
			fulfilled: 1,
			allocated: record.allocated,
			delivered: record.delivered,
			paid: 0,
			slashed: 0,
			relays: record.relays,
			fund: Fund::default(),
			capacity_audited: 10_000,
			capacity_verified: 10_000,
			capacity_verified_low: 8_200,
			history: vec![record],
		}
	}

	const NO_RELAYS: RelayRecord = RelayRecord {
		claims: 0,
		required: 0,
		proven: 0,
		drawn: 0,
		claimed: 0,
		settled: 0,
		paid: 0,
		forfeited: 0,
		slashed: 0,
	};

	const RECORD: SessionRecord = SessionRecord {
		session: 7,
		suppliers: 1,
		capacity: 10_000,
		rate: Perquintill::from_percent(20),
		truthful: true,
		audits: 1,
		fulfilled: 1,
		allocated: 10_000,
		squares: 100_000_000,
		delivered: 10_000,
		paid: 20_000_000_000_000,
		slashed: 0,
		void: false,
		relays: NO_RELAYS,
	};

	#[test]
	fn a_session_reads_as_a_line() {
		assert_eq!(
			session_line(7, &report(RECORD), &cap()),
			"session 7 | 1 supplier | capacity 10,000 reported, 10,000 verified (≥ 8,200) | 1 audit: \
			 10,000 of 10,000 units delivered | paid 20.000 CAP | slashed 0"
		);
	}

	#[test]
	fn relays_are_told_beside_the_audits() {
		let record = RelayRecord {
			claims: 2,
			required: 1,
			claimed: 3_500,
			paid: 5_000_000_000_000,
			slashed: 40_000_000_000_000,
			..NO_RELAYS
		};
		let said =
			"2 claims: 3,500 units, 0 of 1 proof given | paid 5.000 CAP | slashed 40.000 CAP";
		assert_eq!(relays(&record, &cap()), said);
		let line = session_line(7, &report(SessionRecord { relays: record, ..RECORD }), &cap());
		assert!(line.ends_with(&format!("| paid 20.000 CAP | slashed 0 | {said}")), "{line}");
		let unasked = RelayRecord { claims: 1, claimed: 5, ..NO_RELAYS };
		let said = "1 claim: 5 units, no proof asked for | paid 0 | slashed 0";
		assert_eq!(relays(&unasked, &cap()), said);
	}

	#[test]
	fn sessions_without_audits_say_so() {
		let none = SessionRecord { audits: 0, allocated: 0, delivered: 0, paid: 0, ..RECORD };
		assert_eq!(
			session_line(7, &report(none), &cap()),
			"session 7 | 1 supplier | capacity 10,000 reported, none verified yet | nobody drawn"
		);
		let unfunded = SessionRecord { rate: Perquintill::zero(), ..none };
		assert!(session_line(7, &report(unfunded), &cap()).ends_with("| no audits"));
		let void = SessionRecord { void: true, ..RECORD };
		assert!(session_line(7, &report(void), &cap()).contains("| void: "));
		assert_eq!(session_line(6, &report(RECORD), &cap()), "session 6 | no audits");
	}

	#[test]
	fn columns_line_up() {
		let rows = [
			vec!["Bob".into(), "honest".into(), "2,000".into(), "+24.000 CAP".into()],
			vec!["Dave".into(), "silent".into(), "900".into(), "-5.000 CAP".into()],
		];
		assert_eq!(
			table(&["supplier", "strategy", "bid", "gain"], &rows),
			"supplier  strategy    bid         gain\n\
			 ────────  ────────  ─────  ───────────\n\
			 Bob       honest    2,000  +24.000 CAP\n\
			 Dave      silent      900   -5.000 CAP\n"
		);
	}
}

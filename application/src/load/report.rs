//! Figures as people and programs want them.

use super::figures::{Figures, Supplier};
use crate::Counters;
use capacity_oracle_client::{
	short,
	table::{pairs, table},
	thousands, Token,
};
use capacity_protocol::{Balance, Units};
use hdrhistogram::Histogram;
use serde_json::{json, Value as Json};
use std::time::Duration;

/// Figures, how long it took, and what the relayer counted.
pub struct Measured {
	pub figures: Figures,
	pub took: Duration,
	pub counters: Counters,
}

impl Measured {
	fn units(&self) -> Units {
		self.figures.suppliers.values().map(|supplier| supplier.units).sum()
	}

	fn worth(&self) -> Balance {
		self.figures.suppliers.values().map(|supplier| supplier.worth).sum()
	}

	fn per_second(&self) -> f64 {
		match self.took.as_secs_f64() {
			seconds if seconds > 0.0 => self.figures.whole.len() as f64 / seconds,
			_ => 0.0,
		}
	}

	/// Requests that were answered.
	pub fn answered(&self) -> u64 {
		self.figures.whole.len()
	}

	/// For people.
	pub fn to_text(&self, token: &Token) -> String {
		let header = ["supplier", "answered", "failed", "p50", "p90", "p99", "max", "units"];
		let row = |name: String, answered: &Histogram<u64>, failed: u64, units: Units| {
			let latency = quantiles(answered).map(|micros| match answered.is_empty() {
				true => "-".to_owned(),
				false => milliseconds(micros),
			});
			let mut row = vec![name, thousands(answered.len().into()), thousands(failed.into())];
			row.extend(latency);
			row.push(thousands(units.into()));
			row
		};
		let Figures { whole, suppliers, unanswered, errors, first } = &self.figures;
		let mut rows: Vec<_> = suppliers
			.iter()
			.map(|(account, supplier)| {
				let name = short(&account.to_string());
				row(name, &supplier.latency, supplier.failed(), supplier.units)
			})
			.collect();
		let failed = suppliers.values().map(Supplier::failed).sum();
		rows.push(row("all requests".into(), whole, failed, self.units()));
		let spent =
			format!("{} units, {}", thousands(self.units().into()), token.show(self.worth()));
		let mut lines = vec![
			("took", format!("{:.1} s", self.took.as_secs_f64())),
			("relays per second", format!("{:.0}", self.per_second())),
			("spent", spent),
		];
		let count = |number: u64| thousands(number.into());
		if *unanswered > 0 {
			let why = first.as_deref().unwrap_or_default();
			lines.push(("without answer", format!("{}, first: {why}", count(*unanswered))));
		}
		for (account, supplier) in suppliers.iter().filter(|(_, supplier)| supplier.failed() > 0) {
			let kinds = supplier.failures.iter();
			let kinds = kinds.map(|(kind, number)| format!("{kind} {}", count(*number)));
			let kinds = kinds.collect::<Vec<_>>().join(", ");
			lines.push(("failed", format!("{}: {kinds}", short(&account.to_string()))));
		}
		if *errors > 0 {
			lines.push(("error answers", count(*errors)));
		}
		let Counters { compared, different, .. } = self.counters;
		if compared > 0 {
			let text = format!("{} of {} differ", count(different), count(compared));
			lines.push(("compared", text));
		}
		format!("{}\n{}", table(&header, &rows), pairs(&lines))
	}

	/// For programs.
	pub fn to_json(&self) -> Json {
		let latency = |histogram: &Histogram<u64>| {
			let [p50, p90, p99, max] = quantiles(histogram);
			json!({"p50_us": p50, "p90_us": p90, "p99_us": p99, "max_us": max})
		};
		let Figures { whole, suppliers, unanswered, errors, first } = &self.figures;
		let suppliers = suppliers.iter().map(|(account, supplier)| {
			json!({
				"supplier": account.to_string(),
				"answered": supplier.latency.len(),
				"failed": supplier.failed(),
				"failures": supplier.failures,
				"latency": latency(&supplier.latency),
				"units": supplier.units,
			})
		});
		json!({
			"answered": whole.len(),
			"unanswered": unanswered,
			"unanswered_why": first,
			"error_answers": errors,
			"seconds": self.took.as_secs_f64(),
			"relays_per_second": self.per_second(),
			"latency": latency(whole),
			"units": self.units(),
			"spent": self.worth().to_string(),
			"compared": self.counters.compared,
			"different": self.counters.different,
			"suppliers": suppliers.collect::<Vec<_>>(),
		})
	}
}

fn quantiles(histogram: &Histogram<u64>) -> [u64; 4] {
	let at = |quantile| histogram.value_at_quantile(quantile);
	[at(0.5), at(0.9), at(0.99), histogram.max()]
}

fn milliseconds(micros: u64) -> String {
	format!("{:.1} ms", micros as f64 / 1e3)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{Answer, Failed, Failure, Reason, Unanswered};
	use capacity_oracle_client::AccountId32;

	const A: AccountId32 = AccountId32([1; 32]);
	const B: AccountId32 = AccountId32([2; 32]);

	fn answer(supplier: AccountId32, millis: u64, failures: Vec<Failed>) -> Answer {
		Answer {
			body: "{\"id\":1,\"result\":1}".into(),
			supplier,
			session: 7,
			units: 10,
			worth: 50,
			took: Duration::from_millis(millis),
			failures,
		}
	}

	fn failed(supplier: AccountId32, failure: Failure) -> Failed {
		Failed { supplier, units: 10, worth: 50, failure }
	}

	fn measured() -> Measured {
		let mut figures = Figures::new().unwrap();
		let lost = failed(A, Failure::Lost("silence".into()));
		let away = failed(B, Failure::Unreachable("refused".into()));
		for millis in 1..=9 {
			figures.add(Ok(answer(A, millis, vec![])), Duration::from_millis(millis));
		}
		figures.add(Ok(answer(B, 3, vec![lost.clone()])), Duration::from_millis(50));
		let error =
			Answer { body: "{\"id\":1,\"error\":{\"code\":1}}".into(), ..answer(B, 3, vec![]) };
		figures.add(Ok(error), Duration::from_millis(3));
		let unanswered = Unanswered { reason: Reason::NoAnswer, failures: vec![away, lost] };
		figures.add(Err(unanswered), Duration::from_millis(60));
		Measured { figures, took: Duration::from_secs(2), counters: Counters::default() }
	}

	#[test]
	fn what_may_have_been_served_is_counted_as_spent() {
		let said = measured().to_json();
		// Nine answers of A and two lost; two answers of B, which was not reached once.
		assert_eq!(said["units"], 9 * 10 + 2 * 10 + 2 * 10);
		assert_eq!(said["spent"], "650");
		assert_eq!(said["suppliers"][0]["units"], 110);
		assert_eq!(said["suppliers"][1]["failures"], json!({"unreachable": 1}));
	}

	#[test]
	fn latencies_are_those_of_requests_and_of_suppliers() {
		let said = measured().to_json();
		assert_eq!((&said["answered"], &said["unanswered"]), (&json!(11), &json!(1)));
		assert_eq!(said["suppliers"][0]["latency"]["p50_us"], 5_000 + 3, "to three digits");
		assert!(said["latency"]["max_us"].as_u64().unwrap() >= 50_000, "with what failed before");
		assert_eq!(said["relays_per_second"], 5.5);
		assert_eq!(said["error_answers"], 1);
	}

	#[test]
	fn people_get_a_table() {
		let token = Token { symbol: "CAP".into(), decimals: 2 };
		let text = measured().to_text(&token);
		assert!(text.contains("all requests"), "{text}");
		assert!(text.contains("130 units, 6.50 CAP"), "{text}");
		assert!(text.contains("without answer     1, first: no supplier has answered"), "{text}");
		assert!(text.contains("unreachable 1") && text.contains("lost 2"), "{text}");
	}
}

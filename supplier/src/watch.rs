//! A line per session, for anybody.

use anyhow::{Context, Result};
use capacity_oracle_client::{journal::Journal, percent, thousands, Block, Chain, Event, Token};
use capacity_protocol::{OracleReport, ServiceId, SessionIndex};
use serde_json::json;
use std::collections::BTreeMap;

/// Says a line per session as it is settled. Ends only when the node has another chain.
pub async fn watch(chain: Chain, service: ServiceId, journal: Journal) -> Result<()> {
	let token = chain.token().await?;
	let known = chain.service(service).await?;
	known.with_context(|| format!("there is no service {service}: give another with --service"))?;
	let mut skipped = BTreeMap::new();
	let mut last = 0;
	let mut blocks = chain.best_blocks();
	loop {
		let block = blocks.next().await;
		if block.number < last {
			chain.check_genesis().await?;
		}
		last = block.number;
		if let Err(error) = look(&chain, service, block, &mut skipped, &journal, &token).await {
			journal.warn(format!("{error:#}; going on with the next block"));
		}
	}
}

async fn look(
	chain: &Chain,
	service: ServiceId,
	block: Block,
	skipped: &mut BTreeMap<SessionIndex, String>,
	journal: &Journal,
	token: &Token,
) -> Result<()> {
	let snapshot = chain.at(block.hash).await?;
	for event in snapshot.events().await? {
		if let Some((session, reason)) = skipped_session(&event, service) {
			skipped.insert(session, reason);
		}
		if !event.is_oracle("SessionSettled") {
			continue;
		}
		let Some(session) = event.session() else { continue };
		let reason = skipped.get(&session).cloned();
		skipped.retain(|other, _| *other > session);
		let report = snapshot.report(service).await?.context("the service is gone")?;
		say(&report, session, reason, journal, token);
	}
	Ok(())
}

/// The session that has no audits of this service, and why.
fn skipped_session(event: &Event, service: ServiceId) -> Option<(SessionIndex, String)> {
	let skipped = event.is_oracle("AuditsSkipped");
	let all = event.fields.get("service").is_some_and(|service| service.is_null());
	let ours = all || event.number("service") == Some(service.into());
	let reason = event.fields.get("reason")?.as_str()?;
	(skipped && ours)
		.then_some((event.session()?, capacity_oracle_client::skipped(reason).to_owned()))
}

fn say(
	report: &OracleReport,
	session: SessionIndex,
	reason: Option<String>,
	journal: &Journal,
	token: &Token,
) {
	let (text, fields) = line(report, session, reason, token);
	journal.say("session", Some(session), text, fields);
}

fn line(
	report: &OracleReport,
	session: SessionIndex,
	reason: Option<String>,
	token: &Token,
) -> (String, serde_json::Value) {
	let record = report.history.iter().rev().find(|record| record.session == session);
	let Some(record) = record else {
		let reason = reason.unwrap_or_else(|| "nobody bids".into());
		return (format!("no audits: {reason}"), json!({"audits": 0, "reason": reason}));
	};
	let outcome = match record.void {
		true => "void, no seed could be had".into(),
		false if record.rate.is_zero() => {
			format!("no audits: {}", reason.as_deref().unwrap_or("the policy asks for none"))
		}
		false => format!(
			"{} of {} audits delivered, paid {}, slashed {}",
			record.fulfilled,
			record.audits,
			token.show(record.paid),
			token.show(record.slashed)
		),
	};
	let relays = match record.relays.claims {
		0 => String::new(),
		claims => format!(
			"; {} units of relays in {} claims, {} of {} proofs given, paid {}, forfeited {}",
			thousands(record.relays.claimed.into()),
			thousands(claims.into()),
			record.relays.proven,
			record.relays.required,
			token.show(record.relays.paid),
			token.show(record.relays.forfeited)
		),
	};
	let rate = match record.truthful || record.rate.is_zero() {
		true => String::new(),
		false => format!(
			", audited with a probability of {}, with which truth is NOT best",
			percent(record.rate.deconstruct().into())
		),
	};
	let text = format!(
		"{} suppliers report {} units, {} are verified (at least {}); {outcome}{rate}{relays}",
		record.suppliers,
		thousands(record.capacity.into()),
		thousands(report.capacity_verified.into()),
		thousands(report.capacity_verified_low.into()),
	);
	let fields = json!({
		"suppliers": record.suppliers,
		"capacity_reported": record.capacity,
		"capacity_verified": report.capacity_verified,
		"capacity_verified_low": report.capacity_verified_low,
		"audit_rate": record.rate.deconstruct() as f64 / 1e18,
		"truthful": record.truthful,
		"audits": record.audits,
		"fulfilled": record.fulfilled,
		"allocated": record.allocated,
		"delivered": record.delivered,
		"paid": record.paid.to_string(),
		"slashed": record.slashed.to_string(),
		"void": record.void,
		"relays": {
			"claims": record.relays.claims,
			"required": record.relays.required,
			"proven": record.relays.proven,
			"drawn": record.relays.drawn,
			"claimed": record.relays.claimed,
			"settled": record.relays.settled,
			"paid": record.relays.paid.to_string(),
			"forfeited": record.relays.forfeited.to_string(),
			"slashed": record.relays.slashed.to_string(),
		},
	});
	(text, fields)
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_protocol::{Fund, RelayRecord, SessionRecord};
	use sp_arithmetic::Perquintill;

	fn report() -> OracleReport {
		OracleReport {
			service: 0,
			capacity_reported: 3_000,
			suppliers: 3,
			audits: 4,
			fulfilled: 3,
			allocated: 4_000,
			delivered: 3_000,
			paid: 0,
			slashed: 0,
			relays: RelayRecord::default(),
			fund: Fund::default(),
			capacity_audited: 3_000,
			capacity_verified: 2_250,
			capacity_verified_low: 1_100,
			history: vec![SessionRecord {
				session: 12,
				suppliers: 3,
				capacity: 3_000,
				rate: Perquintill::from_percent(20),
				truthful: true,
				audits: 2,
				fulfilled: 1,
				allocated: 2_000,
				squares: 2_000_000,
				delivered: 1_000,
				paid: 4_000,
				slashed: 9_000,
				void: false,
				relays: RelayRecord::default(),
			}],
		}
	}

	fn text(session: SessionIndex, reason: Option<&str>) -> String {
		text_of(&report(), session, reason)
	}

	fn text_of(report: &OracleReport, session: SessionIndex, reason: Option<&str>) -> String {
		let token = Token { symbol: "CAP".into(), decimals: 3 };
		line(report, session, reason.map(str::to_owned), &token).0
	}

	#[test]
	fn a_session_reads_as_a_line() {
		assert_eq!(
			text(12, None),
			"3 suppliers report 3,000 units, 2,250 are verified (at least 1,100); 1 of 2 audits \
			 delivered, paid 4.000 CAP, slashed 9.000 CAP"
		);
	}

	#[test]
	fn relays_are_told_after_the_audits() {
		let mut report = report();
		report.history[0].relays = RelayRecord {
			claims: 3,
			required: 2,
			proven: 1,
			drawn: 1,
			claimed: 5_000,
			settled: 4_000,
			paid: 12_000,
			forfeited: 3_000,
			slashed: 27_000,
		};
		let text = text_of(&report, 12, None);
		let relays = "; 5,000 units of relays in 3 claims, 1 of 2 proofs given, paid 12.000 CAP, \
		              forfeited 3.000 CAP";
		assert!(text.ends_with(relays), "{text}");
	}

	#[test]
	fn a_session_without_audits_says_why() {
		assert_eq!(text(13, Some("no seed could be had")), "no audits: no seed could be had");
		assert_eq!(text(13, None), "no audits: nobody bids");
		let mut report = report();
		report.history[0].rate = Perquintill::zero();
		let said = text_of(&report, 12, Some("the service has no money for them"));
		assert!(said.ends_with("; no audits: the service has no money for them"), "{said}");
		assert!(text_of(&report, 12, None).ends_with("; no audits: the policy asks for none"));
	}

	#[test]
	fn a_rate_with_which_truth_is_not_best_is_said() {
		let mut report = report();
		(report.history[0].rate, report.history[0].truthful) =
			(Perquintill::from_percent(2), false);
		let said = text_of(&report, 12, None);
		let rate = ", audited with a probability of 2.000 %, with which truth is NOT best";
		assert!(said.ends_with(rate), "{said}");
	}
}

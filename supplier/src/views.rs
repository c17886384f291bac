//! What the chain says about a supplier, and what the oracle reports, as tables.

use anyhow::{Context, Result};
use capacity_oracle_client::{
	table::{pairs, table},
	thousands, untruthful, AccountId32, Chain, Token,
};
use capacity_protocol::{
	Duty, PolicyVerdict, ProofStatus, RelayRecord, ServiceId, SessionRecord, Stage, StandardWork,
};

/// A supplier's bid, its stake and its duties.
pub async fn status(chain: &Chain, service: ServiceId, who: &AccountId32) -> Result<String> {
	let token = chain.token().await?;
	let best = chain.best().await?;
	let clock = best.clock().await?;
	best.service(service).await?.with_context(|| format!("there is no service {service}"))?;
	let account = best.account(who).await?;
	let units =
		|units: Option<u64>| units.map_or("out of the draws".into(), |u| thousands(u.into()));
	let mut rows = vec![
		("supplier", who.to_string()),
		("session", clock.session.to_string()),
		("tick", format!("{} (the session ends at {})", clock.tick, clock.session_ends)),
		("free", token.show(account.free)),
		("on hold", token.show(account.held)),
	];
	match best.stake(service, who).await? {
		None => rows.push(("bid", "none".into())),
		Some(status) => rows.extend([
			("answers at", best.endpoint(service, who).await?.unwrap_or_else(|| "nowhere".into())),
			("units bid now", units(status.units)),
			("units bid next", units(status.units_next)),
			("stake", token.show(status.stake)),
			("at risk", token.show(status.at_risk)),
			("least stake", token.show(status.minimum)),
			("withdrawable", token.show(status.withdrawable)),
		]),
	}
	let mut text = pairs(&rows);
	let duties = best.duties(service, who).await?;
	if duties.is_empty() {
		text.push_str("\nno duties\n");
		return Ok(text);
	}
	let rows: Vec<_> = duties.iter().map(|duty| duty_row(duty, &token)).collect();
	text.push('\n');
	text.push_str(&table(&DUTY, &rows));
	Ok(text)
}

const DUTY: [&str; 10] = [
	"session",
	"stage",
	"audit",
	"relays",
	"worth",
	"claimed",
	"proof",
	"until tick",
	"pays",
	"at risk",
];

fn duty_row(duty: &Duty<StandardWork>, token: &Token) -> Vec<String> {
	let (stage, until) = match duty.stage {
		Stage::Working => ("work", Some(duty.claims_close)),
		Stage::Claiming => ("claim", Some(duty.claims_close)),
		Stage::AwaitingSeed => ("await seed", None),
		Stage::Proving => ("prove", duty.proofs_close),
		Stage::Settling => ("settle", None),
	};
	let proof = match (duty.proven, duty.proof_required) {
		(true, _) => "given",
		(false, Some(true)) => "required",
		(false, Some(false)) => "not required",
		// Audits are always proven.
		(false, None) if duty.audit.is_some() => "will be",
		(false, None) => "not known",
	};
	let none = || "-".to_owned();
	let audit = duty.audit.as_ref();
	let relays = duty.relays.as_ref();
	let at_risk = audit.map_or(0, |audit| audit.at_risk);
	let at_risk = at_risk.saturating_add(relays.map_or(0, |relays| relays.at_risk));
	vec![
		duty.session.to_string(),
		stage.into(),
		audit.map_or_else(none, |audit| thousands(audit.task.units.into())),
		relays.map_or_else(none, |relays| thousands(relays.units.into())),
		relays.map_or_else(none, |relays| token.show(relays.worth)),
		duty.committed.map_or("no".into(), |root| thousands(root.sum.into())),
		proof.into(),
		until.map_or_else(none, |tick| tick.to_string()),
		audit.map_or_else(none, |audit| token.show(audit.payment)),
		token.show(at_risk),
	]
}

/// The oracle's report on a service.
pub async fn report(chain: &Chain, service: ServiceId) -> Result<String> {
	let token = chain.token().await?;
	let best = chain.best().await?;
	let report = best.report(service).await?;
	let report = report.with_context(|| format!("there is no service {service}"))?;
	let verdict = best.policy_verdict(service).await?.context("the service has no policy")?;
	let (_, pot, _) = best.pot().await?;
	let mut text = pairs(&[
		("service", service.to_string()),
		("suppliers", report.suppliers.to_string()),
		("capacity reported", thousands(report.capacity_reported.into())),
		("capacity audited", thousands(report.capacity_audited.into())),
		("capacity verified", thousands(report.capacity_verified.into())),
		("  at least (95 %)", thousands(report.capacity_verified_low.into())),
		("audits delivered", format!("{} of {}", report.fulfilled, report.audits)),
		(
			"units delivered",
			format!(
				"{} of {}",
				thousands(report.delivered.into()),
				thousands(report.allocated.into())
			),
		),
		("paid", token.show(report.paid)),
		("slashed", token.show(report.slashed)),
		("audit rate", percent(verdict.audit_rate)),
		("least rate for truth", verdict.least_rate.map_or("none would do".into(), percent)),
		("truth is best", truth(&verdict)),
		("money for audits", token.show(report.fund.total())),
		("  of that set aside", token.show(report.fund.set_aside)),
		("in the pot, of all services", token.show(pot)),
	]);
	if let Some(proofs) = best.proof_status(service).await? {
		text.push('\n');
		text.push_str(&pairs(&relay_rows(&report.relays, &proofs, &token)));
	}
	if report.history.is_empty() {
		text.push_str("\nno session has been audited and settled yet\n");
		return Ok(text);
	}
	let header = [
		"session",
		"suppliers",
		"capacity",
		"rate",
		"audits",
		"delivered",
		"units",
		"paid",
		"slashed",
		"relay units",
		"relays paid",
	];
	let rows: Vec<_> = report
		.history
		.iter()
		.map(|record| {
			vec![
				record.session.to_string(),
				record.suppliers.to_string(),
				thousands(record.capacity.into()),
				rate(record),
				record.audits.to_string(),
				if record.void { "void".into() } else { record.fulfilled.to_string() },
				format!("{}/{}", record.delivered, record.allocated),
				token.show(record.paid),
				token.show(record.slashed),
				format!("{}/{}", record.relays.settled, record.relays.claimed),
				token.show(record.relays.paid),
			]
		})
		.collect();
	text.push('\n');
	text.push_str(&table(&header, &rows));
	Ok(text)
}

/// Whether the policy makes truth best.
fn truth(verdict: &PolicyVerdict) -> String {
	match verdict.untruthful {
		None => "yes, for every bid that it admits".into(),
		Some(reason) => format!(
			"up to a capacity of {} units ({})",
			thousands(verdict.truthful_up_to.into()),
			untruthful(reason)
		),
	}
}

/// With which probability bids were audited in a session, marked where that does not make truth best.
fn rate(record: &SessionRecord) -> String {
	let rate = percent(record.rate);
	match record.truthful || record.rate.is_zero() {
		true => rate,
		false => format!("{rate} (!)"),
	}
}

/// What a service's relays came to, and which claims must be proven.
fn relay_rows(
	relays: &RelayRecord,
	proofs: &ProofStatus,
	token: &Token,
) -> Vec<(&'static str, String)> {
	vec![
		("relay claims", thousands(relays.claims.into())),
		("relay units paid", format!("{} of {}", relays.settled, relays.claimed)),
		("paid by applications", token.show(relays.paid)),
		("proofs given", format!("{} of {}", relays.proven, relays.required)),
		("forfeited", token.show(relays.forfeited)),
		("slashed for relays", token.show(relays.slashed)),
		("claims proven", percent(proofs.probability)),
		("  at least", percent(proofs.lowest_probability)),
		("  all worth", format!("{} or more", token.show(proofs.threshold))),
	]
}

fn percent(rate: sp_arithmetic::Perquintill) -> String {
	format!("{:.3} %", rate.deconstruct() as f64 / 1e16)
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_protocol::{AuditDuty, RelayDuty, Synthetic, Task};

	fn shown(duty: Duty<StandardWork>) -> String {
		let token = Token { symbol: "CAP".into(), decimals: 3 };
		duty_row(&duty, &token).join(" | ")
	}

	fn duty() -> Duty<StandardWork> {
		Duty {
			session: 5,
			audit: None,
			relays: Some(RelayDuty { units: 1_200, worth: 3_600, at_risk: 32_400, credit: 0 }),
			stage: Stage::Proving,
			claims_open: 60,
			claims_close: 70,
			committed: Some(sum_trie::Root { digest: [1; 32], sum: 1_200, count: 1_200 }),
			proof_required: Some(false),
			positions: vec![],
			proofs_close: Some(90),
			proven: false,
		}
	}

	#[test]
	fn relays_without_an_audit_are_a_duty() {
		assert_eq!(
			shown(duty()),
			"5 | prove | - | 1,200 | 3.600 CAP | 1,200 | not required | 90 | - | 32.400 CAP"
		);
		let proven = Duty { proven: true, proof_required: Some(true), ..duty() };
		assert!(shown(proven).contains("| given |"));
		let undecided = Duty { proof_required: None, stage: Stage::Claiming, ..duty() };
		assert!(shown(undecided).contains("| not known | 70 |"));
	}

	#[test]
	fn an_audit_and_its_relays_are_one_duty() {
		let audit = AuditDuty {
			work: Synthetic { steps: 3 }.into(),
			task: Task { seed: [7; 32], units: 400 },
			payment: 800_000,
			at_risk: 5_000_000,
		};
		let both = Duty { audit: Some(audit), proof_required: None, ..duty() };
		assert_eq!(
			shown(both),
			"5 | prove | 400 | 1,200 | 3.600 CAP | 1,200 | will be | 90 | 800.000 CAP | \
			 5,032.400 CAP"
		);
	}
}

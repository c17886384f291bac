//! What the chain says about a supplier, and what the oracle reports, as tables.

use anyhow::{Context, Result};
use capacity_oracle_client::{
	table::{pairs, table},
	thousands, AccountId32, Chain, Token,
};
use capacity_protocol::{Duty, ServiceId, Stage, StandardWork};

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
	let header =
		["session", "stage", "units", "committed", "proven", "until tick", "pays", "at risk"];
	let rows: Vec<_> = duties.iter().map(|duty| duty_row(duty, &token)).collect();
	text.push('\n');
	text.push_str(&table(&header, &rows));
	Ok(text)
}

fn duty_row(duty: &Duty<StandardWork>, token: &Token) -> Vec<String> {
	let (stage, until) = match duty.stage {
		Stage::Working => ("work", Some(duty.claims_close)),
		Stage::Claiming => ("claim", Some(duty.claims_close)),
		Stage::AwaitingSeed => ("await seed", None),
		Stage::Proving => ("prove", duty.proofs_close),
		Stage::Settling => ("settle", None),
	};
	vec![
		duty.session.to_string(),
		stage.into(),
		thousands(duty.task.units.into()),
		duty.committed.map_or("no".into(), |root| thousands(root.sum.into())),
		if duty.proven { "yes" } else { "no" }.into(),
		until.map_or("-".into(), |tick| tick.to_string()),
		token.show(duty.payment),
		token.show(duty.at_risk),
	]
}

/// The oracle's report on a service.
pub async fn report(chain: &Chain, service: ServiceId) -> Result<String> {
	let token = chain.token().await?;
	let best = chain.best().await?;
	let report = best.report(service).await?;
	let report = report.with_context(|| format!("there is no service {service}"))?;
	let verdict = best.policy_verdict(service).await?.context("the service has no policy")?;
	let (_, pot, set_aside) = best.pot().await?;
	let percent =
		|rate: sp_arithmetic::Perquintill| format!("{:.3} %", rate.deconstruct() as f64 / 1e16);
	let truthful = match verdict.truthful {
		true => "yes, for every bid that it admits".into(),
		false => format!("up to a capacity of {} units", thousands(verdict.truthful_up_to.into())),
	};
	let mut text = pairs(&[
		("service", service.to_string()),
		("suppliers", report.suppliers.to_string()),
		("capacity reported", thousands(report.capacity_reported.into())),
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
		("least rate for truth", percent(verdict.least_rate)),
		("truth is best", truthful),
		("in the pot", token.show(pot)),
		("  set aside", token.show(set_aside)),
	]);
	if report.history.is_empty() {
		text.push_str("\nno session has been audited and settled yet\n");
		return Ok(text);
	}
	let header =
		["session", "suppliers", "capacity", "audits", "delivered", "units", "paid", "slashed"];
	let rows: Vec<_> = report
		.history
		.iter()
		.map(|record| {
			vec![
				record.session.to_string(),
				record.suppliers.to_string(),
				thousands(record.capacity.into()),
				record.audits.to_string(),
				if record.void { "void".into() } else { record.fulfilled.to_string() },
				format!("{}/{}", record.delivered, record.allocated),
				token.show(record.paid),
				token.show(record.slashed),
			]
		})
		.collect();
	text.push('\n');
	text.push_str(&table(&header, &rows));
	Ok(text)
}

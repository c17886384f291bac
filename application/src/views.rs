//! What the chain says about an application, as tables.

use anyhow::{bail, Result};
use capacity_oracle_client::{
	table::{pairs, table},
	thousands, AccountId32, Chain, Snapshot, Token,
};
use capacity_protocol::{
	ApplicationIndex, ApplicationStatus, RelaySession, ServiceId, SessionIndex,
};

/// An application, its money, its keys, and who serves it.
pub async fn status(chain: &Chain, service: ServiceId, who: &AccountId32) -> Result<String> {
	let token = chain.token().await?;
	let best = chain.best().await?;
	let (index, application) = found(&best, service, who).await?;
	let clock = best.clock().await?;
	let account = best.account(who).await?;
	let money = |amount| token.show(amount);
	let until = |session: Option<SessionIndex>| {
		session.map_or(String::new(), |session| format!(", until session {session}"))
	};
	let mut text = pairs(&[
		("application", format!("{index} ({who})")),
		("session", clock.session.to_string()),
		("tick", format!("{} (the session ends at {})", clock.tick, clock.session_ends)),
		("served", format!("from session {}{}", application.from, until(application.until))),
		("free", money(account.free)),
		("deposit", money(application.deposit)),
		("  reserved for claims", money(application.reserved)),
		("paid so far", money(application.paid)),
		("limit in a session", money(application.limit)),
		("  from the next on", money(application.limit_next)),
	]);
	text.push('\n');
	text.push_str(&key_table(&application));
	text.push('\n');
	text.push_str(&session_text(&best, service, index, &token).await?);
	Ok(text)
}

/// An application's signing keys.
pub async fn keys(chain: &Chain, service: ServiceId, who: &AccountId32) -> Result<String> {
	let (_, application) = found(&chain.best().await?, service, who).await?;
	Ok(key_table(&application))
}

/// Who serves an application, and where.
pub async fn suppliers(chain: &Chain, service: ServiceId, who: &AccountId32) -> Result<String> {
	let token = chain.token().await?;
	let best = chain.best().await?;
	let (index, _) = found(&best, service, who).await?;
	session_text(&best, service, index, &token).await
}

async fn found(
	best: &Snapshot,
	service: ServiceId,
	who: &AccountId32,
) -> Result<(ApplicationIndex, ApplicationStatus<AccountId32>)> {
	if let Some(index) = best.application_index(service, who).await? {
		if let Some(application) = best.application(service, index).await? {
			return Ok((index, application));
		}
	}
	bail!("{who} is no application of service {service}: make it one with `application deposit`")
}

fn key_table(application: &ApplicationStatus<AccountId32>) -> String {
	if application.keys.is_empty() {
		return "no signing keys: add one with `application keys add`\n".into();
	}
	let rows: Vec<_> = application
		.keys
		.iter()
		.map(|key| {
			let until = key.until.map_or("-".into(), |until| until.to_string());
			let address = AccountId32(key.key).to_string();
			vec![key.number.to_string(), address, key.from.to_string(), until]
		})
		.collect();
	table(&["key", "signs as", "from session", "until"], &rows)
}

/// The session whose requests are served now.
async fn relay_session(best: &Snapshot, service: ServiceId) -> Result<Option<RelaySession>> {
	let now = best.clock().await?.session;
	if let Some(current) = best.relay_session(service, now).await? {
		return Ok(Some(current));
	}
	match now.checked_sub(1) {
		Some(before) => best.relay_session(service, before).await,
		None => Ok(None),
	}
}

async fn session_text(
	best: &Snapshot,
	service: ServiceId,
	index: ApplicationIndex,
	token: &Token,
) -> Result<String> {
	let Some(relays) = relay_session(best, service).await? else {
		return Ok("no session has a seed yet, so nobody serves anybody\n".into());
	};
	let (session, terms) = (relays.session, relays.terms);
	let payable = best.payable(service, session, index).await?;
	let assignments = best.assignments(service, session, index).await?;
	let money = |amount| token.show(amount);
	let weight = u64::from(terms.prices.usual);
	let mut rows = vec![
		("relays of session", session.to_string()),
		("a usual request", format!("{weight} units, {}", money(terms.worth(weight)))),
	];
	if let Some(payable) = payable {
		rows.extend([
			("can be paid", money(payable.total)),
			("  sure for each draw", money(payable.part)),
			("  claimed so far", money(payable.claimed)),
		]);
	}
	let mut text = pairs(&rows);
	text.push('\n');
	if assignments.is_empty() {
		text.push_str("no supplier in this session\n");
		return Ok(text);
	}
	let mut rows = Vec::new();
	for assignment in assignments {
		let seat = best.seat(service, session, &assignment.supplier).await?;
		let endpoint = String::from_utf8_lossy(&assignment.endpoint);
		let endpoint: String = endpoint.chars().filter(|letter| !letter.is_control()).collect();
		rows.push(vec![
			assignment.supplier.to_string(),
			assignment.ranks.count().to_string(),
			seat.map_or("-".into(), |seat| thousands(seat.units.into())),
			if endpoint.is_empty() { "does not say".into() } else { endpoint },
		]);
	}
	text.push_str(&table(&["supplier", "draws", "units bid", "answers at"], &rows));
	Ok(text)
}

//! The oracle's events, in words.

use super::{
	reason::{passed_over, skipped, suspended, unpaid},
	token::thousands,
	Event, Token, PALLET,
};
use serde_json::Value as Json;

/// What an event of the oracle says, as a sentence; none for other pallets' events.
pub fn describe(event: &Event, token: &Token) -> Option<String> {
	if event.pallet != PALLET {
		return None;
	}
	let number = |field: &str| event.number(field).map_or("?".into(), thousands);
	let money = |field: &str| event.number(field).map_or("?".into(), |amount| token.show(amount));
	let text = |field: &str| match event.fields.get(field) {
		Some(Json::String(text)) => text.clone(),
		Some(other) => other.to_string(),
		None => "?".into(),
	};
	let supplier = || event.supplier().map_or("?".into(), |supplier| short(&supplier.to_string()));
	let truthful = || match event.fields.get("truthful") {
		Some(Json::Bool(false)) => ", under which truth is NOT best for every bid that it admits",
		_ => "",
	};
	let share = |field: &str| event.number(field).map_or("?".into(), percent);
	let service = || text("service");
	let sentence = match event.name.as_str() {
		"ScheduleSet" => format!("a new schedule holds from session {}", text("from")),
		"ServiceCreated" => format!("service {} was created{}", service(), truthful()),
		"PolicySet" => {
			format!(
				"service {} has a new policy from session {}{}",
				service(),
				text("from"),
				truthful()
			)
		}
		"BidPlaced" => format!(
			"{} bids {} units from session {}, with a stake of {}",
			supplier(),
			number("units"),
			text("from"),
			money("stake")
		),
		"BidLeft" => format!("{} leaves the draws with session {}", supplier(), text("from")),
		"BidSuspended" => format!(
			"{} is suspended from session {}, with a stake of {}: {}",
			supplier(),
			text("from"),
			money("stake"),
			suspended(&text("reason"))
		),
		"StakeWithdrawn" => {
			format!("{} has withdrawn {} of its stake", supplier(), money("amount"))
		}
		"SessionStarted" => "started".into(),
		"AuditsSkipped" => format!("no audits: {}", skipped(&text("reason"))),
		"AuditAssigned" => format!("{} is audited for {} units", supplier(), number("units")),
		"AuditPassedOver" => {
			format!("{} was drawn but is not audited: {}", supplier(), passed_over(&text("reason")))
		}
		"AuditsDrawn" => format!(
			"{} audits drawn with a probability of {}, {} units to deliver, {} set aside",
			number("audits"),
			share("rate"),
			number("units"),
			money("set_aside")
		),
		"AuditsThinned" => format!(
			"the money of service {} pays for audits with a probability of {} only{}: add to it with \
			 `supplier fund`",
			service(),
			share("rate"),
			match event.fields.get("truthful") {
				Some(Json::Bool(true)) => ", with which truth is still best",
				_ => ", with which truth is NOT best",
			}
		),
		"Claimed" => match event.number("worth") {
			None | Some(0) => format!("{} has committed to {} units", supplier(), number("units")),
			Some(_) => format!(
				"{} has committed to {} units; those of applications are worth {} and put {} at risk",
				supplier(),
				number("units"),
				money("worth"),
				money("at_risk")
			),
		},
		"ClaimWithdrawn" => format!("{} has withdrawn its claim", supplier()),
		"SeedTaken" => {
			format!("the seed is known, claims can be proven until tick {}", text("until"))
		}
		"Proven" => format!("{} has proven {} units", supplier(), number("units")),
		"AuditPaid" => format!("{} is paid {}", supplier(), money("payment")),
		"AuditUnpaid" => format!("{} is not paid: {}", supplier(), unpaid(&text("reason"))),
		"AuditFailed" => format!(
			"{} delivered {} of {} units and is slashed {}",
			supplier(),
			number("delivered"),
			number("units"),
			money("slashed")
		),
		"SessionVoided" => "void: no seed could be had, nobody is paid and nobody slashed".into(),
		"SessionSettled" => "settled".into(),
		"OwnerSet" => match event.account("owner") {
			Some(owner) => {
				format!("service {} belongs to {}", service(), short(&owner.to_string()))
			}
			None => format!("service {} belongs to nobody", service()),
		},
		"EndpointAnnounced" => match endpoint(event) {
			Some(endpoint) => format!("{} answers at {endpoint}", supplier()),
			None => format!("{} does not say any more where it answers", supplier()),
		},
		"Deposited" => format!(
			"application {} has deposited {}: it has {} now, and pays {} in a session at the most",
			text("application"),
			money("amount"),
			money("deposit"),
			money("limit")
		),
		"KeyAdded" => format!(
			"application {} signs with key {} ({}) from session {}",
			text("application"),
			text("number"),
			short(&text("key")),
			text("from")
		),
		"KeyRemoved" => format!(
			"application {} does not sign with key {} any more from session {}",
			text("application"),
			text("number"),
			text("until")
		),
		"ApplicationClosed" => format!(
			"application {} is not served any more from session {}",
			text("application"),
			text("until")
		),
		"DepositReclaimed" => {
			format!("application {} has taken back {}", text("application"), money("amount"))
		}
		"RelaysPaid" => format!(
			"applications pay {} of {} for {} units to {}, of which it gets {}",
			money("paid"),
			money("worth"),
			number("units"),
			supplier(),
			money("earned")
		),
		"PaidShort" => format!(
			"application {} could pay {} only {} of {}",
			text("application"),
			supplier(),
			money("paid"),
			money("worth")
		),
		"ClaimForfeited" if event.number("slashed") == Some(0) => format!(
			"{} is not paid for {} units worth {}: an earlier audit of its bid has failed",
			supplier(),
			number("units"),
			money("worth")
		),
		"ClaimForfeited" => format!(
			"{} did not prove {} units worth {}: it is not paid for them and is slashed {}",
			supplier(),
			number("units"),
			money("worth"),
			money("slashed")
		),
		"ProofsSteered" => format!(
			"service {}: from session {} claims below {} are proven with a probability of {}",
			service(),
			text("from"),
			money("threshold"),
			share("probability")
		),
		"Funded" => format!(
			"{} has added {} to the money of service {} for audits",
			event.account("from").map_or("?".into(), |from| short(&from.to_string())),
			money("amount"),
			service()
		),
		"PotOpened" => format!("the pot's account was made, with {}", money("minted")),
		other => format!("{other} {}", Json::Object(event.fields.clone())),
	};
	Some(match event.session() {
		Some(session) => format!("session {session}: {sentence}"),
		None => sentence,
	})
}

/// Where a supplier says that it answers, if it does. Whatever else is in it must not reach a terminal.
fn endpoint(event: &Event) -> Option<String> {
	let bytes = hex::decode(event.fields.get("endpoint")?.as_str()?.strip_prefix("0x")?).ok()?;
	let text = String::from_utf8_lossy(&bytes);
	let shown: String = text.chars().filter(|letter| !letter.is_control()).collect();
	(!shown.is_empty()).then_some(shown)
}

/// A share in quintillionths.
pub fn percent(parts: u128) -> String {
	format!("{:.3} %", parts as f64 / 1e16)
}

/// The beginning and the end of an address, or of another long name.
pub fn short(address: &str) -> String {
	match (address.get(..6), address.get(address.len().saturating_sub(4)..)) {
		(Some(head), Some(tail)) if address.len() > 12 => format!("{head}…{tail}"),
		_ => address.to_owned(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn event(pallet: &str, name: &str, fields: Json) -> Event {
		Event {
			pallet: pallet.into(),
			name: name.into(),
			fields: fields.as_object().unwrap().clone(),
			extrinsic: None,
		}
	}

	fn said(name: &str, fields: Json) -> String {
		let token = Token { symbol: "CAP".into(), decimals: 12 };
		describe(&event(PALLET, name, fields), &token).unwrap()
	}

	#[test]
	fn events_read_as_sentences() {
		let bob = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
		assert_eq!(
			said(
				"AuditFailed",
				serde_json::json!({
					"session": 12, "service": 0, "supplier": bob, "units": 2000, "delivered": 0,
					"slashed": "5000000000000", "settler": null,
				})
			),
			"session 12: 5FHneW…94ty delivered 0 of 2,000 units and is slashed 5.000 CAP"
		);
		assert_eq!(
			said(
				"AuditsSkipped",
				serde_json::json!({"session": 3, "service": 0, "reason": "NoSeed"})
			),
			"session 3: no audits: no seed could be had"
		);
		assert_eq!(
			said("PolicySet", serde_json::json!({"service": 1, "from": 4, "truthful": true})),
			"service 1 has a new policy from session 4"
		);
	}

	#[test]
	fn reasons_say_what_to_do() {
		let bob = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
		let suspended = |reason: &str| {
			said(
				"BidSuspended",
				serde_json::json!({
					"service": 0, "supplier": bob, "from": 4, "stake": "5000000000000",
					"reason": reason,
				}),
			)
		};
		assert_eq!(
			suspended("StakeTooSmall"),
			"5FHneW…94ty is suspended from session 4, with a stake of 5.000 CAP: that is too small \
			 for its bid"
		);
		assert!(suspended("Unfunded").ends_with("or add money with `supplier fund`"));
		let unpaid = |reason: &str| {
			let fields = serde_json::json!({
				"session": 3, "service": 0, "supplier": bob, "reason": reason,
			});
			said("AuditUnpaid", fields)
		};
		assert_eq!(
			unpaid("StakeTaken"),
			"session 3: 5FHneW…94ty is not paid: an earlier audit has failed, and has taken the stake \
			 behind this one"
		);
		assert!(unpaid("Another").ends_with("is not paid: Another"));
	}

	#[test]
	fn money_for_audits_reads_as_sentences() {
		let bob = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
		assert_eq!(
			said(
				"Funded",
				serde_json::json!({"service": 0, "from": bob, "amount": "7000000000000"})
			),
			"5FHneW…94ty has added 7.000 CAP to the money of service 0 for audits"
		);
		assert_eq!(
			said(
				"AuditsThinned",
				serde_json::json!({
					"session": 3, "service": 0, "rate": 50_000_000_000_000_000u64,
					"truthful": false,
				})
			),
			"session 3: the money of service 0 pays for audits with a probability of 5.000 % only, \
			 with which truth is NOT best: add to it with `supplier fund`"
		);
	}

	#[test]
	fn relays_read_as_sentences() {
		let bob = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
		let claimed = |worth: &str| {
			said(
				"Claimed",
				serde_json::json!({
					"session": 4, "service": 0, "supplier": bob, "units": 1200, "worth": worth,
					"at_risk": "99000000000000",
				}),
			)
		};
		assert_eq!(claimed("0"), "session 4: 5FHneW…94ty has committed to 1,200 units");
		assert_eq!(
			claimed("1000000000000"),
			"session 4: 5FHneW…94ty has committed to 1,200 units; those of applications are worth \
			 1.000 CAP and put 99.000 CAP at risk"
		);
		assert_eq!(
			said(
				"RelaysPaid",
				serde_json::json!({
					"session": 4, "service": 0, "supplier": bob, "units": 1200,
					"worth": "2000000000000", "paid": "1500000000000", "earned": "1200000000000",
				}),
			),
			"session 4: applications pay 1.500 CAP of 2.000 CAP for 1,200 units to 5FHneW…94ty, of \
			 which it gets 1.200 CAP"
		);
		assert_eq!(
			said(
				"ProofsSteered",
				serde_json::json!({
					"service": 0, "from": 9, "probability": 12_500_000_000_000_000u64,
					"threshold": "20000000000000",
				}),
			),
			"service 0: from session 9 claims below 20.000 CAP are proven with a probability of \
			 1.250 %"
		);
	}

	#[test]
	fn who_owns_and_who_answers_where() {
		let bob = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
		let owned =
			|owner: Json| said("OwnerSet", serde_json::json!({"service": 0, "owner": owner}));
		assert_eq!(owned(bob.into()), "service 0 belongs to 5FHneW…94ty");
		assert_eq!(owned(Json::Null), "service 0 belongs to nobody");
		let announced = |endpoint: &str| {
			let endpoint = format!("0x{}", hex::encode(endpoint));
			let fields = serde_json::json!({"service": 0, "supplier": bob, "endpoint": endpoint});
			said("EndpointAnnounced", fields)
		};
		assert_eq!(announced("http://a.b:1\u{1b}"), "5FHneW…94ty answers at http://a.b:1");
		assert_eq!(announced(""), "5FHneW…94ty does not say any more where it answers");
	}

	#[test]
	fn what_a_later_oracle_adds_is_still_shown() {
		assert_eq!(
			said("Something", serde_json::json!({"session": 1, "units": 2})),
			"session 1: Something {\"session\":1,\"units\":2}"
		);
	}

	#[test]
	fn others_events_are_left_to_others() {
		let token = Token { symbol: "CAP".into(), decimals: 12 };
		assert_eq!(describe(&event("System", "Remarked", serde_json::json!({})), &token), None);
	}
}

//! The oracle's events, in words.

use super::{token::thousands, Event, Token, PALLET};
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
			"{} is suspended from session {}: a stake of {} is too small for its bid",
			supplier(),
			text("from"),
			money("stake")
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
			"{} audits drawn, {} units to deliver, {} set aside",
			number("audits"),
			number("units"),
			money("set_aside")
		),
		"Claimed" => format!("{} has committed to {} units", supplier(), number("units")),
		"ClaimWithdrawn" => format!("{} has withdrawn its claim", supplier()),
		"SeedTaken" => {
			format!("the seed is known, claims can be proven until tick {}", text("until"))
		}
		"Proven" => format!("{} has proven {} units", supplier(), number("units")),
		"AuditPaid" => format!("{} is paid {}", supplier(), money("payment")),
		"AuditUnpaid" => format!("{} is not paid: too little was delivered by all", supplier()),
		"AuditFailed" => format!(
			"{} delivered {} of {} units and is slashed {}",
			supplier(),
			number("delivered"),
			number("units"),
			money("slashed")
		),
		"SessionVoided" => "void: no seed could be had, nobody is paid and nobody slashed".into(),
		"SessionSettled" => "settled".into(),
		other => format!("{other} {}", Json::Object(event.fields.clone())),
	};
	Some(match event.session() {
		Some(session) => format!("session {session}: {sentence}"),
		None => sentence,
	})
}

/// Why a service has no audits in a session.
pub fn skipped(reason: &str) -> &str {
	match reason {
		"PotTooSmall" => "the pot cannot pay for what might be drawn",
		"Backlog" => "too many earlier sessions are not settled",
		"NoSeed" => "no seed could be had",
		other => other,
	}
}

/// Why a bid that was drawn is not audited.
pub fn passed_over(reason: &str) -> &str {
	match reason {
		"StakeAtRisk" => "its stake backs other claims",
		"StakeTooSmall" => "its stake is too small",
		"OutOfRange" => "its bid is of a size that is not admitted any more",
		other => other,
	}
}

/// The beginning and the end of an address.
fn short(address: &str) -> String {
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

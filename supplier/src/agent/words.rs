//! What the agent says, in words.

use crate::claim::{Choice, Commitment};
use capacity_oracle_client::{passed_over, suspended, thousands, unpaid, Event, Token};
use capacity_protocol::Balance;
use serde_json::{json, Value as Json};

/// What an event is to this supplier.
pub(super) struct Said {
	pub kind: &'static str,
	/// It says what became of a session.
	pub over: bool,
	pub text: String,
}

/// What one of the oracle's events says, if it is news.
pub(super) fn event(event: &Event, token: &Token) -> Option<Said> {
	let money = |field| token.show(event.number(field).unwrap_or(0));
	let number = |field| thousands(event.number(field).unwrap_or(0));
	let reason = || event.fields.get("reason").and_then(Json::as_str).unwrap_or_default();
	let (kind, over, text) = match event.name.as_str() {
		"AuditPaid" => ("paid", true, format!("paid {}", money("payment"))),
		"AuditUnpaid" => ("unpaid", true, format!("delivered, but not paid: {}", unpaid(reason()))),
		"AuditFailed" => (
			"slashed",
			true,
			format!(
				"slashed {}: delivered {} of {} units",
				money("slashed"),
				number("delivered"),
				number("units")
			),
		),
		"SessionVoided" => {
			("void", true, "void: no seed could be had, nobody is paid or slashed".into())
		}
		"RelaysPaid" => (
			"relays-paid",
			true,
			format!(
				"paid {} for {} units of relays worth {}, by applications that paid {}",
				money("earned"),
				number("units"),
				money("worth"),
				money("paid")
			),
		),
		"PaidShort" => (
			"paid-short",
			false,
			format!(
				"application {} could pay only {} of {}",
				number("application"),
				money("paid"),
				money("worth")
			),
		),
		"ClaimForfeited" if event.number("slashed") == Some(0) => (
			"forfeited",
			true,
			format!(
				"forfeited {} for {} units of relays: an earlier audit has failed",
				money("worth"),
				number("units")
			),
		),
		"ClaimForfeited" => (
			"forfeited",
			true,
			format!(
				"forfeited {} for {} units of relays and slashed {}: a required proof was \
				 missing",
				money("worth"),
				number("units"),
				money("slashed")
			),
		),
		"EndpointAnnounced" => {
			let endpoint = event.fields.get("endpoint").and_then(Json::as_str);
			let text = match endpoint.map(readable).filter(|endpoint| !endpoint.is_empty()) {
				Some(endpoint) => format!("applications find this supplier at {endpoint}"),
				None => "applications do not find this supplier any more".into(),
			};
			("announced", false, text)
		}
		"AuditPassedOver" => {
			let text = format!("drawn, but not audited: {}", passed_over(reason()));
			("passed-over", false, text)
		}
		"BidPlaced" => (
			"bid",
			false,
			format!(
				"bids {} units from session {} on, with a stake of {}",
				number("units"),
				number("from"),
				money("stake")
			),
		),
		"BidLeft" => ("left", false, format!("leaves the draws with session {}", number("from"))),
		"BidSuspended" => (
			"suspended",
			false,
			format!(
				"suspended from session {} on, with a stake of {}: {}",
				number("from"),
				money("stake"),
				suspended(reason())
			),
		),
		"StakeWithdrawn" => ("withdrawn", false, format!("{} withdrawn", money("amount"))),
		// Said already, or nothing new.
		_ => return None,
	};
	Some(Said { kind, over, text })
}

/// The text that a field with bytes says; bytes are hexadecimal.
fn readable(field: &str) -> String {
	let bytes = field.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
	bytes.map_or(field.into(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// What a claim is, once it is in a block; `worth` is that of its relays.
pub(super) fn claimed(commitment: &Commitment, worth: Balance, token: &Token) -> (String, Json) {
	let root = commitment.root;
	let digest = hex::encode(root.digest);
	let mut text =
		format!("committed to {} units (root {}…)", thousands(root.sum.into()), &digest[..8]);
	let mut fields = json!({"units": root.sum, "root": format!("0x{digest}")});
	let relays = commitment.relay_units();
	if relays > 0 {
		let (payers, units) = (applications(commitment.entries.len()), thousands(relays.into()));
		text.push_str(&format!(": {units} for {payers}, worth {}", token.show(worth)));
		if commitment.plan.claimed > 0 {
			let units = thousands(commitment.plan.claimed.into());
			text.push_str(&format!(", and {units} of the audit"));
		}
		fields["relays"] = relays.into();
		fields["applications"] = commitment.entries.len().into();
		fields["worth"] = worth.to_string().into();
	}
	(text, fields)
}

/// What is left out of a claim, and why: the kind of news, the text and the fields of each.
/// `stake` is what stands behind the bid now, and `longest` how many applications can be listed.
pub(super) fn left_out(
	choice: &Choice,
	stake: Balance,
	longest: usize,
	token: &Token,
) -> Vec<(&'static str, String, Json)> {
	let said = |kind, (count, worth): (usize, Balance), why: String| {
		let (whose, amount) = (applications(count), token.show(worth));
		let text =
			format!("left out of the claim: {whose}, whose relays are worth {amount}: {why}");
		let (worth, missing) = (worth.to_string(), choice.missing.to_string());
		(kind, text, json!({"applications": count, "worth": worth, "missing": missing}))
	};
	let mut all = Vec::new();
	if choice.left_out.0 > 0 {
		all.push(match choice.missing {
			0 => said("list-full", choice.left_out, format!("a claim lists {longest} at most")),
			missing => {
				let all = token.show(stake.saturating_add(missing)).replace(',', "");
				let why = format!(
					"{} of stake is missing; start with `supplier run --stake {}` to add it",
					token.show(missing),
					all.split(' ').next().unwrap_or_default()
				);
				said("stake-missing", choice.left_out, why)
			}
		});
	}
	if choice.unpaid.0 > 0 {
		all.push(said("unpaid-relays", choice.unpaid, "nothing of it can be paid".into()));
	}
	all
}

/// So many applications.
pub(super) fn applications(count: usize) -> String {
	match count {
		1 => "one application".into(),
		many => format!("{} applications", thousands(many as u128)),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::claim::{Contents, Entry};
	use crate::lie::Plan;
	use capacity_protocol::Ranks;
	use sum_trie::Root;

	fn token() -> Token {
		Token { symbol: "CAP".into(), decimals: 3 }
	}

	fn said(name: &str, fields: Json) -> String {
		let event = Event {
			pallet: capacity_oracle_client::PALLET.into(),
			name: name.into(),
			fields: fields.as_object().unwrap().clone(),
			extrinsic: None,
		};
		super::event(&event, &token()).map(|said| said.text).unwrap()
	}

	#[test]
	fn what_becomes_of_relays_reads_as_a_sentence() {
		let paid = json!({"units": 1200, "worth": "3600", "paid": "3500", "earned": "2975"});
		assert_eq!(
			said("RelaysPaid", paid),
			"paid 2.975 CAP for 1,200 units of relays worth 3.600 CAP, by applications that paid \
			 3.500 CAP"
		);
		let short = json!({"application": 7, "worth": "600", "paid": "500"});
		assert_eq!(said("PaidShort", short), "application 7 could pay only 0.500 CAP of 0.600 CAP");
		let forfeited = json!({"units": 1200, "worth": "3600", "slashed": "32400"});
		assert_eq!(
			said("ClaimForfeited", forfeited),
			"forfeited 3.600 CAP for 1,200 units of relays and slashed 32.400 CAP: a required proof \
			 was missing"
		);
		let unpaid = json!({"units": 1200, "worth": "3600", "slashed": "0"});
		assert_eq!(
			said("ClaimForfeited", unpaid),
			"forfeited 3.600 CAP for 1,200 units of relays: an earlier audit has failed"
		);
	}

	#[test]
	fn what_becomes_of_an_audit_says_why() {
		let unpaid = |reason: &str| said("AuditUnpaid", json!({"reason": reason}));
		assert_eq!(
			unpaid("Quorum"),
			"delivered, but not paid: all suppliers together delivered too little"
		);
		assert!(unpaid("StakeTaken").contains("an earlier audit has failed"));
		let suspended = json!({"from": 9, "stake": "5000", "reason": "StakeTooSmall"});
		assert_eq!(
			said("BidSuspended", suspended),
			"suspended from session 9 on, with a stake of 5.000 CAP: that is too small for its bid"
		);
	}

	#[test]
	fn an_endpoint_is_shown_as_text() {
		let bytes = format!("0x{}", hex::encode("http://a.b:1"));
		for endpoint in [bytes.as_str(), "http://a.b:1"] {
			assert_eq!(
				said("EndpointAnnounced", json!({"endpoint": endpoint})),
				"applications find this supplier at http://a.b:1"
			);
		}
		let none = said("EndpointAnnounced", json!({"endpoint": "0x"}));
		assert_eq!(none, "applications do not find this supplier any more");
	}

	fn commitment(applications: u32, audit: u64) -> Commitment {
		let entry = |application| Entry { application, ranks: Ranks::of(1, |_| true), units: 600 };
		Commitment {
			root: Root { digest: [0xab; 32], sum: 600 * u64::from(applications) + audit, count: 9 },
			contents: Contents::default(),
			plan: Plan { done: audit, claimed: audit },
			entries: (0..applications).map(entry).collect(),
		}
	}

	#[test]
	fn a_claim_says_what_is_in_it() {
		let text =
			|applications, audit| claimed(&commitment(applications, audit), 1_200, &token()).0;
		assert_eq!(text(0, 400), "committed to 400 units (root abababab…)");
		assert_eq!(
			text(1, 0),
			"committed to 600 units (root abababab…): 600 for one application, worth \
			 1.200 CAP"
		);
		assert_eq!(
			text(2, 400),
			"committed to 1,600 units (root abababab…): 1,200 for 2 applications, worth \
			 1.200 CAP, and 400 of the audit"
		);
		let fields = claimed(&commitment(2, 400), 1_200, &token()).1;
		assert_eq!(fields["relays"], 1_200);
		assert_eq!(fields["worth"], "1200");
	}

	#[test]
	fn missing_stake_is_said_with_what_to_do() {
		let choice = Choice { left_out: (2, 900), missing: 5_500, ..Choice::default() };
		let said = left_out(&choice, 2_000_000, 10, &token());
		assert_eq!(said.len(), 1);
		assert_eq!(said[0].0, "stake-missing");
		assert_eq!(
			said[0].1,
			"left out of the claim: 2 applications, whose relays are worth 0.900 CAP: 5.500 CAP of \
			 stake is missing; start with `supplier run --stake 2005.500` to add it"
		);
	}

	#[test]
	fn other_reasons_to_be_left_out_are_said() {
		let choice = Choice { left_out: (1, 900), unpaid: (3, 70), ..Choice::default() };
		let said: Vec<_> =
			left_out(&choice, 0, 10, &token()).into_iter().map(|(_, text, _)| text).collect();
		assert_eq!(
			said,
			[
				"left out of the claim: one application, whose relays are worth 0.900 CAP: a claim \
				 lists 10 at most",
				"left out of the claim: 3 applications, whose relays are worth 0.070 CAP: nothing of \
				 it can be paid"
			]
		);
		assert!(left_out(&Choice::default(), 0, 10, &token()).is_empty());
	}
}

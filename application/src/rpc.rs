//! JSON-RPC: what a client asks, one request or several, and what it is told when nobody answers.
//!
//! A request is passed on as it came, byte for byte. What is read of it is its method, which decides
//! the price, and its id, which the answer must have. Only a notification is changed: suppliers answer
//! requests, so it is given an id.

use axum::body::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::{json, value::RawValue, Value as Json};
use std::borrow::Cow;

/// The most requests in one batch.
pub const LONGEST_BATCH: usize = 100;

/// A request of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
	/// As it came, but with an id.
	pub body: Bytes,
	pub method: String,
	/// As it came; none in a notification, which wants no answer.
	pub id: Option<String>,
}

/// The id that notifications are given.
const NOTIFICATION: &str = "0";

/// What a client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
	Single(Result<Question, Refused>),
	Batch(Vec<Result<Question, Refused>>),
}

/// An error for a client, in the standard's shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
	/// The request's id, as it came.
	pub id: Option<String>,
	pub code: i32,
	pub message: String,
	pub data: Option<Json>,
}

/// The codes of errors: the standard's, then ours.
pub mod code {
	pub const NO_JSON: i32 = -32700;
	pub const NO_REQUEST: i32 = -32600;
	pub const NO_METHOD: i32 = -32601;
	/// The application is not served at the moment.
	pub const NOT_SERVED: i32 = -32001;
	/// The application has spent what it can pay.
	pub const CANNOT_PAY: i32 = -32002;
	/// No supplier has answered.
	pub const NO_ANSWER: i32 = -32003;
	/// The answer is lost, and asking again could do something twice.
	pub const MAYBE_DONE: i32 = -32004;
}

#[derive(Deserialize)]
struct Asked<'a> {
	#[serde(borrow)]
	method: Cow<'a, str>,
	#[serde(borrow, default, deserialize_with = "present")]
	id: Option<&'a RawValue>,
}

/// Null is something, too.
fn present<'de: 'a, 'a, D: Deserializer<'de>>(from: D) -> Result<Option<&'a RawValue>, D::Error> {
	<&RawValue>::deserialize(from).map(Some)
}

/// What an answer says.
#[derive(Deserialize)]
pub(crate) struct Answered<'a> {
	#[serde(borrow, default, deserialize_with = "present")]
	pub id: Option<&'a RawValue>,
	#[serde(borrow, default, deserialize_with = "present")]
	pub result: Option<&'a RawValue>,
	#[serde(borrow, default, deserialize_with = "present")]
	pub error: Option<&'a RawValue>,
}

/// Reads what a client sent.
pub fn read(body: Bytes) -> Message {
	if !begins_with(&body, b'[') {
		return Message::Single(Question::read(body));
	}
	let parts: Vec<&RawValue> = match serde_json::from_slice(&body) {
		Ok(parts) => parts,
		Err(error) => return Message::Single(Err(no_json(&error))),
	};
	if parts.is_empty() || parts.len() > LONGEST_BATCH {
		let message = format!("a batch has 1 to {LONGEST_BATCH} requests, not {}", parts.len());
		return Message::Single(Err(Refused::new(None, code::NO_REQUEST, message)));
	}
	let part = |part: &&RawValue| Question::read(body.slice_ref(part.get().as_bytes()));
	Message::Batch(parts.iter().map(part).collect())
}

/// A list can be read as an object's fields in their order; JSON-RPC knows objects only.
pub(crate) fn begins_with(body: &[u8], bracket: u8) -> bool {
	body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&bracket)
}

fn no_json(error: &serde_json::Error) -> Refused {
	Refused::new(None, code::NO_JSON, format!("this is no JSON: {error}"))
}

impl Question {
	/// Makes a request.
	pub fn new(method: &str, params: &Json) -> Self {
		let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
		Self { body: body.to_string().into(), method: method.into(), id: Some("1".into()) }
	}

	/// Reads one request.
	pub fn read(body: Bytes) -> Result<Self, Refused> {
		let asked: Asked =
			serde_json::from_slice(&body).map_err(|error| match error.classify() {
				serde_json::error::Category::Data => Refused::new(
					None,
					code::NO_REQUEST,
					format!("a request is an object with a \"method\": {error}"),
				),
				_ => no_json(&error),
			})?;
		let id = asked.id.map(|id| id.get().to_owned());
		if !begins_with(&body, b'{') {
			let message = "a request is an object with a \"method\"".to_owned();
			return Err(Refused::new(None, code::NO_REQUEST, message));
		}
		if id.as_deref().is_some_and(|id| id.starts_with(['{', '[', 't', 'f'])) {
			let message = "the \"id\" of a request is a number or a text".to_owned();
			return Err(Refused::new(None, code::NO_REQUEST, message));
		}
		let method = asked.method.into_owned();
		if subscribes(&method) {
			let message = format!(
				"\"{method}\" is not served: relays are paid by the request, and a subscription is \
				 one request with many answers; ask again and again instead"
			);
			return Err(Refused::new(id, code::NO_METHOD, message));
		}
		let body = if id.is_some() { body } else { with_id(body) };
		Ok(Self { method, id, body })
	}

	/// The id that the supplier's answer must have.
	pub fn sent_id(&self) -> &str {
		self.id.as_deref().unwrap_or(NOTIFICATION)
	}

	/// Whether asking twice could do something twice.
	pub fn writes(&self) -> bool {
		let lower = self.method.to_ascii_lowercase();
		["submit", "send", "broadcast"].iter().any(|verb| lower.contains(verb))
			|| words(&self.method)
				.any(|word| matches!(&*word, "insert" | "rotate" | "set" | "add" | "remove"))
	}
}

/// An object with an id before its other fields, of which there are some.
fn with_id(body: Bytes) -> Bytes {
	let start =
		body.iter().position(|byte| *byte == b'{').map_or(0, |brace| brace.saturating_add(1));
	let head = format!("{{\"id\":{NOTIFICATION},");
	[head.as_bytes(), body.get(start..).unwrap_or_default()].concat().into()
}

/// Whether a method answers more than once.
fn subscribes(method: &str) -> bool {
	let lower = method.to_ascii_lowercase();
	lower.contains("subscri")
		|| lower.contains("andwatch")
		|| lower.ends_with("_follow")
		|| lower.starts_with("chainhead_")
}

/// The words of a name such as `author_insertKey`.
fn words(name: &str) -> impl Iterator<Item = String> {
	let mut spaced = String::new();
	for letter in name.chars() {
		match letter {
			letter if letter.is_uppercase() => spaced.extend([' ', letter.to_ascii_lowercase()]),
			letter if letter.is_alphanumeric() => spaced.push(letter),
			_ => spaced.push(' '),
		}
	}
	spaced.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

impl Refused {
	/// An error with this code.
	pub fn new(id: Option<String>, code: i32, message: String) -> Self {
		Self { id, code, message, data: None }
	}

	/// The answer that the client gets.
	pub fn to_json(&self) -> String {
		let mut error = json!({"code": self.code, "message": self.message});
		if let (Json::Object(error), Some(data)) = (&mut error, &self.data) {
			error.insert("data".into(), data.clone());
		}
		let id = self.id.as_deref().unwrap_or("null");
		format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{error}}}")
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn single(text: &'static str) -> Result<Question, Refused> {
		match read(Bytes::from_static(text.as_bytes())) {
			Message::Single(question) => question,
			Message::Batch(_) => panic!("this is no batch: {text}"),
		}
	}

	fn method(name: &str) -> Result<Question, Refused> {
		Question::read(json!({"id": 1, "method": name}).to_string().into())
	}

	#[test]
	fn a_request_stays_as_it_came() {
		let text = " {\"id\" : \"a\\u0062\", \"method\":\"eth_call\", \"params\": [1.0]}";
		let question = single(text).unwrap();
		assert_eq!(question.body, text.as_bytes());
		assert_eq!(question.method, "eth_call");
		assert_eq!(question.id.as_deref(), Some("\"a\\u0062\""));
	}

	#[test]
	fn a_notification_has_no_id_and_null_is_one() {
		let notification = single(" { \"method\":\"a\"}").unwrap();
		assert_eq!((notification.id.as_deref(), notification.sent_id()), (None, "0"));
		assert_eq!(notification.body, &b"{\"id\":0, \"method\":\"a\"}"[..]);
		assert_eq!(single("{\"method\":\"a\",\"id\":null}").unwrap().id.as_deref(), Some("null"));
	}

	#[test]
	fn a_batch_is_split_without_changing_its_parts() {
		let text = "[ {\"method\":\"a\", \"id\":1},3 ,{\"method\":\"b\"} ]";
		let Message::Batch(parts) = read(text.into()) else { panic!("this is a batch") };
		assert_eq!(parts.len(), 3);
		assert_eq!(parts[0].as_ref().unwrap().body, &b"{\"method\":\"a\", \"id\":1}"[..]);
		assert_eq!(parts[1].as_ref().unwrap_err().code, code::NO_REQUEST);
		assert_eq!(parts[2].as_ref().unwrap().id, None);
	}

	#[test]
	fn what_is_no_request_is_refused_by_the_standards_codes() {
		let refused = |text| single(text).unwrap_err().code;
		assert_eq!(refused("{"), code::NO_JSON);
		assert_eq!(refused("[1,"), code::NO_JSON);
		assert_eq!(refused(""), code::NO_JSON);
		assert_eq!(refused("[]"), code::NO_REQUEST);
		assert_eq!(refused("7"), code::NO_REQUEST);
		assert_eq!(refused("{\"id\":1}"), code::NO_REQUEST);
		assert_eq!(refused("{\"id\":[],\"method\":\"a\"}"), code::NO_REQUEST);
		let twice = "{\"id\":1,\"method\":\"cheap\",\"method\":\"dear\"}";
		assert_eq!(refused(twice), code::NO_REQUEST, "two methods have no one price");
		let Message::Batch(lists) = read("[[\"a\",1]]".into()) else { panic!("this is a batch") };
		assert_eq!(lists[0].as_ref().unwrap_err().code, code::NO_REQUEST, "a list is no request");
		let long = format!("[{}1]", "1,".repeat(LONGEST_BATCH));
		let Message::Single(Err(long)) = read(long.into()) else { panic!("it is too long") };
		assert_eq!(long.code, code::NO_REQUEST);
	}

	#[test]
	fn subscriptions_are_refused_and_keep_their_id() {
		for name in [
			"eth_subscribe",
			"eth_unsubscribe",
			"eth_subscription",
			"state_subscribeStorage",
			"chain_unsubscribeNewHeads",
			"author_submitAndWatchExtrinsic",
			"chainHead_v1_follow",
		] {
			let refused = method(name).unwrap_err();
			assert_eq!((refused.code, refused.id.as_deref()), (code::NO_METHOD, Some("1")));
		}
		assert!(method("state_getStorage").is_ok());
	}

	#[test]
	fn methods_that_write_are_known_by_their_names() {
		for name in [
			"eth_sendRawTransaction",
			"author_submitExtrinsic",
			"transaction_v1_broadcast",
			"sendrawtransaction",
			"author_insertKey",
			"offchain_localStorageSet",
		] {
			assert!(method(name).unwrap().writes(), "{name}");
		}
		for name in ["eth_call", "state_getStorage", "chain_getHeader", "eth_getBlockByNumber"] {
			assert!(!method(name).unwrap().writes(), "{name}");
		}
	}

	#[test]
	fn an_error_has_the_standards_shape() {
		let mut refused =
			Refused::new(Some("\"x\"".into()), code::CANNOT_PAY, "no \"money\"".into());
		refused.data = Some(json!({"session": 3}));
		let said: Json = serde_json::from_str(&refused.to_json()).unwrap();
		assert_eq!(
			said,
			json!({"jsonrpc": "2.0", "id": "x", "error": {
				"code": -32002, "message": "no \"money\"", "data": {"session": 3}
			}})
		);
		let unknown: Json =
			serde_json::from_str(&Refused::new(None, 1, "".into()).to_json()).unwrap();
		assert_eq!(unknown["id"], Json::Null);
	}
}

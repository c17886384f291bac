//! What a request asks for, and whether it may.

use super::refusal::{Code, Refusal};
use capacity_oracle_client::relay::{payload_hash, SignedRequest};
use capacity_protocol::method_id;
use serde::{
	de::{Error as _, IgnoredAny, MapAccess, Visitor},
	Deserialize, Deserializer,
};
use std::{borrow::Cow, fmt};
use sum_trie::Blake2b256;

/// What of a JSON-RPC request matters here.
struct Call<'a> {
	method: Cow<'a, str>,
	/// A request without one gets no answer.
	has_id: bool,
}

/// A method that is named twice is an error, also where the names differ in case, which some backends
/// do not tell apart: none may read another method than was paid for.
impl<'de> Deserialize<'de> for Call<'de> {
	fn deserialize<D: Deserializer<'de>>(call: D) -> Result<Self, D::Error> {
		struct Members;
		impl<'de> Visitor<'de> for Members {
			type Value = Call<'de>;

			fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
				f.write_str("a JSON-RPC request")
			}

			fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Call<'de>, A::Error> {
				let (mut method, mut has_id) = (None, false);
				while let Some(Text(name)) = map.next_key()? {
					match &*name {
						"method" if method.is_none() => {
							let Text(named) = map.next_value()?;
							method = Some(named);
						}
						other if other.eq_ignore_ascii_case("method") => {
							return Err(A::Error::duplicate_field("method"));
						}
						other => {
							has_id |= other == "id";
							map.next_value::<IgnoredAny>()?;
						}
					}
				}
				let method = method.ok_or_else(|| A::Error::missing_field("method"))?;
				Ok(Call { method, has_id })
			}
		}
		call.deserialize_map(Members)
	}
}

/// Copied only where it has escapes in it.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// What of a JSON-RPC answer matters here.
#[derive(Deserialize)]
struct Answer {
	#[serde(default, deserialize_with = "present")]
	result: bool,
	#[serde(default, deserialize_with = "present")]
	error: bool,
}

fn present<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
	IgnoredAny::deserialize(value).map(|_| true)
}

/// Checks that `body` is what was signed, and one call that this gateway can serve.
pub fn body(signed: &SignedRequest, body: &[u8]) -> Result<(), Refusal> {
	let bad = |message| Err(Refusal::new(Code::BadRequest, message));
	let unsupported = |message| Err(Refusal::new(Code::Unsupported, message));
	if payload_hash(body) != signed.request.payload {
		return bad("the body is not what was signed: its hash is another");
	}
	if body.trim_ascii_start().starts_with(b"[") {
		return unsupported("batches are not served: send each request by itself");
	}
	let Ok(call) = serde_json::from_slice::<Call>(body) else {
		return bad("the body is no JSON-RPC request");
	};
	if method_id::<Blake2b256>(&call.method) != signed.request.method {
		return bad("the body asks for another method than was signed");
	}
	if is_subscription(&call.method) {
		return unsupported("subscriptions are not served: ask again when you want to know");
	}
	if !call.has_id {
		return unsupported("notifications are not served: give the request an id");
	}
	Ok(())
}

/// Whether a method goes on sending after it has answered, or ends one that does.
fn is_subscription(method: &str) -> bool {
	let method = method.to_ascii_lowercase();
	["subscri", "andwatch", "unwatch"].iter().any(|part| method.contains(part))
		|| ["_follow", "_unfollow"].iter().any(|end| method.ends_with(end))
}

/// Whether `body` is an answer to a JSON-RPC request, with a result or with an error.
pub fn is_answer(body: &[u8]) -> bool {
	let text = std::str::from_utf8(body).unwrap_or_default();
	text.trim_start().starts_with('{')
		&& serde_json::from_str::<Answer>(text).is_ok_and(|answer| answer.result || answer.error)
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_protocol::RelayRequest;

	fn checked(method: &str, text: &str) -> Result<(), Code> {
		let request = RelayRequest {
			method: method_id::<Blake2b256>(method),
			nonce: 1,
			payload: payload_hash(text.as_bytes()),
		};
		let signed = SignedRequest {
			service: 0,
			session: 0,
			application: 0,
			key: 0,
			request,
			signature: [0; 64],
		};
		body(&signed, text.as_bytes()).map_err(|refusal| refusal.code)
	}

	const CALL: &str = r#"{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"to":"0x0"}]}"#;

	#[test]
	fn a_single_call_of_the_signed_method_is_served() {
		assert_eq!(checked("eth_call", CALL), Ok(()));
		assert_eq!(checked("eth_call", r#"{"id":null,"method":"eth_call","more":[1]}"#), Ok(()));
		assert_eq!(checked("a\"b", r#"{"id":"x","method":"a\"b"}"#), Ok(()), "escaped");
		assert_eq!(checked("eth_chainId", CALL), Err(Code::BadRequest));
	}

	#[test]
	fn a_body_that_was_not_signed_is_refused() {
		let request = RelayRequest {
			method: method_id::<Blake2b256>("eth_call"),
			nonce: 1,
			payload: payload_hash(b"something else"),
		};
		let signed = SignedRequest {
			service: 0,
			session: 0,
			application: 0,
			key: 0,
			request,
			signature: [0; 64],
		};
		assert_eq!(body(&signed, CALL.as_bytes()).unwrap_err().code, Code::BadRequest);
	}

	#[test]
	fn what_is_no_call_is_refused() {
		for text in ["", "x", "1", "{}", r#"{"id":1}"#, r#"{"id":1,"method":5}"#, "\u{feff}{}"] {
			assert_eq!(checked("eth_call", text), Err(Code::BadRequest), "{text}");
		}
	}

	#[test]
	fn a_cheap_method_does_not_hide_a_dear_one() {
		let twice = r#"{"id":1,"method":"eth_call","method":"debug_trace"}"#;
		assert_eq!(checked("eth_call", twice), Err(Code::BadRequest));
		assert_eq!(checked("debug_trace", twice), Err(Code::BadRequest));
		// Some read names whatever their case, and believe the last.
		let cased = r#"{"id":1,"method":"eth_call","Method":"debug_trace"}"#;
		assert_eq!(checked("eth_call", cased), Err(Code::BadRequest));
		let escaped = r#"{"id":1,"method":"eth_call","m\u0065thod":"debug_trace"}"#;
		assert_eq!(checked("eth_call", escaped), Err(Code::BadRequest));
	}

	#[test]
	fn batches_subscriptions_and_notifications_are_not_supported() {
		assert_eq!(checked("eth_call", &format!(" [{CALL}]")), Err(Code::Unsupported));
		assert_eq!(checked("eth_call", r#"{"method":"eth_call"}"#), Err(Code::Unsupported));
		let subscriptions = [
			"eth_subscribe",
			"eth_unsubscribe",
			"chain_subscribeNewHeads",
			"state_unsubscribeStorage",
			"author_submitAndWatchExtrinsic",
			"transactionWatch_v1_unwatch",
			"chainHead_v1_follow",
		];
		for method in subscriptions {
			let text = format!(r#"{{"id":1,"method":"{method}"}}"#);
			assert_eq!(checked(method, &text), Err(Code::Unsupported), "{method}");
		}
	}

	#[test]
	fn answers_have_a_result_or_an_error() {
		for answer in [
			r#"{"jsonrpc":"2.0","id":1,"result":null}"#,
			r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}"#,
		] {
			assert!(is_answer(answer.as_bytes()), "{answer}");
		}
		for other in ["", "<html>", "{}", r#"{"id":1}"#, r#"[{"result":1}]"#, r#"{"result":1"#] {
			assert!(!is_answer(other.as_bytes()), "{other}");
		}
		assert!(!is_answer(b"{\"result\":\"\xff\"}"), "no text");
	}
}

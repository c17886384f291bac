//! What an answer must be: signed by the supplier that was asked, and an answer to the request.

use crate::rpc::{begins_with, Answered, Question};
use capacity_oracle_client::{
	relay::{from_header, payload_hash, SignedAnswer},
	AccountId32,
};
use serde_json::Value as Json;
use std::fmt;

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
	/// The supplier did not sign it.
	NotSigned,
	/// The signature is another's, or for another answer or request.
	Signature,
	/// It is not JSON-RPC.
	NoJson,
	/// It answers another request.
	OtherId,
}

impl fmt::Display for Wrong {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::NotSigned => "its answer is not signed",
			Self::Signature => "its answer has a wrong signature",
			Self::NoJson => "its answer is signed, but it is no JSON-RPC",
			Self::OtherId => "its answer is signed, but it has another request's id",
		})
	}
}

/// Checks an answer. `digest` and `nonce` are those of the request to this supplier.
pub fn check(
	question: &Question,
	supplier: &AccountId32,
	digest: &[u8; 32],
	nonce: u64,
	header: Option<&str>,
	body: &[u8],
) -> Result<(), Wrong> {
	let signed: SignedAnswer =
		header.and_then(|text| from_header(text).ok()).ok_or(Wrong::NotSigned)?;
	if signed.nonce != nonce || !signed.is_signed_by(supplier, digest, &payload_hash(body)) {
		return Err(Wrong::Signature);
	}
	let answered: Answered = serde_json::from_slice(body).map_err(|_| Wrong::NoJson)?;
	let empty = answered.result.is_none() && answered.error.is_none();
	if empty || !begins_with(body, b'{') {
		return Err(Wrong::NoJson);
	}
	match answered.id.is_some_and(|answered| is_same(answered.get(), question.sent_id())) {
		true => Ok(()),
		false => Err(Wrong::OtherId),
	}
}

/// Whether two answers to the same request say the same. Errors are the same by their codes: their
/// words are each backend's own.
pub fn agree(one: &[u8], other: &[u8]) -> bool {
	let parts = |body| {
		let answered: Answered = serde_json::from_slice(body).ok()?;
		let code = |error: &str| {
			let error: Json = serde_json::from_str(error).ok()?;
			error.get("code").cloned()
		};
		Some(match answered.error.filter(|error| error.get() != "null") {
			Some(error) => Err(code(error.get())),
			None => Ok(answered.result.map(|result| result.get())),
		})
	};
	match (parts(one), parts(other)) {
		(Some(Ok(Some(one))), Some(Ok(Some(other)))) => is_same(one, other),
		(one, other) => one == other,
	}
}

/// Whether two texts are the same JSON, however it is written.
fn is_same(one: &str, other: &str) -> bool {
	let read = |text| serde_json::from_str::<Json>(text).ok();
	one == other || read(one).is_some_and(|one| Some(one) == read(other))
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_oracle_client::{read_key, relay::to_header, Keypair};

	const DIGEST: [u8; 32] = [3; 32];

	fn bob() -> Keypair {
		read_key("//Bob").unwrap()
	}

	fn question(id: &str) -> Question {
		let body = format!("{{\"method\":\"a\",\"id\":{id}}}");
		Question::read(body.into()).unwrap()
	}

	/// Checks an answer that Bob has signed, after `change` has changed the body.
	fn checked(question: &Question, signed: &str, got: &str) -> Result<(), Wrong> {
		let answer = SignedAnswer::sign(&bob(), 9, &DIGEST, &payload_hash(signed.as_bytes()));
		let supplier = bob().public_key().to_account_id();
		let header = to_header(&answer);
		check(question, &supplier, &DIGEST, 9, Some(&header), got.as_bytes())
	}

	fn honest(id: &str, answer: &str) -> Result<(), Wrong> {
		checked(&question(id), answer, answer)
	}

	#[test]
	fn an_answer_has_the_requests_id() {
		assert_eq!(honest("1", "{\"id\":1,\"result\":5}"), Ok(()));
		assert_eq!(honest("\"ab\"", "{\"id\":\"a\\u0062\",\"result\":null}"), Ok(()));
		assert_eq!(honest("null", "{\"id\":null,\"error\":{\"code\":1}}"), Ok(()));
		assert_eq!(honest("1", "{\"id\":2,\"result\":5}"), Err(Wrong::OtherId));
		assert_eq!(honest("1", "{\"id\":\"1\",\"result\":5}"), Err(Wrong::OtherId));
		assert_eq!(honest("1", "{\"result\":5}"), Err(Wrong::OtherId));
	}

	#[test]
	fn an_answer_says_something() {
		assert_eq!(honest("1", "{\"id\":1}"), Err(Wrong::NoJson));
		assert_eq!(honest("1", "fine"), Err(Wrong::NoJson));
		assert_eq!(honest("1", ""), Err(Wrong::NoJson));
		assert_eq!(honest("1", "[1,5,null]"), Err(Wrong::NoJson));
	}

	#[test]
	fn a_notification_is_answered_like_a_request() {
		let question = Question::read("{\"method\":\"a\"}".into()).unwrap();
		let answer = "{\"id\":0,\"result\":1}";
		assert_eq!(checked(&question, answer, answer), Ok(()));
		assert_eq!(checked(&question, "", ""), Err(Wrong::NoJson));
	}

	#[test]
	fn an_answer_is_signed_by_the_supplier_for_this_request() {
		let (one, body) = (question("1"), "{\"id\":1,\"result\":5}");
		assert_eq!(checked(&one, "{\"id\":1,\"result\":6}", body), Err(Wrong::Signature));

		let hash = payload_hash(body.as_bytes());
		let check_with = |answer: SignedAnswer| {
			let supplier = bob().public_key().to_account_id();
			check(&one, &supplier, &DIGEST, 9, Some(&to_header(&answer)), body.as_bytes())
		};
		assert_eq!(check_with(SignedAnswer::sign(&bob(), 9, &DIGEST, &hash)), Ok(()));
		let charlie = read_key("//Charlie").unwrap();
		let other = SignedAnswer::sign(&charlie, 9, &DIGEST, &hash);
		assert_eq!(check_with(other), Err(Wrong::Signature));
		let older = SignedAnswer::sign(&bob(), 8, &DIGEST, &hash);
		assert_eq!(check_with(older), Err(Wrong::Signature));
		let another = SignedAnswer::sign(&bob(), 9, &[4; 32], &hash);
		assert_eq!(check_with(another), Err(Wrong::Signature));

		let supplier = bob().public_key().to_account_id();
		let unsigned = |header| check(&one, &supplier, &DIGEST, 9, header, body.as_bytes());
		assert_eq!(unsigned(None), Err(Wrong::NotSigned));
		assert_eq!(unsigned(Some("00")), Err(Wrong::NotSigned));
	}

	#[test]
	fn answers_agree_whatever_their_spelling() {
		let agree = |one: &str, other: &str| agree(one.as_bytes(), other.as_bytes());
		assert!(agree(
			"{\"id\":1,\"result\":{\"a\":1,\"b\":2}}",
			"{\"result\":{\"b\":2, \"a\":1}}"
		));
		assert!(!agree("{\"result\":1}", "{\"result\":2}"));
		assert!(agree("{\"result\":null}", "{\"error\":null,\"result\":null}"));
		let error = |code: i32, words: &str| {
			format!("{{\"error\":{{\"code\":{code},\"message\":\"{words}\"}}}}")
		};
		assert!(agree(&error(3, "no"), &error(3, "not")));
		assert!(!agree(&error(3, "no"), &error(4, "no")));
		assert!(!agree(&error(3, "no"), "{\"result\":null}"));
	}
}

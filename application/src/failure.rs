//! What can go wrong between an application and a supplier, and what that allows to do next.

use crate::check::Wrong;
use serde::Deserialize;
use std::fmt;

/// Why an attempt has brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
	/// The supplier could not be reached: it has not got the request.
	Unreachable(String),
	/// It says that it does not serve the request.
	Refused(Refusal),
	/// It may have the request, and even have served it.
	Lost(String),
	/// What came back is not an answer that it stands by.
	Wrong(Wrong),
}

/// A supplier's refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
	pub code: Code,
	pub message: String,
}

/// Why a supplier refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
	BadRequest,
	NotSigned,
	NotAssigned,
	WrongSession,
	AlreadyServed,
	CannotPay,
	Busy,
	Backend,
	Unsupported,
}

/// Letters of a supplier's message that are shown.
const LONGEST_MESSAGE: usize = 200;

#[derive(Deserialize)]
struct Said {
	code: Code,
	#[serde(default)]
	message: String,
}

impl Refusal {
	/// Reads the body of a refusal; none if it is not one.
	pub fn read(body: &[u8]) -> Option<Self> {
		let Said { code, message } = serde_json::from_slice(body).ok()?;
		let shown = message.chars().filter(|letter| !letter.is_control());
		Some(Self { code, message: shown.take(LONGEST_MESSAGE).collect() })
	}
}

impl Failure {
	/// Whether the request may be made again, to somebody else. What writes must not happen twice:
	/// then it has to be sure that nothing was done.
	pub fn may_repeat(&self, writes: bool) -> bool {
		match self {
			Self::Unreachable(_) => true,
			// What the backend has done before it failed is not known.
			Self::Refused(refusal) if refusal.code == Code::Backend => !writes,
			Self::Refused(_) => true,
			Self::Lost(_) | Self::Wrong(_) => !writes,
		}
	}

	/// Whether the request was certainly not served, and so need not be paid.
	pub fn is_free(&self) -> bool {
		matches!(self, Self::Unreachable(_) | Self::Refused(_))
	}

	/// Whether the same supplier may well serve the request a moment later.
	pub fn passes(&self) -> bool {
		let Self::Refused(refusal) = self else { return false };
		matches!(refusal.code, Code::WrongSession | Code::Busy)
	}

	/// One word for it.
	pub fn kind(&self) -> &'static str {
		match self {
			Self::Unreachable(_) => "unreachable",
			Self::Lost(_) => "lost",
			Self::Wrong(_) => "wrong",
			Self::Refused(refusal) => refusal.code.name(),
		}
	}
}

impl Code {
	/// As suppliers write it.
	pub fn name(&self) -> &'static str {
		match self {
			Self::BadRequest => "bad-request",
			Self::NotSigned => "not-signed",
			Self::NotAssigned => "not-assigned",
			Self::WrongSession => "wrong-session",
			Self::AlreadyServed => "already-served",
			Self::CannotPay => "cannot-pay",
			Self::Busy => "busy",
			Self::Backend => "backend",
			Self::Unsupported => "unsupported",
		}
	}
}

impl fmt::Display for Failure {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Unreachable(why) => write!(f, "it cannot be reached: {why}"),
			Self::Lost(why) => write!(f, "it did not answer: {why}"),
			Self::Wrong(wrong) => write!(f, "{wrong}"),
			Self::Refused(Refusal { code, message }) => {
				write!(f, "it refuses with \"{}\": {message}", code.name())
			}
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const CODES: [Code; 9] = [
		Code::BadRequest,
		Code::NotSigned,
		Code::NotAssigned,
		Code::WrongSession,
		Code::AlreadyServed,
		Code::CannotPay,
		Code::Busy,
		Code::Backend,
		Code::Unsupported,
	];

	fn refused(code: Code) -> Failure {
		Failure::Refused(Refusal { code, message: String::new() })
	}

	#[test]
	fn refusals_are_read_by_their_names() {
		for code in CODES {
			let body = format!("{{\"code\":\"{}\",\"message\":\"so\\u001b\"}}", code.name());
			let read = Refusal::read(body.as_bytes());
			assert_eq!(read, Some(Refusal { code, message: "so".into() }));
		}
		assert_eq!(Refusal::read(b"{\"code\":\"tired\",\"message\":\"\"}"), None);
		assert_eq!(Refusal::read(b"<html>Bad Gateway</html>"), None);
		let long = format!("{{\"code\":\"busy\",\"message\":\"{}\"}}", "a".repeat(10_000));
		assert_eq!(Refusal::read(long.as_bytes()).unwrap().message.len(), LONGEST_MESSAGE);
	}

	#[test]
	fn reads_can_always_be_repeated() {
		let lost = [
			Failure::Lost(String::new()),
			Failure::Wrong(Wrong::Signature),
			Failure::Unreachable(String::new()),
		];
		assert!(lost.iter().all(|failure| failure.may_repeat(false)));
		assert!(CODES.iter().all(|code| refused(*code).may_repeat(false)));
	}

	#[test]
	fn what_writes_is_repeated_only_if_nothing_was_done() {
		assert!(Failure::Unreachable(String::new()).may_repeat(true));
		assert!(!Failure::Lost(String::new()).may_repeat(true));
		assert!(!Failure::Wrong(Wrong::OtherId).may_repeat(true));
		for code in CODES {
			assert_eq!(refused(code).may_repeat(true), code != Code::Backend, "{code:?}");
		}
	}

	#[test]
	fn only_what_may_have_been_served_is_paid() {
		assert!(refused(Code::Busy).is_free() && Failure::Unreachable(String::new()).is_free());
		assert!(!Failure::Lost(String::new()).is_free());
		assert!(!Failure::Wrong(Wrong::NotSigned).is_free());
	}
}

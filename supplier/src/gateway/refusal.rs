//! Why a request is not served.

use axum::http::StatusCode;
use serde_json::json;
use std::borrow::Cow;

/// The kinds of refusals, by which a program tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
	/// It is not a relay of this service, or what is asked is not what was signed.
	BadRequest,
	/// No key of the application has signed it.
	NotSigned,
	/// This supplier does not serve the application in the session.
	NotAssigned,
	/// The session is over, or not known here yet.
	WrongSession,
	/// The same request has been served, or is being served.
	AlreadyServed,
	/// The application can pay no more to this supplier in the session.
	CannotPay,
	/// There is too much to do at the moment.
	Busy,
	/// The backend does not answer as it should.
	Backend,
	/// Subscriptions, batches and notifications.
	Unsupported,
}

impl Code {
	pub const ALL: [Self; 9] = [
		Self::BadRequest,
		Self::NotSigned,
		Self::NotAssigned,
		Self::WrongSession,
		Self::AlreadyServed,
		Self::CannotPay,
		Self::Busy,
		Self::Backend,
		Self::Unsupported,
	];

	/// Its name on the wire.
	pub fn name(self) -> &'static str {
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

	/// Its HTTP status.
	pub fn status(self) -> StatusCode {
		match self {
			Self::BadRequest | Self::Unsupported => StatusCode::BAD_REQUEST,
			Self::NotSigned => StatusCode::UNAUTHORIZED,
			Self::CannotPay => StatusCode::PAYMENT_REQUIRED,
			Self::NotAssigned => StatusCode::FORBIDDEN,
			Self::WrongSession | Self::AlreadyServed => StatusCode::CONFLICT,
			Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
			Self::Backend => StatusCode::BAD_GATEWAY,
		}
	}
}

/// A refusal, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
	pub code: Code,
	pub message: Cow<'static, str>,
	/// The nonce of the request, once it is known.
	pub nonce: Option<u64>,
}

impl Refusal {
	pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
		Self { code, message: message.into(), nonce: None }
	}

	/// As it is sent.
	pub fn to_json(&self) -> String {
		let mut json = json!({ "code": self.code.name(), "message": self.message });
		if let Some(nonce) = self.nonce {
			json["nonce"] = nonce.into();
		}
		json.to_string()
	}
}

//! Why a request has no answer, for whoever asked.

use crate::{
	failure::Failure,
	rpc::{code, Refused},
	session::Why,
};
use capacity_oracle_client::{short, AccountId32};
use capacity_protocol::{Balance, SessionIndex, Units};
use serde_json::json;
use std::fmt;

/// A request without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
	pub reason: Reason,
	/// What was tried.
	pub failures: Vec<Failed>,
}

/// An attempt that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
	pub supplier: AccountId32,
	/// What the request weighs, and what that costs.
	pub units: Units,
	pub worth: Balance,
	pub failure: Failure,
}

/// Why nobody, or nobody else, was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
	/// The application is not served.
	NotServed(Why),
	/// It cannot pay any more in this session.
	CannotPay { session: SessionIndex },
	/// Suppliers were asked, and none has answered.
	NoAnswer,
	/// Asking again could do something twice.
	MaybeDone,
}

impl Unanswered {
	/// The error that a JSON-RPC client gets.
	pub fn refused(&self, id: Option<String>) -> Refused {
		let code = match &self.reason {
			Reason::NotServed(_) => code::NOT_SERVED,
			Reason::CannotPay { .. } => code::CANNOT_PAY,
			Reason::NoAnswer => code::NO_ANSWER,
			Reason::MaybeDone => code::MAYBE_DONE,
		};
		let tried = self.failures.iter().map(|failed| {
			json!({
				"supplier": failed.supplier.to_string(),
				"kind": failed.failure.kind(),
				"message": failed.failure.to_string(),
			})
		});
		let data = json!({ "attempts": tried.collect::<Vec<_>>() });
		Refused { id, code, message: self.to_string(), data: Some(data) }
	}
}

impl fmt::Display for Unanswered {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match &self.reason {
			Reason::NotServed(why) => write!(f, "{why}")?,
			Reason::CannotPay { session } => write!(
				f,
				"what the application pays in session {session} is spent: raise its limit or its \
				 deposit, or wait for the next session"
			)?,
			Reason::NoAnswer if self.failures.is_empty() => {
				write!(f, "no supplier of this session says where it answers")?
			}
			Reason::NoAnswer => write!(f, "no supplier has answered")?,
			Reason::MaybeDone => write!(
				f,
				"the answer is lost; the request may have been carried out, so nobody else is asked"
			)?,
		}
		for Failed { supplier, failure, .. } in &self.failures {
			write!(f, "; {}: {failure}", short(&supplier.to_string()))?;
		}
		Ok(())
	}
}

impl std::error::Error for Unanswered {}

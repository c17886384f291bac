//! What happens behind the requests, for whoever wants to know.

use crate::session::{Session, Why};
use capacity_oracle_client::{journal::Journal, short, AccountId32};
use capacity_protocol::{ApplicationIndex, SessionIndex};
use serde_json::{json, Value as Json};
use std::{fmt, sync::Arc};

/// Takes notices.
pub type Tell = Arc<dyn Fn(Notice) + Send + Sync>;

/// Something that is worth a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
	/// A session is used from now on, or its suppliers answer elsewhere.
	Session {
		session: SessionIndex,
		application: ApplicationIndex,
		suppliers: Vec<(AccountId32, Option<String>)>,
	},
	/// There is no session to use.
	NotServed(Why),
	/// The chain cannot be read.
	Away { why: String },
	/// A supplier failed, and is asked last for a while.
	Resting { supplier: AccountId32, why: String },
	/// A supplier's answer was not what it must be.
	Misbehaved { supplier: AccountId32, why: String },
	/// A supplier does not take requests of the application in this session.
	Closed { session: SessionIndex, supplier: AccountId32, why: String },
	/// Everything that can be paid in a session has been asked for.
	Spent { session: SessionIndex },
	/// Two suppliers gave different answers to the same request.
	Different { session: SessionIndex, method: String, one: AccountId32, other: AccountId32 },
}

impl Notice {
	/// The session that is used from now on.
	pub fn of_session(session: &Session) -> Self {
		let suppliers = session.seats.iter();
		let suppliers = suppliers
			.map(|seat| (seat.supplier.account, seat.url.as_ref().map(|url| url.to_string())));
		Self::Session {
			session: session.index,
			application: session.application,
			suppliers: suppliers.collect(),
		}
	}

	/// Writes the notice into a journal.
	pub fn write(&self, journal: &Journal) {
		let (name, session, fields) = self.parts();
		journal.say(name, session, self, fields);
	}

	fn parts(&self) -> (&'static str, Option<SessionIndex>, Json) {
		let id = |account: &AccountId32| account.to_string();
		match self {
			Self::Session { session, application, suppliers } => {
				let suppliers: Vec<_> = suppliers
					.iter()
					.map(|(supplier, url)| json!({"supplier": id(supplier), "endpoint": url}))
					.collect();
				let fields = json!({"application": application, "suppliers": suppliers});
				("session", Some(*session), fields)
			}
			Self::NotServed(_) => ("not-served", None, json!({})),
			Self::Away { .. } => ("warning", None, json!({})),
			Self::Resting { supplier, .. } => ("resting", None, json!({"supplier": id(supplier)})),
			Self::Misbehaved { supplier, .. } => {
				("misbehaved", None, json!({"supplier": id(supplier)}))
			}
			Self::Closed { session, supplier, .. } => {
				("closed", Some(*session), json!({"supplier": id(supplier)}))
			}
			Self::Spent { session } => ("spent", Some(*session), json!({})),
			Self::Different { session, method, one, other } => (
				"different",
				Some(*session),
				json!({"method": method, "suppliers": [id(one), id(other)]}),
			),
		}
	}
}

impl fmt::Display for Notice {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let name = |account: &AccountId32| short(&account.to_string());
		match self {
			Self::Session { application, suppliers, .. } => {
				let named = suppliers.iter().map(|(supplier, url)| match url {
					Some(url) => format!("{} at {url}", name(supplier)),
					None => format!("{}, which does not say where", name(supplier)),
				});
				let named = named.collect::<Vec<_>>().join(", ");
				write!(f, "application {application} is served by {named}")
			}
			Self::NotServed(why) => write!(f, "not served: {why}"),
			Self::Away { why } => write!(f, "the chain cannot be read: {why}"),
			Self::Resting { supplier, why } => {
				write!(f, "{} is asked last for a while: {why}", name(supplier))
			}
			Self::Misbehaved { supplier, why } => {
				write!(f, "{} does not do what it must: {why}", name(supplier))
			}
			Self::Closed { supplier, why, .. } => {
				write!(f, "{} is not asked any more in this session: {why}", name(supplier))
			}
			Self::Spent { .. } => write!(
				f,
				"all that the application pays in a session has been asked for: raise it with \
				 `application limit` or `application deposit`, or wait for the next session"
			),
			Self::Different { method, one, other, .. } => write!(
				f,
				"{} and {} give different answers to the same {method}",
				name(one),
				name(other)
			),
		}
	}
}

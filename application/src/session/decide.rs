//! Which session an application is served in, given what the chain says.
//!
//! Requests of a session are bound to its seed, which is known some blocks after its start. Until then
//! an application goes on with the session before, as long as its suppliers have not made their claims.

use crate::spending::Payable;
use capacity_oracle_client::AccountId32;
use capacity_protocol::{
	ApplicationIndex, ApplicationStatus, Assignment, Balance, ClockStatus, PriceList, Seed,
	ServiceId, SessionIndex, SigningKey, Tick,
};
use std::fmt;

/// What the chain says after one block.
#[derive(Clone, Debug)]
pub struct Sight {
	pub service: ServiceId,
	pub clock: ClockStatus,
	pub application: Option<(ApplicationIndex, ApplicationStatus<AccountId32>)>,
	/// Sessions whose seeds are known: the current one, or else the one before.
	pub rounds: Vec<Round>,
}

/// A session whose seed is known.
#[derive(Clone, Debug)]
pub struct Round {
	pub session: SessionIndex,
	pub seed: Seed,
	pub prices: PriceList,
	pub unit_price: Balance,
	/// First tick at which its claims are accepted, and first at which they no longer are.
	pub claims_open: Tick,
	pub claims_close: Tick,
	pub assignments: Vec<Assignment<AccountId32>>,
	pub payable: Payable,
}

/// Why an application is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
	/// The account is no application.
	NoApplication,
	/// The application, or its key, is too new.
	NotYet { from: SessionIndex, now: SessionIndex },
	/// The application was closed.
	Closed { until: SessionIndex },
	/// The application has no such key, or not any more.
	NoKey,
	/// The session's seed is not known, and the one before is over.
	AwaitingSeed { session: SessionIndex },
	/// Nobody was drawn to serve it.
	Nobody { session: SessionIndex },
}

impl Why {
	/// Whether it passes by itself.
	pub fn passes(&self) -> bool {
		matches!(self, Self::NotYet { .. } | Self::AwaitingSeed { .. } | Self::Nobody { .. })
	}
}

impl fmt::Display for Why {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NoApplication => write!(
				f,
				"the account is no application of this service: make it one with `application deposit`"
			),
			Self::NotYet { from, now } => write!(
				f,
				"the application is served with this key from session {from} on, and it is session {now}"
			),
			Self::Closed { until } => write!(
				f,
				"the application was closed with session {until}: take the deposit back with \
				 `application reclaim`"
			),
			Self::NoKey => write!(
				f,
				"the application has not registered this signing key: add it with `application keys add`"
			),
			Self::AwaitingSeed { session } => {
				write!(f, "the seed of session {session} is not known yet")
			}
			Self::Nobody { session } => {
				write!(f, "there is no supplier to serve the application in session {session}")
			}
		}
	}
}

/// The session to use, and the number in it of the key that signs.
pub fn decide<'a>(sight: &'a Sight, key: &SigningKey) -> Result<(&'a Round, u8), Why> {
	let now = sight.clock.session;
	let (_, application) = sight.application.as_ref().ok_or(Why::NoApplication)?;
	let usable = |round: &Round| {
		let session = round.session;
		let lasts = match session == now {
			true => true,
			false => session < now && sight.clock.tick < last_call(round),
		};
		let number = key_number(application, key, session)?;
		(lasts && !round.assignments.is_empty()).then_some(number)
	};
	let current = sight.rounds.iter().find(|round| round.session == now);
	// Once the current session's seed is known, the claims for the one before are made.
	let candidates = match current {
		Some(current) => std::slice::from_ref(current),
		None => &sight.rounds[..],
	};
	let found =
		candidates.iter().filter_map(|round| usable(round).map(|number| (round, number))).next();
	found.ok_or_else(|| why_not(application, key, now, current))
}

/// The number of a key that can sign in a session in which the application is served.
fn key_number(
	application: &ApplicationStatus<AccountId32>,
	key: &SigningKey,
	session: SessionIndex,
) -> Option<u8> {
	let holds = |from: SessionIndex, until: Option<SessionIndex>| {
		from <= session && until.is_none_or(|until| session < until)
	};
	let served = holds(application.from, application.until);
	let known = application.keys.iter().find(|k| k.key == *key && holds(k.from, k.until))?;
	served.then_some(known.number)
}

/// The tick from which on suppliers claim a session's relays, whether the next one has a seed or not:
/// a few before the window closes.
fn last_call(round: &Round) -> Tick {
	const SPARE: Tick = 3;
	let window = round.claims_close.saturating_sub(round.claims_open);
	round.claims_close.saturating_sub(SPARE.min(window / 3))
}

fn why_not(
	application: &ApplicationStatus<AccountId32>,
	key: &SigningKey,
	now: SessionIndex,
	current: Option<&Round>,
) -> Why {
	if let Some(until) = application.until.filter(|until| *until <= now) {
		return Why::Closed { until };
	}
	let keys = application.keys.iter().filter(|known| known.key == *key);
	let Some(first) =
		keys.filter(|known| known.until.is_none_or(|until| now < until)).map(|k| k.from).min()
	else {
		return Why::NoKey;
	};
	match first.max(application.from) {
		from if from > now => Why::NotYet { from, now },
		_ if current.is_some() => Why::Nobody { session: now },
		_ => Why::AwaitingSeed { session: now },
	}
}

#[cfg(test)]
pub(crate) mod tests {
	use super::*;
	use crate::session::tests::account;
	use capacity_protocol::{KeyStatus, Ranks};

	pub(crate) const KEY: SigningKey = [5; 32];

	/// The application is served from session 3 on; its key holds in sessions 5 to 9.
	pub(crate) fn application() -> ApplicationStatus<AccountId32> {
		ApplicationStatus {
			account: account(200),
			from: 3,
			until: None,
			keys: vec![
				KeyStatus { number: 0, key: [4; 32], from: 3, until: None },
				KeyStatus { number: 1, key: KEY, from: 5, until: Some(10) },
			],
			deposit: 1_000,
			reserved: 0,
			paid: 0,
			limit: 500,
			limit_next: 500,
		}
	}

	/// A session of ten ticks, whose claims can be made in the first nine of the next.
	pub(crate) fn round(session: SessionIndex) -> Round {
		let assignment = |byte: u8, rank| Assignment {
			ranks: Ranks::of(5, |drawn| drawn == rank),
			slot: byte.into(),
			supplier: account(byte),
			endpoint: format!("http://127.0.0.1:{}", 8_000 + u16::from(byte)).into_bytes(),
		};
		Round {
			session,
			seed: [session as u8; 32],
			prices: PriceList::flat(10),
			unit_price: 5,
			claims_open: (session + 1) * 10,
			claims_close: (session + 1) * 10 + 9,
			assignments: vec![assignment(1, 0), assignment(2, 2)],
			payable: Payable { total: 100, part: 50, claimed: 0 },
		}
	}

	pub(crate) fn sight(session: SessionIndex, tick: Tick, known: SessionIndex) -> Sight {
		let session_ends = (session + 1) * 10;
		Sight {
			service: 0,
			clock: ClockStatus { session, tick, session_ends, stalled: 0 },
			application: Some((3, application())),
			rounds: vec![round(known)],
		}
	}

	fn decided(sight: &Sight) -> Result<(SessionIndex, u8), Why> {
		decide(sight, &KEY).map(|(round, number)| (round.session, number))
	}

	#[test]
	fn the_current_session_is_used_once_its_seed_is_known() {
		assert_eq!(decided(&sight(7, 75, 7)), Ok((7, 1)));
	}

	#[test]
	fn until_then_the_one_before_is_used_while_it_is_not_claimed() {
		assert_eq!(decided(&sight(7, 70, 6)), Ok((6, 1)));
		assert_eq!(decided(&sight(7, 75, 6)), Ok((6, 1)));
		// Its claims close at 79: three ticks before, suppliers make them.
		assert_eq!(decided(&sight(7, 76, 6)), Err(Why::AwaitingSeed { session: 7 }));
	}

	#[test]
	fn of_a_short_window_a_third_is_left_for_claims() {
		let mut short = sight(7, 71, 6);
		short.rounds[0].claims_close = 73;
		assert_eq!(decided(&short), Ok((6, 1)));
		short.clock.tick = 72;
		assert_eq!(decided(&short), Err(Why::AwaitingSeed { session: 7 }));
	}

	#[test]
	fn an_older_session_is_not_used() {
		assert_eq!(decided(&sight(8, 80, 6)), Err(Why::AwaitingSeed { session: 8 }));
	}

	#[test]
	fn an_application_is_served_from_a_session_on_and_until_another() {
		let mut late = sight(7, 75, 7);
		late.application.as_mut().unwrap().1.from = 8;
		assert_eq!(decided(&late), Err(Why::NotYet { from: 8, now: 7 }));
		let mut closed = sight(7, 75, 7);
		closed.application.as_mut().unwrap().1.until = Some(7);
		assert_eq!(decided(&closed), Err(Why::Closed { until: 7 }));
		closed.application.as_mut().unwrap().1.until = Some(8);
		assert_eq!(decided(&closed), Ok((7, 1)));
		closed.application = None;
		assert_eq!(decided(&closed), Err(Why::NoApplication));
	}

	#[test]
	fn a_key_signs_in_its_own_sessions_only() {
		assert_eq!(decided(&sight(4, 45, 4)), Err(Why::NotYet { from: 5, now: 4 }));
		assert_eq!(decided(&sight(5, 55, 5)), Ok((5, 1)));
		assert_eq!(decided(&sight(9, 95, 9)), Ok((9, 1)));
		assert_eq!(decided(&sight(10, 105, 10)), Err(Why::NoKey));
		assert_eq!(decide(&sight(7, 75, 7), &[6; 32]).unwrap_err(), Why::NoKey);
		// In session 5 the key is good, but not for what is left of session 4.
		assert_eq!(decided(&sight(5, 50, 4)), Err(Why::AwaitingSeed { session: 5 }));
	}

	#[test]
	fn without_a_supplier_nobody_serves() {
		let mut alone = sight(7, 75, 7);
		alone.rounds[0].assignments.clear();
		assert_eq!(decided(&alone), Err(Why::Nobody { session: 7 }));
	}
}

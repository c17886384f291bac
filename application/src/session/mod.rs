//! One session, as an application sees it: who may serve it, where, at which prices.

mod decide;
mod follow;
mod oracle;

pub use decide::{decide, Round, Sight, Why};
pub use follow::{Oracle, Sessions};
pub use oracle::ChainOracle;

use crate::{
	choice::{choose, Candidate, Dice},
	spending::{Room, Spending},
	supplier::{Supplier, Underway},
};
use capacity_oracle_client::AccountId32;
use capacity_protocol::{
	ApplicationIndex, Balance, MethodId, PriceList, RelayContext, Seed, ServiceId, SessionIndex,
	Units,
};
use reqwest::Url;
use std::{sync::Arc, time::Instant};

/// A session in which an application is served. What changes while it lasts is shared with the views
/// of it that were taken earlier: its books, and how its suppliers do.
#[derive(Debug)]
pub struct Session {
	pub service: ServiceId,
	pub index: SessionIndex,
	pub seed: Seed,
	pub application: ApplicationIndex,
	/// The number of the key that signs.
	pub key: u8,
	/// What requests weigh, and what a compute unit costs.
	pub prices: PriceList,
	pub unit_price: Balance,
	/// Who may serve.
	pub seats: Vec<Seat>,
	pub spending: Arc<Spending>,
}

/// A supplier that may serve.
#[derive(Debug)]
pub struct Seat {
	pub supplier: Arc<Supplier>,
	/// The application's draws that fell to it.
	pub draws: u32,
	/// Where requests go, if it has said so in a way that can be understood.
	pub url: Option<Url>,
	/// What all requests to it in this session have in common.
	pub context: RelayContext,
}

/// A supplier that was chosen for a request. The request is in the books, and counts as under way
/// until this is dropped.
#[derive(Debug)]
pub struct Choice<'a> {
	pub seat: &'a Seat,
	pub url: &'a Url,
	pub units: Units,
	_underway: Underway,
}

impl Session {
	/// What a request of a method weighs.
	pub fn units(&self, method: MethodId) -> Units {
		self.prices.units(method).into()
	}

	/// What `units` cost.
	pub fn worth(&self, units: Units) -> Balance {
		self.unit_price.saturating_mul(units.into())
	}

	/// Chooses a supplier for a request of `units`, none of those that have been `tried`, and enters
	/// the request in the books. None if there is nobody who can be asked and paid.
	pub fn choose(&self, units: Units, tried: &[AccountId32], dice: &Dice) -> Option<Choice<'_>> {
		loop {
			let seat = self.seats.get(choose(&self.candidates(units, tried), dice)?)?;
			let url = seat.url.as_ref()?;
			if self.spending.reserve(units, &seat.supplier.account) {
				return Some(Choice { seat, url, units, _underway: seat.supplier.begin() });
			}
			// Another request has closed this seat meanwhile, or spent the rest.
		}
	}

	fn candidates(&self, units: Units, tried: &[AccountId32]) -> Vec<Option<Candidate>> {
		let now = Instant::now();
		let rooms = self.spending.rooms(units, self.payees());
		let candidate = |(seat, room): (&Seat, Room)| {
			let able = seat.url.is_some() && !tried.contains(&seat.supplier.account);
			let draws = seat.draws;
			able.then(|| Candidate { draws, standing: seat.supplier.standing(now), room })
		};
		self.seats.iter().zip(rooms).map(candidate).collect()
	}

	/// The units that suppliers were asked for so far.
	pub fn asked(&self) -> Units {
		self.spending.figures().1
	}

	/// Whether nobody can be paid for a request of `units`, tried or not.
	pub fn is_spent(&self, units: Units) -> bool {
		self.spending.rooms(units, self.payees()).iter().all(|room| *room == Room::None)
	}

	/// Who may serve, and how many draws fell to each.
	fn payees(&self) -> impl Iterator<Item = (&AccountId32, u32)> {
		self.seats.iter().map(|seat| (&seat.supplier.account, seat.draws))
	}
}

/// Where requests go to a supplier that answers at `endpoint`.
pub fn relay_url(endpoint: &[u8]) -> Option<Url> {
	let text = std::str::from_utf8(endpoint).ok()?.trim_end_matches('/');
	let url = Url::parse(&format!("{text}/")).ok()?;
	matches!(url.scheme(), "http" | "https").then_some(url)
}

#[cfg(test)]
pub(crate) mod tests {
	use super::*;
	use crate::spending::Payable;
	use capacity_oracle_client::relay::context;

	pub(crate) fn account(byte: u8) -> AccountId32 {
		AccountId32([byte; 32])
	}

	/// A session with two suppliers, in which a hundred units can be paid.
	pub(crate) fn session() -> Session {
		let seed = [9; 32];
		let seat = |byte: u8| Seat {
			supplier: Arc::new(Supplier::new(account(byte))),
			draws: 1,
			url: relay_url(format!("http://127.0.0.1:{}", 8_000 + u16::from(byte)).as_bytes()),
			context: context(&seed, 0, &account(byte), 3),
		};
		let session = Session {
			service: 0,
			index: 7,
			seed,
			application: 3,
			key: 1,
			prices: PriceList::flat(10),
			unit_price: 5,
			seats: vec![seat(1), seat(2)],
			spending: Arc::default(),
		};
		session.spending.set_payable(Payable { total: 100, part: 50, claimed: 0 });
		session
	}

	#[test]
	fn endpoints_are_understood_with_and_without_their_last_slash() {
		let url = |text: &str| relay_url(text.as_bytes()).map(|url| url.to_string());
		assert_eq!(url("http://a.b:80/x"), Some("http://a.b/x/".into()));
		assert_eq!(url("https://a.b/"), Some("https://a.b/".into()));
		assert_eq!(url("ftp://a.b"), None);
		assert_eq!(url(""), None);
		assert_eq!(relay_url(&[0xff]), None);
	}

	#[test]
	fn a_choice_is_in_the_books_and_under_way_until_it_is_dropped() {
		let (session, dice) = (session(), Dice::new(1));
		let choice = session.choose(10, &[account(2)], &dice).unwrap();
		assert_eq!(choice.seat.supplier.account, account(1));
		assert_eq!(session.spending.figures().1, 10);
		let busy = choice.seat.supplier.standing(Instant::now()).cost;
		drop(choice);
		assert!(session.seats[0].supplier.standing(Instant::now()).cost < busy);
		assert_eq!(session.spending.figures().1, 10, "it may have been served");
	}

	#[test]
	fn nobody_is_chosen_once_everything_is_spent() {
		let (session, dice) = (session(), Dice::new(1));
		let chosen = (0..20).filter(|_| session.choose(10, &[], &dice).is_some()).count();
		assert_eq!(chosen, 10);
		assert!(session.is_spent(10));
		let asked = session.spending.rooms(0, session.payees());
		assert_eq!(asked, [Room::Within, Room::Within], "both parts were used to the full");
	}

	#[test]
	fn whoever_does_not_say_where_it_answers_is_not_chosen() {
		let (mut session, dice) = (session(), Dice::new(1));
		session.seats[0].url = None;
		let chosen = session.choose(10, &[], &dice).unwrap();
		assert_eq!(chosen.seat.supplier.account, account(2));
		assert!(session.choose(10, &[account(2)], &dice).is_none());
	}
}

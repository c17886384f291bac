//! What was served to whom.

use super::Entry;
use crate::store::{KeptSession, RelayPath};
use capacity_protocol::{
	assigned_unit, ApplicationIndex, Ranks, Relay, RelaySession, SeatStatus, ServiceId, Units,
};
use std::collections::BTreeMap;
use sum_trie::Blake2b256;

/// What was served to one application in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
	pub entry: Entry,
	pub relays: u64,
}

/// The draws of an application that fall to the bid in `seat`, which may serve it if there is any.
pub fn ranks(
	session: &RelaySession,
	service: ServiceId,
	seat: &SeatStatus,
	application: ApplicationIndex,
) -> Ranks {
	let RelaySession { seed, units, .. } = session;
	Ranks::of(session.terms.suppliers, |rank| {
		seat.holds(assigned_unit::<Blake2b256>(seed, service, application, rank, *units))
	})
}

/// What was served to each application, in their order.
pub fn tally(
	session: &KeptSession,
	service: ServiceId,
	relays: &[(RelayPath, Relay)],
) -> Vec<Tally> {
	let mut sums: BTreeMap<ApplicationIndex, (u64, Units)> = BTreeMap::new();
	for (_, relay) in relays {
		let (count, units) = sums.entry(relay.application).or_default();
		*count = count.saturating_add(1);
		*units = units.saturating_add(weight(session, relay));
	}
	let entry = |(application, (relays, units))| {
		// Nothing is served to whom it must not.
		let ranks = ranks(&session.terms, service, &session.seat, application);
		let entry = Entry { application, ranks, units };
		(!ranks.is_empty()).then_some(Tally { entry, relays })
	};
	sums.into_iter().filter_map(entry).collect()
}

/// What a relay weighs.
pub fn weight(session: &KeptSession, relay: &Relay) -> Units {
	session.terms.terms.prices.units(relay.request.method).into()
}

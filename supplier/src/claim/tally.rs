//! What was served to whom.

use super::Entry;
use crate::store::{KeptSession, RelayPath};
use capacity_protocol::{
	assigned_slot, ApplicationIndex, Relay, RelaySession, ServiceId, Slot, Units,
};
use std::collections::BTreeMap;
use sum_trie::Blake2b256;

/// What was served to one application in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
	pub entry: Entry,
	pub relays: u64,
}

/// The lowest rank by which whoever has `slot` may serve an application.
pub fn rank(
	session: &RelaySession,
	service: ServiceId,
	slot: Slot,
	application: ApplicationIndex,
) -> Option<u8> {
	(0..session.terms.suppliers).find(|rank| {
		let RelaySession { seed, slots, .. } = session;
		assigned_slot::<Blake2b256>(seed, service, application, *rank, *slots) == slot
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
		let rank = rank(&session.terms, service, session.slot, application)?;
		Some(Tally { entry: Entry { application, rank, units }, relays })
	};
	sums.into_iter().filter_map(entry).collect()
}

/// What a relay weighs.
pub fn weight(session: &KeptSession, relay: &Relay) -> Units {
	session.terms.terms.prices.units(relay.request.method).into()
}

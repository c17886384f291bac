//! Relays that nobody asked for, for those who lie.

use crate::{lie::Lie, store::KeptSession};
use capacity_oracle_client::{relay::context, AccountId32};
use capacity_protocol::{
	ApplicationIndex, MethodId, Relay, RelayRequest, RequestSignature, ServiceId, Units,
};
use codec::Encode;
use sum_trie::{Blake2b256, Hasher, Leaf};

/// Of what was served, the share that is made up in addition by those who hide it.
const HIDDEN: f64 = 0.1;

/// How many units are claimed of an application that was served `units`: those, unless this supplier
/// is to lie. What is added is a whole number of made-up requests.
pub fn padded(units: Units, lie: Option<Lie>, session: &KeptSession) -> Units {
	let share = match lie {
		Some(Lie::Pads(times)) => times - 1.0,
		Some(Lie::Dilutes(_)) => HIDDEN,
		_ => return units,
	};
	let more = (units as f64 * share).ceil() as Units;
	let one = Units::from(session.terms.terms.prices.units(made_up_method()));
	units.saturating_add(more.div_ceil(one.max(1)).saturating_mul(one))
}

/// Leaves worth `units` that an application never asked for, always the same ones. They look like
/// any other but for the signature, which nobody but the application could make.
pub fn padding<'a>(
	session: &'a KeptSession,
	service: ServiceId,
	supplier: &AccountId32,
	application: ApplicationIndex,
	units: Units,
) -> impl Iterator<Item = Leaf> + 'a {
	let context = context(&session.terms.seed, service, supplier, application);
	let weight = Units::from(session.terms.terms.prices.units(made_up_method()));
	(0..units / weight.max(1)).map(move |number| {
		let part = |name: &[u8]| Blake2b256::hash(&[b"made up", name, &number.to_le_bytes()]);
		let nonce = part(b"nonce").first_chunk().map_or(number, |bytes| u64::from_le_bytes(*bytes));
		let request = RelayRequest { method: made_up_method(), nonce, payload: part(b"payload") };
		let mut signature: RequestSignature = [0; 64];
		let (left, right) = signature.split_at_mut(32);
		left.copy_from_slice(&part(b"left"));
		right.copy_from_slice(&part(b"right"));
		let response = part(b"response");
		let relay = Relay { application, key: 0, request, signature, response };
		let path = Relay::path(application, &context.digest::<Blake2b256>(&request));
		Leaf { path, value: relay.encode(), weight }
	})
}

/// One that no list of prices names, so that it weighs what is usual.
fn made_up_method() -> MethodId {
	capacity_protocol::method_id::<Blake2b256>("nobody_asked")
}

//! Real relays of an application of one's own, for those who hide what they made up among them.

use crate::store::{KeptSession, RelayPath};
use capacity_oracle_client::{relay::context, AccountId32, Keypair};
use capacity_protocol::{
	ApplicationIndex, MethodId, PriceList, Relay, RelayRequest, ServiceId, Units,
};
use sum_trie::{Blake2b256, Hasher};

/// A supplier that is an application as well, by one of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnApplication {
	pub index: ApplicationIndex,
	/// The number of the key that signs: that of the supplier's account.
	pub key: u8,
}

/// Relays worth about `units` that the application of `signer` asks of itself. The chain cannot tell
/// them from others: they are signed, and it does not see what was answered.
pub fn dilution<'a>(
	session: &'a KeptSession,
	service: ServiceId,
	signer: &'a Keypair,
	own: OwnApplication,
	units: Units,
) -> impl Iterator<Item = (RelayPath, Relay)> + 'a {
	let supplier: AccountId32 = signer.public_key().to_account_id();
	let context = context(&session.terms.seed, service, &supplier, own.index);
	let (method, weight) = dearest(&session.terms.terms.prices);
	let number = units.checked_div(weight.into()).unwrap_or(0);
	(0..number).map(move |nonce| {
		let hash = |name: &[u8]| Blake2b256::hash(&[b"of its own", name, &nonce.to_le_bytes()]);
		let request = RelayRequest { method, nonce, payload: hash(b"payload") };
		let digest = context.digest::<Blake2b256>(&request);
		let relay = Relay {
			application: own.index,
			key: own.key,
			request,
			signature: signer.sign(&digest).0,
			response: hash(b"response"),
		};
		(Relay::path(own.index, &digest), relay)
	})
}

/// The method that weighs most, so that few relays are enough, and its weight.
fn dearest(prices: &PriceList) -> (MethodId, u32) {
	let listed = prices.methods.iter().filter(|price| price.units > 0);
	let listed = listed.map(|price| (price.method, price.units));
	let usual = (capacity_protocol::method_id::<Blake2b256>("of_its_own"), prices.usual);
	listed.chain([usual]).max_by_key(|(_, units)| *units).unwrap_or(usual)
}

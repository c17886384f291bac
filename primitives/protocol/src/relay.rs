//! Relays: what an application signs, what a supplier commits to, and how one of them is checked.

use crate::{ApplicationIndex, Seed, ServiceId, Units, Work, WorkError};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sum_trie::{Hasher, Path};

/// A key with which an application, or whom it trusts, signs requests.
pub type SigningKey = [u8; 32];
/// A signature over a request's digest.
pub type RequestSignature = [u8; 64];
/// The first bytes of the hash of a method's name.
pub type MethodId = [u8; 4];

/// How requests are signed.
pub trait Signatures {
	/// Whether `signature` is that of `key` over `message`.
	fn verify(signature: &RequestSignature, message: &[u8; 32], key: &SigningKey) -> bool;
}

/// By what a price list knows a method: the first bytes of the hash of its name.
pub fn method_id<H: Hasher>(name: &str) -> MethodId {
	let mut id = MethodId::default();
	id.iter_mut().zip(H::hash(&[b"method", name.as_bytes()])).for_each(|(to, from)| *to = from);
	id
}

/// What a request of one method weighs.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct MethodPrice {
	pub method: MethodId,
	/// In compute units; zero in an entry that is not used.
	pub units: u32,
}

/// What requests weigh, in compute units.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct PriceList {
	/// Any method that is not listed.
	pub usual: u32,
	/// Methods that weigh something else.
	pub methods: [MethodPrice; PriceList::LENGTH],
}

impl PriceList {
	/// Methods that can have a weight of their own.
	pub const LENGTH: usize = 8;

	/// Every request weighs the same.
	pub fn flat(units: u32) -> Self {
		Self { usual: units, ..Self::default() }
	}

	/// What a request of `method` weighs.
	pub fn units(&self, method: MethodId) -> u32 {
		let listed = self.methods.iter().find(|price| price.units > 0 && price.method == method);
		listed.map_or(self.usual, |price| price.units)
	}
}

/// What all requests of one application to one supplier in one session have in common. The seed of
/// the session says which session of which chain; nobody could know it before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayContext(pub [u8; 32]);

impl RelayContext {
	/// `supplier` is the encoded account.
	pub fn new<H: Hasher>(
		session_seed: &Seed,
		service: ServiceId,
		supplier: &[u8],
		application: ApplicationIndex,
	) -> Self {
		let (service, application) = (service.to_le_bytes(), application.to_le_bytes());
		Self(H::hash(&[b"relay context", session_seed, &service, &application, supplier]))
	}

	/// What the application signs.
	pub fn digest<H: Hasher>(&self, request: &RelayRequest) -> [u8; 32] {
		H::hash(&[
			b"relay",
			&self.0,
			&request.method,
			&request.nonce.to_le_bytes(),
			&request.payload,
		])
	}
}

/// A request, as the application signs it: all that is not said by its [`RelayContext`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct RelayRequest {
	/// Decides what the request weighs.
	pub method: MethodId,
	/// No two requests of an application to the same supplier in a session have the same.
	pub nonce: u64,
	/// Hash of what is asked.
	pub payload: [u8; 32],
}

/// A served relay: the content of one leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Relay {
	pub application: ApplicationIndex,
	/// Which of the application's signing keys has signed.
	pub key: u8,
	pub request: RelayRequest,
	pub signature: RequestSignature,
	/// Hash of the answer.
	pub response: [u8; 32],
}

impl Relay {
	/// Length of a leaf's content, in bytes.
	pub const LENGTH: usize = 4 + 1 + 4 + 8 + 32 + 64 + 32;

	/// The path at which a relay's leaf stands: a prefix of the application's own, then the digest of
	/// what it signed. So one request counts once, whatever was answered, and the relays of one
	/// application are one contiguous range.
	pub fn path(application: ApplicationIndex, digest: &[u8; 32]) -> Path {
		let mut path = *digest;
		path.iter_mut().zip(prefix(application)).for_each(|(to, from)| *to = from);
		path
	}
}

/// The first bytes of the paths of an application's relays. Zero is the protocol's own prefix.
fn prefix(application: ApplicationIndex) -> [u8; 4] {
	application.saturating_add(1).to_be_bytes()
}

/// What a relay is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayTask {
	pub context: RelayContext,
	/// Whose relays are looked for.
	pub application: ApplicationIndex,
	/// Its signing keys, by their number; none where there is no key any more.
	pub keys: Vec<Option<SigningKey>>,
}

/// The work of serving requests: a piece of it is a [`Relay`].
#[derive(Clone, Copy, Debug)]
pub struct Relaying<S> {
	prices: PriceList,
	signatures: PhantomData<S>,
}

impl<S> Relaying<S> {
	/// Under these prices.
	pub fn new(prices: PriceList) -> Self {
		Self { prices, signatures: PhantomData }
	}
}

/// A signature takes about as long to check as so many hashes.
const SIGNATURE: u32 = 200;

impl<S: Signatures> Work for Relaying<S> {
	type Task = RelayTask;

	fn check<H: Hasher>(
		&self,
		task: &RelayTask,
		content: &[u8],
	) -> Result<(Path, Units), WorkError> {
		if content.len() != Relay::LENGTH {
			return Err(WorkError::Malformed);
		}
		let relay = Relay::decode(&mut &content[..]).map_err(|_| WorkError::Malformed)?;
		if relay.application != task.application {
			return Err(WorkError::OtherPayer);
		}
		let key = task.keys.get(usize::from(relay.key)).copied().flatten();
		let digest = task.context.digest::<H>(&relay.request);
		if !key.is_some_and(|key| S::verify(&relay.signature, &digest, &key)) {
			return Err(WorkError::NotSigned);
		}
		let units = self.prices.units(relay.request.method);
		Ok((Relay::path(relay.application, &digest), units.into()))
	}

	fn hashes(&self) -> u32 {
		SIGNATURE.saturating_add(1)
	}

	fn max_content(&self) -> u32 {
		Relay::LENGTH as u32
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;
	use sum_trie::Blake2b256 as H;

	/// Whoever knows the key can sign: enough to see what is checked.
	struct Toy;
	impl Toy {
		fn sign(message: &[u8; 32], key: &SigningKey) -> RequestSignature {
			let mut signature = [0; 64];
			signature[..32].copy_from_slice(&H::hash(&[message, key]));
			signature
		}
	}
	impl Signatures for Toy {
		fn verify(signature: &RequestSignature, message: &[u8; 32], key: &SigningKey) -> bool {
			*signature == Self::sign(message, key)
		}
	}

	const KEY: SigningKey = [5; 32];
	const REQUEST: RelayRequest = RelayRequest { method: [1; 4], nonce: 7, payload: [2; 32] };

	fn context() -> RelayContext {
		RelayContext::new::<H>(&[9; 32], 0, b"supplier", 3)
	}

	fn task() -> RelayTask {
		RelayTask { context: context(), application: 3, keys: vec![None, Some(KEY)] }
	}

	fn relay() -> Relay {
		let signature = Toy::sign(&context().digest::<H>(&REQUEST), &KEY);
		Relay { application: 3, key: 1, request: REQUEST, signature, response: [8; 32] }
	}

	fn prices() -> PriceList {
		let mut prices = PriceList::flat(2);
		prices.methods[5] = MethodPrice { method: [1; 4], units: 40 };
		prices
	}

	fn check(relay: Relay) -> Result<(Path, u64), WorkError> {
		Relaying::<Toy>::new(prices()).check::<H>(&task(), &relay.encode())
	}

	#[test]
	fn a_signed_request_is_worth_what_the_price_list_says() {
		let (path, units) = check(relay()).unwrap();
		assert_eq!(units, 40);
		assert_eq!(path[..4], [0, 0, 0, 4], "its application's prefix");
		assert_eq!(path[4..], context().digest::<H>(&REQUEST)[4..]);
	}

	#[test]
	fn another_answer_to_the_same_request_stands_in_the_same_place() {
		let other = Relay { response: [1; 32], ..relay() };
		assert_eq!(check(other), check(relay()));
	}

	#[test]
	fn what_the_application_did_not_sign_is_refused() {
		let cheaper = RelayRequest { method: [0; 4], ..REQUEST };
		let again = RelayRequest { nonce: 8, ..REQUEST };
		let other = RelayRequest { payload: [3; 32], ..REQUEST };
		for request in [cheaper, again, other] {
			assert_eq!(check(Relay { request, ..relay() }), Err(WorkError::NotSigned));
		}
		assert_eq!(check(Relay { key: 0, ..relay() }), Err(WorkError::NotSigned), "no such key");
		assert_eq!(check(Relay { key: 9, ..relay() }), Err(WorkError::NotSigned), "no such key");
		assert_eq!(check(Relay { signature: [0; 64], ..relay() }), Err(WorkError::NotSigned));
	}

	#[test]
	fn a_request_is_for_one_session_service_and_supplier() {
		let elsewhere = [
			RelayContext::new::<H>(&[8; 32], 0, b"supplier", 3),
			RelayContext::new::<H>(&[9; 32], 1, b"supplier", 3),
			RelayContext::new::<H>(&[9; 32], 0, b"another", 3),
			RelayContext::new::<H>(&[9; 32], 0, b"supplier", 4),
		];
		for context in elsewhere {
			let checked = Relaying::<Toy>::new(prices())
				.check::<H>(&RelayTask { context, ..task() }, &relay().encode());
			assert_eq!(checked, Err(WorkError::NotSigned));
		}
	}

	#[test]
	fn another_applications_relay_is_refused() {
		assert_eq!(check(Relay { application: 4, ..relay() }), Err(WorkError::OtherPayer));
	}

	#[test]
	fn a_relay_is_as_long_as_it_says() {
		assert_eq!(relay().encode().len(), Relay::LENGTH);
		let work = Relaying::<Toy>::new(prices());
		for length in [0, 1, Relay::LENGTH - 1, Relay::LENGTH + 1] {
			let mut content = relay().encode();
			content.resize(length, 0);
			assert_eq!(work.check::<H>(&task(), &content), Err(WorkError::Malformed));
		}
	}

	proptest! {
		#[test]
		fn no_byte_that_is_signed_can_change(index in 0..Relay::LENGTH - 32, mask in 1u8..) {
			let mut content = relay().encode();
			content[index] ^= mask;
			prop_assert!(Relaying::<Toy>::new(prices()).check::<H>(&task(), &content).is_err());
		}
	}
}

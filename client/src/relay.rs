//! What applications and suppliers say to each other: a request with the application's signature, an
//! answer with the supplier's.
//!
//! Over HTTP a relay is a `POST` whose body is what is asked of the backend and whose header
//! [`REQUEST`] is a [`SignedRequest`]; the answer's body is the backend's, and its header [`ANSWER`]
//! is a [`SignedAnswer`]. Over a web socket each text message is the same header, a line feed, and the
//! body. Headers are hexadecimal SCALE.

use crate::{AccountId32, Keypair};
use anyhow::{bail, Context, Result};
use capacity_protocol::{
	ApplicationIndex, Relay, RelayContext, RelayRequest, RequestSignature, Seed, ServiceId,
	SessionIndex, Signatures, SigningKey,
};
use codec::{DecodeAll, Encode};
use subxt_signer::sr25519;
use sum_trie::{Blake2b256, Hasher};

/// The name of the header of a relay's request.
pub const REQUEST: &str = "x-capacity-request";
/// The name of the header of a relay's answer.
pub const ANSWER: &str = "x-capacity-answer";

/// Signatures as the chain checks them.
pub struct Sr25519;

impl Signatures for Sr25519 {
	fn verify(signature: &RequestSignature, message: &[u8; 32], key: &SigningKey) -> bool {
		sr25519::verify(&sr25519::Signature(*signature), message, &sr25519::PublicKey(*key))
	}
}

/// The hash of what is asked, or answered.
pub fn payload_hash(payload: &[u8]) -> [u8; 32] {
	Blake2b256::hash(&[payload])
}

/// What all requests of an application to a supplier in a session have in common.
pub fn context(
	seed: &Seed,
	service: ServiceId,
	supplier: &AccountId32,
	application: ApplicationIndex,
) -> RelayContext {
	RelayContext::new::<Blake2b256>(seed, service, &supplier.0, application)
}

/// A request and who signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, codec::Encode, codec::Decode)]
pub struct SignedRequest {
	pub service: ServiceId,
	pub session: SessionIndex,
	pub application: ApplicationIndex,
	/// Which of the application's keys has signed.
	pub key: u8,
	pub request: RelayRequest,
	pub signature: RequestSignature,
}

impl SignedRequest {
	/// What was signed, which is also the relay's name.
	pub fn digest(&self, context: &RelayContext) -> [u8; 32] {
		context.digest::<Blake2b256>(&self.request)
	}

	/// Whether `key` has signed this.
	pub fn is_signed_by(&self, context: &RelayContext, key: &SigningKey) -> bool {
		Sr25519::verify(&self.signature, &self.digest(context), key)
	}

	/// The relay that this becomes once it is answered.
	pub fn answered(&self, response: [u8; 32]) -> Relay {
		let Self { application, key, request, signature, .. } = *self;
		Relay { application, key, request, signature, response }
	}
}

/// A supplier's word for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, codec::Encode, codec::Decode)]
pub struct SignedAnswer {
	/// The nonce of the request.
	pub nonce: u64,
	pub signature: [u8; 64],
}

impl SignedAnswer {
	/// Signs the answer to the request with this digest.
	pub fn sign(supplier: &Keypair, nonce: u64, digest: &[u8; 32], response: &[u8; 32]) -> Self {
		Self { nonce, signature: supplier.sign(&Self::message(digest, response)).0 }
	}

	/// Whether `supplier` has signed this answer to the request with this digest.
	pub fn is_signed_by(
		&self,
		supplier: &AccountId32,
		digest: &[u8; 32],
		response: &[u8; 32],
	) -> bool {
		Sr25519::verify(&self.signature, &Self::message(digest, response), &supplier.0)
	}

	fn message(digest: &[u8; 32], response: &[u8; 32]) -> [u8; 32] {
		Blake2b256::hash(&[b"relay answer", digest, response])
	}
}

/// A header's text.
pub fn to_header(value: &impl Encode) -> String {
	hex::encode(value.encode())
}

/// What a header's text says.
pub fn from_header<T: codec::Decode>(text: &str) -> Result<T> {
	let bytes = hex::decode(text.trim()).context("the header is not hexadecimal")?;
	T::decode_all(&mut &bytes[..]).ok().context("the header is not what this program knows")
}

/// A web socket's message: a header and a body.
pub fn to_message(header: &impl Encode, body: &str) -> String {
	format!("{}\n{body}", to_header(header))
}

/// The header and the body of a web socket's message.
pub fn from_message<T: codec::Decode>(message: &str) -> Result<(T, &str)> {
	let Some((header, body)) = message.split_once('\n') else {
		bail!("the message has no header line");
	};
	Ok((from_header(header)?, body))
}

#[cfg(test)]
mod tests {
	use super::*;
	use subxt_signer::sr25519::dev;

	fn signed() -> (RelayContext, SignedRequest) {
		let context = context(&[3; 32], 0, &dev::bob().public_key().to_account_id(), 7);
		let request = RelayRequest { method: [1; 4], nonce: 9, payload: payload_hash(b"ask") };
		let signature = dev::alice().sign(&context.digest::<Blake2b256>(&request)).0;
		let signed =
			SignedRequest { service: 0, session: 4, application: 7, key: 0, request, signature };
		(context, signed)
	}

	#[test]
	fn a_request_is_its_signers() {
		let (context, signed) = signed();
		assert!(signed.is_signed_by(&context, &dev::alice().public_key().0));
		assert!(!signed.is_signed_by(&context, &dev::bob().public_key().0));
		let mut other = signed;
		other.request.nonce += 1;
		assert!(!other.is_signed_by(&context, &dev::alice().public_key().0));
	}

	#[test]
	fn an_answer_is_its_suppliers() {
		let (bob, hash) = (dev::bob(), payload_hash(b"answer"));
		let answer = SignedAnswer::sign(&bob, 9, &[1; 32], &hash);
		let supplier = bob.public_key().to_account_id();
		assert!(answer.is_signed_by(&supplier, &[1; 32], &hash));
		assert!(!answer.is_signed_by(&supplier, &[2; 32], &hash));
		assert!(!answer.is_signed_by(&supplier, &[1; 32], &payload_hash(b"another")));
	}

	#[test]
	fn messages_survive_the_wire() {
		let (_, signed) = signed();
		let message = to_message(&signed, "{\"a\":\n1}");
		assert_eq!(from_message(&message).unwrap(), (signed, "{\"a\":\n1}"));
		assert!(from_message::<SignedRequest>("no header").is_err());
		assert!(from_header::<SignedRequest>("zz").is_err());
		assert!(from_header::<SignedRequest>("00").is_err());
	}
}

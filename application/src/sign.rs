//! Signing requests.

use crate::session::{Seat, Session};
use capacity_oracle_client::{relay::SignedRequest, Keypair};
use capacity_protocol::{MethodId, RelayRequest, SigningKey};
use std::{
	sync::atomic::{AtomicU64, Ordering},
	time::{SystemTime, UNIX_EPOCH},
};

/// Signs requests with one of an application's keys.
pub struct Signer {
	key: Keypair,
	nonces: Nonces,
}

impl Signer {
	/// Signs with `key`.
	pub fn new(key: Keypair) -> Self {
		Self { key, nonces: Nonces::since(SystemTime::now()) }
	}

	/// What the chain knows the key by.
	pub fn public(&self) -> SigningKey {
		self.key.public_key().0
	}

	/// A new request to the supplier on this seat, and its digest.
	pub fn sign(
		&self,
		session: &Session,
		seat: &Seat,
		method: MethodId,
		payload: [u8; 32],
	) -> (SignedRequest, [u8; 32]) {
		let request = RelayRequest { method, nonce: self.nonces.next(), payload };
		let mut signed = SignedRequest {
			service: session.service,
			session: session.index,
			application: session.application,
			key: session.key,
			request,
			signature: [0; 64],
		};
		let digest = signed.digest(&seat.context);
		signed.signature = self.key.sign(&digest).0;
		(signed, digest)
	}
}

/// Numbers that never come again, not even after a restart: they count up from the nanoseconds of
/// the clock at the start, and nobody makes a request each nanosecond.
pub struct Nonces(AtomicU64);

impl Nonces {
	/// Counts from a time on.
	pub fn since(time: SystemTime) -> Self {
		let nanoseconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
		Self(AtomicU64::new(nanoseconds as u64))
	}

	/// The next number.
	pub fn next(&self) -> u64 {
		self.0.fetch_add(1, Ordering::Relaxed)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::session::tests::session;
	use capacity_oracle_client::read_key;
	use std::{collections::HashSet, time::Duration};

	#[test]
	fn a_signed_request_is_for_its_seat_alone() {
		let (session, key) = (session(), read_key("//Alice").unwrap());
		let signer = Signer::new(key);
		let (signed, digest) = signer.sign(&session, &session.seats[0], [1; 4], [2; 32]);
		assert!(signed.is_signed_by(&session.seats[0].context, &signer.public()));
		assert!(!signed.is_signed_by(&session.seats[1].context, &signer.public()));
		assert_eq!(digest, signed.digest(&session.seats[0].context));
		assert_eq!((signed.session, signed.application, signed.key), (7, 3, 1));
	}

	#[test]
	fn no_two_requests_have_the_same_nonce() {
		let (session, key) = (session(), read_key("//Alice").unwrap());
		let signer = Signer::new(key);
		let mut nonces = HashSet::new();
		for _ in 0..100 {
			let (signed, _) = signer.sign(&session, &session.seats[0], [1; 4], [2; 32]);
			assert!(nonces.insert(signed.request.nonce));
		}
	}

	#[test]
	fn nonces_go_on_after_a_restart() {
		let start = SystemTime::now();
		let before = Nonces::since(start);
		let used: Vec<_> = (0..1_000).map(|_| before.next()).collect();
		// A thousand requests take far more than a microsecond.
		let after = Nonces::since(start + Duration::from_micros(1));
		assert!(used.iter().all(|nonce| *nonce < after.0.load(Ordering::Relaxed)));
	}
}

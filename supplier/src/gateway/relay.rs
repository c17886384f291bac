//! One request, from the first check to the signed answer.

use super::{
	check,
	meter::Full,
	refusal::{Code, Refusal},
	Gateway,
};
use axum::body::Bytes;
use capacity_oracle_client::relay::{payload_hash, SignedAnswer, SignedRequest};
use capacity_protocol::Relay;
use codec::Encode;
use std::{sync::Arc, time::Instant};

/// What is answered, and this supplier's word for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
	pub signed: SignedAnswer,
	pub body: Bytes,
}

impl Gateway {
	/// Serves a request to the end, whether whoever asked still waits for it or not: what was
	/// reserved for it is either recorded or free again.
	pub async fn serve(
		self: &Arc<Self>,
		signed: SignedRequest,
		body: Bytes,
	) -> Result<Answer, Refusal> {
		let gateway = self.clone();
		let served = tokio::spawn(async move {
			gateway.metrics.in_flight.inc();
			let answer = gateway.relay(&signed, body).await;
			gateway.metrics.in_flight.dec();
			answer
		});
		let failed = |_| Refusal::new(Code::Busy, "the request could not be served: try again");
		let answer = served.await.map_err(failed).and_then(|answer| answer);
		answer.map_err(|refusal| {
			self.refuse(Refusal { nonce: Some(signed.request.nonce), ..refusal })
		})
	}

	/// Counts a refusal.
	pub fn refuse(&self, refusal: Refusal) -> Refusal {
		self.metrics.refuse(refusal.code);
		refusal
	}

	async fn relay(&self, signed: &SignedRequest, body: Bytes) -> Result<Answer, Refusal> {
		let begun = Instant::now();
		let SignedRequest { service, session: number, application: index, .. } = *signed;
		if service != self.service {
			let message = format!("this supplier serves service {}, not {service}", self.service);
			return Err(Refusal::new(Code::BadRequest, message));
		}
		let wrong = || {
			let message = format!("no relays of session {number} are served here");
			Refusal::new(Code::WrongSession, message)
		};
		let entry = self.knowledge.session(number).and_then(|session| session.enter());
		let entry = entry.ok_or_else(wrong)?;
		let session = entry.session();

		if session.ranks(index).is_empty() {
			let message = format!("this supplier does not serve application {index} now");
			return Err(Refusal::new(Code::NotAssigned, message));
		}
		let application = self.knowledge.application(session, index).await?;
		let not_signed = |message| Refusal::new(Code::NotSigned, message);
		let key = application.key(signed.key, number);
		let key = key.ok_or_else(|| not_signed("the application has no such key now"))?;
		check::body(signed, &body)?;
		if !signed.is_signed_by(&application.context, &key) {
			return Err(not_signed("the request is not signed with the key that it names"));
		}

		let digest = signed.digest(&application.context);
		let path = Relay::path(index, &digest);
		let units = session.kept.terms.terms.prices.units(signed.request.method).into();
		let reserved = session.reserve(index, &application, path, units);
		let reservation = reserved.map_err(|full| match full {
			Full::Twice => Refusal::new(Code::AlreadyServed, "this request has been served"),
			Full::CannotPay { left } => Refusal::new(
				Code::CannotPay,
				format!("the request is {units} units, and only {left} more can be paid here"),
			),
		})?;
		let busy = |message| Refusal::new(Code::Busy, message);
		let room = self.room.try_acquire();
		let _room = room.map_err(|_| busy("too many requests at once: try again"))?;

		let response = {
			let _timer = self.metrics.backend_seconds.start_timer();
			self.backend.answer(body).await?
		};
		let hash = payload_hash(&response);
		let recorded = {
			let _timer = self.metrics.record_seconds.start_timer();
			let mut content = [0; Relay::LENGTH];
			signed.answered(hash).encode_to(&mut &mut content[..]);
			self.recorder.keep(session.key, path, content).await
		};
		match recorded {
			Ok(true) => reservation.keep(),
			Ok(false) => return Err(wrong()),
			Err(_) => return Err(busy("the relay cannot be recorded")),
		}
		let nonce = signed.request.nonce;
		let answer = SignedAnswer::sign(&self.signer, nonce, &digest, &hash);
		self.metrics.served.inc();
		self.metrics.units.inc_by(units);
		self.metrics.relay_seconds.observe(begun.elapsed().as_secs_f64());
		Ok(Answer { signed: answer, body: response })
	}
}

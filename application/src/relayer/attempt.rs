//! One attempt with one supplier, and what it teaches.

use super::Relayer;
use crate::{
	check::check,
	failure::{Code, Failure},
	notice::Notice,
	post::post,
	rpc::Question,
	session::{Choice, Session},
};
use axum::body::Bytes;
use capacity_oracle_client::relay::payload_hash;
use capacity_protocol::{method_id, MethodId};
use std::time::{Duration, Instant};
use sum_trie::Blake2b256;

/// A request, and what is the same in all attempts.
pub(super) struct Prepared<'a> {
	pub question: &'a Question,
	pub method: MethodId,
	pub payload: [u8; 32],
}

impl<'a> Prepared<'a> {
	pub fn new(question: &'a Question) -> Self {
		let method = method_id::<Blake2b256>(&question.method);
		Self { question, method, payload: payload_hash(&question.body) }
	}
}

impl Relayer {
	/// Asks one supplier, and takes note of how it does.
	pub(super) async fn attempt(
		&self,
		session: &Session,
		choice: Choice<'_>,
		prepared: &Prepared<'_>,
	) -> Result<(Bytes, Duration), Failure> {
		let (seat, manner) = (choice.seat, &self.manner);
		let supplier = &seat.supplier.account;
		let (signed, digest) = self.signer.sign(session, seat, prepared.method, prepared.payload);
		let (nonce, body) = (signed.request.nonce, prepared.question.body.clone());
		let started = Instant::now();
		let (timeout, longest) = (manner.timeout, manner.longest_answer);
		let reply = post(&self.client, choice.url, &signed, body, timeout, longest).await;
		let took = started.elapsed();
		let checked = reply.and_then(|reply| {
			let header = reply.header.as_deref();
			check(prepared.question, supplier, &digest, nonce, header, &reply.body)
				.map(|()| reply.body)
				.map_err(Failure::Wrong)
		});
		match &checked {
			Ok(_) => seat.supplier.answered(Instant::now(), took),
			Err(failure) => self.learn(session, &choice, failure),
		}
		checked.map(|body| (body, took))
	}

	/// Takes note of a failure.
	fn learn(&self, session: &Session, choice: &Choice<'_>, failure: &Failure) {
		let (now, supplier) = (Instant::now(), &choice.seat.supplier);
		let (account, why) = (supplier.account, || failure.to_string());
		let closed = || Notice::Closed { session: session.index, supplier: account, why: why() };
		if failure.is_free() {
			session.spending.release(choice.units, &account);
		}
		let code = match failure {
			Failure::Wrong(_) => {
				supplier.misbehaved(now);
				return (self.tell)(Notice::Misbehaved { supplier: account, why: why() });
			}
			Failure::Refused(refusal) => Some(refusal.code),
			Failure::Unreachable(_) | Failure::Lost(_) => None,
		};
		match code {
			None | Some(Code::Busy | Code::Backend) => {
				if supplier.failed(now) {
					(self.tell)(Notice::Resting { supplier: account, why: why() });
				}
			}
			Some(Code::WrongSession) => supplier.not_ready(now),
			Some(Code::CannotPay) => {
				if session.spending.cannot_pay(&account) {
					(self.tell)(closed());
				}
			}
			Some(Code::NotAssigned | Code::NotSigned) => {
				if session.spending.close(&account) {
					(self.tell)(closed());
				}
			}
			Some(Code::BadRequest | Code::AlreadyServed | Code::Unsupported) => {}
		}
	}
}

//! A share of the requests is made a second time, to another supplier, and the answers are compared.

use super::{attempt::Prepared, Relayer};
use crate::{check::agree, notice::Notice, rpc::Question, session::Session};
use axum::body::Bytes;
use capacity_oracle_client::AccountId32;
use std::sync::{atomic::Ordering, Arc};

/// Requests that are made a second time, at once.
pub(super) const COMPARISONS: usize = 64;

impl Relayer {
	/// Waits until all answers that are to be compared are.
	pub async fn compared(&self) {
		// It is never closed.
		let _ = self.comparisons.acquire_many(COMPARISONS as u32).await;
	}

	/// Asks a second supplier for a share of the requests, in the background, and compares.
	pub(super) fn maybe_compare(
		self: &Arc<Self>,
		session: &Arc<Session>,
		question: &Question,
		one: AccountId32,
		body: &Bytes,
	) {
		let reads = !question.writes() && question.id.is_some();
		if !reads || !self.dice.chance(self.manner.cross_check) {
			return;
		}
		let Ok(permit) = self.comparisons.clone().try_acquire_owned() else { return };
		let (relayer, session) = (self.clone(), session.clone());
		let (question, body) = (question.clone(), body.clone());
		tokio::spawn(async move {
			let _permit = permit;
			relayer.compare(&session, &question, one, &body).await;
		});
	}

	async fn compare(
		&self,
		session: &Session,
		question: &Question,
		one: AccountId32,
		body: &Bytes,
	) {
		let prepared = Prepared::new(question);
		let units = session.units(prepared.method);
		let Some(choice) = session.choose(units, &[one], &self.dice) else { return };
		let other = choice.seat.supplier.account;
		let Ok((second, _)) = self.attempt(session, choice, &prepared).await else { return };
		self.compared.fetch_add(1, Ordering::Relaxed);
		if !agree(body, &second) {
			self.different.fetch_add(1, Ordering::Relaxed);
			let method = question.method.clone();
			(self.tell)(Notice::Different { session: session.index, method, one, other });
		}
	}
}

//! Signing and submitting, up to a best block.

use super::{
	amount_in,
	call::payload,
	refusal::{lost, not_accepted, refused, unmakeable},
	AccountId32, Block, Call, Chain, Config, Event, Keypair, Snapshot, TransactionError,
};
use capacity_protocol::Balance;
use std::time::Duration;
use subxt::{
	config::DefaultExtrinsicParamsBuilder, error::DispatchError,
	rpcs::methods::legacy::TransactionStatus, tx::Payload, utils::H256,
};

/// How long a transaction may take into a block.
const INTO_BLOCK: Duration = Duration::from_secs(60);
/// Blocks for which a transaction is valid.
const MORTALITY: u64 = 64;
/// The transaction is bound to a block so far back at the most: a reorganisation that is not deeper
/// does not make it invalid, and finality may be late.
const ANCHOR: u32 = 32;

/// A transaction that is in a block and did what it should.
#[derive(Clone, Debug)]
pub struct Submitted {
	pub block: Block,
	/// Its place in the block.
	pub extrinsic: u32,
	/// Its own events.
	pub events: Vec<Event>,
	/// What it cost, tip included.
	pub fee: Balance,
}

type Result<T, E = TransactionError> = std::result::Result<T, E>;

impl Chain {
	/// Signs a call, submits it and waits until it is in a best block.
	pub async fn submit(&self, signer: &Keypair, call: Call) -> Result<Submitted> {
		self.submit_within(signer, call, INTO_BLOCK).await
	}

	/// The same, with a limit of its own for the wait.
	pub async fn submit_within(
		&self,
		signer: &Keypair,
		call: Call,
		limit: Duration,
	) -> Result<Submitted> {
		match tokio::time::timeout(limit, self.try_submit(signer, &call)).await {
			Ok(result) => result,
			Err(_) => Err(TransactionError::TimedOut),
		}
	}

	async fn try_submit(&self, signer: &Keypair, call: &Call) -> Result<Submitted> {
		let best = self.best().await.map_err(lost)?;
		let nonces = self.nonces.lock().await;
		let bytes = self.sign(&best, signer, call).await?;
		let mut progress =
			self.rpc.author_submit_and_watch_extrinsic(&bytes).await.map_err(|e| match e {
				subxt::rpcs::Error::User(refusal) => not_accepted(&refusal),
				other => lost(other),
			})?;
		drop(nonces);
		loop {
			match progress.next().await {
				Some(Ok(TransactionStatus::InBlock(hash) | TransactionStatus::Finalized(hash))) => {
					return self.outcome(hash, &bytes, call.by_root).await;
				}
				Some(Ok(TransactionStatus::Usurped(_))) => return Err(TransactionError::Usurped),
				Some(Ok(TransactionStatus::Dropped)) => {
					return Err(TransactionError::Dropped("the pool is full".into()));
				}
				Some(Ok(TransactionStatus::Invalid)) => {
					return Err(TransactionError::Invalid("the chain has moved on".into()));
				}
				Some(Ok(_)) => {}
				Some(Err(error)) => return Err(lost(error)),
				None => return Err(lost("it stopped watching the transaction")),
			}
		}
	}

	async fn sign(&self, best: &Snapshot, signer: &Keypair, call: &Call) -> Result<Vec<u8>> {
		let who: AccountId32 = signer.public_key().to_account_id();
		let nonce = self.rpc.system_account_next_index(&who).await.map_err(lost)?;
		let anchor = self.anchor(best).await.map_err(lost)?;
		let params = DefaultExtrinsicParamsBuilder::<Config>::new()
			.nonce(nonce)
			.mortal_from_unchecked(MORTALITY, anchor.number.into(), anchor.hash)
			.build();
		let transactions = best.client().tx();
		let mut call = call.clone();
		if call.by_root {
			let inner = transactions.call_data(&call.payload()).map_err(unmakeable)?;
			call = Call { pallet: "Sudo".into(), name: "sudo".into(), arguments: inner, ..call };
		}
		let payload = payload(&call.pallet, &call.name, call.arguments);
		debug_assert!(payload.validation_details().is_none());
		let mut signable =
			transactions.create_signable_offline(&payload, params).map_err(unmakeable)?;
		Ok(signable.sign(signer).map_err(unmakeable)?.into_encoded())
	}

	/// The block from which on a transaction is valid: the last final one, unless that is old, or so
	/// young that the node's pool may not have come to it.
	async fn anchor(&self, best: &Snapshot) -> anyhow::Result<Block> {
		let finalised = self.finalised().await?;
		let (oldest, youngest) =
			(best.number().saturating_sub(ANCHOR), best.number().saturating_sub(1));
		let wanted = finalised.number().clamp(oldest, youngest);
		let known = match wanted == finalised.number() {
			true => None,
			false => self.block(wanted).await?,
		};
		Ok(known.unwrap_or(Block { number: finalised.number(), hash: finalised.hash() }))
	}

	/// What became of a transaction that is in the block `hash`.
	async fn outcome(&self, hash: H256, bytes: &[u8], by_root: bool) -> Result<Submitted> {
		let found = self.rpc.chain_get_block(Some(hash)).await.map_err(lost)?;
		let body = found.map(|found| found.block.extrinsics).unwrap_or_default();
		let Some(place) = body.iter().position(|extrinsic| extrinsic.0 == bytes) else {
			return Err(lost("the block that the node named does not have the transaction"));
		};
		let snapshot = self.at(hash).await.map_err(lost)?;
		let (place, metadata) = (place as u32, snapshot.client().metadata());
		let raw = snapshot.client().events().fetch().await.map_err(lost)?;
		let own = |event: &subxt::events::Event<'_, Config>| {
			event.phase() == subxt::events::Phase::ApplyExtrinsic(place)
		};
		for event in raw.iter().filter_map(|event| event.ok()).filter(own) {
			let error = match (event.pallet_name(), event.event_name()) {
				("System", "ExtrinsicFailed") => event.field_bytes(),
				// The call that Sudo made can have failed although Sudo did not.
				("Sudo", "Sudid") if by_root => match event.field_bytes() {
					[1, error @ ..] => error,
					_ => continue,
				},
				_ => continue,
			};
			return Err(match DispatchError::decode_from(error, metadata.clone()) {
				// Without its name for money amounts are in the smallest unit.
				Ok(error) => refused(&error, &metadata, &self.token().await.unwrap_or_default()),
				Err(error) => lost(error),
			});
		}
		let events = super::event::decode(&raw, &metadata).map_err(lost)?;
		let events: Vec<_> =
			events.into_iter().filter(|event| event.extrinsic == Some(place)).collect();
		let paid = |field| amount_in(&events, "TransactionPayment", "TransactionFeePaid", field);
		let fee = paid("actual_fee");
		Ok(Submitted {
			block: Block { number: snapshot.number(), hash },
			extrinsic: place,
			events,
			fee,
		})
	}
}

//! Signing and submitting, up to a best block.

use super::{
	amount_in, call::payload, AccountId32, Block, Call, Chain, Config, Event, Keypair, Snapshot,
};
use capacity_protocol::Balance;
use scale_info::TypeDef;
use std::{fmt, time::Duration};
use subxt::{
	config::DefaultExtrinsicParamsBuilder,
	error::{DispatchError, ModuleError},
	rpcs::methods::legacy::TransactionStatus,
	tx::Payload,
	utils::H256,
	Metadata,
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

/// Why a transaction did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionError {
	/// It is in a block, and the chain refused it: the error's name, like
	/// `CapacityOracle.ClaimsClosed`, and what that means.
	Refused { name: String, meaning: String },
	/// It can never be in a block: stale nonce, wrong signature, no money for the fee, too old.
	Invalid(String),
	/// The pool had no room for it, or took it out.
	Dropped(String),
	/// Another transaction of the same account took its place.
	Usurped,
	/// It was not in a block in time. It may still come.
	TimedOut,
	/// The node was lost. It may have the transaction or not.
	Lost(String),
	/// It could not be made: the chain does not have such a call, say.
	Unmakeable(String),
}

impl TransactionError {
	/// Whether the same call may go through if it is submitted again. Look at the chain before: where
	/// a transaction was lost or late it may be there already.
	pub fn may_retry(&self) -> bool {
		!matches!(self, Self::Refused { .. } | Self::Unmakeable(_))
	}

	/// Whether the chain refused it with this error of the oracle.
	pub fn is_oracle(&self, error: &str) -> bool {
		let Self::Refused { name, .. } = self else { return false };
		let mut parts = name.split('.');
		parts.next() == Some(super::PALLET) && parts.next() == Some(error)
	}
}

impl fmt::Display for TransactionError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Refused { name, meaning } => write!(f, "{name}: {meaning}"),
			Self::Invalid(why) => write!(f, "the transaction is not valid: {why}"),
			Self::Dropped(why) => write!(f, "the transaction was dropped: {why}"),
			Self::Usurped => write!(f, "another transaction of this account took its place"),
			Self::TimedOut => write!(f, "the transaction did not get into a block in time"),
			Self::Lost(why) => write!(f, "the node was lost before it had an answer: {why}"),
			Self::Unmakeable(why) => write!(f, "the transaction cannot be made: {why}"),
		}
	}
}

impl std::error::Error for TransactionError {}

type Result<T, E = TransactionError> = std::result::Result<T, E>;

fn lost(error: impl fmt::Display) -> TransactionError {
	TransactionError::Lost(error.to_string())
}

fn unmakeable(error: impl fmt::Display) -> TransactionError {
	TransactionError::Unmakeable(error.to_string())
}

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

	/// The block from which on a transaction is valid.
	async fn anchor(&self, best: &Snapshot) -> anyhow::Result<Block> {
		let finalised = self.finalised().await?;
		let oldest = best.number().saturating_sub(ANCHOR);
		let known = match finalised.number() < oldest {
			true => self.block(oldest).await?,
			false => None,
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
				Ok(error) => refusal(&error, &metadata),
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

/// What the node's pool says to a transaction that it does not take.
fn not_accepted(refusal: &subxt::rpcs::UserError) -> TransactionError {
	let data = refusal.data.as_ref().map(|data| data.get().trim_matches('"').to_owned());
	let why = [Some(refusal.message.clone()), data].into_iter().flatten().collect::<Vec<_>>();
	let why = why.join(": ");
	match refusal.code {
		// Already imported, or too low a priority to replace what is there.
		1013 | 1014 => TransactionError::Usurped,
		1010 | 1011 => TransactionError::Invalid(why),
		_ => TransactionError::Dropped(why),
	}
}

/// The name of an error and its documentation.
fn refusal(error: &DispatchError, metadata: &Metadata) -> TransactionError {
	if let DispatchError::Module(error) = error {
		if let Some((name, meaning)) = module_error(error, metadata) {
			return TransactionError::Refused { name, meaning };
		}
	}
	let text = error.to_string();
	let (name, meaning) = text.split_once(": ").unwrap_or((text.trim_end_matches('.'), &text));
	TransactionError::Refused { name: name.into(), meaning: meaning.into() }
}

fn module_error(error: &ModuleError, metadata: &Metadata) -> Option<(String, String)> {
	let details = error.details().ok()?;
	let mut name = format!("{}.{}", details.pallet.name(), details.variant.name);
	let mut docs = details.variant.docs.join(" ");
	// An error can say more: which of its kinds it is.
	if let [field] = &details.variant.fields[..] {
		if let TypeDef::Variant(kinds) = &metadata.types().resolve(field.ty.id)?.type_def {
			let kind = kinds.variants.iter().find(|kind| kind.index == error.bytes()[2])?;
			name = format!("{name}.{}", kind.name);
			docs = format!("{} {docs}", kind.docs.join(" ").trim());
		}
	}
	Some((name, docs.trim().to_owned()))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn refusals_are_known_by_their_names() {
		let error = TransactionError::Refused {
			name: "CapacityOracle.InvalidProof.WrongResult".into(),
			meaning: "An opened piece of work has a wrong result.".into(),
		};
		assert!(error.is_oracle("InvalidProof"));
		assert!(!error.is_oracle("ClaimsClosed"));
		assert!(!error.may_retry());
		assert!(!TransactionError::Usurped.is_oracle("InvalidProof"));
	}

	#[test]
	fn what_the_pool_says_is_told_apart() {
		let said = |code| {
			not_accepted(&subxt::rpcs::UserError {
				code,
				message: "Invalid Transaction".into(),
				data: Some(serde_json::value::RawValue::from_string("\"Stale\"".into()).unwrap()),
			})
		};
		assert_eq!(said(1014), TransactionError::Usurped);
		assert_eq!(said(1010), TransactionError::Invalid("Invalid Transaction: Stale".into()));
		assert!(matches!(said(1016), TransactionError::Dropped(_)));
		assert!(said(1016).may_retry());
	}
}

//! The RPC methods beyond those every node has.

use std::{error::Error, sync::Arc};

use capacity_oracle_runtime::Hash;
use futures::channel::mpsc;
use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_manual_seal::{
	rpc::{ManualSeal, ManualSealApiServer},
	EngineCommand,
};
use substrate_frame_rpc_system::{System, SystemApiServer};

use crate::parts::{Client, Pool};

/// Where requests to seal a block go, in sealed mode.
pub type SealRequests = mpsc::Sender<EngineCommand<Hash>>;

pub fn methods(
	client: Arc<Client>,
	pool: Arc<Pool>,
	seal: Option<SealRequests>,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>> {
	let mut methods = RpcModule::new(());
	methods.merge(System::new(client.clone(), pool).into_rpc())?;
	methods.merge(TransactionPayment::new(client).into_rpc())?;
	if let Some(seal) = seal {
		methods.merge(ManualSeal::new(seal).into_rpc())?;
	}
	Ok(methods)
}

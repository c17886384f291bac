//! The development node: it seals blocks by itself, when it is told to, and finalises them at once.

use std::time::Duration;

use capacity_oracle_node::cli::Sealing;
use capacity_oracle_runtime::{opaque::Block, Hash};
use futures::{
	channel::mpsc,
	stream::{self, select},
	Stream, StreamExt,
};
use sc_consensus::DefaultImportQueue;
use sc_consensus_manual_seal::{
	consensus::{aura::AuraConsensusDataProvider, timestamp::SlotTimestampProvider},
	EngineCommand, ManualSealParams,
};
use sc_network::{config::FullNetworkConfiguration, NetworkBackend};
use sc_service::{BuildNetworkParams, Configuration, Error, SpawnTasksParams, TaskManager};
use sc_transaction_pool_api::TransactionPool;
use tokio::time::{interval_at, Instant, MissedTickBehavior};

use crate::{
	parts::{Network, Parts},
	rpc,
};

/// Requests to seal a block that may wait for the one in hand.
const WAITING_REQUESTS: usize = 64;
/// New transactions that ask for one block together.
const ARRIVALS: usize = 1024;

/// Sealed blocks carry no signature of an authority, so there is nothing to verify.
pub fn import_queue(config: &Configuration, parts: &Parts) -> DefaultImportQueue<Block> {
	sc_consensus_manual_seal::import_queue(
		Box::new(parts.client.clone()),
		&parts.task_manager.spawn_essential_handle(),
		config.prometheus_registry(),
	)
}

pub fn start(config: Configuration, sealing: Sealing) -> Result<TaskManager, Error> {
	let mut parts = Parts::new(&config)?;
	let import_queue = import_queue(&config, &parts);
	let registry = config.prometheus_registry();

	let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
		sc_service::build_network(BuildNetworkParams {
			config: &config,
			net_config: FullNetworkConfiguration::<Block, Hash, Network>::new(
				&config.network,
				registry.cloned(),
			),
			client: parts.client.clone(),
			transaction_pool: parts.pool.clone(),
			spawn_handle: parts.task_manager.spawn_handle(),
			spawn_essential_handle: parts.task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: None,
			block_relay: None,
			metrics: <Network as NetworkBackend<Block, Hash>>::register_notification_metrics(
				registry,
			),
			gap_sync_body_policy: None,
		})?;
	parts.spawn_offchain_workers(&config, &network)?;

	let (seal_sender, seal_requests) = mpsc::channel(WAITING_REQUESTS);
	let commands = match sealing {
		Sealing::Manual => seal_requests.boxed(),
		Sealing::Instant => {
			let arrivals = parts.pool.import_notification_stream().ready_chunks(ARRIVALS);
			select(seal_requests, arrivals.map(|_| seal())).boxed()
		}
		Sealing::Interval(period) => select(seal_requests, ticks(period).map(|()| seal())).boxed(),
	};
	let client = parts.client.clone();
	let sealer = sc_consensus_manual_seal::run_manual_seal(ManualSealParams {
		block_import: parts.client.clone(),
		env: parts.proposers(&config),
		client: parts.client.clone(),
		pool: parts.pool.clone(),
		commands_stream: commands,
		select_chain: parts.select_chain.clone(),
		consensus_data_provider: Some(Box::new(AuraConsensusDataProvider::<Block>::new(
			parts.client.clone(),
		))),
		// Aura wants each block in a slot of its own and the timestamp within it, so a block's
		// time is that of its parent plus one slot, whatever the time is: the chain's clock runs
		// fast or slow with the sealing. Only the first block is given the time.
		create_inherent_data_providers: move |_, ()| {
			let client = client.clone();
			async move { Ok(SlotTimestampProvider::new_aura::<Block, _>(client)?) }
		},
	});
	parts.task_manager.spawn_essential_handle().spawn_blocking(
		"sealing",
		Some("block-authoring"),
		sealer,
	);

	let (client, pool) = (parts.client.clone(), parts.pool.clone());
	sc_service::spawn_tasks(SpawnTasksParams {
		config,
		client: parts.client,
		backend: parts.backend,
		task_manager: &mut parts.task_manager,
		keystore: parts.keystore.keystore(),
		transaction_pool: parts.pool,
		rpc_builder: Box::new(move |_| {
			Ok(rpc::methods(client.clone(), pool.clone(), Some(seal_sender.clone()))?)
		}),
		network,
		system_rpc_tx,
		tx_handler_controller,
		sync_service,
		telemetry: parts.telemetry.as_mut(),
		tracing_execute_block: None,
	})?;
	Ok(parts.task_manager)
}

fn seal() -> EngineCommand<Hash> {
	EngineCommand::SealNewBlock {
		create_empty: true,
		finalize: true,
		parent_hash: None,
		sender: None,
	}
}

/// One item each period. A tick that nobody waited for is made up for by none after it, so blocks
/// that take long do not pile up.
fn ticks(period: Duration) -> impl Stream<Item = ()> {
	let mut interval = interval_at(Instant::now() + period, period);
	interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
	stream::unfold(interval, |mut interval| async move {
		interval.tick().await;
		Some(((), interval))
	})
}

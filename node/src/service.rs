//! The ordinary node: Aura makes the blocks and GRANDPA finalises them.

use std::{sync::Arc, time::Duration};

use capacity_oracle_runtime::{opaque::Block, Hash};
use sc_client_api::BlockBackend;
use sc_consensus::DefaultImportQueue;
use sc_consensus_aura::{ImportQueueParams, SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
	warp_proof, GrandpaBlockImport, GrandpaParams, LinkHalf, SharedVoterState, VotingRulesBuilder,
};
use sc_network::{config::FullNetworkConfiguration, NetworkBackend};
use sc_service::{
	BuildNetworkParams, Configuration, Error, SpawnTasksParams, TaskManager, WarpSyncConfig,
};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_aura::{inherents, sr25519::AuthorityPair as AuraPair};

use crate::{
	parts::{Backend, Client, Network, Parts, SelectChain},
	rpc,
};

/// In blocks: how many to import without a justification, and how often to make one when idle.
const JUSTIFICATION_PERIOD: u32 = 512;
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

type GrandpaImport = GrandpaBlockImport<Backend, Block, Client, SelectChain>;
type GrandpaLink = LinkHalf<Block, Client, SelectChain>;

fn grandpa(parts: &Parts) -> Result<(GrandpaImport, GrandpaLink), Error> {
	Ok(sc_consensus_grandpa::block_import(
		parts.client.clone(),
		JUSTIFICATION_PERIOD,
		&parts.client,
		parts.select_chain.clone(),
		parts.telemetry(),
	)?)
}

fn aura_import_queue(
	config: &Configuration,
	parts: &Parts,
	grandpa: GrandpaImport,
) -> Result<DefaultImportQueue<Block>, Error> {
	let client = parts.client.clone();
	Ok(sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
		block_import: grandpa.clone(),
		justification_import: Some(Box::new(grandpa)),
		client: parts.client.clone(),
		create_inherent_data_providers: move |parent, ()| {
			let client = client.clone();
			async move {
				let slot_duration =
					sc_consensus_aura::standalone::slot_duration_at(&*client, parent)?;
				let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
				let slot = inherents::InherentDataProvider::from_timestamp_and_slot_duration(
					*timestamp,
					slot_duration,
				);
				Ok((slot, timestamp))
			}
		},
		spawner: &parts.task_manager.spawn_essential_handle(),
		registry: config.prometheus_registry(),
		check_for_equivocation: Default::default(),
		telemetry: parts.telemetry(),
		compatibility_mode: Default::default(),
	})?)
}

/// For the commands that import blocks without a running node.
pub fn import_queue(
	config: &Configuration,
	parts: &Parts,
) -> Result<DefaultImportQueue<Block>, Error> {
	let (grandpa, _) = grandpa(parts)?;
	aura_import_queue(config, parts, grandpa)
}

pub fn start(config: Configuration) -> Result<TaskManager, Error> {
	let mut parts = Parts::new(&config)?;
	let (grandpa_import, grandpa_link) = grandpa(&parts)?;
	let import_queue = aura_import_queue(&config, &parts, grandpa_import.clone())?;
	let registry = config.prometheus_registry().cloned();

	let mut net_config =
		FullNetworkConfiguration::<Block, Hash, Network>::new(&config.network, registry.clone());
	let metrics =
		<Network as NetworkBackend<Block, Hash>>::register_notification_metrics(registry.as_ref());
	let genesis = parts.client.block_hash(0)?.ok_or("the database has no genesis block")?;
	let grandpa_protocol =
		sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
	let (grandpa_net_config, grandpa_notifications) =
		sc_consensus_grandpa::grandpa_peers_set_config::<Block, Network>(
			grandpa_protocol.clone(),
			metrics.clone(),
			net_config.peer_store_handle(),
		);
	net_config.add_notification_protocol(grandpa_net_config);

	let warp_proofs = warp_proof::NetworkProvider::new(
		parts.backend.clone(),
		grandpa_link.shared_authority_set().clone(),
		Vec::new(),
	);
	let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
		sc_service::build_network(BuildNetworkParams {
			config: &config,
			net_config,
			client: parts.client.clone(),
			transaction_pool: parts.pool.clone(),
			spawn_handle: parts.task_manager.spawn_handle(),
			spawn_essential_handle: parts.task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(WarpSyncConfig::WithProvider(Arc::new(warp_proofs))),
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;
	parts.spawn_offchain_workers(&config, &network)?;

	let role = config.role;
	let name = config.network.node_name.clone();
	let (force_authoring, disable_grandpa) = (config.force_authoring, config.disable_grandpa);
	let proposers = parts.proposers(&config);

	// Before consensus: a first start puts the keys of --alice and the like into the keystore here,
	// and GRANDPA looks for its key only when a round begins.
	let (client, pool) = (parts.client.clone(), parts.pool.clone());
	sc_service::spawn_tasks(SpawnTasksParams {
		config,
		client: parts.client.clone(),
		backend: parts.backend.clone(),
		task_manager: &mut parts.task_manager,
		keystore: parts.keystore.keystore(),
		transaction_pool: parts.pool.clone(),
		rpc_builder: Box::new(move |_| Ok(rpc::methods(client.clone(), pool.clone(), None)?)),
		network: network.clone(),
		system_rpc_tx,
		tx_handler_controller,
		sync_service: sync_service.clone(),
		telemetry: parts.telemetry.as_mut(),
		tracing_execute_block: None,
	})?;

	if role.is_authority() {
		let slot_duration = sc_consensus_aura::slot_duration(&*parts.client)?;
		let aura = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(
			StartAuraParams {
				slot_duration,
				client: parts.client.clone(),
				select_chain: parts.select_chain.clone(),
				block_import: grandpa_import,
				proposer_factory: proposers,
				sync_oracle: sync_service.clone(),
				justification_sync_link: sync_service.clone(),
				create_inherent_data_providers: move |_, ()| async move {
					let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
					let slot = inherents::InherentDataProvider::from_timestamp_and_slot_duration(
						*timestamp,
						slot_duration,
					);
					Ok((slot, timestamp))
				},
				force_authoring,
				backoff_authoring_blocks: None::<()>,
				keystore: parts.keystore.keystore(),
				block_proposal_slot_portion: SlotProportion::new(2.0 / 3.0),
				max_block_proposal_slot_portion: None,
				telemetry: parts.telemetry(),
				compatibility_mode: Default::default(),
			},
		)?;
		parts.task_manager.spawn_essential_handle().spawn_blocking(
			"aura",
			Some("block-authoring"),
			aura,
		);
	}

	if !disable_grandpa {
		let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
			config: sc_consensus_grandpa::Config {
				gossip_duration: GOSSIP_DURATION,
				justification_generation_period: JUSTIFICATION_PERIOD,
				observer_enabled: false,
				local_role: role,
				name: Some(name),
				keystore: role.is_authority().then(|| parts.keystore.keystore()),
				telemetry: parts.telemetry(),
				protocol_name: grandpa_protocol,
			},
			link: grandpa_link,
			network,
			sync: sync_service,
			notification_service: grandpa_notifications,
			voting_rule: VotingRulesBuilder::default().build(),
			prometheus_registry: registry,
			shared_voter_state: SharedVoterState::empty(),
			telemetry: parts.telemetry(),
			offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(parts.pool.clone()),
		})?;
		parts.task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
	}

	Ok(parts.task_manager)
}

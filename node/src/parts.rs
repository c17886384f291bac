//! What a node consists of, however its blocks come about.

use std::sync::Arc;

use capacity_oracle_runtime::{opaque::Block, RuntimeApi};
use sc_client_api::Backend as _;
use sc_consensus::LongestChain;
use sc_executor::WasmExecutor;
use sc_network::{
	config::NetworkBackendType, service::traits::NetworkService, Litep2pNetworkBackend,
};
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::{Configuration, Error, KeystoreContainer, TFullBackend, TFullClient, TaskManager};
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;

pub type Backend = TFullBackend<Block>;
pub type Client = TFullClient<Block, RuntimeApi, WasmExecutor<sp_io::SubstrateHostFunctions>>;
pub type Network = Litep2pNetworkBackend;
pub type Pool = TransactionPoolHandle<Block, Client>;
pub type Proposers = sc_basic_authorship::ProposerFactory<Pool, Client>;
pub type SelectChain = LongestChain<Backend, Block>;

const TELEMETRY_BUFFER: usize = 16;

pub struct Parts {
	pub client: Arc<Client>,
	pub backend: Arc<Backend>,
	pub select_chain: SelectChain,
	pub pool: Arc<Pool>,
	pub keystore: KeystoreContainer,
	pub telemetry: Option<Telemetry>,
	pub task_manager: TaskManager,
}

impl Parts {
	pub fn new(config: &Configuration) -> Result<Self, Error> {
		// Each kind of network is compiled in as a whole, and libp2p is on its way out.
		if matches!(config.network.network_backend, NetworkBackendType::Libp2p) {
			return Err("this node speaks litep2p only: leave --network-backend out".into());
		}

		let endpoints = config.telemetry_endpoints.clone().filter(|all| !all.is_empty());
		let telemetry = match endpoints {
			Some(endpoints) => {
				let worker = TelemetryWorker::new(TELEMETRY_BUFFER)?;
				let telemetry = worker.handle().new_telemetry(endpoints);
				Some((worker, telemetry))
			}
			None => None,
		};

		let (client, backend, keystore, task_manager) =
			sc_service::new_full_parts::<Block, RuntimeApi, _>(
				config,
				telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
				sc_service::new_wasm_executor(&config.executor),
				Vec::new(),
			)?;
		let client = Arc::new(client);

		let telemetry = telemetry.map(|(worker, telemetry)| {
			task_manager.spawn_handle().spawn("telemetry", None, worker.run());
			telemetry
		});

		let pool = sc_transaction_pool::Builder::new(
			task_manager.spawn_essential_handle(),
			client.clone(),
			config.role.is_authority().into(),
		)
		.with_options(config.transaction_pool.clone())
		.with_prometheus(config.prometheus_registry())
		.build();

		Ok(Self {
			select_chain: LongestChain::new(backend.clone()),
			client,
			backend,
			pool: Arc::new(pool),
			keystore,
			telemetry,
			task_manager,
		})
	}

	pub fn telemetry(&self) -> Option<TelemetryHandle> {
		self.telemetry.as_ref().map(Telemetry::handle)
	}

	/// What makes blocks out of the transactions in the pool.
	pub fn proposers(&self, config: &Configuration) -> Proposers {
		Proposers::new(
			self.task_manager.spawn_handle(),
			self.client.clone(),
			self.pool.clone(),
			config.prometheus_registry(),
			self.telemetry(),
		)
	}

	pub fn spawn_offchain_workers(
		&self,
		config: &Configuration,
		network: &Arc<dyn NetworkService>,
	) -> Result<(), Error> {
		if !config.offchain_worker.enabled {
			return Ok(());
		}
		let workers = OffchainWorkers::new(OffchainWorkerOptions {
			runtime_api_provider: self.client.clone(),
			keystore: Some(self.keystore.keystore()),
			offchain_db: self.backend.offchain_storage(),
			transaction_pool: Some(OffchainTransactionPoolFactory::new(self.pool.clone())),
			network_provider: Arc::new(network.clone()),
			is_validator: config.role.is_authority(),
			enable_http_requests: true,
			custom_extensions: |_| Vec::new(),
		})?;
		let spawner = self.task_manager.spawn_handle();
		self.task_manager.spawn_handle().spawn(
			"offchain-workers-runner",
			Some("offchain-worker"),
			workers.run(self.client.clone(), spawner),
		);
		Ok(())
	}
}

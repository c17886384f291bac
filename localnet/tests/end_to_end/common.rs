//! What several tests need.

use anyhow::{bail, Context, Result};
use capacity_oracle_client::{AccountId32, Call};
use capacity_oracle_localnet::{Ledger, Network, SERVICE};
use capacity_protocol::{Policy, Stage, StandardWork, Synthetic};
use sp_arithmetic::Perquintill;
use std::{
	future::Future,
	time::{Duration, Instant},
};
use tokio::sync::{Mutex, MutexGuard};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(50);

/// Waits until no other test runs a network.
pub async fn alone() -> MutexGuard<'static, ()> {
	static NETWORKS: Mutex<()> = Mutex::const_new(());
	NETWORKS.lock().await
}

/// Has every bid audited in every session, for work of `steps` hashes per unit.
pub async fn audit_everyone(network: &Network, steps: u32) -> Result<Policy<StandardWork>> {
	let policy = Policy {
		work: Synthetic { steps }.into(),
		audit_rate: Perquintill::one(),
		..network.policy().await?
	};
	network.administer(Call::set_policy(SERVICE, &policy, false)).await?;
	Ok(policy)
}

/// Waits for blocks until the ledger shows something.
pub async fn until(
	network: &mut Network,
	ledger: &mut Ledger,
	what: &str,
	shows: impl Fn(&Ledger) -> bool,
) -> Result<()> {
	let deadline = Instant::now() + PATIENCE;
	while !shows(ledger) {
		network.check()?;
		if ledger.try_next().await?.is_none() {
			tokio::time::sleep(LOOK).await;
		}
		if Instant::now() > deadline {
			bail!("{what}: not in two minutes. The ledger: {:#?}", ledger.books());
		}
	}
	Ok(())
}

/// Seals blocks, with time for what the supplier owes, until the ledger shows something.
pub async fn seal_until(
	network: &mut Network,
	ledger: &mut Ledger,
	who: &AccountId32,
	what: &str,
	shows: impl Fn(&Ledger) -> bool,
) -> Result<()> {
	let deadline = Instant::now() + PATIENCE;
	ledger.catch_up().await?;
	while !shows(ledger) {
		network.check()?;
		seal_with_care(network, who).await?;
		ledger.catch_up().await?;
		if Instant::now() > deadline {
			bail!("{what}: not in two minutes. The ledger: {:#?}", ledger.books());
		}
	}
	Ok(())
}

/// Seals a block. If the supplier can make a transaction now, waits for it.
pub async fn seal_with_care(network: &Network, who: &AccountId32) -> Result<()> {
	let duties = network.chain().duties(SERVICE, who).await?;
	let owes = duties.iter().any(|duty| match duty.stage {
		Stage::Claiming => duty.committed.is_none(),
		Stage::Proving => duty.committed.is_some() && !duty.proven,
		_ => false,
	});
	let owes_bid = network.chain().stake(SERVICE, who).await?.is_none();
	if owes || owes_bid {
		// Whoever was restarted may wait some blocks before it tries again.
		wait_for_transaction(network, Duration::from_secs(10)).await?;
	}
	network.seal(1).await
}

/// Whether the node's pool has a transaction within so long.
pub async fn wait_for_transaction(network: &Network, patience: Duration) -> Result<bool> {
	let rpc = network.node().rpc().await?;
	let deadline = Instant::now() + patience;
	loop {
		let pending: Vec<String> =
			rpc.request("author_pendingExtrinsics", subxt::rpcs::rpc_params![]).await?;
		if !pending.is_empty() || Instant::now() > deadline {
			return Ok(!pending.is_empty());
		}
		tokio::time::sleep(LOOK).await;
	}
}

/// Does something that waits for a block, and seals one when it has made its transaction.
pub async fn sealing_one<T>(network: &Network, task: impl Future<Output = Result<T>>) -> Result<T> {
	let seal = async {
		if !wait_for_transaction(network, PATIENCE).await? {
			bail!("no transaction came");
		}
		network.seal(1).await
	};
	let (done, sealed) = tokio::join!(task, seal);
	sealed.context("sealing a block")?;
	done
}

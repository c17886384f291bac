//! What several tests need.

use anyhow::{bail, Context, Result};
use capacity_oracle_client::{AccountId32, Call};
use capacity_oracle_localnet::{Ledger, Network, SERVICE};
use capacity_protocol::{Duty, Policy, RelayTerms, SessionIndex, Stage, StandardWork, Synthetic};
use sp_arithmetic::Perquintill;
use std::{
	collections::BTreeSet,
	future::Future,
	pin::pin,
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

/// Has no bid audited, and relays paid on the development chain's terms with some changes.
pub async fn only_relays(
	network: &Network,
	change: impl FnOnce(RelayTerms) -> RelayTerms,
) -> Result<RelayTerms> {
	let usual = network.policy().await?;
	let terms = change(usual.relays.context("the service has no relays")?);
	let policy =
		Policy { audit_rate: Perquintill::zero(), relays: Some(terms), ..network.policy().await? };
	network.administer(Call::set_policy(SERVICE, &policy, true)).await?;
	Ok(terms)
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
		Stage::Proving => duty.proof_required == Some(true) && !duty.proven,
		_ => false,
	});
	let owes_bid = network.chain().stake(SERVICE, who).await?.is_none();
	if owes || owes_bid {
		// Whoever was restarted may wait some blocks before it tries again.
		wait_for_transaction(network, Duration::from_secs(10)).await?;
	}
	network.seal(1).await
}

/// Seals blocks until the supplier can be asked in a session whose seed has just become known. Returns
/// the session.
pub async fn seal_to_relays(network: &Network, who: &AccountId32) -> Result<SessionIndex> {
	let chain = network.chain();
	loop {
		let session = chain.clock().await?.session;
		let seated = chain.seat(SERVICE, session, who).await?.is_some();
		let announced = chain.endpoint(SERVICE, who).await?.is_some();
		if seated && announced && chain.relay_session(SERVICE, session).await?.is_some() {
			return Ok(session);
		}
		if !announced {
			// A bid, or what depends on it.
			wait_for_transaction(network, Duration::from_secs(10)).await?;
		}
		network.seal(1).await?;
	}
}

/// Seals blocks until the ledger shows something. Whenever the supplier should claim relays that it
/// served in one of these sessions, or must prove a claim, waits for its transaction.
pub async fn seal_relays(
	network: &mut Network,
	ledger: &mut Ledger,
	who: &AccountId32,
	served: &[SessionIndex],
	what: &str,
	shows: impl Fn(&Ledger) -> bool,
) -> Result<()> {
	let deadline = Instant::now() + PATIENCE;
	ledger.catch_up().await?;
	while !shows(ledger) {
		network.check()?;
		if owes_relays(network, who, served).await? {
			wait_for_transaction(network, Duration::from_secs(5)).await?;
		}
		network.seal(1).await?;
		ledger.catch_up().await?;
		if Instant::now() > deadline {
			bail!("{what}: not in two minutes. The ledger: {:#?}", ledger.books());
		}
	}
	Ok(())
}

async fn owes_relays(
	network: &Network,
	who: &AccountId32,
	served: &[SessionIndex],
) -> Result<bool> {
	let chain = network.chain();
	let duties = chain.duties(SERVICE, who).await?;
	let proves = |duty: &Duty<StandardWork>| duty.proof_required == Some(true) && !duty.proven;
	if duties.iter().any(|duty| duty.stage == Stage::Proving && proves(duty)) {
		return Ok(true);
	}
	let clock = chain.clock().await?;
	let claimed =
		|session| duties.iter().any(|duty| duty.session == session && duty.committed.is_some());
	for session in served.iter().filter(|session| !claimed(**session)) {
		let relays = chain.relay_session(SERVICE, *session).await?;
		let claims = relays.filter(|relays| relays.stage == Stage::Claiming);
		// A block after the next session's seed is known, claims are made.
		if claims.is_some_and(|relays| clock.tick > relays.claims_open + 3) {
			return Ok(true);
		}
	}
	Ok(false)
}

/// Transactions that the node knows and that are not in a block yet.
async fn pending(network: &Network) -> Result<Vec<String>> {
	let rpc = network.node().rpc().await?;
	Ok(rpc.request("author_pendingExtrinsics", subxt::rpcs::rpc_params![]).await?)
}

/// Whether the node's pool has a transaction within so long.
pub async fn wait_for_transaction(network: &Network, patience: Duration) -> Result<bool> {
	let deadline = Instant::now() + patience;
	loop {
		let any = !pending(network).await?.is_empty();
		if any || Instant::now() > deadline {
			return Ok(any);
		}
		tokio::time::sleep(LOOK).await;
	}
}

/// Does something that waits for blocks, and seals one for each transaction that comes.
pub async fn sealing<T>(network: &Network, task: impl Future<Output = Result<T>>) -> Result<T> {
	let mut task = pin!(task);
	// The pool may still have what is in a block.
	let mut sealed = BTreeSet::new();
	loop {
		tokio::select! {
			done = &mut task => return done,
			_ = tokio::time::sleep(LOOK) => {
				let pending = pending(network).await?;
				if pending.into_iter().filter(|transaction| sealed.insert(transaction.clone())).count() > 0 {
					network.seal(1).await.context("sealing a block")?;
				}
			}
		}
	}
}

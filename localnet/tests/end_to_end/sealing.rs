use crate::common::{alone, audit_everyone, seal_until, sealing, wait_for_transaction};
use anyhow::Result;
use capacity_oracle_localnet::{Ledger, Network, Plan, Sealing, SERVICE};
use std::{slice::from_ref, time::Duration};

#[tokio::test]
async fn without_blocks_the_clock_stands_and_the_supplier_catches_up_when_they_come() -> Result<()>
{
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::Manual).start().await?;
	sealing(&network, audit_everyone(&network, 200)).await?;
	let plan = Plan::honest("Bob", 2_000);
	let bob = plan.account()?;
	let mut ledger = Ledger::of(network.chain(), from_ref(&plan)).await?;
	network.add(plan)?;

	// The bid waits in the pool, and nothing else happens, however long it takes.
	assert!(wait_for_transaction(&network, Duration::from_secs(60)).await?);
	let before = network.chain().clock().await?;
	tokio::time::sleep(Duration::from_secs(3)).await;
	assert_eq!(network.chain().clock().await?, before);
	assert_eq!(network.chain().best().await?.number(), 1);
	assert!(network.chain().stake(SERVICE, &bob).await?.is_none());

	// The block before set a policy, which left no room for a proof: the next does not count.
	network.seal(1).await?;
	let first = network.chain().clock().await?;
	assert_eq!(first.tick + first.stalled, before.tick + before.stalled + 1);
	assert!(network.chain().stake(SERVICE, &bob).await?.is_some());

	// More blocks at once than the supplier can look at: to the last of the next session's working
	// blocks.
	network.seal(2 * first.session_ends - 1 - first.tick).await?;
	let clock = network.chain().clock().await?;
	let last = (1, clock.session_ends, first.stalled);
	assert_eq!((clock.session, clock.tick + 1, clock.stalled), last);
	let settled = |ledger: &Ledger| ledger.entry(&bob).fulfilled + ledger.entry(&bob).failed > 0;
	seal_until(&mut network, &mut ledger, &bob, "the audit is settled", settled).await?;
	assert_eq!((ledger.entry(&bob).fulfilled, ledger.entry(&bob).slashed), (1, 0));
	ledger.check().await
}

#[tokio::test]
async fn a_chain_that_seals_at_once_answers_every_transaction() -> Result<()> {
	let _alone = alone().await;
	let network = Network::builder().sealing(Sealing::Instant).start().await?;
	assert_eq!(network.chain().best().await?.number(), 0);
	audit_everyone(&network, 200).await?;
	assert_eq!(network.chain().best().await?.number(), 1);
	network.seal(2).await?;
	let clock = network.chain().clock().await?;
	assert_eq!(clock.tick + clock.stalled, 3);
	Ok(())
}

use crate::common::{alone, audit_everyone, until};
use anyhow::Result;
use capacity_oracle_localnet::{Ledger, Network, Plan, Sealing, SERVICE};
use std::slice::from_ref;

#[tokio::test]
async fn a_supplier_leaves_and_takes_everything_with_it() -> Result<()> {
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::every(150)).start().await?;
	let policy = audit_everyone(&network, 200).await?;
	let plan = Plan::honest("Bob", 1_000);
	let bob = plan.account()?;
	let mut ledger = Ledger::of(network.chain(), from_ref(&plan)).await?;
	network.add(plan)?;
	let drawn = |ledger: &Ledger| ledger.entry(&bob).drawn > 0;
	until(&mut network, &mut ledger, "an audit is drawn", drawn).await?;

	// It can leave at any time, and still answers for what was drawn.
	let said = network.tell("Bob", "leave").await?;
	assert!(said.contains("leaves the draws"), "{said}");
	ledger.catch_up().await?;
	let left = ledger.books().session;
	until(&mut network, &mut ledger, "all is over", |ledger| {
		ledger.books().session > left + 2 && ledger.books().open_audits() == 0
	})
	.await?;
	let status = network.chain().stake(SERVICE, &bob).await?.unwrap();
	assert_eq!((status.units_next, status.at_risk), (None, 0));
	assert_eq!(status.withdrawable, policy.stake(1_000));

	let said = network.tell("Bob", "withdraw").await?;
	assert!(said.contains("has withdrawn"), "{said}");
	ledger.catch_up().await?;
	assert!(network.chain().stake(SERVICE, &bob).await?.is_none());
	assert_eq!(network.chain().account(&bob).await?.held, 0);
	let standing = ledger.standing(&bob).await?;
	assert_eq!((standing.entry.failed, standing.stake), (0, 0));
	assert_eq!(standing.entry.fulfilled, standing.entry.drawn);
	assert!(standing.gain > 0);
	ledger.check().await
}

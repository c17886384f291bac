use crate::common::{alone, audit_everyone, until};
use anyhow::{Context, Result};
use capacity_oracle_localnet::{Ledger, Network, Plan, Sealing, SERVICE};

#[tokio::test]
async fn an_honest_supplier_is_audited_claims_proves_and_is_paid() -> Result<()> {
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::every(150)).start().await?;
	let policy = audit_everyone(&network, 200).await?;
	let (plan, other) = (Plan::honest("Bob", 2_000), Plan::honest("Charlie", 1_000));
	let (bob, charlie) = (plan.account()?, other.account()?);
	let mut ledger = Ledger::of(network.chain(), &[plan.clone(), other.clone()]).await?;
	network.add(plan)?;
	network.add(other)?;
	until(&mut network, &mut ledger, "both are paid", |ledger| {
		[bob, charlie].iter().all(|who| ledger.entry(who).fulfilled > 0)
	})
	.await?;

	let standing = ledger.standing(&bob).await?;
	let entry = &standing.entry;
	assert!(entry.claims >= entry.fulfilled && entry.proofs >= entry.fulfilled);
	assert_eq!((entry.failed, entry.slashed, entry.suspended), (0, 0, 0));
	assert_eq!(entry.paid, policy.payment(2_000) * u128::from(entry.fulfilled));
	assert_eq!(standing.stake, policy.stake(2_000));
	assert!(standing.gain > 0, "a payment is more than what transactions cost");
	ledger.check().await?;

	let report = network.chain().report(SERVICE).await?.context("a report")?;
	assert_eq!((report.capacity_reported, report.capacity_verified), (3_000, 3_000));
	assert!(report.capacity_verified_low > 0 && report.capacity_verified_low < 3_000);
	Ok(())
}

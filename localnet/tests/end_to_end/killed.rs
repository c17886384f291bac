use crate::common::{alone, audit_everyone, seal_until, sealing};
use anyhow::Result;
use capacity_oracle_localnet::{Ledger, Network, Plan, Sealing};
use std::{slice::from_ref, time::Duration};

/// On one core this is work for seconds on any machine.
const UNITS: u64 = 20_000;
const STEPS: u32 = 1_000;

#[tokio::test]
async fn who_is_killed_at_the_worst_moments_is_still_paid() -> Result<()> {
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::Manual).start().await?;
	sealing(&network, audit_everyone(&network, STEPS)).await?;
	let plan = Plan::honest("Bob", UNITS).on_cores(1);
	let bob = plan.account()?;
	let mut ledger = Ledger::of(network.chain(), from_ref(&plan)).await?;
	network.add(plan)?;
	let drawn = |ledger: &Ledger| ledger.entry(&bob).drawn > 0;
	seal_until(&mut network, &mut ledger, &bob, "an audit is drawn", drawn).await?;

	// In the middle of its work.
	while !network.said("Bob")?.contains("audited") {
		tokio::time::sleep(Duration::from_millis(20)).await;
	}
	tokio::time::sleep(Duration::from_millis(600)).await;
	network.kill("Bob")?;
	assert!(!network.said("Bob")?.contains("worked"), "the work was not to be done yet");
	network.seal(3).await?;
	network.start("Bob")?;

	// Between the commitment and its proof; and the node with it.
	let claimed = |ledger: &Ledger| ledger.entry(&bob).claims > 0;
	seal_until(&mut network, &mut ledger, &bob, "the work is claimed", claimed).await?;
	network.kill("Bob")?;
	network.kill_node();
	network.restart_node().await?;
	network.start("Bob")?;

	let settled = |ledger: &Ledger| ledger.entry(&bob).fulfilled + ledger.entry(&bob).failed > 0;
	seal_until(&mut network, &mut ledger, &bob, "the audit is settled", settled).await?;
	let entry = ledger.entry(&bob);
	assert_eq!((entry.fulfilled, entry.failed, entry.slashed), (1, 0, 0));
	assert!(entry.paid > 0);
	assert!(entry.drawn > 1, "it was audited again before the first audit was settled");

	// And the supplier goes on.
	let again = |ledger: &Ledger| ledger.entry(&bob).fulfilled > 1;
	seal_until(&mut network, &mut ledger, &bob, "another audit is settled", again).await?;
	let entry = ledger.entry(&bob);
	assert_eq!((entry.failed, entry.slashed), (0, 0));
	ledger.check().await
}

use crate::common::{alone, audit_everyone, until};
use anyhow::Result;
use capacity_oracle_localnet::{Ledger, Network, Plan, Sealing, SERVICE};

#[tokio::test]
async fn fakers_and_the_silent_are_slashed_and_suspended_and_the_honest_are_not() -> Result<()> {
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::every(150)).start().await?;
	let policy = audit_everyone(&network, 200).await?;
	let plans = [
		Plan::honest("Bob", 2_000),
		Plan::liar("Charlie", 2_000, "fakes=0.5"),
		Plan::liar("Dave", 1_000, "silent"),
	];
	let [bob, faker, silent] = [plans[0].account()?, plans[1].account()?, plans[2].account()?];
	let mut ledger = Ledger::of(network.chain(), &plans).await?;
	for plan in plans {
		network.add(plan)?;
	}
	until(&mut network, &mut ledger, "two are slashed and one is paid", |ledger| {
		let entry = |who| ledger.entry(who);
		entry(&bob).fulfilled > 0 && entry(&faker).suspended > 0 && entry(&silent).suspended > 0
	})
	.await?;

	let faked = ledger.standing(&faker).await?;
	assert!(faked.entry.claims > 0, "it committed to what it made up");
	assert_eq!((faked.entry.proofs, faked.entry.delivered, faked.entry.paid), (0, 0, 0));
	assert!(faked.entry.slashed >= policy.audit_stake(2_000));
	assert_eq!(faked.entry.slashed + faked.stake, policy.stake(2_000));
	let silence = ledger.standing(&silent).await?;
	assert_eq!((silence.entry.claims, silence.entry.paid), (0, 0));
	assert!(silence.entry.slashed >= policy.audit_stake(1_000));
	assert_eq!(silence.entry.slashed + silence.stake, policy.stake(1_000));
	for who in [&faker, &silent] {
		let status = network.chain().stake(SERVICE, who).await?;
		assert!(status.is_none_or(|status| status.units_next.is_none()), "out of the draws");
	}

	let honest = ledger.standing(&bob).await?;
	assert_eq!((honest.entry.failed, honest.entry.slashed, honest.entry.suspended), (0, 0, 0));
	assert!(honest.gain > 0);
	let status = network.chain().stake(SERVICE, &bob).await?;
	assert_eq!(status.and_then(|status| status.units_next), Some(2_000));
	ledger.check().await
}

use crate::common::{alone, only_relays, seal_relays, seal_to_relays, sealing};
use anyhow::Result;
use capacity_oracle_localnet::{Ledger, Load, Network, Plan, Sealing};
use capacity_protocol::RelayTerms;
use sp_arithmetic::Perquintill;
use std::{slice::from_ref, time::Duration};

#[tokio::test]
async fn who_is_killed_while_it_serves_and_before_it_proves_is_paid_for_every_answer() -> Result<()>
{
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::Manual).start().await?;
	// Every claim must be proven.
	let change = |usual: RelayTerms| RelayTerms { probability: Perquintill::one(), ..usual };
	let terms = sealing(&network, only_relays(&network, change)).await?;
	let plan = Plan::honest("Bob", 1_000).serving();
	let bob = plan.account()?;
	let mut ledger =
		Ledger::with_applications(network.chain(), from_ref(&plan), &["Ferdie"]).await?;
	network.add(plan)?;
	let deposit = network.tell_application("Ferdie", &["deposit", "10"]);
	sealing(&network, deposit).await?;
	let session = seal_to_relays(&network, &bob).await?;

	// No block comes meanwhile: all of it is one session.
	let mut loading = network.load("Ferdie", &Load::new("system_health", 1_000).at(200))?;
	tokio::time::sleep(Duration::from_secs(2)).await;
	assert!(loading.done()?.is_none(), "requests were to be under way");
	network.kill("Bob")?;
	network.start("Bob")?;
	let sent = loading.finish().await?;
	let by = sent.by(&bob);
	assert!(by.answered > 100, "requests were answered: {sent:?}");

	// Between the claim and its proof.
	let claimed = |ledger: &Ledger| ledger.books().open_claims() > 0;
	seal_relays(&mut network, &mut ledger, &bob, &[session], "it claims", claimed).await?;
	network.kill("Bob")?;
	network.seal(1).await?;
	network.start("Bob")?;
	let settled = |ledger: &Ledger| ledger.books().is_settled(session);
	seal_relays(&mut network, &mut ledger, &bob, &[session], "it is paid", settled).await?;

	let entry = ledger.entry(&bob);
	let relays = entry.relays;
	assert_eq!((relays.claims, relays.required, relays.proven), (1, 1, 1));
	let answered_or_lost = by.answered..=by.units;
	assert!(answered_or_lost.contains(&relays.claimed), "{relays:?} of {by:?}");
	assert_eq!((relays.settled, relays.paid), (relays.claimed, terms.worth(relays.claimed)));
	assert_eq!((relays.slashed, entry.slashed), (0, 0));
	ledger.check().await
}

use capacity_oracle_supplier::chain::*;
use capacity_protocol::*;
use subxt_signer::sr25519::dev;
#[tokio::main]
async fn main() -> anyhow::Result<()> {
	let url = std::env::args().nth(1).unwrap();
	let mode = std::env::args().nth(2).unwrap_or_default();
	let chain = Chain::connect(&url).await?;
	let bob: AccountId32 = dev::bob().public_key().to_account_id();
	let token = chain.token().await?;
	if mode == "heavy" {
		let mut policy = chain.service(0).await?.unwrap().policy_next;
		policy.work = Synthetic { steps: std::env::args().nth(3).unwrap().parse()? }.into();
		policy.audit_rate = "1000000000000000000".parse::<u64>().map(sp_arithmetic::Perquintill::from_parts)?;
		policy.openings = 1;
		let r = chain.submit(&dev::alice(), Call::create_service(&policy, false)).await;
		println!("{r:?}");
		return Ok(());
	}
	println!("{:?}", chain.clock().await?);
	println!("{:?}", chain.service(0).await?);
	println!("{:?}", chain.service(9).await?.is_none());
	println!("{:?}", chain.policy_verdict(0).await?);
	println!("{:?}", chain.minimum_stake(0, 1234).await?.map(|s| token.show(s)));
	println!("{:?}", chain.stake(0, &bob).await?);
	println!("{:?}", chain.duties(0, &bob).await?);
	println!("{:?}", chain.pot().await?);
	println!("{:?}", chain.account(&bob).await?);
	println!("issuance {} ed {}", token.show(chain.total_issuance().await?), chain.existential_deposit().await?);
	let one: AccountId32 = dev::one().public_key().to_account_id();
	let before = chain.free_balance(&one).await?;
	let sent = chain.submit(&dev::ferdie(), Call::transfer(&one, 5 * 10u128.pow(12))).await?;
	println!("fee {} block {} events {:#?}", token.show(sent.fee), sent.block.number, sent.events.len());
	assert_eq!(chain.free_balance(&one).await?, before + 5 * 10u128.pow(12));
	println!("{}", chain.submit(&dev::ferdie(), Call::leave(0)).await.unwrap_err());
	println!("{}", chain.submit(&dev::ferdie(), Call::claim(1, 0, Default::default())).await.unwrap_err());
	println!("{}", chain.submit(&dev::ferdie(), Call::prove(1, 0, vec![1])).await.unwrap_err());
	println!("{}", chain.submit(&dev::ferdie(), Call::settle(1, 0, &bob)).await.unwrap_err());
	println!("{}", chain.submit(&dev::ferdie(), Call::withdraw_claim(1, 0)).await.unwrap_err());
	println!("{}", chain.submit(&dev::ferdie(), Call::transfer(&one, 5 * 10u128.pow(30))).await.unwrap_err());
	println!("not root: {}", chain.submit(&dev::ferdie(), Call::set_schedule(&sched())).await.unwrap_err());
	println!("bad: {}", chain.submit(&dev::alice(), Call::set_schedule(&Schedule { draw: 0, ..sched() })).await.unwrap_err());
	println!("nobody: {}", chain.submit(&Keypair::from_secret_key([7; 32]).unwrap(), Call::leave(0)).await.unwrap_err());
	println!("unknown: {}", chain.submit(&dev::alice(), Call::new("Nope", "x", ())).await.unwrap_err());
	let many: Vec<_> = (0..5).map(|_| { let chain = chain.clone(); tokio::spawn(async move { chain.submit(&dev::ferdie(), Call::transfer(&AccountId32([9; 32]), 10u128.pow(12))).await.map(|s| s.block.number) }) }).collect();
	for one in many { println!("parallel {:?}", one.await?); }
	let sent = chain.submit(&dev::alice(), Call::set_policy(0, &chain.service(0).await?.unwrap().policy_next, false)).await?;
	for e in &sent.events { println!("{e:?} {:?}", describe(e, &token)); }
	let mut blocks = chain.best_blocks();
	let mut fin = chain.finalised_blocks();
	for _ in 0..4 { println!("{:?} {:?}", blocks.next().await, fin.next().await); }
	println!("{:?}", blocks.latest().await);
	Ok(())
}
fn sched() -> Schedule { Schedule { session: 20, draw: 5, claims: 10, proofs: 10, patience: 60, lookback: Some(2) } }

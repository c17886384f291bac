//! Blocks as they come, whatever happens to the connection or to the node.

use super::{Chain, Config};
use codec::Encode;
use futures::FutureExt;
use std::{collections::VecDeque, time::Duration};
use subxt::{config::Header as _, rpcs::client::RpcSubscription, utils::H256};
use sum_trie::{Blake2b256, Hasher};

type Header = <Config as subxt::Config>::Header;

/// After so long without a block the subscription is taken for dead and made anew.
const SILENCE: Duration = Duration::from_secs(60);
/// The pause before a failed subscription is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
	pub number: u32,
	pub hash: H256,
}

/// Blocks as they become best or final. Never ends: it waits for a node that is away.
pub struct Blocks {
	chain: Chain,
	finality: bool,
	subscription: Option<RpcSubscription<Header>>,
	/// The last head that was seen.
	head: Option<Block>,
	/// Older blocks still to be given, oldest first.
	behind: VecDeque<Block>,
}

impl Blocks {
	pub(crate) fn best(chain: Chain) -> Self {
		Self { chain, finality: false, subscription: None, head: None, behind: VecDeque::new() }
	}

	pub(crate) fn finalised(chain: Chain) -> Self {
		Self { finality: true, ..Self::best(chain) }
	}

	/// The next block: every one that is final, or that was best when the next one came. After a
	/// reorganisation best blocks go on from the new head. Can be cancelled.
	pub async fn next(&mut self) -> Block {
		if let Some(block) = self.behind.pop_front() {
			return block;
		}
		let before = self.head;
		let head = self.next_head().await;
		let first = before.map_or(head.number, |before| before.number.saturating_add(1));
		self.behind.push_back(head);
		for number in (first..head.number).rev() {
			match self.chain.block(number).await {
				Ok(Some(block)) => self.behind.push_front(block),
				// The node has no such block any more, or is away.
				_ => break,
			}
		}
		self.behind.pop_front().unwrap_or(head)
	}

	/// The newest block, as soon as there is another one than the last. Can be cancelled.
	pub async fn latest(&mut self) -> Block {
		self.behind.clear();
		let mut newest = self.next_head().await;
		while let Some(newer) = self.next_head().now_or_never() {
			newest = newer;
		}
		newest
	}

	async fn next_head(&mut self) -> Block {
		loop {
			let Some(subscription) = &mut self.subscription else {
				self.subscribe().await;
				continue;
			};
			match tokio::time::timeout(SILENCE, subscription.next()).await {
				Ok(Some(Ok(header))) => {
					let hash = H256(Blake2b256::hash(&[&header.encode()]));
					let block = Block { number: header.number() as u32, hash };
					if self.head != Some(block) {
						self.head = Some(block);
						return block;
					}
				}
				_ => self.subscription = None,
			}
		}
	}

	async fn subscribe(&mut self) {
		let subscribed = match self.finality {
			true => self.chain.rpc().chain_subscribe_finalized_heads().await,
			false => self.chain.rpc().chain_subscribe_new_heads().await,
		};
		match subscribed {
			Ok(subscription) => self.subscription = Some(subscription),
			Err(_) => tokio::time::sleep(PAUSE).await,
		}
	}
}

//! Building the tries of claims while blocks come.

use super::{words, Agent, News};
use crate::{
	claim::{
		build, choose, list, padded, tally, Choice, Commitment, Contents, Entry, Ingredients,
		Offer, Part,
	},
	lie::{Lie, Plan},
	store::{KeptSession, Key, RelayPath, RelayStore, Store},
	work::ClaimTrie,
};
use anyhow::{Context, Result};
use capacity_oracle_client::{AccountId32, Chain, Snapshot};
use capacity_protocol::{Balance, Duty, Relay, RelaySession, ServiceId, StandardWork};
use futures::{stream, StreamExt, TryStreamExt};
use serde_json::json;
use std::sync::Arc;

/// Questions to the chain at a time.
const AT_ONCE: usize = 8;
/// Applications that one claim lists at the most: about as many as the sample chain takes.
const LONGEST: usize = 1_000;

/// What came of it.
pub(super) struct Built {
	key: Key,
	result: Result<Trie>,
}

struct Trie {
	commitment: Commitment,
	trie: Arc<ClaimTrie>,
	choice: Option<(Choice, Balance)>,
}

/// All that is needed to build a trie, apart from the agent.
struct Builder {
	key: Key,
	service: ServiceId,
	who: AccountId32,
	lie: Option<Lie>,
	threads: usize,
	chain: Chain,
	store: Arc<Store>,
	relays: Arc<RelayStore>,
}

impl Agent {
	/// Builds a trie with this in it, of an audit of which `plan` is to be claimed.
	pub(super) fn build(&mut self, key: Key, contents: Contents, plan: Plan) -> Result<()> {
		let builder = self.builder(key);
		self.start_building(key, async move { builder.build(contents, plan).await })
	}

	/// Builds the trie of the claim that the chain has again.
	pub(super) fn rebuild(&mut self, key: Key, duty: &Duty<StandardWork>) -> Result<()> {
		let builder = self.builder(key);
		let case = self.case(key)?;
		let Some(known) = duty.committed.and_then(|root| case.commitment(&root)).cloned() else {
			return Ok(());
		};
		self.start_building(key, async move {
			let relays = builder.read().await?;
			builder.finish(known.contents, known.plan, known.entries, relays, None).await
		})
	}

	fn builder(&self, key: Key) -> Builder {
		Builder {
			key,
			service: self.service,
			who: self.who,
			lie: self.lie,
			threads: self.pool.current_num_threads(),
			chain: self.chain.clone(),
			store: self.store.clone(),
			relays: self.relays.clone(),
		}
	}

	fn start_building(
		&mut self,
		key: Key,
		building: impl std::future::Future<Output = Result<Trie>> + Send + 'static,
	) -> Result<()> {
		self.case(key)?.building = true;
		let news = self.news.clone();
		tokio::spawn(async move {
			let result = building.await;
			// Nobody listens any more if the agent is stopping.
			let _ = news.send(News::Built(Built { key, result }));
		});
		Ok(())
	}

	/// Takes in what was built. What it is made of is on disk before it is claimed. Fails if that
	/// could not be kept.
	pub(super) fn hear_built(&mut self, built: Built) -> Result<()> {
		let Built { key, result } = built;
		let block = self.block.map(|block| block.number);
		let case = self.case(key)?;
		case.building = false;
		let Trie { commitment, trie, choice } = match result {
			Ok(trie) => trie,
			Err(error) if error.downcast_ref::<redb::Error>().is_some() => return Err(error),
			Err(error) => {
				case.failed = block;
				let text = format!("the claim could not be built: {error:#}; trying again");
				self.journal.say("warning", Some(key.session), text, json!({}));
				return Ok(());
			}
		};
		if case.commitment(&commitment.root).is_none() {
			self.store.add_commitment(&key, &commitment)?;
		}
		self.case(key)?.add(commitment, trie);
		if let Some((choice, stake)) = choice {
			for (kind, text, fields) in words::left_out(&choice, stake, LONGEST, &self.token) {
				self.journal.say(kind, Some(key.session), text, fields);
			}
		}
		Ok(())
	}
}

type Recorded = (Option<KeptSession>, Vec<(RelayPath, Relay)>);

impl Builder {
	async fn build(self, contents: Contents, plan: Plan) -> Result<Trie> {
		let plan = match contents.audit {
			Part::Nothing => Plan::default(),
			Part::Whole => plan,
			Part::Done => {
				let missing = self.store.missing(&self.key, plan.done)?;
				plan.cut(missing.first().map_or(plan.done, |range| range.start))
			}
		};
		if !contents.relays {
			return self.finish(contents, plan, vec![], (None, vec![]), None).await;
		}
		let recorded = self.read().await?;
		let (entries, choice) = match &recorded {
			(Some(session), relays) => self.choose(session, relays).await?,
			(None, _) => Default::default(),
		};
		self.finish(contents, plan, entries, recorded, Some(choice)).await
	}

	/// The relays of the session.
	async fn read(&self) -> Result<Recorded> {
		let (store, key) = (self.relays.clone(), self.key);
		let read = tokio::task::spawn_blocking(move || -> Result<Recorded> {
			Ok((store.session(&key)?, store.relays(&key)?))
		});
		read.await.context("the relays could not be read")?
	}

	/// Which applications are claimed from, and the stake there is.
	async fn choose(
		&self,
		session: &KeptSession,
		relays: &[(RelayPath, Relay)],
	) -> Result<(Vec<Entry>, (Choice, Balance))> {
		let best = self.chain.best().await?;
		let (number, terms) = (self.key.session, &session.terms.terms);
		let tallies = tally(session, self.service, relays);
		let own = match self.lie {
			Some(Lie::Dilutes(_)) => best.application_index(self.service, &self.who).await?,
			_ => None,
		};
		let hides = tallies.iter().any(|tally| Some(tally.entry.application) == own);
		let lie_about = |application| match self.lie {
			// Its own relays are real, and without them there is nothing to hide others among.
			Some(Lie::Dilutes(_)) if !hides || Some(application) == own => None,
			lie => lie,
		};
		let offers = stream::iter(tallies)
			.map(|tally| {
				let lie = lie_about(tally.entry.application);
				let units = padded(tally.entry.units, lie, session);
				let entry = Entry { units, ..tally.entry };
				let best = &best;
				async move {
					let money = best.payable(self.service, number, entry.application).await?;
					anyhow::Ok(Offer::new(entry, terms.worth(units), money))
				}
			})
			.buffered(AT_ONCE)
			.try_collect::<Vec<_>>()
			.await?;
		let free = best.claim_terms(self.service, number, &self.who, &[]).await?;
		let free = free.map_or(0, |terms| terms.free);
		let RelaySession { threshold, probability, .. } = session.terms;
		let risk = |worth| terms.penalty(worth, threshold, probability);
		let mut choice = choose(offers, risk, free, LONGEST);
		self.drop_refused(&best, &mut choice).await?;
		let stake = best.stake(self.service, &self.who).await?;
		let stake = stake.map_or(0, |status| status.stake);
		Ok((choice.taken.clone(), (choice, stake)))
	}

	/// Leaves out whom the chain would refuse, so that the others can be claimed from.
	async fn drop_refused(&self, best: &Snapshot, choice: &mut Choice) -> Result<()> {
		let admits = |entries: &[Entry]| {
			let payers = list(entries);
			async move {
				let (service, session) = (self.service, self.key.session);
				let terms = best.claim_terms(service, session, &self.who, &payers).await?;
				anyhow::Ok(terms.is_some())
			}
		};
		if choice.taken.is_empty() || admits(&choice.taken).await? {
			return Ok(());
		}
		let mut admitted = Vec::new();
		for entry in &choice.taken {
			if admits(std::slice::from_ref(entry)).await? {
				admitted.push(*entry);
			}
		}
		choice.unpaid.0 = choice.unpaid.0.saturating_add(choice.taken.len() - admitted.len());
		choice.taken = admitted;
		Ok(())
	}

	async fn finish(
		self,
		contents: Contents,
		plan: Plan,
		entries: Vec<Entry>,
		recorded: Recorded,
		choice: Option<(Choice, Balance)>,
	) -> Result<Trie> {
		let built = tokio::task::spawn_blocking(move || -> Result<Trie> {
			let (session, relays) = &recorded;
			let ingredients = Ingredients {
				key: self.key,
				service: self.service,
				supplier: self.who,
				results: &self.store.results(&self.key, plan.done)?,
				session: session.as_ref(),
				relays,
			};
			let trie = build(&ingredients, &plan, &entries, self.threads)?;
			let commitment = Commitment { root: trie.root(), contents, plan, entries };
			Ok(Trie { commitment, trie: Arc::new(trie), choice })
		});
		built.await.context("the claim could not be built")?
	}
}

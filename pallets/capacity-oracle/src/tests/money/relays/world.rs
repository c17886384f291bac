//! What suppliers have done, what they were promised, and what came of it.

use super::*;
use sp_core::{sr25519, Pair};
use std::collections::{BTreeMap, BTreeSet};
use sum_trie::{Blake2b256, Root, Trie};

type Work = (AccountId, SessionIndex);

/// What a liar does in every session.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Habit {
	/// Claims so many units more than it has served,
	pub fakes: Units,
	/// and an audit of which so many are done.
	pub honest: Units,
	/// Tries to prove it.
	pub shows: bool,
}

#[derive(Default)]
pub(super) struct World {
	habits: BTreeMap<AccountId, Habit>,
	/// What each supplier has served in each session.
	served: BTreeMap<Work, Vec<Served>>,
	/// What it was told, when it served, that it can count on.
	promised: BTreeMap<(Work, ApplicationIndex), Balance>,
	/// What it has claimed; for a claim of relays, what it must be paid at the least.
	tries: BTreeMap<Work, Trie<Blake2b256>>,
	least: BTreeMap<Work, Balance>,
	requests: u64,
	/// What applications have paid, and may pay, in each session.
	paid: BTreeMap<(ApplicationIndex, SessionIndex), Balance>,
	limits: BTreeMap<(ApplicationIndex, SessionIndex), Balance>,
	paid_before: BTreeMap<ApplicationIndex, (AccountId, Balance)>,
	/// What the honest owned.
	rich: BTreeMap<AccountId, Balance>,
	/// How much of this block was looked at.
	seen: usize,
}

pub(super) fn public(key: u8) -> SigningKey {
	signer(key).public().0
}

fn signer(key: u8) -> sr25519::Pair {
	signing_key(1_000 + AccountId::from(key))
}

fn last_session() -> SessionIndex {
	CurrentSession::<Test>::get().saturating_sub(1)
}

fn is_claiming(session: SessionIndex) -> bool {
	let (known, tick) = (Sessions::<Test>::get(session), CapacityOracle::tick());
	known.is_some_and(|known| known.end <= tick && tick < known.claims_close())
}

impl World {
	/// An application sends so many requests to every supplier that it has drawn, signed with any key
	/// that it has. They all answer.
	pub fn ask(&mut self, account: AccountId, requests: u8, method: MethodId) {
		let session = CurrentSession::<Test>::get();
		let Some(index) = CapacityOracle::application_index(0, account) else { return };
		let Some(terms) = CapacityOracle::relay_session(0, session).map(|known| known.terms) else {
			return;
		};
		let keys = application(index).keys;
		let Some(key) = keys.iter().rev().find(|key| key.holds_in(session)) else { return };
		let signer = (0..6).map(signer).find(|pair| pair.public().0 == key.key).unwrap();
		for told in CapacityOracle::assignments(0, session, index) {
			let work = (told.supplier, session);
			let part = CapacityOracle::payable(0, session, index).unwrap().part;
			let part = part * Balance::from(told.ranks.count());
			self.promised.entry((work, index)).or_insert(part);
			let all = self.served.entry(work).or_default();
			if all.iter().all(|served| served.index != index) {
				all.push(Served { index, ranks: told.ranks, leaves: Vec::new() });
			}
			let served = all.iter_mut().find(|served| served.index == index).unwrap();
			for _ in 0..requests {
				self.requests += 1;
				let draft = Draft::new(told.supplier, session, index, self.requests);
				let request = RelayRequest { method, ..draft.request };
				let mut leaf =
					Draft { key: key.number, signer: signer.clone(), request, ..draft }.leaf();
				leaf.weight = terms.prices.units(method).into();
				served.leaves.push(leaf);
			}
		}
	}

	pub fn change_habit(&mut self, who: AccountId, habit: Habit) {
		self.habits.insert(who, habit);
	}

	/// A block, in which the honest do what they must, and liars what they use to.
	pub fn block(&mut self, next: impl Fn()) {
		next();
		self.seen = 0;
		self.observe();
		let session = last_session();
		let claimed = |who| {
			Claims::<Test>::get(session, (0, who)).is_some_and(|claim| claim.commitment.is_some())
		};
		for who in SUPPLIERS.filter(|who| is_claiming(session) && !claimed(*who)) {
			match HONEST.contains(&who) {
				true => self.claim_honestly(who),
				false => self.pad(who),
			}
		}
		for who in SUPPLIERS.filter(|who| !HONEST.contains(who)) {
			self.show(who);
		}
		for who in HONEST {
			for told in CapacityOracle::duties(0, who) {
				if told.stage == Stage::Proving && !told.positions.is_empty() {
					let proof = self.tries[&(who, told.session)].open(&told.positions).unwrap();
					assert_ok!(prove(who, told.session, codec::Encode::encode(&proof)));
				}
			}
		}
	}

	/// Claims what was served in the last session, and the audit; the audit alone, if the stake is not
	/// enough for more.
	pub fn claim_honestly(&mut self, who: AccountId) {
		let session = last_session();
		if !is_claiming(session) {
			return;
		}
		let audit = self.audit(who, session, Units::MAX);
		let work = (who, session);
		let served = self.served.get(&work).cloned().unwrap_or_default();
		let on_chain = Claims::<Test>::get(session, (0, who)).is_some_and(|c| c.audit.is_some());
		for served in [served, Vec::new()] {
			if audit.is_empty() && served.is_empty() {
				return;
			}
			let Err(refused) = self.claim(work, audit.clone(), &served) else {
				let worth = |part: &Served| {
					let terms = Rounds::<Test>::get(session, 0).unwrap().policy.relays.unwrap();
					terms.worth(part.units()).min(self.promised[&(work, part.index)])
				};
				let least = served.iter().map(worth).sum();
				self.least.remove(&work);
				if !served.is_empty() {
					self.least.insert(work, least);
				}
				return;
			};
			let text = format!("{refused:?}");
			if text.contains("CommitmentOutOfRange") && !audit.is_empty() && !on_chain {
				return; // The chain has not come to its audit yet.
			}
			assert!(text.contains("CollateralMissing"), "{who} was honest and is refused: {text}");
			let known = Claims::<Test>::get(session, (0, who));
			if known.is_some_and(|claim| claim.commitment.is_some()) {
				return; // The claim that was made stands.
			}
		}
	}

	/// A liar claims what is done of its audit, what it has served, and fakes.
	fn pad(&mut self, who: AccountId) {
		let session = last_session();
		let Habit { fakes, honest, .. } = self.habits.get(&who).copied().unwrap_or_default();
		let mut served = self.served.get(&(who, session)).cloned().unwrap_or_default();
		if let Some(part) = served.first_mut() {
			*part = pad(part.clone(), fakes);
		}
		let audit = self.audit(who, session, honest);
		if !audit.is_empty() || !served.is_empty() {
			let _ = self.claim((who, session), audit, &served);
		}
	}

	/// A liar lists so many units of every application that it could serve.
	pub fn fabricate(&mut self, who: AccountId, units: Units) {
		let session = last_session();
		let all = Applications::<Test>::iter_prefix(0).map(|(index, _)| index);
		let mut listed: Vec<_> =
			all.filter_map(|index| ranks(who, session, index).map(|r| (index, r, units))).collect();
		listed.sort();
		let sum = units * listed.len() as u64;
		let list = payers(listed).collect::<Vec<_>>().try_into().unwrap();
		let root = Root { digest: [9; 32], sum, count: 1 };
		if claim_list(who, session, root, list).is_ok() {
			self.tries.remove(&(who, session));
		}
	}

	/// A liar shows what it has, whatever comes of it.
	fn show(&mut self, who: AccountId) {
		if !self.habits.get(&who).is_none_or(|habit| habit.shows) {
			return;
		}
		for told in CapacityOracle::duties(0, who).iter().filter(|told| !told.positions.is_empty())
		{
			let trie = self.tries.get(&(who, told.session));
			if let Some(Ok(proof)) = trie.map(|trie| trie.open(&told.positions)) {
				let _ = prove(who, told.session, codec::Encode::encode(&proof));
			}
		}
	}

	fn audit(&self, who: AccountId, session: SessionIndex, honest: Units) -> Vec<sum_trie::Leaf> {
		let told = duty(who, session).filter(|told| told.audit.is_some());
		told.map_or(Vec::new(), |told| leaves(&told, honest))
	}

	fn claim(
		&mut self,
		(who, session): Work,
		audit: Vec<sum_trie::Leaf>,
		served: &[Served],
	) -> frame_support::dispatch::DispatchResultWithPostInfo {
		let relays = served.iter().flat_map(|part| part.leaves.clone());
		let trie = Trie::build(audit.into_iter().chain(relays).collect()).unwrap();
		let claimed = claim_list(who, session, trie.root(), list(served))?;
		self.tries.insert((who, session), trie);
		Ok(claimed)
	}

	/// Looks at what has happened since the last look: one block, or one call.
	pub fn observe(&mut self) {
		let mut settled = BTreeSet::new();
		let happened = events();
		for event in &happened[self.seen..] {
			match event {
				Event::RelaysPaid { session, supplier, paid, .. } => {
					settled.insert(*session);
					let least = self.least.remove(&(*supplier, *session));
					assert!(*paid >= least.unwrap_or(0), "{supplier} got {paid} of {least:?}");
				}
				Event::ClaimForfeited { supplier, .. } | Event::AuditFailed { supplier, .. } => {
					assert!(!HONEST.contains(supplier), "{supplier} was honest: {event:?}");
				}
				Event::SessionVoided { session } => {
					self.least.retain(|(_, known), _| known != session);
				}
				_ => {}
			}
		}
		self.seen = happened.len();
		self.see_payments(settled);
		for who in HONEST {
			let before = self.rich.insert(who, wealth(who));
			assert!(wealth(who) >= before.unwrap_or(ENDOWMENT), "{who} was honest and lost");
		}
	}

	/// No application pays more in a session than it said, and all that is gone was paid for relays.
	fn see_payments(&mut self, settled: BTreeSet<SessionIndex>) {
		let current = CurrentSession::<Test>::get();
		for (index, known) in Applications::<Test>::iter_prefix(0) {
			let limit = *known.limit.at(current);
			let said = *self.limits.entry((index, current)).or_insert(limit);
			assert_eq!(said, limit, "the limit of a session has changed while it ran");
			let (_, before) =
				self.paid_before.insert(index, (known.account, known.paid)).unwrap_or_default();
			if known.paid > before {
				let sessions: Vec<_> = settled.iter().collect();
				let [session] = sessions[..] else { panic!("paid for {sessions:?} at once") };
				let paid = self.paid.entry((index, *session)).or_default();
				*paid += known.paid - before;
				assert!(*paid <= self.limits[&(index, *session)], "{index} paid {paid}");
			}
			assert_eq!(wealth(known.account) + self.paid_by(known.account), ENDOWMENT);
		}
	}

	/// What an account has paid, with all applications that it had.
	pub fn paid_by(&self, account: AccountId) -> Balance {
		let all = self.paid_before.values().filter(|(known, _)| *known == account);
		all.map(|(_, paid)| paid).sum()
	}

	/// Every claim of the honest was paid, but where its session was void.
	pub fn is_settled(&self) {
		let open: Vec<_> = self.least.keys().filter(|(who, _)| HONEST.contains(who)).collect();
		assert!(open.is_empty(), "{open:?} were never paid");
	}
}

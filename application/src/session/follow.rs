//! Follows the chain from session to session. Requests that are under way keep the session in which
//! they began.

use super::{decide, relay_url, Round, Seat, Session, Sight, Why};
use crate::{
	notice::{Notice, Tell},
	spending::Spending,
	supplier::Supplier,
};
use anyhow::{Context, Result};
use capacity_oracle_client::{relay::context, AccountId32};
use capacity_protocol::{Seed, SessionIndex, SigningKey};
use std::{collections::BTreeMap, future::Future, sync::Arc, time::Instant};
use tokio::sync::watch;

/// Where sights of the chain come from.
pub trait Oracle: Send + 'static {
	/// The chain as it is; after that, after each new block. None if there will be no more.
	fn next(&mut self) -> impl Future<Output = Option<Result<Sight>>> + Send;
}

/// The session that an application is served in, as the chain moves on. Clones see the same.
#[derive(Clone)]
pub struct Sessions(watch::Receiver<State>);

type State = Result<Arc<Session>, Why>;

impl Sessions {
	/// Follows the chain in the background, for an application that signs with `key`. Returns after
	/// the first look.
	pub async fn follow(mut oracle: impl Oracle, key: SigningKey, tell: Tell) -> Result<Self> {
		let mut follower = Follower::new(key, tell.clone());
		let first = oracle.next().await.context("the chain cannot be followed")??;
		let (sender, receiver) = watch::channel(follower.see(first));
		tokio::spawn(async move {
			let mut away = false;
			loop {
				let next = tokio::select! {
					next = oracle.next() => next,
					_ = sender.closed() => return,
				};
				match next {
					None => return,
					Some(Ok(sight)) => {
						away = false;
						drop(sender.send_replace(follower.see(sight)));
					}
					Some(Err(_)) if away => {}
					Some(Err(error)) => {
						away = true;
						tell(Notice::Away { why: format!("{error:#}") });
					}
				}
			}
		});
		Ok(Self(receiver))
	}

	/// The session now, or why there is none.
	pub fn now(&self) -> Result<Arc<Session>, Why> {
		self.0.borrow().clone()
	}

	/// The session now. Between two sessions, waits for the next one until `deadline`.
	pub async fn serving(&self, deadline: Instant) -> Result<Arc<Session>, Why> {
		match self.now() {
			Err(Why::AwaitingSeed { .. }) => {}
			now => return now,
		}
		let awaits = |why: &Why| matches!(why, Why::AwaitingSeed { .. });
		match tokio::time::timeout_at(deadline.into(), self.settled(awaits)).await {
			Ok(state) => state,
			Err(_) => self.now(),
		}
	}

	/// Waits until the application is served, as long as that may still come.
	pub async fn served(&self) -> Result<Arc<Session>, Why> {
		self.settled(Why::passes).await
	}

	async fn settled(&self, waits: impl Fn(&Why) -> bool) -> Result<Arc<Session>, Why> {
		let mut receiver = self.0.clone();
		loop {
			let state = receiver.borrow_and_update().clone();
			let over = !matches!(&state, Err(why) if waits(why));
			if over || receiver.changed().await.is_err() {
				return state;
			}
		}
	}
}

/// What is kept from sight to sight.
struct Follower {
	key: SigningKey,
	tell: Tell,
	suppliers: BTreeMap<AccountId32, Arc<Supplier>>,
	books: BTreeMap<(SessionIndex, Seed), Arc<Spending>>,
	/// What was said last.
	said: Option<Notice>,
}

impl Follower {
	fn new(key: SigningKey, tell: Tell) -> Self {
		Self { key, tell, suppliers: BTreeMap::new(), books: BTreeMap::new(), said: None }
	}

	fn see(&mut self, sight: Sight) -> State {
		let oldest = sight.clock.session.saturating_sub(1);
		self.books.retain(|(session, _), _| *session >= oldest);
		let state = decide(&sight, &self.key)
			.map(|(round, key)| Arc::new(self.session(&sight, round, key)));
		let notice = match &state {
			Ok(session) => Notice::of_session(session),
			Err(why) => Notice::NotServed(why.clone()),
		};
		if self.said.as_ref() != Some(&notice) {
			(self.tell)(notice.clone());
			self.said = Some(notice);
		}
		state
	}

	fn session(&mut self, sight: &Sight, round: &Round, key: u8) -> Session {
		let application = sight.application.as_ref().map_or(0, |(index, _)| *index);
		let spending = self.books.entry((round.session, round.seed)).or_default().clone();
		spending.set_payable(round.payable);
		let mut seat = |assignment: &capacity_protocol::Assignment<AccountId32>| {
			let account = assignment.supplier;
			let new = || Arc::new(Supplier::new(account));
			Seat {
				supplier: self.suppliers.entry(account).or_insert_with(new).clone(),
				draws: assignment.ranks.count(),
				url: relay_url(&assignment.endpoint),
				context: context(&round.seed, sight.service, &account, application),
			}
		};
		Session {
			service: sight.service,
			index: round.session,
			seed: round.seed,
			application,
			key,
			prices: round.prices,
			unit_price: round.unit_price,
			seats: round.assignments.iter().map(&mut seat).collect(),
			spending,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::session::{
		decide::tests::{sight, KEY},
		tests::account,
	};
	use std::{sync::Mutex, time::Duration};
	use tokio::sync::mpsc;

	struct Told(mpsc::UnboundedReceiver<Sight>);

	impl Oracle for Told {
		async fn next(&mut self) -> Option<Result<Sight>> {
			self.0.recv().await.map(Ok)
		}
	}

	/// What is followed, where sights are put in, and what was said.
	async fn following(
		first: Sight,
	) -> (Sessions, mpsc::UnboundedSender<Sight>, Arc<Mutex<Vec<Notice>>>) {
		let (sender, receiver) = mpsc::unbounded_channel();
		sender.send(first).unwrap();
		let said = Arc::new(Mutex::new(Vec::new()));
		let keep = said.clone();
		let tell: Tell = Arc::new(move |notice| keep.lock().unwrap().push(notice));
		(Sessions::follow(Told(receiver), KEY, tell).await.unwrap(), sender, said)
	}

	async fn after(sessions: &Sessions, sender: &mpsc::UnboundedSender<Sight>, sight: Sight) {
		let mut receiver = sessions.0.clone();
		receiver.mark_unchanged();
		sender.send(sight).unwrap();
		receiver.changed().await.unwrap();
	}

	#[tokio::test]
	async fn a_session_follows_the_other_and_each_has_its_own_books() {
		let (sessions, sender, said) = following(sight(7, 70, 6)).await;
		let before = sessions.now().unwrap();
		assert_eq!(before.index, 6);
		assert!(before.spending.reserve(40, &account(1)));

		after(&sessions, &sender, sight(7, 71, 6)).await;
		let still = sessions.now().unwrap();
		assert_eq!((still.index, still.spending.figures().1), (6, 40), "the same books");

		after(&sessions, &sender, sight(7, 72, 7)).await;
		let now = sessions.now().unwrap();
		assert_eq!((now.index, now.spending.figures().1), (7, 0));
		assert_eq!(before.index, 6, "what is under way keeps its session");
		assert_ne!(before.seats[0].context, now.seats[0].context);
		let same = Arc::ptr_eq(&before.seats[0].supplier, &now.seats[0].supplier);
		assert!(same, "what is known of a supplier stays known");
		assert_eq!(said.lock().unwrap().len(), 2, "each session is announced once");
	}

	#[tokio::test]
	async fn a_supplier_that_moves_is_asked_where_it_is() {
		let (sessions, sender, _) = following(sight(7, 75, 7)).await;
		let mut moved = sight(7, 76, 7);
		moved.rounds[0].assignments[0].endpoint = b"https://elsewhere".to_vec();
		after(&sessions, &sender, moved).await;
		let url = sessions.now().unwrap().seats[0].url.clone().unwrap();
		assert_eq!(url.as_str(), "https://elsewhere/");
	}

	#[tokio::test]
	async fn between_two_sessions_requests_wait_for_the_next() {
		let (sessions, sender, _) = following(sight(7, 76, 6)).await;
		let soon = Instant::now() + Duration::from_millis(20);
		let why = sessions.serving(soon).await.unwrap_err();
		assert_eq!(why, Why::AwaitingSeed { session: 7 });
		let later = Instant::now() + Duration::from_secs(60);
		let (found, ()) = tokio::join!(sessions.serving(later), async {
			sender.send(sight(7, 77, 7)).unwrap();
		});
		assert_eq!(found.unwrap().index, 7);
	}

	#[tokio::test]
	async fn a_new_application_can_wait_for_its_first_session() {
		let (sessions, sender, _) = following(sight(4, 45, 4)).await;
		let later = Instant::now() + Duration::from_secs(60);
		let why = sessions.serving(later).await.unwrap_err();
		assert_eq!(why, Why::NotYet { from: 5, now: 4 }, "a request does not wait so long");
		let (found, ()) = tokio::join!(sessions.served(), async {
			sender.send(sight(5, 50, 4)).unwrap();
			sender.send(sight(5, 52, 5)).unwrap();
		});
		assert_eq!(found.unwrap().index, 5);
	}

	#[tokio::test]
	async fn nobody_waits_for_what_will_not_come() {
		let (sessions, _sender, _) = following(sight(10, 105, 10)).await;
		assert_eq!(sessions.served().await.unwrap_err(), Why::NoKey);
	}
}

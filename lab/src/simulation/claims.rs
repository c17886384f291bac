//! Duties are done, claimed and proven, as everybody's strategy has it.

use super::{
	chain::{self, AccountId, CapacityOracle, Runtime, H, SERVICE},
	strategies::{Answer, Duty, Hand},
	work::relays,
	world::{refused, seed_of, Duties, World},
};
use anyhow::{anyhow, Context, Result};
use capacity_protocol::{
	claim_seed, drawn_for_proof, payers, positions, Balance, Ranks, Seed, SessionIndex, Units,
};
use codec::Encode;
use pallet_capacity_oracle::{Rounds, Sessions};
use sum_trie::{Leaf, Trie};

/// A claim that waits for its session's proof seed.
pub(super) struct Pending {
	identity: u32,
	player: usize,
	trie: Trie<H>,
	/// Units of relays: the rest of the trie is an audit's.
	relays: Units,
	worth: Balance,
	audited: bool,
	proves: bool,
	/// Whether there is nothing in it that nobody signed.
	honest: bool,
}

impl World<'_> {
	/// Everybody does its duties of a session as it sees fit, and claims what it has to show.
	pub(super) fn claim(&mut self, session: SessionIndex, duties: Duties) -> Result<()> {
		if duties.is_empty() {
			return Ok(());
		}
		let seed = seed_of(session)?;
		let lost = &self.lost;
		let known = |(identity, duty): (u32, Duty)| {
			let unpaid = lost.contains_key(&identity);
			(identity, Duty { unpaid, ..duty })
		};
		let mut duties: Vec<_> = duties.into_iter().map(known).collect();
		let mut duties = duties.drain(..).peekable();
		while let Some((first, duty)) = duties.next() {
			let player = self.cast.player_of(first).context("an identity is nobody's")?;
			let (mut identities, mut its) = (vec![first], vec![duty]);
			while let Some((identity, duty)) =
				duties.next_if(|(next, _)| self.cast.player_of(*next) == Some(player))
			{
				identities.push(identity);
				its.push(duty);
			}
			let known = self.cast.players.get_mut(player).context("no such supplier")?;
			let (capacity, policy) = (known.capacity, &self.scenario.policy);
			let mut hand = Hand { capacity, spare: capacity, policy, luck: &mut known.luck };
			let answers = known.strategy.play().answer(&mut hand, &its);
			for ((identity, duty), answer) in identities.into_iter().zip(its).zip(answers) {
				self.claim_one(session, &seed, player, identity, &duty, &answer)?;
			}
		}
		Ok(())
	}

	fn claim_one(
		&mut self,
		session: SessionIndex,
		seed: &Seed,
		player: usize,
		identity: u32,
		duty: &Duty,
		answer: &Answer,
	) -> Result<()> {
		let account = self.cast.account(identity);
		let mut leaves = match duty.audit {
			Some(units) if answer.audit > 0 || answer.faked > 0 => {
				self.workshop.audit(seed, account, units, answer.audit, answer.faked)
			}
			_ => Vec::new(),
		};
		let served = self.serve(seed, account, answer, &mut leaves);
		self.ledger.worked(player, session, answer.audit, served.units);
		if leaves.is_empty() {
			return Ok(());
		}
		let trie = Trie::<H>::build(leaves).map_err(|error| anyhow!("no trie: {error:?}"))?;
		let list: Vec<_> = payers(served.list).collect();
		let list = list.try_into().map_err(|_| anyhow!("one claim has too many applications"))?;
		let made =
			CapacityOracle::claim(chain::signed(account), session, SERVICE, trie.root(), list);
		let counts = self.ledger.counts(player).context("no such supplier")?;
		match made {
			Ok(_) => counts.claims += 1,
			Err(_) => {
				counts.refused_claims += 1;
				return Ok(());
			}
		}
		counts.false_units += answer.faked + served.made_up + served.own;
		let relays = served.units + served.made_up + served.own;
		let worth = |units| self.scenario.policy.relays.map_or(0, |terms| terms.worth(units));
		if served.own > 0 {
			self.ledger.asks_itself(session, account, worth(served.own));
		}
		self.pending.push(Pending {
			identity,
			player,
			trie,
			relays,
			worth: worth(relays),
			audited: duty.audit.is_some(),
			proves: answer.proves,
			honest: served.made_up == 0 && answer.faked == 0,
		});
		Ok(())
	}

	/// Adds the relays of an answer to the leaves of its claim.
	fn serve(
		&self,
		seed: &Seed,
		account: AccountId,
		answer: &Answer,
		leaves: &mut Vec<Leaf>,
	) -> Served {
		let mut served = Served::default();
		let Some(terms) = self.scenario.policy.relays else { return served };
		for claimed in &answer.relays {
			let key = chain::signing_key(self.cast.application(claimed.application));
			let weighed = relays(seed, account, &key, claimed, &terms, leaves);
			let signed = if claimed.served { &mut served.units } else { &mut served.own };
			*signed += weighed.signed;
			served.made_up += weighed.made_up;
			let units = weighed.signed + weighed.made_up;
			if units > 0 {
				served.list.push((claimed.application, claimed.ranks, units));
			}
		}
		served
	}

	/// Whoever has to and can opens its claim.
	pub(super) fn prove(&mut self, session: SessionIndex) -> Result<()> {
		if self.pending.is_empty() {
			return Ok(());
		}
		let known = Sessions::<Runtime>::get(session).context("a session is gone")?;
		let seed = known.proof_seed.context("a session has no proof seed")?;
		let round = Rounds::<Runtime>::get(session, SERVICE).context("a round is gone")?;
		for claim in std::mem::take(&mut self.pending) {
			let account = self.cast.account(claim.identity);
			let drawn = account.using_encoded(|who| claim_seed::<H>(&seed, session, SERVICE, who));
			let required = claim.audited
				|| claim.worth >= round.threshold
				|| drawn_for_proof::<H>(&drawn, round.probability);
			if !required {
				continue;
			}
			let counts = self.ledger.counts(claim.player).context("no such supplier")?;
			counts.proofs_required += 1;
			if !claim.proves {
				continue;
			}
			let synthetic = claim.trie.sum() - claim.relays;
			let openings = round.policy.openings;
			let places = positions::<H>(&drawn, openings, synthetic, claim.relays);
			let opened = claim.trie.open(&places).map_err(|error| anyhow!("{error:?}"))?;
			let proof = opened.encode().try_into().map_err(|_| anyhow!("a proof is too long"))?;
			match CapacityOracle::prove(chain::signed(account), session, SERVICE, proof) {
				Ok(_) => counts.proofs_given += 1,
				Err(_) if !claim.honest => counts.proofs_refused += 1,
				Err(error) => return Err(refused("an honest proof")(error.error)),
			}
		}
		Ok(())
	}
}

/// The relays of one claim.
#[derive(Default)]
struct Served {
	/// Units that were served.
	units: Units,
	/// Units that the supplier's own applications signed, and nobody served.
	own: Units,
	/// Units that nobody signed.
	made_up: Units,
	list: Vec<(u32, Ranks, Units)>,
}

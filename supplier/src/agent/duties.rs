//! What is to be done about each duty.

use super::{Agent, Transaction};
use crate::{
	decide::{decide, Action, Progress, Work},
	lie::Plan,
	store::{Key, Record},
};
use anyhow::Result;
use capacity_oracle_client::{thousands, Block, Call, Snapshot};
use capacity_protocol::{Duty, StandardWork, Tick};
use codec::Encode;
use serde_json::json;

impl Agent {
	/// Takes up duties that were not known, and what is new about those that were.
	pub(super) async fn note_new(
		&mut self,
		snapshot: &Snapshot,
		duties: &[(Key, Duty<StandardWork>)],
	) -> Result<()> {
		for (key, duty) in duties {
			let relays = self.closed_with(key);
			let Some(record) = self.records.get(key).copied() else {
				if duty.audit.is_some() || duty.committed.is_some() || relays > 0 {
					self.take_up(snapshot, *key, duty).await?;
				}
				continue;
			};
			// If it was gone, a reorganisation has brought it back.
			let mut new = Record { gone_at: None, relays, ..record };
			new.claimed |= duty.committed.is_some();
			if let Some(required) = duty.proof_required.filter(|_| !record.told_proof) {
				new.told_proof = true;
				self.tell_requirement(duty, required);
			}
			if new != record {
				self.keep(*key, new)?;
			}
		}
		Ok(())
	}

	async fn take_up(
		&mut self,
		snapshot: &Snapshot,
		key: Key,
		duty: &Duty<StandardWork>,
	) -> Result<()> {
		let account = snapshot.account(&self.who).await?;
		let owned = account.free.saturating_add(account.held);
		let units = duty.audit.as_ref().map_or(0, |audit| audit.task.units);
		let (relays, claimed) = (self.closed_with(&key), duty.committed.is_some());
		self.keep(key, Record { units, relays, owned, claimed, ..Record::default() })?;
		let Some(audit) = &duty.audit else { return Ok(()) };
		let text = format!(
			"audited, {} units to deliver by tick {}",
			thousands(units.into()),
			duty.claims_close
		);
		let fields = json!({
			"units": units, "by": duty.claims_close,
			"payment": audit.payment.to_string(), "at_risk": audit.at_risk.to_string(),
		});
		self.journal.say("audited", Some(key.session), text, fields);
		Ok(())
	}

	/// Says whether relays must be proven. Audits always must.
	fn tell_requirement(&self, duty: &Duty<StandardWork>, required: bool) {
		let Some(relays) = duty.relays else { return };
		let (units, worth) = (thousands(relays.units.into()), self.token.show(relays.worth));
		let text = match required {
			true => format!("a proof is required of {units} units of relays, worth {worth}"),
			false => format!(
				"no proof is required of {units} units of relays, worth {worth}: they are paid when \
				 the session is settled"
			),
		};
		let fields = json!({
			"required": required, "units": relays.units, "worth": relays.worth.to_string(),
		});
		self.journal.say("proof-required", Some(duty.session), text, fields);
	}

	/// Does what is to be done about a duty.
	pub(super) fn act(
		&mut self,
		key: Key,
		duty: &Duty<StandardWork>,
		block: Block,
		tick: Tick,
	) -> Result<()> {
		let plan = duty.audit.as_ref().and_then(|audit| Plan::new(audit.task.units, self.lie));
		let progress = self.progress(key, duty, plan, block)?;
		let attempts = self.records.get(&key).map(|record| record.attempts).unwrap_or_default();
		for action in decide(duty, &progress, &attempts, block.number, tick) {
			match (action, plan.zip(duty.audit.as_ref())) {
				// Duties come with the oldest first, whose deadline is the next.
				(Action::Work, Some((plan, audit))) if self.running.is_none() => {
					self.start(key, audit, plan);
				}
				(Action::Work, _) => {}
				(Action::Stop, _) => self.stop_work(key),
				(Action::Close, _) => self.close_session(key),
				(Action::Build(contents), _) => {
					self.build(key, contents, plan.unwrap_or_default())?;
				}
				(Action::Rebuild, _) => self.rebuild(key, duty)?,
				(Action::Claim(root), _) => self.claim(key, root, block)?,
				(Action::Prove, _) => self.prove(key, duty, block)?,
			}
		}
		Ok(())
	}

	fn progress(
		&mut self,
		key: Key,
		duty: &Duty<StandardWork>,
		plan: Option<Plan>,
		block: Block,
	) -> Result<Progress> {
		let working = self.running.as_ref().is_some_and(|running| running.key == key);
		let relays = self.relays_of(key);
		let case = self.case(key)?;
		if duty.proven || duty.proof_required == Some(false) {
			case.drop_tries();
		}
		let audit = match plan {
			None => Work::Nothing,
			Some(_) if case.worked => Work::Done,
			Some(_) if working => Work::Working,
			Some(_) => Work::Idle,
		};
		let committed = duty.committed.and_then(|root| case.commitment(&root));
		let committed = committed.map(|commitment| commitment.contents);
		let can_open = duty.committed.is_some_and(|root| case.trie(&root).is_some());
		let building = case.is_building(block.number);
		Ok(Progress { audit, relays, building, built: case.built, committed, can_open })
	}

	fn prove(&mut self, key: Key, duty: &Duty<StandardWork>, block: Block) -> Result<()> {
		let trie = duty.committed.and_then(|root| self.cases.get(&key)?.trie(&root));
		let Some(trie) = trie else { return Ok(()) };
		let proof = trie.open(&duty.positions)?.encode();
		let text = format!(
			"proven ({} positions, {:.1} kB)",
			duty.positions.len(),
			proof.len() as f64 / 1_000.0
		);
		let fields = json!({"positions": duty.positions.len(), "bytes": proof.len()});
		let call = Call::prove(key.session, self.service, proof);
		self.send(Transaction::Proof(key), call, block, text, fields)
	}
}

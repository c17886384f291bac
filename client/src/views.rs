//! The oracle's view functions, asked at one block.

use super::{AccountId32, Snapshot, PALLET};
use anyhow::{anyhow, bail, Context, Result};
use capacity_protocol::{
	ApplicationIndex, ApplicationStatus, Assignment, Balance, ClaimTerms, ClockStatus, Duty, Fund,
	OracleReport, Payable, Payer, PolicyVerdict, ProofStatus, RelaySession, SeatStatus, ServiceId,
	ServiceStatus, SessionIndex, StakeStatus, StandardWork, Units,
};
use codec::{Decode, Encode};

/// What the oracle answers without a transaction.
impl Snapshot {
	/// Where the oracle's clock stands.
	pub async fn clock(&self) -> Result<ClockStatus> {
		self.view("clock", ()).await
	}

	/// A service: its policy now and in the next session, its bids.
	pub async fn service(&self, service: ServiceId) -> Result<Option<ServiceStatus<StandardWork>>> {
		self.view("service", service).await
	}

	/// Whether the policy in force makes truth best, and why not or up to which capacity.
	pub async fn policy_verdict(&self, service: ServiceId) -> Result<Option<PolicyVerdict>> {
		self.view("policy_verdict", service).await
	}

	/// The least stake behind a bid of `units` in the next session.
	pub async fn minimum_stake(&self, service: ServiceId, units: Units) -> Result<Option<Balance>> {
		self.view("minimum_stake", (service, units)).await
	}

	/// A supplier's bid and stake.
	pub async fn stake(
		&self,
		service: ServiceId,
		supplier: &AccountId32,
	) -> Result<Option<StakeStatus>> {
		self.view("stake", (service, supplier)).await
	}

	/// What a supplier must deliver, claim and prove.
	pub async fn duties(
		&self,
		service: ServiceId,
		supplier: &AccountId32,
	) -> Result<Vec<Duty<StandardWork>>> {
		self.view("duties", (service, supplier)).await
	}

	/// What the oracle says about a service.
	pub async fn report(&self, service: ServiceId) -> Result<Option<OracleReport>> {
		self.view("report", service).await
	}

	/// A service's money for audits.
	pub async fn fund_status(&self, service: ServiceId) -> Result<Option<Fund>> {
		self.view("fund_status", service).await
	}

	/// The pot's account, what it holds, and what of that is set aside for audits of all services.
	pub async fn pot(&self) -> Result<(AccountId32, Balance, Balance)> {
		self.view("pot", ()).await
	}

	/// A session's seed, terms and deadlines, for those who serve and are served in it; none while
	/// its seed is not known, if the service has no relays in it, or after its settlement.
	pub async fn relay_session(
		&self,
		service: ServiceId,
		session: SessionIndex,
	) -> Result<Option<RelaySession>> {
		self.view("relay_session", (service, session)).await
	}

	/// A supplier's place in the previous, the current or the next session.
	pub async fn seat(
		&self,
		service: ServiceId,
		session: SessionIndex,
		supplier: &AccountId32,
	) -> Result<Option<SeatStatus>> {
		self.view("seat", (service, session, supplier)).await
	}

	/// The number under which an account is an application of a service.
	pub async fn application_index(
		&self,
		service: ServiceId,
		who: &AccountId32,
	) -> Result<Option<ApplicationIndex>> {
		self.view("application_index", (service, who)).await
	}

	/// An application, its keys and its money.
	pub async fn application(
		&self,
		service: ServiceId,
		index: ApplicationIndex,
	) -> Result<Option<ApplicationStatus<AccountId32>>> {
		self.view("application", (service, index)).await
	}

	/// Who may serve an application in a session: each supplier once, with the draws that fell to it.
	pub async fn assignments(
		&self,
		service: ServiceId,
		session: SessionIndex,
		index: ApplicationIndex,
	) -> Result<Vec<Assignment<AccountId32>>> {
		self.view("assignments", (service, session, index)).await
	}

	/// What an application can still pay for a session.
	pub async fn payable(
		&self,
		service: ServiceId,
		session: SessionIndex,
		index: ApplicationIndex,
	) -> Result<Option<Payable>> {
		self.view("payable", (service, session, index)).await
	}

	/// What a claim with these payers would mean for its supplier.
	pub async fn claim_terms(
		&self,
		service: ServiceId,
		session: SessionIndex,
		supplier: &AccountId32,
		payers: &[Payer],
	) -> Result<Option<ClaimTerms>> {
		self.view("claim_terms", (service, session, supplier, payers)).await
	}

	/// How many claims must be proven, and from which worth on all of them.
	pub async fn proof_status(&self, service: ServiceId) -> Result<Option<ProofStatus>> {
		self.view("proof_status", service).await
	}

	/// Where a supplier says that it answers.
	pub async fn endpoint(
		&self,
		service: ServiceId,
		supplier: &AccountId32,
	) -> Result<Option<String>> {
		let endpoint: Option<Vec<u8>> = self.view("endpoint", (service, supplier)).await?;
		Ok(endpoint.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
	}

	/// Asks one of the oracle's view functions.
	async fn view<T: Decode>(&self, function: &str, arguments: impl Encode) -> Result<T> {
		let Some(pallet) = self.client().metadata_ref().pallet_by_name(PALLET) else {
			bail!("this chain has no capacity oracle: its runtime has no pallet {PALLET}");
		};
		let unknown =
			|| anyhow!("the chain's oracle does not answer \"{function}\" as this program asks it");
		let question = pallet.view_function_by_name(function).ok_or_else(unknown)?;
		let input = (question.query_id(), arguments.encode()).encode();
		let answer = self.client().view_functions().call_raw(Some(&input)).await?;
		// What kind of refusal follows in case of an error is of no use.
		let answer = Result::<Vec<u8>, ()>::decode(&mut &answer[..])?.map_err(|()| unknown())?;
		T::decode(&mut &answer[..])
			.with_context(|| format!("the oracle's \"{function}\" is not what this program knows"))
	}
}

//! Reads at the best block; see [`Snapshot`](crate::Snapshot) for the same at another one.

use super::{Account, AccountId32, Chain};
use anyhow::Result;
use capacity_protocol::{
	ApplicationIndex, ApplicationStatus, Assignment, Balance, ClaimTerms, ClockStatus, Duty,
	OracleReport, Payable, Payer, PolicyVerdict, ProofStatus, RelaySession, SeatStatus, ServiceId,
	ServiceStatus, SessionIndex, StakeStatus, StandardWork, Units,
};

/// What the chain says after its best block.
impl Chain {
	/// Where the oracle's clock stands.
	pub async fn clock(&self) -> Result<ClockStatus> {
		self.best().await?.clock().await
	}

	/// A service: its policy now and in the next session, its bids.
	pub async fn service(&self, service: ServiceId) -> Result<Option<ServiceStatus<StandardWork>>> {
		self.best().await?.service(service).await
	}

	/// Whether the policy in force makes truth best, and up to which capacity.
	pub async fn policy_verdict(&self, service: ServiceId) -> Result<Option<PolicyVerdict>> {
		self.best().await?.policy_verdict(service).await
	}

	/// The least stake behind a bid of `units` in the next session.
	pub async fn minimum_stake(&self, service: ServiceId, units: Units) -> Result<Option<Balance>> {
		self.best().await?.minimum_stake(service, units).await
	}

	/// A supplier's bid and stake.
	pub async fn stake(
		&self,
		service: ServiceId,
		supplier: &AccountId32,
	) -> Result<Option<StakeStatus>> {
		self.best().await?.stake(service, supplier).await
	}

	/// What a supplier must deliver, claim and prove.
	pub async fn duties(
		&self,
		service: ServiceId,
		supplier: &AccountId32,
	) -> Result<Vec<Duty<StandardWork>>> {
		self.best().await?.duties(service, supplier).await
	}

	/// What the oracle says about a service.
	pub async fn report(&self, service: ServiceId) -> Result<Option<OracleReport>> {
		self.best().await?.report(service).await
	}

	/// A session's seed, terms and deadlines, for those who serve and are served in it; none while
	/// its seed is not known, if the service has no relays in it, or after its settlement.
	pub async fn relay_session(
		&self,
		service: ServiceId,
		session: SessionIndex,
	) -> Result<Option<RelaySession>> {
		self.best().await?.relay_session(service, session).await
	}

	/// A supplier's place in the previous, the current or the next session.
	pub async fn seat(
		&self,
		service: ServiceId,
		session: SessionIndex,
		supplier: &AccountId32,
	) -> Result<Option<SeatStatus>> {
		self.best().await?.seat(service, session, supplier).await
	}

	/// The number under which an account is an application of a service.
	pub async fn application_index(
		&self,
		service: ServiceId,
		who: &AccountId32,
	) -> Result<Option<ApplicationIndex>> {
		self.best().await?.application_index(service, who).await
	}

	/// An application, its keys and its money.
	pub async fn application(
		&self,
		service: ServiceId,
		index: ApplicationIndex,
	) -> Result<Option<ApplicationStatus<AccountId32>>> {
		self.best().await?.application(service, index).await
	}

	/// Who may serve an application in a session: each supplier once, with the draws that fell to it.
	pub async fn assignments(
		&self,
		service: ServiceId,
		session: SessionIndex,
		index: ApplicationIndex,
	) -> Result<Vec<Assignment<AccountId32>>> {
		self.best().await?.assignments(service, session, index).await
	}

	/// What an application can still pay for a session.
	pub async fn payable(
		&self,
		service: ServiceId,
		session: SessionIndex,
		index: ApplicationIndex,
	) -> Result<Option<Payable>> {
		self.best().await?.payable(service, session, index).await
	}

	/// What a claim with these payers would mean for its supplier.
	pub async fn claim_terms(
		&self,
		service: ServiceId,
		session: SessionIndex,
		supplier: &AccountId32,
		payers: &[Payer],
	) -> Result<Option<ClaimTerms>> {
		self.best().await?.claim_terms(service, session, supplier, payers).await
	}

	/// How many claims must be proven, and from which worth on all of them.
	pub async fn proof_status(&self, service: ServiceId) -> Result<Option<ProofStatus>> {
		self.best().await?.proof_status(service).await
	}

	/// Where a supplier says that it answers.
	pub async fn endpoint(
		&self,
		service: ServiceId,
		supplier: &AccountId32,
	) -> Result<Option<String>> {
		self.best().await?.endpoint(service, supplier).await
	}

	/// The pot's account, what it holds, and what of that is set aside for audits.
	pub async fn pot(&self) -> Result<(AccountId32, Balance, Balance)> {
		self.best().await?.pot().await
	}

	/// An account's money.
	pub async fn account(&self, who: &AccountId32) -> Result<Account> {
		self.best().await?.account(who).await
	}

	/// What an account can spend, but for the existential deposit.
	pub async fn free_balance(&self, who: &AccountId32) -> Result<Balance> {
		Ok(self.account(who).await?.free)
	}

	/// Whether the node knows transactions of an account that are not in a block yet.
	pub async fn has_pending(&self, who: &AccountId32) -> Result<bool> {
		let in_blocks = self.account(who).await?.nonce;
		Ok(self.rpc.system_account_next_index(who).await? > in_blocks.into())
	}

	/// What an account has on hold, for whatever reason.
	pub async fn held_balance(&self, who: &AccountId32) -> Result<Balance> {
		Ok(self.account(who).await?.held)
	}

	/// All money there is.
	pub async fn total_issuance(&self) -> Result<Balance> {
		self.best().await?.total_issuance().await
	}

	/// The least that an account can own.
	pub async fn existential_deposit(&self) -> Result<Balance> {
		self.best().await?.existential_deposit()
	}
}

//! Deposits, limits and keys: which transactions an application needs.

use anyhow::{bail, Context, Result};
use capacity_oracle_client::{read_key, AccountId32, Call, Chain, Token};
use capacity_protocol::{ApplicationStatus, Balance, RelayTerms, ServiceId, SigningKey};

/// The application of an account, if it is one.
pub async fn find(
	chain: &Chain,
	service: ServiceId,
	who: &AccountId32,
) -> Result<Option<ApplicationStatus<AccountId32>>> {
	let best = chain.best().await?;
	match best.application_index(service, who).await? {
		Some(index) => best.application(service, index).await,
		None => Ok(None),
	}
}

/// The terms of a service's relays in the next session, in which whatever is changed now holds.
pub async fn terms(chain: &Chain, service: ServiceId) -> Result<RelayTerms> {
	let known = chain.service(service).await?;
	let known = known.with_context(|| format!("there is no service {service}: give another"))?;
	let terms = known.policy_next.relays;
	terms.with_context(|| format!("service {service} has no relays: give another"))
}

/// What makes the account of `own` an application with `amount` more on deposit, that signs with
/// `sign_with`, or at least with some key.
pub fn deposit(
	service: ServiceId,
	application: Option<&ApplicationStatus<AccountId32>>,
	amount: Balance,
	limit: Option<Balance>,
	own: SigningKey,
	sign_with: Option<SigningKey>,
) -> Result<Vec<Call>> {
	if amount == 0 {
		bail!("deposit more than nothing; to change the limit only, use `application limit`");
	}
	if let Some(until) = application.and_then(|known| known.until) {
		bail!(
			"the application was closed with session {until}: take the deposit back with \
			 `application reclaim`, then deposit anew"
		);
	}
	let open = || application.iter().flat_map(|known| &known.keys).filter(|k| k.until.is_none());
	let missing = match sign_with {
		Some(key) => open().all(|known| known.key != key).then_some(key),
		None => open().next().is_none().then_some(own),
	};
	let mut calls = vec![Call::deposit(service, amount, limit)];
	calls.extend(missing.map(|key| Call::add_key(service, &key)));
	Ok(calls)
}

/// Checks that a deposit is not too small, with the figures that the chain's refusal would not have.
pub fn check_deposit(
	terms: &RelayTerms,
	application: Option<&ApplicationStatus<AccountId32>>,
	amount: Balance,
	token: &Token,
) -> Result<()> {
	let deposit = application.map_or(0, |known| known.deposit).saturating_add(amount);
	if deposit < terms.minimum_deposit {
		let least = token.show(terms.minimum_deposit);
		bail!("the deposit would be {}: the least is {least}", token.show(deposit));
	}
	Ok(())
}

/// The public key that `text` names: an address, 32 bytes in hexadecimal, a development key such as
/// `//Bob`, or a file with a secret phrase.
pub fn read_public(text: &str) -> Result<SigningKey> {
	if let Some(digits) = text.strip_prefix("0x") {
		let bytes = hex::decode(digits).ok().and_then(|bytes| bytes.try_into().ok());
		return bytes.with_context(|| format!("\"{text}\" is no public key: it has 64 digits"));
	}
	match text.parse::<AccountId32>() {
		Ok(account) => Ok(account.0),
		Err(_) => Ok(read_key(text)?.public_key().0),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_protocol::KeyStatus;

	const OWN: SigningKey = [1; 32];
	const OTHER: SigningKey = [2; 32];

	fn application(keys: &[(SigningKey, Option<u32>)]) -> ApplicationStatus<AccountId32> {
		let keys = keys.iter().enumerate();
		ApplicationStatus {
			account: AccountId32(OWN),
			from: 3,
			until: None,
			keys: keys
				.map(|(number, (key, until))| KeyStatus {
					number: number as u8,
					key: *key,
					from: 3,
					until: *until,
				})
				.collect(),
			deposit: 100,
			reserved: 0,
			paid: 0,
			limit: 50,
			limit_next: 50,
		}
	}

	fn calls(
		application: Option<&ApplicationStatus<AccountId32>>,
		sign_with: Option<SigningKey>,
	) -> Vec<Call> {
		deposit(4, application, 9, Some(5), OWN, sign_with).unwrap()
	}

	#[test]
	fn a_new_application_signs_with_its_own_key_or_another() {
		let deposit = Call::deposit(4, 9, Some(5));
		assert_eq!(calls(None, None), [deposit.clone(), Call::add_key(4, &OWN)]);
		assert_eq!(calls(None, Some(OTHER)), [deposit, Call::add_key(4, &OTHER)]);
	}

	#[test]
	fn keys_that_are_there_are_not_added_again() {
		let deposit = Call::deposit(4, 9, Some(5));
		let known = application(&[(OTHER, None)]);
		assert_eq!(calls(Some(&known), None), std::slice::from_ref(&deposit));
		assert_eq!(calls(Some(&known), Some(OTHER)), std::slice::from_ref(&deposit));
		assert_eq!(calls(Some(&known), Some(OWN)), [deposit, Call::add_key(4, &OWN)]);
	}

	#[test]
	fn a_key_that_was_removed_is_no_key() {
		let known = application(&[(OWN, Some(5))]);
		assert_eq!(calls(Some(&known), None)[1..], [Call::add_key(4, &OWN)]);
		assert_eq!(calls(Some(&known), Some(OWN))[1..], [Call::add_key(4, &OWN)]);
	}

	#[test]
	fn a_closed_application_takes_no_deposit() {
		let closed = ApplicationStatus { until: Some(9), ..application(&[]) };
		let error = deposit(4, Some(&closed), 9, None, OWN, None).unwrap_err();
		assert!(error.to_string().contains("application reclaim"), "{error}");
		assert!(deposit(4, None, 0, None, OWN, None).is_err());
	}

	#[test]
	fn public_keys_are_read_however_they_are_written() {
		let bob = AccountId32(read_key("//Bob").unwrap().public_key().0);
		assert_eq!(read_public("//Bob").unwrap(), bob.0);
		assert_eq!(read_public(&bob.to_string()).unwrap(), bob.0);
		assert_eq!(read_public(&format!("0x{}", hex::encode(bob.0))).unwrap(), bob.0);
		assert!(read_public("0x00").unwrap_err().to_string().contains("no public key"));
		assert!(read_public("nobody").is_err());
	}
}

//! Why the oracle did, or did not do, something: the reasons in its events, in words. A reason that is not
//! known is shown by its name.

use capacity_protocol::Untruthful;

/// Why a service has no audits in a session.
pub fn skipped(reason: &str) -> &str {
	match reason {
		"NoMoney" => "the service has no money for them; add some with `supplier fund`",
		"Backlog" => "too many earlier sessions are not settled",
		"NoSeed" => "no seed could be had",
		other => other,
	}
}

/// Why a bid that was drawn is not audited.
pub fn passed_over(reason: &str) -> &str {
	match reason {
		"NoStake" => "it has no stake left that could be lost",
		"OutOfRange" => "its bid is of a size that is not admitted any more",
		"Unfunded" => "the service's money does not allow an audit of its size",
		"SetAsideSpent" => "more was drawn, by a rare chance, than was set aside",
		other => other,
	}
}

/// Why a bid is taken out of the draws.
pub fn suspended(reason: &str) -> &str {
	match reason {
		"StakeTooSmall" => "that is too small for its bid",
		"OutOfRange" => "the policy does not admit a bid of its size any more",
		"Unfunded" => {
			"the service's money does not allow an audit of its size; bid less, or add money with \
			 `supplier fund`"
		}
		other => other,
	}
}

/// Why an audit that was delivered in full is not paid.
pub fn unpaid(reason: &str) -> &str {
	match reason {
		"Quorum" => "all suppliers together delivered too little",
		"StakeTaken" => "an earlier audit has failed, and has taken the stake behind this one",
		other => other,
	}
}

/// Why a policy does not make truth best.
pub fn untruthful(reason: Untruthful) -> &'static str {
	match reason {
		Untruthful::ClaimsPay => {
			"claiming relays that nobody served gains more than its penalty costs"
		}
		Untruthful::NothingEarned => "audits never happen, or earn nothing beyond their cost",
		Untruthful::ShirkingPays => "faking a part of an audit gains",
		Untruthful::CreditPays => "answering audits with relays of one's own gains",
		Untruthful::OverreportingPays => "declaring more than there is gains in audits",
		Untruthful::RelaysPay => "declaring more than there is gains in relays",
		Untruthful::BeyondLargestBid => "whoever has more than the largest bid has to split it",
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_reason_that_a_later_oracle_adds_is_shown_by_its_name() {
		for words in [skipped, passed_over, suspended, unpaid] {
			assert_eq!(words("Another"), "Another");
		}
	}

	#[test]
	fn what_money_can_cure_says_how() {
		assert!(skipped("NoMoney").contains("`supplier fund`"));
		assert!(suspended("Unfunded").contains("`supplier fund`"));
	}
}

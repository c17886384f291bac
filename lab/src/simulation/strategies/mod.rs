//! How a supplier behaves: what it bids, what it does about what it is asked for.

mod colluding;
mod declaring;
mod diluting;
mod faking;
mod honest;
mod lingering;
mod mixed;
mod outage;
mod outbidding;
mod overreporting;
mod padding;
mod resting;
mod self_serving;
mod shirking;
mod silent;
mod splitting;
mod syntax;

pub use colluding::Colluding;
pub use declaring::Declaring;
pub use diluting::Diluting;
pub use faking::FakingAudits;
pub use honest::Honest;
pub use lingering::Lingering;
pub use mixed::Mixed;
pub use outage::{Moment, Outage};
pub use outbidding::Outbidding;
pub use overreporting::Overreporting;
pub use padding::Padding;
pub use resting::Resting;
pub use self_serving::SelfServing;
pub use shirking::Shirking;
pub use silent::Silent;
pub use splitting::Splitting;
pub use syntax::{Strategy, SYNTAX};

use capacity_protocol::{ApplicationIndex, Policy, Ranks, SessionIndex, StandardWork, Units};

/// What a supplier is asked for in one session, under one of its identities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Duty {
	/// Units of an audit: the whole bid.
	pub audit: Option<Units>,
	/// The stake behind it is gone, and not filled up: the audit has nothing more to lose, and pays nothing.
	pub unpaid: bool,
	/// Relays.
	pub asked: Vec<Asked>,
}

/// What one application asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
	pub application: ApplicationIndex,
	/// The draws of the application that fall to the identity.
	pub ranks: Ranks,
	pub units: Units,
	/// Whether the application is the supplier's own.
	pub own: bool,
}

/// What a supplier does about a duty. By default nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
	/// Units of the audit that it computes.
	pub audit: Units,
	/// Units of the audit that it makes up.
	pub faked: Units,
	/// What it claims of applications, in the order of their numbers.
	pub relays: Vec<Claimed>,
	/// Whether it tries to prove what it has claimed.
	pub proves: bool,
}

/// Relays claimed of one application.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claimed {
	pub application: ApplicationIndex,
	pub ranks: Ranks,
	/// Units that the application signed.
	pub signed: Units,
	/// Units that nobody signed.
	pub made_up: Units,
	/// Whether the signed units were asked for and served, which is work.
	pub served: bool,
}

/// What a supplier knows when it decides.
pub struct Hand<'a> {
	/// Units of audits that it can deliver in a session.
	pub capacity: Units,
	/// Units of relays that it can still serve in the session. What audits take is not counted: they are
	/// rare, and the same for everybody.
	pub spare: Units,
	pub policy: &'a Policy<StandardWork>,
	pub luck: &'a mut fastrand::Rng,
}

/// A supplier's audits, for formulas. All gains are in rewards for its whole capacity.
pub struct Audited<'a> {
	pub capacity: Units,
	pub policy: &'a Policy<StandardWork>,
}

impl Audited<'_> {
	/// The reward for a bid of the whole capacity, in money.
	pub fn reward(&self) -> f64 {
		reward(self.policy, self.capacity)
	}

	/// What an audit of `bid` puts at risk.
	pub fn stake(&self, bid: Units) -> f64 {
		self.policy.audit_stake(bid) as f64 / self.reward()
	}

	/// What the work of the whole capacity costs.
	pub fn work(&self) -> f64 {
		(self.policy.cost as f64 * self.capacity as f64) / self.reward()
	}

	/// The audit rate.
	pub fn rate(&self) -> f64 {
		self.policy.audit_rate.deconstruct() as f64 / 1e18
	}
}

/// What an audit of a bid pays beyond its cost.
pub fn reward(policy: &Policy<StandardWork>, units: Units) -> f64 {
	policy.payment(units) as f64 - policy.cost as f64 * units as f64
}

/// Applications in the hand of a supplier. By default it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
	pub applications: u32,
	/// Units that each of them signs in a session for each identity that may serve it.
	pub units: Units,
	/// Whether it pays. If not, its limit for a session is zero.
	pub pays: bool,
}

/// How many applications those have that need one of their own: draws of a few of them fall to their bid in
/// most sessions.
const OWN_APPLICATIONS: u32 = 50;

/// A way to behave.
pub trait Play {
	/// The bids that it places, one for each identity.
	fn bids(&self, hand: &mut Hand) -> Vec<Units>;

	/// What it does about the duties that its identities have in a session, in their order.
	fn answer(&self, hand: &mut Hand, duties: &[Duty]) -> Vec<Answer>;

	/// The session from which on its bid with this number takes part, from one on.
	fn joins(&self, _bid: usize) -> SessionIndex {
		1
	}

	/// The stake behind its bids, as a multiple of the least, where it is not the scenario's.
	fn stakes(&self) -> Option<u32> {
		None
	}

	/// How many sessions it waits until it fills up its stake after it was slashed.
	fn waits(&self) -> u32 {
		0
	}

	/// Units of its capacity that anybody can count on.
	fn true_capacity(&self, capacity: Units) -> Units {
		capacity
	}

	/// The applications that it has, if its capacity is this.
	fn own(&self, _capacity: Units) -> Own {
		Own::default()
	}

	/// Whether the service's owner is in the same hand, and gives back its share of what own applications
	/// pay.
	fn owns_service(&self) -> bool {
		false
	}

	/// What its audits bring in a session, by the formulas, where they are independent, all stakes are
	/// free, and a failed one loses all of its stake; none where no formula says it.
	fn predicted(&self, _audited: &Audited) -> Option<f64> {
		None
	}
}

impl Answer {
	/// All that is asked for, as far as the capacity for relays goes.
	pub fn honest(duty: &Duty, hand: &mut Hand) -> Self {
		let mut relays = Vec::new();
		for asked in duty.asked.iter().filter(|asked| !asked.own) {
			let signed = asked.units.min(hand.spare);
			hand.spare -= signed;
			if signed > 0 {
				relays.push(Claimed { signed, ..Claimed::served(asked) });
			}
		}
		let credited = match credits(hand.policy) {
			true => relays.iter().map(|claimed| claimed.signed).sum(),
			false => 0,
		};
		let audit = duty.audit.unwrap_or(0).saturating_sub(credited);
		Self { audit, faked: 0, relays, proves: true }
	}

	/// Claims what an own application signed and nobody served.
	pub fn claim_own(&mut self, asked: &Asked, units: Units) {
		let own = Claimed { served: false, signed: units, ..Claimed::served(asked) };
		let before = self.relays.partition_point(|known| known.application < own.application);
		self.relays.insert(before, own);
	}
}

/// Whether relays count towards audits.
pub fn credits(policy: &Policy<StandardWork>) -> bool {
	policy.relays.is_some_and(|terms| terms.credit_relays)
}

impl Claimed {
	/// As asked for.
	pub fn served(asked: &Asked) -> Self {
		let Asked { application, ranks, units, .. } = *asked;
		Self { application, ranks, signed: units, made_up: 0, served: true }
	}
}

/// Every duty for itself.
fn each(duties: &[Duty], answer: impl FnMut(&Duty) -> Answer) -> Vec<Answer> {
	duties.iter().map(answer).collect()
}

/// All relays, and of the audits those that bring most together: each that is delivered pays its reward, and
/// saves its stake.
fn best_audits(hand: &mut Hand, duties: &[Duty]) -> Vec<Answer> {
	let mut answers: Vec<_> = duties.iter().map(|duty| Answer::honest(duty, hand)).collect();
	for (answer, _) in answers.iter_mut().zip(duties).filter(|(_, duty)| duty.unpaid) {
		answer.audit = 0;
	}
	let worth: Vec<_> = duties
		.iter()
		.map(|duty| duty.audit.unwrap_or(0))
		.map(|bid| reward(hand.policy, bid) + hand.policy.audit_stake(bid) as f64)
		.collect();
	let asked: Vec<_> = (0..answers.len()).filter(|index| answers[*index].audit > 0).collect();
	let chosen = |set: u32| asked.iter().enumerate().filter(move |(bit, _)| set >> bit & 1 == 1);
	let fits = |set: &u32| {
		let units: Units = chosen(*set).map(|(_, index)| answers[*index].audit).sum();
		units <= hand.capacity
	};
	let value = |set: &u32| chosen(*set).map(|(_, index)| worth[*index]).sum::<f64>();
	let sets = 0..1u32 << asked.len().min(16);
	let best = sets.filter(fits).max_by(|a, b| value(a).total_cmp(&value(b))).unwrap_or(0);
	for (bit, index) in asked.into_iter().enumerate() {
		if bit >= 16 || best >> bit & 1 == 0 {
			answers[index].audit = 0;
		}
	}
	answers
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::simulation::reference_policy;

	fn audits(units: &[Units]) -> Vec<Units> {
		let (policy, mut luck) = (reference_policy(), fastrand::Rng::with_seed(1));
		let mut hand = Hand { capacity: 60, spare: 60, policy: &policy, luck: &mut luck };
		let duty = |units: &Units| Duty { audit: Some(*units), ..Duty::default() };
		let duties: Vec<_> = units.iter().map(duty).collect();
		best_audits(&mut hand, &duties).into_iter().map(|answer| answer.audit).collect()
	}

	/// Below the reference all stakes are alike, so that it is better to save two of them than one.
	#[test]
	fn of_several_audits_those_are_delivered_that_bring_most() {
		assert_eq!(audits(&[60, 60]).iter().sum::<u64>(), 60);
		assert_eq!(audits(&[60, 30, 30]), [0, 30, 30]);
		assert_eq!(audits(&[40, 30, 20]), [40, 0, 20]);
		assert_eq!(audits(&[70]), [0]);
	}

	#[test]
	fn nobody_serves_more_relays_than_it_has_capacity_for() {
		let (policy, mut luck) = (reference_policy(), fastrand::Rng::with_seed(1));
		let mut hand = Hand { capacity: 60, spare: 60, policy: &policy, luck: &mut luck };
		let asked = |application| Asked {
			application,
			ranks: Ranks::of(1, |_| true),
			units: 50,
			own: false,
		};
		let duty = Duty { asked: vec![asked(0), asked(1), asked(2)], ..Duty::default() };
		let served: Vec<_> =
			Answer::honest(&duty, &mut hand).relays.iter().map(|claimed| claimed.signed).collect();
		assert_eq!(served, [50, 10]);
	}
}

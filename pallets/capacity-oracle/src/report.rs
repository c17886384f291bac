//! What the oracle remembers, and what it concludes.

use crate::{pallet::*, types::*};
use capacity_economics::wilson_lower_bound;
use capacity_protocol::{OracleReport, Selection, ServiceId, SessionIndex, SessionRecord, Units};
use frame_support::traits::Get;
use sp_runtime::{
	helpers_128bit::multiply_by_rational_with_rounding,
	traits::{Saturating, UniqueSaturatedInto},
	FixedU128, Perquintill, Rounding,
};

/// The quantile of the normal distribution for a one-sided confidence of 95 %.
const ONE_SIDED_95: FixedU128 = FixedU128::from_rational(1_645, 1_000);

impl<T: Config> Pallet<T> {
	/// Adds a settled round to its service's history; the oldest record makes room.
	pub(crate) fn remember(
		index: SessionIndex,
		session: &Session,
		service: ServiceId,
		round: &Round<T::Work>,
	) {
		let rate = match round.policy.selection {
			_ if session.void => Perquintill::zero(),
			Selection::Independent => round.rate,
			Selection::Joint => round.policy.audit_rate.saturating_mul(round.rate),
		};
		let record = SessionRecord {
			session: index,
			suppliers: round.members.slots,
			capacity: round.members.units,
			rate,
			truthful: round.truthful,
			audits: round.audits,
			fulfilled: round.fulfilled,
			allocated: round.allocated,
			squares: round.squares,
			delivered: round.delivered,
			paid: round.paid,
			slashed: round.slashed,
			void: session.void,
			relays: round.relays,
		};
		History::<T>::mutate(service, |history| {
			if history.len() >= T::HistoryLength::get() as usize && !history.is_empty() {
				history.remove(0);
			}
			// Fails only where there is no room for any record.
			let _ = history.try_push(record);
		});
	}

	pub(crate) fn view_report(service: ServiceId) -> Option<OracleReport> {
		let known = Services::<T>::get(service)?;
		let members = *known.members.at(CurrentSession::<T>::get());
		let history = History::<T>::get(service).into_inner();
		let mut report = OracleReport {
			service,
			capacity_reported: members.units,
			suppliers: members.slots,
			audits: 0,
			fulfilled: 0,
			allocated: 0,
			delivered: 0,
			paid: 0,
			slashed: 0,
			relays: Default::default(),
			fund: Funds::<T>::get(service),
			capacity_audited: 0,
			capacity_verified: 0,
			capacity_verified_low: 0,
			history: alloc::vec::Vec::new(),
		};
		let mut squares: u128 = 0;
		for record in history.iter().filter(|record| !record.void) {
			report.audits = report.audits.saturating_add(record.audits);
			report.fulfilled = report.fulfilled.saturating_add(record.fulfilled);
			report.allocated = report.allocated.saturating_add(record.allocated);
			squares = squares.saturating_add(record.squares);
			report.delivered = report.delivered.saturating_add(record.delivered);
			report.paid = report.paid.saturating_add(record.paid);
			report.slashed = report.slashed.saturating_add(record.slashed);
			report.relays = report.relays.plus(&record.relays);
		}
		report.capacity_audited = capacity_audited(&history).min(report.capacity_reported);
		report.history = history;
		// Where nothing was audited nothing is verified.
		if report.allocated > 0 {
			let share = Perquintill::from_rational(report.delivered, report.allocated);
			// Shares are by units: audits of different sizes count for fewer than there are.
			let audits = effective_audits(report.allocated, squares);
			let low = wilson_lower_bound(share, audits, ONE_SIDED_95);
			report.capacity_verified = multiply_by_rational_with_rounding(
				report.capacity_audited.into(),
				report.delivered.into(),
				report.allocated.into(),
				Rounding::Down,
			)
			.map_or(0, |units| units.unique_saturated_into());
			report.capacity_verified_low = low.mul_floor(report.capacity_audited);
		}
		Some(report)
	}
}

/// `Σ q·c / Σ q` over sessions with capacity `c` that were audited at rate `q`: the mean capacity, each
/// session counting as much as it was audited.
fn capacity_audited(history: &[SessionRecord]) -> Units {
	let (mut weighted, mut rates) = (0u128, 0u128);
	for record in history {
		// In 32 bits, so that a product with units, and the sum of them, has room.
		let rate = u128::from(record.rate.deconstruct() >> 28);
		weighted = weighted.saturating_add(rate.saturating_mul(record.capacity.into()));
		rates = rates.saturating_add(rate);
	}
	weighted.checked_div(rates).map_or(0, |units| units.unique_saturated_into())
}

/// `(Σu)² / Σu²`, rounded down: how many audits of one size tell as much as audits of `u` units each.
fn effective_audits(units: Units, squares: u128) -> u64 {
	let units = u128::from(units);
	let audits = multiply_by_rational_with_rounding(units, units, squares, Rounding::Down);
	audits.map_or(0, |audits| audits.unique_saturated_into())
}

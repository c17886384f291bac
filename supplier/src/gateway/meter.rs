//! What was served in a session: nothing twice, and to nobody more than it can pay.

use capacity_protocol::{ApplicationIndex, Units};
use std::collections::{HashMap, HashSet};
use sum_trie::Path;

/// Why a request is not taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
	/// It has been served, or is being served.
	Twice,
	/// The application can pay only so many more units.
	CannotPay { left: Units },
}

/// One session's relays: those that are recorded, and those that are being served.
#[derive(Debug, Default)]
pub struct Meter {
	relays: HashSet<Path>,
	units: HashMap<ApplicationIndex, Units>,
}

impl Meter {
	/// Takes up a relay that was recorded before.
	pub fn restore(&mut self, path: Path, application: ApplicationIndex, units: Units) {
		if self.relays.insert(path) {
			let used = self.units.entry(application).or_default();
			*used = used.saturating_add(units);
		}
	}

	/// Takes up a request before it is served, if the application can pay `most` units in all.
	pub fn reserve(
		&mut self,
		path: Path,
		application: ApplicationIndex,
		units: Units,
		most: Units,
	) -> Result<(), Full> {
		let used = self.used(application);
		if self.relays.contains(&path) {
			return Err(Full::Twice);
		}
		if used.checked_add(units).is_none_or(|all| all > most) {
			return Err(Full::CannotPay { left: most.saturating_sub(used) });
		}
		self.restore(path, application, units);
		Ok(())
	}

	/// Drops a request that could not be served.
	pub fn release(&mut self, path: &Path, application: ApplicationIndex, units: Units) {
		if self.relays.remove(path) {
			let used = self.units.entry(application).or_default();
			*used = used.saturating_sub(units);
		}
	}

	/// Units served to an application, or being served.
	pub fn used(&self, application: ApplicationIndex) -> Units {
		self.units.get(&application).copied().unwrap_or(0)
	}

	/// Whether nothing is served or being served.
	pub fn is_empty(&self) -> bool {
		self.relays.is_empty()
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use sum_trie::{Blake2b256, Hasher};

	#[test]
	fn nothing_is_served_twice() {
		let mut meter = Meter::default();
		assert_eq!(meter.reserve([1; 32], 0, 2, 10), Ok(()));
		assert_eq!(meter.reserve([1; 32], 0, 2, 10), Err(Full::Twice));
		// What failed may be asked for again.
		meter.release(&[1; 32], 0, 2);
		assert_eq!(meter.reserve([1; 32], 0, 2, 10), Ok(()));
	}

	#[test]
	fn nobody_is_served_more_than_it_can_pay() {
		let mut meter = Meter::default();
		assert_eq!(meter.reserve([1; 32], 0, 6, 10), Ok(()));
		assert_eq!(meter.reserve([2; 32], 0, 5, 10), Err(Full::CannotPay { left: 4 }));
		assert_eq!(meter.reserve([2; 32], 0, 4, 10), Ok(()));
		assert_eq!(meter.reserve([3; 32], 1, 10, 10), Ok(()), "another application");
		meter.release(&[1; 32], 0, 6);
		assert_eq!(meter.reserve([4; 32], 0, 6, 10), Ok(()));
		let huge = meter.reserve([5; 32], 0, u64::MAX, u64::MAX);
		assert_eq!(huge, Err(Full::CannotPay { left: u64::MAX - 10 }));
	}

	#[test]
	fn what_was_recorded_before_counts() {
		let mut meter = Meter::default();
		meter.restore([1; 32], 0, 6);
		meter.restore([1; 32], 0, 6);
		assert_eq!(meter.reserve([1; 32], 0, 1, 10), Err(Full::Twice));
		assert_eq!(meter.reserve([2; 32], 0, 5, 10), Err(Full::CannotPay { left: 4 }));
	}

	#[test]
	fn a_budget_that_has_shrunk_admits_nothing_more() {
		let mut meter = Meter::default();
		meter.restore([1; 32], 0, 6);
		assert_eq!(meter.reserve([2; 32], 0, 1, 3), Err(Full::CannotPay { left: 0 }));
	}

	/// Whatever is asked and whatever fails, what is in use is what is reserved, and never too much.
	#[test]
	fn the_books_agree() {
		for history in 0..500u32 {
			let mut meter = Meter::default();
			let mut open: HashMap<u8, (u32, u64)> = HashMap::new();
			for step in 0..60u32 {
				let random = Blake2b256::hash(&[&history.to_le_bytes(), &step.to_le_bytes()]);
				let (path, application) = (random[0] % 20, u32::from(random[1] % 3));
				let (units, fails) = (u64::from(random[2] % 8 + 1), random[3] % 2 == 0);
				if fails {
					if let Some((application, units)) = open.remove(&path) {
						meter.release(&[path; 32], application, units);
					}
				} else if meter.reserve([path; 32], application, units, 20).is_ok() {
					assert!(open.insert(path, (application, units)).is_none());
				}
				for application in 0..3 {
					let of = open.values().filter(|(known, _)| *known == application);
					let sum: u64 = of.map(|(_, units)| units).sum();
					assert_eq!(meter.used(application), sum);
					assert!(sum <= 20);
				}
			}
		}
	}
}

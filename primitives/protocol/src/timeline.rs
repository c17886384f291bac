use crate::SessionIndex;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A value that changes only at session boundaries.
///
/// It answers for the previous session, the current one and the next: what happens in a session can
/// be looked up while its claims are made, and a change announced now does not touch what is running.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Timeline<T> {
	oldest: T,
	middle_from: SessionIndex,
	middle: T,
	newest_from: SessionIndex,
	newest: T,
}

impl<T: Clone> Timeline<T> {
	/// A value that has always held.
	pub fn always(value: T) -> Self {
		Self {
			oldest: value.clone(),
			middle_from: 0,
			middle: value.clone(),
			newest_from: 0,
			newest: value,
		}
	}

	/// `before` until session `from`, then `value`.
	pub fn starting(from: SessionIndex, before: T, value: T) -> Self {
		let mut timeline = Self::always(before);
		timeline.set(from, value);
		timeline
	}

	/// What holds in `session`, which is the previous one or later, given that changes are announced
	/// for the session after the current one.
	pub fn at(&self, session: SessionIndex) -> &T {
		if session >= self.newest_from {
			&self.newest
		} else if session >= self.middle_from {
			&self.middle
		} else {
			&self.oldest
		}
	}

	/// The value last announced.
	pub fn latest(&self) -> &T {
		&self.newest
	}

	/// Announces `value` for session `from` and all later ones. Announcements come in order; one for
	/// the same session replaces the earlier one.
	pub fn set(&mut self, from: SessionIndex, value: T) {
		if from > self.newest_from {
			self.oldest =
				core::mem::replace(&mut self.middle, core::mem::replace(&mut self.newest, value));
			self.middle_from = self.newest_from;
			self.newest_from = from;
		} else {
			self.newest = value;
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn a_change_holds_from_its_session_on() {
		let mut value = Timeline::starting(3, 'a', 'b');
		assert_eq!([2, 3, 9].map(|s| *value.at(s)), ['a', 'b', 'b']);
		value.set(5, 'c');
		assert_eq!([2, 3, 4, 5].map(|s| *value.at(s)), ['a', 'b', 'b', 'c']);
	}

	#[test]
	fn the_last_word_for_a_session_counts() {
		let mut value = Timeline::starting(3, 'a', 'b');
		value.set(3, 'c');
		assert_eq!([2, 3].map(|s| *value.at(s)), ['a', 'c']);
	}

	proptest! {
		/// Whatever is announced, one session ahead at a time, the previous, current and next session
		/// read as in a full history.
		#[test]
		fn it_remembers_as_much_as_is_asked(changes in prop::collection::vec((0u32..3, any::<u8>()), 1..40)) {
			let mut timeline = Timeline::always(0u8);
			let mut history = [0u8; 200];
			let mut current = 1u32;
			for (pause, value) in changes {
				current += pause;
				timeline.set(current + 1, value);
				history[current as usize + 1..].fill(value);
				for session in current - 1..=current + 1 {
					prop_assert_eq!(*timeline.at(session), history[session as usize]);
				}
			}
		}
	}
}

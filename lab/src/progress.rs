//! Progress bars on long work, on standard error.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::borrow::Cow;

/// Whether progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
	Shown,
	Hidden,
}

impl Progress {
	/// A bar of so many steps. `what` says what is being done: "audit rates".
	pub fn bar(self, steps: u64, what: impl Into<Cow<'static, str>>) -> ProgressBar {
		let bar = ProgressBar::new(steps).with_message(what);
		if self == Self::Hidden {
			bar.set_draw_target(ProgressDrawTarget::hidden());
		}
		let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
		bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
	}
}

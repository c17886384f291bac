use std::{fmt, str::FromStr, time::Duration};

/// When the node seals blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
	/// One each so often.
	Every(Duration),
	/// As soon as there is a transaction.
	Instant,
	/// When it is told to: [`crate::Network::seal`].
	Manual,
}

impl Sealing {
	/// A block each so many milliseconds.
	pub fn every(milliseconds: u64) -> Self {
		Self::Every(Duration::from_millis(milliseconds))
	}
}

/// As the node's command line has it.
impl fmt::Display for Sealing {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Every(period) => write!(f, "{}", period.as_millis()),
			Self::Instant => write!(f, "instant"),
			Self::Manual => write!(f, "manual"),
		}
	}
}

impl FromStr for Sealing {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		match (text, text.parse()) {
			("instant", _) => Ok(Self::Instant),
			("manual", _) => Ok(Self::Manual),
			(_, Ok(milliseconds)) if milliseconds > 0 => Ok(Self::every(milliseconds)),
			_ => Err("give a number of milliseconds, \"instant\" or \"manual\"".into()),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_is_written_is_what_was_read() {
		for text in ["200", "instant", "manual"] {
			assert_eq!(text.parse::<Sealing>().unwrap().to_string(), text);
		}
		for text in ["", "0", "1s", "-5", "Instant"] {
			assert!(text.parse::<Sealing>().unwrap_err().contains("milliseconds"), "{text}");
		}
	}
}

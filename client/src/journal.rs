//! What the agent says: lines for people or JSON for programs, and bars while it works.

use capacity_protocol::SessionIndex;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{json, Value as Json};
use std::{
	fmt::Display,
	io::Write,
	time::{SystemTime, UNIX_EPOCH},
};

/// Says things, one line each, on standard output.
pub struct Journal {
	json: bool,
	bars: MultiProgress,
}

impl Journal {
	/// Lines are JSON objects if `json`; bars are for people with a terminal only.
	pub fn new(json: bool) -> Self {
		let target = match json {
			true => ProgressDrawTarget::hidden(),
			false => ProgressDrawTarget::stderr(),
		};
		Self { json, bars: MultiProgress::with_draw_target(target) }
	}

	/// Says something. `fields` is a JSON object with what a program wants to know.
	pub fn say(
		&self,
		event: &str,
		session: Option<SessionIndex>,
		text: impl Display,
		fields: Json,
	) {
		let line = match self.json {
			true => as_json(event, session, &text.to_string(), fields).to_string(),
			false => match session {
				Some(session) => format!("session {session}: {text}"),
				None => text.to_string(),
			},
		};
		// Nobody may be listening any more; the work matters more than the words.
		self.bars.suspend(|| drop(writeln!(std::io::stdout(), "{line}")));
	}

	/// Says that something is wrong.
	pub fn warn(&self, text: impl Display) {
		self.say("warning", None, text, json!({}));
	}

	/// A bar for a session's work.
	pub fn bar(&self, session: SessionIndex, units: u64) -> ProgressBar {
		let style = "session {prefix}: {bar:30} {pos} of {len} units, {eta} left";
		let style = ProgressStyle::with_template(style).unwrap_or(ProgressStyle::default_bar());
		let bar = ProgressBar::new(units).with_style(style).with_prefix(session.to_string());
		self.bars.add(bar)
	}
}

fn as_json(event: &str, session: Option<SessionIndex>, text: &str, fields: Json) -> Json {
	let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
	let mut line = json!({ "time": time, "event": event, "text": text });
	if let Json::Object(line) = &mut line {
		if let Some(session) = session {
			line.insert("session".into(), session.into());
		}
		if let Json::Object(fields) = fields {
			line.extend(fields);
		}
	}
	line
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn programs_get_one_object_with_everything() {
		let line = as_json("paid", Some(12), "paid 4.000 CAP", json!({"amount": "4000"}));
		assert_eq!(line["event"], "paid");
		assert_eq!(line["session"], 12);
		assert_eq!(line["text"], "paid 4.000 CAP");
		assert_eq!(line["amount"], "4000");
		assert!(as_json("warning", None, "", json!({})).get("session").is_none());
	}
}

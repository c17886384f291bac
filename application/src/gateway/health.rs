//! How the gateway does.

use crate::Relayer;
use serde_json::{json, Value as Json};
use std::time::Instant;

/// Whether requests can be served now, and the figures.
pub(super) fn health(relayer: &Relayer) -> (bool, Json) {
	let counters = relayer.counters();
	let mut report = json!({
		"answered": counters.answered,
		"unanswered": counters.unanswered,
		"compared": counters.compared,
		"different": counters.different,
	});
	let (serves, more) = match relayer.sessions().now() {
		Err(why) => (false, json!({"serving": false, "why": why.to_string()})),
		Ok(session) => {
			let (payable, asked) = session.spending.figures();
			let now = Instant::now();
			let suppliers = session.seats.iter().map(|seat| {
				let record = seat.supplier.record();
				json!({
					"supplier": seat.supplier.account.to_string(),
					"endpoint": seat.url.as_ref().map(|url| url.as_str()),
					"answered": record.answered,
					"failed": record.failed,
					"latency_ms": record.latency.map(|seconds| seconds * 1e3),
					"resting": !seat.supplier.standing(now).rest.is_zero(),
				})
			});
			let left = payable.total.saturating_sub(asked.max(payable.claimed));
			let suppliers: Vec<_> = suppliers.collect();
			let report = json!({
				"serving": left > 0,
				"session": session.index,
				"application": session.application,
				"units_asked": asked,
				"units_left": left,
				"suppliers": suppliers,
			});
			(left > 0, report)
		}
	};
	if let (Json::Object(report), Json::Object(more)) = (&mut report, more) {
		report.extend(more);
	}
	(serves, report)
}

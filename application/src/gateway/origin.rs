//! Which web pages may ask. A browser lets any page send requests to this machine; it names the page
//! in the header `origin`. Programs do not send one.

use axum::{
	http::{header, HeaderMap, HeaderName, HeaderValue, StatusCode},
	response::{IntoResponse, Response},
};

/// Origins of web pages that may ask: like `https://app.example`, or `*` for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(pub Vec<String>);

/// Headers that tell a browser that its page may see the answer.
pub(super) type Allowed = [(HeaderName, HeaderValue); 1];

/// What other web pages get.
#[derive(Debug)]
pub(super) struct Forbidden;

impl IntoResponse for Forbidden {
	fn into_response(self) -> Response {
		let text = "web pages may not ask here: start the gateway with --allow-origin\n";
		(StatusCode::FORBIDDEN, text).into_response()
	}
}

impl Origins {
	fn admit(&self, origin: &str) -> bool {
		self.0.iter().any(|known| known == "*" || known.eq_ignore_ascii_case(origin))
	}

	/// Refuses requests of web pages that are not listed.
	pub(super) fn check(&self, headers: &HeaderMap) -> Result<Allowed, Forbidden> {
		let Some(origin) = headers.get(header::ORIGIN) else {
			return Ok([(header::VARY, HeaderValue::from_static("origin"))]);
		};
		match origin.to_str().is_ok_and(|origin| self.admit(origin)) {
			true => Ok([(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone())]),
			false => Err(Forbidden),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn admitted(origins: &[&str], origin: Option<&'static str>) -> bool {
		let origins = Origins(origins.iter().map(|origin| origin.to_string()).collect());
		let mut headers = HeaderMap::new();
		if let Some(origin) = origin {
			headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
		}
		origins.check(&headers).is_ok()
	}

	#[test]
	fn programs_may_ask_and_web_pages_only_if_they_are_listed() {
		assert!(admitted(&[], None));
		assert!(!admitted(&[], Some("https://a.b")));
		assert!(!admitted(&[], Some("null")));
		assert!(admitted(&["https://a.b"], Some("https://a.b")));
		assert!(!admitted(&["https://a.b"], Some("https://a.b.c")));
		assert!(admitted(&["*"], Some("https://a.b")));
	}
}

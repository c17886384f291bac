//! From what a client sent to what it gets.

use crate::{
	rpc::{read, Message, Question, Refused},
	Relayer,
};
use axum::body::Bytes;
use futures::{stream, StreamExt};
use std::sync::Arc;

/// Requests of one batch that are under way at once.
const AT_ONCE: usize = 16;

/// Answers a request or a batch; with nothing, if nothing in it wants an answer.
pub(super) async fn answer(relayer: &Arc<Relayer>, body: Bytes) -> Option<Bytes> {
	let parts = match read(body) {
		Message::Single(question) => return one(relayer, question).await,
		Message::Batch(parts) => parts,
	};
	let answers = stream::iter(parts).map(|question| one(relayer, question)).buffered(AT_ONCE);
	let answers: Vec<Bytes> = answers.filter_map(|answer| async { answer }).collect().await;
	(!answers.is_empty()).then(|| join(&answers))
}

async fn one(relayer: &Arc<Relayer>, question: Result<Question, Refused>) -> Option<Bytes> {
	let question = match question {
		Ok(question) => question,
		Err(refused) => return Some(refused.to_json().into()),
	};
	let answer = match relayer.ask(&question).await {
		Ok(answer) => answer.body,
		Err(unanswered) => unanswered.refused(question.id.clone()).to_json().into(),
	};
	// Whoever notifies wants to hear nothing.
	question.id.is_some().then_some(answer)
}

/// An array of answers, each as it came.
fn join(answers: &[Bytes]) -> Bytes {
	let length = answers.iter().map(|answer| answer.len().saturating_add(1)).sum::<usize>();
	let mut all = Vec::with_capacity(length.saturating_add(1));
	for (index, answer) in answers.iter().enumerate() {
		all.push(if index == 0 { b'[' } else { b',' });
		all.extend_from_slice(answer);
	}
	all.push(b']');
	all.into()
}

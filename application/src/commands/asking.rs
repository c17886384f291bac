//! The commands that make requests.

use super::account;
use crate::arguments::{Asking, Call, Load, Serve};
use anyhow::{bail, Context, Result};
use capacity_oracle_application::{
	gateway::{self, Origins, Rules},
	load::{self, Plan},
	rpc::Question,
	ChainOracle, Manner, Notice, Relayer, Sessions, Signer, Tell,
};
use capacity_oracle_client::{journal::Journal, read_key, thousands, Chain};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value as Json;
use std::{process::ExitCode, sync::Arc, time::Duration};
use tokio::net::TcpListener;

/// Connects to the chain and to the sessions of the application.
async fn connect(asking: &Asking, tell: Tell) -> Result<(Chain, Arc<Relayer>)> {
	let common = &asking.who.common;
	let account = account(&asking.who)?;
	let key = asking.signing_key.as_deref().or(asking.who.key.as_deref());
	let key = key.context("give the key that signs requests with --signing-key")?;
	let signer = Signer::new(read_key(key)?);
	let manner = manner(asking)?;
	let chain = Chain::connect(&common.url).await?;
	let oracle = ChainOracle::new(chain.clone(), common.service, account).await?;
	let sessions = Sessions::follow(oracle, signer.public(), tell.clone()).await?;
	wait(&sessions, asking.wait).await?;
	Ok((chain, Relayer::new(sessions, signer, manner, tell)?))
}

fn manner(asking: &Asking) -> Result<Manner> {
	if asking.attempts == 0 {
		bail!("--attempts is 1 at the least");
	}
	if !(0.0..=1.0).contains(&asking.cross_check) {
		bail!("--cross-check is a share between 0 and 1");
	}
	let timeout = Duration::try_from_secs_f64(asking.timeout).ok();
	let timeout = timeout.filter(|timeout| !timeout.is_zero() && timeout.as_secs() <= 86_400);
	Ok(Manner {
		attempts: asking.attempts,
		timeout: timeout.context("--timeout is a number of seconds, more than none and no day")?,
		longest_answer: asking.max_answer,
		cross_check: asking.cross_check,
	})
}

/// Waits until the application is served, if it `may` and that is some time away.
async fn wait(sessions: &Sessions, may: bool) -> Result<()> {
	use capacity_oracle_application::Why;
	let why = match sessions.now() {
		Ok(_) => return Ok(()),
		Err(why) => why,
	};
	match why {
		_ if may && why.passes() => {}
		// That is a matter of blocks, and each request waits by itself.
		Why::AwaitingSeed { .. } => return Ok(()),
		_ if why.passes() => bail!("{why}: wait until then, or give --wait"),
		_ => bail!("{why}"),
	}
	let spinner = ProgressBar::new_spinner().with_message(format!("waiting: {why}"));
	if spinner.is_hidden() {
		eprintln!("waiting: {why}");
	}
	spinner.enable_steady_tick(Duration::from_millis(120));
	let served = sessions.served().await;
	spinner.finish_and_clear();
	match served {
		Ok(session) => {
			eprintln!("served from session {} on", session.index);
			Ok(())
		}
		Err(why) => bail!("{why}"),
	}
}

/// Says on the standard error output what is wrong, beside the bar.
fn warnings(bar: ProgressBar) -> Tell {
	Arc::new(move |notice| match notice {
		Notice::Session { .. } | Notice::NotServed(_) => {}
		_ => bar.suspend(|| eprintln!("{notice}")),
	})
}

fn question(method: &str, params: &str) -> Result<Question> {
	let params: Json = serde_json::from_str(params)
		.with_context(|| format!("the parameters are no JSON: {params}"))?;
	if !params.is_array() && !params.is_object() {
		bail!("the parameters are a list or an object, such as [] or [\"latest\", false]");
	}
	Question::read(Question::new(method, &params).body)
		.map_err(|refused| anyhow::anyhow!("{}", refused.message))
}

pub async fn call(arguments: Call) -> Result<ExitCode> {
	let question = question(&arguments.method, &arguments.params)?;
	let (chain, relayer) = connect(&arguments.asking, warnings(ProgressBar::hidden())).await?;
	let token = chain.token().await?;
	let answer = relayer.ask(&question).await?;
	relayer.compared().await;
	eprintln!(
		"answered by {} in {:.1} ms, session {}: {} units, {}",
		answer.supplier,
		answer.took.as_secs_f64() * 1e3,
		answer.session,
		thousands(answer.units.into()),
		token.show(answer.worth)
	);
	let said: Json = serde_json::from_slice(&answer.body)?;
	match said.get("error").filter(|error| !error.is_null()) {
		Some(error) => {
			eprintln!("error: {error:#}");
			Ok(ExitCode::FAILURE)
		}
		None => {
			println!("{:#}", said.get("result").unwrap_or(&Json::Null));
			Ok(ExitCode::SUCCESS)
		}
	}
}

pub async fn serve(arguments: Serve) -> Result<()> {
	let journal = Arc::new(Journal::new(arguments.json));
	let listener = TcpListener::bind(arguments.listen).await;
	let listener = listener
		.with_context(|| format!("{} cannot be listened at: give --listen", arguments.listen))?;
	let tell: Tell = {
		let journal = journal.clone();
		Arc::new(move |notice: Notice| notice.write(&journal))
	};
	let (_, relayer) = connect(&arguments.asking, tell).await?;
	let address = listener.local_addr()?;
	let fields = serde_json::json!({"listen": address.to_string()});
	journal.say("listening", None, format!("answering at http://{address}"), fields);
	let rules = Rules {
		longest_request: arguments.max_request,
		origins: Origins(arguments.allow_origin.clone()),
	};
	gateway::serve(listener, relayer, rules, async {
		asked_to_stop().await;
		tokio::spawn(async {
			// Whoever asks twice does not want to wait.
			asked_to_stop().await;
			std::process::exit(130);
		});
	})
	.await
}

pub async fn load(arguments: Load) -> Result<ExitCode> {
	let question = question(&arguments.method, &arguments.params)?;
	if arguments.rate.is_some_and(|rate| !rate.is_finite() || rate <= 0.0) {
		bail!("--rate is a number of requests per second");
	}
	let style = "{bar:30} {pos} of {len} requests, {per_sec}, {eta} left";
	let style = ProgressStyle::with_template(style).unwrap_or(ProgressStyle::default_bar());
	let bar = match arguments.json {
		true => ProgressBar::hidden(),
		false => ProgressBar::new(arguments.requests).with_style(style),
	};
	let (chain, relayer) = connect(&arguments.asking, warnings(bar.clone())).await?;
	let token = chain.token().await?;
	let plan = Plan {
		requests: arguments.requests,
		concurrency: arguments.concurrency,
		rate: arguments.rate,
		question,
	};
	let measured = load::load(relayer, plan, bar, asked_to_stop()).await?;
	match arguments.json {
		true => println!("{}", measured.to_json()),
		false => print!("{}", measured.to_text(&token)),
	}
	Ok(match measured.answered() {
		0 => ExitCode::FAILURE,
		_ => ExitCode::SUCCESS,
	})
}

/// Waits for an interrupt or a request to terminate.
async fn asked_to_stop() {
	let interrupted = tokio::signal::ctrl_c();
	#[cfg(unix)]
	{
		use tokio::signal::unix::{signal, SignalKind};
		if let Ok(mut terminate) = signal(SignalKind::terminate()) {
			tokio::select! {
				_ = interrupted => {},
				_ = terminate.recv() => {},
			}
			return;
		}
	}
	let _ = interrupted.await;
}

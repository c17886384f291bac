//! Listening for relays.

use super::Agent;
use crate::gateway::{ChainSource, Gateway, Terms};
use anyhow::{Context, Result};
use capacity_oracle_client::Keypair;
use serde_json::json;
use std::{net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// How the agent serves relays.
pub struct Serving {
	/// Where it listens.
	pub listen: SocketAddr,
	/// Where applications find it, if that is to be announced on the chain.
	pub endpoint: Option<String>,
	pub terms: Terms,
}

impl Agent {
	/// Starts to listen for relays, until `stop` says so.
	pub(super) async fn serve(
		&mut self,
		serving: Serving,
		mut stop: watch::Receiver<bool>,
	) -> Result<JoinHandle<()>> {
		let Serving { listen, endpoint, terms } = serving;
		let source = ChainSource { chain: self.chain.clone(), service: self.service };
		let signer = Keypair::clone(&self.signer);
		let gateway = Gateway::new(&terms, signer, self.relays.clone(), Arc::new(source))?;
		let listener = TcpListener::bind(listen).await;
		let listener = listener.with_context(|| {
			format!("nobody can listen at {listen}: give another address with --listen")
		})?;
		let text = format!("serving relays at {listen}, answered by {}", terms.backend);
		let fields = json!({"listen": listen.to_string(), "backend": terms.backend});
		self.journal.say("serving", None, text, fields);
		self.gateway = Some(gateway.clone());
		self.endpoint = endpoint;
		let journal = self.journal.clone();
		Ok(tokio::spawn(async move {
			let stopped = async move {
				// Whoever could say so is gone: that is the end as well.
				let _ = stop.wait_for(|stop| *stop).await;
			};
			if let Err(error) = gateway.listen(listener, stopped).await {
				journal.warn(format!("relays are not served any more: {error:#}"));
			}
		}))
	}
}

impl Agent {
	/// Warns of an endpoint at which nobody is served, or of a gateway that nobody finds.
	pub(super) async fn warn_of_endpoint(&self, serving: Option<&Serving>) -> Result<()> {
		let announced = self.chain.best().await?.endpoint(self.service, &self.who).await?;
		match (serving, announced) {
			(None, Some(endpoint)) => self.journal.warn(format!(
				"applications look for this supplier at {endpoint}, but it serves no relays: start \
				 with --backend"
			)),
			(Some(Serving { endpoint: None, .. }), None) => self
				.journal
				.warn("no application finds this supplier: announce where it is with --endpoint"),
			_ => {}
		}
		Ok(())
	}
}

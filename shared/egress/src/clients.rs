//! One connection pool for each policy, so that a call never travels on a connection it could not have opened.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, redirect};
use rustls::ClientConfig;

use crate::error::EgressSetupError;
use crate::options::EgressOptions;
use crate::policy::Policy;
use crate::resolver::PolicyResolver;
use crate::trust::tls_settings;

const USER_AGENT: &str = concat!("waybill/", env!("CARGO_PKG_VERSION"));

/// A silent HTTP/2 connection is asked whether it lives, and dropped when it does not say so.
const PING_EVERY: Duration = Duration::from_secs(10);
const PONG_WITHIN: Duration = Duration::from_secs(5);

pub(crate) struct Clients {
    tls: ClientConfig,
    connect_timeout: Duration,
    idle_timeout: Duration,
    made: Mutex<HashMap<Policy, Client>>,
}

impl Clients {
    pub(crate) fn new(options: &EgressOptions) -> Result<Self, EgressSetupError> {
        Ok(Self {
            tls: tls_settings(&options.extra_roots_pem)?,
            connect_timeout: options.connect_timeout,
            idle_timeout: options.idle_timeout,
            made: Mutex::default(),
        })
    }

    /// The client of this policy, made at its first call.
    pub(crate) fn client(&self, policy: &Policy) -> reqwest::Result<Client> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(policy) {
            return Ok(client.clone());
        }
        let client = self.make(policy.clone())?;
        made.insert(policy.clone(), client.clone());
        Ok(client)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where the house's HTTP client is made")]
    fn make(&self, policy: Policy) -> reqwest::Result<Client> {
        Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .dns_resolver(Arc::new(PolicyResolver { policy }))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(USER_AGENT)
            .tcp_nodelay(true)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.idle_timeout)
            .http2_keep_alive_interval(PING_EVERY)
            .http2_keep_alive_timeout(PONG_WITHIN)
            .build()
    }
}

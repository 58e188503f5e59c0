//! Where the API may listen.

use std::net::SocketAddr;

use waybill_context::Context;
use waybill_store::StoreError;

use super::api_keys;

/// An address that the API must not listen on.
#[derive(Debug, thiserror::Error)]
pub enum BindingRefused {
    /// Everybody who reaches the address could call.
    #[error(
        "ingress.bind is {0}, and there is no API key: make one with `waybill api-keys create`, or listen on loopback"
    )]
    NoApiKey(SocketAddr),
    /// The keys cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether the API may listen on `address`: on loopback always, elsewhere once an API key was made. Logs when callers
/// need no key.
///
/// # Errors
/// [`BindingRefused`].
pub async fn may_bind(ctx: &Context, address: SocketAddr) -> Result<(), BindingRefused> {
    if !api_keys::list(&ctx.store).await?.is_empty() {
        return Ok(());
    }
    if !address.ip().is_loopback() {
        return Err(BindingRefused::NoApiKey(address));
    }
    tracing::warn!(%address, "there is no API key: the private API serves everybody on this machine, and nobody else");
    Ok(())
}

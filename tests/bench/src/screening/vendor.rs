//! A vendor that takes its time for each answer, has no result yet, and notes when it was asked.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::arrivals::Arrivals;

const TAKES: Duration = Duration::from_millis(20);

#[derive(Clone, Default)]
pub struct Vendor(Arc<Mutex<Vec<Instant>>>);

impl Vendor {
    /// Where it listens.
    pub async fn serve(&self) -> anyhow::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new().route("/v2/transfers/{id}", get(summary)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(address)
    }

    /// What came since the last call.
    pub fn arrivals(&self) -> Arrivals {
        Arrivals::new(std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

async fn summary(State(vendor): State<Vendor>, Path(id): Path<String>) -> impl IntoResponse {
    vendor.0.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
    tokio::time::sleep(TAKES).await;
    let body = json!({"updatedAt": null, "asset": "ETH", "network": "ETHEREUM", "externalId": id});
    ([(CONTENT_TYPE, "application/json")], body.to_string())
}

//! API keys from their making to their end.

use std::time::Duration;

use axum::body::Body;
use http::Request;
use waybill_crypto::ApiToken;
use waybill_domain::ApiKeyId;

use super::api_keys::{self, ApiKeyError};
use super::*;
use crate::testing::Api;

const PATH: &str = "/v1/vasps/self";

fn id_of(token: &str) -> ApiKeyId {
    ApiToken::parse(token).unwrap().id().clone()
}

async fn revoke(api: &Api, token: &str) -> bool {
    api_keys::revoke(&api.ctx.store, &*api.ctx.clock, &id_of(token)).await.unwrap()
}

#[tokio::test]
async fn several_keys_work_at_once_until_each_is_revoked() {
    let api = Api::start().await;
    let (one, two) = (api.make_key("vasps:read").await, api.make_key("vasps:read").await);
    assert_eq!(api.get_as(&one, PATH).await.status, 200);
    assert_eq!(api.get_as(&two, PATH).await.status, 200);
    assert!(revoke(&api, &one).await);
    assert!(!revoke(&api, &one).await, "once is enough");
    api.clock.advance(Duration::from_secs(5));
    api.get_as(&one, PATH).await.refuses(401, "UNAUTHORIZED");
    assert_eq!(api.get_as(&two, PATH).await.status, 200);
}

#[tokio::test]
async fn a_change_is_noticed_within_seconds_even_when_the_clock_is_set_back() {
    let api = Api::start().await;
    let key = api.make_key("vasps:read").await;
    assert_eq!(api.get_as(&key, PATH).await.status, 200);
    revoke(&api, &key).await;
    api.clock.advance(Duration::from_millis(4999));
    assert_eq!(api.get_as(&key, PATH).await.status, 200, "kept for a moment, to save a query");
    api.clock.set(api.clock_now() - Duration::from_secs(3600));
    api.get_as(&key, PATH).await.refuses(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn once_a_key_was_made_nobody_is_served_without() {
    let api = Api::start().await;
    assert_eq!(api.get(PATH).await.status, 200);
    assert_eq!(api.get_as("wbk_nonsense", PATH).await.status, 200, "while there is no key, none is compared");
    let key = api.make_key("vasps:read").await;
    api.get(PATH).await.refuses(401, "UNAUTHORIZED");
    revoke(&api, &key).await;
    api.clock.advance(Duration::from_secs(5));
    api.get(PATH).await.refuses(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn a_web_page_that_leads_its_name_to_loopback_needs_a_key() {
    let api = Api::start().await;
    let get = async |host: &str, key: &str| {
        let request = Request::get(PATH).header("host", host).header("x-api-key", key);
        api.send(request, Body::empty()).await
    };
    assert_eq!(get("localhost:21117", "").await.status, 200);
    get("evil.example:21117", "").await.refuses(401, "UNAUTHORIZED");
    let key = api.make_key("vasps:read").await;
    assert_eq!(get("waybill.internal:21117", &key).await.status, 200, "a key is good by every name");
}

#[tokio::test]
async fn the_secret_counts_not_the_id() {
    let api = Api::start().await;
    let (one, two) = (api.make_key("vasps:read").await, api.make_key("vasps:read").await);
    let secret_of_two = two.splitn(3, '_').nth(2).unwrap();
    api.get_as(&format!("wbk_{}_{secret_of_two}", id_of(&one)), PATH).await.refuses(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn a_key_is_listed_and_audited_and_its_secret_stored_nowhere() {
    let api = Api::start().await;
    let key = api.make_key("personal-data:read,vasps:read").await;
    let rows = api_keys::list(&api.ctx.store).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0].id, &*rows[0].name, &*rows[0].scopes),
        (&id_of(&key), "test", "vasps:read,personal-data:read")
    );
    assert!(!key.contains(&rows[0].secret_hash));
    revoke(&api, &key).await;
    let subject = Some(id_of(&key).0);
    let events = [("API-KEY-REVOKED".to_owned(), subject.clone()), ("API-KEY-CREATED".to_owned(), subject)];
    assert_eq!(api.audited().await, events);
}

#[tokio::test]
async fn a_key_has_a_name_and_a_scope() {
    let api = Api::start().await;
    let make = async |name: &str, scopes: Scopes| {
        api_keys::create(&api.ctx.store, &*api.ctx.clock, &*api.ctx.entropy, name, scopes).await.map(drop)
    };
    for name in ["", "two\nlines", &"n".repeat(129)] {
        assert!(matches!(make(name, Scopes::all()).await, Err(ApiKeyError::Name)), "{name:?}");
    }
    assert!(matches!(make("backend", Scopes::default()).await, Err(ApiKeyError::Scopes)));
    assert!(api_keys::list(&api.ctx.store).await.unwrap().is_empty());
}

#[tokio::test]
async fn without_a_key_only_loopback_is_bound() {
    let api = Api::start().await;
    for loopback in ["127.0.0.1:21117", "127.9.9.9:0", "[::1]:21117"] {
        may_bind(&api.ctx, loopback.parse().unwrap()).await.unwrap();
    }
    for open in ["0.0.0.0:21117", "[::]:21117", "10.0.0.1:21117"] {
        let refused = may_bind(&api.ctx, open.parse().unwrap()).await.unwrap_err().to_string();
        assert!(refused.contains(open) && refused.contains("waybill api-keys create"), "{refused}");
    }
    api.make_key("vasps:read").await;
    may_bind(&api.ctx, "0.0.0.0:21117".parse().unwrap()).await.unwrap();
}

#[tokio::test]
async fn whoever_listens_to_the_world_serves_nobody_without_a_key() {
    let api = Api::with(|settings| settings.ingress.bind = "0.0.0.0:21117".parse().unwrap()).await;
    api.get(PATH).await.refuses(401, "UNAUTHORIZED");
}

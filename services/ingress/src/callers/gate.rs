//! The gate in front of every endpoint but the open ones: who is it, not too often, and with the right scope.

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::MethodRouter;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};
use waybill_domain::codes;

use super::{Caller, Scope, host};
use crate::ingress::SharedIngress;
use crate::refused::Refused;

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Who may use an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody who reaches the port.
    Everybody,
    /// Every known caller, whatever their scopes.
    Callers,
    /// Callers with this scope.
    With(Scope),
}

#[derive(Clone)]
struct Gate {
    ingress: SharedIngress,
    scope: Option<Scope>,
}

/// Puts the gate in front of the methods of one path.
pub(crate) fn guarded(
    ingress: &SharedIngress,
    access: Access,
    methods: MethodRouter<SharedIngress>,
) -> MethodRouter<SharedIngress> {
    let scope = match access {
        Access::Everybody => return methods,
        Access::Callers => None,
        Access::With(scope) => Some(scope),
    };
    methods.route_layer(from_fn_with_state(Gate { ingress: SharedIngress::clone(ingress), scope }, pass))
}

async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Result<Response, Refused> {
    let Gate { ingress, scope } = gate;
    let identified = ingress.keys.identify(&ingress.ctx, presented(request.headers())).await?;
    let is_local = host::is_local(request.headers(), request.uri());
    let identified = identified.and_then(|caller| match caller.is_anonymous() && !is_local {
        true => Err(codes::unauthorized()),
        false => Ok(caller),
    });
    // Guessing is counted too, in the bucket of those without a key.
    ingress.limits.count(identified.as_ref().unwrap_or(&Caller::anonymous()))?;
    let caller = identified?;
    if let Some(scope) = scope {
        caller.must_have(scope)?;
    }
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// The key of `Authorization: Bearer …`, else of `X-Api-Key`.
fn presented(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())
    });
    bearer.or_else(|| headers.get(X_API_KEY)?.to_str().ok())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_key_comes_in_either_header() {
        for (given, found) in [
            (&[(AUTHORIZATION, "Bearer wbk_1")][..], Some("wbk_1")),
            (&[(AUTHORIZATION, "bearer  wbk_1")], Some("wbk_1")),
            (&[(X_API_KEY, "wbk_2")], Some("wbk_2")),
            (&[(AUTHORIZATION, "Bearer wbk_1"), (X_API_KEY, "wbk_2")], Some("wbk_1")),
            (&[(AUTHORIZATION, "Basic dTpw"), (X_API_KEY, "wbk_2")], Some("wbk_2")),
            (&[(AUTHORIZATION, "Basic dTpw")], None),
            (&[], None),
        ] {
            assert_eq!(presented(&headers(given)), found, "{given:?}");
        }
    }
}

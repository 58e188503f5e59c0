//! The body of a request, read within the limits and parsed once.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde_json::Value;
use waybill_runtime::http::{BodyLimits, parse_json, read_body};

use crate::ingress::SharedIngress;
use crate::refused::Refused;

/// A JSON body, as bytes and as a value.
pub(crate) struct JsonBody {
    pub(crate) bytes: Bytes,
    pub(crate) value: Value,
}

impl FromRequest<SharedIngress> for JsonBody {
    type Rejection = Refused;

    async fn from_request(request: Request, ingress: &SharedIngress) -> Result<Self, Refused> {
        let settings = &ingress.ctx.settings.ingress;
        let limits =
            BodyLimits { max_bytes: settings.max_body_bytes, body_timeout: settings.request_timeout };
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body, limits).await?;
        let value = parse_json(&bytes)?;
        Ok(Self { bytes, value })
    }
}

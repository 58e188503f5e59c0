//! Reads request bodies within limits of size and time.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, EXPECT};
use http::{HeaderMap, HeaderValue};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::time::timeout;
use waybill_domain::{Fault, codes};

use super::json::parse_json;

/// How much a body may ask of us.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// Largest body, in bytes.
    pub max_bytes: usize,
    /// Longest time until it has arrived.
    pub body_timeout: Duration,
}

/// What is read and thrown away of a body that is too large, so that a caller who is still sending hears the refusal
/// instead of a broken connection.
const MAX_DISCARDED: u64 = 1024 * 1024;

/// Reads a body that says it is JSON, without parsing it.
///
/// # Errors
/// `UNSUPPORTED-MEDIA-TYPE`, `PAYLOAD-TOO-LARGE`, `REQUEST-TIMEOUT` when it does not arrive in time, and
/// `MALFORMED-JSON` when the connection breaks.
pub async fn read_body(headers: &HeaderMap, mut body: Body, limits: BodyLimits) -> Result<Bytes, Fault> {
    let reading = async {
        let read = if !says_json(headers) {
            Err(codes::unsupported_media_type())
        } else if body.size_hint().lower() > limits.max_bytes as u64 {
            Err(codes::payload_too_large())
        } else {
            collect(&mut body, limits.max_bytes).await
        };
        if read.is_err() {
            discard(headers, &mut body).await;
        }
        read
    };
    match timeout(limits.body_timeout, reading).await {
        Ok(read) => read,
        Err(_) => Err(Fault::new(408, "REQUEST-TIMEOUT", "The body did not arrive in time")),
    }
}

/// Reads and parses a JSON body.
///
/// # Errors
/// Those of [`read_body`] and [`parse_json`].
pub async fn read_json(headers: &HeaderMap, body: Body, limits: BodyLimits) -> Result<Value, Fault> {
    parse_json(&read_body(headers, body, limits).await?)
}

/// Most bodies arrive in one piece, which is not copied.
async fn collect(body: &mut Body, max_bytes: usize) -> Result<Bytes, Fault> {
    let mut room = max_bytes;
    let Some(first) = next_piece(body, &mut room).await? else { return Ok(Bytes::new()) };
    let Some(second) = next_piece(body, &mut room).await? else { return Ok(first) };
    let mut all = BytesMut::from(first);
    all.extend_from_slice(&second);
    while let Some(piece) = next_piece(body, &mut room).await? {
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}

async fn next_piece(body: &mut Body, room: &mut usize) -> Result<Option<Bytes>, Fault> {
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.map_err(|_| codes::malformed_json())?.into_data() else { continue };
        *room = room.checked_sub(piece.len()).ok_or_else(codes::payload_too_large)?;
        return Ok(Some(piece));
    }
    Ok(None)
}

/// A caller that waits for "100 Continue" has sent nothing; a huge body is not worth the bytes.
async fn discard(headers: &HeaderMap, body: &mut Body) {
    if headers.contains_key(EXPECT) || body.size_hint().lower() > MAX_DISCARDED {
        return;
    }
    let mut discarded = 0;
    while let Some(Ok(frame)) = body.frame().await {
        discarded += frame.data_ref().map_or(0, Bytes::len) as u64;
        if discarded > MAX_DISCARDED {
            return;
        }
    }
}

fn says_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let one_json = matches!((types.next(), types.next()), (Some(value), None) if is_json(value));
    let plain = headers.get_all(CONTENT_ENCODING).iter().all(|value| value == "identity");
    one_json && plain
}

/// `application/json`, in UTF-8 if it names a character set.
fn is_json(content_type: &HeaderValue) -> bool {
    let Ok(text) = content_type.to_str() else { return false };
    let mut parts = text.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let in_utf_8 = |parameter: &str| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    };
    json && parts.all(in_utf_8)
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    const LIMITS: BodyLimits = BodyLimits { max_bytes: 10, body_timeout: Duration::from_secs(10) };

    fn typed(content_type: &str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap())])
    }

    fn in_pieces(pieces: &[&'static str]) -> Body {
        let pieces: Vec<Result<_, std::io::Error>> = pieces.iter().map(|piece| Ok(*piece)).collect();
        Body::from_stream(stream::iter(pieces))
    }

    async fn code(headers: &HeaderMap, body: Body) -> String {
        read_body(headers, body, LIMITS).await.unwrap_err().code.into_owned()
    }

    #[tokio::test]
    async fn only_json_in_utf_8_is_read() {
        for good in
            ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""]
        {
            assert_eq!(read_body(&typed(good), "{}".into(), LIMITS).await.unwrap(), "{}", "{good}");
        }
        for bad in [
            "text/plain",
            "application/json; charset=latin1",
            "application/jsonp",
            "application/problem+json",
        ] {
            assert_eq!(code(&typed(bad), "{}".into()).await, "UNSUPPORTED-MEDIA-TYPE", "{bad}");
        }
        assert_eq!(code(&HeaderMap::new(), "{}".into()).await, "UNSUPPORTED-MEDIA-TYPE");
        let mut two = typed("application/json");
        two.append(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        assert_eq!(code(&two, "{}".into()).await, "UNSUPPORTED-MEDIA-TYPE");
        let mut packed = typed("application/json");
        packed.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert_eq!(code(&packed, "{}".into()).await, "UNSUPPORTED-MEDIA-TYPE");
    }

    #[tokio::test]
    async fn size_is_limited_whether_announced_or_not() {
        let json = typed("application/json");
        assert_eq!(read_body(&json, "0123456789".into(), LIMITS).await.unwrap(), "0123456789");
        assert_eq!(read_body(&json, in_pieces(&["01", "234", "56789"]), LIMITS).await.unwrap(), "0123456789");
        assert_eq!(code(&json, "01234567890".into()).await, "PAYLOAD-TOO-LARGE");
        assert_eq!(code(&json, in_pieces(&["012345", "67890"])).await, "PAYLOAD-TOO-LARGE");
    }

    #[tokio::test(start_paused = true)]
    async fn time_is_limited() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(code(&typed("application/json"), never).await, "REQUEST-TIMEOUT");
    }
}

//! Sending an answer, spoilt by a switch where one says so.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::answer::{Answer, JSON};
use super::asked::Asked;
use super::gzip::gzip;
use super::mode::Mode;
use super::receive::SLOW;
use super::switches::Switch;
use super::times::http_date;
use crate::connection::Connection;

/// Size of the padding in an answer that is too much: more than any real one.
const TOO_MUCH: usize = 20 * 1024 * 1024;

/// Between two bytes of an answer that drips.
const DRIP: Duration = Duration::from_millis(200);

/// Sends an answer, in the way that the switch asks for.
pub(super) async fn send(
    answer: Answer,
    asked: &Asked,
    switch: Option<&Switch>,
    connection: Option<&Connection>,
) -> Response {
    let delay = switch.and_then(|switch| switch.delay_ms).map(Duration::from_millis);
    let mode = switch.map(|switch| switch.mode);
    let answer = match mode {
        Some(mode) => changed(answer, mode),
        None => answer,
    };
    if mode == Some(Mode::Slow) {
        tokio::time::sleep(delay.unwrap_or(SLOW)).await;
    }
    if mode == Some(Mode::CloseIdle)
        && let Some(connection) = connection
    {
        connection.close_at_next_request();
    }
    let date = http_date(asked.now);
    let mut response = match mode {
        Some(Mode::Down | Mode::LostAnswer) => return hang_up(),
        Some(Mode::CutOff) => cut_off(answer),
        Some(Mode::Drip) => dripping(answer, delay.unwrap_or(DRIP)),
        Some(Mode::Chunked) => chunked(answer),
        _ => answer.into_response(),
    };
    if asked.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// Another body, another content type.
fn changed(mut answer: Answer, mode: Mode) -> Answer {
    match mode {
        Mode::Html => Answer::edge_page(200, "Just a moment..."),
        Mode::Empty => Answer { status: 200, content_type: Some(JSON), ..Answer::empty(200) },
        Mode::Truncated => {
            answer.body.truncate(answer.body.len() / 2);
            answer
        }
        Mode::Null => Answer { body: b"null".to_vec(), ..answer },
        Mode::NoIdentifications => Answer { body: b"{}".to_vec(), ..answer },
        Mode::NullIdentifications => Answer { body: br#"{"identifications":null}"#.to_vec(), ..answer },
        Mode::Array if answer.body.starts_with(b"[") => Answer { body: b"{}".to_vec(), ..answer },
        Mode::Array => Answer { body: [b"[", answer.body.as_slice(), b"]"].concat(), ..answer },
        Mode::Bom => Answer { body: [b"\xef\xbb\xbf", answer.body.as_slice()].concat(), ..answer },
        Mode::WrongContentType => Answer { content_type: Some("text/html"), ..answer },
        Mode::TooMuch => padded(answer),
        Mode::Gzip => {
            answer.body = gzip(&answer.body);
            answer.with(header::CONTENT_ENCODING, "gzip")
        }
        Mode::ExtraFields => {
            answer.body = with_extra_fields(&answer.body);
            answer
        }
        _ => answer,
    }
}

/// White space before the end: the same JSON, but longer.
fn padded(mut answer: Answer) -> Answer {
    if let Some(last) = answer.body.pop() {
        answer.body.resize(answer.body.len() + TOO_MUCH, b' ');
        answer.body.push(last);
    }
    answer
}

/// A field that nobody knows at the end of every object. Works on the text, so that numbers stay as they are.
fn with_extra_fields(body: &[u8]) -> Vec<u8> {
    let (mut out, mut in_text, mut escaped) = (Vec::with_capacity(body.len() * 2), false, false);
    for &byte in body {
        if byte == b'}' && !in_text {
            let comma = if out.last() == Some(&b'{') { "" } else { "," };
            out.extend_from_slice(format!(r#"{comma}"somethingNew":{{"since":2031,"of":["x"]}}"#).as_bytes());
        }
        in_text ^= byte == b'"' && !escaped;
        escaped = in_text && byte == b'\\' && !escaped;
        out.push(byte);
    }
    out
}

/// A body that fails before its first byte: the server then closes the connection and sends nothing at all.
fn hang_up() -> Response {
    Body::from_stream(stream::once(async { Err::<Bytes, _>(reset()) })).into_response()
}

fn cut_off(mut answer: Answer) -> Response {
    let length = answer.body.len();
    let half = Bytes::from(answer.body[..length / 2].to_vec());
    answer.body.clear();
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    *response.body_mut() = Body::from_stream(stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) => Some((Ok(half), None)),
            // The first half must have left before the connection breaks.
            None => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Err(reset()), None))
            }
        }
    }));
    response
}

fn dripping(mut answer: Answer, pause: Duration) -> Response {
    let bytes = std::mem::take(&mut answer.body).into_iter();
    let mut response = answer.into_response();
    *response.body_mut() = Body::from_stream(stream::unfold(bytes, move |mut bytes| async move {
        let byte = bytes.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, io::Error>(Bytes::from(vec![byte])), bytes))
    }));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

fn chunked(mut answer: Answer) -> Response {
    let chunks: Vec<_> =
        answer.body.chunks(7).map(|chunk| Ok::<_, io::Error>(Bytes::copy_from_slice(chunk))).collect();
    answer.body.clear();
    let mut response = answer.into_response();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from_stream(stream::iter(chunks));
    response
}

fn reset() -> io::Error {
    io::Error::from(io::ErrorKind::ConnectionReset)
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Body::from(self.body).into_response();
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Some(content_type) = self.content_type {
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        response.headers_mut().extend(self.headers);
        response
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn extra_fields_leave_the_rest_as_it_was() {
        let body = br#"{"a":1820.170,"b":"}\"{","c":[{},{"d":null}]}"#;
        let text = String::from_utf8(with_extra_fields(body)).unwrap();
        assert!(text.starts_with(r#"{"a":1820.170,"b":"}\"{","c":[{"something"#), "{text}");
        let extra = json!({"since": 2031, "of": ["x"]});
        let expected = json!({"a": 1820.17, "b": "}\"{", "c": [{"somethingNew": extra}, {"d": null, "somethingNew": extra}], "somethingNew": extra});
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }
}

//! What steps do: send, watch, wait, and show it.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use waybill_domain::Timestamp;

use super::ask::Ask;
use super::expect;
use super::http::{Reply, call};
use super::journal::{self, Heard, PATIENCE, within_patience};
use super::people::PERSONAL;
use super::screen::{LEFT_OUT, millis};
use super::side::Side;
use super::stage::Stage;
use super::wire::{Message, readable_in};

/// Long, and the same in each verification.
const VASPS: [(&str, &str); 2] =
    [("/ivms101/originatingVASP", "from the directory"), ("/ivms101/beneficiaryVASP", "from the directory")];
const SENT_BEFORE: [(&str, &str); 3] = [
    ("/data/ivms101/originator", "as sent"),
    ("/data/ivms101/originatingVASP", "from the directory"),
    ("/data/ivms101/beneficiaryVASP", "from the directory"),
];

/// Before a request is sent again.
const AT_LEAST: Duration = Duration::from_millis(200);
/// Messages that ask the other node for something. Others report, and a report that was not confirmed in time goes out
/// again, maybe in a later step.
const QUESTIONS: [&str; 4] = ["keys", "accounts", "verifications", "inquiries"];

/// A verification that was accepted: its uuid, and when it was asked for.
pub struct Asked {
    pub uuid: String,
    at: Timestamp,
}

impl Stage {
    /// A backend asks its node. The answer is shown by [`Stage::answer`], after what happened in between.
    pub async fn send(&self, side: Side, ask: Ask) -> anyhow::Result<Reply> {
        let title = format!("{} asks {}", side.backend(), side.node());
        self.screen.label(&title, &format!("{} {}", ask.method, ask.path))?;
        for (name, value) in &ask.headers {
            self.screen.line(&format!("    {name}: {}", value.to_str().unwrap_or("(not text)")))?;
        }
        if let Some(body) = ask.shown.as_ref().or(ask.body.as_ref()) {
            self.screen.json(body)?;
        }
        let started = Instant::now();
        loop {
            let (method, headers) = (ask.method.clone(), ask.headers.clone());
            let sent = call(&self.egress, self.api(side), method, &ask.path, headers, ask.body.as_ref());
            let reply = self.screen.meanwhile("waiting for the answer", sent).await?;
            if !reply.may_change() || started.elapsed() > PATIENCE {
                return Ok(reply);
            }
            self.again(&reply).await?;
        }
    }

    /// What is answered at once is given seconds, which a busy machine may need more than. A backend asks again, and so
    /// does the demo.
    async fn again(&self, refused: &Reply) -> anyhow::Result<()> {
        let wait = refused.retry_after.unwrap_or(AT_LEAST);
        let when = match wait > AT_LEAST {
            true => format!("after {} s", wait.as_secs()),
            false => "at once".to_owned(),
        };
        self.screen.aside(&format!(
            "{} after {}, which may be tried again: asked again {when}.",
            expect::told(refused),
            millis(refused.took),
        ))?;
        self.screen.meanwhile("before asking again", sleep(wait)).await;
        Ok(())
    }

    /// Shows what a node answered its backend.
    pub fn answer(&self, side: Side, reply: &Reply, shown: &Value) -> anyhow::Result<()> {
        let outcome = format!("{} in {}", reply.status, millis(reply.took));
        self.screen.label(&format!("{} answers", side.node()), &outcome)?;
        self.screen.json(shown)
    }

    /// As [`Stage::send`] and [`Stage::answer`], for what takes no other node.
    pub async fn send_and_show(&self, side: Side, ask: Ask) -> anyhow::Result<Reply> {
        let reply = self.send(side, ask).await?;
        self.answer(side, &reply, &reply.body)?;
        Ok(reply)
    }

    /// Asks for a verification that must be accepted.
    pub async fn verify(&self, side: Side, ask: Ask) -> anyhow::Result<Asked> {
        let at = self.clock.now();
        let reply = self.send_and_show(side, ask).await?;
        expect::status(&reply, 200)?;
        Ok(Asked { uuid: expect::text(&reply.body, "/verificationUuid")?.to_owned(), at })
    }

    /// Shows the message of this kind that passed between the nodes in this step. A sealed one must be sealed.
    pub async fn travelled(&self, kind: &str, uuid: Option<&str>) -> anyhow::Result<()> {
        let about =
            |message: &Message| uuid.is_none_or(|uuid| message.question()["verificationUuid"] == uuid);
        // A refused one is sent again.
        let is_it =
            |message: &Message| message.kind() == kind && about(message) && message.status.is_success();
        let passed = || self.messages().into_iter().rfind(is_it);
        // A backend is asked before its node has answered, and only then the exchange is whole.
        let message = within_patience(async || Ok(passed())).await?;
        let message = message.with_context(|| format!("no message `{kind}` passed between the nodes"))?;
        let (from, to) = (message.to.other(), message.to);
        self.screen.label(&format!("{} → {}", from.node(), to.node()), &format!("POST {}", message.path))?;
        self.screen.json(&message.question())?;
        let signed = |headers: &HeaderMap| headers.contains_key("signature");
        ensure!(
            signed(&message.headers) && signed(&message.answer_headers),
            "`{kind}` is not signed both ways"
        );
        let reply = message.reply();
        let sealed = ciphertext(&message.question()) + ciphertext(&reply);
        let answered = if ciphertext(&reply) > 0 { ", sealed as well" } else { "" };
        let of_which = if sealed > 0 { format!(", {sealed} of them ciphertext") } else { String::new() };
        self.screen.aside(&format!(
            "Answered {}{answered}. {} bytes of body both ways{of_which}; signed by both nodes.",
            message.status.as_u16(),
            message.size(),
        ))
    }

    /// None of the story's personal data can be read in anything that passed between the nodes in this step.
    pub fn nothing_is_readable(&self) -> anyhow::Result<()> {
        let messages = self.messages();
        ensure!(!messages.is_empty(), "nothing passed between the nodes");
        let personal: Vec<&str> = PERSONAL.into_iter().chain([self.story.account.as_str()]).collect();
        for message in &messages {
            let readable = message.readable(&personal);
            ensure!(
                readable.is_empty(),
                "{readable:?} can be read in `{}` between the nodes",
                message.kind()
            );
        }
        let bytes: usize = messages.iter().map(Message::size).sum();
        let kinds: Vec<&str> = messages.iter().map(Message::kind).collect();
        self.screen.check(&format!(
            "Between the nodes: {}. In these {bytes} bytes no name, birth date or address can be read.",
            kinds.join(", "),
        ))
    }

    /// Our node asked the other one for nothing in this step.
    pub fn nothing_was_asked(&self) -> anyhow::Result<()> {
        let asks = |message: &Message| message.to == Side::Robot && QUESTIONS.contains(&message.kind());
        let asked = self.messages().into_iter().find(asks);
        ensure!(asked.is_none(), "a question went to the other node");
        Ok(())
    }

    /// What a backend was asked in this step, as soon as it was asked.
    pub async fn wait_for_backend(
        &self,
        side: Side,
        endpoint: &str,
        is: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Heard> {
        let waiting = journal::wait_for(self, side, endpoint, self.since, is);
        self.screen.meanwhile("waiting for the backend to be asked", waiting).await
    }

    /// Shows what a backend was asked: here personal data may be read.
    pub fn show_backend(&self, side: Side, heard: &Heard) -> anyhow::Result<()> {
        self.screen.label(&format!("{} is asked", side.backend()), &format!("POST {}", heard.path))?;
        self.screen.json(&without(heard.body.clone(), &VASPS))
    }

    /// The callback of one kind about a verification, as soon as it has arrived.
    pub async fn wait_for_callback(&self, side: Side, asked: &Asked, kind: &str) -> anyhow::Result<Heard> {
        let uuid = asked.uuid.as_str();
        let is = |body: &Value| body["callbackType"] == kind && body["data"]["verificationUuid"] == uuid;
        let waiting = journal::wait_for(self, side, "callback", asked.at, is);
        self.screen.meanwhile(&format!("waiting for the callback {kind}"), waiting).await
    }

    /// Shows a callback as it arrived.
    pub fn show_callback(&self, side: Side, asked: &Asked, heard: &Heard) -> anyhow::Result<()> {
        let after = (heard.at - asked.at).num_milliseconds();
        let title = format!("Callback to {}", side.backend());
        self.screen.label(&title, &format!("{after} ms after the request"))?;
        self.signature(heard)?;
        self.screen.json(&without(heard.body.clone(), &SENT_BEFORE))
    }

    /// Waits for a callback and shows it; gives its data.
    pub async fn callback(&self, side: Side, asked: &Asked, kind: &str) -> anyhow::Result<Value> {
        let heard = self.wait_for_callback(side, asked, kind).await?;
        self.show_callback(side, asked, &heard)?;
        Ok(heard.body["data"].clone())
    }

    fn signature(&self, heard: &Heard) -> anyhow::Result<()> {
        for name in ["webhook-id", "webhook-signature"] {
            let value = expect::text(&heard.headers, &format!("/{name}"))?;
            self.screen.aside(&format!("{name}: {value}"))?;
        }
        Ok(())
    }

    /// The time from which a callback is counted when nothing new was asked for.
    pub fn now_about(&self, uuid: &str) -> Asked {
        Asked { uuid: uuid.to_owned(), at: self.clock.now() }
    }

    /// The record of a verification at one of the nodes.
    pub async fn record(&self, side: Side, uuid: &str) -> anyhow::Result<Value> {
        let path = format!("/v1/verifications/{uuid}");
        let reply = call(&self.egress, self.api(side), Method::GET, &path, HeaderMap::new(), None).await?;
        expect::status(&reply, 200)?;
        Ok(reply.body)
    }

    /// Lets our backend know how far its transaction is, as the chain would.
    pub async fn transfer_is(&self, uuid: &str, status: &str) -> anyhow::Result<()> {
        let path = format!("/vasps/{}/transactions/{uuid}", Side::Ours.vasp_id());
        let state = json!({"transactionStatus": status, "txHash": self.story.tx_hash});
        let sandbox = self.ports.sandbox();
        let reply = call(&self.egress, sandbox, Method::PUT, &path, HeaderMap::new(), Some(&state)).await?;
        expect::status(&reply, 200)
    }

    fn api(&self, side: Side) -> SocketAddr {
        match side {
            Side::Ours => self.ports.our_ingress(),
            Side::Robot => self.ports.robot_ingress(),
        }
    }
}

/// Both sides must hold the personal data that none between them could read.
pub fn is_readable(body: &Value, text: &str) -> anyhow::Result<()> {
    if readable_in(body.to_string().as_bytes(), &[text]).is_empty() {
        bail!("{text:?} should be readable here");
    }
    Ok(())
}

/// Only the named fields of an object.
pub fn only(body: &Value, fields: &[&str]) -> Value {
    fields
        .iter()
        .map(|field| ((*field).to_owned(), body[*field].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Bytes of ciphertext in a message.
fn ciphertext(message: &Value) -> usize {
    message.pointer("/sealed/ciphertext").and_then(Value::as_str).map_or(0, |text| text.len() * 3 / 4)
}

/// A changed part of a request, in place of the whole: what is shared with an earlier one is left out.
pub fn as_before(changed: Value) -> Value {
    let mut shown = changed;
    shown[LEFT_OUT] = json!("… the rest as before");
    shown
}

/// The value without what stands at a JSON pointer; instead of it is said what it is.
pub fn without(mut value: Value, left_out: &[(&str, &str)]) -> Value {
    for (pointer, what) in left_out {
        if let Some(place) = value.pointer_mut(pointer) {
            *place = json!(format!("{LEFT_OUT} {what}"));
        }
    }
    value
}

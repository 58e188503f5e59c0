//! What `waybill dead` shows.

use serde_json::{Value, json};
use waybill_bus::dead_letters::{DeadLetter, Details, Outlook};
use waybill_domain::{Timestamp, format_time};

use crate::commands::table;

/// Characters of a reason in a table.
const WIDTH: usize = 60;

pub fn list(letters: &[DeadLetter], more: bool, as_json: bool) -> anyhow::Result<()> {
    let next = letters.last().filter(|_| more).map(|last| last.id.to_string());
    if as_json {
        let all: Vec<Value> = letters.iter().map(json_of).collect();
        println!("{}", serde_json::to_string_pretty(&json!({"deadLetters": all, "nextBefore": next}))?);
        return Ok(());
    }
    let rows: Vec<_> = letters.iter().map(row).collect();
    table::print(["id", "kind", "given up", "attempts", "verification", "reason"], &rows);
    if let Some(next) = next {
        println!("\nThere are more: --before {next}");
    }
    Ok(())
}

fn row(letter: &DeadLetter) -> [String; 6] {
    [
        letter.id.to_string(),
        letter.kind.clone(),
        letter.given_up_at.map(format_time).unwrap_or_default(),
        letter.attempts.to_string(),
        letter.verification.map(|uuid| uuid.to_string()).unwrap_or_default(),
        shortened(letter.reason.as_deref().unwrap_or_default()),
    ]
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

pub fn details(details: &Details, as_json: bool) -> anyhow::Result<()> {
    let Details { letter, status, verification, vasp, outlook } = details;
    if as_json {
        let (can, says) = match outlook {
            Outlook::Useful(what) => (true, (*what).to_owned()),
            Outlook::Refused(why) => (false, why.clone()),
        };
        let mut all = json_of(letter);
        all["status"] = json!(status.as_str());
        all["verificationResult"] = json!(verification.map(|result| result.as_str()));
        all["vasp"] = json!(vasp.map(|vasp| vasp.to_string()));
        all["redrive"] = json!({"possible": can, "says": says});
        println!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    let time = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), format_time);
    let about = match (letter.verification, verification) {
        (Some(uuid), Some(result)) => format!("{uuid}, {}", result.as_str()),
        (Some(uuid), None) => format!("{uuid}, deleted"),
        (None, _) => "none".to_owned(),
    };
    let redrive = match outlook {
        Outlook::Useful(what) => (*what).to_owned(),
        Outlook::Refused(why) => format!("refused: {why}"),
    };
    let lines = [
        ("id", letter.id.to_string()),
        ("kind", letter.kind.clone()),
        ("status", status.as_str().to_owned()),
        ("reason", letter.reason.clone().unwrap_or_default()),
        ("added", format_time(letter.created_at)),
        ("given up", time(letter.given_up_at)),
        ("attempts", letter.attempts.to_string()),
        ("trace id", letter.trace_id.clone().unwrap_or_else(|| "none".to_owned())),
        ("verification", about),
        ("goes to", vasp.map_or_else(|| "our backend, or nobody".to_owned(), |vasp| format!("VASP {vasp}"))),
        ("redriven", time(letter.redriven_at)),
        ("dropped", time(letter.dropped_at)),
        ("if redriven", redrive),
    ];
    for (name, value) in lines {
        println!("{name:<14}{value}");
    }
    Ok(())
}

fn json_of(letter: &DeadLetter) -> Value {
    let time = |at: Option<Timestamp>| at.map(format_time);
    json!({
        "id": letter.id.to_string(),
        "kind": letter.kind,
        "reason": letter.reason,
        "createdAt": format_time(letter.created_at),
        "givenUpAt": time(letter.given_up_at),
        "attempts": letter.attempts,
        "traceId": letter.trace_id,
        "verificationUuid": letter.verification.map(|uuid| uuid.to_string()),
        "redrivenAt": time(letter.redriven_at),
        "droppedAt": time(letter.dropped_at),
    })
}

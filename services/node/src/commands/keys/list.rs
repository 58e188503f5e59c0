//! `waybill keys list`.

use serde_json::{Value, json};
use waybill_domain::{Timestamp, format_time};
use waybill_keys::at_rest::operate::{KeyView, Overview};
use waybill_store::tables::keyring::nodes::KnownNode;
use waybill_store::tables::keyring::resealing::Progress;

use crate::commands::table;

pub fn print(overview: &Overview, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        println!("{}", serde_json::to_string_pretty(&json_of(overview))?);
        return Ok(());
    }
    let live = overview.nodes.iter().filter(|node| node.is_live).count();
    let keys: Vec<_> = overview.keys.iter().map(|key| key_row(key, live)).collect();
    table::print(["key", "state", "values", "nodes", "made", "sealing since", "retired"], &keys);
    println!();
    let nodes: Vec<_> = overview.nodes.iter().map(node_row).collect();
    table::print(["node", "state", "seals with", "opens with", "last heard of"], &nodes);
    println!();
    println!("{}", sentence(overview));
    Ok(())
}

fn state(key: &KeyView) -> &'static str {
    match (key.seals, key.in_ring, retired(key).is_some()) {
        (true, ..) => "seals",
        (false, true, false) => "opens",
        (false, true, true) => "retired, still in the ring",
        (false, false, true) => "retired",
        (false, false, false) => "missing",
    }
}

fn retired(key: &KeyView) -> Option<Timestamp> {
    key.known.as_ref().and_then(|known| known.retired_at)
}

fn sealing_since(key: &KeyView) -> Option<Timestamp> {
    key.known.as_ref().and_then(|known| known.sealing_since)
}

fn key_row(key: &KeyView, live: usize) -> [String; 7] {
    let time = |at: Option<Timestamp>| at.map(format_time).unwrap_or_default();
    [
        key.name.clone(),
        state(key).to_owned(),
        key.values.to_string(),
        format!("{} of {live}", key.nodes),
        time(key.known.as_ref().map(|known| known.created_at)),
        time(sealing_since(key)),
        time(retired(key)),
    ]
}

fn node_row(node: &KnownNode) -> [String; 5] {
    let names = &node.said.key_names;
    [
        node.said.node_id.clone(),
        if node.is_live { "live" } else { "silent" }.to_owned(),
        names.first().cloned().unwrap_or_default(),
        names.join(" "),
        format_time(node.announced_at),
    ]
}

/// How far sealing again is, for people.
fn sentence(overview: &Overview) -> String {
    let Some(progress) = &overview.resealing else {
        return "Nothing was sealed again with the sealing key yet; a running node begins within seconds."
            .to_owned();
    };
    let Progress { key_name, resealed, unreadable, pass, .. } = progress;
    let left = match unreadable {
        0 => String::new(),
        some => format!(" {some} values do not open and were left as they are; the log says where they are."),
    };
    if let Some(at) = progress.finished_at {
        return format!(
            "Everything was sealed again with {key_name}: {resealed} values, until {}.{left}",
            format_time(at)
        );
    }
    if progress.table.is_empty() {
        return format!(
            "Sealed again with {key_name}: {resealed} values; waiting until every node seals with it, to look once more.{left}"
        );
    }
    format!(
        "Sealing again with {key_name}: {resealed} values so far; pass {pass}, {} up to row {} of {}.{left}",
        progress.table, progress.after_id, overview.resealing_up_to
    )
}

fn json_of(overview: &Overview) -> Value {
    let time = |at: Option<Timestamp>| at.map(format_time);
    let keys: Vec<Value> = overview
        .keys
        .iter()
        .map(|key| {
            json!({
                "name": key.name, "state": state(key), "seals": key.seals, "inRing": key.in_ring,
                "values": key.values, "nodes": key.nodes,
                "createdAt": time(key.known.as_ref().map(|known| known.created_at)),
                "sealingSince": time(sealing_since(key)), "retiredAt": time(retired(key)),
            })
        })
        .collect();
    let nodes: Vec<Value> = overview
        .nodes
        .iter()
        .map(|node| {
            json!({
                "id": node.said.node_id, "host": node.said.host, "live": node.is_live,
                "keys": node.said.key_names, "announcedAt": format_time(node.announced_at),
            })
        })
        .collect();
    let resealing = overview.resealing.as_ref().map(|progress| {
        json!({
            "key": progress.key_name, "pass": progress.pass, "table": progress.table, "row": progress.after_id,
            "ofRow": overview.resealing_up_to, "resealed": progress.resealed, "unreadable": progress.unreadable,
            "startedAt": format_time(progress.started_at), "updatedAt": format_time(progress.updated_at),
            "finishedAt": time(progress.finished_at),
        })
    });
    json!({"keys": keys, "nodes": nodes, "resealing": resealing})
}

//! The audit log: what is in it stays as it is.

use waybill_store::tables::audit::{self, AuditEntry};

use crate::house::House;
use crate::samples::*;

fn entry(event: &'static str, subject: Option<&str>) -> AuditEntry {
    AuditEntry {
        at: at(1),
        event,
        actor: format!("vasp:{PEER}"),
        subject: subject.map(str::to_owned),
        detail: serde_json::json!({"code": "STALE-MESSAGE"}),
    }
}

impl House {
    async fn append(&self, entry: AuditEntry) {
        self.write(entry, |tx, entry| Box::pin(audit::append(tx, entry))).await.unwrap();
    }

    async fn events(&self) -> Vec<String> {
        let rows = self.read((), |tx, ()| Box::pin(audit::newest(tx, 10))).await.unwrap();
        rows.into_iter().map(|row| row.event).collect()
    }
}

pub async fn entries_are_read_newest_first(house: House) {
    house.append(entry("FIRST", None)).await;
    house.append(entry("SECOND", Some("subject"))).await;
    assert_eq!(house.events().await, ["SECOND", "FIRST"]);
    let rows = house.read((), |tx, ()| Box::pin(audit::newest(tx, 1))).await.unwrap();
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((row.at, row.actor.as_str()), (at(1), "vasp:27372039731940770"));
    assert_eq!(
        (row.subject.as_deref(), row.detail.as_str()),
        (Some("subject"), "{\"code\":\"STALE-MESSAGE\"}")
    );
}

/// Not even by somebody who has the database open.
pub async fn an_entry_can_neither_be_changed_nor_removed(house: House) {
    house.append(entry("FIRST", None)).await;
    for attempt in [
        "UPDATE audit_log SET event = 'NOTHING'",
        "UPDATE audit_log SET detail = detail",
        "DELETE FROM audit_log",
        "DELETE FROM audit_log WHERE audit_id = 1",
    ] {
        let refused = house.raw(attempt).await.unwrap_err();
        assert!(refused.contains("append-only"), "{attempt}: {refused}");
    }
    assert_eq!(house.events().await, ["FIRST"]);
}

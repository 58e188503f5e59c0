//! The log for machines: one JSON object a line, each with what it is about.

use serde_json::{Value, json};
use waybill_testkit::eventually;
use waybill_tests::{Pair, SOON, verification};

use crate::DATABASE;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test]
async fn what_a_command_does_names_its_kind_its_id_and_the_trace_of_the_request() {
    let mut pair = Pair::prepare(DATABASE).await;
    let json_log = [("WAYBILL__TELEMETRY__LOG_FORMAT", "json"), ("WAYBILL__TELEMETRY__LOG_LEVEL", "debug")];
    pair.robot.start(&pair.folder, &[]).await;
    pair.ours.start(&pair.folder, &json_log).await;
    let traceparent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let header = [("traceparent", traceparent.as_str())];
    let ours = pair.ours.party;
    let accepted = ours.api.post_with("/v1/verifications", &header, &verification()).await.ok();
    let uuid = accepted["verificationUuid"].as_str().expect("a uuid");
    ours.backend.callback(uuid, "VERIFICATION_RESULT").await;

    for kind in ["VERIFY", "CALLBACK"] {
        let line = eventually(&format!("a line about {kind}"), SOON, async || {
            let log = pair.ours.running().stderr();
            let mut lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect(line));
            lines.find(|line| line["span"]["kind"] == kind && line["outcome"] == "done")
        })
        .await;
        assert_eq!(line["span"]["trace_id"], TRACE, "{line}");
        assert_eq!(line["span"]["attempt"], json!(1), "{line}");
        let id = line["span"]["command_id"].as_str().and_then(|id| id.parse::<u64>().ok());
        assert!(id.is_some() && line["took_ms"].is_u64() && line["level"] == "DEBUG", "{line}");
    }
}

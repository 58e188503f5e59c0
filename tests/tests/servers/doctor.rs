//! `waybill doctor` on a node whose database is on a server.

use serde_json::Value;
use waybill_testkit::servers::ServerKind;
use waybill_tests::{Pair, stdout, waybill};

use crate::DATABASE;

/// What the doctor says about the database: verdict, text and remedy. It never tells the password.
fn about_the_database(pair: &Pair) -> [String; 3] {
    let config = pair.ours.config(&pair.folder).display().to_string();
    let printed = stdout(&waybill(&["doctor", "--json", "--config", &config], &pair.folder));
    assert!(!printed.contains("secret-"), "{printed}");
    let findings: Vec<Value> = serde_json::from_str(&printed).expect("a list");
    let finding = findings.iter().find(|finding| finding["about"] == "database").expect("a finding");
    ["verdict", "text", "mend"].map(|key| finding[key].as_str().unwrap_or_default().to_owned())
}

/// The sandbox runs in this program, beside commands that block.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_illness_of_the_database_is_named() {
    let pair = Pair::unmigrated(DATABASE.server()).await;
    let [verdict, text, mend] = about_the_database(&pair);
    assert!(verdict == "fault" && text.contains("lacks") && mend.contains("waybill migrate"), "{text}");
    pair.ours.migrate(&pair.folder).await;
    let [verdict, text, _] = about_the_database(&pair);
    assert!(verdict == "fine" && text.contains("its schema is current"), "{text}");

    let settings = pair.ours.database.settings();
    let url = settings.split('"').nth(1).expect("a URL");
    let port = DATABASE.server().expect("a server").port();
    let denied = match DATABASE.kind() {
        ServerKind::Postgres => "password authentication failed",
        ServerKind::MariaDb => "Access denied",
    };
    for (part, wrong, because) in
        [(&*format!(":{port}/"), ":1/", "cannot be reached"), ("secret-", "secret-other-", denied)]
    {
        let ill = url.replacen(part, wrong, 1);
        pair.edit_settings("ours", url, &ill);
        let [verdict, text, mend] = about_the_database(&pair);
        assert!(verdict == "fault" && text.contains(because), "{text}");
        assert!(mend.contains("database.url"), "{mend}");
        pair.edit_settings("ours", &ill, url);
    }
}

//! `GET /v2/categories`

use serde_json::{Value, json};

use crate::vendors::answer::Answer;

/// In the vendor's order, which is none.
#[rustfmt::skip] // a paragraph, not a column
const CATEGORIES: &[(u16, &str)] = &[
    (1, "child abuse material"), (2, "darknet market"), (3, "sanctioned entity"), (4, "no kyc exchange"),
    (6, "stolen funds"), (7, "mining pool"), (9, "other"), (10, "ethereum contract"), (11, "hosted wallet"),
    (12, "ransomware"), (13, "mixing"), (14, "ico"), (15, "erc20 token"), (16, "gambling"), (17, "merchant services"),
    (18, "scam"), (19, "p2p exchange"), (20, "none"), (21, "exchange"), (22, "mining"), (23, "terrorist financing"),
    (24, "atm"), (25, "sanctioned jurisdiction"), (26, "lending"), (27, "decentralized exchange"), (28, "fraud shop"),
    (29, "illicit actor-org"), (30, "infrastructure as a service"), (31, "token smart contract"),
    (32, "smart contract"), (33, "protocol privacy"), (34, "special measures"), (35, "malware"),
    (36, "online pharmacy"), (37, "bridge"), (38, "nft platform - collection"), (999, "custom address"),
    (39, "seized funds"), (41, "unnamed service"), (42, "stolen bitcoins"), (43, "stolen ether"),
];

/// The name of a category.
pub(super) fn name(id: u16) -> Option<&'static str> {
    CATEGORIES.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

/// All, with the one that has neither id nor name.
pub(super) fn list() -> Answer {
    let nameless = json!({"categoryId": null, "categoryName": ""});
    let named = CATEGORIES.iter().map(|(id, name)| json!({"categoryId": id, "categoryName": name}));
    let all: Vec<Value> = std::iter::once(nameless).chain(named).collect();
    Answer::json(200, &json!({"categories": all}))
}

//! What there is to do, and whether it is for this node.

use waybill_store::tables::keyring::keys;
use waybill_store::tables::keyring::keys::KnownKey;
use waybill_store::tables::keyring::nodes::{self, KnownNode, Spans};
use waybill_store::tables::keyring::resealing::{self, Progress};
use waybill_store::{StoreError, Tx};

/// The nodes over the database, and how far sealing with this node's key has come.
pub(super) struct Situation {
    /// The key that values are to be sealed with, as far as the nodes tell.
    pub newest: Option<String>,
    /// Every live node seals with `newest`.
    pub all_agree: bool,
    /// Every live node does so for so long that nothing sealed before is still on its way.
    pub all_settled: bool,
    pub progress: Option<Progress>,
}

/// Reads it; `mine` is the key with which this node seals.
pub(super) async fn read(tx: &mut Tx, mine: &str, spans: Spans) -> Result<Situation, StoreError> {
    let (known, nodes) = (keys::all(tx).await?, nodes::all(tx, spans).await?);
    let live: Vec<&KnownNode> = nodes.iter().filter(|node| node.is_live).collect();
    let newest = newest_sealing(&known, &live);
    let agrees = |node: &&KnownNode| node.said.key_names.first() == newest.as_ref();
    Ok(Situation {
        all_agree: live.iter().all(agrees),
        all_settled: live.iter().all(|node| agrees(node) && node.is_settled),
        newest,
        progress: resealing::find(tx, mine).await?,
    })
}

/// Of the keys with which live nodes seal, the one that was made the sealing one last. When all agree there is nothing to
/// choose, whatever the order in which keys were used.
fn newest_sealing(known: &[KnownKey], live: &[&KnownNode]) -> Option<String> {
    let since = |name: &str| known.iter().find(|key| key.name == name).and_then(|key| key.sealing_since);
    let sealing = live.iter().filter_map(|node| node.said.key_names.first());
    sealing.max_by_key(|name| (since(name), (*name).clone())).cloned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use waybill_domain::{Clock as _, Timestamp};
    use waybill_store::tables::keyring::nodes::Announcement;
    use waybill_testkit::MockClock;

    use super::*;

    fn at(second: u64) -> Timestamp {
        MockClock::default().now() + Duration::from_secs(second)
    }

    fn key(name: &str, sealing_since: Option<u64>) -> KnownKey {
        KnownKey {
            name: name.to_owned(),
            created_at: at(0),
            sealing_since: sealing_since.map(at),
            retired_at: None,
        }
    }

    fn node(sealing: &str) -> KnownNode {
        let said = Announcement {
            node_id: "n".to_owned(),
            host: "h".to_owned(),
            key_names: vec![sealing.to_owned(), "other".to_owned()],
        };
        KnownNode { said, seals_since: at(0), announced_at: at(0), is_live: true, is_settled: true }
    }

    #[test]
    fn the_last_one_made_to_seal_counts_unless_all_agree_on_another() {
        let known = [key("k1", Some(1)), key("k2", Some(2)), key("k3", None)];
        let newest = |sealing: &[&str]| {
            let nodes: Vec<KnownNode> = sealing.iter().map(|name| node(name)).collect();
            newest_sealing(&known, &nodes.iter().collect::<Vec<_>>())
        };
        assert_eq!(newest(&["k1", "k2"]).as_deref(), Some("k2"));
        assert_eq!(newest(&["k2", "k1", "k1"]).as_deref(), Some("k2"));
        assert_eq!(newest(&["k1", "k1"]).as_deref(), Some("k1"), "all went back");
        assert_eq!(newest(&["k1", "k3"]).as_deref(), Some("k1"), "k3 is not known to have been chosen");
        assert_eq!(newest(&[]), None);
    }
}

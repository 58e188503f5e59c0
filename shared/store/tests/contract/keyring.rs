//! Keys by name, the nodes that have them, and values that are sealed again.

use std::time::Duration;

use waybill_domain::KeyType;
use waybill_store::StoreError;
use waybill_store::tables::keyring::nodes::{Announcement, KnownNode, Spans};
use waybill_store::tables::keyring::{keys, nodes, resealing};
use waybill_store::tables::own_keys::{self, OwnKey};
use waybill_store::tables::sealed::{self, Ids, Replacements, SealedTable};
use waybill_store::tables::wco_cases::{self, WcoCase};
use waybill_store::tables::wco_results::{self, Screened};
use waybill_store::tables::{facts, verifications};
use waybill_testkit::eventually;

use crate::house::House;
use crate::samples::*;
use crate::screening_samples::*;

const SPANS: Spans = Spans { live: LONG, settled: LONG };

impl House {
    async fn announce(&self, node_id: &str, key_names: &[&str]) {
        let said = Announcement {
            node_id: node_id.to_owned(),
            host: "host".to_owned(),
            key_names: key_names.iter().map(|name| (*name).to_owned()).collect(),
        };
        self.write(said, |tx, said| Box::pin(nodes::announce(tx, said))).await.unwrap();
    }

    async fn nodes(&self, spans: Spans) -> Vec<KnownNode> {
        self.read(spans, |tx, spans| Box::pin(nodes::all(tx, *spans))).await.unwrap()
    }

    /// A verification and a private key sealed with `k1`.
    async fn sealed_with_k1(&self, number: u32) {
        let cell = |column: &str| format!("k1.{column}{number}");
        let new = verifications::NewVerification {
            originator_sealed: cell("originator"),
            originating_vasp_sealed: cell("originating"),
            beneficiary_sealed: cell("beneficiary"),
            beneficiary_vasp_sealed: cell("vasp"),
            ..verification(number)
        };
        assert_eq!(self.add(vec![new]).await, [true]);
        let key = OwnKey {
            key_type: KeyType::PerVerification,
            key_identifier: format!("key{number}"),
            key_id: format!("key{number}"),
            public_key: "public".to_owned(),
            private_key_sealed: cell("private"),
            created_at: at(0),
            retired_at: None,
        };
        self.write(key, |tx, key| Box::pin(own_keys::insert(tx, key))).await.unwrap();
    }

    async fn count(&self, key: &'static str) -> [u64; 2] {
        self.count_in(key, [SealedTable::OwnKeys, SealedTable::Verifications]).await
    }

    async fn count_screenings(&self, key: &'static str) -> [u64; 2] {
        self.count_in(key, [SealedTable::WcoResults, SealedTable::WcoCases]).await
    }

    async fn count_in(&self, key: &'static str, tables: [SealedTable; 2]) -> [u64; 2] {
        let counted = self.read(key, move |tx, key| {
            Box::pin(async move {
                let ids = Ids { first: 0, last: i64::MAX };
                let mut counted = [0; 2];
                for (count, table) in counted.iter_mut().zip(tables) {
                    let by_key = sealed::count_by_key(tx, table, ids).await?;
                    assert!(by_key.values().all(|count| *count > 0), "{by_key:?}");
                    *count = by_key.get(*key).copied().unwrap_or(0);
                }
                Ok(counted)
            })
        });
        counted.await.unwrap()
    }
}

pub async fn keys_are_known_once_and_remember_when_they_sealed(house: House) {
    let known = house.write((), |tx, ()| {
        Box::pin(async move {
            let new = [keys::note(tx, "k1").await?, keys::note(tx, "k1").await?, keys::note(tx, "k2").await?];
            keys::note_sealing(tx, "k1").await?;
            keys::retire(tx, "k2").await?;
            Ok::<_, StoreError>((new, keys::all(tx).await?))
        })
    });
    let (new, known) = known.await.unwrap();
    assert_eq!(new, [true, false, true]);
    let seen: Vec<_> = known
        .iter()
        .map(|key| (key.name.as_str(), key.sealing_since.is_some(), key.retired_at.is_some()))
        .collect();
    assert_eq!(seen, [("k1", true, false), ("k2", false, true)]);
    let since = known[0].sealing_since;
    let mut noted_first = None;
    eventually("the clock has moved on", SOON, async || {
        let again = house.write((), |tx, ()| {
            Box::pin(async move {
                keys::note_sealing(tx, "k1").await?;
                let noted = keys::all(tx).await?[0].sealing_since;
                keys::begin_sealing(tx, "k1").await?;
                Ok::<_, StoreError>((noted, keys::all(tx).await?[0].sealing_since))
            })
        });
        let (noted, begun) = again.await.unwrap();
        noted_first.get_or_insert(noted);
        (begun > since).then_some(())
    })
    .await;
    assert_eq!(noted_first, Some(since), "noting again changes nothing, beginning does");
}

pub async fn nodes_tell_what_they_have_by_the_databases_clock(house: House) {
    house.announce("a", &["k1"]).await;
    house.announce("b", &["k2", "k1"]).await;
    let all = house.nodes(SPANS).await;
    let said: Vec<_> =
        all.iter().map(|node| (node.said.node_id.as_str(), node.said.key_names.join(" "))).collect();
    assert_eq!(said, [("a", "k1".to_owned()), ("b", "k2 k1".to_owned())]);
    assert!(all.iter().all(|node| node.is_live && !node.is_settled), "{all:?}");

    house.announce("a", &["k1", "k2"]).await;
    let again = house.nodes(SPANS).await;
    assert_eq!(again[0].seals_since, all[0].seals_since, "the key that seals is the same");
    assert_eq!(again.len(), 2);
    let none = Spans { live: Duration::ZERO, settled: Duration::ZERO };
    eventually("time passes", SOON, async || {
        let nodes = house.nodes(none).await;
        nodes.iter().all(|node| !node.is_live && node.is_settled).then_some(())
    })
    .await;
    house.announce("a", &["k2", "k1"]).await;
    assert!(house.nodes(SPANS).await[0].seals_since > all[0].seals_since, "now it seals with another one");
    house.write((), |tx, ()| Box::pin(nodes::forget(tx, "a"))).await.unwrap();
    house.write((), |tx, ()| Box::pin(nodes::forget_unheard(tx, LONG))).await.unwrap();
    assert_eq!(house.nodes(SPANS).await.len(), 1);
}

pub async fn progress_is_kept_and_begins_once(house: House) {
    let begin = async || {
        house.write((), |tx, ()| Box::pin(resealing::begin(tx, "k2", "own_keys"))).await.unwrap();
        house.read((), |tx, ()| Box::pin(resealing::find(tx, "k2"))).await.unwrap().unwrap()
    };
    let mut progress = begin().await;
    assert_eq!((progress.pass, progress.table.as_str(), progress.finished_at), (1, "own_keys", None));
    progress = resealing::Progress {
        pass: 2,
        pass_is_settled: true,
        after_id: 7,
        found: 3,
        resealed: 10,
        ..progress
    };
    for finished in [true, false] {
        let args = (progress.clone(), finished);
        house
            .write(args, |tx, (progress, done)| Box::pin(resealing::save(tx, progress, *done)))
            .await
            .unwrap();
        let kept = begin().await;
        assert_eq!((kept.pass, kept.after_id, kept.found, kept.resealed), (2, 7, 3, 10));
        assert!(kept.pass_is_settled && kept.finished_at.is_some() == finished, "{kept:?}");
    }
    let unknown = resealing::Progress { key_name: "k9".to_owned(), ..progress };
    let lost = house.write(unknown, |tx, progress| Box::pin(resealing::save(tx, progress, false))).await;
    assert!(matches!(lost, Err(StoreError::GuardLost(_))), "{lost:?}");
}

pub async fn values_are_found_by_their_key_and_replaced_where_they_are_unchanged(house: House) {
    for number in 0..7 {
        house.sealed_with_k1(number).await;
    }
    assert_eq!(
        (house.count("k1").await, house.count("k10").await, house.count("k").await),
        ([7, 28], [0, 0], [0, 0])
    );
    let replaced = house.write((), |tx, ()| {
        Box::pin(async move {
            let (mut after, mut seen) = (0, 0);
            while let Some((rows, up_to)) = sealed::verifications_elsewhere(tx, "k2", after, 3).await? {
                for row in rows {
                    seen += 1;
                    let [originator, ..] = row.cells.clone();
                    let mut cells = Replacements::default();
                    cells[0] = originator.map(|old| (old, "k2.originator".to_owned()));
                    cells[2] = Some(("k1.changed meanwhile".to_owned(), "k2.beneficiary".to_owned()));
                    cells[4] = Some(("k1.there is none".to_owned(), "k2.message".to_owned()));
                    sealed::replace_verification(tx, row.id, &cells).await?;
                }
                after = up_to;
            }
            let Some((keys, _)) = sealed::own_keys_elsewhere(tx, "k2", 0, 3).await? else {
                panic!("no keys")
            };
            sealed::replace_own_key(tx, keys[0].id, &keys[0].sealed, "k2.private").await?;
            sealed::replace_own_key(tx, keys[1].id, "k1.changed meanwhile", "k2.private").await?;
            Ok::<_, StoreError>((seen, keys.len(), sealed::highest_id(tx, SealedTable::OwnKeys).await?))
        })
    });
    assert_eq!(replaced.await.unwrap(), (7, 3, 7));
    assert_eq!((house.count("k1").await, house.count("k2").await), ([6, 21], [1, 7]));
    let found =
        house.read(uuid(3), |tx, uuid| Box::pin(verifications::find(tx, *uuid))).await.unwrap().unwrap();
    assert_eq!(
        (found.originator_sealed.as_str(), found.beneficiary_sealed.as_str()),
        ("k2.originator", "k1.beneficiary3")
    );
    assert_eq!(found.message_sealed, None);
}

pub async fn what_world_check_was_asked_and_said_is_found_and_replaced_too(house: House) {
    for number in 1..=3 {
        let said = WcoCase { summary_sealed: Some(format!("k1.summary{number}")), ..case(number, 0) };
        house.add_wco(wco(number), vec![case(number, 0), case(number, 1)]).await.unwrap();
        house.write(said, |tx, case| Box::pin(wco_cases::update(tx, case, at(7)))).await.unwrap();
    }
    house.claim_wco("a", LONG, 9, None).await;
    let screened = house.write((), |tx, ()| {
        Box::pin(async move {
            for (id, sealed) in [("wco-1", "k1.result"), ("wco-2", "k2.result")] {
                let said = Screened {
                    case_system_id: "system".to_owned(),
                    summary_sealed: Some(sealed.to_owned()),
                    match_strength: None,
                    total_matches: 0,
                    assessed_at: None,
                    at: at(8),
                };
                wco_results::screened(tx, id, "a", &said).await?;
            }
            Ok(())
        })
    });
    screened.await.unwrap();
    assert_eq!(house.count_screenings("k1").await, [1, 9], "three summaries, six times what was asked");
    let replaced = house.write((), |tx, ()| {
        Box::pin(async move {
            let mut seen = Vec::new();
            let mut after = 0;
            while let Some((cells, up_to)) = sealed::wco_results_elsewhere(tx, "k2", after, 2).await? {
                for cell in cells {
                    seen.push(format!("{} {}", cell.name, cell.column));
                    sealed::replace_wco_result(tx, &cell, "k2.again").await?;
                }
                after = up_to;
            }
            after = 0;
            while let Some((cells, up_to)) = sealed::wco_cases_elsewhere(tx, "k2", after, 2).await? {
                for mut cell in cells {
                    if cell.name == "case-3-0" {
                        cell.sealed = "k1.changed meanwhile".to_owned();
                    }
                    seen.push(format!("{} {}", cell.name, cell.column));
                    sealed::replace_wco_case(tx, &cell, &format!("k2.{}", cell.column)).await?;
                }
                after = up_to;
            }
            Ok::<_, StoreError>(seen)
        })
    });
    let seen = replaced.await.unwrap();
    assert_eq!(
        seen[..3],
        ["wco-1 aggregated_result_summaries", "case-1-0 asked", "case-1-0 aggregated_result_summaries"]
    );
    assert_eq!((seen.len(), seen[3].as_str()), (10, "case-1-1 asked"));
    assert_eq!((house.count_screenings("k1").await, house.count_screenings("k2").await), ([0, 2], [2, 7]));
    let case = &house.cases(2).await[0];
    assert_eq!(
        (case.asked_sealed.as_str(), case.summary_sealed.as_deref()),
        ("k2.asked", Some("k2.aggregated_result_summaries"))
    );
    assert_eq!(house.wco(1).await.summary_sealed.as_deref(), Some("k2.again"));
}

pub async fn the_first_fact_counts_and_is_replaced_where_it_is_unchanged(house: House) {
    let done = house.write((), |tx, ()| {
        Box::pin(async move {
            let first =
                [facts::put_first(tx, "f", "1", at(0)).await?, facts::put_first(tx, "f", "2", at(0)).await?];
            facts::replace(tx, "f", "2", "3", at(1)).await?;
            let kept = facts::get(tx, "f").await?;
            facts::replace(tx, "f", "1", "4", at(1)).await?;
            Ok::<_, StoreError>((first, kept, facts::get(tx, "f").await?))
        })
    });
    let (first, kept, replaced) = done.await.unwrap();
    assert_eq!((first, kept.as_deref(), replaced.as_deref()), ([true, false], Some("1"), Some("4")));
}

//! Our own key pairs, and the public keys of others that we remember.

use waybill_domain::{KeyType, VaspId};
use waybill_store::tables::counter_party_keys::{self, CounterPartyKey};
use waybill_store::tables::own_keys::{self, Needless, OwnKey};

use crate::house::House;
use crate::samples::*;

fn own_key(key_id: &str, key_type: KeyType, key_identifier: &str) -> OwnKey {
    OwnKey {
        key_type,
        key_identifier: key_identifier.to_owned(),
        key_id: key_id.to_owned(),
        public_key: format!("public {key_id}"),
        private_key_sealed: format!("sealed {key_id}"),
        created_at: at(0),
        retired_at: None,
    }
}

impl House {
    async fn add_own_key(&self, key: OwnKey) -> bool {
        self.write(key, |tx, key| Box::pin(own_keys::insert(tx, key))).await.unwrap()
    }

    async fn retire(&self, key_id: &'static str, millis: i64) -> bool {
        self.write((), move |tx, ()| Box::pin(own_keys::retire(tx, key_id, at(millis)))).await.unwrap()
    }

    async fn current(&self, key_identifier: &'static str, key_type: KeyType) -> Option<String> {
        let key = self.read((), |tx, ()| Box::pin(own_keys::current(tx, key_identifier, key_type)));
        key.await.unwrap().map(|key| key.key_id)
    }

    async fn own_key(&self, key_id: &'static str) -> Option<OwnKey> {
        self.read((), |tx, ()| Box::pin(own_keys::by_key_id(tx, key_id))).await.unwrap()
    }
}

pub async fn an_own_key_is_found_by_identifier_and_by_id(house: House) {
    let key = own_key("k1", KeyType::PerAddress, "0xAbC");
    assert!(house.add_own_key(key.clone()).await);
    assert_eq!(house.current("0xAbC", KeyType::PerAddress).await.as_deref(), Some("k1"));
    assert_eq!(house.current("0xabc", KeyType::PerAddress).await, None, "addresses differ by case");
    assert_eq!(house.current("0xAbC", KeyType::PerVerification).await, None);
    let found = house.own_key("k1").await.unwrap();
    assert_eq!((found.key_type, found.key_identifier), (key.key_type, key.key_identifier));
    assert_eq!((found.public_key, found.private_key_sealed), (key.public_key, key.private_key_sealed));
    assert_eq!((found.created_at, found.retired_at), (at(0), None));
    assert!(house.own_key("K1").await.is_none());
    let delete = house.write((), |tx, ()| Box::pin(own_keys::delete(tx, "k1")));
    delete.await.unwrap();
    assert!(house.own_key("k1").await.is_none());
}

/// Two processes that make a key for the same address end up with one.
pub async fn an_identifier_has_one_current_key(house: House) {
    let ids = ["k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7"];
    let inserts = ids.map(|id| house.add_own_key(own_key(id, KeyType::PerAddress, "0xA")));
    let added = futures_util::future::join_all(inserts).await;
    assert_eq!(added.iter().filter(|added| **added).count(), 1);
    let winner = added.iter().position(|added| *added).unwrap();
    assert_eq!(house.current("0xA", KeyType::PerAddress).await.as_deref(), Some(ids[winner]));
    assert!(house.add_own_key(own_key("other type", KeyType::PerVasp, "0xA")).await);
    assert!(
        !house.add_own_key(own_key(ids[winner], KeyType::PerAddress, "0xB")).await,
        "the key id is taken"
    );
}

pub async fn a_retired_key_frees_its_identifier_and_still_opens(house: House) {
    house.add_own_key(own_key("old", KeyType::PerVasp, "PerVasp")).await;
    assert!(house.retire("old", 5).await);
    assert!(!house.retire("old", 6).await, "once");
    assert!(!house.retire("unknown", 6).await);
    assert_eq!(house.current("PerVasp", KeyType::PerVasp).await, None);
    assert!(house.add_own_key(own_key("new", KeyType::PerVasp, "PerVasp")).await);
    assert_eq!(house.current("PerVasp", KeyType::PerVasp).await.as_deref(), Some("new"));
    let old = house.own_key("old").await.unwrap();
    assert_eq!((old.retired_at, old.private_key_sealed.as_str()), (Some(at(5)), "sealed old"));
    assert!(house.retire("new", 7).await, "the identifier is freed each time");
    assert!(house.add_own_key(own_key("newest", KeyType::PerVasp, "PerVasp")).await);
}

pub async fn purging_takes_keys_that_nobody_needs_any_more_only(house: House) {
    let made =
        |key_id, key_type, millis| OwnKey { created_at: at(millis), ..own_key(key_id, key_type, key_id) };
    for key in [
        made("in use for long", KeyType::PerVasp, 0),
        made("retired long ago", KeyType::PerVasp, 0),
        made("retired just now", KeyType::PerAddress, 10),
        made("old single use", KeyType::PerVerification, 0),
        made("new single use", KeyType::PerVerification, 100),
        made("old address", KeyType::PerAddress, 0),
        made("another old address", KeyType::PerAddress, 9),
        made("new address", KeyType::PerAddress, 10),
    ] {
        assert!(house.add_own_key(key).await);
    }
    assert!(house.retire("retired long ago", 49).await);
    assert!(house.retire("retired just now", 50).await);
    let (retired_before, single_use_before, per_address_before) = (at(50), at(100), at(10));
    let needless = Needless { retired_before, single_use_before, per_address_before };
    let purge = async |limit| {
        house.write((), move |tx, ()| Box::pin(own_keys::purge(tx, needless, limit))).await.unwrap()
    };
    assert_eq!((purge(3).await, purge(3).await, purge(3).await), (3, 1, 0));
    for kept in ["in use for long", "retired just now", "new single use", "new address"] {
        assert!(house.own_key(kept).await.is_some(), "{kept}");
    }
}

pub async fn expired_keys_of_counterparties_are_forgotten(house: House) {
    for (number, expires_at) in [4, 5, 6, 7].into_iter().enumerate() {
        let key = CounterPartyKey {
            key_type: KeyType::PerAddress,
            vasp_id: PEER,
            key_identifier: number.to_string(),
            key_id: number.to_string(),
            public_key: "public".to_owned(),
            created_at: at(1),
            expires_at: at(expires_at),
        };
        house.write(key, |tx, key| Box::pin(counter_party_keys::put(tx, key))).await.unwrap();
    }
    let purge = async |limit| {
        house.write((), move |tx, ()| Box::pin(counter_party_keys::purge(tx, at(7), limit))).await.unwrap()
    };
    assert_eq!((purge(2).await, purge(2).await, purge(2).await), (2, 1, 0));
    let find =
        house.read((), |tx, ()| Box::pin(counter_party_keys::find(tx, PEER, "3", KeyType::PerAddress)));
    assert!(find.await.unwrap().is_some());
}

pub async fn a_counterpartys_key_takes_the_place_of_the_last(house: House) {
    let key = |vasp_id, key_type, key_id: &str| CounterPartyKey {
        key_type,
        vasp_id,
        key_identifier: "0xA".to_owned(),
        key_id: key_id.to_owned(),
        public_key: format!("public {key_id}"),
        created_at: at(1),
        expires_at: at(2),
    };
    let put = async |key: CounterPartyKey| {
        house.write(key, |tx, key| Box::pin(counter_party_keys::put(tx, key))).await.unwrap();
    };
    let find = async |vasp_id: VaspId, key_type: KeyType, identifier: &'static str| {
        let key =
            house.read((), |tx, ()| Box::pin(counter_party_keys::find(tx, vasp_id, identifier, key_type)));
        key.await.unwrap()
    };
    put(key(PEER, KeyType::PerAddress, "first")).await;
    put(key(OTHER_PEER, KeyType::PerAddress, "of another VASP")).await;
    put(key(PEER, KeyType::PerVasp, "of another type")).await;
    put(CounterPartyKey { created_at: at(3), expires_at: at(4), ..key(PEER, KeyType::PerAddress, "second") })
        .await;
    let found = find(PEER, KeyType::PerAddress, "0xA").await.unwrap();
    assert_eq!((found.key_id.as_str(), found.public_key.as_str()), ("second", "public second"));
    assert_eq!((found.vasp_id, found.key_type), (PEER, KeyType::PerAddress));
    assert_eq!((found.created_at, found.expires_at, found.key_identifier.as_str()), (at(3), at(4), "0xA"));
    assert_eq!(find(OTHER_PEER, KeyType::PerAddress, "0xA").await.unwrap().key_id, "of another VASP");
    assert_eq!(find(PEER, KeyType::PerVasp, "0xA").await.unwrap().key_id, "of another type");
    assert!(find(PEER, KeyType::PerAddress, "0xa").await.is_none(), "addresses differ by case");
}

//! Case and collation: what is compared byte by byte, and what is found however it is spelled.

use waybill_store::tables::verifications::{self, ListFilter, Page};

use crate::house::House;
use crate::samples::*;

impl House {
    async fn count_matches(&self, filter: ListFilter) -> usize {
        let rows = self.read(filter, |tx, filter| {
            Box::pin(async move {
                let rows = verifications::list(tx, OWN, filter, Page::Offset(0), 100).await?;
                assert_eq!(verifications::count(tx, OWN, filter).await? as usize, rows.len());
                Ok(rows)
            })
        });
        rows.await.unwrap().len()
    }
}

/// Base58 addresses differ by case; trailing spaces and accents, which collations like to ignore, count too.
pub async fn accounts_are_compared_byte_by_byte(house: House) {
    let spellings = [
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "1boatslrhtknngkdxeeobr76b53letTpyt",
        "1Boät",
        "1Boat",
        "1Boat ",
    ];
    for (number, account) in (1..).zip(spellings) {
        let mut new = verification(number);
        new.originator_account_number = account.to_owned();
        new.beneficiary_account_number = account.to_owned();
        house.add(vec![new]).await;
    }
    for account in spellings {
        let originator =
            ListFilter { originator_account_number: Some(account.to_owned()), ..Default::default() };
        assert_eq!(house.count_matches(originator).await, 1, "{account:?}");
        let beneficiary =
            ListFilter { beneficiary_account_number: Some(account.to_owned()), ..Default::default() };
        assert_eq!(house.count_matches(beneficiary).await, 1, "{account:?}");
    }
}

pub async fn symbols_and_networks_are_compared_byte_by_byte(house: House) {
    house.add(vec![verification(1)]).await;
    for (symbol, network, matches) in [
        (Some("ETH"), None, 1),
        (Some("eth"), None, 0),
        (Some("ETH "), None, 0),
        (None, Some("Ethereum"), 1),
        (None, Some("ethereum"), 0),
    ] {
        let filter = ListFilter {
            symbol: symbol.map(str::to_owned),
            network: network.map(str::to_owned),
            ..Default::default()
        };
        assert_eq!(house.count_matches(filter).await, matches, "{symbol:?} {network:?}");
    }
}

pub async fn a_hash_is_found_in_any_spelling_and_shown_as_reported(house: House) {
    let reported = ["0xAbCdEf01", "ABCDEF02", "0Xabcdef03"];
    for (number, tx_hash) in (1..).zip(reported) {
        house.add(vec![verification(number)]).await;
        house.verify(uuid(number)).await;
        house.report(uuid(number), tx_hash).await;
        assert_eq!(house.find(uuid(number)).await.unwrap().tx_hash.as_deref(), Some(tx_hash));
    }
    for spelling in ["abcdef01", "0xabcdef01", "0XABCDEF01", "AbCdEf01", "ABCDEF02", "0xabcdef02", "abcdef03"]
    {
        let filter = ListFilter { tx_hash: Some(spelling.to_owned()), ..Default::default() };
        assert_eq!(house.count_matches(filter).await, 1, "{spelling}");
    }
    let unknown = ListFilter { tx_hash: Some("0xabcdef".to_owned()), ..Default::default() };
    assert_eq!(house.count_matches(unknown).await, 0, "a part of a hash is another hash");
}

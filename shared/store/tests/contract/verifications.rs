//! Accepting and finding verifications; what may stand in their columns.

use chrono::TimeDelta;
use waybill_domain::{Event, ReportedError, VaspId, VerificationResult, VerificationState};
use waybill_store::tables::verifications::Change;

use crate::house::House;
use crate::samples::*;

/// Two planes of four-byte characters, a combining one, and what a careless statement would trip over.
const HARD_TEXT: &str = "𝔘𝔫𝔦 😀 e\u{301} 漢字 ' \" \\ % _ \u{1}";

pub async fn a_new_one_is_found_as_it_was_stored(house: House) {
    assert!(house.find(uuid(1)).await.is_none());
    let new = verification(1);
    assert_eq!(house.add(vec![new.clone()]).await, [true]);
    let row = house.find(uuid(1)).await.unwrap();
    assert_eq!(row.uuid, new.uuid);
    assert_eq!(row.state(), VerificationState::WAIT);
    assert_eq!(row.asset, new.asset);
    assert_eq!(row.originating_vasp_id, new.originating_vasp_id);
    assert_eq!(row.originator_account_number, new.originator_account_number);
    assert_eq!(row.originator_sealed, new.originator_sealed);
    assert_eq!(row.originating_vasp_sealed, new.originating_vasp_sealed);
    assert_eq!(row.beneficiary_vasp_id, new.beneficiary_vasp_id);
    assert_eq!(row.beneficiary_account_number, new.beneficiary_account_number);
    assert_eq!(row.beneficiary_sealed, new.beneficiary_sealed);
    assert_eq!(row.beneficiary_vasp_sealed, new.beneficiary_vasp_sealed);
    assert_eq!((row.created_at, row.expires_at), (new.created_at, new.expires_at));
    assert_eq!(row.key_type, new.key_type);
    assert_eq!(row.payload_version, new.payload_version);
    assert_eq!(row.required_beneficiary_info, new.required_beneficiary_info);
    assert_eq!((row.reason, row.message_sealed, row.tx_hash, row.vout), (None, None, None, None));
    assert_eq!((row.verified_at, row.ordered_at, row.error_reported_at), (None, None, None));
}

pub async fn a_known_uuid_is_refused_and_changes_nothing(house: House) {
    let mut second = verification(1);
    second.asset.symbol = "BTC".to_owned();
    second.beneficiary_vasp_id = OTHER_PEER;
    assert_eq!(house.add(vec![verification(1), second.clone(), verification(2)]).await, [true, false, true]);
    assert_eq!(house.add(vec![second]).await, [false], "also from a later transaction");
    let row = house.find(uuid(1)).await.unwrap();
    assert_eq!((row.asset.symbol.as_str(), row.beneficiary_vasp_id), ("ETH", PEER));
}

pub async fn one_of_many_concurrent_inserts_wins(house: House) {
    let inserts = (0..50).map(|number| {
        let mut new = verification(1);
        new.originator_account_number = number.to_string();
        house.add(vec![new])
    });
    let added: Vec<bool> = futures_util::future::join_all(inserts).await.concat();
    let winner = added.iter().position(|added| *added).unwrap();
    assert_eq!(added.iter().filter(|added| **added).count(), 1);
    assert_eq!(house.find(uuid(1)).await.unwrap().originator_account_number, winner.to_string());
}

pub async fn ids_are_unsigned_64_bits(house: House) {
    let ids = [0, 1, i64::MAX as u64, i64::MAX as u64 + 1, OWN.get(), u64::MAX].map(VaspId::new);
    for (number, id) in (1..).zip(ids) {
        let mut new = verification(number);
        (new.originating_vasp_id, new.beneficiary_vasp_id) = (id, id);
        house.add(vec![new]).await;
        let row = house.find(uuid(number)).await.unwrap();
        assert_eq!((row.originating_vasp_id, row.beneficiary_vasp_id), (id, id));
    }
}

pub async fn every_text_takes_four_byte_characters(house: House) {
    let mut new = verification(1);
    for text in [
        &mut new.originator_account_number,
        &mut new.originator_sealed,
        &mut new.originating_vasp_sealed,
        &mut new.beneficiary_account_number,
        &mut new.beneficiary_sealed,
        &mut new.beneficiary_vasp_sealed,
        &mut new.required_beneficiary_info,
        &mut new.payload_version,
        &mut new.asset.trade_currency,
    ] {
        *text = HARD_TEXT.to_owned();
    }
    new.asset.symbol = "𝔘𝔫𝔦😀漢'\"\\%_".to_owned();
    new.asset.network = Some(HARD_TEXT.to_owned());
    house.add(vec![new.clone()]).await;
    house.verify(uuid(1)).await;
    let reported = Change {
        reason: Some(HARD_TEXT.to_owned()),
        message_sealed: Some(HARD_TEXT.to_owned()),
        transaction: Some((HARD_TEXT.to_owned(), Some(HARD_TEXT.to_owned()))),
        ..Change::default()
    };
    assert!(house.advance(uuid(1), VerificationState::VERIFIED, Event::TransactionReported, reported).await);

    let row = house.find(uuid(1)).await.unwrap();
    assert_eq!(row.asset, new.asset);
    for text in [
        row.originator_account_number,
        row.originator_sealed,
        row.originating_vasp_sealed,
        row.beneficiary_account_number,
        row.beneficiary_sealed,
        row.beneficiary_vasp_sealed,
        row.required_beneficiary_info,
        row.payload_version,
        row.reason.unwrap(),
        row.message_sealed.unwrap(),
        row.tx_hash.unwrap(),
        row.vout.unwrap(),
    ] {
        assert_eq!(text, HARD_TEXT);
    }
}

/// The published definition gives these columns 65,535 bytes; sealed and in text form that is a third more.
pub async fn sealed_texts_may_fill_their_columns(house: House) {
    let full = |letter: &str| letter.repeat(90_000);
    let mut new = verification(1);
    new.originator_sealed = full("a");
    new.originating_vasp_sealed = full("b");
    new.beneficiary_sealed = full("c");
    new.beneficiary_vasp_sealed = full("d");
    house.add(vec![new]).await;
    let row = house.find(uuid(1)).await.unwrap();
    assert_eq!(row.originator_sealed, full("a"));
    assert_eq!(row.originating_vasp_sealed, full("b"));
    assert_eq!(row.beneficiary_sealed, full("c"));
    assert_eq!(row.beneficiary_vasp_sealed, full("d"));
}

pub async fn times_are_cut_to_milliseconds_never_rounded(house: House) {
    let nearly_a_millisecond = TimeDelta::nanoseconds(999_999);
    let mut new = verification(1);
    new.created_at = at(999) + nearly_a_millisecond;
    new.expires_at = at(1999) + nearly_a_millisecond;
    new.asset.trade_iso_datetime = at(2999) + nearly_a_millisecond;
    house.add(vec![new]).await;
    let event = Event::Answered(waybill_domain::Verdict::Verified);
    let answered = Change { verified_at: Some(at(3999) + nearly_a_millisecond), ..Change::default() };
    assert!(house.advance(uuid(1), VerificationState::WAIT, event, answered).await);
    let row = house.find(uuid(1)).await.unwrap();
    assert_eq!((row.created_at, row.expires_at), (at(999), at(1999)));
    assert_eq!((row.asset.trade_iso_datetime, row.verified_at), (at(2999), Some(at(3999))));
}

/// Amounts are text end to end: no digit is lost, no form is changed.
pub async fn amounts_keep_their_text(house: House) {
    let mut new = verification(1);
    new.asset.amount = "0.100000000000000000000000000000000000001".parse().unwrap();
    new.asset.trade_price = "340282366920938463463374607431768211456.50".parse().unwrap();
    new.asset.is_exceeding_threshold = false;
    house.add(vec![new.clone()]).await;
    assert_eq!(house.find(uuid(1)).await.unwrap().asset, new.asset);
}

pub async fn a_reason_without_message_drops_the_old_message(house: House) {
    house.add(vec![verification(1)]).await;
    let change = |reason: &str, message: Option<&str>| Change {
        reason: Some(reason.to_owned()),
        message_sealed: message.map(str::to_owned),
        ..Change::default()
    };
    let verified = Event::Answered(waybill_domain::Verdict::Verified);
    assert!(house.advance(uuid(1), VerificationState::WAIT, verified, change("A", Some("sealed"))).await);
    let row = house.find(uuid(1)).await.unwrap();
    assert_eq!((row.reason.as_deref(), row.message_sealed.as_deref()), (Some("A"), Some("sealed")));
    let event = Event::ErrorReported(ReportedError::Denied);
    let reported = Change { error_reported_at: Some(at(5)), ..change("B", None) };
    assert!(house.advance(uuid(1), VerificationState::VERIFIED, event, reported).await);
    let row = house.find(uuid(1)).await.unwrap();
    assert_eq!((row.reason.as_deref(), row.message_sealed), (Some("B"), None));
    assert_eq!((row.result, row.error_reported_at), (VerificationResult::Denied, Some(at(5))));
}

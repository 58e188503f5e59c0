//! Compares our keys with the directory: at the start, at each look at the directory, and for operators.

use chrono::TimeDelta;
use waybill_directory::{Directory, KeyStanding};
use waybill_domain::{Timestamp, VaspId};

use super::{Identity, IdentityFinding};

/// A key that has less time left wants a successor: alliances sign their directory by hand.
const SOON: TimeDelta = TimeDelta::days(14);

/// Everything there is to know about our keys now; nothing when all is well and no rotation is under way.
pub fn findings(
    identity: &Identity,
    directory: &Directory,
    own: VaspId,
    now: Timestamp,
) -> Vec<IdentityFinding> {
    let Some(member) = directory.member(own) else { return vec![IdentityFinding::NotAMember { own }] };
    let mut found = Vec::new();
    if !member.active {
        found.push(IdentityFinding::Inactive { own });
    }
    let signing = identity.signing_key(directory, own, now).verifying_key();
    let next = identity.next();
    let followed = next.is_some_and(|next| next != signing && is_listed(directory, own, &next.key_id(), now));
    let (key_id, public_key) = (signing.key_id(), signing.to_string());
    match directory.key_standing(own, &key_id, now) {
        KeyStanding::Valid { until, .. } if until - now < SOON && !followed => {
            found.push(IdentityFinding::ExpiresSoon { key_id, until });
        }
        KeyStanding::Valid { .. } => {}
        KeyStanding::NotYet { from } => found.push(IdentityFinding::NotYet { key_id, from }),
        KeyStanding::Expired { since } => found.push(IdentityFinding::Expired { key_id, since }),
        KeyStanding::NotListed | KeyStanding::NotAMember => {
            found.push(IdentityFinding::NotListed { key_id, public_key });
        }
    }
    if let Some(next) = next {
        let (key_id, public_key) = (next.key_id(), next.to_string());
        found.push(match (next == signing, followed) {
            (true, _) => IdentityFinding::NextSigns { key_id },
            (false, true) => IdentityFinding::NextWaits { key_id },
            (false, false) => IdentityFinding::NextNotListed { key_id, public_key },
        });
    }
    found
}

fn is_listed(directory: &Directory, own: VaspId, key_id: &str, now: Timestamp) -> bool {
    matches!(directory.key_standing(own, key_id, now), KeyStanding::Valid { .. } | KeyStanding::NotYet { .. })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};
    use waybill_crypto::IdentityKey;
    use waybill_directory::{sign, verify};
    use waybill_domain::{Clock as _, format_time};
    use waybill_testkit::{MockClock, SeededEntropy};

    use super::super::Urgency;
    use super::*;

    const OWN: VaspId = VaspId::new(7);
    const MINUTE: Duration = Duration::from_secs(60);

    fn key(seed: u64) -> IdentityKey {
        IdentityKey::generate(&SeededEntropy::new(seed))
    }

    fn now() -> Timestamp {
        MockClock::default().now()
    }

    /// Keys of ours with their times, in days from now.
    fn directory(keys: &[(&IdentityKey, i64, i64)]) -> Directory {
        let day = |days| format_time(now() + TimeDelta::days(days));
        let keys: Vec<Value> = keys
            .iter()
            .map(|(key, from, until)| {
                json!({
                    "keyId": key.key_id(), "publicKey": key.verifying_key().to_string(),
                    "notBefore": day(*from), "notAfter": day(*until),
                })
            })
            .collect();
        let document = json!({
            "version": 1, "issuedAt": day(-1), "expiresAt": day(30),
            "members": [{
                "vaspId": OWN, "vaspName": "A", "legalPerson": {"legalPerson": {}}, "vaspStatus": "VERIFIED-MEMBER",
                "active": true, "endpoint": "https://a.example", "identityKeys": keys, "protocols": ["ALLIANCE"],
                "createdAt": day(-1), "updatedAt": day(-1),
            }]
        });
        let operator = key(99);
        let signed = sign(&serde_json::from_value(document).unwrap(), &operator).unwrap();
        verify(signed.as_bytes(), &operator.verifying_key(), now(), 0).unwrap()
    }

    fn told(identity: &Identity, directory: &Directory) -> Vec<IdentityFinding> {
        findings(identity, directory, OWN, now())
    }

    #[test]
    fn a_listed_key_is_nothing_to_talk_about() {
        let old = key(1);
        assert_eq!(told(&Identity::new(old.clone()), &directory(&[(&old, -1, 100)])), []);
    }

    #[test]
    fn each_way_not_to_be_believed_is_an_alarm_that_says_what_to_do() {
        let old = key(1);
        let stranger = directory(&[(&key(2), -1, 100)]);
        let alone = Identity::new(old.clone());
        for (directory, says) in [
            (stranger, "have the alliance's operator add the public key"),
            (directory(&[(&old, 1, 100)]), "set identity.key to the key that is valid now"),
            (directory(&[(&old, -100, -1)]), "extend it, or list a new one"),
            (directory(&[(&old, -100, 0)]), "extend it, or list a new one"),
        ] {
            let found = told(&alone, &directory);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].urgency(), Urgency::Alarm);
            assert!(found[0].to_string().contains(says), "{}", found[0]);
        }
        let elsewhere = findings(&alone, &directory(&[(&old, -1, 100)]), VaspId::new(8), now());
        assert_eq!(elsewhere, [IdentityFinding::NotAMember { own: VaspId::new(8) }]);
    }

    #[test]
    fn a_key_that_expires_soon_is_a_warning_unless_one_follows() {
        let (old, new) = (key(1), key(2));
        let ends = directory(&[(&old, -100, 13), (&new, -1, 100)]);
        let alone = told(&Identity::new(old.clone()), &ends);
        assert!(matches!(&alone[..], [IdentityFinding::ExpiresSoon { .. }]), "{alone:?}");
        let followed = told(&Identity::new(old).with_next(new, MINUTE), &ends);
        assert!(matches!(&followed[..], [IdentityFinding::NextWaits { .. }]), "{followed:?}");
    }

    #[test]
    fn the_next_key_signs_when_the_others_have_had_time_to_know_it() {
        let (old, new) = (key(1), key(2));
        let identity = Identity::new(old.clone()).with_next(new.clone(), 10 * MINUTE);
        let signer = |directory: &Directory, after: Duration| {
            identity.signing_key(directory, OWN, now() + after).key_id()
        };
        let before = directory(&[(&old, -1, 100)]);
        assert_eq!(signer(&before, MINUTE), old.key_id());
        assert!(matches!(&told(&identity, &before)[..], [IdentityFinding::NextNotListed { .. }]));
        let both = directory(&[(&old, -1, 100), (&new, -1, 100)]);
        assert_eq!(signer(&both, 5 * MINUTE), old.key_id(), "seen just now");
        assert_eq!(signer(&both, 14 * MINUTE), old.key_id());
        assert_eq!(signer(&both, 15 * MINUTE), new.key_id());
        let found = findings(&identity, &both, OWN, now() + 15 * MINUTE);
        assert!(matches!(&found[..], [IdentityFinding::NextSigns { .. }]), "{found:?}");
        let after = directory(&[(&new, -1, 100)]);
        assert_eq!(signer(&after, 15 * MINUTE), new.key_id());
    }

    #[test]
    fn a_key_for_later_signs_some_time_after_it_has_become_valid() {
        let (old, new) = (key(1), key(2));
        let identity = Identity::new(old.clone()).with_next(new.clone(), 10 * MINUTE);
        let both = directory(&[(&old, -1, 100), (&new, 1, 100)]);
        let day = Duration::from_secs(24 * 3600);
        for (after, signs) in
            [(MINUTE, &old), (day, &old), (day + 9 * MINUTE, &old), (day + 10 * MINUTE, &new)]
        {
            assert_eq!(identity.signing_key(&both, OWN, now() + after).key_id(), signs.key_id(), "{after:?}");
        }
    }

    /// Better a key that some do not know yet than one that nobody believes.
    #[test]
    fn the_next_key_signs_at_once_when_the_first_is_no_longer_valid() {
        let (old, new) = (key(1), key(2));
        let identity = || Identity::new(old.clone()).with_next(new.clone(), 10 * MINUTE);
        for without in [directory(&[(&new, -1, 100)]), directory(&[(&old, -9, -1), (&new, -1, 100)])] {
            assert_eq!(identity().signing_key(&without, OWN, now()).key_id(), new.key_id());
        }
        // And the first, when neither is: there is nothing better to try.
        let neither = directory(&[(&new, -9, -1)]);
        assert_eq!(identity().signing_key(&neither, OWN, now()).key_id(), old.key_id());
    }
}

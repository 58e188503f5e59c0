//! Judges the answer of a beneficiary VASP: what it says, and whether it may be believed.

use serde_json::Value;
use waybill_context::Context;
use waybill_domain::reason::{self, BENEFICIARY_ACCOUNT_NOT_MATCHED};
use waybill_domain::{Event, RequiredBeneficiaryInfo, Role, Verdict, limits};
use waybill_ivms101::{minimise, read_answer, write};
use waybill_protocol::messages::VerificationAnswer;
use waybill_store::tables::verifications::VerificationRow;

use super::SealedEnding;
use super::ending::Ending;

/// An answer that says nothing that can be used. It never counts as `VERIFIED`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer cannot be used: {0}")]
pub struct UnusableAnswer(pub(super) &'static str);

/// What becomes of a waiting verification by an answer that was opened.
///
/// Data about the beneficiary that was not asked for is dropped; another account number turns the answer into an error.
///
/// # Errors
/// [`UnusableAnswer`]: nothing is to be recorded, the peer should answer again.
pub fn judge_answer(
    ctx: &Context,
    row: &VerificationRow,
    answer: VerificationAnswer,
    traceparent: Option<&str>,
) -> Result<SealedEnding, UnusableAnswer> {
    judge(row, answer).map(|ending| ending.seal(ctx, row, traceparent))
}

pub(super) fn judge(row: &VerificationRow, answer: VerificationAnswer) -> Result<Ending, UnusableAnswer> {
    if answer.result == Verdict::Error && answer.reason.as_deref() == Some(BENEFICIARY_ACCOUNT_NOT_MATCHED) {
        // The beneficiary's node found it out itself, and holds the same.
        let verified_at = Some(answer.verified_at);
        return Ok(Ending { verified_at, gives_up: false, ..Ending::account_not_matched() });
    }
    let beneficiary = answer.ivms101.as_ref().map(|ivms101| read_beneficiary(row, ivms101));
    let beneficiary = match (answer.result, beneficiary) {
        (Verdict::Verified, None) => return Err(UnusableAnswer("it confirms no beneficiary")),
        (Verdict::Verified, Some(Read::Unreadable)) => {
            return Err(UnusableAnswer("its beneficiary is not readable"));
        }
        (Verdict::Verified, Some(Read::TooLarge)) => {
            return Err(UnusableAnswer("its beneficiary is too large"));
        }
        (Verdict::Verified, Some(Read::OtherAccount)) => return Ok(Ending::account_not_matched()),
        (_, Some(Read::Minimised(beneficiary))) => Some(beneficiary),
        // A denial stands without the data that came with it.
        (Verdict::Denied | Verdict::Error, _) => None,
    };
    let (reason, message) = explanation(answer.result, answer.reason, answer.message.map(|text| text.0))?;
    Ok(Ending {
        event: Event::Answered(answer.result),
        reason,
        message,
        beneficiary,
        verified_at: Some(answer.verified_at),
        spent_key: None,
        gives_up: false,
    })
}

enum Read {
    Minimised(Value),
    OtherAccount,
    Unreadable,
    TooLarge,
}

/// The beneficiary with nothing but what was asked for, if it is about the account that was asked about.
fn read_beneficiary(row: &VerificationRow, ivms101: &Value) -> Read {
    let asked = row.required_beneficiary_info.parse::<RequiredBeneficiaryInfo>();
    let (Ok(read), Ok(asked)) = (read_answer(ivms101, "ivms101"), asked) else { return Read::Unreadable };
    if read.value.account_number() != Some(&row.beneficiary_account_number) {
        return Read::OtherAccount;
    }
    let beneficiary = minimise(&read.value, &asked);
    let beneficiary = write::verify_vasp::party(&beneficiary, Role::Beneficiary);
    let fits = beneficiary.to_string().len() <= limits::PAYLOAD_BYTES;
    if fits { Read::Minimised(beneficiary) } else { Read::TooLarge }
}

/// Reason and message as they are stored: the reason is a code, and one that fits the result.
fn explanation(
    result: Verdict,
    reason: Option<String>,
    message: Option<String>,
) -> Result<(String, Option<String>), UnusableAnswer> {
    let message = message.as_deref().and_then(storable);
    match (result, reason) {
        (Verdict::Verified, None) => Ok((reason::OK.to_owned(), message)),
        (Verdict::Verified, Some(reason)) if reason == reason::OK => Ok((reason, message)),
        (Verdict::Verified, Some(_)) => Err(UnusableAnswer("it is verified, with a reason against it")),
        (_, None) => Ok((reason::UNDEFINED_ERROR.to_owned(), message)),
        (_, Some(reason)) if is_code(&reason) => Ok((reason, message)),
        (_, Some(text)) => {
            let both = match &message {
                Some(message) => format!("{text}: {message}"),
                None => text,
            };
            Ok((reason::UNDEFINED_ERROR.to_owned(), storable(&both)))
        }
    }
}

/// True for a code that a beneficiary VASP may give: not one that only a node gives, and not `OK`.
fn is_code(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    let allowed = text != reason::OK && !reason::SYSTEM.contains(&text);
    allowed && limits::fits(text, limits::REASON) && text.bytes().all(letter)
}

/// The text without control characters, as long as its column takes.
fn storable(text: &str) -> Option<String> {
    let clean = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let text: String = clean.take(limits::MESSAGE).collect();
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(result: Verdict, reason: &str, message: Option<&str>) -> (String, Option<String>) {
        explanation(result, Some(reason.to_owned()), message.map(str::to_owned)).unwrap()
    }

    #[test]
    fn reasons_are_codes() {
        let denied = |reason| explained(Verdict::Denied, reason, Some("more"));
        assert_eq!(denied("UNKNOWN-ADDRESS"), ("UNKNOWN-ADDRESS".to_owned(), Some("more".to_owned())));
        assert_eq!(denied("OUR_OWN-17").0, "OUR_OWN-17");
        let text = denied("Taylor is not known");
        assert_eq!(text, ("UNDEFINED-ERROR".to_owned(), Some("Taylor is not known: more".to_owned())));
        let alone = explained(Verdict::Error, "no\nidea", None);
        assert_eq!(alone, ("UNDEFINED-ERROR".to_owned(), Some("no idea".to_owned())));
    }

    #[test]
    fn a_beneficiary_does_not_give_the_reasons_of_a_node() {
        for reason in ["REQUEST-TIMEOUT", "BENEFICIARY-ACCOUNT-NOT-MATCHED", "OK", ""] {
            assert_eq!(explained(Verdict::Denied, reason, None).0, "UNDEFINED-ERROR", "{reason}");
        }
        assert_eq!(explanation(Verdict::Error, None, None).unwrap().0, "UNDEFINED-ERROR");
    }

    #[test]
    fn verified_has_one_reason_only() {
        assert_eq!(explained(Verdict::Verified, "OK", None).0, "OK");
        assert_eq!(explanation(Verdict::Verified, None, None).unwrap().0, "OK");
        assert!(explanation(Verdict::Verified, Some("UNKNOWN-ADDRESS".to_owned()), None).is_err());
    }

    #[test]
    fn messages_fit_their_column() {
        let long = "é".repeat(5000);
        let (_, message) = explained(Verdict::Denied, "NOT-ALLOWED", Some(&long));
        assert_eq!(message.unwrap().chars().count(), limits::MESSAGE);
        assert_eq!(explained(Verdict::Denied, "NOT-ALLOWED", Some("\n ")).1, None);
    }
}

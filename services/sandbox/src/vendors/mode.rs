//! The ways in which a vendor can be made to fail, in one table. `docs/SANDBOX.md` shows it.

use super::Vendor;

/// One way to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Down,
    LostAnswer,
    CutOff,
    CloseIdle,
    Slow,
    Drip,
    Error(u16),
    AppliedError(u16),
    Throttled,
    Forbidden,
    ForbiddenNoMessage,
    Unauthorized,
    KeyRotated,
    Quota,
    ClockSkew,
    NotFoundOnce,
    Redirect,
    Html,
    Empty,
    Truncated,
    Null,
    Array,
    Bom,
    WrongContentType,
    TooMuch,
    Gzip,
    Chunked,
    ExtraFields,
    NoIdentifications,
    NullIdentifications,
    OtherExternalId,
    DuplicateAlerts,
    StaleScreening,
    OddTimes,
}

/// A row of the table.
pub(super) struct Row {
    pub(super) mode: Mode,
    pub(super) name: &'static str,
    /// Which vendors know it.
    pub(super) vendors: &'static [Vendor],
    /// The lines of the fault model that it plays.
    pub(super) faults: &'static str,
    pub(super) what: &'static str,
}

const ALL: &[Vendor] = Vendor::ALL;
const KYT: &[Vendor] = &[Vendor::ChainalysisKyt];
const SANCTION: &[Vendor] = &[Vendor::ChainalysisSanction];
const CHAINALYSIS: &[Vendor] = &[Vendor::ChainalysisKyt, Vendor::ChainalysisSanction];
const WC: &[Vendor] = &[Vendor::Refinitiv];
const WITH_STATE: &[Vendor] = &[Vendor::ChainalysisKyt, Vendor::Refinitiv];

const fn row(
    mode: Mode,
    name: &'static str,
    vendors: &'static [Vendor],
    faults: &'static str,
    what: &'static str,
) -> Row {
    Row { mode, name, vendors, faults, what }
}

/// All modes but `normal`. `error-N` and `applied-error-N` stand here with one status for all.
#[rustfmt::skip] // one line for each
pub(super) static MODES: [Row; 34] = [
    row(Mode::Down, "down", ALL, "F1", "closes the connection; nothing was done"),
    row(Mode::LostAnswer, "lost-answer", ALL, "F2", "does what was asked, then closes the connection without an answer"),
    row(Mode::CutOff, "cut-off", ALL, "F2 F10", "does what was asked, then closes the connection in the middle of the body"),
    row(Mode::CloseIdle, "close-idle", ALL, "F32", "answers rightly; the next request on that connection is not read, the connection is closed"),
    row(Mode::Slow, "slow", ALL, "F2 F3", "does what was asked at once, answers after `delayMs` (5500)"),
    row(Mode::Drip, "drip", ALL, "F3", "the body comes in pieces of one byte, `delayMs` (200) apart"),
    row(Mode::Error(0), "error-N", ALL, "F5", "N from 400 to 599, in the vendor's form; nothing was done"),
    row(Mode::AppliedError(0), "applied-error-N", ALL, "F2 F5", "does what was asked, then N as a gateway would say it"),
    row(Mode::Throttled, "throttled", ALL, "F4", "429; `retryAfter` is seconds, `\"date\"` for a date two seconds on, or any text; without it there is no such header"),
    row(Mode::Forbidden, "forbidden", CHAINALYSIS, "F6", "403 as with a wrong key (KYT), as without a key (sanctions)"),
    row(Mode::ForbiddenNoMessage, "forbidden-no-message", KYT, "F6", "403 whose envelope has no `message`"),
    row(Mode::Unauthorized, "unauthorized", &[Vendor::ChainalysisSanction, Vendor::Refinitiv], "F6 F9", "401 as with a wrong key or signature"),
    row(Mode::KeyRotated, "key-rotated", ALL, "F33", "only the key with `-rotated` at its end is right; at World-Check One so is the secret"),
    row(Mode::Quota, "quota", WC, "F7", "403: the screenings of this hour are used up; only where cases are made or screened"),
    row(Mode::ClockSkew, "clock-skew", WC, "F8", "the vendor's clock is `skewSeconds` (300) ahead, or behind when negative, in its `Date` too"),
    row(Mode::NotFoundOnce, "not-found-once", WITH_STATE, "F21", "404 for what exists: `times` is 1 unless said otherwise; only GET, and POST about a case"),
    row(Mode::Redirect, "redirect", ALL, "F28", "302 to the same path at another name for this host"),
    row(Mode::Html, "html", ALL, "F10", "200 with an HTML page"),
    row(Mode::Empty, "empty", ALL, "F10", "200 with no body"),
    row(Mode::Truncated, "truncated", ALL, "F10", "the first half of the body, as if it were whole"),
    row(Mode::Null, "null", ALL, "F10", "`null` for a body"),
    row(Mode::Array, "array", ALL, "F10", "the body in an array; instead of an array an object"),
    row(Mode::Bom, "bom", ALL, "F10", "a byte order mark before the body"),
    row(Mode::WrongContentType, "wrong-content-type", ALL, "F10", "the right body under `text/html`"),
    row(Mode::TooMuch, "too-much", ALL, "F26", "the right body with 20 MiB of padding"),
    row(Mode::Gzip, "gzip", ALL, "F29", "the body compressed with gzip, asked for or not"),
    row(Mode::Chunked, "chunked", ALL, "F29", "the body in chunks, without `Content-Length`"),
    row(Mode::ExtraFields, "extra-fields", ALL, "F13", "every object has a field that nobody knows"),
    row(Mode::NoIdentifications, "no-identifications", SANCTION, "F11", "`{}`"),
    row(Mode::NullIdentifications, "null-identifications", SANCTION, "F11", "`{\"identifications\":null}`"),
    row(Mode::OtherExternalId, "other-external-id", KYT, "F22", "a summary tells another `externalId` than was asked for"),
    row(Mode::DuplicateAlerts, "duplicate-alerts", KYT, "F18", "every alert stands twice in the list"),
    row(Mode::StaleScreening, "stale-screening", WC, "F24", "a case that is made now was screened an hour ago; later screenings have nothing new"),
    row(Mode::OddTimes, "odd-times", WITH_STATE, "F16", "times are written with `+09:00`"),
];

impl Mode {
    /// Reads the name used by the switch.
    pub(super) fn named(name: &str) -> Option<Self> {
        let status = |text: &str| text.parse().ok().filter(|status| (400..600).contains(status));
        if let Some(number) = name.strip_prefix("error-") {
            return status(number).map(Self::Error);
        }
        if let Some(number) = name.strip_prefix("applied-error-") {
            return status(number).map(Self::AppliedError);
        }
        MODES.iter().find(|row| row.name == name).map(|row| row.mode)
    }

    /// The name used by the switch.
    pub(super) fn name(self) -> String {
        match self {
            Self::Error(status) => format!("error-{status}"),
            Self::AppliedError(status) => format!("applied-error-{status}"),
            _ => self.row().map_or("", |row| row.name).to_owned(),
        }
    }

    pub(super) fn is_known_to(self, vendor: Vendor) -> bool {
        self.row().is_some_and(|row| row.vendors.contains(&vendor))
    }

    fn row(self) -> Option<&'static Row> {
        let kind = match self {
            Self::Error(_) => Self::Error(0),
            Self::AppliedError(_) => Self::AppliedError(0),
            other => other,
        };
        MODES.iter().find(|row| row.mode == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for row in &MODES {
            let name = row.name.replace("-N", "-503");
            assert_eq!(Mode::named(&name).map(Mode::name), Some(name));
        }
        for unknown in ["normal", "error-N", "error-", "error-200", "applied-error-600", ""] {
            assert_eq!(Mode::named(unknown), None, "{unknown:?}");
        }
        assert!(
            Mode::Quota.is_known_to(Vendor::Refinitiv) && !Mode::Quota.is_known_to(Vendor::ChainalysisKyt)
        );
        assert!(Mode::Error(503).is_known_to(Vendor::ChainalysisSanction));
    }
}

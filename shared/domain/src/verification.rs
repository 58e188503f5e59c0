//! How far a verification has come, and what each side may say about it.

use crate::text_enum;

text_enum! {
    /// Result of a verification, as the database and the API spell it.
    pub enum VerificationResult {
        /// No answer yet.
        Wait = "WAIT",
        /// The beneficiary VASP confirmed; the transfer may go.
        Verified = "VERIFIED",
        /// Older nodes' word for an unknown address. Found in old rows, never written: it became `Denied`.
        Unknown = "UNKNOWN",
        /// The beneficiary VASP, or the originator afterwards, said no.
        Denied = "DENIED",
        /// No usable answer, or the originator gave up.
        Error = "ERROR",
        /// Found in old rows, never written.
        Pending = "PENDING",
        /// Found in old rows, never written.
        TransferError = "TRANSFER_ERROR",
    }
}

impl VerificationResult {
    /// True when nothing can follow. `VERIFIED` is not terminal: a transaction or an error is still to be reported.
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Wait | Self::Verified)
    }
}

text_enum! {
    /// What a beneficiary VASP answers. Its older answer `UNKNOWN` is read as a denial.
    pub enum Verdict {
        /// The customer is known and the policy allows the transfer.
        Verified = "VERIFIED",
        /// The transfer is refused; the reason says why.
        Denied = "DENIED" | "UNKNOWN",
        /// The beneficiary VASP could not decide.
        Error = "ERROR",
    }
}

impl Verdict {
    /// The result that the answer gives to a waiting verification.
    pub const fn result(self) -> VerificationResult {
        match self {
            Self::Verified => VerificationResult::Verified,
            Self::Denied => VerificationResult::Denied,
            Self::Error => VerificationResult::Error,
        }
    }
}

text_enum! {
    /// What an originator VASP may report instead of a transaction. `VERIFIED` is not an error and is refused.
    ///
    /// Older reports are read too: `UNKNOWN` is a denial; `PENDING` and `TRANSFER_ERROR` become `ERROR`, because an
    /// error report is only made for a transfer that will never happen.
    pub enum ReportedError {
        /// The originator refuses the transfer.
        Denied = "DENIED" | "UNKNOWN",
        /// The transfer failed or was cancelled.
        Error = "ERROR" | "PENDING" | "TRANSFER_ERROR",
    }
}

impl ReportedError {
    /// The result that the report gives to a verified verification.
    pub const fn result(self) -> VerificationResult {
        match self {
            Self::Denied => VerificationResult::Denied,
            Self::Error => VerificationResult::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnknownName;

    #[test]
    fn results_are_spelt_as_in_the_database() {
        let texts: Vec<_> = VerificationResult::ALL.iter().map(|result| result.as_str()).collect();
        assert_eq!(texts, ["WAIT", "VERIFIED", "UNKNOWN", "DENIED", "ERROR", "PENDING", "TRANSFER_ERROR"]);
        for result in VerificationResult::ALL {
            assert_eq!(result.as_str().parse(), Ok(*result));
        }
    }

    #[test]
    fn older_answers_and_reports_are_read() {
        assert_eq!("UNKNOWN".parse(), Ok(Verdict::Denied));
        assert_eq!("PENDING".parse::<Verdict>(), Err(UnknownName));
        assert_eq!("UNKNOWN".parse(), Ok(ReportedError::Denied));
        assert_eq!("PENDING".parse(), Ok(ReportedError::Error));
        assert_eq!("TRANSFER_ERROR".parse(), Ok(ReportedError::Error));
        assert_eq!("VERIFIED".parse::<ReportedError>(), Err(UnknownName));
    }
}

//! Reading the list, and one of it.

use std::cmp::Reverse;

use waybill_domain::{Direction, ScreeningVendor, Timestamp, VaspId, VerificationUuid};

use super::conditions::query;
use crate::tables::kyt_results::{self, KytRow};
use crate::tables::sanction_results::{self, SanctionResult};
use crate::tables::wco_results::{self, WcoRow};
use crate::{StoreError, Tx};

/// One risk assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assessment {
    /// A look-up in the lists of sanctions.
    Sanction(SanctionResult),
    /// A KYT request.
    Kyt(Box<KytRow>),
    /// A World-Check request.
    Wco(WcoRow),
}

impl Assessment {
    /// Who made it.
    pub const fn vendor(&self) -> ScreeningVendor {
        match self {
            Self::Sanction(_) => ScreeningVendor::ChainalysisSanction,
            Self::Kyt(_) => ScreeningVendor::ChainalysisKyt,
            Self::Wco(_) => ScreeningVendor::RefinitivWco,
        }
    }

    /// Names it.
    pub fn request_id(&self) -> &str {
        match self {
            Self::Sanction(row) => &row.request_id,
            Self::Kyt(row) => &row.request_id,
            Self::Wco(row) => &row.request_id,
        }
    }

    /// The verification it was made for.
    pub const fn verification_uuid(&self) -> VerificationUuid {
        match self {
            Self::Sanction(row) => row.verification_uuid,
            Self::Kyt(row) => row.verification_uuid,
            Self::Wco(row) => row.verification_uuid,
        }
    }

    /// When it was asked for.
    pub const fn created_at(&self) -> Timestamp {
        match self {
            Self::Sanction(row) => row.created_at,
            Self::Kyt(row) => row.created_at,
            Self::Wco(row) => row.created_at,
        }
    }

    /// The place at which a page that ends with it ends.
    pub fn cursor(&self) -> HistoryCursor {
        HistoryCursor { created_at: self.created_at(), request_id: self.request_id().to_owned() }
    }
}

/// Which risk assessments are wanted; all conditions hold together.
#[derive(Debug, Clone, Default)]
pub struct HistoryFilter {
    /// Made for this verification.
    pub verification_uuid: Option<VerificationUuid>,
    /// Made by this vendor.
    pub vendor: Option<ScreeningVendor>,
    /// The assets go this way.
    pub direction: Option<Direction>,
    /// Exactly this status; a vendor that does not know it has nothing that matches.
    pub status: Option<String>,
    /// The other side of the transfer.
    pub counterparty: Option<VaspId>,
    /// Asked for at this time or later.
    pub from: Option<Timestamp>,
    /// Asked for before this time.
    pub before: Option<Timestamp>,
}

/// Where in the list a page ended; stays valid while rows are added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryCursor {
    /// When the last one was asked for.
    pub created_at: Timestamp,
    /// Its request id.
    pub request_id: String,
}

/// Those that match and come after `after`, newest first, by request id where times are equal; `limit` at the most.
///
/// # Errors
/// [`StoreError`].
pub async fn list(
    tx: &mut Tx,
    filter: &HistoryFilter,
    after: Option<&HistoryCursor>,
    limit: u32,
) -> Result<Vec<Assessment>, StoreError> {
    let mut found = Vec::new();
    for vendor in
        [ScreeningVendor::ChainalysisSanction, ScreeningVendor::ChainalysisKyt, ScreeningVendor::RefinitivWco]
    {
        let Some((statement, values)) = query(vendor, filter, after, limit) else { continue };
        for row in tx.fetch_built("/* history::list */", statement, &values).await? {
            found.push(match vendor {
                ScreeningVendor::ChainalysisSanction => Assessment::Sanction(sanction_results::read(&row)?),
                ScreeningVendor::ChainalysisKyt => Assessment::Kyt(Box::new(KytRow::read(&row)?)),
                ScreeningVendor::RefinitivWco => Assessment::Wco(WcoRow::read(&row)?),
            });
        }
    }
    found.sort_by(|a, b| {
        (Reverse(a.created_at()), Reverse(a.request_id()))
            .cmp(&(Reverse(b.created_at()), Reverse(b.request_id())))
    });
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// The one with a request id, whichever vendor made it.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, request_id: &str) -> Result<Option<Assessment>, StoreError> {
    if let Some(row) = sanction_results::find(tx, request_id).await? {
        return Ok(Some(Assessment::Sanction(row)));
    }
    if let Some(row) = kyt_results::find(tx, request_id).await? {
        return Ok(Some(Assessment::Kyt(Box::new(row))));
    }
    Ok(wco_results::find(tx, request_id).await?.map(Assessment::Wco))
}

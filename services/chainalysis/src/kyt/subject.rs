//! What is to be assessed: an address before the transaction, the transaction after it.

use waybill_domain::{Direction, Fault, KytApiType, Role, VaspId, codes, limits};
use waybill_networks::{DefaultNetwork, Networks};
use waybill_store::tables::verifications::VerificationRow;

use crate::verification;

const BEFORE_THE_HASH: &str =
    "Chainalysis KYT API for received transfer should be called after txHash is reported";

/// What the vendor is asked about, in its own words.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Subject {
    pub api_type: KytApiType,
    pub direction: Direction,
    pub counterparty: VaspId,
    pub network: String,
    pub asset: String,
    pub amount: String,
    /// Of a transfer.
    pub transfer_ref: Option<String>,
    /// Where the assets go, without a tag.
    pub address: String,
}

/// Decides what is asked about a verification that has a result. `network` goes before the verification's own.
///
/// # Errors
/// `UNSUPPORTED-RISK-ASSESSMENT` to the beneficiary before the hash is reported; `MISSING-NETWORK` when nothing tells the
/// network.
pub(super) fn subject(
    networks: &Networks,
    row: &VerificationRow,
    role: Role,
    network: Option<&str>,
) -> Result<Subject, Fault> {
    if role == Role::Beneficiary && row.tx_hash.is_none() {
        return Err(codes::unsupported_risk_assessment(BEFORE_THE_HASH));
    }
    let asset = networks.ticker(&row.asset.symbol).into_owned();
    let network = named_network(networks, row, network, &asset)?;
    let address = networks.address_of(Some(&network), &row.beneficiary_account_number).to_owned();
    let vout = row.vout.as_deref();
    let reference =
        row.tx_hash.as_deref().map(|hash| networks.transfer_reference(&network, hash, vout, &address));
    Ok(Subject {
        api_type: if reference.is_some() { KytApiType::Transfer } else { KytApiType::Attempt },
        direction: Direction::of(role),
        counterparty: verification::counterparty(row, role),
        network,
        asset,
        amount: row.asset.amount.to_string(),
        transfer_ref: reference,
        address,
    })
}

/// The vendor's name of the network: of the request, else of the verification, else the one on which the asset lives.
fn named_network(
    networks: &Networks,
    row: &VerificationRow,
    asked: Option<&str>,
    asset: &str,
) -> Result<String, Fault> {
    if asked.is_some_and(|network| !limits::fits(network, limits::NETWORK)) {
        return Err(Fault::invalid("network"));
    }
    if let Some(name) = asked.or(row.asset.network.as_deref()) {
        return Ok(networks.chainalysis_name(name).to_owned());
    }
    match networks.default_for(asset) {
        DefaultNetwork::One(network) => Ok(network.chainalysis().to_owned()),
        DefaultNetwork::Several(found) => {
            let names: Vec<_> = found.iter().map(|network| network.name()).collect();
            Err(missing(&format!("The asset is on several networks: {}.", names.join(", "))))
        }
        DefaultNetwork::Unknown => Err(missing("The asset's network is not known here.")),
    }
}

fn missing(why: &str) -> Fault {
    let mut fault = Fault::missing("network");
    fault.message = format!("{} {why}", fault.message).into();
    fault
}

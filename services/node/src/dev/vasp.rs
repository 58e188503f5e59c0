//! The two VASPs: who they are, their entry in the directory, their settings.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use waybill_directory::Document;
use waybill_domain::{VaspId, format_time};
use waybill_sandbox::{OUR_VASP, ROBOT_VASP};

use super::secrets::{Secrets, VendorSecrets};

/// What is public about a VASP.
pub struct Profile {
    pub id: VaspId,
    pub name: &'static str,
    pub folder: &'static str,
    legal_name: &'static str,
    country: &'static str,
    country_code: &'static str,
    town: &'static str,
    registration: &'static str,
}

pub const OURS: Profile = Profile {
    id: OUR_VASP,
    name: "Harbour Exchange",
    folder: "ours",
    legal_name: "Harbour Exchange Ltd",
    country: "Korea, Republic of",
    country_code: "KR",
    town: "Seoul",
    registration: "RA000657",
};

pub const ROBOT: Profile = Profile {
    id: ROBOT_VASP,
    name: "Robot VASP",
    folder: "robot",
    legal_name: "Robot VASP Pte. Ltd.",
    country: "Singapore",
    country_code: "SG",
    town: "Singapore",
    registration: "RA000523",
};

/// The only group that the sandbox's World-Check has.
pub const WORLD_CHECK_GROUP: &str = "waybill-dev";

/// Where one VASP's node keeps its files and listens.
pub struct Place {
    pub folder: PathBuf,
    pub directory: PathBuf,
    pub trust_root: String,
    pub ingress: SocketAddr,
    pub listener: SocketAddr,
    pub endpoint: SocketAddr,
    pub sandbox: SocketAddr,
}

impl Profile {
    pub fn is_ours(&self) -> bool {
        self.id == OUR_VASP
    }

    /// Its entry in the directory.
    pub fn member(&self, secrets: &Secrets, endpoint: SocketAddr, now: DateTime<Utc>) -> Value {
        json!({
            "vaspId": self.id,
            "vaspName": self.name,
            "legalPerson": self.legal_person(),
            "jurisdiction": self.country,
            "country": self.country,
            "countryCode": self.country_code,
            "licensedStatus": "Regulated",
            "vaspStatus": "VERIFIED-MEMBER",
            "active": true,
            "endpoint": format!("http://{endpoint}"),
            "identityKeys": [{
                "keyId": secrets.identity.key_id(),
                "publicKey": secrets.identity.verifying_key().to_string(),
                "notBefore": format_time(now - TimeDelta::days(1)),
                "notAfter": format_time(now + TimeDelta::days(365)),
            }],
            "protocols": ["ALLIANCE"],
            "assets": [
                { "symbol": "ETH", "networks": ["Ethereum"] },
                { "symbol": "USDT", "networks": ["Ethereum", "Tron"] },
                { "symbol": "BTC", "networks": ["Bitcoin"] },
            ],
            "createdAt": format_time(now),
            "updatedAt": format_time(now),
        })
    }

    fn legal_person(&self) -> Value {
        json!({
            "legalPerson": {
                "name": {
                    "nameIdentifier": [{ "legalPersonName": self.legal_name, "legalPersonNameIdentifierType": "LEGL" }]
                },
                "geographicAddress": [{
                    "addressType": "BIZZ",
                    "addressLine": ["1 Example Street"],
                    "townName": self.town,
                    "country": self.country_code,
                }],
                "nationalIdentification": {
                    "nationalIdentifier": "000000-0000",
                    "nationalIdentifierType": "RAID",
                    "registrationAuthority": self.registration,
                },
                "countryOfRegistration": self.country_code,
            }
        })
    }

    /// Its settings file.
    pub fn settings_file(&self, secrets: &Secrets, vendors: &VendorSecrets, place: &Place) -> String {
        let vendor = |path: &str| format!("http://{}/vendors/{path}", place.sandbox);
        let backend = |path: &str| format!("http://{}/vasps/{}/{path}", place.sandbox, self.id);
        let text = |value: &str| toml::Value::String(value.to_owned()).to_string();
        let path = |value: &PathBuf| text(&value.display().to_string());
        format!(
            r#"# Written by `waybill dev` at each start; `waybill run --config` takes it too.
[node]
vasp_id = "{id}"
data_dir = {data_dir}

[ingress]
bind = "{ingress}"

[listener]
bind = "{listener}"
public_endpoint = "http://{endpoint}"

[directory]
source = {directory}
trust_root = "{trust_root}"
allow_private = ["127.0.0.0/8"]

[identity]
key = "{identity}"

[encryption]
keys = "{encryption}"

[backend]
account_url = "{account}"
verification_url = "{verification}"
transaction_url = "{transaction}"
callback_url = "{callback}"
authorization_token = "{token}"

[callback]
secrets = ["{callback_secret}"]

[chainalysis]
sanction_url = "{sanction_url}"
sanction_api_key = "{sanction_key}"
kyt_url = "{kyt_url}"
kyt_api_key = "{kyt_key}"
# The sandbox forgets registrations and cases when it stops, so none is used for another request.
kyt_reuse = "0s"

[refinitiv]
url = "{world_check_url}"
api_key = "{world_check_key}"
api_secret = "{world_check_secret}"
group_id = "{group}"
reuse = "0s"

[telemetry]
log_level = "warn"
"#,
            id = self.id,
            data_dir = path(&place.folder),
            ingress = place.ingress,
            listener = place.listener,
            endpoint = place.endpoint,
            directory = path(&place.directory),
            trust_root = place.trust_root,
            identity = *secrets.identity.to_text(),
            encryption = secrets.encryption_keys.expose_secret(),
            account = backend("account"),
            verification = backend("verification"),
            transaction = backend("transaction"),
            callback = backend("callback"),
            token = secrets.backend_token.expose_secret(),
            callback_secret = secrets.callback_secret.expose_secret(),
            sanction_url = vendor("chainalysis-sanction"),
            sanction_key = vendors.sanction_key.expose_secret(),
            kyt_url = vendor("chainalysis-kyt"),
            kyt_key = vendors.kyt_key.expose_secret(),
            world_check_url = vendor("refinitiv/v2"),
            world_check_key = vendors.world_check_key.expose_secret(),
            world_check_secret = vendors.world_check_secret.expose_secret(),
            group = WORLD_CHECK_GROUP,
        )
    }
}

/// The list of members, to be signed. Its version is the time, so that each start is newer than the last.
pub fn directory_document(
    members: [Value; 2],
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> anyhow::Result<Document> {
    let document = json!({
        "version": now.timestamp_millis(),
        "issuedAt": format_time(now),
        "expiresAt": format_time(expires_at),
        "members": members,
    });
    Ok(serde_json::from_value(document)?)
}

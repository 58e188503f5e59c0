//! A question that shows whether the vendor takes our key: it changes nothing, and is not paid for.

use waybill_domain::Timestamp;
use waybill_runtime::settings::RefinitivSettings;
use waybill_vendors::Request;

use crate::api::{Operation, SigningKey, case_template_url, signed};

/// Asks for the case template of our group, signed at this time. None without a key that can be sent, or without a group.
pub fn probe(settings: &RefinitivSettings, now: Timestamp) -> Option<Request> {
    let key = SigningKey { id: settings.api_key.clone()?, secret: settings.api_secret.clone()? };
    let operation = Operation::get(case_template_url(&settings.url, settings.group_id.as_ref()?));
    key.can_be_sent().then(|| signed(&operation, &key, settings.sign_query, now))
}

//! What several settings must satisfy together.

use std::collections::BTreeMap;

use super::every_section::Sections;
use super::mistake::SettingsMistake;
use super::sections::{BackendSettings, CallbackSettings, IngressSettings, ListenerSettings};

/// The mistakes between settings; `for_run` when a node is to run with them.
pub(super) fn mistakes(
    sections: &Sections,
    for_run: bool,
    sources: &BTreeMap<String, String>,
) -> Vec<SettingsMistake> {
    let mut found = Vec::new();
    found.extend(sections.ingress.as_ref().into_iter().flat_map(of_ingress));
    found.extend(sections.callback.as_ref().into_iter().flat_map(of_callback));
    if let (Some(ingress), Some(listener)) = (&sections.ingress, &sections.listener) {
        found.extend(of_addresses(ingress, listener));
    }
    if for_run {
        found.extend(sections.backend.as_ref().into_iter().flat_map(of_backend));
    }
    let described = |(key, problem): (&str, String)| SettingsMistake {
        key: key.to_owned(),
        source: sources.get(key).map_or("not set", String::as_str).to_owned(),
        problem,
    };
    found.into_iter().map(described).collect()
}

type Found = Vec<(&'static str, String)>;

/// Keeps the mistakes whose condition does not hold.
fn unless<const N: usize>(rules: [(bool, &'static str, &str); N]) -> Found {
    let broken = rules.into_iter().filter(|(holds, ..)| !holds);
    broken.map(|(_, key, problem)| (key, problem.to_owned())).collect()
}

fn of_ingress(ingress: &IngressSettings) -> Found {
    let longest = ingress.request_timeout;
    unless([
        (
            ingress.account_timeout <= longest,
            "ingress.account_timeout",
            "must not exceed ingress.request_timeout",
        ),
        (
            ingress.inquiry_timeout <= longest,
            "ingress.inquiry_timeout",
            "must not exceed ingress.request_timeout",
        ),
    ])
}

fn of_callback(callback: &CallbackSettings) -> Found {
    unless([
        (
            callback.retry_first <= callback.retry_max,
            "callback.retry_first",
            "must not exceed callback.retry_max",
        ),
        (
            callback.retry_max <= callback.give_up_after,
            "callback.retry_max",
            "must not exceed callback.give_up_after",
        ),
    ])
}

fn of_addresses(ingress: &IngressSettings, listener: &ListenerSettings) -> Found {
    let distinct = ingress.bind != listener.bind || ingress.bind.port() == 0;
    unless([(distinct, "listener.bind", "must differ from ingress.bind, which is not for the public")])
}

fn of_backend(backend: &BackendSettings) -> Found {
    let problem = "is required to run a node";
    unless([
        (backend.account_url.is_some(), "backend.account_url", problem),
        (backend.verification_url.is_some(), "backend.verification_url", problem),
        (backend.transaction_url.is_some(), "backend.transaction_url", problem),
        (backend.callback_url.is_some(), "backend.callback_url", problem),
    ])
}

//! The bus that the settings name.

use std::sync::Arc;

use waybill_bus::{AmqpOptions, Bus, BusOptions};
use waybill_domain::{SharedClock, SharedEntropy};
use waybill_runtime::TaskGroup;
use waybill_runtime::settings::Settings;
use waybill_store::Store;

/// Over the broker where one is named, else within this process.
pub fn open(
    settings: &Settings,
    store: &Store,
    node_name: &str,
    tasks: &TaskGroup,
    clock: &SharedClock,
    entropy: &SharedEntropy,
) -> Bus {
    let shared = settings.database.url.is_some();
    let worker = shared.then(|| node_name.to_owned());
    let options = BusOptions { worker, tasks: Some(tasks.clone()), ..BusOptions::default() };
    let (store, clock, entropy) = (store.clone(), Arc::clone(clock), Arc::clone(entropy));
    match broker(settings, node_name) {
        Some(broker) => Bus::amqp(store, options, broker, clock, entropy),
        None => Bus::embedded(store, options, clock, entropy),
    }
}

fn broker(settings: &Settings, node_name: &str) -> Option<AmqpOptions> {
    let bus = &settings.bus;
    Some(AmqpOptions {
        tls_ca: bus.tls_ca.clone(),
        prefix: bus.prefix.clone(),
        declare: bus.declare,
        window: bus.window,
        confirm_timeout: bus.confirm_timeout,
        max_length: bus.max_length,
        lost_after: bus.lost_after,
        name: format!("waybill {} {node_name}", settings.node.vasp_id),
        ..AmqpOptions::at(bus.url.clone()?)
    })
}

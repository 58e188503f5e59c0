//! `docs/CONFIGURATION.md` says what the settings types say.

use std::path::Path;

#[test]
fn the_reference_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/CONFIGURATION.md");
    let reference = waybill_runtime::settings::reference();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &reference).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == reference,
        "docs/CONFIGURATION.md is out of date: UPDATE=1 cargo test -p waybill-runtime --test configuration_reference"
    );
}

//! The table of metrics in the documentation. `UPDATE=1` writes it.

use std::path::Path;

const BEGIN: &str = "<!-- metrics -->\n";
const END: &str = "<!-- /metrics -->";

#[test]
fn the_documentation_has_every_metric() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/OPERATIONS.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    let table = format!("\n{}\n", waybill_metrics::table());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(written, table, "run it with UPDATE=1");
    }
}

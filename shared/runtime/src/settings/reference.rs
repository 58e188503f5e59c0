//! Writes `docs/CONFIGURATION.md` from the declarations.

use std::fmt::Write as _;

use super::aliases::{ALIASES, WITHOUT_EFFECT};
use super::catalogue;
use super::database_aliases::COMPOSED;
use super::spec::SettingSpec;

const INTRODUCTION: &str = "\
# Configuration

<!-- Generated from the settings types: UPDATE=1 cargo test -p waybill-runtime --test configuration_reference -->

Settings come from these places; an earlier one goes before a later one:

1. environment variables: `WAYBILL__SECTION__KEY`, such as `WAYBILL__INGRESS__BIND` for `ingress.bind`;
2. [variables of the interface that Waybill replaces](#variables-of-the-replaced-interface);
3. the settings file, in TOML, with one table for each section;
4. defaults.

A secret may stand in a file of its own: `WAYBILL__IDENTITY__KEY_FILE=/run/secrets/identity` in the environment, or
`key_file = \"/run/secrets/identity\"` in the settings file, where one newline at the end is left out. Lists are arrays
in the settings file and separated by commas elsewhere. Durations are a whole number and a unit: `500ms`, `10s`, `30m`,
`24h`, `7d`. An empty variable unsets what is optional.

`waybill config check` lists every mistake at once, unknown settings included; `waybill config show` prints what is in
effect and where it came from, with secrets masked.
";

/// The whole reference in Markdown.
pub fn reference() -> String {
    let mut page = INTRODUCTION.to_owned();
    for section in catalogue() {
        let _ = write!(page, "\n## {}\n\n{}\n\n", section.name, joined(section.meaning));
        page.push_str("| setting | value | default | meaning |\n|---|---|---|---|\n");
        for spec in section.specs {
            let _ = writeln!(
                page,
                "| `{}` | {} | {} | {} |",
                spec.key,
                spec.kind.split(" such as ").next().unwrap_or_default(),
                default_of(spec),
                joined(spec.meaning)
            );
        }
    }
    page.push_str("\n## Variables of the replaced interface\n\n");
    page.push_str("Each one that is set is logged at start.\n\n| variable | sets |\n|---|---|\n");
    for alias in ALIASES {
        let _ = writeln!(page, "| `{}` | `{}` |", alias.name, alias.setting);
    }
    for (names, setting) in COMPOSED {
        let _ = writeln!(page, "| `{}` | `{setting}` |", names.join("`, `"));
    }
    page.push_str("\nThese have no effect, which is logged as a warning:\n\n| variable | why |\n|---|---|\n");
    for (name, why) in WITHOUT_EFFECT {
        let more = if name.ends_with('_') { "…" } else { "" };
        let _ = writeln!(page, "| `{name}{more}` | {why} |");
    }
    page
}

fn joined(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

fn default_of(spec: &SettingSpec) -> String {
    match spec.default {
        Some("") => "none".to_owned(),
        Some(default) => format!("`{default}`"),
        None if spec.optional => "not set".to_owned(),
        None => "**required**".to_owned(),
    }
}
